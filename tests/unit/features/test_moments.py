"""Window statistics against their textbook definitions."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from indexer.features.moments import correlations, moments, split


def frames(count: int = 90, columns: int = 4) -> np.ndarray:
    return np.random.default_rng(3).gamma(2.0, size=(count, columns)).astype(np.float32)


def test_moments_equal_their_definitions() -> None:
    values = frames()
    mean, sd, skew, p10, p50, p90, delta = moments(values[None])[0].reshape(7, 4)
    np.testing.assert_allclose(mean, values.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(sd, values.std(axis=0), rtol=1e-5)
    np.testing.assert_allclose(skew, scipy.stats.skew(values, axis=0), rtol=1e-4)
    for ours, share in ((p10, 0.1), (p50, 0.5), (p90, 0.9)):
        np.testing.assert_allclose(ours, np.quantile(values, share, axis=0, method="nearest"))
    np.testing.assert_allclose(delta, np.diff(values, axis=0).std(axis=0), rtol=1e-5)


def test_correlations_are_the_upper_triangle() -> None:
    values = frames()
    expected = np.corrcoef(values.T)[np.triu_indices(4, k=1)]
    np.testing.assert_allclose(correlations(values[None])[0], expected, atol=1e-5)


def test_a_constant_column_has_no_skew_and_no_correlations() -> None:
    values = frames()
    values[:, 1] = 7.3
    assert moments(values[None])[0].reshape(7, 4)[2, 1] == 0
    np.testing.assert_array_equal(correlations(values[None])[0][[0, 3, 4]], 0)


@pytest.mark.parametrize("count", [1, 5, 71, 72, 100])
def test_split_gives_equal_windows_of_any_series(count: int) -> None:
    windows = split(frames(count), 3)
    assert windows.shape[0] == 3
    assert windows.shape[1] >= 24
    np.testing.assert_array_equal(windows[0, 0], frames(count)[0])


def test_split_keeps_the_order() -> None:
    windows = split(np.arange(92, dtype=np.float32), 3)
    np.testing.assert_array_equal(windows.ravel(), np.arange(90))
