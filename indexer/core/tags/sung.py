"""What is sung in a track, with times where they are known; without a reader of tags, for those who show it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from indexer.core.tracks import Seconds


@dataclass(frozen=True, slots=True)
class Lyrics:
    """What is sung.

    Attributes:
        lines: in order; an empty one parts verses, or is where nobody sings. What begins at one moment, a translation
            for one, is a line of several rows.
        starts: seconds at which each is sung, rising; empty where that is not known.
    """

    lines: tuple[str, ...] = ()
    starts: tuple[Seconds, ...] = ()

    def __bool__(self) -> bool:
        return any(self.lines)

    def line_at(self, position: Seconds) -> int | None:
        """The line that is sung then; None before the first, and where no times are known."""
        at = bisect_right(self.starts, position) - 1
        return at if at >= 0 else None


NO_LYRICS = Lyrics()
