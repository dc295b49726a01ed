"""Why a search finds nothing: which of its parts no track fits, or without which there would be some."""

from __future__ import annotations

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.search import Query
from indexer.core.catalogue.search_fields import MEASURED_FIELDS
from indexer.core.catalogue.search_terms import ME, HeardTerm, Hits, NumberTerm, Own, Part, hits_of
from indexer.core.catalogue.shown import SHOWN, Column, written
from indexer.core.language import tr, trn

_MOST = 20
"""Parts that are looked at one by one; each looks through the whole library."""

_NO_OWN: Own = {}
_FOUND_OUT = {field.field for field in MEASURED_FIELDS.values()}
_COLUMN_OF = {SHOWN[column].field: column for column in Column}


def why_nothing(catalogue: Catalogue, query: Query, rows: Rows, own: Own = _NO_OWN) -> str:
    """A sentence about a search that finds nothing among `rows`, shape (n,); empty where there is none to say.

    Args:
        catalogue: where was looked.
        query: what for.
        rows: of the part of the library where was looked.
        own: as in `match`.
    """
    parts = query.terms
    if query.refused is not None or not parts or len(parts) > _MOST or not len(rows):
        return ""
    hits = [hits_of(catalogue, part, own)[rows] for part in parts]
    for part, hit in zip(parts, hits, strict=True):
        if not hit.any():
            return f"{tr('No track fits “{part}”.', part=part.said)} {_known(catalogue, part, rows, own)}".strip()
    return _without(parts, hits)


def _without(parts: tuple[Part, ...], hits: list[Hits]) -> str:
    """The part without which most tracks would be found."""
    counts = [int(np.logical_and.reduce([*hits[:at], *hits[at + 1 :]]).sum()) for at in range(len(parts))]
    best = max(range(len(parts)), key=lambda at: (counts[at], at))  # of equals what was typed last
    if not counts[best]:
        return tr("Each part fits some tracks, but no track fits all of them.")
    found = trn("{number} track", "{number} tracks", counts[best])
    return tr("Without “{part}” there would be {tracks}.", part=parts[best].said, tracks=found)


def _known(catalogue: Catalogue, part: Part, rows: Rows, own: Own) -> str:
    """Between what the numbers lie that are there; who there is where a listener is asked for."""
    if isinstance(part, HeardTerm):
        return _listeners(catalogue, part)
    column = _COLUMN_OF.get(part.field) if isinstance(part, NumberTerm) and not part.missing else None
    if column is None or not isinstance(part, NumberTerm):
        return ""
    values = (own[part.field] if part.field in own else catalogue.numbers(part.field).array)[rows]
    known = values[NumberTerm(part.field, -np.inf, np.inf).hits(values)]
    if not len(known):
        if part.field in _FOUND_OUT:
            return tr("It is not known of any track yet; indexing finds it out.")
        return tr("It is not known of any track.")
    kind = SHOWN[column].kind
    low, high = (written(value, kind) or "0" for value in (known.min(), known.max()))
    return tr("Here it goes from {low} to {high}.", low=low, high=high)


def _listeners(catalogue: Catalogue, part: HeardTerm) -> str:
    if part.name in (*ME, *catalogue.listeners):
        return ""
    return tr("There are these listeners: {names}.", names=", ".join((ME[0], *sorted(catalogue.listeners))))
