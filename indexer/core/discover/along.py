"""What tempo, key and energy do along a journey: each as a line from track to track, with what is said of a track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, log2

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark, tr
from indexer.core.musical_keys import KEYS
from indexer.core.tracks import TrackId

_PLACES = KEYS // 2
"""Of the circle of fifths."""

_LEAST_TEMPO = 0.3
"""Octaves of tempo that fill a line at least, so that steps that nobody notices do not look large: from 100 to 123."""

_LEAST_STEPS = 4.0
_LEAST_LOUDNESS = 8.0
"""dB, likewise."""

_TEMPO_JUMP = 0.085
"""Octaves, 6 %: as far as players are commonly slowed down or sped up to mix two tracks."""

_KEY_JUMP = 1.0
"""Steps round the circle of fifths: keys beside each other share all notes but one."""

_LOUDNESS_JUMP = 3.0
"""dB."""

NAMES = (mark("Tempo"), mark("Key"), mark("Energy"))
"""Of the lines, in their order; energy is how loud a track is from end to end."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing along a journey.

    Attributes:
        points: of each track where it stands, 0 low to 1 high; None where it is not known.
        texts: of each track what it is, empty where it is not known.
        jumps: whether each track is farther from the one before than goes unnoticed.
    """

    points: tuple[float | None, ...]
    texts: tuple[str, ...]
    jumps: tuple[bool, ...]


def lines_along(catalogue: Catalogue, tracks: Sequence[TrackId]) -> tuple[Line, ...]:
    """Tempo, key and energy of tracks, as `NAMES` has them; tracks that are in no catalogue are known nothing of."""
    rows = [catalogue.row_of(track) for track in tracks]

    def values(name: str) -> list[float]:
        column = catalogue.numbers(name).array
        return [float("nan") if row is None else float(column[row]) for row in rows]

    def texts(column: Column) -> tuple[str, ...]:
        return tuple("" if row is None else catalogue.text(row, column) for row in rows)

    def line(known: Sequence[float | None], said: tuple[str, ...], least: float, jump: float) -> Line:
        return Line(spread(known, least), said, jumps_of(known, jump))

    tempos = [log2(each) if each > 0 else None for each in values("tempo")]
    loudness = [None if isnan(each) else each for each in values("loudness")]
    keys = tuple(text.partition(" · ")[0] for text in texts(Column.KEY))
    return (
        line(tempos, texts(Column.BPM), _LEAST_TEMPO, _TEMPO_JUMP),
        line(round_the_circle(values("key")), keys, _LEAST_STEPS, _KEY_JUMP),
        line(loudness, texts(Column.LOUDNESS), _LEAST_LOUDNESS, _LOUDNESS_JUMP),
    )


def said_of(lines: Sequence[Line], place: int) -> str:
    """Tempo, key and energy of one track in words, of what is known."""
    if not lines:
        return ""
    tempo, key, loudness = (line.texts[place] for line in lines)
    said = (
        tr("{tempo} BPM", tempo=tempo) if tempo else "",
        tr("key {key}", key=key) if key else "",
        tr("{loudness} LUFS", loudness=loudness) if loudness else "",
    )
    return ", ".join(filter(None, said))


def spread(values: Sequence[float | None], least: float) -> tuple[float | None, ...]:
    """Values from 0 at the lowest to 1 at the highest, in the middle where they lie within less than `least`."""
    known = [value for value in values if value is not None]
    if not known:
        return tuple(None for _ in values)
    middle, width = (min(known) + max(known)) / 2, max(max(known) - min(known), least)
    return tuple(None if value is None else 0.5 + (value - middle) / width for value in values)


def jumps_of(values: Sequence[float | None], most: float) -> tuple[bool, ...]:
    """Whether each value is more than `most` from the one before it; never where one of both is not known."""
    before: list[float | None] = [None, *values][: len(values)]
    return tuple(
        value is not None and other is not None and abs(value - other) > most
        for other, value in zip(before, values, strict=True)
    )


def round_the_circle(codes: Sequence[float]) -> list[float | None]:
    """Keys as steps round the circle of fifths, each the shorter way from the one before; None for no key.

    Major and minor of the same notes stand at one place, since they mix as one.

    Args:
        codes: as `musical_keys` numbers them; what is below 0 or NaN is no key.
    """
    found: list[float | None] = []
    last: float | None = None
    for code in codes:
        if isnan(code) or code < 0:
            found.append(None)
            continue
        place = float(int(code) // 2)
        if last is not None:
            place = last + (place - last + _PLACES / 2) % _PLACES - _PLACES / 2
        found.append(place)
        last = place
    return found
