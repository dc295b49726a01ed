"""What listeners played later: the last fifth of each one's plays is to be found by what came before.

Repeats are asked apart from what is new to a listener: most of what people play they played before, so that together
the first would hide how well the second is answered. A setting is chosen by the last fifth of what came before, so
that nothing that judges is looked at, and one listener alone can be measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories
from indexer.core.taste.weights import DAY, Plays
from indexer.evaluation.taste.data import Content, Data, content_of
from indexer.evaluation.taste.methods import Method, Scorer, Scores
from indexer.evaluation.taste.splits import FEWEST_ITEMS, Question, Split

LATER = 0.2
"""Share of each listener's plays, the last ones, that is to be found."""

_HALF_LIVES = (7.0, 30.0, 180.0, np.inf)
"""Days."""


@dataclass(frozen=True, eq=False)
class Dated(Histories):
    """Histories that say when.

    Attributes:
        last: shape (entries,), float64; when each item was played last, seconds since 1970.
        began: shape (listeners,), float64; when the time begins that is asked about.
    """

    last: NDArray[np.float64]
    began: NDArray[np.float64]

    @classmethod
    def of_plays(cls, parts: Sequence[Plays], item_count: int) -> Dated:
        """How often each item was played and when last, and the end of each part; what was skipped is no play."""
        listened = [(part.items[part.heard >= 0], part.at[part.heard >= 0]) for part in parts]
        listeners = np.repeat(np.arange(len(parts)), [items.size for items, _ in listened])
        items = np.concatenate([np.empty(0, np.int32), *(items for items, _ in listened)])
        times = np.concatenate([np.empty(0), *(times for _, times in listened)])
        rows = Histories.of_entries(listeners, items, np.ones(items.size), (len(parts), item_count))
        keys, place = np.unique(listeners * item_count + items, return_inverse=True)
        last = np.full(keys.size, -np.inf)
        np.maximum.at(last, place, times)
        began = np.array([part.at[-1] if len(part) else 0.0 for part in parts])
        return cls(rows.offsets, rows.items, rows.plays, item_count, last, began)


def splits_by_time(data: Data) -> tuple[Split | None, Split | None]:
    """What is new to listeners, and what they play again; None where nobody plays such a thing later.

    New to a listener can only be what another one played before: with one listener alone nothing is.
    Only items that somebody played before take part, and what is known of them by their names, not by listeners' tags.
    """
    before = [plays.before(_cut(len(plays))) for plays in data.plays]
    earlier = [plays.before(_cut(len(plays))) for plays in before]
    after = [plays.after(_cut(len(plays))) for plays in data.plays]
    between = [plays.after(_cut(len(plays))) for plays in before]
    count = data.histories.item_count
    first, whole = (Dated.of_plays(parts, count) for parts in (earlier, before))
    if not first.items.size:
        return None, None
    content = content_of(data, np.arange(count), np.arange(len(data.histories)))

    def split(*, again: bool) -> Split | None:
        validation, test = _asked(first, between, again=again), _asked(whole, after, again=again)
        useful = validation.listeners.size and test.listeners.size
        return Split(np.arange(count), first, validation, test, content, whole) if useful else None

    return split(again=False), split(again=True)


def _cut(plays: int) -> int:
    return int(np.ceil(plays * (1.0 - LATER)))


def _asked(known: Dated, later: Sequence[Plays], *, again: bool) -> Question:
    """Of listeners who know enough and play something of the kind that is asked for."""
    played = np.unique(known.items)
    rows, right = [], []
    for listener, plays in enumerate(later):
        own = known.row(listener)[0]
        items = np.unique(plays.items[plays.heard >= 0]).astype(np.int32)
        items = np.intersect1d(items, own) if again else np.setdiff1d(np.intersect1d(items, played), own)
        if own.size >= FEWEST_ITEMS and items.size:
            rows.append(listener)
            right.append((items.astype(np.int32), np.ones(items.size, np.float32)))
    listeners = np.array(rows, np.intp)
    never = np.setdiff1d(np.arange(known.item_count), played)
    wanted = Histories.of_rows(right, known.item_count)
    return Question(listeners, _rows_of(known, listeners), wanted, never, only_shown=again)


def _rows_of(known: Dated, listeners: NDArray[np.intp]) -> Dated:
    rows = known.of(listeners)
    lasts = [known.last[known.offsets[row] : known.offsets[row + 1]] for row in listeners]
    last = np.concatenate([np.empty(0), *lasts])
    return Dated(rows.offsets, rows.items, rows.plays, rows.item_count, last, known.began[listeners])


@dataclass(frozen=True, eq=False)
class Recency:
    """What was played last, first; what a listener does not know by how much others played it lately."""

    lately: NDArray[np.float64]

    @classmethod
    def fit(cls, train: Histories, half_life: float) -> Recency:
        """Learn how much each item is played, a listener's part halved by its age."""
        assert isinstance(train, Dated)  # noqa: S101 - Method.needs_times
        ages = np.maximum(train.began.max(initial=0.0) - train.last, 0.0) / DAY
        lately = np.bincount(train.items, np.exp2(-ages / half_life), train.item_count)
        return cls(lately / max(float(lately.max(initial=0.0)), 1.0))

    def scores(self, rows: Histories) -> Scores:
        assert isinstance(rows, Dated)  # noqa: S101
        scores = np.tile(self.lately, (len(rows), 1)).astype(np.float32)
        listeners = rows.listeners_of_entries()
        order = np.lexsort((rows.last, listeners))
        place = np.arange(order.size) - rows.offsets[listeners]
        scores[listeners, rows.items[order]] = 2.0 + place  # above all that others played
        return scores


def _recency(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:  # noqa: ARG001
    for half_life in _HALF_LIVES:
        yield f"half-life {half_life:g} days", Recency.fit(train, half_life)


RECENCY = Method(
    "recency", "recency", "what was played last; of others what is played lately", _recency, needs_times=True
)
