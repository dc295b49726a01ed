"""Where a track sounds, from its outline: any track, in blocks of any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.core.audio.decoders import Cut
from indexer.core.audio.outline import LONG_SILENCE, Outline, SilenceGate, outline_of
from indexer.core.audio.samples import FloatArray

RATE = 1_000
TWO_PARTS = Cut(45.0, 2, 30.0, margin=1.0)


def track(*parts: tuple[float, float]) -> NDArray[np.float32]:
    """Parts of so many seconds and such an amplitude, one after the other."""
    rng = np.random.default_rng(0)
    return np.concatenate([level * rng.uniform(-1, 1, round(seconds * RATE)) for seconds, level in parts]).astype("f4")


def outline(*parts: tuple[float, float]) -> Outline:
    return outline_of([track(*parts)[None]], RATE)


def test_silence_at_the_ends_is_measured() -> None:
    measured = outline((2.5, 0), (10, 0.5), (1.25, 0)).measurement
    assert (measured.samples, measured.rate) == (13_750, RATE)
    assert measured.seconds == pytest.approx(13.75)
    assert measured.lead == pytest.approx(2.5, abs=0.02)
    assert measured.tail == pytest.approx(1.25, abs=0.02)


def test_what_is_silent_all_over_has_no_ends_of_silence() -> None:
    measured = outline((5, 0)).measurement
    assert (measured.samples, measured.lead, measured.tail) == (5_000, None, None)


@pytest.mark.parametrize("hiss", [0.0, 5e-4])
def test_windows_lie_where_a_hidden_song_is_too(hiss: float) -> None:
    first, second = outline((60, 0.5), (600, hiss), (120, 0.5)).windows(TWO_PARTS)
    assert [edge for span in first for edge in span] == pytest.approx([45.3, 60.5, 659.5, 674.3], abs=0.2)
    assert [edge for span in second for edge in span] == pytest.approx([704.7, 734.7], abs=0.3)


def test_a_window_may_reach_over_a_silence_that_is_left_out() -> None:
    windows = outline((50, 0.5), (300, 0), (50, 0.5)).windows(replace(TWO_PARTS, segment_seconds=60.0))
    for spans in windows:
        assert sum(end - start for start, end in spans) == pytest.approx(50.5, abs=0.2)
        assert all(end <= 51 or start >= 349 for start, end in spans)


def test_a_soft_track_is_no_silence() -> None:
    assert outline((100, 2e-3)).windows(TWO_PARTS) == outline((100, 0.5)).windows(TWO_PARTS)


PARTS = st.lists(
    st.tuples(st.floats(0.2, 120).map(lambda seconds: round(seconds, 1)), st.sampled_from([0.0, 1e-3, 0.02, 0.7])),
    min_size=1,
    max_size=6,
)


@given(PARTS, st.integers(1, 4), st.floats(5, 60))
def test_windows_lie_in_the_track_in_order_and_are_as_long_as_can_be(
    parts: list[tuple[float, float]], count: int, length: float
) -> None:
    found = outline(*parts)
    stretches = found.stretches()
    sounding = sum(end - start for start, end in stretches)
    assert 0 < sounding <= found.seconds + 1e-6
    for spans in found.windows(Cut(45.0, count, length)):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert edges[0] >= -1e-6
        assert edges[-1] <= found.seconds + 1e-6
        if sounding > 45:
            wanted = min(length, sounding / count)
            assert sum(end - start for start, end in spans) == pytest.approx(wanted, abs=0.2 * len(parts))


@given(PARTS)
def test_no_long_silence_is_left(parts: list[tuple[float, float]]) -> None:
    samples = track(*parts)
    kept = [samples[round(a * RATE) : round(b * RATE)] for a, b in outline(*parts).stretches()]
    if np.abs(samples).max() < 0.02:  # what is soft all over is not told from its silences
        return
    for piece in kept:
        heard = np.flatnonzero(np.abs(piece) > 1e-3)
        gaps = np.diff(np.concatenate(([0], heard, [len(piece)])))
        assert gaps.max() <= (LONG_SILENCE + 0.3) * RATE or not len(heard)


@given(PARTS, st.lists(st.integers(1, 50_000), min_size=1, max_size=5))
def test_it_does_not_matter_in_which_blocks_the_sound_comes(parts: list[tuple[float, float]], sizes: list[int]) -> None:
    samples = track(*parts)
    edges = [edge for edge in np.cumsum(sizes).tolist() if edge < len(samples)]
    blocks = [block[None] for block in np.split(samples, edges)]
    at_once, by_blocks = outline_of([samples[None]], RATE), outline_of(blocks, RATE)
    np.testing.assert_array_equal(at_once.peaks, by_blocks.peaks)
    assert at_once.measurement == by_blocks.measurement


def passed(samples: FloatArray, sizes: Sequence[int]) -> FloatArray:
    """What a gate lets pass of sound that comes in blocks of these sizes, and the rest of it at once."""
    gate, edges = SilenceGate(RATE), [edge for edge in np.cumsum(sizes).tolist() if edge < len(samples)]
    return np.concatenate([*(gate.add(block) for block in np.split(samples, edges)), gate.finish()])


@given(PARTS, st.lists(st.integers(1, 50_000), max_size=5))
def test_the_gate_lets_pass_what_sounds_in_order(parts: list[tuple[float, float]], sizes: list[int]) -> None:
    """As the outline does, once the loudest is known: here it comes first."""
    samples = track((0.5, 0.8), *parts)
    spans = outline((0.5, 0.8), *parts).stretches()
    expected = np.concatenate([samples[round(start * RATE) : round(end * RATE)] for start, end in spans])
    found = passed(samples, sizes)
    assert abs(len(found) - len(expected)) <= RATE / 10
    np.testing.assert_array_equal(found[: len(expected)], expected[: len(found)])


def test_a_soft_beginning_passes_until_it_is_known_to_be_soft() -> None:
    samples = track((20, 5e-4), (20, 0.5), (20, 5e-4))
    assert len(passed(samples, [])) == pytest.approx(20.5 * RATE, abs=RATE), "in one block all is known"
    assert len(passed(samples, [10 * RATE, 10 * RATE])) == pytest.approx(40.5 * RATE, abs=RATE)
