"""One indexer at a time for one home: a lock that the operating system gives back when its holder dies."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

import filelock

from indexer.errors import SegueError
from indexer.home import Home


class IndexerBusy(SegueError):
    """Another indexer works on the same library."""


@contextmanager
def only_indexer(home: Home) -> Iterator[bool]:
    """Hold the indexer's lock while the block runs; gives whether the indexer before did not come to its end.

    Raises:
        IndexerBusy: another process holds it.
    """
    home.locks.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(home.locks / "indexer.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise IndexerBusy(
            f"Another indexer is already working on the library in {home.data}.",
            "Wait for it to end, or cancel it in the player under Library.",
        ) from None
    mark = home.locks / "indexer.running"
    try:
        was_cut_short = mark.exists()
        mark.touch()
        yield was_cut_short
    finally:
        with contextlib.suppress(OSError):
            mark.unlink(missing_ok=True)
        lock.release()
