"""Sounds and clips that the descriptors are compared on."""

from __future__ import annotations

from pathlib import Path

import librosa
import pytest

from indexer.features.spectrum import RATE
from tests.unit.features import sounds


@pytest.fixture(scope="session", params=["music", "noise", "tone", "clicks"])
def sound(request: pytest.FixtureRequest) -> sounds.Samples:
    made = {
        "music": sounds.music(),
        "noise": sounds.noise(),
        "tone": sounds.tone(440),
        "clicks": sounds.clicks(96, 5.0),
    }
    return made[request.param]


@pytest.fixture(scope="session")
def real_sounds(music_folder: Path) -> list[sounds.Samples]:
    """Six clips, spread over the sample music, as librosa loads them."""
    paths = sorted((music_folder / "clips").rglob("*.mp3"))
    return [librosa.load(path, sr=RATE, mono=True)[0] for path in paths[:: len(paths) // 6][:6]]
