"""Search through the tables against search by force."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.model.index.recall import exact_distances, measure, recall_of
from tests.unit.core.model import states


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 60), k=st.integers(1, 70), seed=st.integers(0, 1000))
def test_as_many_as_there_are_in_order_of_distance(count: int, k: int, seed: int) -> None:
    rows = states.vectors(count, seed=seed)
    found, distances = states.index(rows).nearest(rows[0], k)
    assert len(found) == len(set(found.tolist())) == min(k, count)
    assert found[0] == 0
    assert distances[0] == 0
    assert np.all(np.diff(distances) >= 0)


def test_asking_for_all_is_search_by_force() -> None:
    rows = states.vectors(80)
    query = states.vectors(1, seed=9)[0]
    assert states.index(rows).nearest(query, 80)[0].tolist() == states.by_force(rows, query, 80)


def test_excluded_rows_are_never_found() -> None:
    rows = states.vectors(30)
    excluded = np.zeros(30, dtype=bool)
    excluded[[0, 6, 12]] = True
    found, _ = states.index(rows).nearest(rows[0], 30, excluded)
    assert len(found) == 27
    assert not excluded[found].any()


def test_a_library_of_equal_vectors_is_found_by_row() -> None:
    rows = np.repeat(states.vectors(1), 40, axis=0)
    found, distances = states.index(rows).nearest(rows[0], 10)
    assert found.tolist() == list(range(10))
    assert not distances.any()


def test_recall_counts_what_was_found_of_the_truth() -> None:
    truth = np.array([[0.1, 0.2], [0.1, 0.4]], dtype=np.float32)
    assert recall_of(truth, truth) == 1.0
    assert recall_of(np.array([[0.1, 0.5], [0.3, np.inf]], dtype=np.float32), truth) == 0.5


def test_measured_recall_is_that_of_the_answers() -> None:
    rows = states.vectors(400, dims=16)
    index, asked = states.index(rows, probes=3), np.arange(0, 400, 7)
    truth = exact_distances(rows, asked, 10)
    quality = measure(index, asked, truth)
    hits = 0
    for position, row in enumerate(asked):
        others = np.arange(len(rows)) == row
        found = index.nearest(rows[row], 10, others)[1]
        hits += int((found <= truth[position, -1] + 1e-6).sum())
    assert quality.recall == hits / truth.size
    assert 0 < quality.candidate_share < 1
    assert quality.sample == len(asked)
