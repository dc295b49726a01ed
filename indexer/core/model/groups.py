"""Groups of tracks, artists and albums, compared like tracks: each is one vector, and hubs are scaled away.

A group is the mean of its tracks. Of what was compared with it (the nearest pair of tracks, the mean of all pairs, each
track's nearest, ranks in the neighbour lists of tracks, with and without mutual proximity) nothing found more groups of
the same genre; `indexer evaluate` measures it. A mean of many tracks lies near the middle and so near to everything,
which local scaling among groups takes away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.index.exact import Found
from indexer.core.model.scaling import POOL, SCALE_NEIGHBOURS, local_scales, scaled

Vectors = NDArray[np.float32]

_AT_ONCE = 1_024
"""Groups that are compared with all others at a time: 70 MB where there are 17,000."""

_SHORTEST = 1e-6
"""Length of a mean that is no direction: that of tracks which cancel each other out."""


@dataclass(frozen=True, eq=False)
class Membership:
    """Which tracks count for which groups, as pairs in any order.

    Attributes:
        groups: shape (pairs,), numbers of groups, 0 to `count` - 1.
        tracks: shape (pairs,), rows of the vectors.
        count: of groups; one without a track is near to nothing.
    """

    groups: NDArray[np.intp]
    tracks: NDArray[np.intp]
    count: int

    def sizes(self) -> NDArray[np.intp]:
        """How many tracks each group has, shape (count,)."""
        return np.bincount(self.groups, minlength=self.count)


def group_vectors(vectors: NDArray[np.floating[Any]], members: Membership) -> Vectors:
    """The direction of the mean of each group, shape (count, dims), of length 1; 0 where there is none.

    Args:
        vectors: of tracks, shape (tracks, dims).
        members: whose tracks are rows of it.
    """
    found = np.zeros((members.count, vectors.shape[1]), dtype=np.float32)
    for dim in range(vectors.shape[1]):  # a column at a time: all at once would copy every vector
        found[:, dim] = np.bincount(members.groups, vectors[members.tracks, dim], minlength=members.count)
    found /= np.maximum(members.sizes(), 1)[:, np.newaxis]
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    unit: Vectors = np.where(lengths > _SHORTEST, found / np.maximum(lengths, _SHORTEST), 0).astype(np.float32)
    return unit


class GroupSpace:
    """Groups by their vectors; what is near is ordered by distance in units of both neighbourhoods (NICDM).

    The scale of a group is worked out when it is first needed. One thread at a time.
    """

    def __init__(self, vectors: Vectors) -> None:
        """Compare groups with these vectors, shape (groups, dims), of length 1 or 0; those of 0 are never found."""
        self._vectors = vectors
        self._known = np.flatnonzero(vectors.any(axis=1))
        self._scales = np.full(len(vectors), np.nan, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._vectors)

    def __contains__(self, group: object) -> bool:
        return isinstance(group, int) and 0 <= group < len(self) and bool(self._vectors[group].any())

    def nearest(self, group: int, k: int, allowed: NDArray[np.bool_] | None = None) -> Found:
        """The `k` groups nearest to one, nearest first, never itself, with scaled distances.

        Args:
            group: which; one without a vector is near to nothing.
            k: at most so many.
            allowed: shape (groups,), False for what must not be found; everything may be, unless told.
        """
        if group not in self:
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        distances = self._distances(np.array([group]))[0]
        fits = np.ones(len(self._known), dtype=bool) if allowed is None else allowed[self._known].copy()
        fits[self._known == group] = False
        places = np.flatnonzero(fits)
        places = places[_least(distances[places], max(POOL, k))]
        groups = self._known[places]
        self._scale(np.append(groups, group))
        ranked = scaled(distances[places], float(self._scales[group]), self._scales[groups])
        best = np.lexsort((groups, ranked))[:k]
        return groups[best], ranked[best]

    def distances(self, among: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
        """Scaled distances of groups to each other; infinite where one has no vector, and to itself.

        Args:
            among: of these alone; of all, unless told.

        Returns:
            Shape (among, among).
        """
        chosen = np.arange(len(self)) if among is None else among
        known = np.flatnonzero(self._vectors[chosen].any(axis=1))
        self._scale(np.unique(chosen[known]))
        found = np.full((len(chosen), len(chosen)), np.inf, dtype=np.float32)
        groups = chosen[known]
        for part in np.array_split(known, len(known) // _AT_ONCE + 1):
            ends = np.sqrt(self._scales[chosen[part], np.newaxis] * self._scales[groups])
            found[np.ix_(part, known)] = self._distances(chosen[part], groups) / ends
        np.fill_diagonal(found, np.inf)
        return found

    def _scale(self, groups: NDArray[np.intp]) -> None:
        """Work out the scales that are not known yet."""
        missing = groups[np.isnan(self._scales[groups])]
        for part in np.array_split(missing, -(-len(missing) // _AT_ONCE) or 1) if len(missing) else ():
            distances = self._distances(part)
            distances[np.arange(len(part)), np.searchsorted(self._known, part)] = np.inf
            reach = min(SCALE_NEIGHBOURS, distances.shape[1])
            near = np.partition(distances, reach - 1, axis=1)[:, :reach] if reach else distances
            self._scales[part] = local_scales(np.sort(near, axis=1))

    def _distances(self, groups: NDArray[np.intp], to: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
        """Euclidean distances, by the product of unit vectors: shape (groups, to), or to all groups with a vector."""
        products = self._vectors[groups] @ self._vectors[self._known if to is None else to].T
        found: NDArray[np.float32] = np.sqrt(np.maximum(2.0 - 2.0 * products, 0.0, dtype=np.float32))
        return found


def _least(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    if count >= len(values):
        return np.arange(len(values))
    return np.argpartition(values, count - 1)[:count]
