from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from av.filter import Graph
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.sound.loudness import LoudnessMeter, gated_loudness, k_weighting, power_of

Sound = NDArray[np.float32]


def sine(decibels: float, seconds: float, *, rate: int = 48_000, hertz: float = 1000.0) -> Sound:
    times = np.arange(round(seconds * rate)) / rate
    return (10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def stereo(*parts: tuple[float, float], rate: int = 48_000) -> Sound:
    """A sine on both channels: level in dB and length in seconds of each part."""
    mono = np.concatenate([sine(decibels, seconds, rate=rate) for decibels, seconds in parts])
    return np.stack((mono, mono))


def loudness(sound: Sound, rate: int = 48_000, block: int = 1 << 16) -> float | None:
    meter = LoudnessMeter(rate, len(sound))
    for start in range(0, sound.shape[1], block):
        meter.add(sound[:, start : start + block])
    return meter.loudness()


def by_ffmpeg(sound: Sound, rate: int, layout: str) -> float:
    """What FFmpeg's own meter says."""
    graph = Graph()
    source = graph.add_abuffer(format="fltp", sample_rate=rate, layout=layout, time_base=Fraction(1, rate))
    meter, sink = graph.add("ebur128", "metadata=1:dualmono=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout=layout)
    frame.sample_rate, frame.pts = rate, 0
    graph.push(frame)
    graph.push(None)
    last = 0.0
    while True:
        try:
            last = float(graph.pull().metadata.get("lavfi.r128.I", last))
        except (av.EOFError, av.BlockingIOError):
            return last


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_a_sine_is_as_loud_at_any_rate(rate: int) -> None:
    assert loudness(stereo((-23.0, 5), rate=rate), rate) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(-23, 20)], -23.0, id="case 1"),
        pytest.param([(-33, 20)], -33.0, id="case 2"),
        pytest.param([(-36, 10), (-23, 60), (-36, 10)], -23.0, id="case 3, the relative gate"),
        pytest.param([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0, id="case 4, both gates"),
        pytest.param([(-26, 20), (-20, 20.1), (-26, 20)], -23.0, id="case 5"),
    ],
)
def test_ebu_tech_3341(parts: list[tuple[float, float]], expected: float) -> None:
    assert loudness(stereo(*parts, rate=16_000), 16_000) == pytest.approx(expected, abs=0.1)


def test_ebu_tech_3341_case_6_in_surround() -> None:
    levels = (-28.0, -28.0, -24.0, -30.0, -30.0)
    sound = np.stack([sine(level, 5) for level in levels])
    assert loudness(sound) == pytest.approx(-23.0, abs=0.1)


def test_the_low_frequency_channel_does_not_count() -> None:
    front = stereo((-23.0, 2))
    silent = np.zeros_like(front[0])
    with_bass = np.stack((front[0], front[1], silent, sine(0, 2, hertz=100), silent, silent))
    assert loudness(with_bass) == pytest.approx(-23.0, abs=0.1)


def test_mono_is_as_loud_as_the_same_on_both_channels() -> None:
    assert loudness(sine(-20, 2)[None, :]) == pytest.approx(loudness(stereo((-20, 2))))


def test_coefficients_at_48_khz_are_those_of_the_standard() -> None:
    shelf, high_pass = k_weighting(48_000)
    standard = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    assert shelf == pytest.approx(standard, abs=1e-7)
    assert high_pass == pytest.approx([1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621], abs=1e-7)


@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("stereo", 2), ("5.1", 6)])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_ffmpeg_hears_the_same_in_music_like_sound(layout: str, channels: int, rate: int) -> None:
    random = np.random.default_rng(channels)
    swell = np.abs(np.sin(np.linspace(0, 9, 6 * rate))) ** 3
    sound = (0.3 * swell * random.standard_normal((channels, 6 * rate))).astype(np.float32)
    assert loudness(sound, rate) == pytest.approx(by_ffmpeg(sound, rate, layout), abs=0.1)


@settings(max_examples=20)
@given(st.integers(1, 30_000))
def test_the_size_of_the_blocks_changes_nothing(block: int) -> None:
    sound = (0.1 * np.random.default_rng(1).standard_normal((2, 16_000))).astype(np.float32)
    assert loudness(sound, 8_000, block) == pytest.approx(loudness(sound, 8_000), abs=1e-9)


@settings(max_examples=20)
@given(st.floats(-30, 6))
def test_amplifying_adds_its_decibels(decibels: float) -> None:
    sound = 0.2 * np.random.default_rng(2).standard_normal((2, 16_000)).astype(np.float32)
    louder = (sound * 10 ** (decibels / 20)).astype(np.float32)
    assert loudness(louder, 8_000) == pytest.approx(loudness(sound, 8_000) + decibels, abs=1e-3)


def test_silence_has_no_loudness() -> None:
    assert loudness(np.zeros((2, 48_000), np.float32)) is None
    assert LoudnessMeter(48_000, 2).loudness() is None


def test_what_is_shorter_than_a_block_is_measured_as_a_whole() -> None:
    assert loudness(stereo((-20, 0.25))) == pytest.approx(-20, abs=0.3)


def test_gates_leave_out_what_is_soft() -> None:
    powers = np.array([power_of(-20.0)] * 5 + [power_of(-40.0)] * 5 + [power_of(-80.0)] * 50)
    assert gated_loudness(powers) == pytest.approx(-20.0)


def test_the_peak_is_the_greatest_sample_of_either_sign_and_channel() -> None:
    meter = LoudnessMeter(8_000, 2)
    meter.add(np.array([[0.1, 0.2], [0.0, -0.7]], np.float32))
    meter.add(np.array([[0.3, 0.2], [0.0, 0.1]], np.float32))
    assert meter.peak == pytest.approx(0.7)


def test_a_sample_that_is_no_number_shows_in_the_peak() -> None:
    meter = LoudnessMeter(8_000, 1)
    meter.add(np.array([[0.1, np.nan]], np.float32))
    meter.add(np.array([[0.1, 0.2]], np.float32))
    assert np.isnan(meter.peak)
