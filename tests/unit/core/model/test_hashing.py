"""Hashes, keys and probes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.model.states import family, vectors


def test_a_hash_is_the_floor_of_the_projection_in_buckets() -> None:
    hashing, rows = family(), vectors(50)
    expected = np.floor(rows.astype(np.float64) @ hashing.projections.T / hashing.bucket_length)
    np.testing.assert_array_equal(hashing.buckets(rows), expected)


def test_equal_hashes_make_equal_keys_and_tables_do_not_mix() -> None:
    hashing = family(tables=3, hashes=2)
    buckets = np.array([[0, 1, 0, 1, 0, 1], [0, 1, 5, 1, 0, 1]], dtype=np.float64)
    keys = hashing.keys_of_buckets(buckets)
    assert keys[0, 0] == keys[1, 0]
    assert keys[0, 1] != keys[1, 1]
    assert len(set(keys[0])) == 3, "the same hashes in another table are another bucket"


def test_fewer_tables_are_the_first_of_more() -> None:
    hashing, rows = family(), vectors(20)
    np.testing.assert_array_equal(hashing.first(3).keys(rows), hashing.keys(rows)[:, :3])


@given(at_once=st.integers(1, 40))
def test_keys_are_the_same_however_many_are_made_at_once(at_once: int) -> None:
    hashing, rows = family(), vectors(30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.core.model.index.hashing.ROWS_AT_ONCE", at_once)
        found = hashing.keys(rows)
    np.testing.assert_array_equal(found, hashing.keys_of_buckets(hashing.buckets(rows)))


@given(probes=st.integers(0, 40), seed=st.integers(0, 1000))
def test_probes_begin_with_the_own_buckets_and_never_repeat(probes: int, seed: int) -> None:
    hashing, vector = family(hashes=5), vectors(1, seed=seed)[0]
    keys = hashing.probe_keys(vector, probes)
    own = hashing.keys(vector[np.newaxis])[0]
    np.testing.assert_array_equal(keys[: hashing.tables], own)
    assert len(keys) == len(set(keys.tolist())) == hashing.tables * (1 + min(probes, 31))


def test_the_first_probe_crosses_the_nearest_border() -> None:
    hashing, vector = family(tables=1, hashes=4), vectors(1)[0]
    positions = hashing.positions(vector[np.newaxis])[0]
    past = positions - np.floor(positions)
    nearest = int(np.minimum(past, 1 - past).argmin())
    moved = np.floor(positions)
    moved[nearest] += -1 if past[nearest] < 0.5 else 1
    assert hashing.probe_keys(vector, 1)[1] == hashing.keys_of_buckets(moved[np.newaxis])[0, 0]
