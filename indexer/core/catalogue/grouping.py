"""Groups of tracks as arrays: which tracks belong to an artist, a genre or a folder, counted and found at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Rows
from indexer.core.catalogue.columns import PackedTexts
from indexer.core.text import fold, natural_key

Ints = NDArray[np.intp]
NO_PARENT = -1


@dataclass(frozen=True, eq=False)
class Grouping:
    """A tree of groups; every track lies in one leaf set, and a group holds some of these sets.

    Attributes:
        keys: of each group, lasting: the same group has the same key after the library changed.
        labels: what each group is called.
        parents: shape (groups,), the group that each is shown under, NO_PARENT at the top; parents come first.
        set_of_row: shape (rows,), the set that each row of the catalogue lies in, -1 for none.
        members: shape (pairs, 2), group and set: which sets a group holds, those of the groups below it included.
    """

    keys: Sequence[str]
    labels: Sequence[str]
    parents: Ints
    set_of_row: Ints
    members: Ints

    def __len__(self) -> int:
        return len(self.labels)

    def counts(self, rows: Rows) -> Ints:
        """Return shape (groups,): how many of `rows` each group holds."""
        sets = self.set_of_row[self._known(rows)]
        in_set = np.bincount(sets[sets >= 0], minlength=self._set_count)
        weights = in_set[self.members[:, 1]]
        counted = np.bincount(self.members[:, 0], weights=weights, minlength=len(self))
        return counted.astype(np.intp)

    def rows_of(self, groups: Sequence[int], rows: Rows) -> Rows:
        """Return those of `rows` that lie in any of `groups`, in the order given."""
        chosen = np.isin(self.members[:, 0], np.asarray(groups, np.intp))
        wanted = np.zeros(self._set_count + 1, np.bool_)  # the last place stands for the set -1
        wanted[self.members[chosen, 1]] = True
        known = self._known(rows)
        found: Rows = known[wanted[self.set_of_row[known]]]
        return found

    def groups_of(self, row: int) -> Ints:
        """The groups that hold a row, in the order of `members`; none for a row that came after they were made."""
        if row >= len(self.set_of_row):
            return np.empty(0, np.intp)
        found: Ints = self.members[self.members[:, 1] == self.set_of_row[row], 0]
        return found

    def first_of(self, row: int) -> int | None:
        """The first of these; None where there is none."""
        found = self._firsts[self.set_of_row[row]] if row < len(self.set_of_row) else NO_PARENT
        return None if found == NO_PARENT else int(found)

    def pairs(self, rows: Rows) -> tuple[Ints, Ints]:
        """Every group with every one of `rows` that lies in it: shape (pairs,), groups and places in `rows`."""
        order = np.argsort(self.members[:, 1], kind="stable")
        groups, sets = self.members[order].T
        starts = np.searchsorted(sets, np.arange(self._set_count + 1))
        of_row = np.full(len(rows), -1, np.intp)
        came_before = rows < self.set_of_row.size
        of_row[came_before] = self.set_of_row[rows[came_before]]
        known = np.flatnonzero(of_row >= 0)
        first, last = starts[of_row[known]], starts[of_row[known] + 1]
        counts = last - first
        places = np.repeat(known, counts)
        within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
        return groups[np.repeat(first, counts) + within], places

    def place_of(self, key: str) -> int | None:
        """The number of a group; None for one that is not there."""
        return self._places.get(key)

    @cached_property
    def folded(self) -> PackedTexts:
        """The labels without case and accents, to be searched."""
        return PackedTexts(map(fold, self.labels))

    def _known(self, rows: Rows) -> Rows:
        """Without rows that came after the groups were made."""
        return rows if self.set_of_row.size > rows.max(initial=-1) else rows[rows < self.set_of_row.size]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def _firsts(self) -> Ints:
        """The first group of each set; the last place stands for the set -1."""
        firsts = np.full(self._set_count + 1, NO_PARENT, np.intp)
        sets, places = np.unique(self.members[:, 1], return_index=True)
        firsts[sets] = self.members[places, 0]
        return firsts

    @cached_property
    def _set_count(self) -> int:
        highest = max(self.set_of_row.max(initial=-1), self.members[:, 1].max(initial=-1) if len(self.members) else -1)
        return int(highest) + 1


def side_by_side(tree: Grouping) -> Grouping:
    """The groups of a tree as a list in the order of the alphabet; those of one name are one, named as the first is."""
    names = [fold(label) for label in tree.labels]
    order = sorted(set(names), key=natural_key)
    place = {name: number for number, name in enumerate(order)}
    label = dict(zip(reversed(names), reversed(tree.labels), strict=True))
    number_of = np.array([place[name] for name in names], np.intp)
    pairs = np.column_stack((number_of[tree.members[:, 0]], tree.members[:, 1]))
    return Grouping(
        keys=order,
        labels=[label[name] for name in order],
        parents=np.full(len(order), NO_PARENT, np.intp),
        set_of_row=tree.set_of_row,
        members=np.unique(pairs, axis=0) if len(pairs) else pairs,
    )
