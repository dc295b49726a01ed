"""The mixer: every sample of every part once, in order, whatever is there when, and what two of them make together."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from musicplayer.playback.mixer import Event, Mark, Mixer, Part

Samples = NDArray[np.float32]


@dataclass
class Tape:
    """A reel that comes in pieces: `more` lets the next one be there."""

    samples: Samples
    pieces: list[int] = field(default_factory=list)
    failed: bool = False
    there: int = 0
    at: int = 0

    def more(self) -> None:
        self.there = min(len(self.samples), self.there + (self.pieces.pop(0) if self.pieces else len(self.samples)))

    def state(self) -> tuple[int, bool]:
        return self.there - self.at, self.there == len(self.samples) and not self.pieces

    def take(self, frames: int) -> Samples:
        assert frames <= self.there - self.at
        self.at += frames
        return self.samples[self.at - frames : self.at]


def tape(number: int, frames: int, *pieces: int) -> Tape:
    made = Tape(np.repeat(np.arange(1, frames + 1, dtype=np.float32)[:, None] + 1000 * number, 2, axis=1), list(pieces))
    if not pieces:
        made.more()
    return made


def everything(mixer: Mixer, tapes: list[Tape], block: int = 7) -> tuple[Samples, list[Mark]]:
    """Read until the last part is over."""
    blocks, marks = [], []
    while not any(mark.event is Event.OVER for mark in marks):
        got, found = mixer.read(block)
        blocks.append(got)
        marks += found
        if not len(got):
            for one in tapes:
                one.more()
    return np.concatenate(blocks), marks


LENGTHS = st.lists(st.integers(0, 60), min_size=1, max_size=6)


@given(LENGTHS, st.integers(1, 50), st.data())
def test_parts_follow_each_other_without_a_sample_lost_or_doubled(
    lengths: list[int], block: int, data: st.DataObject
) -> None:
    pieces = st.lists(st.integers(0, 30), max_size=5)
    tapes = [tape(number, frames, *data.draw(pieces)) for number, frames in enumerate(lengths)]
    mixer = Mixer(Part(0, tapes[0]))
    mixer.follow([Part(number, one) for number, one in enumerate(tapes)][1:])
    got, marks = everything(mixer, tapes, block)
    wanted = np.concatenate([one.samples for one in tapes])
    assert np.array_equal(got[: len(wanted)], wanted)
    assert not got[len(wanted) :].any(), "silence after the last"
    starts = np.cumsum([0, *lengths])
    assert marks == [
        *(Mark(Event.BEGUN, number, at) for number, at in enumerate(starts[:-1])),
        Mark(Event.OVER, len(lengths) - 1, starts[-1]),
    ]


@given(st.integers(1, 80), st.integers(1, 80), st.integers(1, 120), st.integers(1, 40), st.integers(1, 30))
def test_a_crossfade_ends_with_the_last_sample_of_the_first_and_keeps_the_power(
    first: int, second: int, overlap: int, block: int, piece: int
) -> None:
    ones = [Tape(np.ones((frames, 2), np.float32), [piece] * (frames // piece + 1)) for frames in (first, second)]
    ones[1].samples = ones[1].samples * 2
    mixer = Mixer(Part(0, ones[0]))
    mixer.follow([Part(1, ones[1], overlap=overlap)])
    got, marks = everything(mixer, ones, block)
    begun = marks[1].frame
    fade = first - begun
    assert 0 <= fade <= min(first, overlap)
    assert marks[2].frame == begun + max(fade, second)
    places = (np.arange(fade) + 0.5) / max(1, fade) * np.pi / 2
    there = np.minimum(fade, second)
    wanted = np.cos(places)
    wanted[:there] += 2 * np.sin(places[:there])
    assert np.allclose(got[begun:first, 0], wanted, atol=1e-5)
    assert np.allclose(np.cos(places) ** 2 + np.sin(places) ** 2, 1.0)
    assert (got[:begun] == 1.0).all()
    assert (got[first : begun + second] == 2.0).all()


def test_a_crossfade_whose_second_track_is_late_is_as_long_as_it_can_be() -> None:
    first, second = tape(0, 100), tape(1, 50, 50)
    mixer = Mixer(Part(0, first))
    mixer.follow([Part(1, second, overlap=40)])
    mixer.read(80)
    second.more()
    _, marks = mixer.read(10)
    assert marks == [Mark(Event.BEGUN, 1, 80)]


def test_what_is_to_follow_can_be_another_until_it_begins() -> None:
    mixer = Mixer(Part(0, tape(0, 10)))
    mixer.follow([Part(1, tape(1, 10))])
    mixer.read(5)
    mixer.follow([Part(2, tape(2, 3))])
    got, marks = mixer.read(20)
    assert marks == [Mark(Event.BEGUN, 2, 10), Mark(Event.OVER, 2, 13)]
    assert got[5:8, 0].tolist() == [2001, 2002, 2003]
    assert not got[8:].any()


def test_nothing_follows_a_part_that_broke_off() -> None:
    broken = tape(0, 10)
    broken.failed = True
    mixer = Mixer(Part(0, broken))
    mixer.follow([Part(1, tape(1, 10))])
    _, marks = mixer.read(20)
    assert marks[-1] == Mark(Event.OVER, 0, 10)


def test_gain_is_there_from_the_first_sample_and_changes_without_a_jump() -> None:
    part = Part(0, Tape(np.ones((8000, 2), np.float32), there=8000), gain=0.5)
    mixer = Mixer(part)
    assert (mixer.read(100)[0] == 0.5).all()
    part.gain = 1.0
    changed = mixer.read(4000)[0][:, 0]
    assert changed[0] == 0.5
    assert changed[-1] == 1.0
    assert np.abs(np.diff(changed)).max() < 0.001


def test_a_part_that_fades_in_begins_in_silence_and_becomes_what_it_is() -> None:
    mixer = Mixer(Part(0, Tape(np.ones((300, 2), np.float32), there=300), fade_in=100))
    got = np.concatenate([mixer.read(30)[0] for _ in range(10)])[:, 0]
    assert got[0] < 1e-5
    assert (np.diff(got) >= 0).all()
    assert (got[100:] == 1.0).all()


def test_a_stream_can_begin_with_silence_that_is_no_part_of_it() -> None:
    mixer = Mixer(Part(0, tape(0, 10)), lead_in=6)
    got, marks = mixer.read(20)
    assert marks == [Mark(Event.BEGUN, 0, 6), Mark(Event.OVER, 0, 16)]
    assert not got[:6].any()
    assert got[6:16, 0].tolist() == list(range(1, 11))


@pytest.mark.parametrize("frames", [0, 5])
def test_after_the_last_part_there_is_silence_without_end(frames: int) -> None:
    mixer = Mixer(Part(0, tape(0, frames)))
    assert mixer.read(10_000)[0].shape == (10_000, 2)
    assert not mixer.read(10_000)[0].any()
