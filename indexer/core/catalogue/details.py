"""What one track or many have in each column: their common value, from where to where it goes, or that it varies."""

from __future__ import annotations

import os

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.shown import Column
from indexer.core.language import number, tr

_RANGED = frozenset({Column.YEAR, Column.LENGTH, Column.PLAYS, Column.ADDED, Column.LAST_PLAYED, Column.BPM})
_MEASURED = frozenset({Column.LOUDNESS, Column.BIT_RATE, Column.SAMPLE_RATE, Column.NUMBER, Column.DISC})


def detail(catalogue: Catalogue, rows: Rows, column: Column) -> str:
    """What tracks have in a column; empty where nothing is known of any.

    One value is said as the table says it, with of how many tracks it is known where that is not all of them. Of
    several, numbers and dates are said from the least to the greatest, and of all others that they vary.

    Args:
        catalogue: the tracks.
        rows: shape (n,), any rows.
        column: what of them.
    """
    if column is Column.PATH and len(rows) > 1:
        return common_folder([catalogue.path(int(row)) for row in rows])
    keys = catalogue.sort_keys(column)[rows]
    known = rows[~np.isnan(keys)]
    keys = keys[~np.isnan(keys)]
    if not len(known):
        return ""
    low, high = (catalogue.text(int(known[place]), column) for place in (keys.argmin(), keys.argmax()))
    if low == high and keys.min() == keys.max():
        if len(known) == len(rows) or not low:
            return low
        return tr("{value} ({known} of {all})", value=low, known=number(len(known)), all=number(len(rows)))
    if column in _RANGED | _MEASURED and low != high:
        return f"{low or '0'} – {high}"
    return low if low == high else tr("various")


def common_folder(paths: list[str]) -> str:
    """The innermost folder that all paths lie in, with its separator behind it; empty for paths of no common one."""
    try:
        found = os.path.commonpath([path.rpartition(os.sep)[0] for path in paths])
    except ValueError:  # of different drives, or relative and absolute ones
        return ""
    return f"{found.rstrip(os.sep)}{os.sep}" if found else ""
