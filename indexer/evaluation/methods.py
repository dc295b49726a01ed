"""What a way of comparing music has to offer to be evaluated, and which ways there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.evaluation.clip import Clip

Description = NDArray[Any]
"""What a method keeps of a clip; only the method knows what it means. It crosses processes."""

Distances = NDArray[np.float64]


class Comparison(Protocol):
    """A library of clips that a method has made comparable."""

    @property
    def distances(self) -> Distances:
        """Shape (n, n), row i from clip i to every clip; the diagonal is not looked at."""
        ...

    @property
    def indexed(self) -> NDArray[np.float32] | None:
        """Vectors of shape (n, dims) that the app keeps in hash tables; None where it has none."""
        ...

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        """Shape (queries, n): from clips that do not belong to the library to those that do."""
        ...


class Method(Protocol):
    """A way of comparing music by its sound.

    `hear` and `hear_parts` run in worker processes, `compare` and `compare_parts` in the main one: an instance is made
    in each and keeps nothing that one tells the other.
    """

    @property
    def name(self) -> str: ...

    @property
    def about(self) -> str:
        """One line: features, normalisation, distance."""
        ...

    @property
    def version(self) -> str:
        """Of the package that does the work; empty for our own."""
        ...

    @property
    def missing(self) -> str:
        """Why it cannot run here and how to change that; empty where it can."""
        ...

    @property
    def decodes(self) -> bool:
        """Whether it reads files with its own decoder, so that its cost includes decoding."""
        ...

    def hear(self, sound: Clip) -> Description:
        """Analyse a clip.

        Raises:
            CannotHear: the method refuses it.
        """
        ...

    def hear_parts(self, sound: Clip, whole: Description) -> tuple[Description, ...]:
        """Analyse PARTS equal parts of a clip that was heard as `whole`; raises as `hear`."""
        ...

    def compare(self, library: Sequence[Description], seed: int) -> Comparison:
        """Make clips comparable, from what `hear` gave."""
        ...

    def compare_parts(
        self, parts: Sequence[tuple[Description, ...]], library: Sequence[Description], seed: int
    ) -> Distances:
        """Distances between all parts of all clips, in order: shape (p, p). `library` is what `hear` gave."""
        ...


class CannotHear(SegueError):
    """A method refuses a clip that others can hear."""


def flat(parts: Sequence[tuple[Description, ...]]) -> list[Description]:
    """All parts of all clips, in order."""
    return [part for clip in parts for part in clip]


def euclidean(one: NDArray[np.floating[Any]], other: NDArray[np.floating[Any]]) -> Distances:
    """Distances between rows: shape (m, n) from (m, dims) and (n, dims), exact to rounding and never a matrix product.

    Products would leave errors as large as the distance of near copies.
    """
    distances = np.empty((len(one), len(other)))
    for row, vector in enumerate(np.asarray(one, dtype=np.float64)):
        difference = other - vector
        distances[row] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return distances
