"""The network that is built gives what the description of it says, by a second way to compute it."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import pytest

from indexer.core.audio.samples import FloatArray
from indexer.ears import musicnn
from indexer.ears.making import RECIPES, known_sound
from indexer.ears.musicnn import Weights
from indexer.ears.wire import Damaged
from indexer.features.embedding.network import EmbeddingNetwork
from tests.unit.ears import packages, reference


def embedded(weights: Weights, sounds: FloatArray, folder: Path) -> FloatArray:
    pytest.importorskip("onnxruntime", reason='not installed: pip install "segue-player[embedding]"')
    model = folder / "net.onnx"
    model.write_bytes(musicnn.build(weights))
    network = EmbeddingNetwork(model, RECIPES["musicnn"].manifest)
    assert network.at_once > 1
    return network.embed(sounds)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_hears_what_the_description_says(tmp_path: Path, seed: int) -> None:
    weights = packages.weights(seed)
    random = np.random.default_rng(seed)
    sounds = np.stack([known_sound(musicnn.WINDOW), random.normal(0, 0.1, musicnn.WINDOW)]).astype(np.float32)
    found = embedded(weights, sounds, tmp_path)
    assert found.shape == (2, 3 * packages.DENSE)
    expected = [reference.embedding(weights, sound) for sound in sounds]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert np.abs(found[0] - found[1]).max() > 0.01


def test_silence_is_heard_too(tmp_path: Path) -> None:
    silence = np.zeros((1, musicnn.WINDOW), dtype=np.float32)
    assert np.isfinite(embedded(packages.weights(), silence, tmp_path)).all()


def test_the_file_is_a_valid_network(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx checks the file: pip install onnx")
    path = tmp_path / "net.onnx"
    path.write_bytes(musicnn.build(packages.weights()))
    onnx.checker.check_model(str(path), full_check=True)


def test_the_same_weights_make_the_same_file() -> None:
    assert musicnn.build(packages.weights(1)) == musicnn.build(packages.weights(1))
    assert musicnn.build(packages.weights(1)) != musicnn.build(packages.weights(2))


@pytest.mark.parametrize("name", ["conv2d/kernel", "conv2d_7/bias", "batch_normalization/gamma"])
def test_weights_that_are_missing_or_of_another_shape(name: str) -> None:
    weights = packages.weights()
    with pytest.raises(Damaged, match="not those of the network"):
        musicnn.build({other: values for other, values in weights.items() if other != name})
    with pytest.raises(Damaged, match="not those of the network"):
        musicnn.build(weights | {name: np.zeros((2, 2, 2), dtype=np.float32)})


def test_mel_filters_are_those_of_librosa() -> None:
    theirs = librosa.filters.mel(sr=musicnn.RATE, n_fft=musicnn.FRAME, n_mels=musicnn.MELS)
    np.testing.assert_allclose(musicnn.mel_filters(), theirs, atol=1e-7)
