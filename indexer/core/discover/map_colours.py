"""Sorts the points of a map into classes that get a colour each: by genre, artist, year, age or plays."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.genre_hues import HUES, slot_of, top_of
from indexer.core.discover.map import MusicMap
from indexer.core.language import mark
from indexer.core.text import fold, identity

Codes = NDArray[np.intp]

MOST_ARTISTS = 12
"""Artists told apart by hue, the other hues left to genres; more are not told apart by anyone."""

OTHER, NONE, RAMP = -1, -2, 100
"""Slots of a class: 0 to `HUES` - 1 is a hue, `RAMP` + n the nth step from old to new, and two greys."""

RAMP_STEPS = 6

_DAY = 24 * 3600.0


class ColourBy(StrEnum):
    """What colours say."""

    GENRE = "genre"
    ARTIST = "artist"
    YEAR = "year"
    ADDED = "added"
    PLAYS = "plays"


@dataclass(frozen=True)
class ColourClass:
    """One entry of the legend: what it is called, how many points it has, and the slot of its colour.

    A class with a hue is called by a name of the library, the others by English words.
    """

    label: str
    count: int
    slot: int

    @property
    def is_named(self) -> bool:
        """Whether `label` is a name, and so the same in every language."""
        return 0 <= self.slot < HUES


@dataclass(frozen=True, eq=False)
class Colouring:
    """`codes`, shape (points,), are places in `classes`."""

    codes: Codes
    classes: tuple[ColourClass, ...]


def colouring(catalogue: Catalogue, drawn: MusicMap, by: ColourBy, at: float | None = None) -> Colouring:
    """Sort the points of a map into classes, at most HUES and two greys.

    A genre has its hue by its name, `genre_hues`, whatever else is in the library.

    Args:
        catalogue: knows the tracks.
        drawn: the map.
        by: what colours say.
        at: the present, seconds since 1970, for what was added lately.
    """
    if by in (ColourBy.GENRE, ColourBy.ARTIST):
        column = catalogue.texts(by.value)
        codes = column.codes[drawn.rows]
        if by is ColourBy.GENRE:
            return _by_text(*_merged([top_of(value) for value in column.values], codes, fold), HUES, slot_of)
        return _by_text(*_merged(column.values, codes, identity), MOST_ARTISTS)
    field, steps = _STEPS[by]
    values = catalogue.numbers(field).array[drawn.rows].astype(np.float64)
    if by is ColourBy.ADDED:
        values = values - (time.time() if at is None else at)
    return _by_number(values, steps)


def _merged(values: Sequence[str], codes: NDArray[np.integer], alike: Callable[[str], str]) -> tuple[list[str], Codes]:
    """Texts that are one by `alike` as one, in its commonest spelling; and the codes of those."""
    counts = np.bincount(codes, minlength=len(values)).tolist()
    folded = [alike(value) for value in values]
    spelling: dict[str, tuple[int, str]] = {}
    for key, value, count in zip(folded, values, counts, strict=True):
        spelling[key] = max(spelling.get(key, (-1, "")), (count, value))
    place = {key: number for number, key in enumerate(spelling)}
    merged = np.array([place[key] for key in folded] or [0], dtype=np.intp)
    return [value for _, value in spelling.values()], merged[codes]


def _by_text(
    values: Sequence[str], codes: NDArray[np.integer], most: int, slot_by_name: Callable[[str], int] | None = None
) -> Colouring:
    """The commonest texts get hues, by their names or in their order; the others share a grey."""
    counts = np.bincount(codes, minlength=len(values)) if len(codes) else np.zeros(len(values), dtype=np.intp)
    ranked = [code for code in np.argsort(-counts, kind="stable").tolist() if counts[code] and values[code]]
    chosen = ranked[:most]
    slots = [place if slot_by_name is None else slot_by_name(values[code]) for place, code in enumerate(chosen)]
    classes = [ColourClass(values[code], int(counts[code]), slot) for code, slot in zip(chosen, slots, strict=True)]
    place = np.full(max(len(values), 1), len(classes), dtype=np.intp)
    place[chosen] = np.arange(len(chosen))
    rest = int(counts[ranked[most:]].sum())
    if rest:
        classes.append(ColourClass(mark("Other"), rest, OTHER))
    unnamed = [code for code, value in enumerate(values) if not value and counts[code]]
    if unnamed:
        place[unnamed] = len(classes)
        classes.append(ColourClass(mark("Unknown"), int(counts[unnamed].sum()), NONE))
    return Colouring(place[codes], tuple(classes))


def _by_number(values: NDArray[np.float64], steps: Sequence[_Step]) -> Colouring:
    codes = np.full(len(values), len(steps), dtype=np.intp)
    for place in reversed(range(len(steps))):
        codes[steps[place].holds(values)] = place
    counts = np.bincount(codes, minlength=len(steps) + 1)
    classes = [ColourClass(step.label, int(counts[place]), step.slot) for place, step in enumerate(steps)]
    classes.append(ColourClass(mark("Unknown"), int(counts[-1]), NONE))
    kept = np.flatnonzero(counts)
    place_of = np.zeros(len(classes), dtype=np.intp)
    place_of[kept] = np.arange(len(kept))
    return Colouring(place_of[codes], tuple(classes[place] for place in kept.tolist()))


@dataclass(frozen=True)
class _Step:
    label: str
    slot: int
    holds: Callable[[NDArray[np.float64]], NDArray[np.bool_]]


def _from(label: str, step: int, low: float) -> _Step:
    return _Step(label, RAMP + step, lambda values: values >= low)


_STEPS: dict[ColourBy, tuple[str, tuple[_Step, ...]]] = {
    ColourBy.YEAR: (
        "year",
        (
            _from(mark("2020s"), 5, 2020),
            _from(mark("2010s"), 4, 2010),
            _from(mark("2000s"), 3, 2000),
            _from(mark("1990s"), 2, 1990),
            _from(mark("1970s and 1980s"), 1, 1970),
            _from(mark("Before 1970"), 0, 1),
        ),
    ),
    ColourBy.ADDED: (
        "added_at",
        (
            _from(mark("Last week"), 5, -7 * _DAY),
            _from(mark("Last month"), 4, -31 * _DAY),
            _from(mark("Last half-year"), 3, -183 * _DAY),
            _from(mark("Last year"), 2, -366 * _DAY),
            _from(mark("Last three years"), 1, -3 * 366 * _DAY),
            _from(mark("Earlier"), 0, -1e12),
        ),
    ),
    ColourBy.PLAYS: (
        "plays",
        (
            _from(mark("20 times or more"), 5, 20),
            _from(mark("10 to 19 times"), 4, 10),
            _from(mark("5 to 9 times"), 3, 5),
            _from(mark("2 to 4 times"), 2, 2),
            _from(mark("Once"), 1, 1),
            _from(mark("Never played"), 0, 0),
        ),
    ),
}
