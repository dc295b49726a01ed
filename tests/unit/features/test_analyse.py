"""The profiles as a whole: equality of `classic`, sanity of `sonic`, and nothing that is not finite."""

from __future__ import annotations

import warnings

import librosa
import numpy as np
import pytest

from indexer.core.model.profiles import CLASSIC, PROFILES, RHYTHM, SONIC
from indexer.features.analyse import analyse
from indexer.features.spectrum import RATE
from tests.unit.features import sounds
from tests.unit.features.sounds import Samples


def naive_classic(samples: Samples) -> np.ndarray:
    mfcc = librosa.feature.mfcc(y=samples, sr=RATE, n_mfcc=20).mean(axis=1)
    centroid = librosa.feature.spectral_centroid(y=samples, sr=RATE).mean()
    zcr = librosa.feature.zero_crossing_rate(samples).mean()
    return np.array([*mfcc, centroid, zcr])


def naive_rhythm(samples: Samples) -> np.ndarray:
    mel = librosa.power_to_db(librosa.feature.melspectrogram(y=samples, sr=RATE))
    mfcc = librosa.feature.mfcc(y=samples, sr=RATE, n_mfcc=20)
    tempogram = librosa.feature.tempogram(y=samples, sr=RATE)
    return np.concatenate([part.mean(axis=1) for part in (mfcc, mel, tempogram)])


def sonic_of(samples: Samples) -> np.ndarray:
    return analyse(samples, [SONIC])[SONIC.key]


def about(samples: Samples, column: str) -> float:
    return float(sonic_of(samples)[0, SONIC.columns.index(column)])


def test_classic_equals_the_naive_calls(sound: Samples) -> None:
    computed = analyse(sound, [CLASSIC])[CLASSIC.key][0]
    np.testing.assert_allclose(computed, naive_classic(sound), rtol=1e-3, atol=1e-4)


@pytest.mark.music
def test_classic_equals_the_naive_calls_on_real_music(real_sounds: list[Samples]) -> None:
    for samples in real_sounds:
        np.testing.assert_allclose(analyse(samples, [CLASSIC])[CLASSIC.key][0], naive_classic(samples), rtol=1e-3)


def test_rhythm_equals_the_naive_calls(sound: Samples) -> None:
    computed = analyse(sound, [RHYTHM])[RHYTHM.key][0]
    np.testing.assert_allclose(computed, naive_rhythm(sound), rtol=1e-3, atol=1e-3)


@pytest.mark.music
def test_rhythm_equals_the_naive_calls_on_real_music(real_sounds: list[Samples]) -> None:
    for samples in real_sounds:
        computed = analyse(samples, [RHYTHM])[RHYTHM.key][0]
        np.testing.assert_allclose(computed, naive_rhythm(samples), rtol=1e-3, atol=1e-3)


def test_shapes_and_types() -> None:
    features = analyse(sounds.music(), list(PROFILES.values()))
    for profile in PROFILES.values():
        assert features[profile.key].shape == (profile.windows, profile.dims)
        assert features[profile.key].dtype == np.float32


ODD = {
    "silence": np.zeros(2 * RATE),
    "constant": np.full(2 * RATE, 0.7),
    "clipped": np.sign(sounds.noise(2.0)),
    "two seconds": sounds.noise(2.0),
    "one sample": np.ones(1),
    "one click": np.eye(1, 3 * RATE)[0],
    "not a number": np.full(2 * RATE, np.nan),
    "infinite": np.full(5000, np.inf),
    "enormous": np.full(2 * RATE, 1e30),
    "tiny": 1e-30 * sounds.noise(2.0),
    "pure tone": sounds.tone(1000),
    "a minute": np.tile(sounds.noise(3.0), 20),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_sounds_give_finite_numbers_and_no_warning(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        features = analyse(ODD[name].astype(np.float32), list(PROFILES.values()))
    assert all(np.isfinite(values).all() for values in features.values())


def test_the_same_sound_gives_the_same_numbers() -> None:
    np.testing.assert_array_equal(sonic_of(sounds.music()), sonic_of(sounds.music()))


def test_windows_follow_the_music() -> None:
    samples = np.concatenate([sounds.tone(220), sounds.noise(), sounds.tone(3520)])
    centroid = sonic_of(samples)[:, SONIC.columns.index("centroid_hz")]
    assert centroid[1] > 4000
    assert abs(centroid[0] - 220) < abs(centroid[2] - 220)


@pytest.mark.parametrize("bpm", [80, 120, 150])
def test_tempo_of_clicks(bpm: float) -> None:
    assert about(sounds.clicks(bpm), "tempo_bpm") == pytest.approx(bpm, rel=0.04)


@pytest.mark.parametrize(("transpose", "key"), [(0, 0), (5, 5), (9, 9)])
def test_key_of_a_cadence(transpose: int, key: int) -> None:
    samples = sounds.chords(transpose)
    assert (about(samples, "key"), about(samples, "key_minor")) == (key, 0)


def test_loudness_follows_the_level() -> None:
    quiet = about(0.5 * sounds.noise(), "loudness_db")
    assert about(sounds.noise(), "loudness_db") - quiet == pytest.approx(6.02, abs=0.05)


def test_chroma_block_does_not_care_for_the_key() -> None:
    block = SONIC.slice_of("chroma")
    here, there, noise = (sonic_of(sound)[:, block].mean(axis=0) for sound in _transposed())
    assert np.linalg.norm(here - there) < 0.25 * np.linalg.norm(here - noise)


def _transposed() -> tuple[Samples, Samples, Samples]:
    return sounds.chords(), sounds.chords(transpose=3), sounds.noise(9.0)
