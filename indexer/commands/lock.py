"""One indexer at a time for one home: a lock that the operating system gives back when its holder dies."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.core.errors import SegueError
from indexer.core.files.locks import holding
from indexer.core.home import Home


class IndexerBusy(SegueError):
    """Another indexer works on the same library."""


@contextmanager
def only_indexer(home: Home) -> Iterator[bool]:
    """Hold the indexer's lock while the block runs; gives whether the indexer before did not come to its end.

    Raises:
        IndexerBusy: another process holds it.
    """
    mark = home.locks / "indexer.running"
    with holding(home, "indexer") as is_only:
        if not is_only:
            raise _busy(home, mark)
        was_cut_short = mark.exists()
        with contextlib.suppress(OSError):  # A disk that is full is not for us to report.
            mark.write_text(str(os.getpid()), encoding="ascii")
        try:
            yield was_cut_short
        finally:
            with contextlib.suppress(OSError):
                mark.unlink(missing_ok=True)


def _busy(home: Home, mark: Path) -> IndexerBusy:
    """Which process works, as far as it can be told."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        number = mark.read_text(encoding="ascii")
        if number.isdecimal():
            return IndexerBusy("indexer-busy-process", process=number, folder=home.data)
    return IndexerBusy("indexer-busy", folder=home.data)
