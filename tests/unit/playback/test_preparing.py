"""What the player has ready before the end of a track, and what it makes of gain, speed and fades."""

from __future__ import annotations

import pytest

from indexer.core.playing.listening import Listening
from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback.player import PREPARE_AHEAD, Player
from musicplayer.playback.preparing import SKIP_MS, About
from musicplayer.playback.sound import Upcoming
from tests.unit.playback.silent_backend import SilentBackend

LENGTH = 100.0


def ids(names: str) -> list[TrackId]:
    return [TrackId(name) for name in names]


@pytest.fixture
def backend(qapp: object) -> SilentBackend:
    made = SilentBackend()
    made.length = LENGTH
    return made


@pytest.fixture
def player(backend: SilentBackend) -> Player:
    made = Player(backend, PlayQueue(), lambda track: None if track == "?" else Stretch(f"/{track}.mp3"))
    made.ask(About(gain_of=lambda track: -1.0 if track == "b" else 2.0, album_of=lambda track: track in "ab"))
    return made


def near(player: Player, backend: SilentBackend) -> None:
    backend.at = LENGTH - PREPARE_AHEAD
    player.look()


def test_the_next_track_is_prepared_near_the_end_and_not_before(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("abc"))
    backend.at = LENGTH - PREPARE_AHEAD - 1
    player.look()
    assert backend.prepared == []
    near(player, backend)
    player.look()
    assert backend.prepared == [[Upcoming(Stretch("/b.mp3"), gain=-1.0)]]


def test_so_many_short_tracks_are_prepared_as_make_some_seconds(player: Player, backend: SilentBackend) -> None:
    player.ask(About(length_of=lambda track: 3.0))
    player.play_tracks(ids("abcdefgh"))
    near(player, backend)
    assert [one.stretch.path for one in backend.prepared[-1]] == ["/b.mp3", "/c.mp3", "/d.mp3"]
    player.mark_stop(2)
    near(player, backend)
    assert [one.stretch.path for one in backend.prepared[-1]] == ["/b.mp3", "/c.mp3"]


def test_what_follows_a_short_track_is_prepared_before_anyone_is_told_that_it_plays(
    player: Player, backend: SilentBackend
) -> None:
    """Who is told may take longer than the track, which would be over with nothing to follow."""
    backend.length = None
    player.ask(About(length_of=lambda _: 0.3))
    when_told: list[list[str]] = []
    player.track_changed.connect(
        lambda _: when_told.append([one.stretch.path for one in (backend.prepared or [[]])[-1]])
    )
    player.play_tracks(ids("abc"))
    backend.end()
    assert when_told == [["/b.mp3", "/c.mp3"], ["/c.mp3"]]
    assert [] not in backend.prepared


def test_a_measured_length_counts_for_what_is_prepared(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("abc"))
    near(player, backend)
    assert [one.stretch.path for one in backend.prepared[-1]] == ["/b.mp3"]
    backend.length_measured.emit(Stretch("/b.mp3"), 0.5)
    assert [one.stretch.path for one in backend.prepared[-1]] == ["/b.mp3", "/c.mp3"]


def test_a_change_of_the_queue_prepares_what_comes_then(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("abc"))
    near(player, backend)
    player.play_next(ids("x"))
    assert backend.prepared[-1] == [Upcoming(Stretch("/x.mp3"), gain=2.0)]
    player.remove([1, 2, 3])
    assert backend.prepared[-1] == []


def test_modes_prepare_what_comes_then(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("abc"))
    near(player, backend)
    player.set_repeat(Repeat.ONE)
    assert backend.prepared[-1] == [Upcoming(Stretch("/a.mp3"), gain=2.0)]
    player.stop_after_current = True
    assert backend.prepared[-1] == []
    player.stop_after_current = False
    player.mark_stop(0)
    player.set_repeat(Repeat.OFF)
    assert backend.prepared[-1] == []


def test_a_seek_back_takes_it_back_and_one_to_the_end_prepares(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("ab"))
    player.seek(LENGTH - 1)
    assert backend.prepared[-1] == [Upcoming(Stretch("/b.mp3"), gain=-1.0)]
    player.seek(1.0)
    assert backend.prepared[-1] == []


def test_nothing_is_prepared_of_a_track_that_cannot_be_found(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("a?"))
    near(player, backend)
    assert not any(backend.prepared)


def test_each_round_of_a_repeated_track_is_prepared(player: Player, backend: SilentBackend) -> None:
    player.set_repeat(Repeat.ONE)
    player.play_tracks(ids("a"))
    for _ in range(2):
        near(player, backend)
        backend.end()
    assert [[one.stretch.path for one in asked] for asked in backend.prepared if asked] == [["/a.mp3"]] * 2


def test_tracks_of_different_albums_overlap(player: Player, backend: SilentBackend) -> None:
    player.set_fades(200, 5.0)
    assert backend.fades == (200, SKIP_MS)
    player.play_tracks(ids("abc"))
    near(player, backend)
    assert backend.prepared[-1] == [Upcoming(Stretch("/b.mp3"), gain=-1.0, overlap=0.0)]
    backend.end()
    near(player, backend)
    assert backend.prepared[-1] == [Upcoming(Stretch("/c.mp3"), gain=2.0, overlap=5.0)]


def test_the_length_of_a_prepared_track_is_known_at_once(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("ab"))
    seen: list[tuple[TrackId | None, float]] = []
    player.duration_changed.connect(lambda seconds: seen.append((player.current, seconds)))
    backend.length = 50.0
    backend.end()
    assert seen[-1] == ("b", 50.0)


def test_the_sound_comes_before_everyone_is_told(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("ab"))
    order: list[str] = []
    player.track_changed.connect(lambda _: order.append(backend.loaded[-1][0]))
    backend.end()
    assert order == ["/b.mp3"]


def test_gain_is_applied_to_every_track_and_again_when_more_is_known(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("ab"))
    player.next()
    assert backend.gains == [2.0, -1.0]
    player.ask(About(gain_of=lambda _: -9.0))
    assert backend.gains[-1] == -9.0


def test_dimming_leaves_the_volume_of_the_listener(player: Player, backend: SilentBackend) -> None:
    player.set_volume(80)
    player.set_dimming(0.5)
    assert (backend.volume, player.volume) == (40, 80)
    player.set_volume(60)
    assert backend.volume == 30
    player.set_dimming(1.0)
    assert backend.volume == 60


def test_listening_at_twice_the_speed_hears_twice_as_much() -> None:
    clock = [0.0]
    listening = Listening(lambda: clock[0])
    listening.run()
    clock[0] = 10.0
    listening.set_rate(2.0)
    clock[0] = 20.0
    assert listening.heard == 30.0


def test_a_hurry_through_the_queue_ends_at_the_right_track(player: Player, backend: SilentBackend) -> None:
    player.play_tracks(ids("a" * 60))
    for _ in range(50):
        player.next()
    for _ in range(20):
        backend.at = 0.0
        player.previous()
    assert player.queue.index == 30
    assert len(backend.loaded) == 71


def test_a_jump_to_a_place_is_told_as_one(player: Player) -> None:
    player.play_tracks(ids("a"))
    told: list[float] = []
    player.seeked.connect(told.append)
    player.seek(500.0)
    assert told == [LENGTH]
