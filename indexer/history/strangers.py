"""Makes a crowd of what Echo Nest triplets and the files beside them tell of."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from indexer.core.plays import Named
from indexer.history.crowd import Counts, CrowdWriter
from indexer.history.echonest import (
    MISMATCHES_FILE,
    SONGS_FILE,
    TRACKS_FILE,
    Triplets,
    mismatched_songs,
    names_of_songs,
)
from indexer.history.reading import HistoryUnreadable


@dataclass(frozen=True, eq=False)
class CrowdOfTriplets:
    """What was read.

    Attributes:
        counts: of lines, listeners and songs.
        names: of the songs, by their places; None of those that no file beside names.
        plays_of_songs: shape (songs,), accepted lines of each.
    """

    counts: Counts
    names: list[Named | None]
    plays_of_songs: NDArray[np.int64]


def write_crowd(
    open_file: Callable[[], BinaryIO],
    beside: Path,
    folder: Path,
    *,
    goes_on: Callable[[Triplets], bool] = lambda _: True,
    keep: bool = True,
) -> CrowdOfTriplets | None:
    """Write a crowd in place of the one in `folder`; None where it was stopped, and nothing is changed.

    Args:
        open_file: gives the triplets.
        beside: a folder, where tracks, songs and mismatches may lie.
        folder: of the crowd.
        goes_on: is asked after every block, and told what was read so far.
        keep: leave what is in `folder` if False.

    Raises:
        HistoryUnreadable: no line can be used.
        OSError: a file cannot be read or written.
    """
    with ExitStack() as stack:
        tracks, songs, mismatches = (
            stack.enter_context((beside / name).open("rb")) if (beside / name).is_file() else None
            for name in (TRACKS_FILE, SONGS_FILE, MISMATCHES_FILE)
        )
        triplets = Triplets(mismatched_songs(mismatches, songs) if mismatches is not None else frozenset())
        writer = stack.enter_context(CrowdWriter(folder))
        for block in triplets.blocks(stack.enter_context(open_file())):
            writer.add(*block)
            if not goes_on(triplets):
                return None
        if not triplets.accepted:
            raise HistoryUnreadable("history-empty", file=beside)
        names: list[Named | None] = [None] * triplets.song_count
        if tracks is not None:
            for file in filter(None, (songs, mismatches)):
                file.seek(0)
            names = names_of_songs(triplets, tracks, songs, mismatches)
        counts = Counts(
            triplets.lines, triplets.accepted, dict(triplets.refused), len(triplets.listeners), triplets.song_count
        )
        writer.finish(counts, names, keep=keep)
        return CrowdOfTriplets(counts, names, writer.plays_of_items)
