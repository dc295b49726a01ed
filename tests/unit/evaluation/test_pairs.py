"""Samples of pairs and of examples."""

from __future__ import annotations

import numpy as np

from indexer.evaluation.labels import UNKNOWN, Codes
from indexer.evaluation.pairs import sample_examples, sample_pairs, sample_rows

ARTIST = np.array([0, 0, 1, 1, 1, UNKNOWN, UNKNOWN, 2])
CODES = Codes(ARTIST, ARTIST, ARTIST)


def test_pairs_are_of_known_artists_and_each_is_taken_once() -> None:
    pairs = sample_pairs(CODES, 0)
    same, other = (set(zip(*found, strict=True)) for found in (pairs.same, pairs.other))
    assert len(same) == len(pairs.same[0]) == 1 + 3
    assert len(other) == len(pairs.other[0]) == 6 * 5 // 2 - 4
    assert all(ARTIST[one] == ARTIST[two] != UNKNOWN for one, two in same)
    assert all(ARTIST[one] != ARTIST[two] for one, two in other)


def test_only_finite_distances_are_kept_ascending() -> None:
    distances = np.arange(64.0).reshape(8, 8)
    distances[0, 1] = np.inf
    same, _ = sample_pairs(CODES, 0).distances(distances)
    assert list(same) == sorted(same)
    assert len(same) == 3


def test_examples_are_by_different_artists() -> None:
    chosen = sample_examples(CODES, np.array([0, 1, 2, 3, 4]), 0, count=8)
    assert len(chosen) == 2
    assert len(set(ARTIST[chosen])) == 2


def test_rows_are_drawn_once_and_never_more_than_there_are() -> None:
    assert sample_rows(5, 9, 0) == [0, 1, 2, 3, 4]
    assert len(set(sample_rows(100, 20, 0))) == 20
