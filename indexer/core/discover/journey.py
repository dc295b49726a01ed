"""A way from one track to another whose steps are all small, found in matrices, without Qt and without a model.

It is a bottleneck path with a fixed number of tracks: of all ways the one whose largest step is least, and of those
with such steps the one whose sum is least. Without further rules dynamic programming finds it exactly; that no track
and no recording may come twice and no artist more than twice makes it a hard problem. So the exact answer without those
rules serves as the estimate of what is left of the way, and a beam search that keeps the rules follows it.

Source: the idea of a "sonic adventure" is Plexamp's; bottleneck paths: Pollack, "The maximum capacity through a
network", Operations Research 8 (1960); beam search: Lowerre, "The Harpy speech recognition system" (1976).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]

PER_ARTIST = 2
"""Tracks of one artist on the way, both ends included."""

BEAM = 24
"""Unfinished ways that are followed at a time."""

BRANCHES = 12
"""Next tracks that are tried for each of them."""

WINDOWS = (0.25, 0.5, np.inf)
"""Share of the way by which a track may lie off its place in it, so that the way neither stands still nor doubles back;
wider only where there is no way within, or a much worse one. Against no window, 0.25 costs 0 to 2 % of the largest
step in the median."""

NARROW_COST = 1.1
"""A window is passed over where its largest step is larger than without a window by more than this factor."""

LOOSER = 1.05
"""Factor by which the largest step is allowed to grow while no way that keeps the rules is found."""

LOOSEST = 1.5
"""Beyond this much a wider window is tried, and at last any step."""

_ROUNDING = 1e-5

UNKNOWN = -1
"""Number of an artist that is not known: two of these are not the same."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The tracks a way may lead over; the first is its start and the second its end.

    Attributes:
        steps: shape (tracks, tracks), what it costs to go from one to another, above 0; infinite to itself.
        share: shape (tracks,), how much of the way lies behind each, 0 at the start to 1 at the end.
        same: shape (tracks, tracks), True for two recordings of one work, and for a track and itself.
        artists: shape (tracks, most artists of one), a number for each artist, or `UNKNOWN`.
        heard: numbers of artists who are on the way before this ground or behind it, once for each track.
    """

    steps: Costs
    share: Costs
    same: NDArray[np.bool_]
    artists: NDArray[np.intp]
    heard: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))


def find_path(ground: Ground, length: int) -> list[int] | None:
    """The way from track 0 to track 1 over `length` tracks, both included; None where no way keeps the rules.

    The rules: no recording twice, `PER_ARTIST` tracks of an artist at most, and every track near its place.

    Args:
        ground: what it may lead over.
        length: at least 3.
    """
    rows = _in_order(ground)
    path = _found(_taken(ground, rows), length)
    return None if path is None else rows[path].tolist()


def largest_step(ground: Ground, path: Sequence[int]) -> float:
    """What the largest step of a way costs."""
    return max(float(ground.steps[one, other]) for one, other in pairwise(path))


def longest(ground: Ground) -> int:
    """No way over this ground has more tracks than this."""
    first = ground.artists[:, 0]  # what is true of the first of several artists is true of all together
    known = first[first != UNKNOWN]
    counts = np.unique(known, return_counts=True)[1] if len(known) else np.empty(0, dtype=np.intp)
    return int(np.minimum(counts, PER_ARTIST).sum()) + len(first) - len(known)


def _in_order(ground: Ground) -> NDArray[np.intp]:
    """Start and end, then by their place in the way all that are no recording of these: a layer is a slice of them."""
    inner = np.flatnonzero(~(ground.same[0] | ground.same[1]))
    return np.concatenate([[0, 1], inner[np.argsort(ground.share[inner], kind="stable")]])


def _taken(ground: Ground, rows: NDArray[np.intp]) -> Ground:
    square = np.ix_(rows, rows)
    return Ground(ground.steps[square], ground.share[rows], ground.same[square], ground.artists[rows], ground.heard)


def _found(ground: Ground, length: int) -> list[int] | None:
    """A way over ground that is in order."""
    for layers, least in _worth_while(ground, length):
        path = _loosened(ground, layers, least, least * LOOSEST)
        if path is not None:
            return path
    layers, least = _measured(ground, length, WINDOWS[-1])
    path = _beam(ground, layers, np.inf) if np.isfinite(least) else None
    if path is None:
        return None
    return _loosened(ground, layers, least * LOOSEST, largest_step(ground, path)) or path


def _worth_while(ground: Ground, length: int) -> Iterator[tuple[list[slice], float]]:
    """Layers of every window, narrow ones first, with the least largest step; not those that cost too much."""
    widest = _measured(ground, length, WINDOWS[-1])
    for window in WINDOWS[:-1]:
        layers, least = _measured(ground, length, window)
        if least <= NARROW_COST * widest[1] and np.isfinite(least):
            yield layers, least
    if np.isfinite(widest[1]):
        yield widest


def _measured(ground: Ground, length: int, window: float) -> tuple[list[slice], float]:
    layers = _layers(ground, length, window)
    return layers, _least_largest(ground.steps, layers)


def _layers(ground: Ground, length: int, window: float) -> list[slice]:
    """For every place of the way the tracks that may stand there."""
    places = np.arange(1, length - 1) / (length - 1)
    first = np.searchsorted(ground.share[2:], places - window, side="left") + 2
    end = np.searchsorted(ground.share[2:], places + window, side="right") + 2
    inner = [slice(*bounds) for bounds in zip(first.tolist(), end.tolist(), strict=True)]
    return [slice(0, 1), *inner, slice(1, 2)]


def _loosened(ground: Ground, layers: list[slice], least: float, loosest: float) -> list[int] | None:
    """A way whose largest step is as little above `least` as one can be found, and below `loosest`."""
    largest = least * (1.0 + _ROUNDING)
    while largest < loosest:
        path = _beam(ground, layers, largest)
        if path is not None:
            return path
        largest *= LOOSER
    return None


def _least_largest(steps: Costs, layers: list[slice]) -> float:
    """The least largest step of any way through the layers, by dynamic programming from the end."""
    left, settled = np.zeros(1, dtype=np.float32), False
    for here, there in zip(layers[-2::-1], layers[:0:-1], strict=True):
        if here.start == here.stop:
            return float(np.inf)
        if here == there and settled:
            continue  # in equal layers what does not change once never changes
        before, left = left, np.maximum(steps[here, there], left).min(axis=1)
        settled = here == there and np.array_equal(left, before)
    return float(left[0])


def _least_sums(steps: Costs, layers: list[slice], largest: float) -> list[Costs]:
    """For every place and every track of its layer the least sum of steps, none above `largest`, to the end."""
    small = np.where(steps <= largest, steps, np.inf)
    sums = [np.zeros(1, dtype=np.float32)]
    for here, there in zip(layers[-2::-1], layers[:0:-1], strict=True):
        sums.append((small[here, there] + sums[-1]).min(axis=1))
    return sums[::-1]


def _beam(ground: Ground, layers: list[slice], largest: float) -> list[int] | None:
    """Follow the ways that promise the least sum, none of whose steps is above `largest`."""
    left = _least_sums(ground.steps, layers, largest)
    ways = _Ways.begin(ground)
    for layer, rest in zip(layers[1:-1], left[1:-1], strict=True):
        ways = ways.further(layer, rest, largest)
    last = ground.steps[ways.paths[:, -1], 1]
    sums = np.where(last <= largest, ways.costs + last, np.inf)
    best = int(sums.argmin()) if len(sums) else -1
    return [*ways.paths[best].tolist(), 1] if best >= 0 and np.isfinite(sums[best]) else None


@dataclass(frozen=True, eq=False)
class _Ways:
    """Unfinished ways, all of one length, side by side.

    Attributes:
        ground: what they lead over.
        paths: shape (ways, places), their tracks.
        costs: shape (ways,), the sums of their steps.
        barred: shape (ways, tracks), True for recordings that each has already.
        artists: shape (ways, artists + 1), how many tracks of each artist, with that of the end; the last column, which
            `UNKNOWN` points to, stays 0.
    """

    ground: Ground
    paths: NDArray[np.intp]
    costs: Costs
    barred: NDArray[np.bool_]
    artists: NDArray[np.int8]

    @classmethod
    def begin(cls, ground: Ground) -> Self:
        """The one way that has gone nowhere yet."""
        artists = np.zeros((1, int(ground.artists.max()) + 2), dtype=np.int8)
        np.add.at(artists[0], ground.artists[:2], 1)
        np.add.at(artists[0], ground.heard[ground.heard <= ground.artists.max()], 1)
        artists[:, UNKNOWN] = 0
        return cls(ground, np.zeros((1, 1), dtype=np.intp), np.zeros(1, dtype=np.float32), ground.same[:1], artists)

    def further(self, layer: slice, rest: Costs, largest: float) -> Self:
        """The best ways that are longer by a track of `layer`, from each of which it costs `rest` to the end."""
        ground = self.ground
        steps = ground.steps[self.paths[:, -1], layer]
        promised = self.costs[:, np.newaxis] + steps + rest
        used_up = (self.artists.take(ground.artists[layer], axis=1, mode="wrap") >= PER_ARTIST).any(axis=2)
        promised[(steps > largest) | self.barred[:, layer] | used_up] = np.inf
        way, place = _best(promised)
        tracks = place + layer.start
        artists = self.artists[way]
        artists[np.arange(len(way))[:, np.newaxis], ground.artists[tracks]] += 1
        artists[:, UNKNOWN] = 0
        return replace(
            self,
            paths=np.column_stack([self.paths[way], tracks]),
            costs=self.costs[way] + steps[way, place],
            barred=self.barred[way] | ground.same[tracks],
            artists=artists,
        )


def _best(promised: Costs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the `BEAM` least finite values, at most `BRANCHES` of them in one row."""
    columns = np.argsort(promised, axis=1, kind="stable")[:, :BRANCHES]
    values = np.take_along_axis(promised, columns, axis=1)
    order = np.argsort(values, axis=None, kind="stable")[:BEAM]
    rows, places = np.unravel_index(order[np.isfinite(values.ravel()[order])], values.shape)
    return rows, columns[rows, places]
