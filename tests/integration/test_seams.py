"""What reaches a sound server while a queue plays: every sample of every track, once, in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from musicplayer.playback.backend import PlaybackState
from tests.benchmarks.seams import CHIRP_SECONDS, WAV, Stage, chirp, compared, stage
from tests.ruler import FORMATS, Format, find, melody, write
from tests.sound_server import MISSING, has_server

pytestmark = [
    pytest.mark.vlc,
    pytest.mark.skipif(not has_server(), reason=MISSING),
    pytest.mark.usefixtures("qapp"),  # else the stage makes an application without windows, for the whole process
]

NAMED = {kind.name: kind for kind in FORMATS}


def queue(folder: Path, kinds: list[Format], lengths: list[float]) -> list[Path]:
    tracks = [
        melody(number, length, kind.rate) for number, (kind, length) in enumerate(zip(kinds, lengths, strict=True))
    ]
    return [
        write(folder / f"{number}.{kind.ending}", track, kind)
        for number, (kind, track) in enumerate(zip(kinds, tracks, strict=True))
    ]


def played(made: Stage, lengths: list[float]) -> float:
    moment = made.play(len(lengths))
    assert made.wait(sum(lengths) + 20, lambda: made.player.state is PlaybackState.STOPPED)
    made.wait(0.5)
    return moment


@pytest.mark.parametrize("name", ["FLAC 44.1/16", "mp3 VBR", "AAC", "Opus", "Ogg Vorbis"])
def test_an_album_has_no_sample_too_many_and_none_too_few(tmp_path: Path, name: str) -> None:
    kind, lengths = NAMED[name], [1.5, 0.3, 1.111, 2.0]
    files = queue(tmp_path, [kind] * 4, lengths)
    with stage(files, kind.rate) as made:
        recording = made.server.recorded(played(made, lengths))
    found = [find(recording, melody(number, length, kind.rate), kind.rate) for number, length in enumerate(lengths)]
    assert all(one and one.missing_first == one.missing_last == 0.0 for one in found)
    places = [one.at for one in found if one]
    assert [after - before for before, after in pairwise(places)] == [
        round(length * kind.rate) for length in lengths[:-1]
    ]


def test_tracks_of_several_formats_and_rates_follow_each_other_too(tmp_path: Path) -> None:
    kinds = [NAMED[name] for name in ("FLAC 44.1/16", "FLAC 96/24", "Opus", "mp3 CBR", "FLAC 48/16")]
    lengths = [1.5, 1.2, 1.0, 0.5, 1.5]
    with stage(queue(tmp_path, kinds, lengths), 44_100) as made:
        recording = made.server.recorded(played(made, lengths))
    found = [find(recording, melody(number, length, 44_100), 44_100) for number, length in enumerate(lengths)]
    assert all(one and one.missing_first == one.missing_last == 0.0 for one in found)
    places = [one.at for one in found if one]
    for (before, after), length in zip(pairwise(places), lengths, strict=False):
        assert after - before == pytest.approx(length * 44_100, abs=2), "as near as half a sample of each lets them be"


def test_what_is_chosen_is_heard_from_its_first_sample_and_a_jump_from_its_place(tmp_path: Path) -> None:
    lengths = [20.0] * 3
    kinds = [NAMED[name] for name in ("mp3 VBR", "FLAC 44.1/16", "AAC")]
    with stage(queue(tmp_path, kinds, lengths), 44_100) as made:
        made.play(3)
        made.wait(1.0)
        for number in (1, 2):
            moment = time.monotonic()
            made.player.next()
            made.wait(1.5)
            heard(made, moment, number, 0.0)
        for place in (12.3, 3.21, 17.0):
            moment = time.monotonic()
            made.player.seek(place)
            made.wait(1.5)
            heard(made, moment, 2, place)
            assert made.player.position() == pytest.approx(place + 1.5, abs=0.5)


def heard(made: Stage, moment: float, number: int, place: float) -> None:
    """That after a moment a track is heard from a place on."""
    at = round(place * 44_100)
    found = find(made.server.recorded(moment), melody(number, 20.0, 44_100)[at : at + 22_050], 44_100)
    assert found is not None
    assert found.missing_first == 0.0


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Stage]:
    with stage(queue(tmp_path, [WAV] * 3, [2.5, 2.0, 2.0]), 44_100) as made:
        yield made


def test_what_was_called_off_is_not_heard_although_it_was_decoded(three: Stage) -> None:
    moment = three.play(2)
    assert three.wait(10, lambda: three.player.position() > 2.3)  # the next one is on its way already
    three.player.remove([1])
    assert three.wait(10, lambda: three.player.state is PlaybackState.STOPPED)
    three.wait(0.5)
    recording = three.server.recorded(moment)
    assert find(recording, melody(1, 2.0, 44_100)[:22_050], 44_100) is None


@pytest.mark.parametrize("rate", [1.0, 1.5])
def test_the_place_that_is_told_is_the_one_that_is_heard(tmp_path: Path, rate: float) -> None:
    """After a jump, a pause and a seam; the benchmark tells it finer, where nothing else runs."""
    file = write(tmp_path / "chirp.wav", chirp(CHIRP_SECONDS), WAV)
    with stage([file, file], WAV.rate) as made:
        made.player.set_rate(rate)
        made.play(2)
        made.wait(1.0)
        made.player.seek(5.0)
        made.wait(1.0)
        assert np.median(compared(made, rate)) == pytest.approx(0.0, abs=0.1)
        made.player.pause()
        made.wait(0.7)
        made.player.toggle()
        made.wait(1.0)
        assert np.median(compared(made, rate)) == pytest.approx(0.0, abs=0.1)
        made.player.seek(CHIRP_SECONDS - 1.0)
        assert made.wait(CHIRP_SECONDS, lambda: made.player.queue.index == 1)
        made.wait(0.7)
        assert np.median(compared(made, rate)) == pytest.approx(0.0, abs=0.1)
