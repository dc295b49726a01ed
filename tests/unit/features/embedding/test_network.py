"""A tiny network's block in the features, what it hears of a track, and a sentence for all that can be wrong."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.core.audio.samples import ANALYSIS_RATE, FloatArray
from indexer.core.model.embedding.errors import EmbeddingError, NetworkChanged, NetworkInvalid, NetworkMissing
from indexer.core.model.embedding.manifest import read_manifest
from indexer.core.model.embedding.registry import EmbeddedProfile, Registration, profile_of
from indexer.core.model.profiles import SONIC
from indexer.features.analyse import analyse
from indexer.features.embedding.network import (
    EmbeddingListener,
    EmbeddingNetwork,
    by_parts,
    embedded_windows,
    examine,
    loaded,
)
from tests.unit.features import sounds
from tests.unit.features.embedding import tiny

WINDOW = round(tiny.RATE * tiny.SECONDS)


def embedding_block(samples: FloatArray, profile: EmbeddedProfile) -> FloatArray:
    """The network's block of a track that is heard from end to end at once."""
    return analyse(samples, [profile])[profile.key][:, SONIC.dims :]


@pytest.fixture(autouse=True)
def _loaded_anew() -> None:
    loaded.cache_clear()


def test_the_block_stands_behind_those_of_sonic(tmp_path: Path) -> None:
    profile = profile_of(examine(tiny.write(tmp_path)))
    samples = sounds.music()
    features = analyse(samples, [SONIC, profile])
    both = features[profile.key]
    assert both.shape == (SONIC.windows, SONIC.dims + tiny.DIMS)
    np.testing.assert_array_equal(both[:, : SONIC.dims], features[SONIC.key])
    windows, centres = embedded_windows(samples, ANALYSIS_RATE, profile.network)
    expected = by_parts(windows, centres, len(samples) / ANALYSIS_RATE, SONIC.windows)
    np.testing.assert_array_equal(both[:, SONIC.dims :], expected)
    assert both[:, SONIC.dims :].std() > 0


def test_each_part_hears_its_own_music(tmp_path: Path) -> None:
    profile = profile_of(examine(tiny.write(tmp_path)))
    parts = [sounds.tone(220), sounds.noise(), sounds.tone(1760)]
    block = embedding_block(np.concatenate(parts), profile)
    for row, part in zip(block, parts, strict=True):
        alone = embedding_block(part, profile).mean(axis=0)
        assert np.linalg.norm(row - alone) < 0.35 * np.linalg.norm(block - alone, axis=1).max()


@pytest.mark.parametrize("layout", ["samples", "batch,samples", "batch,channel,samples"])
def test_layouts(tmp_path: Path, layout: str) -> None:
    shape = {"samples": ("n",), "batch,samples": (1, "n"), "batch,channel,samples": ("batch", 1, "n")}[layout]
    assert examine(tiny.write(tmp_path, shape=shape, layout=layout)).dims == tiny.DIMS


@pytest.mark.parametrize("element", ["FLOAT16", "DOUBLE"])
def test_other_precisions(tmp_path: Path, element: str) -> None:
    assert examine(tiny.write(tmp_path, element=element)).dims == tiny.DIMS


@pytest.mark.parametrize("seconds", [0.05, 0.5, 0.6, 40.0])
def test_tracks_of_any_length(tmp_path: Path, seconds: float) -> None:
    profile = profile_of(examine(tiny.write(tmp_path)))
    block = embedding_block(sounds.noise(seconds), profile)
    assert block.shape == (SONIC.windows, tiny.DIMS)
    assert np.isfinite(block).all()


def test_a_manifest_elsewhere(tmp_path: Path) -> None:
    model = tiny.write(tmp_path)
    moved = model.with_suffix(".json").rename(tmp_path / "other.json")
    assert examine(model, moved).name == "tiny"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"input": "sound"}, "has no input sound, but audio"),
        ({"output": "embedding"}, "has no output embedding, but features"),
        ({"shape": (1, 500)}, r"takes audio of shape \(1, 500\); batch,samples of 0\.5 s at 8000 Hz is \(1, 4000\)"),
        ({"shape": (1, 1, "n")}, r"takes audio of shape \(1, 1, \?\)"),
        ({"element": "INT16"}, r"takes tensor\(int16\) as audio"),
        ({"window_seconds": 0.001}, "fails on"),
    ],
)
def test_networks_that_do_not_fit_their_manifest(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NetworkInvalid, match=sentence):
        examine(tiny.write(tmp_path, **changes))


def test_a_file_that_is_no_network(tmp_path: Path) -> None:
    model = tiny.write(tmp_path)
    model.write_bytes(b"not a network at all")
    with pytest.raises(NetworkInvalid, match=r"cannot load .*tiny\.onnx"):
        examine(model)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(NetworkMissing, match=r"no embedding network .*none\.onnx"):
        examine(tmp_path / "none.onnx")


