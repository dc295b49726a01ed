"""The one solve: how much a listener would like every item, from histories, sessions and content at once.

Rows of Z are histories of listeners, sessions and content dimensions, its columns the items. With
P = (λI + ZᵀZ)⁻¹ the weights W = I - P / diag(P) predict every item from all others, and never from itself. By the
identity of Woodbury, P = (I - ZᵀGZ) / λ with G = (λI + ZZᵀ)⁻¹, so that nothing of items by items is ever made: with
h = diag(ZᵀGZ) and u = ZᵀGZx, the scores of a listener x are (u - h·x) / (1 - h).

Sources: Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019 (W); Jeunen, Van Balen, Goethals,
"Closed-form models for collaborative filtering with side-information", RecSys 2020 (content as rows); Hager,
"Updating the inverse of a matrix", SIAM Review 31 (1989).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories

Heard = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Items of a listener, ascending and each once, and what they weigh, negative where they were not liked."""

Sizes = tuple[tuple[str, int], ...]
"""Names with how many rows of Z have them."""

MOST_ROWS = 1_500
"""More histories than this enter as the item factors of a factorisation of all of them, as one more block: the inverse
has as many rows, and is read with every answer."""

_CHUNK = 4_096
"""Items that are spread out at a time while the inverse is made."""

_SMALLEST = 1e-9
"""The least that is left of an item that the others do not explain."""


@dataclass(frozen=True, eq=False)
class Block:
    """What is known of items besides who heard them.

    Attributes:
        name: for explanations: a block of sound, words, listeners.
        columns: shape (items, dims), float32; rows of zeros where nothing is known.
        strength: what one dimension weighs in the mean, where the row of one listener weighs 1.
    """

    name: str
    columns: NDArray[np.float32]
    strength: float = 1.0


@dataclass(frozen=True, eq=False)
class Explanation:
    """What a score is made of.

    Attributes:
        score: the score.
        plays: shape (heard,), the items of the listener that spoke for it, without itself.
        blocks: what carried it from there: histories by their name, and blocks.
        parts: shape (heard, blocks), float64; adds up to the score.
    """

    score: float
    plays: NDArray[np.int32]
    blocks: tuple[str, ...]
    parts: NDArray[np.float64]

    def strongest(self) -> tuple[int, str]:
        """The item that spoke most for it through the block that carried most; -1 and an empty name without plays.

        What is named is what a person can be told: "because you played …, which sounds like it".
        """
        if not self.plays.size:
            return -1, ""
        block = int(np.argmax(self.parts.sum(axis=0)))
        return int(self.plays[np.argmax(self.parts[:, block])]), self.blocks[block]


