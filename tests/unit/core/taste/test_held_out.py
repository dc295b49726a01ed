from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.core.taste.held_out import HeldOut
from indexer.core.taste.histories import Histories

ITEMS = 12
ROWS = st.lists(st.sets(st.integers(0, ITEMS - 1)), max_size=5)


def _of(rows: list[set[int]]) -> Histories:
    return Histories.of_rows([(np.array(sorted(row), np.int32), np.ones(len(row), np.float32)) for row in rows], ITEMS)


def _held(known: Histories, wanted: Histories) -> HeldOut:
    return HeldOut(known, wanted, np.arange(len(known)))


def _ranking(*best: int) -> NDArray[np.float32]:
    scores = np.zeros((1, ITEMS), np.float32)
    scores[0, list(best)] = np.arange(len(best), 0, -1)
    return scores


@given(ROWS, st.integers(0, 3))
def test_every_item_is_on_one_side_and_no_side_is_empty(rows: list[set[int]], seed: int) -> None:
    held = HeldOut.of(_of(rows), np.random.default_rng(seed))
    parted = [
        (set(held.known.row(place)[0].tolist()), set(held.wanted.row(place)[0].tolist()))
        for place in range(len(held.known))
    ]
    assert [known | wanted for known, wanted in parted] == [row for row in rows if 0 < round(0.8 * len(row)) < len(row)]
    assert all(known and wanted and not known & wanted for known, wanted in parted)
    assert [rows[place] for place in held.rows] == [known | wanted for known, wanted in parted]


def test_ndcg_counts_places_and_leaves_out_what_is_known() -> None:
    held = _held(_of([{0}]), _of([{1, 2}]))
    ideal = 1 + 1 / np.log2(3)
    assert held.ndcg(_ranking(0, 1, 2))[0] == 1.0
    assert held.ndcg(_ranking(2, 5, 1))[0] == pytest.approx((1 + 1 / 2) / ideal)
    assert held.ndcg(_ranking(1), k=1)[0] == 1.0
    assert held.ndcg(_ranking(5, 6, 7), k=3)[0] == 0.0


@given(st.permutations(range(ITEMS)), st.sets(st.integers(0, ITEMS - 1), min_size=2, max_size=ITEMS - 1))
def test_no_order_is_better_than_the_wanted_first(order: list[int], row: set[int]) -> None:
    first, *others = sorted(row)
    held = _held(_of([{first}]), _of([set(others)]))
    assert held.ndcg(_ranking(*others, first))[0] == pytest.approx(1.0)
    assert 0.0 <= held.ndcg(_ranking(*order))[0] <= 1.0


def test_equals_are_ranked_by_item() -> None:
    held = _held(_of([{0}]), _of([{1}]))
    assert held.ndcg(np.zeros((1, ITEMS), np.float32), k=1)[0] == 1.0
    assert _held(_of([{0}]), _of([{11}])).ndcg(np.zeros((1, ITEMS), np.float32), k=10)[0] == 0.0
