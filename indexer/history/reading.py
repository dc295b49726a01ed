"""What readers of histories are given, and what they make of it: plays, tallies, and what they refuse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeVar

from indexer.core.errors import SegueError
from indexer.core.plays import (
    OWNER,
    ListenerId,
    Named,
    Play,
    PlayContext,
    PlaySource,
    Tally,
    Thumb,
    names_of,
    stable_id,
)
from indexer.core.text import identity
from indexer.core.tracks import Seconds
from indexer.history.values import DAY, Unfit

EARLIEST = 946_684_800.0
"""2000-01-01: no program kept histories before; a play of 1970 had a clock that nobody had set."""

BATCH = 1_000
"""What is written at once: half a second, and what a kill costs at most."""

_AHEAD = DAY
"""By which clocks and time zones may let a play lie in the future."""

MOST_PLAYS = 10_000_000
"""Of one piece of music by one listener; more is no count."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line, or a record that begins on it, that is no play.

    Attributes:
        line: the first of the file is 1.
        code: of the sentence that says why; it has places for the line and the file.
    """

    line: int
    code: str


Found = Play | Tally | Refused
Each = TypeVar("Each")

LEFT_OUT = frozenset({"history-podcast", "history-playing", "history-unplayed"})
"""Reasons that are no faults: what is told there is sound, and no play of music."""


class HistoryUnreadable(SegueError):
    """A file of listening history cannot be read as a whole."""


@dataclass(frozen=True)
class Source:
    """One file of a history, wherever it lies.

    Attributes:
        name: as it is shown.
        size: in bytes, as far as it is known.
        open: gives its content from the beginning.
        path: where it lies; None within a zip.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    path: Path | None = None


@dataclass(frozen=True)
class Teller:
    """Makes plays and tallies of what records say, all of one listener and one format.

    Attributes:
        client: the format, as plays keep it.
        listener: whose they are.
        now: when they are read, seconds since 1970.
    """

    client: str
    listener: ListenerId = OWNER
    now: float = field(default_factory=time.time)

    def play(
        self,
        at: float,
        named: Named,
        *,
        heard: Seconds | None = None,
        finished: bool = True,
        skipped: bool = False,
    ) -> Play:
        """The play of named music; the same one, told by several services, has one id.

        Raises:
            Unfit: its time is none.
        """
        if not at >= EARLIEST:  # not a number is not, either
            raise Unfit("history-time-old")
        if at > self.now + _AHEAD:
            raise Unfit("history-time-ahead")
        return Play(
            stable_id("play", self.listener, int(at), identity(named.artist), identity(named.title)),
            at,
            named=named,
            seconds_heard=heard,
            seconds=named.seconds,
            finished=finished,
            skipped=skipped,
            listener=self.listener,
            context=PlayContext(PlaySource.IMPORT, client=self.client),
        )

    def tally(
        self,
        named: Named,
        plays: int,
        *,
        skips: int = 0,
        last_at: float | None = None,
        rating: float | None = None,
        thumb: Thumb = Thumb.NONE,
    ) -> Tally:
        """What another program kept of named music.

        Raises:
            Unfit: it says nothing, or a number is none.
        """
        if not (0 <= plays <= MOST_PLAYS and 0 <= skips <= MOST_PLAYS):
            raise Unfit("history-count")
        if not plays and not skips and rating is None and thumb is Thumb.NONE:
            raise Unfit("history-unplayed")
        is_time = last_at is not None and EARLIEST <= last_at <= self.now + _AHEAD
        return Tally(
            id=stable_id("tally", self.listener, self.client, *names_of(named)),
            origin=self.client,
            named=named,
            plays=plays,
            skips=skips,
            last_at=last_at if is_time else None,
            thumb=thumb,
            rating=rating,
            listener=self.listener,
        )


def told(line: int, make: Callable[[], Play | Tally]) -> Found:
    """What `make` gives, or why it refused."""
    try:
        return make()
    except Unfit as unfit:
        return Refused(line, unfit.code)


def batches(found: Iterator[Each]) -> Iterator[list[Each]]:
    """What is told, some at a time; a fault comes after all that was told before it."""
    batch: list[Each] = []
    try:
        for each in found:
            batch.append(each)
            if len(batch) >= BATCH:
                yield batch
                batch = []
    except (HistoryUnreadable, OSError):
        if batch:
            yield batch
        raise
    if batch:
        yield batch
