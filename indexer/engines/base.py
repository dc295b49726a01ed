"""What every index engine can do, and the effort each of them is given before they are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.model.index.ranking import distances_to, nearest
from indexer.core.model.index.recall import RECALL_AT, recall_of
from indexer.engines.grown import vectors_between

Vectors = NDArray[np.float32]
Found = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Rows, best first, and their Euclidean distances, shape (k,) each; fewer where fewer were found."""

WANTED_RECALL = 0.95
"""Engines are compared at the least effort that finds this share of the true ten nearest."""

_MARGIN = 0.01
"""The effort is chosen on one sample and measured on another, which may come out a little lower."""

_SAMPLE = 200

Effort = TypeVar("Effort")


class EngineMissing(SegueError):
    """The package of an engine is not installed."""


class Engine(Protocol):
    """An index of vectors that answers with the nearest rows; built and asked on one thread."""

    name: ClassVar[str]

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:
        """Index `vectors`, shape (n, dims), n > 0; whatever is drawn at random comes from `seed`."""

    def query(self, vector: Vectors, k: int) -> Found:
        """The `k` rows nearest to `vector`, shape (dims,), best first."""

    def memory_bytes(self) -> int:
        """What the index holds to answer, the vectors included where it needs them."""


def least_effort(
    vectors: Vectors, efforts: Sequence[Effort], query: Callable[[Effort, Vectors, int], NDArray[np.intp]], seed: int
) -> Effort:
    """The first of `efforts`, from the least to the greatest, that reaches WANTED_RECALL, or the last.

    Args:
        vectors: shape (n, dims), those of the index; up to 200 others that lie as they do are asked for. Rows of the
            index themselves would flatter a graph, which has edges to their neighbours.
        efforts: settings of the engine, at least one.
        query: the rows found for (effort, vector, k).
        seed: of the sample.
    """
    asked = vectors_between(vectors, _SAMPLE, seed)
    k = min(RECALL_AT, len(vectors))
    everything = np.arange(len(vectors))
    truth = np.stack([nearest(vectors, everything, vector, k)[1] for vector in asked])
    for effort in efforts:
        found = np.full_like(truth, np.inf)
        for position, vector in enumerate(asked):
            near = distances_to(vectors[query(effort, vector, k)], vector)
            found[position, : len(near)] = near
        if recall_of(found, truth) >= WANTED_RECALL + _MARGIN:
            return effort
    return efforts[-1]
