"""What keeps the analysis out of the way of everything else on the machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from multiprocessing import parent_process

import psutil

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

NICENESS = 10
MEBIBYTE = 1 << 20


def lower_priority() -> None:
    """Let every other program go first."""
    process = psutil.Process()
    try:
        process.nice(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", NICENESS))
    except (psutil.AccessDenied, OSError):
        return  # some containers forbid it: then the analysis is only less polite


def limit_memory(megabytes: int) -> None:
    """Make allocations fail beyond `megabytes` on top of what this process holds now, where the system can."""
    if resource is None or not hasattr(resource, "RLIMIT_AS"):
        return
    wanted = psutil.Process().memory_info().vms + megabytes * MEBIBYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (OSError, ValueError):
        return  # macOS refuses some limits: then only the time limit holds


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, however that ended."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), name="parent-watch", daemon=True).start()


def _end_after(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)  # no farewells: the pipes to the parent are broken and there is nothing to save
