"""What plays weigh: much heard and lately is much, soon skipped is less than nothing, and an opinion counts most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.playing.listening import SESSION_PAUSE, SKIP_SHARE
from indexer.core.plays import MOST_STARS, Opinion, Play, Tally, Thumb
from indexer.core.taste.histories import Histories
from indexer.core.tracks import Seconds, TrackId

DAY: Seconds = 86_400.0

_MOST_TALLIED = 200
"""Plays or skips of a tally that count: weights grow by their logarithm, and another program may say anything."""

_SORTED = 8
"""Items for each play from which on sorting plays takes less than looking at all items."""

_MIDDLE_STARS = MOST_STARS / 2


@dataclass(frozen=True)
class Weighing:
    """How plays become weights.

    Attributes:
        half_life: days after which a play weighs half; infinite where age is no matter.
        skip: what an early skip takes away, where a play from end to end gives 1.
        thumb: what thumbs up, a favourite or five stars add to a track, and thumbs down takes away.
    """

    half_life: float = 180.0
    skip: float = 0.5
    thumb: float = 1.0


@dataclass(frozen=True, eq=False)
class Plays:
    """The plays of one listener as columns, the oldest first.

    Attributes:
        items: shape (plays,), int32; which was played.
        at: shape (plays,), float64; when, seconds since 1970.
        heard: shape (plays,), float32; how much of it from 0 to 1, or -1 where it was soon skipped.
    """

    items: NDArray[np.int32]
    at: NDArray[np.float64]
    heard: NDArray[np.float32]

    def __len__(self) -> int:
        """How many plays there are."""
        return self.items.size

    def before(self, count: int) -> Plays:
        """The first of them."""
        return Plays(self.items[:count], self.at[:count], self.heard[:count])

    def with_later(self, later: Plays) -> Plays:
        """These and others, in the order of their times; it takes a moment where the others are the later ones."""
        at = np.concatenate([self.at, later.at])
        items, heard = np.concatenate([self.items, later.items]), np.concatenate([self.heard, later.heard])
        if len(self) and len(later) and later.at[0] < self.at[-1]:
            order = np.argsort(at, kind="stable")
            at, items, heard = at[order], items[order], heard[order]
        return Plays(items, at, heard)

    def after(self, count: int) -> Plays:
        """All but the first of them."""
        return Plays(self.items[count:], self.at[count:], self.heard[count:])


def plays_of(played: Iterable[Play], places: Mapping[TrackId, int], tallies: Iterable[Tally] = ()) -> Plays:
    """The plays of tracks that have a place among the items; others are left out.

    Args:
        played: in any order.
        places: items by track.
        tallies: of plays whose times nobody knows: all count as of when the last was; without that time, as of 1970.
    """
    known = [(play.at, places[play.track], _heard(play)) for play in played if play.track and play.track in places]
    for tally in tallies:
        if tally.track and tally.track in places:
            last, item = tally.last_at or 0.0, places[tally.track]
            known += [(last, item, 1.0)] * min(tally.plays, _MOST_TALLIED)
            known += [(last, item, -1.0)] * min(tally.skips, _MOST_TALLIED)
    known.sort()
    at, items, heard = zip(*known, strict=True) if known else ((), (), ())
    return Plays(np.array(items, np.int32), np.array(at, np.float64), np.array(heard, np.float32))


def weighed(
    plays: Plays, now: float, weighing: Weighing, opinions: Mapping[int, float] | None = None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """What the items that a listener knows weigh, none of them 0: what `Solve.scores` wants of a listener.

    Plays are damped, since the hundredth says less than the first: log(1 + their sum, each halved by age).

    Args:
        plays: of the listener.
        now: seconds since 1970; plays after it count as of now.
        weighing: half-life and what skips and opinions weigh.
        opinions: from -1 to 1 by item, as `opinion_of` gives them.
    """
    opinions = opinions or {}
    known, places = _known_items(plays.items, opinions)
    halved = np.exp2(np.maximum(now - plays.at, 0.0) / (-DAY * weighing.half_life))
    liked = np.bincount(places, np.maximum(plays.heard, 0.0) * halved, known.size)
    skipped = np.bincount(places, np.maximum(-plays.heard, 0.0) * halved, known.size)
    weights = np.log1p(liked) - weighing.skip * np.log1p(skipped)
    for place, opinion in zip(np.searchsorted(known, list(opinions)).tolist(), opinions.values(), strict=True):
        weights[place] = min(weights[place], 0.0) - weighing.thumb if opinion < 0 else weights[place]
        weights[place] += weighing.thumb * max(opinion, 0.0)
    heavy = np.flatnonzero(weights)
    return known[heavy], weights[heavy].astype(np.float32)


def _known_items(
    items: NDArray[np.int32], opinions: Mapping[int, float]
) -> tuple[NDArray[np.int32], NDArray[np.integer[Any]]]:
    """Items in ascending order, among them all that were played or of which something was said; and those of plays."""
    count = 1 + max(int(items.max(initial=-1)), *opinions, -1)
    if _SORTED * items.size > count:
        return np.arange(count, dtype=np.int32), items  # sorting many plays takes longer than what is not played
    known = np.unique(np.concatenate([items, np.array(list(opinions), np.int32)]))
    return known, np.searchsorted(known, items)


def opinion_of(opinion: Opinion) -> float:
    """An opinion from -1 (never again) to 1 (loved), by the strongest thing that was said."""
    if opinion.thumb is Thumb.DOWN:
        return -1.0
    if opinion.thumb is Thumb.UP or opinion.favourite:
        return 1.0
    return 0.0 if opinion.rating is None else (opinion.rating - _MIDDLE_STARS) / (MOST_STARS - _MIDDLE_STARS)


def sessions_of(plays: Plays, most: int) -> list[Plays]:
    """The last sessions, `most` at the most, the oldest first: plays that follow each other without a long pause."""
    starts = np.flatnonzero(np.diff(plays.at, prepend=-np.inf) > SESSION_PAUSE)
    bounds = [*starts.tolist(), len(plays)][-most - 1 :]
    return [plays.before(end).after(start) for start, end in pairwise(bounds)]


def damped(histories: Histories) -> Histories:
    """Counts of plays as weights: log(1 + plays), each row of unit length."""
    counts = np.log1p(histories.plays).astype(np.float32)
    return unit_rows(Histories(histories.offsets, histories.items, counts, histories.item_count))


def unit_rows(histories: Histories) -> Histories:
    """Every row scaled to a Euclidean length of 1: who plays more has no more say in what belongs together."""
    listeners = histories.listeners_of_entries()
    lengths = np.sqrt(np.bincount(listeners, histories.plays.astype(np.float64) ** 2, len(histories)))
    scaled = histories.plays / np.where(lengths > 0, lengths, 1.0)[listeners]
    return Histories(histories.offsets, histories.items, scaled.astype(np.float32), histories.item_count)


def _heard(play: Play) -> float:
    """How much of a track was heard, or -1 where it was soon left for another."""
    if play.seconds_heard is None or not play.seconds:
        share = 1.0 if play.finished else SKIP_SHARE
    else:
        share = min(max(play.seconds_heard / play.seconds, 0.0), 1.0)
    return -1.0 if play.skipped and share <= SKIP_SHARE else share
