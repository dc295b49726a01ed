"""What runs in Spark's workers for the joins, without Spark."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.model.index.exact import NeighbourLists
from indexer.core.model.index.hashing import HashFamily
from indexer.spark.baseline import candidate_share
from indexer.spark.lists import BLOCK, spans
from indexer.spark.lsh import coarser
from indexer.spark.lsh_join import followed, groups_of
from indexer.spark.neighbours import complete


def _vectors(tracks: int, dims: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(tracks, dims)).astype(np.float32)


def _family(hashes: int, tables: int, dims: int = 6) -> HashFamily:
    drawn = np.random.default_rng(3).normal(size=(hashes * tables, dims))
    return HashFamily(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), tables, 1.0)


def test_full_buckets_are_split_and_every_track_stays_in_one_group_a_table() -> None:
    vectors, family = _vectors(500), _family(hashes=1, tables=4)
    groups = groups_of(family.keys(vectors), vectors, family, most=40)
    assert groups.largest <= 40
    assert len(groups.members) == 500 * 4
    for row in (0, 250, 499):
        for group in groups.of_row[row]:
            assert row in groups.members[groups.starts[group] : groups.starts[group + 1]]


def test_a_split_keeps_near_tracks_together() -> None:
    vectors, family = _vectors(600), _family(hashes=1, tables=6)
    groups = groups_of(family.keys(vectors), vectors, family, most=50)
    apart = np.linalg.norm(vectors[0] - vectors, axis=1)
    assert apart[groups.met(0)].mean() < apart.mean()


def test_a_bucket_of_copies_is_split_too() -> None:
    vectors, family = np.ones((300, 6), dtype=np.float32), _family(hashes=2, tables=2)
    assert groups_of(family.keys(vectors), vectors, family, most=16).largest <= 16


def test_whom_a_track_met_is_listed_once_with_itself() -> None:
    vectors, family = _vectors(200), _family(hashes=2, tables=8)
    keys = family.keys(vectors)
    met = groups_of(keys, vectors, family).met(5)
    np.testing.assert_array_equal(met, np.flatnonzero((keys == keys[5]).any(axis=1)))


def test_groups_of_every_table_are_its_buckets() -> None:
    vectors, family = _vectors(120), _family(hashes=3, tables=5)
    keys = family.keys(vectors)
    groups = groups_of(keys, vectors, family)
    for row, table in ((0, 0), (60, 2), (119, 4)):
        group = groups.of_row[row, table]
        own = groups.members[groups.starts[group] : groups.starts[group + 1]]
        np.testing.assert_array_equal(own, np.flatnonzero(keys[:, table] == keys[row, table]))
    assert groups.starts[-1] == 120 * 5


def test_spans_cover_every_block_once() -> None:
    blocks = [block for span in spans(300 * BLOCK + 1) for block in span]
    assert blocks == list(range(301))
    assert len(list(spans(300 * BLOCK))) > 1, "a large library is more than one job"


def test_lists_that_are_long_enough_are_not_filled_again() -> None:
    lists = NeighbourLists(np.array([[1], [0]], dtype=np.int32), np.ones((2, 1), dtype=np.float32))
    assert complete(lists, _vectors(2)) is lists
    lists.rows[0] = -1
    np.testing.assert_array_equal(complete(lists, _vectors(2)).rows, [[1], [0]])


def test_neighbours_of_neighbours_leave_out_the_track_and_gaps() -> None:
    lists = np.array([[1, 2], [3, 0], [0, -1], [1, -1]], dtype=np.int32)
    np.testing.assert_array_equal(followed(lists[0], lists, 0), [1, 2, 3])


def test_coarser_tables_use_the_first_hashes_of_each() -> None:
    vectors, family = _vectors(30), _family(hashes=5, tables=3)
    hashes = family.buckets(vectors).reshape(30, 3, 5)
    np.testing.assert_array_equal(coarser(family, 2).buckets(vectors).reshape(30, 3, 2), hashes[:, :, :2])


def test_pairs_that_meet_in_any_table_are_counted() -> None:
    hashes = np.array([[0.0, 1.0], [0.0, 2.0], [1.0, 2.0], [5.0, 7.0]])
    assert candidate_share(hashes) == pytest.approx(2 / 6)
