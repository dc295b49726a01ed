"""What a server says of its library in a few numbers, by which a player knows whether anything is new."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from indexer.core.shared.asking import OF_LIBRARIES, Asking
from indexer.core.shared.given import Given
from indexer.core.store.records import Matter
from indexer.core.tracks import Seconds

T = TypeVar("T")

MOST_VALUES = 20_000_000
"""Of one kind that a library has, tracks for one."""

KEPT: Seconds = 0.5
"""So long an answer holds: whoever follows a library asks several things at once, and again after longer than this."""


@dataclass(frozen=True)
class Glance:
    """One look at a library, for one listener.

    Attributes:
        profile: name and version of the features there, "sonic:1".
        tracks_rev: the newest revision of tracks.
        features_rev: the same of features.
        present: tracks that are there.
        away: tracks whose folder is not there now.
        analysed: those of both that were analysed.
        restored: the token of the last backup that was restored, None where none was.
        news: how often something was written for the listener, by matter.
        model: the name of the folder of the model in use, None where there is none.
    """

    profile: str
    tracks_rev: int
    features_rev: int
    present: int
    away: int
    analysed: int
    restored: str | None
    news: Mapping[Matter, int]
    model: str | None

    @classmethod
    def of(cls, shape: Mapping[str, Any]) -> Glance:
        """The look that a server's answer is; raises ValueError where it is none."""
        given, news = Given(shape), Given(shape.get("news"))
        matters = [matter for matter in Matter if matter.value in news.shape]
        return cls(
            profile=given.text("profile"),
            tracks_rev=given.count("tracksRev"),
            features_rev=given.count("featuresRev"),
            present=given.count("present"),
            away=given.count("away"),
            analysed=given.count("analysed"),
            restored=given.text("restored") if shape.get("restored") is not None else None,
            news={matter: news.count(matter.value) for matter in matters},
            model=given.text("model") if shape.get("model") is not None else None,
        )


class Looks:
    """Looks at a library through one connection, and takes what it says to others for values or for nothing."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self._last: Glance | None = None
        self._own: dict[str, Any] = {}
        self._looked_at = self._read_at = -KEPT

    def now(self) -> Glance:
        """The library as of this moment, or of half a second ago."""
        if self._last is None or time.monotonic() - self._looked_at >= KEPT:
            shape = self.asking.get(OF_LIBRARIES)
            self._last = self.made(Glance.of, shape)
            self._looked_at = time.monotonic()
        return self._last

    def own(self) -> Mapping[str, Any]:
        """What the listener played and said, likewise, but never from before the last look: that may tell of news."""
        if self._read_at <= self._looked_at or time.monotonic() - self._read_at >= KEPT:
            self._own = self.asking.get(f"{OF_LIBRARIES}/own")
            self._read_at = time.monotonic()
        return self._own

    def forget(self) -> None:
        """Something was told to the server: what it said before holds no more."""
        self._looked_at = self._read_at = time.monotonic() - KEPT

    def made(self, make: Callable[[Any], T], shape: object) -> T:
        """The value of a shape; raises DatabaseError where the server sent something else."""
        try:
            return make(shape)
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise self.asking.stranger(str(error)) from error

    def each(self, make: Callable[[Any], T], shapes: object) -> list[T]:
        """The values of a list of shapes."""
        if not isinstance(shapes, list):
            raise self.asking.stranger(type(shapes).__name__)
        return [self.made(make, shape) for shape in shapes]

    def pages(
        self, path: str, name: str, make: Callable[[Any], T], revs: tuple[int, int], sizes: Iterable[int]
    ) -> Iterator[T]:
        """Values that have a `rev` beyond one and up to another, in the order of these, fetched as they are consumed.

        What is newer than the last look is for the next one: else more would be known than the library says it has.

        Args:
            path: below that of the library.
            name: of the list in the answers.
            make: of a shape.
            revs: of the last value that is known, and of the last that is wanted.
            sizes: how many are asked for at once, without an end.
        """
        (rev, last), number = revs, 0
        for size in sizes:
            found = self.asking.get(f"{OF_LIBRARIES}/{path}", since=rev, size=size).get(name)
            values = self.each(make, found)
            if not values:
                return
            newest = values[-1].rev  # type: ignore[attr-defined]
            yield from (value for value in values if value.rev <= last)  # type: ignore[attr-defined]
            if newest >= last:
                return
            number += len(values)
            if newest <= rev or number > MOST_VALUES:  # else it would go on for ever
                raise self.asking.stranger(f"rev {newest}")
            rev = newest