def test_a_changed_file_is_not_heard_with(tmp_path: Path) -> None:
    profile = profile_of(examine(tiny.write(tmp_path)))
    tiny.write(tmp_path, seed=1)
    with pytest.raises(NetworkChanged):
        embedding_block(sounds.noise(), profile)


def test_what_is_not_finite_counts_as_nothing(tmp_path: Path) -> None:
    model = tiny.write(tmp_path)
    network = EmbeddingNetwork(model, read_manifest(model.with_suffix(".json")))
    assert np.isfinite(network.embed(np.full((1, 4_000), 3e38, dtype=np.float32))).all()


def test_without_onnxruntime_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(EmbeddingError, match=r"segue-player\[embedding\]"):
        examine(tmp_path / "any.onnx")


def opened(model: Path) -> EmbeddingNetwork:
    return EmbeddingNetwork(model, read_manifest(model.with_suffix(".json")))


@pytest.mark.parametrize(
    "network",
    [
        {"shape": ("batch", "samples"), "together": True},
        {"shape": ("batch", 1, "samples"), "together": True, "layout": "batch,channel,samples"},
        {"shape": (1, "samples")},
        {"shape": ("batch", "samples")},  # takes windows together, and mixes them up
        {"shape": ("samples",), "layout": "samples"},
    ],
)
def test_windows_together_are_told_as_each_alone(tmp_path: Path, network: dict[str, Any]) -> None:
    found = opened(tiny.write(tmp_path, **network))
    assert (found.at_once > 1) is network.get("together", False)
    windows = np.random.default_rng(1).normal(size=(2 * found.at_once + 1, WINDOW)).astype(np.float32)
    alone = np.concatenate([found.embed(window[None]) for window in windows])
    assert alone.shape == (len(windows), tiny.DIMS)
    np.testing.assert_allclose(found.embed(windows), alone, rtol=1e-5)


def heard(registration: Registration, sound: FloatArray, block: int) -> tuple[FloatArray, FloatArray]:
    listener = EmbeddingListener(registration)
    for start in range(0, len(sound), block):
        listener.add(sound[start : start + block])
    return listener.finish()


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("block", [1_000, WINDOW, 7_777, 10**6])
@pytest.mark.parametrize("windows", [0.1, 0.7, 1, 1.01, 7.5, 8, 8.3, 16, 17, 25.25])
def test_a_track_in_blocks_is_heard_in_consecutive_windows(
    tmp_path: Path, windows: float, block: int, together: bool
) -> None:
    model = tiny.write(tmp_path, shape=("batch", "samples"), together=together)
    registration = examine(model)
    sound = np.random.default_rng(2).normal(size=round(windows * WINDOW)).astype(np.float32)
    starts = [*range(0, len(sound) - WINDOW, WINDOW), max(len(sound) - WINDOW, 0)]
    expected = [np.resize(sound[start : start + WINDOW], (1, WINDOW)) for start in starts]
    embedded, centres = heard(registration, sound, block)
    np.testing.assert_allclose(embedded, opened(model).embed(np.concatenate(expected)), rtol=1e-5)
    middle = min(WINDOW, len(sound)) / 2
    np.testing.assert_allclose(centres, (np.array(starts) + middle) / EmbeddingListener(registration).rate, rtol=1e-6)


def test_memory_does_not_grow_with_the_track(tmp_path: Path) -> None:
    registration = examine(tiny.write(tmp_path, shape=("batch", "samples"), together=True))
    heard(registration, sounds.noise(10.0), WINDOW)  # what is made once is made

    def peak(windows: int) -> int:
        listener, sound = EmbeddingListener(registration), np.ones(WINDOW, dtype=np.float32)
        tracemalloc.start()
        for _ in range(windows):
            listener.add(sound)
        listener.finish()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    more_sound = 720 * WINDOW * np.dtype(np.float32).itemsize
    assert peak(800) - peak(80) < more_sound / 100  # of which the embeddings themselves are the most


def test_nothing_heard_is_nothing_told(tmp_path: Path) -> None:
    listener = EmbeddingListener(examine(tiny.write(tmp_path)))
    assert listener.rate == tiny.RATE
    with pytest.raises(ValueError, match="no sound"):
        listener.finish()


def test_a_part_is_the_mean_of_its_windows_or_the_nearest() -> None:
    embedded = np.array([[1], [3], [10]], dtype=np.float32)
    halves = by_parts(embedded, np.array([1, 2, 9], dtype=np.float32), 10, 2)
    np.testing.assert_array_equal(halves, [[2], [10]])
    fifths = by_parts(embedded, np.array([1, 2, 9], dtype=np.float32), 10, 5)
    np.testing.assert_array_equal(fifths, [[1], [3], [3], [10], [10]])
