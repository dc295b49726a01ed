"""Ends the indexer when the program that started it is gone."""

from __future__ import annotations

import os
import threading
import time

import psutil

from indexer.analysis.control import Control

_POLL_SECONDS = 1.0
_GRACE_SECONDS = 20.0
"""Time for files in flight and a running Spark stage to end after the parent went."""


def stop_with_parent(pid: int, control: Control) -> None:
    """Watch process `pid` from a daemon thread; cancel when it ends, and exit hard if that takes too long."""
    threading.Thread(target=_watch, args=(pid, control), name="parent-watch", daemon=True).start()


def _watch(pid: int, control: Control) -> None:
    try:
        psutil.Process(pid).wait()
    except psutil.NoSuchProcess:
        pass
    except (psutil.AccessDenied, psutil.TimeoutExpired):
        _poll_until_gone(pid)
    control.cancel()
    time.sleep(_GRACE_SECONDS)
    os._exit(1)


def _poll_until_gone(pid: int) -> None:
    while psutil.pid_exists(pid):
        time.sleep(_POLL_SECONDS)