@dataclass(frozen=True, eq=False)
class Solve:
    """What `solve` makes, and what answers.

    Attributes:
        rows: histories and sessions, each as it weighs in Z.
        columns: shape (items, dims), float32; all blocks side by side, as they weigh.
        parts: what stretches of `rows` are called, with their sizes, in their order.
        blocks: the same of `columns`.
        regularisation: λ, > 0; in the unit of a row's squared norm.
        inverse: G, shape (rows + dims, rows + dims), float64.
        leverage: h, shape (items,), float64, from 0 (nothing is known of the item) to below 1.
    """

    rows: Histories
    columns: NDArray[np.float32]
    parts: Sizes
    blocks: Sizes
    regularisation: float
    inverse: NDArray[np.float64]
    leverage: NDArray[np.float64]

    @property
    def item_count(self) -> int:
        """How many items are scored."""
        return self.rows.item_count

    def scores(self, heard: Heard) -> NDArray[np.float32]:
        """What every item is worth to a listener, shape (items,); only differences and order mean something.

        Raises:
            IndexError: an item is none of these.
        """
        return self.judged(heard)[0]

    def judged(self, heard: Heard) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The scores, and how uncertain each is: shape (items,) each, the latter > 0 and in the unit of the former.

        Every column of W is a ridge regression of one item on the others over the rows of Z, whose noise is taken to be
        what its rows leave unexplained: the posterior's standard deviation. Source: Bishop, "Pattern recognition and
        machine learning" (2006), 3.3.2.

        Raises:
            IndexError: an item is none of these.
        """
        items, weights = heard
        left = self._left
        carried = self._spread(self.inverse @ self._seen_by_rows(heard))
        np.negative(carried, out=carried)
        carried[items] += weights
        scores = carried / -left
        scores[items] += weights
        variance = (float(weights @ carried[items]) - carried**2 / left) / (left * max(len(self.inverse), 1))
        return scores.astype(np.float32), np.sqrt(np.maximum(variance, 0.0)).astype(np.float32)

    def scores_of(self, some: Sequence[Heard]) -> NDArray[np.float32]:
        """The scores of several listeners, shape (listeners, items), in a fraction of what each takes alone.

        Raises:
            IndexError: an item is none of these.
        """
        left, count = self._left, len(self.rows)
        seen = np.stack([self._seen_by_rows(heard) for heard in some], axis=1)
        pulls = np.ascontiguousarray((self.inverse @ seen).T)
        scores: NDArray[np.float32] = pulls[:, count:].astype(np.float32) @ self.columns.T
        for one, pull, (items, weights) in zip(scores, pulls, some, strict=True):
            spread = self._with_rows(one.astype(np.float64), pull)
            spread[items] -= weights
            spread /= left
            spread[items] += weights
            one[:] = spread
        return scores

    def explain(self, heard: Heard, item: int) -> Explanation:
        """What the score of an item is made of, by play and block.

        Raises:
            IndexError: it is none of these items.
        """
        return self.explain_all(heard, [item])[0]

    def explain_all(self, heard: Heard, items: Sequence[int]) -> list[Explanation]:
        """The same of several items at once.

        Raises:
            IndexError: one is none of these items.
        """
        if not items:
            return []
        pulled = self.inverse @ np.stack([self._column(item) for item in items], axis=1)
        carried = np.concatenate([self._by_part(heard[0], pulled), self._by_block(heard[0], pulled)], axis=2)
        names = tuple(name for name, _ in (*self.parts, *self.blocks))
        found = []
        for item, parts in zip(items, carried, strict=True):
            others = heard[0] != item
            own = parts[others] * (heard[1][others].astype(np.float64) / self._left[item])[:, np.newaxis]
            found.append(Explanation(float(own.sum()), heard[0][others], names, own))
        return found

    def beside(self, item: int) -> NDArray[np.float32]:
        """What histories and sessions alone carry from an item to every other, shape (items,); zeros where it has none.

        Raises:
            IndexError: it is none of these items.
        """
        column, rows = self._column(item), len(self.rows)
        column[rows:] = 0
        pull = self.inverse @ column
        pull[rows:] = 0
        return (self._spread(pull) / self._left).astype(np.float32)

    def with_row(self, row: Heard) -> Solve:
        """The same solve with a row more at the end of the last part, as it weighs in Z; as exact as solving anew.

        With `without_last` before it, a session that goes on takes the place of what it was until now.
        """
        pull = self.inverse @ self._seen_by_rows(row)
        carried = -self._spread(pull)
        carried[row[0]] += row[1]
        surplus = self.regularisation + float(row[1] @ carried[row[0]])
        return replace(
            self,
            rows=_lengthened(self.rows, row),
            parts=_resized(self.parts, 1),
            inverse=_bordered(self.inverse, pull, surplus, len(self.rows)),
            leverage=self.leverage + carried**2 / surplus,
        )

    def without_last(self) -> Solve:
        """The same solve without its last row.

        Raises:
            ValueError: the last part has none.
        """
        if not self.parts[-1][1]:
            raise ValueError("there is no row to go without")
        last = len(self.rows) - 1
        pull = self.inverse[:, last]
        others = np.delete(pull, last)
        inverse = np.delete(np.delete(self.inverse, last, 0), last, 1) - np.outer(others, others / pull[last])
        return replace(
            self,
            rows=_shortened(self.rows),
            parts=_resized(self.parts, -1),
            inverse=inverse,
            leverage=self.leverage - self._spread(pull) ** 2 / pull[last],
        )

    def without(self, names: Collection[str]) -> Solve:
        """The same solve without the parts of these names; as exact as solving anew, and the columns are shared."""
        stays = [name not in names for name, size in self.parts for _ in range(size)]
        kept = np.array([*stays, *[True] * self.columns.shape[1]], bool)
        across = self.inverse[np.ix_(kept, ~kept)]
        inverse = self.inverse[np.ix_(kept, kept)]
        if across.shape[1]:
            inverse = inverse - across @ np.linalg.solve(self.inverse[np.ix_(~kept, ~kept)], across.T)
        rows = self.rows.of(np.flatnonzero(stays))
        left = tuple((name, size) for name, size in self.parts if name not in names)
        leverage = _leverage(rows, self.columns, inverse)
        return replace(self, rows=rows, parts=left, inverse=inverse, leverage=leverage)

    @cached_property
    def _listeners(self) -> NDArray[np.int32]:
        return self.rows.listeners_of_entries()

    @cached_property
    def _left(self) -> NDArray[np.float64]:
        """What is not explained of every item: 1 - h."""
        left: NDArray[np.float64] = np.maximum(1.0 - self.leverage, _SMALLEST)
        return left

    def _seen_by_rows(self, heard: Heard) -> NDArray[np.float64]:
        """Zx, shape (rows + dims,)."""
        items, weights = heard
        spread = np.zeros(self.item_count, np.float32)
        spread[items] = weights
        amounts = self.rows.plays * spread[self.rows.items]
        rows = np.bincount(self._listeners, weights=amounts, minlength=len(self.rows))
        return np.concatenate([rows, self.columns[items].T.astype(np.float64) @ weights])

    def _column(self, item: int) -> NDArray[np.float64]:
        """What Z holds of an item, shape (rows + dims,)."""
        entries = self._entries_of([item])
        column = np.zeros(len(self.rows))
        column[self._listeners[entries]] = self.rows.plays[entries]
        return np.concatenate([column, self.columns[item]])

    def _spread(self, pull: NDArray[np.float64]) -> NDArray[np.float64]:
        """Zᵀ times a pull of shape (rows + dims,), shape (items,)."""
        count = len(self.rows)
        return self._with_rows((self.columns @ pull[count:].astype(np.float32)).astype(np.float64), pull)

    def _with_rows(self, spread: NDArray[np.float64], pull: NDArray[np.float64]) -> NDArray[np.float64]:
        """With what histories and sessions carry added, in place."""
        if self.rows.items.size:
            amounts = self.rows.plays * pull[self._listeners]
            spread += np.bincount(self.rows.items, weights=amounts, minlength=self.item_count)
        return spread

    def _by_part(self, items: NDArray[np.int32], pulled: NDArray[np.float64]) -> NDArray[np.float64]:
        """What stretches of the rows carry from these items by each pull: shape (pulls, items, parts)."""
        entries = self._entries_of(items.tolist())
        part = np.repeat(np.arange(len(self.parts)), [size for _, size in self.parts])
        listeners, shape = self._listeners[entries], (items.size, len(self.parts))
        where = np.searchsorted(items, self.rows.items[entries]) * shape[1] + part[listeners]
        amounts = self.rows.plays[entries, np.newaxis] * pulled[listeners]
        carried = [np.bincount(where, each, shape[0] * shape[1]).reshape(shape) for each in amounts.T]
        return np.stack(carried).astype(np.float64, copy=False)

    def _by_block(self, items: NDArray[np.int32], pulled: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same of the blocks, shape (pulls, items, blocks)."""
        bounds = np.cumsum([0, *(size for _, size in self.blocks)])
        pulls = pulled[len(self.rows) :]
        known = self.columns[items]
        carried = [known[:, start:end] @ pulls[start:end] for start, end in pairwise(bounds)]
        return np.stack(carried, axis=2).swapaxes(0, 1) if carried else np.zeros((pulls.shape[1], items.size, 0))

    def _entries_of(self, items: Sequence[int]) -> NDArray[np.intp]:
        """Which entries of the rows are of these items."""
        order, starts = self._by_item
        found = [order[starts[item] : starts[item + 1]] for item in items]
        return np.concatenate([np.zeros(0, np.intp), *found])

    @cached_property
    def _by_item(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The entries of the rows by item, and where those of each begin."""
        order = np.argsort(self.rows.items, kind="stable")
        return order, np.searchsorted(self.rows.items[order], np.arange(self.item_count + 1))


def solve(rows: Histories, blocks: Sequence[Block], regularisation: float, parts: Sizes = ()) -> Solve:
    """Solve for rows of histories, as they weigh (see `indexer.core.taste.weights`), and blocks of content.

    Takes time by the square of the number of all rows, and linear in that of items; memory likewise.

    Args:
        rows: at most MOST_ROWS are advised.
        blocks: in the order in which they stand in explanations.
        regularisation: λ, > 0.
        parts: what stretches of the rows are called, with their sizes; all of them "listeners" unless told.

    Raises:
        ValueError: a block has another number of items, the sizes are not those of the rows, or λ is not above 0.
    """
    called = parts or (("listeners", len(rows)),)
    if regularisation <= 0:
        raise ValueError("the regularisation is above 0")
    if sum(size for _, size in called) != len(rows):
        raise ValueError("every row has a name")
    if any(block.columns.shape[0] != rows.item_count for block in blocks):
        raise ValueError("a block says something of every item")
    columns = _weighed(blocks, rows.item_count)
    inverse, leverage = _inverted(rows, columns, regularisation)
    sized = tuple((block.name, block.columns.shape[1]) for block in blocks)
    return Solve(rows, columns, called, sized, regularisation, inverse, leverage)


def _weighed(blocks: Sequence[Block], items: int) -> NDArray[np.float32]:
    """All blocks side by side, each scaled so that its rows of Z have the mean squared norm of its strength."""
    dims = [block.columns.shape[1] for block in blocks]
    columns = np.empty((items, sum(dims)), np.float32)
    for block, start in zip(blocks, np.cumsum([0, *dims]), strict=False):
        known = float(np.einsum("ij,ij->", block.columns, block.columns, dtype=np.float64))
        scale = np.sqrt(block.strength * block.columns.shape[1] / known) if known > 0 else 0.0
        np.multiply(block.columns, np.float32(scale), out=columns[:, start : start + block.columns.shape[1]])
    return columns


def _inverted(
    rows: Histories, columns: NDArray[np.float32], regularisation: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """G and h."""
    size = len(rows) + columns.shape[1]
    products = np.zeros((size, size))
    for _, chunk in _chunks(rows, columns):
        products += chunk @ chunk.T
    products[np.diag_indices(size)] += regularisation
    inverse: NDArray[np.float64] = np.linalg.inv(products)
    return (inverse + inverse.T) / 2, _leverage(rows, columns, inverse)


def _leverage(rows: Histories, columns: NDArray[np.float32], inverse: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (items,): of each, by its column z of Z, z'Gz, which is h."""
    leverage = np.empty(rows.item_count)
    for place, chunk in _chunks(rows, columns):
        leverage[place] = np.einsum("ij,ij->j", chunk, inverse @ chunk)
    return leverage


def _chunks(rows: Histories, columns: NDArray[np.float32]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Z in parts of shape (rows + dims, items of the part), each with its place among the items."""
    order = np.argsort(rows.items, kind="stable")
    items, listeners, weights = rows.items[order], rows.listeners_of_entries()[order], rows.plays[order]
    for start in range(0, rows.item_count, _CHUNK):
        end = min(start + _CHUNK, rows.item_count)
        chunk = np.zeros((len(rows) + columns.shape[1], end - start))
        chunk[len(rows) :] = columns[start:end].T
        first, last = np.searchsorted(items, [start, end])
        chunk[listeners[first:last], items[first:last] - start] = weights[first:last]
        yield slice(start, end), chunk


def _bordered(
    inverse: NDArray[np.float64], pulled: NDArray[np.float64], surplus: float, place: int
) -> NDArray[np.float64]:
    """The inverse with a row and a column more at `place`, where `surplus` is the Schur complement of the new one."""
    size = len(inverse) + 1
    grown = np.empty((size, size))
    old = np.delete(np.arange(size), place)
    grown[np.ix_(old, old)] = inverse + np.outer(pulled, pulled / surplus)
    grown[place, old] = grown[old, place] = -pulled / surplus
    grown[place, place] = 1.0 / surplus
    return grown


def _resized(parts: Sizes, by: int) -> Sizes:
    """With the last stretch longer by so many rows."""
    *others, (name, size) = parts
    return (*others, (name, size + by))


def _lengthened(histories: Histories, row: Heard) -> Histories:
    offsets = np.append(histories.offsets, histories.offsets[-1] + row[0].size)
    items, weights = np.append(histories.items, row[0]), np.append(histories.plays, row[1])
    return Histories(offsets, items.astype(np.int32), weights.astype(np.float32), histories.item_count)


def _shortened(histories: Histories) -> Histories:
    end = int(histories.offsets[-2])
    return Histories(histories.offsets[:-1], histories.items[:end], histories.plays[:end], histories.item_count)
