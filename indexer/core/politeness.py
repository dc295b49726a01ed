"""What a process may take of the machine: threads of arithmetic, its turn, memory, and no longer than its parent."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import parent_process

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}
"""One process per core does better than one process on all cores. A window does, too: where its answer takes half a
millisecond, threads on cores that are busy with something else are waited for ten times as long."""

NICENESS = 10
MEBIBYTE = 1 << 20

_inherited: dict[str, str | None] = {}


def calculate_in_one_thread() -> None:
    """Have what this process loads from now on take one thread; nothing changes for what is loaded already."""
    for name, value in ONE_THREAD.items():
        _inherited.setdefault(name, os.environ.get(name))
        os.environ[name] = value


def inherited() -> Mapping[str, str | None]:
    """What `calculate_in_one_thread` has changed, as it was: for processes that may take what they like."""
    return dict(_inherited)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the processes started inside, then put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def lower_priority() -> None:
    """Let every other program go first."""
    import psutil  # noqa: PLC0415 - what counts threads comes before every other import, and starts at once

    process = psutil.Process()
    try:
        process.nice(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", NICENESS))
    except (psutil.AccessDenied, OSError):
        return  # some containers forbid it: then the analysis is only less polite


def limit_memory(megabytes: int) -> None:
    """Make allocations fail beyond `megabytes` on top of what this process holds now, where the system can."""
    if resource is None or not hasattr(resource, "RLIMIT_AS"):
        return
    import psutil  # noqa: PLC0415 - as above

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
