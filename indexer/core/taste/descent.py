"""Learns an autoencoder in steps, each by the gradient of a few listeners, whoever works that out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.autoencoder import Autoencoder, Gradient, mean_gradient
from indexer.core.taste.histories import Histories

_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8
"""Adam's β1, β2 and ε, as its authors have them."""

_ROUNDS = 5
"""Times that every listener is looked at where there are many, unless that takes more than `_MOST_STEPS`."""

_MOST_STEPS = 2_000


@dataclass(frozen=True)
class LearningSetting:
    """What is chosen before an autoencoder is learnt.

    Attributes:
        hidden: numbers of the hidden layer.
        keep: share of the items of a listener that are shown while learning, above 0, at most 1.
        rate: how far a step goes.
        decay: by how much weights shrink, in the unit of `rate`.
        block: listeners whose gradient is worked out at once.
        blocks: so many make up a step; they are worked out side by side where there is Spark.
        steps: to take, or more where listeners are many.
        looks: how often the weights are looked at on the way.
    """

    hidden: int = 200
    keep: float = 0.5
    rate: float = 2e-3
    decay: float = 1.0
    block: int = 125
    blocks: int = 4
    steps: int = 300
    looks: int = 20


Blocks = Sequence[Histories]
Place = tuple[int, int, int]
"""Seed, number of the step and number of the block: all that what is left out is drawn by."""

Gradients = Callable[[Autoencoder, Sequence[tuple[Histories, Place]]], Sequence[Gradient]]
"""Works out the gradients of blocks, in their order, by `block_gradient`."""


def learning(
    histories: Histories, setting: LearningSetting, seed: int, gradients: Gradients | None = None
) -> Iterator[tuple[int, Autoencoder]]:
    """Steps taken so far and what has been learnt by them, time and again: later is not always better.

    Which is best is to be seen on listeners who are not learnt from. Of the same histories, setting and seed comes the
    same, up to rounding, whoever works out the gradients.

    Args:
        histories: to learn from; those who heard nothing do not count.
        setting: what is chosen.
        seed: of the first weights, of the order of listeners, and of what is left out of their histories.
        gradients: works them out; in this process unless given.
    """
    blocks, worked_out = _blocks_of(histories, setting, seed), gradients or gradients_here(setting)
    steps = max(setting.steps, min(_ROUNDS * -(-len(blocks) // setting.blocks), _MOST_STEPS))
    weights = Autoencoder.initial(histories.item_count, setting.hidden, seed)
    adam, looked = _Adam(weights, setting), max(steps // setting.looks, 1)
    for step, numbers in zip(range(steps), _dealt(len(blocks), setting, seed), strict=False):
        parts = worked_out(weights, [(blocks[number], (seed, step, number)) for number in numbers])
        adam.step(mean_gradient(parts)[1])
        if (step + 1) % looked == 0:
            yield step + 1, weights.copy()
    if not blocks:
        yield 0, weights


def gradients_here(setting: LearningSetting) -> Gradients:
    """Works out gradients in this process, block after block."""

    def gradients(weights: Autoencoder, blocks: Sequence[tuple[Histories, Place]]) -> Sequence[Gradient]:
        return [block_gradient(weights, rows, place, setting.keep) for rows, place in blocks]

    return gradients


def block_gradient(weights: Autoencoder, rows: Histories, place: Place, keep: float) -> Gradient:
    """The gradient of a block of listeners, of whose items some are left out by chance."""
    kept = np.random.default_rng(place).random(rows.items.size) < keep
    return weights.gradient(rows, kept, keep)


def _blocks_of(histories: Histories, setting: LearningSetting, seed: int) -> Blocks:
    """Listeners dealt out at random."""
    order = np.random.default_rng(seed).permutation(np.flatnonzero(np.diff(histories.offsets)))
    return [histories.of(order[start : start + setting.block]) for start in range(0, order.size, setting.block)]


def _dealt(blocks: int, setting: LearningSetting, seed: int) -> Iterator[list[int]]:
    """Numbers of the blocks of step after step, every block once a round, in another order each time."""
    for number in count() if blocks else ():
        order = np.random.default_rng((seed, number)).permutation(blocks).tolist()
        for start in range(0, blocks, setting.blocks):
            yield order[start : start + setting.blocks]


class _Adam:
    """Adam with decoupled decay of weights, in place.

    Sources: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015; Loshchilov & Hutter, "Decoupled
    weight decay regularization", ICLR 2019.
    """

    def __init__(self, weights: Autoencoder, setting: LearningSetting) -> None:
        self._weights, self._setting, self._steps = weights, setting, 0
        self._means = [np.zeros_like(array) for array in weights.arrays]
        self._squares = [np.zeros_like(array) for array in weights.arrays]

    def step(self, gradient: Autoencoder) -> None:
        self._steps += 1
        rate = self._setting.rate * np.sqrt(1.0 - _SECOND**self._steps) / (1.0 - _FIRST**self._steps)
        for weights, slope, mean, square in zip(
            self._weights.arrays, gradient.arrays, self._means, self._squares, strict=True
        ):
            _moved(mean, slope, _FIRST)
            _moved(square, slope * slope, _SECOND)
            np.multiply(weights, np.float32(1.0 - self._setting.rate * self._setting.decay), out=weights)
            np.subtract(weights, np.float32(rate) * mean / (np.sqrt(square) + np.float32(_TINY)), out=weights)


def _moved(mean: NDArray[np.float32], value: NDArray[np.float32], kept: float) -> None:
    """A running mean goes on, in place."""
    mean *= np.float32(kept)
    mean += np.float32(1.0 - kept) * value
