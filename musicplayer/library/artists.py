"""The artists of the library, each once whatever the case of the name."""

from __future__ import annotations

import numpy as np

from musicplayer.library.catalogue import Catalogue
from musicplayer.library.folding import fold, natural_key
from musicplayer.library.grouping import NO_PARENT, Grouping, Ints, flat_members

UNKNOWN = ""
"""Label and key of the artist of tracks that name none."""


def artists_of(catalogue: Catalogue) -> Grouping:
    """Group by artist, or by album artist where a track names no other; in the order of the alphabet."""
    groups, names = owners(catalogue, "artist", "album_artist")
    keys = [fold(name) for name in names]
    order = sorted(range(len(names)), key=lambda number: natural_key(keys[number]))
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    return Grouping(
        keys=[keys[number] for number in order],
        labels=[names[number] for number in order],
        parents=np.full(len(order), NO_PARENT, np.intp),
        set_of_row=place[groups] if order else groups,
        members=flat_members(len(order)),
    )


def owners(catalogue: Catalogue, *fields: str) -> tuple[Ints, list[str]]:
    """Number the names in the first of `fields` that is not empty; names that fold alike are numbered alike.

    Returns:
        Shape (rows,), the number of each row's name; and the names as first written.
    """
    numbers: dict[str, int] = {}
    names: list[str] = []
    codes = []
    for field in fields:
        column = catalogue.texts(field)
        of_value = np.empty(len(column.values), np.intp)
        for code, (value, folded) in enumerate(zip(column.values, column.folded, strict=True)):
            number = numbers.setdefault(folded, len(names))
            if number == len(names):
                names.append(value)
            of_value[code] = number
        codes.append(of_value[column.codes] if len(of_value) else np.empty(0, np.intp))
    nobody, found = numbers.get("", -1), codes[0]
    for others in codes[1:]:
        found = np.where(found == nobody, others, found)
    return found, names
