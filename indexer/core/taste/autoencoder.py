"""A denoising autoencoder of listening: from what a listener heard to how likely each item is to be heard by them.

Of the items that were heard, half are left out at random, and a hidden layer learns to tell all of them from the rest,
as draws from one multinomial distribution over all items.

Source: Liang, Krishnan, Hoffman, Jebara, "Variational autoencoders for collaborative filtering", WWW 2018 (Mult-DAE).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories

Array = NDArray[np.float32]

_CHUNK = 256
"""Listeners who are answered at a time."""


@dataclass(frozen=True, eq=False)
class Autoencoder:
    """Weights of one hidden layer of tanh, float32.

    Attributes:
        inward: shape (items, hidden), from what was heard to the hidden layer.
        inward_bias: shape (hidden,).
        outward: shape (items, hidden), from the hidden layer to every item.
        outward_bias: shape (items,).
    """

    inward: Array
    inward_bias: Array
    outward: Array
    outward_bias: Array

    @classmethod
    def initial(cls, items: int, hidden: int, seed: int) -> Autoencoder:
        """Before anything is learnt: uniform weights as Glorot & Bengio (AISTATS 2010) have them, no biases."""
        draw = np.random.default_rng(seed)
        limit = np.sqrt(6.0 / (items + hidden))
        inward, outward = (draw.uniform(-limit, limit, (items, hidden)).astype(np.float32) for _ in range(2))
        return cls(inward, np.zeros(hidden, np.float32), outward, np.zeros(items, np.float32))

    @property
    def arrays(self) -> tuple[Array, Array, Array, Array]:
        """All weights, in the order of the attributes."""
        return self.inward, self.inward_bias, self.outward, self.outward_bias

    def copy(self) -> Autoencoder:
        """Weights that stay as they are when these are learnt on."""
        return Autoencoder(*(array.copy() for array in self.arrays))

    def scores(self, rows: Histories) -> Array:
        """Logarithms of likelihoods but for a constant of each listener: shape (listeners, items)."""
        scores = np.empty((len(rows), len(self.outward)), np.float32)
        for start in range(0, len(rows), _CHUNK):
            some = range(start, min(start + _CHUNK, len(rows)))
            items, heard = _spread(rows.of(some), None)
            scores[start : some.stop] = self._hidden(items, heard) @ self.outward.T + self.outward_bias
        return scores

    def gradient(self, rows: Histories, kept: NDArray[np.bool_] | None = None, keep: float = 1.0) -> Gradient:
        """How the loss of some listeners changes with the weights.

        The loss is the negative logarithm of the likelihood of all that each of them heard, summed; how often they
        heard it is not looked at. Only the rows of items that they heard take part in the way inward.

        Args:
            rows: of listeners.
            kept: shape (entries,), which of their items are shown; all of them where None.
            keep: share of the items that is kept by chance; what is shown is so much stronger. Above 0, at most 1.
        """
        items, heard = _spread(rows, kept)
        heard /= np.float32(keep)
        hidden = self._hidden(items, heard)
        scores: Array = hidden @ self.outward.T + self.outward_bias
        listeners, wanted = rows.listeners_of_entries(), np.diff(rows.offsets).astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        told = scores[listeners, rows.items]
        np.exp(scores, out=scores)
        total = scores.sum(axis=1)
        loss = float(wanted @ np.log(total)) - float(told.sum(dtype=np.float64))
        scores *= (wanted / total)[:, np.newaxis]
        scores[listeners, rows.items] -= 1.0
        back: Array = (scores @ self.outward) * (np.float32(1.0) - hidden * hidden)
        inward: Array = heard.T @ back
        return Gradient(len(rows), loss, items, inward, back.sum(axis=0), scores.T @ hidden, scores.sum(axis=0))

    def _hidden(self, items: NDArray[np.int32], heard: Array) -> Array:
        """Shape (listeners, hidden)."""
        hidden: Array = np.tanh(heard @ self.inward[items] + self.inward_bias)
        return hidden


@dataclass(frozen=True, eq=False)
class Gradient:
    """Of the loss of some listeners by the weights, summed over them.

    Attributes:
        listeners: how many they are.
        loss: the sum of theirs.
        items: shape (touched,), int32, ascending; the rows of `inward` that are not 0.
        inward: shape (touched, hidden).
        inward_bias, outward, outward_bias: as of the weights.
    """

    listeners: int
    loss: float
    items: NDArray[np.int32]
    inward: Array
    inward_bias: Array
    outward: Array
    outward_bias: Array


def mean_gradient(parts: Sequence[Gradient]) -> tuple[float, Autoencoder]:
    """The loss for each listener and its gradient, of one part or more; added up in their order."""
    first, listeners = parts[0], max(sum(part.listeners for part in parts), 1)
    inward = np.zeros_like(first.outward)
    total = Autoencoder(inward, *(np.zeros_like(array) for array in _all_but_inward(first)))
    for part in parts:
        inward[part.items] += part.inward / np.float32(listeners)
        for array, more in zip(total.arrays[1:], _all_but_inward(part), strict=True):
            np.add(array, more / np.float32(listeners), out=array)
    return sum(part.loss for part in parts) / listeners, total


def _all_but_inward(part: Gradient) -> tuple[Array, Array, Array]:
    return part.inward_bias, part.outward, part.outward_bias


def _spread(rows: Histories, kept: NDArray[np.bool_] | None) -> tuple[NDArray[np.int32], Array]:
    """Items that are shown of anybody, ascending, and who heard them: shape (listeners, those items), rows of length 1.

    The length is that of the whole row, whatever of it is shown.
    """
    strengths = (1.0 / np.sqrt(np.maximum(np.diff(rows.offsets), 1))).astype(np.float32)
    listeners, items = rows.listeners_of_entries(), rows.items
    if kept is not None:
        listeners, items = listeners[kept], items[kept]
    shown, place = np.unique(items, return_inverse=True)
    heard = np.zeros((len(rows), shown.size), np.float32)
    heard[listeners, place] = strengths[listeners]
    return shown.astype(np.int32), heard
