"""Locks of a home, by name: held by one process at a time, and given back by the system when that process dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from indexer.core.home import Home


@contextmanager
def holding(home: Home, name: str) -> Iterator[bool]:
    """Hold a lock while the block runs, if no other process does: gives whether it is held. Nobody is waited for.

    Raises:
        OSError: the home cannot be written to.
    """
    import filelock  # noqa: PLC0415 - only where a lock is asked for, which is after the first paint

    home.locks.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(home.locks / f"{name}.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
