"""Each descriptor against the function of librosa that defines it."""

from __future__ import annotations

from collections.abc import Callable

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.features import rhythm
from indexer.features.descriptors import describe, root_mean_square, zero_crossing_rate
from indexer.features.spectrum import RATE, clean, frame_count, spectra
from tests.unit.features import sounds
from tests.unit.features.sounds import Samples

feature = librosa.feature

EQUAL: dict[str, Callable[[Samples], np.ndarray]] = {
    "centroid": lambda y: feature.spectral_centroid(y=y, sr=RATE)[0],
    "zcr": lambda y: feature.zero_crossing_rate(y)[0],
    "rms": lambda y: feature.rms(y=y)[0],
    "chroma": lambda y: feature.chroma_stft(y=y, sr=RATE, tuning=0.0).T,
    "mel_db": lambda y: librosa.power_to_db(feature.melspectrogram(y=y, sr=RATE)).T,
}


@pytest.mark.parametrize("name", EQUAL)
def test_equals_librosa(name: str, sound: Samples) -> None:
    np.testing.assert_allclose(getattr(describe(sound), name), EQUAL[name](sound), rtol=1e-4, atol=2e-4)


def test_spectra_equal_librosa_stft(sound: Samples) -> None:
    expected = np.abs(librosa.stft(sound, n_fft=2048, hop_length=512)).T
    magnitude = np.concatenate([chunk.magnitude for chunk in spectra(sound)])
    assert len(magnitude) == frame_count(sound)
    np.testing.assert_allclose(magnitude, expected, rtol=1e-4, atol=1e-6 * expected.max())


def test_bandwidth_equals_librosa_within_3_hz(sound: Samples) -> None:
    """Differences of squares in float32 leave a few hertz where a single tone has next to no width."""
    np.testing.assert_allclose(describe(sound).bandwidth, feature.spectral_bandwidth(y=sound, sr=RATE)[0], atol=3)


def test_rolloff_equals_librosa_within_one_bin(sound: Samples) -> None:
    difference = np.abs(describe(sound).rolloff - feature.spectral_rolloff(y=sound, sr=RATE)[0])
    assert difference.max() <= RATE / 2048 + 1e-3
    assert np.mean(difference > 1) < 0.01


def test_flatness_equals_librosa(sound: Samples) -> None:
    np.testing.assert_allclose(describe(sound).flatness, feature.spectral_flatness(y=sound)[0], rtol=0.05, atol=1e-4)


@pytest.mark.parametrize("made", [sounds.noise(), sounds.clicks(96, 5.0)], ids=["noise", "clicks"])
def test_contrast_equals_librosa_where_no_band_is_empty(made: Samples) -> None:
    np.testing.assert_allclose(describe(made).contrast, feature.spectral_contrast(y=made, sr=RATE).T, atol=0.01)


def test_onset_strength_and_tempogram_equal_librosa(sound: Samples) -> None:
    onsets = rhythm.onset_strength(describe(sound).mel_db)
    np.testing.assert_allclose(onsets, librosa.onset.onset_strength(y=sound, sr=RATE), atol=1e-4)
    expected = feature.tempogram(onset_envelope=onsets.astype(np.float64), sr=RATE)[:, :: rhythm.TEMPOGRAM_HOP]
    np.testing.assert_allclose(rhythm.tempogram(onsets), expected.T, atol=1e-4)


@pytest.mark.music
def test_equals_librosa_on_real_music(real_sounds: list[Samples]) -> None:
    for samples in real_sounds:
        described = describe(samples)
        for name, reference in EQUAL.items():
            np.testing.assert_allclose(getattr(described, name), reference(samples), rtol=1e-3, atol=1e-3, err_msg=name)
        contrast = feature.spectral_contrast(y=samples, sr=RATE).T
        assert np.abs(described.contrast - contrast).mean() < 0.1, "dB"
        assert np.abs(described.rolloff - feature.spectral_rolloff(y=samples, sr=RATE)[0]).mean() < 1, "Hz"


@settings(max_examples=30, deadline=None)
@given(st.integers(min_value=1, max_value=6000), st.integers(min_value=0, max_value=3))
def test_waveform_descriptors_equal_librosa_at_any_length(length: int, seed: int) -> None:
    samples = sounds.noise(1.0, seed)[:length] if length <= RATE else sounds.noise(1.0, seed)
    np.testing.assert_allclose(zero_crossing_rate(samples), feature.zero_crossing_rate(samples)[0], atol=1e-7)
    np.testing.assert_allclose(root_mean_square(samples), feature.rms(y=samples)[0], rtol=1e-4, atol=1e-7)


def test_clean_takes_the_rubbish_out() -> None:
    cleaned = clean(np.array([0.5, np.nan, np.inf, -1e30], dtype=np.float32))
    assert np.isfinite(cleaned).all()
    assert cleaned[0] == 0.5
    assert cleaned[1] == 0


@pytest.mark.parametrize("shape", [(0,), (10, 2)])
def test_clean_refuses_what_is_not_mono_sound(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="samples of shape"):
        clean(np.zeros(shape, dtype=np.float32))
