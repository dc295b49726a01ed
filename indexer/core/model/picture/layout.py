"""Lays a library out as a picture: every track gets a place in the plane, near to those that sound like it.

t-SNE over the graph of nearest tracks, begun at the two directions in which the library varies most. Sources: van der
Maaten & Hinton, "Visualizing data using t-SNE", JMLR 9 (2008); Kobak & Berens, "The art of using t-SNE for single-cell
transcriptomics", Nature Communications 10 (2019): the beginning and the rate of learning; Böhm, Berens & Kobak,
"Attraction-repulsion spectrum in neighbor embeddings", JMLR 23 (2022): equal weights of a few neighbours do as well as
a perplexity, and a little more attraction leaves room between groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.picture.repulsion import Repulsion
from indexer.core.tracks import TrackId

Vectors = NDArray[np.float32]
Coordinates = NDArray[np.float32]
Rows = NDArray[np.integer[Any]]

NEIGHBOURS = 15
"""Nearest tracks that pull at each; more blur small groups and take longer."""

_FEWEST_NEIGHBOURS = 5
_TRACKS_A_NEIGHBOUR = 20
"""In a small library fewer pull, else everybody pulls at everybody and what is apart is drawn into a line. Of the five
nearest of 60 to 150 clips, five neighbours keep 62 to 65 % together, fifteen 44 to 49 %."""


@dataclass(frozen=True)
class _Phase:
    """So many iterations with so much more attraction than repulsion."""

    iterations: int
    exaggeration: float
    momentum: float


_PHASES = (_Phase(80, 12.0, 0.5), _Phase(60, 4.0, 0.8), _Phase(300, 1.2, 0.8))
"""Measured with `benchmarks map` at 106,574 tracks: a hundred iterations more find 2 % more neighbours; 1.0 at the end
finds 3 % more and leaves no room between groups, 2.0 finds 20 % fewer."""

_SPREAD = 2.0
"""Standard deviation of the first places along the first direction, in units of the picture."""

_LONGEST_STEP = 4.0
_LEAST_GAIN = 0.05
_EDGES_AT_ONCE = 1 << 16
_MARGIN = 0.02

_AMID = 3
_ASIDE = 0.0015
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True, eq=False)
class Picture:
    """Where tracks lie: a copy, to be worked on in another thread than the model's own.

    Attributes:
        places: shape (rows, 2), within 0 to 1 for the tracks of the build.
        built: shape (built,), ids of the first rows.
        added: ids of the rows after them.
        removed: shape (rows,), True for tracks that are no longer there.
    """

    places: NDArray[np.float32]
    built: NDArray[np.bytes_]
    added: tuple[TrackId, ...]
    removed: NDArray[np.bool_]

    def tracks(self) -> list[TrackId]:
        """The track of each row."""
        return [*map(TrackId, self.built.astype(str).tolist()), *self.added]


def layout_of(vectors: Vectors, nearest: Rows, paused: Callable[[], None] = lambda: None) -> Coordinates:
    """Places for all tracks; the same vectors and lists always give the same.

    Args:
        vectors: shape (tracks, dims).
        nearest: shape (tracks, any), rows of the nearest of each, best first, -1 where there are no more.
        paused: called between iterations; it may wait, or raise to give up.

    Returns:
        Shape (tracks, 2), within 0 to 1, both axes in the same unit.
    """
    places = np.ascontiguousarray(principal_places(vectors).T) * np.float32(_SPREAD)
    pulling = min(NEIGHBOURS, max(_FEWEST_NEIGHBOURS, len(vectors) // _TRACKS_A_NEIGHBOUR))
    graph = _Graph.of(nearest[:, :pulling])
    if graph is not None:
        places = _settled(places, graph, paused)
    return framed(places.T)


def place_among(places: Coordinates, nearest: Rows, row: int) -> Coordinates:
    """A place for a track that came after the picture was made, shape (2,): amid its nearest.

    Args:
        places: shape (rows, 2).
        nearest: rows of the nearest, best first; none puts it in the middle.
        row: of the track; its number decides which way it steps aside, so that two with the same nearest are apart.
    """
    amid = places[nearest[:_AMID]].mean(axis=0) if len(nearest) else np.full(2, 0.5, dtype=np.float32)
    turn = row * _GOLDEN_ANGLE
    place: Coordinates = (amid + _ASIDE * np.array([np.cos(turn), np.sin(turn)])).astype(np.float32)
    return place


def principal_places(vectors: Vectors) -> Coordinates:
    """The first two principal components, shape (tracks, 2); the first has a standard deviation of one."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    chosen = directions[:, ::-1][:, :2]
    if chosen.shape[1] < 2:  # noqa: PLR2004 - the plane
        chosen = np.pad(chosen, ((0, 0), (0, 2 - chosen.shape[1])))
    strongest = np.take_along_axis(chosen, np.abs(chosen).argmax(axis=0)[np.newaxis], axis=0)
    places = centred @ (chosen * np.where(strongest < 0, -1.0, 1.0))
    spread = float(places[:, 0].std()) if len(places) else 0.0
    scaled: Coordinates = (places / (spread if spread > 0 else 1.0)).astype(np.float32)
    return scaled


