from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.sound import waveform as module
from indexer.sound.waveform import POINTS, WaveformPainter


def drawn(sound: NDArray[np.float32], rate: int = 8_000, block: int = 5_000) -> NDArray[np.uint8]:
    painter = WaveformPainter(rate, len(sound))
    for start in range(0, sound.shape[1], block):
        painter.add(sound[:, start : start + block])
    return painter.finish()


def amplitudes(waveform: NDArray[np.uint8]) -> NDArray[np.float64]:
    return (waveform / 255.0) ** 2


def test_it_follows_the_sound_from_beginning_to_end() -> None:
    envelope = np.repeat([0.1, 0.9, 0.4, 0.0], 20_000)
    sound = (envelope * np.sin(np.arange(80_000))).astype(np.float32)[None, :]
    peaks, body = amplitudes(drawn(sound)).T
    for number, level in enumerate((0.1, 0.9, 0.4, 0.0)):
        part = slice(number * 200 + 5, number * 200 + 195)
        assert peaks[part] == pytest.approx(level, abs=0.02)
        assert body[part] == pytest.approx(level / np.sqrt(2), abs=0.02)


def test_a_single_click_is_not_lost() -> None:
    sound = np.zeros((2, 400_000), np.float32)
    sound[1, 100_000] = -0.8
    peaks = amplitudes(drawn(sound))[:, 0]
    assert peaks.max() == pytest.approx(0.8, abs=0.01)
    assert peaks.argmax() == POINTS // 4


def test_beyond_full_scale_is_the_top() -> None:
    assert drawn(np.full((1, 9_000), 1.7, np.float32)).max() == 255


def test_no_sound_is_a_flat_line() -> None:
    assert not drawn(np.zeros((2, 0), np.float32)).any()


@settings(max_examples=30)
@given(length=st.integers(1, 30_000), block=st.integers(1, 9_000), channels=st.integers(1, 3))
def test_any_length_gives_as_many_points_and_blocks_do_not_show(length: int, block: int, channels: int) -> None:
    sound = np.random.default_rng(length).uniform(-1, 1, (channels, length)).astype(np.float32)
    found = drawn(sound, block=block)
    assert found.shape == (POINTS, 2)
    assert (found[:, 1] <= found[:, 0]).all()
    assert np.array_equal(found, drawn(sound, block=length))
    assert found[:, 0].max() == np.rint(255 * np.sqrt(np.abs(sound).max()))


def test_long_sound_takes_no_more_memory_and_keeps_its_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = (np.linspace(0, 1, 800_000) * np.sin(np.arange(800_000))).astype(np.float32)[None, :]
    expected = drawn(sound)
    monkeypatch.setattr(module, "MOST_SLICES", 2_000)
    painter = WaveformPainter(8_000, 1)
    for start in range(0, 800_000, 5_000):
        painter.add(sound[:, start : start + 5_000])
        assert len(painter) <= 2_000 + 5_000
    found = painter.finish()
    assert len(painter) < 4_000
    assert np.abs(found.astype(int) - expected.astype(int)).max() <= 6
