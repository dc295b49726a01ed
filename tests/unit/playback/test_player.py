"""The player: what it tells its listeners as the queue and the sound go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.sentences.told import plain
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback.backend import BackendUnavailable, NullBackend, PlaybackState
from musicplayer.playback.detour import MOST_FAILURES
from musicplayer.playback.player import Player
from tests.conftest import turn
from tests.unit.playback.silent_backend import SilentBackend


def ids(names: str) -> list[TrackId]:
    return [TrackId(name) for name in names]


@dataclass
class Stage:
    """A player on a silent backend, with everything it said."""

    backend: SilentBackend
    player: Player
    clock: list[float]
    said: list[tuple[Any, ...]] = field(default_factory=list)

    def plays(self) -> list[tuple[str | None, float | None, bool]]:
        """Track, seconds heard, and whether it counts, of every play."""
        return [(play.track, play.seconds_heard, play.finished) for (play,) in self.heard("played")]

    def heard(self, name: str) -> list[tuple[Any, ...]]:
        return [said[1:] for said in self.said if said[0] == name]

    @property
    def files(self) -> list[str]:
        return [path for path, _ in self.backend.loaded]


@pytest.fixture
def stage(qapp: object) -> Stage:
    backend = SilentBackend()
    clock = [0.0]
    player = Player(
        backend,
        PlayQueue(),
        lambda track: None if track == "?" else Stretch(f"/{track}.mp3"),
        clock=lambda: clock[0],
    )
    stage = Stage(backend, player, clock)
    for name in ("track_changed", "state_changed", "played", "failed", "queue_changed", "modes_changed"):
        getattr(player, name).connect(lambda *values, name=name: stage.said.append((name, *values)))
    return stage


def test_playing_tracks_starts_the_one_asked_for(stage: Stage) -> None:
    stage.player.play_tracks(ids("abc"), 1)
    assert stage.files == ["/b.mp3"]
    assert stage.player.current == "b"
    assert stage.player.state is PlaybackState.PLAYING
    assert stage.heard("track_changed") == [("b",)]


def test_the_queue_goes_on_when_a_track_ends_and_stops_after_the_last(stage: Stage) -> None:
    stage.player.play_tracks(ids("ab"))
    stage.backend.end()
    assert stage.player.current == "b"
    stage.backend.end()
    assert stage.player.state is PlaybackState.STOPPED
    assert stage.files == ["/a.mp3", "/b.mp3"]


def test_the_same_list_once_more_is_no_other_queue_and_begins_anew(stage: Stage) -> None:
    stage.player.set_shuffle(True)
    stage.player.play_tracks(ids("abc"))
    for _ in range(3):
        stage.backend.end()
    assert stage.player.state is PlaybackState.STOPPED
    before = stage.player.queue.items
    stage.player.play_tracks(ids("abc"), 1)
    assert stage.player.queue.items == before
    assert stage.player.current == "b"
    assert {item.track for item in stage.player.queue.upcoming()} == {"a", "c"}, "all of it comes again"
    stage.player.play_tracks(ids("abc"), 99)
    assert stage.player.current == "c"


def test_playing_now_keeps_the_rest_of_the_queue(stage: Stage) -> None:
    stage.player.play_tracks(ids("abc"))
    stage.player.play_now(ids("xy"))
    assert [item.track for item in stage.player.queue.items] == ids("axybc")
    assert stage.player.current == "x"


def test_pause_and_play_go_on_where_it_was(stage: Stage) -> None:
    stage.player.play_tracks(ids("a"))
    stage.player.toggle()
    stage.player.toggle()
    assert stage.backend.calls == ["play", "pause", "play"]
    assert stage.files == ["/a.mp3"]


def test_pausing_twice_and_before_anything_does_nothing(stage: Stage) -> None:
    stage.player.pause()
    stage.player.play()
    assert stage.backend.calls == []


def test_previous_restarts_a_track_that_is_some_seconds_in(stage: Stage) -> None:
    stage.player.play_tracks(ids("ab"), 1)
    stage.backend.at = 10.0
    stage.player.previous()
    assert (stage.backend.at, stage.player.current) == (0.0, "b")
    stage.player.previous()
    assert stage.player.current == "a"


def test_next_while_paused_shows_the_track_but_stays_silent(stage: Stage) -> None:
    stage.player.play_tracks(ids("ab"))
    stage.player.pause()
    stage.player.next()
    assert stage.player.current == "b"
    assert stage.files == ["/a.mp3"]
    stage.player.play()
    assert stage.files == ["/a.mp3", "/b.mp3"]


def test_restoring_opens_nothing_before_play_and_then_the_position(stage: Stage) -> None:
    queue = PlayQueue()
    queue.replace(ids("abc"), 1)
    stage.player.restore(queue, 42.5, 100.0)
    assert stage.backend.loaded == []
    assert stage.player.state is PlaybackState.PAUSED
    assert (stage.player.current, stage.player.position(), stage.player.duration()) == ("b", 42.5, 100.0)
    stage.player.play()
    assert stage.backend.loaded == [("/b.mp3", 42.5)]


def test_seeking_before_playing_moves_the_start(stage: Stage) -> None:
    queue = PlayQueue()
    queue.replace(ids("a"))
    stage.player.restore(queue, 5.0, 100.0)
    stage.player.seek(200.0)
    stage.player.play()
    assert stage.backend.loaded == [("/a.mp3", 100.0)]


def test_half_of_a_track_counts_as_a_play(stage: Stage) -> None:
    stage.player.play_tracks(ids("ab"))
    stage.backend.duration_changed.emit(100.0)
    stage.clock[0] = 50.0
    stage.player.next()
    stage.clock[0] = 55.0
    stage.player.stop()
    assert stage.plays() == [("a", 50.0, True), ("b", 5.0, False)]


def test_pauses_are_not_listening(stage: Stage) -> None:
    stage.player.play_tracks(ids("a"))
    stage.backend.duration_changed.emit(100.0)
    stage.clock[0] = 10.0
    stage.player.pause()
    stage.clock[0] = 500.0
    stage.player.play()
    stage.clock[0] = 505.0
    stage.player.stop()
    assert stage.plays() == [("a", 15.0, False)]


def test_four_minutes_of_an_hour_count_as_a_play(stage: Stage) -> None:
    stage.player.play_tracks(ids("a"))
    stage.backend.duration_changed.emit(3600.0)
    stage.clock[0] = 240.0
    stage.player.stop()
    assert stage.plays() == [("a", 240.0, True)]


def test_a_file_that_fails_is_reported_and_skipped(stage: Stage) -> None:
    stage.player.play_tracks(ids("abc"))
    stage.backend.fail()
    assert stage.heard("failed") == [("x.mp3 cannot be played.", "It is damaged.")]
    assert stage.player.current == "b"
    assert stage.player.state is PlaybackState.PLAYING


def test_a_file_that_fails_is_left_even_when_it_repeats_itself(stage: Stage) -> None:
    stage.player.set_repeat(Repeat.ONE)
    stage.player.play_tracks(ids("ab"))
    stage.backend.fail()
    assert stage.player.current == "b"


def test_a_measured_length_is_told_of_the_track_that_lies_there(stage: Stage) -> None:
    told: list[tuple[str, float]] = []
    stage.player.length_measured.connect(lambda track, seconds: told.append((track, seconds)))
    stage.player.play_tracks(ids("ab"))
    stage.backend.length_measured.emit(Stretch("/a.mp3"), 12.5)
    stage.backend.length_measured.emit(Stretch("/elsewhere.mp3"), 1.0)
    assert told == [("a", 12.5)]


def test_where_a_server_is_away_the_queue_stays_and_the_track_waits_at_its_place(stage: Stage) -> None:
    stage.player.play_tracks(ids("abc"), 1)
    stage.backend.at = 42.0
    stage.backend.interrupted.emit("The server does not answer.", "See that it runs.")
    assert stage.heard("failed") == [("The server does not answer.", "See that it runs.")]
    assert (stage.player.state, stage.player.current, stage.player.position()) == (PlaybackState.PAUSED, "b", 42.0)
    assert [item.track for item in stage.player.queue.items] == ids("abc")
    stage.player.play()
    assert (stage.player.state, stage.backend.calls[-1]) == (PlaybackState.PLAYING, "play")


def test_files_that_all_fail_do_not_race_on_for_ever(stage: Stage) -> None:
    stage.player.set_repeat(Repeat.ALL)
    stage.player.play_tracks(ids("abc"))
    for _ in range(MOST_FAILURES):
        assert stage.player.state is PlaybackState.PLAYING
        stage.backend.fail()
    assert stage.player.state is PlaybackState.STOPPED
    assert len(stage.files) == MOST_FAILURES


def test_a_track_that_left_the_library_is_reported_and_skipped(stage: Stage, qtbot: QtBot) -> None:
    stage.player.play_tracks(ids("?b"))
    qtbot.waitUntil(lambda: stage.player.current == "b")
    assert len(stage.heard("failed")) == 1
    assert stage.files == ["/b.mp3"]


def test_stopping_after_the_track_rests_at_the_next_one_once(stage: Stage) -> None:
    stage.player.play_tracks(ids("abc"))
    stage.player.stop_after_current = True
    stage.backend.end()
    assert (stage.player.state, stage.player.current) == (PlaybackState.STOPPED, "b")
    assert not stage.player.stop_after_current
    stage.player.play()
    stage.backend.end()
    assert (stage.player.state, stage.player.current) == (PlaybackState.PLAYING, "c")


def test_a_removed_track_plays_to_its_end_and_the_queue_goes_on(stage: Stage) -> None:
    stage.player.play_tracks(ids("abc"))
    stage.player.remove([0])
    assert (stage.player.current, stage.player.state) == ("a", PlaybackState.PLAYING)
    stage.backend.end()
    assert stage.player.current == "b"


def test_volume_is_held_within_its_range(stage: Stage) -> None:
    stage.player.set_volume(140)
    assert (stage.player.volume, stage.backend.volume) == (100, 100)


def test_a_machine_without_sound_says_so_and_goes_no_further(qtbot: QtBot) -> None:
    backend = NullBackend(BackendUnavailable.again(*plain("VLC was not found.", "Install VLC.")))
    player = Player(backend, PlayQueue(), lambda track: Stretch(f"/{track}.mp3"))
    with qtbot.waitSignal(player.failed) as failed:
        player.play_tracks(ids("abc"))
    assert failed.args == ["VLC was not found.", "Install VLC."]
    assert (player.state, player.current) == (PlaybackState.STOPPED, "a")


def test_closing_reports_what_was_heard(stage: Stage) -> None:
    stage.player.play_tracks(ids("a"))
    stage.clock[0] = 20.0
    stage.player.close()
    assert stage.plays() == [("a", 20.0, False)]
    assert stage.backend.closed


def test_a_closed_player_does_not_go_on_after_a_lost_file(stage: Stage, qtbot: QtBot) -> None:
    stage.player.play_tracks(ids("?b"))
    stage.player.close()
    turn(qtbot)
    assert stage.files == []
    assert stage.heard("failed") == []


def test_playing_stops_after_the_item_that_is_marked_and_goes_on_from_there(stage: Stage) -> None:
    stage.player.play_tracks(ids("abc"))
    stage.player.mark_stop(1)
    stage.backend.end()
    assert (stage.player.state, stage.player.current) == (PlaybackState.PLAYING, "b")
    stage.backend.end()
    assert (stage.player.state, stage.player.current) == (PlaybackState.STOPPED, "c")
    assert stage.player.queue.stop_after is None
    with pytest.raises(IndexError):
        stage.player.mark_stop(9)


def test_a_play_says_where_it_was_chosen_and_whether_it_was_left_for_another(stage: Stage) -> None:
    album = PlayContext(PlaySource.ALBUM)
    stage.player.play_tracks(ids("ab"), origin=album)
    stage.clock[0] = 5.0
    stage.player.next()
    stage.clock[0] = 10.0
    stage.player.stop()
    skipped, stopped = (play for (play,) in stage.heard("played"))
    assert (skipped.skipped, stopped.skipped) == (True, False)
    assert skipped.context.source is PlaySource.ALBUM
    assert skipped.context.client == "desktop"
    assert skipped.context.session == stopped.context.session != ""
    assert skipped.id != stopped.id


def test_a_track_that_is_begun_again_was_not_skipped(stage: Stage) -> None:
    stage.player.play_tracks(ids("ab"))
    stage.clock[0] = 5.0
    stage.player.jump(0)
    stage.clock[0] = 10.0
    stage.player.jump(1)
    assert [play.skipped for (play,) in stage.heard("played")] == [False, True]
