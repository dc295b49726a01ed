"""Search through the tables against search by force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.model.index.exact import exact_lists
from indexer.core.model.index.recall import measure, recall_of
from indexer.core.model.index.search import SearchIndex
from tests.unit.core.model import states


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 60), k=st.integers(1, 70), seed=st.integers(0, 1000))
def test_as_many_as_there_are_in_order_of_distance(count: int, k: int, seed: int) -> None:
    rows = states.vectors(count, seed=seed)
    found, distances = _search(rows).nearest(rows[0], k)
    assert len(found) == len(set(found.tolist())) == min(k, count)
    assert found[0] == 0
    assert distances[0] == 0
    assert np.all(np.diff(distances) >= 0)


def test_asking_for_all_is_search_by_force() -> None:
    rows = states.vectors(80)
    query = states.vectors(1, seed=9)[0]
    assert _search(rows).nearest(query, 80)[0].tolist() == states.by_force(rows, query, 80)


def test_excluded_rows_are_never_found() -> None:
    rows = states.vectors(30)
    allowed = np.ones(30, dtype=bool)
    allowed[[0, 6, 12]] = False
    found, _ = _search(rows).nearest(rows[0], 30, allowed)
    assert len(found) == 27
    assert allowed[found].all()


def test_a_library_of_equal_vectors_is_found_by_row() -> None:
    rows = np.repeat(states.vectors(1), 40, axis=0)
    found, distances = _search(rows).nearest(rows[0], 10)
    assert found.tolist() == list(range(10))
    assert not distances.any()


def test_recall_counts_what_was_found_of_the_truth() -> None:
    truth = np.array([[0.1, 0.2], [0.1, 0.4]], dtype=np.float32)
    assert recall_of(truth, truth) == 1.0
    assert recall_of(np.array([[0.1, 0.5], [0.3, np.inf]], dtype=np.float32), truth) == 0.5


def test_measured_recall_is_that_of_the_answers() -> None:
    rows = states.vectors(400, dims=16)
    index, asked = _search(rows), np.arange(0, 400, 7)
    truth = exact_lists(rows, 10, asked).distances
    quality = measure(index, asked, truth, 10)
    hits = 0
    for position, row in enumerate(asked):
        others = np.arange(len(rows)) != row
        found = index.nearest(rows[row], 10, others)[1]
        hits += int((found <= truth[position, -1] + 1e-6).sum())
    assert quality.recall == hits / truth.size
    assert 0 < quality.candidate_share < 1
    assert quality.sample == len(asked)


def test_a_small_library_is_compared_with_all_and_so_it_is_measured() -> None:
    rows = states.vectors(400, dims=16)
    asked = np.arange(400)
    quality = measure(SearchIndex(states.index(rows)), asked, exact_lists(rows, 10).distances)
    assert (quality.recall, quality.candidate_share) == (1.0, 1.0)


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 300), k=st.integers(1, 60), chunk=st.integers(1, 70), seed=st.integers(0, 100))
def test_lists_hold_the_nearest_comparable_whatever_the_chunks(count: int, k: int, chunk: int, seed: int) -> None:
    rows = states.vectors(count, seed=seed)
    rows[-10:] = rows[-1]  # copies, which go by row
    comparable = np.random.default_rng(seed).random(count) < 0.8
    asking = np.arange(0, count, 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.core.model.index.exact.CHUNK", chunk)
        patch.setattr("indexer.core.model.index.exact.ROWS_AT_ONCE", 7)
        lists = exact_lists(rows, k, asking, comparable)
    assert lists.rows.shape == lists.distances.shape == (len(asking), min(k, count - 1))
    for row, found, distances in zip(asking, lists.rows, lists.distances, strict=True):
        others = np.flatnonzero(comparable & (np.arange(count) != row))
        expected = others[states.by_force(rows[others], rows[row], lists.rows.shape[1])]
        assert found[: len(expected)].tolist() == expected.tolist()
        assert (found[len(expected) :] == -1).all()
        assert np.isinf(distances[len(expected) :]).all()


def test_one_row_has_no_neighbour_and_none_no_list() -> None:
    assert exact_lists(states.vectors(1), 5).rows.shape == (1, 0)
    assert exact_lists(states.vectors(2)[:0], 5).rows.shape == (0, 0)


def _search(rows: states.Vectors) -> SearchIndex:
    """Looks into the tables, however few rows there are."""
    return SearchIndex(states.index(rows), exact_below=0)
