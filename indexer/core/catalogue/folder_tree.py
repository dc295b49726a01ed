"""The folders of the library as a tree, below the folders that the library was given."""

from __future__ import annotations

import os

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.grouping import NO_PARENT, Grouping, Ints
from indexer.core.text import fold, natural_key


def folders_of(catalogue: Catalogue) -> Grouping:
    """Group by folder; a folder holds what lies in those below it."""
    column = catalogue.folders()
    tops = {root.rstrip(os.sep) or os.sep for root in catalogue.texts("root").values if root}
    above: dict[str, str | None] = {}
    for folder in column.values:
        _climb(folder, tops, above)
    order = _in_order(above)
    place = {path: number for number, path in enumerate(order)}
    parents = np.array([place[up] if (up := above[path]) else NO_PARENT for path in order], np.intp)
    own = np.array([place[folder] for folder in column.values], np.intp)
    return Grouping(
        keys=order,
        labels=[_label(path, top=above[path] is None) for path in order],
        parents=parents,
        set_of_row=column.codes.astype(np.intp),
        members=_members(own, parents),
    )


def _climb(folder: str, tops: set[str], above: dict[str, str | None]) -> None:
    """Note the folder above `folder`, and so on up to one of `tops`; a stray folder stands at the top itself."""
    way = []
    path = folder
    while path not in above and path not in tops and path.rpartition(os.sep)[0] not in ("", path):
        way.append(path)
        path = path.rpartition(os.sep)[0]
    if path in tops or path in above:
        above.setdefault(path, None)
        above.update((below, below.rpartition(os.sep)[0]) for below in way)
    else:
        above[folder] = None


def _in_order(above: dict[str, str | None]) -> list[str]:
    """Every folder before those in it, each level by name."""
    below: dict[str | None, list[str]] = {}
    for path, up in above.items():
        below.setdefault(up, []).append(path)
    for paths in below.values():
        paths.sort(key=lambda path: natural_key(fold(path.rpartition(os.sep)[2])), reverse=True)
    order: list[str] = []
    waiting = below.get(None, [])
    while waiting:
        order.append(waiting.pop())
        waiting += below.get(order[-1], ())
    return order


def _members(own: Ints, parents: Ints) -> Ints:
    """Pairs of a folder and a set, for the folder of each set and all above it."""
    sets = np.arange(len(own))
    pairs = [np.empty((0, 2), np.intp)]
    while len(sets):
        pairs.append(np.stack((own, sets), axis=1))
        own = parents[own]
        own, sets = own[own != NO_PARENT], sets[own != NO_PARENT]
    return np.concatenate(pairs)


def _label(path: str, *, top: bool) -> str:
    shown = path if top else path.rpartition(os.sep)[2]
    return os.fsencode(shown).decode("utf-8", "replace")
