"""Hash tables in flat arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indexer.core.model.index.tables import Tables

KEYS = arrays.arrays(np.int64, st.tuples(st.integers(1, 30), st.just(3)), elements=st.integers(-5, 5))


@given(keys=KEYS, asked=st.lists(st.integers(-7, 7), min_size=1, max_size=6, unique=True))
def test_candidates_are_all_rows_with_one_of_the_keys(keys: np.ndarray, asked: list[int]) -> None:
    expected = [row for row, own in enumerate(keys) if set(own.tolist()) & set(asked)]
    found = Tables.build(keys).candidates(np.array(asked, dtype=np.int64))
    assert found.tolist() == expected


@given(keys=KEYS, split=st.integers(0, 30))
def test_merged_tables_equal_those_built_at_once(keys: np.ndarray, split: int) -> None:
    first = min(split, len(keys))
    merged = Tables.build(keys[:first]).merged(keys[first:], first)
    whole = Tables.build(keys)
    np.testing.assert_array_equal(merged.keys, whole.keys)
    np.testing.assert_array_equal(merged.starts, whole.starts)
    np.testing.assert_array_equal(merged.rows, whole.rows)


@given(keys=KEYS, split=st.integers(0, 30))
def test_tables_merged_into_empty_ones_keep_their_rows(keys: np.ndarray, split: int) -> None:
    first = min(split, len(keys))
    merged = Tables.empty().merged(keys[:first], 100).merged(keys[first:], 100 + first)
    whole = Tables.build(keys, np.arange(100, 100 + len(keys), dtype=np.int32))
    np.testing.assert_array_equal(merged.keys, whole.keys)
    np.testing.assert_array_equal(merged.rows, whole.rows)


def test_the_largest_bucket_is_counted() -> None:
    assert Tables.build(np.array([[1], [1], [2]], dtype=np.int64)).largest_bucket == 2


@given(seed=st.integers(0, 100), spread=st.sampled_from([2**12, 2**40, 2**63 - 1]))
def test_many_keys_are_found_as_few_are(seed: int, spread: int) -> None:
    generator = np.random.default_rng(seed)
    keys = np.unique(generator.integers(-spread, spread, size=(3_000, 2)))
    tables = Tables(keys, np.arange(len(keys) + 1), np.arange(len(keys), dtype=np.int32))
    asked = np.concatenate([generator.choice(keys, 50), generator.integers(-spread, spread, size=50), [-(2**63)]])
    expected = [int(np.searchsorted(keys, key)) for key in asked if key in keys]
    assert sorted(tables.entries(asked).tolist()) == sorted(expected)
