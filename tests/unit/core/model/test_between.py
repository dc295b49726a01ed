"""The tracks between two, taken out of a model."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.model.between import pairwise, rows_between

ROWS, DIMS = 400, 12


@pytest.fixture
def vectors() -> np.ndarray:
    drawn = np.random.default_rng(0).normal(size=(ROWS, DIMS)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def between(vectors: np.ndarray, allowed: np.ndarray | None = None, count: int = 60) -> tuple[np.ndarray, np.ndarray]:
    squared = np.square(pairwise(vectors))
    open_rows = np.ones(ROWS, dtype=bool) if allowed is None else allowed
    open_rows[[0, 1]] = False
    scales = np.ones(ROWS, dtype=np.float32)
    return rows_between(squared[0], squared[1], scales, open_rows, apart=float(squared[0, 1]), places=6, count=count)


def test_distances_are_euclidean(vectors: np.ndarray) -> None:
    expected = np.linalg.norm(vectors[:, np.newaxis] - vectors, axis=2)
    np.testing.assert_allclose(pairwise(vectors), expected, atol=2e-3)


def test_every_row_has_its_foot_on_the_line(vectors: np.ndarray) -> None:
    _, share = between(vectors)
    line = vectors[1] - vectors[0]
    np.testing.assert_allclose(share, (vectors - vectors[0]) @ line / (line @ line), atol=1e-4)


def test_rows_near_the_line_and_near_its_ends_are_found_and_what_is_barred_never(vectors: np.ndarray) -> None:
    vectors[2] = vectors[0] * 0.5 + vectors[1] * 0.5
    vectors[3] = vectors[0] * 0.99 + vectors[1] * 0.01
    allowed = np.ones(ROWS, dtype=bool)
    allowed[4:40] = False
    rows, _ = between(vectors, allowed)
    assert {2, 3} <= set(rows.tolist())
    assert not set(range(4, 40)) & set(rows.tolist())
    assert not {0, 1} & set(rows.tolist())


def test_where_fewer_are_there_all_are_found(vectors: np.ndarray) -> None:
    rows, _ = between(vectors, count=10_000)
    assert len(rows) == ROWS - 2


def test_ends_in_one_point_are_no_error(vectors: np.ndarray) -> None:
    vectors[1] = vectors[0]
    rows, share = between(vectors)
    assert len(rows) > 0
    assert np.isfinite(share).all()
