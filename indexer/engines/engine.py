"""The index engines by name, what each of them can do, and the effort it is given before they are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.model.index.exact import Found, Vectors, distances_to, nearest
from indexer.core.model.index.recall import RECALL_AT, recall_of
from indexer.engines.grown import vectors_between

WANTED_RECALL = 0.95
"""Engines are compared at the least effort that finds this share of the true ten nearest."""

_MARGIN = 0.01
"""The effort is chosen on one sample and measured on another, which may come out a little lower."""

_SAMPLE = 200

Effort = TypeVar("Effort")

DISTRIBUTION = "segue-player"


class EngineMissing(SegueError):
    """The package of an engine is not installed."""


class Engine(Protocol):
    """An index of vectors that answers with the nearest rows; built and asked on one thread."""

    name: ClassVar[str]

    @classmethod
    def build(cls, vectors: Vectors, seed: int) -> Self:
        """Index `vectors`, shape (n, dims), n > 0; whatever is drawn at random comes from `seed`."""

    def query(self, vector: Vectors, k: int) -> Found:
        """The `k` rows nearest to `vector`, shape (dims,), best first, or as many as are found, and their distances."""

    def memory_bytes(self) -> int:
        """What the index holds to answer, the vectors included where it needs them."""


@dataclass(frozen=True)
class Entry:
    """Where an engine is found.

    Attributes:
        module, type_name: of the class.
        package: the importable package it needs besides NumPy, None for none.
        extra: the extra of this project that installs the package.
    """

    module: str
    type_name: str
    package: str | None = None
    extra: str = ""

    @property
    def is_installed(self) -> bool:
        return self.package is None or find_spec(self.package) is not None

    @property
    def installation(self) -> str:
        """The command that installs what is missing."""
        return f'pip install "{DISTRIBUTION}[{self.extra}]"'


ENGINES: dict[str, Entry] = {
    "spark-lsh": Entry("indexer.engines.ours", "SparkLsh"),
    "exact": Entry("indexer.engines.ours", "Exact"),
    "scann": Entry("indexer.engines.scann", "Scann", "scann", "scann"),
    "hnsw": Entry("indexer.engines.hnsw", "Hnsw", "usearch", "hnsw"),
}
"""The first is what the application uses."""


def engine_named(name: str) -> type[Engine]:
    """The engine of that name.

    Raises:
        SegueError: there is none.
        EngineMissing: its package is not installed.
    """
    if name not in ENGINES:
        raise SegueError("engine-unknown", name=name, known=", ".join(ENGINES))
    entry = ENGINES[name]
    if not entry.is_installed:
        raise EngineMissing("engine-missing", name=name, command=entry.installation)
    try:
        found: type[Engine] = getattr(import_module(entry.module), entry.type_name)
    except ImportError as error:
        raise EngineMissing("engine-broken", name=name, error=error, command=entry.installation) from error
    return found


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