def framed(places: Coordinates) -> Coordinates:
    """The same picture within 0 to 1, in the middle, its longer side from edge to edge but for a margin."""
    if not len(places):
        return np.zeros((0, 2), dtype=np.float32)
    low, high = places.min(axis=0).astype(np.float64), places.max(axis=0).astype(np.float64)
    widest = float((high - low).max())
    scale = (1 - 2 * _MARGIN) / widest if widest > 0 else 0.0
    within: Coordinates = (0.5 + (places - (low + high) / 2) * scale).astype(np.float32)
    return within


@dataclass(frozen=True, eq=False)
class _Piece:
    """Some edges by their ends and weights, sorted by `rows`; `owners` are its rows, whose edges begin at `starts`."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    owners: NDArray[np.int32]
    starts: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Graph:
    """Who pulls at whom, in both directions, sorted by row and cut into pieces that stay in the cache.

    All weights together are 1.
    """

    pieces: tuple[_Piece, ...]

    @classmethod
    def of(cls, nearest: Rows) -> _Graph | None:
        """The graph of neighbour lists, shape (tracks, n); None where nobody has a neighbour."""
        tracks = len(nearest)
        rows, places = np.nonzero(nearest >= 0)
        columns = nearest[rows, places].astype(np.int64)
        pairs, counts = np.unique(
            np.concatenate([rows * tracks + columns, columns * tracks + rows]), return_counts=True
        )
        if not len(pairs):
            return None
        weights = (counts / counts.sum()).astype(np.float32)
        return cls(tuple(_pieces((pairs // tracks).astype(np.int32), (pairs % tracks).astype(np.int32), weights)))

    def pull(self, places: Coordinates) -> Coordinates:
        """How every point is pulled, shape (2, n): the weighted sum of d / (1 + d²) over its edges."""
        pulled = np.zeros_like(places)
        for piece in self.pieces:
            across = places[0].take(piece.columns) - places[0].take(piece.rows)
            down = places[1].take(piece.columns) - places[1].take(piece.rows)
            strength = piece.weights / (1 + across * across + down * down)
            pulled[0, piece.owners] = np.add.reduceat(strength * across, piece.starts)
            pulled[1, piece.owners] = np.add.reduceat(strength * down, piece.starts)
        return pulled


def _pieces(rows: NDArray[np.int32], columns: NDArray[np.int32], weights: NDArray[np.float32]) -> Iterator[_Piece]:
    """Cut edges, sorted by row, between rows."""
    owners, starts = np.unique(rows, return_index=True)
    cuts = np.searchsorted(starts, np.arange(0, len(rows), _EDGES_AT_ONCE))
    for first, last in pairwise(np.unique(np.append(cuts, len(owners))).tolist()):
        begin, end = starts[first], starts[last] if last < len(starts) else len(rows)
        edges = slice(begin, end)
        yield _Piece(rows[edges], columns[edges], weights[edges], owners[first:last], starts[first:last] - begin)


def _settled(places: Coordinates, graph: _Graph, paused: Callable[[], None]) -> Coordinates:
    """Follow the gradient, with momentum and a rate of its own for every number (Jacobs, 1988)."""
    repulsion = Repulsion()
    step, gains = np.zeros_like(places), np.ones_like(places)
    for phase in _PHASES:
        rate = np.float32(places.shape[1] / phase.exaggeration)
        for _ in range(phase.iterations):
            paused()
            pushed, nearness = repulsion.of(places)
            force = np.float32(phase.exaggeration) * graph.pull(places) + pushed / np.float32(max(nearness, 1e-9))
            gains = np.where(np.sign(force) == np.sign(step), gains + np.float32(0.2), gains * np.float32(0.8))
            np.maximum(gains, _LEAST_GAIN, out=gains)
            step = np.float32(phase.momentum) * step + np.float32(4) * rate * gains * force
            np.clip(step, -_LONGEST_STEP, _LONGEST_STEP, out=step)
            places = places + step
            places -= places.mean(axis=1, keepdims=True)
    return places
