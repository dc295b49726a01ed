"""A play queue as plain values that JSON and MongoDB take, and what of such values can be believed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.core.plays import PlayContext
from indexer.core.tracks import TrackId, is_awaited

VERSION = 1

OriginRun = tuple[int, int, PlayContext]
"""From a place, up to but not with another one, items have this origin."""

Order = tuple[Sequence[int], Sequence[int]]
"""Places that were played and that are to come, in an order of chance."""


@dataclass(frozen=True)
class QueueState:
    """The queue; items are named by their place.

    Attributes:
        tracks: of the items, in order.
        origins: places from and to which items have the same known origin.
        stop_after: place of the item after which to stop.
        index: place of the current item, None where nothing is current.
        position: the same, or the place of the gap that it left.
        repeat: as `queue.Repeat` has it.
        shuffle: whether it plays by chance.
        order: by which; None for a new one.
    """

    tracks: Sequence[TrackId] = ()
    origins: Sequence[OriginRun] = ()
    stop_after: int | None = None
    index: int | None = None
    position: int = 0
    repeat: str = ""
    shuffle: bool = False
    order: Order | None = None

    def as_record(self) -> dict[str, Any]:
        played, upcoming = self.order or ((), ())
        return {
            "version": VERSION,
            "tracks": list(self.tracks),
            "origins": [[start, end, origin.as_record()] for start, end, origin in self.origins],
            "stop_after": self.stop_after,
            "index": self.index,
            "position": self.position,
            "repeat": self.repeat,
            "shuffle": self.shuffle,
            "played": list(played),
            "upcoming": list(upcoming),
        }

    @classmethod
    def of(cls, record: Any) -> QueueState:
        """What a record says; whatever does not fit in it is left out."""
        if not isinstance(record, dict):
            return cls()
        texts = (track for track in _listed(record.get("tracks")) if isinstance(track, str))
        tracks = [TrackId(track) for track in texts if not is_awaited(track)]
        index = _place(record.get("index"), len(tracks))
        repeat = record.get("repeat")
        return cls(
            tracks=tracks,
            origins=_origins(_listed(record.get("origins")) + _old_sources(record.get("sources")), len(tracks)),
            stop_after=_place(record.get("stop_after"), len(tracks)),
            index=index,
            position=_place(record.get("position"), len(tracks) + 1) or 0,
            repeat=repeat if isinstance(repeat, str) else "",
            shuffle=record.get("shuffle") is True,
            order=_order(_listed(record.get("played")), _listed(record.get("upcoming")), index, len(tracks)),
        )


def _origins(entries: Sequence[Any], items: int) -> list[OriginRun]:
    found: list[OriginRun] = []
    for entry in entries:
        with contextlib.suppress(TypeError, ValueError, KeyError, OverflowError):
            start, end, record = entry
            if _place(start, items) is not None and _place(end, items + 1) is not None:
                found.append((start, end, PlayContext.of_record(record)))
    return found


def _old_sources(entries: Any) -> list[Any]:
    """A version before kept what put an item there by itself, place by place."""
    pairs = [entry for entry in _listed(entries) if isinstance(entry, list) and len(entry) == 2]  # noqa: PLR2004
    places = [(place, source) for place, source in pairs if isinstance(place, int)]
    return [[place, place + 1, {"source": source}] for place, source in places]


def _order(played: Sequence[Any], upcoming: Sequence[Any], index: int | None, items: int) -> Order | None:
    """The order if it names places that there are, none of those to come twice."""
    if any(_place(place, items) is None for place in [*played, *upcoming]):
        return None
    return None if len(set(upcoming)) != len(upcoming) or index in upcoming else (played, upcoming)


def _place(value: Any, end: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < end else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
