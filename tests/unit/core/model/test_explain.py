"""Why two tracks are near or far."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.model.explain import Explanation, explain, sound_of
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.model.similarity import Neighbour
from indexer.core.model.space.fitting import fit_transform
from indexer.core.model.space.recipe import recipe_of
from indexer.core.model.space.transform import Transform
from indexer.core.tracks import TrackId

BLOCKS = [block for block in SONIC.blocks if block.compared]
NEIGHBOUR = Neighbour(TrackId("0" * 32), 0.7, 0.99, 0.4)


@pytest.fixture(scope="module")
def library() -> np.ndarray:
    """Made-up features of 60 tracks, shape (tracks, windows, columns)."""
    generator = np.random.default_rng(0)
    tracks = generator.normal(size=(60, 1, SONIC.dims))
    return (tracks + 0.5 * generator.normal(size=(60, SONIC.windows, SONIC.dims))).astype(np.float32)


@pytest.fixture(scope="module")
def transform(library: np.ndarray) -> Transform:
    return fit_transform(library, SONIC, recipe_of(SONIC))


def test_a_track_is_brought_together_with_itself_by_every_block(transform: Transform, library: np.ndarray) -> None:
    found = _explained(transform, library[0], library[0])
    assert {block.name for block in found.blocks} == {block.name for block in BLOCKS}
    assert sum(block.share for block in found.blocks) == pytest.approx(1)
    assert all(block.likeness == pytest.approx(1) for block in found.blocks)
    assert found.apart == ()


def test_the_block_that_differs_keeps_apart(transform: Transform, library: np.ndarray) -> None:
    for name in ("mfcc", "rhythm"):
        changed = library[0].copy()
        own = SONIC.slice_of(name)
        changed[:, own] = 2 * library.mean(axis=(0, 1))[own] - changed[:, own]
        found = _explained(transform, library[0], changed)
        assert [block.name for block in found.apart] == [name]
        assert found.apart[0].likeness < -0.9
        assert len(found.together) == len(BLOCKS) - 1


def test_shares_of_random_pairs_even_out(transform: Transform, library: np.ndarray) -> None:
    pairs = [(one, other) for one in range(0, 60, 3) for other in range(1, 60, 4) if one != other]
    shares: dict[str, list[float]] = {block.name: [] for block in BLOCKS}
    for one, other in pairs:
        for block in _explained(transform, library[one], library[other]).blocks:
            shares[block.name].append(block.share)
    assert all(abs(np.mean(values)) < 0.05 for values in shares.values())


def test_it_tells_what_a_listener_would_name() -> None:
    features = np.zeros((3, SONIC.dims), dtype=np.float32)
    about = {"tempo_bpm": 120, "loudness_db": -14, "key": 9, "key_minor": 1, "key_strength": 0.8}
    for name, value in about.items():
        features[:, SONIC.columns.index(name)] = value
    sound = sound_of(SONIC, features)
    assert (sound.tempo, sound.key, sound.loudness) == (120, "A minor", -14)
    features[:, SONIC.columns.index("key")] = 6
    features[:, SONIC.columns.index("key_minor")] = 0
    assert sound_of(SONIC, features).key == "F♯ major"
    features[:, SONIC.columns.index("key_strength")] = 0.1
    features[:, SONIC.columns.index("tempo_bpm")] = 0
    assert sound_of(SONIC, features).key is None
    assert sound_of(SONIC, features).tempo is None


def test_a_profile_without_blocks_is_explained_by_distance_alone() -> None:
    features = np.ones((1, CLASSIC.dims), dtype=np.float32)
    found = explain(Transform(), CLASSIC, features, features, NEIGHBOUR)
    assert found.blocks == ()
    assert found.one.tempo is None
    assert (found.closeness, found.distance, found.euclidean) == (0.99, 0.7, 0.4)


def _explained(transform: Transform, one: np.ndarray, other: np.ndarray) -> Explanation:
    return explain(transform, SONIC, one, other, NEIGHBOUR)
