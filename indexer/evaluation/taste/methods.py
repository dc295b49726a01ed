"""What a way of learning from listening is, so that all can be held against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories
from indexer.evaluation.taste.data import Content

Scores = NDArray[np.float32]
"""Shape (listeners, items)."""

DENSE_ITEMS = 8_000
"""Items up to which a matrix of items by items is made."""


class Scorer(Protocol):
    """What has been learnt."""

    def scores(self, rows: Histories) -> Scores:
        """What every item is worth to listeners who are known by these rows alone."""
        ...


Fit = Callable[[Histories, Content | None, int], Scorer]
"""Learns from histories and content, with a seed."""


@dataclass(frozen=True)
class Tried:
    """A setting that was measured before the others are judged.

    Attributes:
        setting: for people.
        ndcg: at 100, 0 to 1, on listeners that it was not learnt from and that judge nothing later.
        rmse: of what the same listeners played besides, in the unit of what was learnt.
        seconds: of learning.
    """

    setting: str
    ndcg: float
    rmse: float
    seconds: float


Candidates = Callable[[Histories, Content | None, int], Iterator[tuple[str, Scorer]]]
"""Settings by name with what was learnt with each; one is chosen on validation listeners."""


@dataclass(frozen=True)
class Method:
    """A way of learning from listening.

    Attributes:
        key: what the command line calls it.
        name: in tables.
        about: one line: what it does.
        candidates: learns, once for each setting.
        needs_content: it is left out where nothing is known of the items.
        needs_times: it is left out but where histories say when something was played.
        answers_unheard: it has something to say of items that nobody played.
        answers_heard: and of others; not where it is another method there.
        on_curve: it is quick enough to be learnt again for every number of listeners.
        shares_fit: the first of its candidates does most of the work for all.
        goes_on: each of its candidates is learnt on from the one before.
        is_dense: it makes a matrix of items by items.
        version: of the package that does the work; empty for our own.
        missing: why it cannot run here, and how to change that.
        tried: settings of which one was chosen beforehand, once for all; asked only where the method ran.
    """

    key: str
    name: str
    about: str
    candidates: Candidates
    needs_content: bool = False
    answers_unheard: bool = False
    answers_heard: bool = True
    needs_times: bool = False
    on_curve: bool = True
    shares_fit: bool = False
    goes_on: bool = False
    is_dense: bool = False
    version: str = ""
    missing: str = ""
    tried: Callable[[], Sequence[Tried]] | None = None


def settings(fits: Mapping[str, Fit]) -> Candidates:
    """Candidates that are each learnt by themselves."""

    def candidates(train: Histories, content: Content | None, seed: int) -> Iterator[tuple[str, Scorer]]:
        for name, fit in fits.items():
            yield name, fit(train, content, seed)

    return candidates


def matrix_of(histories: Histories) -> scipy.sparse.csr_matrix:
    """Histories as a sparse matrix of float32 of its own: all methods learn from the same plays, whatever one does."""
    shape = (len(histories), histories.item_count)
    return scipy.sparse.csr_matrix((histories.plays, histories.items, histories.offsets), shape=shape, copy=True)


def chosen_of(methods: Sequence[Method], keys: Sequence[str]) -> list[Method]:
    """Those that are called so, in the order of `methods`; all of them where none is named; of namesakes the last.

    Raises:
        ValueError: none is called so; says how they are called.
    """
    called = {method.key: method for method in methods}
    unknown = [key for key in keys if key not in called]
    if unknown:
        raise ValueError(f"No method is called {', '.join(unknown)}; there are {', '.join(sorted(called))}.")
    return [method for key, method in called.items() if not keys or key in keys]
