"""The sleep timer: what it ends, and that it leaves the volume as it was."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.playback.sleep import FADE_SECONDS, Sleep, SleepTimer
from tests.unit.playback.silent_backend import SilentBackend


@dataclass
class Stage:
    backend: SilentBackend
    player: Player
    sleep: SleepTimer
    clock: list[float]

    def at(self, seconds: float) -> None:
        self.clock[0] = seconds
        self.sleep.tick()


@pytest.fixture
def stage(qapp: object) -> Stage:
    backend, clock = SilentBackend(), [0.0]
    player = Player(backend, PlayQueue(), lambda track: Stretch(f"/{track}.mp3"))
    player.set_volume(80)
    player.play_tracks([TrackId(name) for name in "abc"])
    return Stage(backend, player, SleepTimer(player, player, lambda: clock[0]), clock)


def test_the_music_fades_and_rests_when_the_time_has_come(stage: Stage) -> None:
    stage.sleep.after(15)
    stage.at(15 * 60 - FADE_SECONDS - 1)
    assert stage.backend.volume == 80
    stage.at(15 * 60 - FADE_SECONDS / 2)
    assert (stage.backend.volume, stage.player.volume) == (40, 80)
    stage.at(15 * 60)
    assert stage.player.state is PlaybackState.PAUSED
    assert stage.sleep.kind is None
    stage.player.play()
    assert stage.backend.volume == 80, "it comes back as it was"


def test_calling_it_off_in_the_fade_brings_the_volume_back(stage: Stage) -> None:
    stage.sleep.after(1)
    stage.at(55)
    stage.sleep.cancel()
    assert (stage.backend.volume, stage.player.state) == (80, PlaybackState.PLAYING)
    stage.at(100)
    assert stage.player.state is PlaybackState.PLAYING


def test_music_that_rests_already_is_left_alone(stage: Stage) -> None:
    stage.sleep.after(1)
    stage.player.pause()
    stage.at(60)
    assert (stage.player.state, stage.backend.volume) == (PlaybackState.PAUSED, 80)


def test_at_the_end_of_the_track(stage: Stage) -> None:
    stage.sleep.at_end_of_track()
    stage.backend.end()
    assert stage.player.state is PlaybackState.STOPPED
    assert stage.player.current == "b"
    assert stage.sleep.kind is None


@pytest.mark.parametrize("shuffled", [False, True])
def test_at_the_end_of_the_queue_though_it_repeats_and_grows(stage: Stage, shuffled: bool) -> None:
    stage.player.set_shuffle(shuffled)
    stage.player.set_repeat(Repeat.ALL)
    stage.sleep.at_end_of_queue()
    stage.player.extend([TrackId("x")], PlayContext(PlaySource.RADIO))
    heard = [stage.player.current]
    while stage.player.state is PlaybackState.PLAYING:
        stage.backend.end()
        heard.append(stage.player.current)
    assert sorted(heard[:3]) == ["a", "b", "c"]
    assert len(heard) == 4
    assert stage.sleep.kind is None


def test_another_kind_takes_the_place_of_the_one_before(stage: Stage) -> None:
    stage.sleep.at_end_of_track()
    stage.sleep.after(30)
    assert not stage.player.stop_after_current
    assert (stage.sleep.kind, stage.sleep.remaining) == (Sleep.TIME, 1800.0)


def test_a_stop_that_is_called_off_elsewhere_calls_it_off(stage: Stage) -> None:
    stage.sleep.at_end_of_track()
    stage.player.stop_after_current = False
    assert stage.sleep.kind is None
