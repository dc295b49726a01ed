"""A tiny network's block in the features, and a sentence for everything that can be wrong with a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.core.model.embedding.errors import EmbeddingError, NetworkChanged, NetworkInvalid, NetworkMissing
from indexer.core.model.embedding.manifest import read_manifest
from indexer.core.model.embedding.registry import profile_of
from indexer.core.model.profiles import SONIC
from indexer.features.analyse import analyse
from indexer.features.embedding.network import EmbeddingNetwork, embedding_block, examine, loaded, window_starts
from tests.unit.features import sounds
from tests.unit.features.embedding import tiny


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
    np.testing.assert_array_equal(both[:, SONIC.dims :], embedding_block(samples, profile))
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
    assert np.isfinite(network.embed(np.full(4_000, 3e38, dtype=np.float32))).all()


def test_without_onnxruntime_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(EmbeddingError, match=r"segue-player\[embedding\]"):
        examine(tmp_path / "any.onnx")


@pytest.mark.parametrize(("samples", "length"), [(10, 10), (11, 10), (100, 10), (95, 10), (15, 10), (1, 1)])
def test_windows_cover_everything(samples: int, length: int) -> None:
    starts = window_starts(samples, length, 3)
    heard = {sample for start in starts for sample in range(start, start + length)}
    assert heard == set(range(samples))
    assert len(starts) >= min(3, samples - length + 1)
