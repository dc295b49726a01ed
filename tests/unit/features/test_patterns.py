"""Patterns: what repeats, in whatever key, and what a steady sound is like."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.audio.samples import FloatArray
from indexer.core.model.profiles import AGAIN_FRAMES, SONIC
from indexer.features.analyse import analyse
from indexer.features.descriptors import describe
from indexer.features.patterns import chroma_patterns, self_similarity, spectral_patterns
from tests.unit.features.sounds import Samples, chords, noise, tone


def block(samples: Samples, name: str) -> FloatArray:
    return analyse(samples, [SONIC])[SONIC.key][:, SONIC.slice_of(name)]


def test_chord_patterns_do_not_care_for_the_key_or_the_start() -> None:
    random = np.random.default_rng(0)
    chroma = random.random((1, 512, 12)).astype(np.float32) ** 4
    turned = np.roll(chroma, 5, axis=2)
    assert np.allclose(chroma_patterns(chroma), chroma_patterns(turned), atol=1e-4)
    repeated = np.tile(chroma[:, :256], (1, 4, 1))
    assert np.allclose(chroma_patterns(repeated), chroma_patterns(np.roll(repeated, 64, axis=1)), atol=0.05)
    assert np.abs(chroma_patterns(chroma) - chroma_patterns(random.random((1, 512, 12)).astype(np.float32))).max() > 0.1


def test_a_steady_sound_has_equal_ranks_and_a_busy_one_has_not() -> None:
    steady = np.full((1, 200, 4), -20, dtype=np.float32)
    busy = np.where(np.arange(200)[np.newaxis, :, np.newaxis] % 4 == 0, -10, -50).astype(np.float32) * np.ones(4)
    ranks = spectral_patterns(steady).reshape(4, -1)
    assert np.ptp(ranks) == 0
    assert np.ptp(spectral_patterns(busy.astype(np.float32)).reshape(4, -1), axis=1).min() == 40


def test_what_comes_again_shows_at_its_lag() -> None:
    lag = AGAIN_FRAMES[20]
    random = np.random.default_rng(1)
    once = random.normal(size=(lag, 6)).astype(np.float32)
    window = np.tile(once, (8, 1))[np.newaxis]
    again = self_similarity(window)[0]
    assert again.argmax() == 20
    assert again[20] == pytest.approx(1, abs=1e-3)


def test_short_windows_know_nothing_of_long_lags() -> None:
    again = self_similarity(np.random.default_rng(2).normal(size=(3, 30, 6)).astype(np.float32))
    assert np.all(again[:, np.array(AGAIN_FRAMES) >= 30] == 0)
    assert np.all(np.isfinite(again))


def test_tones_stand_out_and_noise_does_not() -> None:
    assert describe(tone(1000.0)).peakiness[20, 3] > 0.15
    assert describe(noise()).peakiness[:, 3].mean() < 0.1
    assert np.all(describe(np.zeros(22_050, dtype=np.float32)).peakiness == 0)


def test_heard_seconds_count_sound() -> None:
    heard = SONIC.columns.index("heard_seconds")
    assert analyse(chords(), [SONIC])[SONIC.key][:, heard].sum() == pytest.approx(9, abs=0.2)
    half = np.concatenate([chords(seconds=6), np.zeros(6 * 22_050, dtype=np.float32)])
    assert analyse(half, [SONIC])[SONIC.key][:, heard].sum() == pytest.approx(6, abs=0.2)


@pytest.mark.parametrize(
    ("samples", "audible"),
    [
        (chords(), True),
        (chords(seconds=2), False),
        (np.zeros(9 * 22_050, dtype=np.float32), False),
        (np.full(9 * 22_050, 0.5, dtype=np.float32), False),
        (np.full(9 * 22_050, np.nan, dtype=np.float32), False),
    ],
    ids=["music", "two seconds", "silence", "constant", "not a number"],
)
def test_what_holds_too_little_sound_is_known(samples: Samples, audible: bool) -> None:
    assert SONIC.audible(analyse(samples, [SONIC])[SONIC.key]) is audible


def test_patterns_are_part_of_the_profile() -> None:
    for name in ("chroma_patterns", "spectral_patterns", "peakiness", "self_similarity", "descriptor_corr"):
        assert np.abs(block(chords(), name)).max() > 0
