"""The features that come with the app fit the profile, and a small library is served better with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.model.space import shipped
from indexer.core.model.space.shipped import fit_library, reference, shipped_transform, write_reference
from indexer.core.model.space.transform import means_of_windows
from tests.unit.core.model.learnt import MADE_UP, features


def test_sonic_comes_with_a_reference_of_its_version() -> None:
    found = reference(SONIC)
    assert found is not None
    assert found.shape[1:] == (SONIC.windows, SONIC.dims)
    assert len(found) > 100
    assert np.all(np.isfinite(found))
    assert reference(CLASSIC) is None


def test_the_shipped_transform_serves_without_any_library() -> None:
    transform, found = shipped_transform(SONIC), reference(SONIC)
    assert transform is not None
    assert found is not None
    vectors = transform.apply(means_of_windows(found))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert shipped_transform(CLASSIC) is None


@pytest.fixture
def made_up_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    write_reference(tmp_path / "made-up-1.npz", MADE_UP, features(tracks=150, seed=9)[0])


@pytest.mark.usefixtures("made_up_reference")
def test_rounding_loses_little_and_what_is_not_compared_is_left_out() -> None:
    found, values = reference(MADE_UP), features(tracks=150, seed=9)[0]
    assert found is not None
    columns = list(MADE_UP.compared_columns)
    steps = np.ptp(values[:, :, columns], axis=(0, 1)) / 63
    assert np.all(np.abs(found[:, :, columns] - values[:, :, columns]) <= steps * 0.51)
    assert np.all(found[:, :, MADE_UP.columns.index("loudness")] == 0)


@pytest.mark.usefixtures("made_up_reference")
def test_eight_tracks_learn_from_the_reference_what_they_cannot_tell() -> None:
    few, _ = features(tracks=8, seed=3)
    many, kinds = features(tracks=120, seed=4)
    means = means_of_windows(many)

    def agreement(vectors: np.ndarray) -> float:
        apart = np.linalg.norm(vectors[:, np.newaxis] - vectors, axis=2)
        np.fill_diagonal(apart, np.inf)
        return float((kinds[np.argsort(apart, axis=1)[:, :5]] == kinds[:, np.newaxis]).mean())

    with_reference = agreement(fit_library(few, MADE_UP).apply(means))
    alone = agreement(shipped.fit_transform(few, MADE_UP, shipped.recipe_of(MADE_UP)).apply(means))
    assert with_reference > alone + 0.1
