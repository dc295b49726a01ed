"""Who is learnt from, who chooses, and who is asked about: nobody is two of these.

Strong generalisation: validation and test listeners are held out wholly; a part of what each played is shown to a
method that never saw the listener, and the rest is what it should find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.held_out import HeldOut
from indexer.core.taste.histories import Histories
from indexer.evaluation.taste.data import Content, Data, content_of
from indexer.history.reading import HistoryUnreadable

FEWEST_ITEMS = 5
"""A listener of fewer items takes no part: too little to show and to find."""

_MOST_VALIDATION, _MOST_TEST = 200, 400
_VALIDATION_SHARE, _TEST_SHARE = 0.13, 0.26
_UNHEARD_SHARE = 0.2
_MOST_FEWEST, _LISTENERS_FOR_ONE = 5, 180
"""An item counts with 5 listeners where there are 900 to learn from, and with 1 where there are 180."""


@dataclass(frozen=True, eq=False)
class Question:
    """What listeners are shown to have played, and what is to be found.

    Attributes:
        listeners: shape (listeners,), their rows in the data, so that intervals can resample people.
        shown: what a method sees of them.
        right: what they played besides; nobody's is empty.
        left_out: items that are not ranked for anybody, shape (items,).
        only_shown: what a listener is shown to have played is ranked, else all but that.
    """

    listeners: NDArray[np.intp]
    shown: Histories
    right: Histories
    left_out: NDArray[np.intp]
    only_shown: bool = False


@dataclass(frozen=True, eq=False)
class Split:
    """One way to deal out the data.

    Attributes:
        items: shape (items,), which of the data's take part; histories below count from 0 within them.
        train: listeners to learn from, in random order.
        validation: by whom settings are chosen.
        test: by whom methods are judged.
        content: of the items, made without taggings of validation and test listeners; None without any.
        whole: what is learnt from once a setting is chosen; None where that is the same.
    """

    items: NDArray[np.intp]
    train: Histories
    validation: Question
    test: Question
    content: Content | None
    whole: Histories | None = None


def fewest_listeners(learnt_from: int) -> int:
    """How many listeners an item needs to take part, where nobody says."""
    return int(np.clip(learnt_from // _LISTENERS_FOR_ONE, 1, _MOST_FEWEST))


def strong_split(data: Data, seed: int, fewest: int | None = None) -> Split:
    """Listeners dealt out by a seed: 200 for validation and 400 for the test, or 13 and 26 of 100 where there are few.

    Args:
        data: what is dealt out.
        seed: of listeners and of what is shown of them.
        fewest: listeners to learn from that an item needs to take part; by `fewest_listeners` unless given.

    Raises:
        HistoryUnreadable: there are too few listeners to learn from any, or to ask about any.
    """
    generator = np.random.default_rng(seed)
    validation, test, learnt = _dealt(data, generator)
    if not validation.size or not test.size:
        raise HistoryUnreadable("history-few", file=data.name)
    needed = fewest_listeners(learnt.size) if fewest is None else fewest
    popularity = np.bincount(data.histories.of(learnt).items, minlength=data.histories.item_count)
    items = np.flatnonzero(popularity >= needed)
    return Split(
        items,
        of_items(data.histories.of(learnt), items),
        _folded(data, validation, items, generator),
        _folded(data, test, items, generator),
        content_of(data, items, np.concatenate([validation, test])),
    )


def never_judging(data: Data, seeds: Sequence[int]) -> Histories:
    """Those who are test listeners with none of the seeds, for choices that are made once for all of them.

    Of the items, those that enough of them played take part.
    """
    dealt = [_dealt(data, np.random.default_rng(seed)) for seed in seeds]
    others = np.concatenate([np.concatenate([validation, learnt]) for validation, _, learnt in dealt])
    rows = data.histories.of(np.setdiff1d(others, np.concatenate([test for _, test, _ in dealt])))
    popularity = np.bincount(rows.items, minlength=rows.item_count)
    return of_items(rows, np.flatnonzero(popularity >= fewest_listeners(len(rows))))


def unheard_split(data: Data, seed: int, fewest: int | None = None) -> Split:
    """The same listeners, with a fifth of the items taken from all who are learnt from; only those items are ranked."""
    whole = strong_split(data, seed, fewest)
    generator = np.random.default_rng([seed, 1])
    count = max(round(_UNHEARD_SHARE * whole.items.size), 1)
    unheard = np.sort(generator.permutation(whole.items.size)[:count])
    heard = np.setdiff1d(np.arange(whole.items.size), unheard)

    def asked(question: Question) -> Question:
        rows = of_items(data.histories.of(question.listeners), whole.items)
        return _kept(Question(question.listeners, _only(rows, heard), _only(rows, unheard), heard))

    train = _only(whole.train, heard)
    return Split(whole.items, train, asked(whole.validation), asked(whole.test), whole.content)


def first_listeners(split: Split, count: int) -> Split:
    """The same questions with only so many listeners to learn from."""
    return Split(split.items, split.train.of(range(count)), split.validation, split.test, split.content)


def of_items(histories: Histories, items: NDArray[np.intp]) -> Histories:
    """Histories of these items alone, which are counted from 0 in their order."""
    place = np.full(histories.item_count, -1, np.int64)
    place[items] = np.arange(items.size)
    kept = place[histories.items] >= 0
    listeners = histories.listeners_of_entries()[kept]
    shape = (len(histories), items.size)
    return Histories.of_entries(listeners, place[histories.items[kept]], histories.plays[kept], shape)


def _dealt(data: Data, generator: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Listeners for validation, for the test, and to learn from, each in random order."""
    dealt = generator.permutation(np.flatnonzero(np.diff(data.histories.offsets) >= FEWEST_ITEMS))
    validation = min(_MOST_VALIDATION, round(_VALIDATION_SHARE * dealt.size))
    test = min(_MOST_TEST, round(_TEST_SHARE * dealt.size))
    return dealt[:validation], dealt[validation : validation + test], dealt[validation + test :]


def _only(histories: Histories, items: NDArray[np.intp]) -> Histories:
    """The same items, with plays of these alone."""
    kept = np.isin(histories.items, items)
    shape = (len(histories), histories.item_count)
    return Histories.of_entries(
        histories.listeners_of_entries()[kept], histories.items[kept], histories.plays[kept], shape
    )


def _folded(
    data: Data, listeners: NDArray[np.intp], items: NDArray[np.intp], generator: np.random.Generator
) -> Question:
    """A part of what each played is shown, drawn at random."""
    held = HeldOut.of(of_items(data.histories.of(listeners), items), generator)
    return Question(listeners[held.rows], held.known, held.wanted, np.empty(0, np.intp))


def _kept(question: Question) -> Question:
    """Without listeners of whom nothing is shown, or nothing is to be found."""
    useful = np.flatnonzero((np.diff(question.shown.offsets) > 0) & (np.diff(question.right.offsets) > 0))
    return Question(question.listeners[useful], question.shown.of(useful), question.right.of(useful), question.left_out)
