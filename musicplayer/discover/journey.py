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
from dataclasses import dataclass
from itertools import pairwise

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
        artists: shape (tracks,), a number for each artist, or `UNKNOWN`.
    """

    steps: Costs
    share: Costs
    same: NDArray[np.bool_]
    artists: NDArray[np.intp]


def find_path(ground: Ground, length: int) -> list[int] | None:
    """The way from track 0 to track 1 over `length` tracks, both included; None where no way keeps the rules.

    The rules: no recording twice, `PER_ARTIST` tracks of an artist at most, and every track near its place.

    Args:
        ground: what it may lead over.
        length: at least 3.
    """
    for layers, least in _worth_while(ground, length):
        path = _loosened(ground, layers, least, least * LOOSEST)
        if path is not None:
            return path
    layers, least = _measured(ground, length, WINDOWS[-1])
    path = _beam(ground, layers, np.inf) if np.isfinite(least) else None
    if path is None:
        return None
    return _loosened(ground, layers, least * LOOSEST, largest_step(ground, path)) or path


def largest_step(ground: Ground, path: Sequence[int]) -> float:
    """What the largest step of a way costs."""
    return max(float(ground.steps[one, other]) for one, other in pairwise(path))


def longest(ground: Ground) -> int:
    """No way over this ground has more tracks than this."""
    known = ground.artists[ground.artists != UNKNOWN]
    counts = np.unique(known, return_counts=True)[1] if len(known) else np.empty(0, dtype=np.intp)
    return int(np.minimum(counts, PER_ARTIST).sum()) + len(ground.artists) - len(known)


def _worth_while(ground: Ground, length: int) -> Iterator[tuple[list[NDArray[np.intp]], float]]:
    """Layers of every window, narrow ones first, with the least largest step; not those that cost too much."""
    widest = _measured(ground, length, WINDOWS[-1])
    for window in WINDOWS[:-1]:
        layers, least = _measured(ground, length, window)
        if least <= NARROW_COST * widest[1] and np.isfinite(least):
            yield layers, least
    if np.isfinite(widest[1]):
        yield widest


def _measured(ground: Ground, length: int, window: float) -> tuple[list[NDArray[np.intp]], float]:
    layers = _layers(ground, length, window)
    return layers, _least_largest(ground.steps, layers)


def _layers(ground: Ground, length: int, window: float) -> list[NDArray[np.intp]]:
    """For every place of the way the tracks that may stand there."""
    barred = ground.same[0] | ground.same[1]
    if np.isinf(window):
        inner = [np.flatnonzero(~barred)] * (length - 2)
    else:
        off = [np.abs(ground.share - place / (length - 1)) for place in range(1, length - 1)]
        inner = [np.flatnonzero(~barred & (each <= window)) for each in off]
    return [np.array([0]), *inner, np.array([1])]


def _loosened(ground: Ground, layers: list[NDArray[np.intp]], least: float, loosest: float) -> list[int] | None:
    """A way whose largest step is as little above `least` as one can be found, and below `loosest`."""
    largest = least * (1.0 + _ROUNDING)
    while largest < loosest:
        path = _beam(ground, layers, largest)
        if path is not None:
            return path
        largest *= LOOSER
    return None


def _least_largest(steps: Costs, layers: list[NDArray[np.intp]]) -> float:
    """The least largest step of any way through the layers, by dynamic programming from the end."""
    left, settled = np.zeros(1, dtype=np.float32), False
    for here, there in zip(layers[-2::-1], layers[:0:-1], strict=True):
        if not len(here):
            return float(np.inf)
        if here is there and settled:
            continue  # in equal layers what does not change once never changes
        before, left = left, np.maximum(_between(steps, here, there), left).min(axis=1)
        settled = here is there and np.array_equal(left, before)
    return float(left[0])


def _least_sums(steps: Costs, layers: list[NDArray[np.intp]], largest: float) -> list[Costs]:
    """For every place and every track of its layer the least sum of steps, none above `largest`, to the end."""
    sums = [np.zeros(1, dtype=np.float32)]
    for here, there in zip(layers[-2::-1], layers[:0:-1], strict=True):
        cost = _between(steps, here, there)
        cost[cost > largest] = np.inf
        sums.append((cost + sums[-1]).min(axis=1))
    return sums[::-1]


def _between(steps: Costs, here: NDArray[np.intp], there: NDArray[np.intp]) -> Costs:
    """Costs from the tracks of one layer to those of the next."""
    return steps.take(here, axis=0).take(there, axis=1)


@dataclass(frozen=True, slots=True)
class _Way:
    """An unfinished way and what it has cost."""

    path: tuple[int, ...]
    cost: float


def _beam(ground: Ground, layers: list[NDArray[np.intp]], largest: float) -> list[int] | None:
    """Follow the ways that promise the least sum, none of whose steps is above `largest`."""
    left = _least_sums(ground.steps, layers, largest)
    ways = [_Way((0,), 0.0)]
    for layer, rest in zip(layers[1:-1], left[1:-1], strict=True):
        found = [further for way in ways for further in _further(ground, way, layer, rest, largest)]
        ways = [way for _, way in sorted(found, key=lambda entry: entry[0])[:BEAM]]
    finished = [way for way in ways if ground.steps[way.path[-1], 1] <= largest]
    best = min(finished, key=lambda way: way.cost + float(ground.steps[way.path[-1], 1]), default=None)
    return None if best is None else [*best.path, 1]


def _further(
    ground: Ground, way: _Way, layer: NDArray[np.intp], rest: Costs, largest: float
) -> Iterator[tuple[float, _Way]]:
    """The best ways that are longer by one track, with the sum that each promises."""
    step = ground.steps[way.path[-1], layer]
    promised = np.where(step <= largest, step + rest, np.inf)
    promised[ground.same[list(way.path)][:, layer].any(axis=0)] = np.inf
    promised[np.isin(ground.artists[layer], _used_up(ground, way))] = np.inf
    best = np.argpartition(promised, BRANCHES)[:BRANCHES] if len(layer) > BRANCHES else np.arange(len(layer))
    for place in best[np.isfinite(promised[best])].tolist():
        cost = way.cost + float(step[place])
        yield cost + float(rest[place]), _Way((*way.path, int(layer[place])), cost)


def _used_up(ground: Ground, way: _Way) -> list[int]:
    """Artists that may not come again."""
    artists = [int(ground.artists[track]) for track in (*way.path, 1)]
    return [artist for artist in set(artists) if artist != UNKNOWN and artists.count(artist) >= PER_ARTIST]
