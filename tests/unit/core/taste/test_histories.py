from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.taste.histories import Histories

ENTRIES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(1, 9)), max_size=40)


def _of(entries: list[tuple[int, int, int]]) -> Histories:
    listeners, items, plays = np.array(entries, np.int64).reshape(-1, 3).T
    return Histories.of_entries(listeners, items, plays.astype(np.float64), (6, 9))


@given(ENTRIES)
def test_entries_come_back_added_up_and_in_order(entries: list[tuple[int, int, int]]) -> None:
    histories = _of(entries)
    wanted = np.zeros((6, 9))
    for listener, item, plays in entries:
        wanted[listener, item] += plays
    assert len(histories) == 6
    for listener in range(6):
        items, plays = histories.row(listener)
        assert items.tolist() == np.flatnonzero(wanted[listener]).tolist()
        assert plays.tolist() == wanted[listener, items].tolist()


@given(ENTRIES, st.lists(st.integers(0, 5), max_size=6))
def test_some_listeners_are_those_rows(entries: list[tuple[int, int, int]], chosen: list[int]) -> None:
    histories = _of(entries)
    some = histories.of(chosen)
    assert len(some) == len(chosen)
    assert some.item_count == 9
    for place, listener in enumerate(chosen):
        for ours, theirs in zip(some.row(place), histories.row(listener), strict=True):
            assert ours.tolist() == theirs.tolist()
    assert some.listeners_of_entries().size == some.items.size
