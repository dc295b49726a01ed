"""Speech told from music, with sound that moves as speech does: noise in syllables, with pauses."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

from indexer.analysis.extract import sounds_like_speech
from indexer.core.model.profiles import SONIC
from indexer.features.analyse import analyse
from tests import bad_files

RATE = 22_050


def talk(seed: int, seconds: float = 30) -> NDArray[np.float32]:
    """A buzz or a hiss through two resonances that jump from syllable to syllable, four a second, with pauses."""
    rng = np.random.default_rng(seed)
    parts: list[NDArray[np.float64]] = []
    while sum(map(len, parts)) < seconds * RATE:
        count = int(rng.uniform(0.07, 0.18) * RATE)
        voiced = rng.random() < 0.6
        pitch = rng.uniform(90, 220) * (1 + 0.1 * np.linspace(0, rng.uniform(-1, 1), count))
        buzz = np.diff(np.floor(np.cumsum(pitch / RATE)), prepend=0.0) if voiced else 0.2 * rng.standard_normal(count)
        open_, hissed = (250, 850, 900, 2_600, 2_600, 3_600), (3_000, 5_000, 5_000, 7_000, 7_000, 9_000)
        for formant in rng.uniform(*np.reshape(open_ if voiced else hissed, (3, 2)).T):
            pole = 0.96 * np.exp(2j * np.pi * formant / RATE)
            buzz = lfilter([1.0], [1.0, -2 * pole.real, abs(pole) ** 2], buzz)
        shape = np.sin(np.linspace(0, np.pi, count)) ** 0.5
        parts += [buzz / (np.abs(buzz).max() + 1e-9) * shape * rng.uniform(0.2, 0.6)]
        parts += [np.zeros(int((rng.uniform(0.02, 0.08) if rng.random() < 0.85 else rng.uniform(0.2, 0.5)) * RATE))]
    return np.concatenate(parts).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_what_moves_as_speech_does_is_told(seed: int) -> None:
    assert sounds_like_speech(analyse(talk(seed), [SONIC])[SONIC.key])


@pytest.mark.parametrize("seed", range(3))
def test_a_chord_with_a_beat_is_music(seed: int) -> None:
    assert not sounds_like_speech(analyse(bad_files.music(30, seed=seed), [SONIC])[SONIC.key])
