"""Altered copies are what they are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexer.core.audio.decode import decode
from indexer.evaluation.alterations import ALTERATIONS, alter, can_encode_mp3
from indexer.evaluation.methods import Clip

BY_NAME = {change.name: change for change in ALTERATIONS}


@pytest.fixture
def altered(make_tone: Callable[..., Path], tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        target = tmp_path / f"{name}{BY_NAME[name].suffix}"
        alter(make_tone(seconds=4.0, hertz=1000.0, rate=44_100), BY_NAME[name], target)
        return target

    return make


def strongest(samples: np.ndarray, rate: int) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples)))) * rate / len(samples)


def test_quieter_halves_the_samples(altered: Callable[[str], Path]) -> None:
    samples, _ = soundfile.read(altered("quieter"))
    assert np.abs(samples).max() == pytest.approx(0.25, abs=0.002)


def test_faster_shortens_and_raises_by_a_hundredth(altered: Callable[[str], Path]) -> None:
    samples, rate = soundfile.read(altered("faster"))
    assert len(samples) / rate == pytest.approx(4.0 / 1.01, abs=0.001)
    assert strongest(samples, rate) == pytest.approx(1010, abs=0.5)


@pytest.mark.skipif(not can_encode_mp3(), reason="this FFmpeg has no LAME")
def test_mp3_is_as_small_as_its_bit_rate_and_sounds_the_same(altered: Callable[[str], Path]) -> None:
    path = altered("mp3")
    assert path.stat().st_size == pytest.approx(4.0 * 64_000 / 8, rel=0.1)
    audio = decode(path)
    assert strongest(audio.samples, audio.rate) == pytest.approx(1000, abs=1)


def test_parts_of_a_sound_are_files_while_they_are_needed(make_tone: Callable[..., Path]) -> None:
    sound = Clip(make_tone(seconds=3.0))
    parts = sound.parts()
    assert [len(part.samples) for part in parts] == [22_050] * 3
    with parts[1].file() as path:
        assert soundfile.info(path).duration == pytest.approx(1.0)
    assert not path.exists()
    assert sound.decode_seconds > 0
