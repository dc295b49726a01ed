"""The radio on a real queue: what it appends, when, and what it learns from how its tracks are heard."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication

from indexer.core.playing.queue import PlayQueue
from indexer.core.plays import PlaySource
from indexer.core.tracks import Stretch, TrackId
from musicplayer.discover.radio import AHEAD, MOST_SEEDS, Radio, RadioState
from musicplayer.playback.player import Player
from tests.unit.discover.toy_candidates import ToyCandidates, name
from tests.unit.playback.silent_backend import SilentBackend

SEED = name(50)


class Stage:
    """A radio beside a player whose clock is set by hand."""

    def __init__(self, candidates: ToyCandidates, chance: int = 1) -> None:
        self.candidates = candidates
        self.backend = SilentBackend()
        self.clock = [0.0]
        self.player = Player(
            self.backend,
            PlayQueue(chance=Random(chance)),
            lambda track: Stretch(f"/{track}.mp3"),
            clock=lambda: self.clock[0],
        )
        self.radio = Radio(self.player, candidates, candidates.song, chance=Random(chance))

    def play(self, *tracks: TrackId) -> None:
        self.player.play_tracks(list(tracks))
        self.turn()

    def turn(self) -> None:
        """Let the event loop turn, as it does before anyone can press a key."""
        QCoreApplication.processEvents()

    def start(self, *seeds: TrackId) -> None:
        self.radio.start(seeds)
        self.turn()

    def hear(self, seconds: float) -> None:
        self.clock[0] += seconds

    def next(self) -> None:
        self.player.next()
        self.turn()

    @property
    def tracks(self) -> list[TrackId]:
        return [item.track for item in self.player.queue.items]

    @property
    def ahead(self) -> int:
        return len(self.player.queue.upcoming())


Make = Callable[..., Stage]


@pytest.fixture
def make(qapp: object) -> Make:
    return lambda count=120, **more: Stage(ToyCandidates.of(count, **more))


def test_five_come_after_what_plays_and_say_that_the_radio_put_them_there(make: Make) -> None:
    stage = make()
    stage.play(SEED)
    stage.start(SEED)
    assert [item.origin.source for item in stage.player.queue.items] == [
        PlaySource.UNKNOWN,
        *[PlaySource.RADIO] * AHEAD,
    ]
    assert stage.radio.state is RadioState.PLAYING


def test_one_more_comes_with_every_track_and_what_is_there_stays(make: Make) -> None:
    stage = make()
    stage.play(SEED)
    stage.start(SEED)
    for _ in range(12):
        before = stage.tracks
        stage.hear(200)
        stage.next()
        assert stage.tracks[: len(before)] == before
        assert stage.ahead == AHEAD
    assert len(set(stage.tracks)) == len(stage.tracks)


def test_tracks_of_ones_own_count_as_ahead(make: Make) -> None:
    stage = make()
    stage.play(SEED, *(name(number) for number in range(1, 8)))
    stage.start(SEED)
    assert len(stage.tracks) == 8
    assert stage.radio.own_ahead() == 7
    for _ in range(3):
        stage.next()
    assert stage.tracks[8:]
    assert stage.ahead == AHEAD
    assert stage.radio.own_ahead() == 4


def test_off_it_does_nothing_and_leaves_what_it_gave(make: Make) -> None:
    stage = make()
    stage.play(SEED)
    stage.next()
    assert stage.tracks == [SEED]
    stage.start(SEED)
    stage.radio.stop()
    kept = stage.tracks
    stage.next()
    assert stage.tracks == kept
    assert stage.radio.state is RadioState.OFF
    assert stage.radio.seeds == ()


def test_without_seeds_it_does_not_start(make: Make) -> None:
    stage = make()
    stage.start()
    assert not stage.radio.is_on


def test_many_seeds_are_drawn_from(make: Make) -> None:
    stage = make()
    stage.start(*(name(number) for number in range(MOST_SEEDS + 20)), name(0))
    assert len(set(stage.radio.seeds)) == MOST_SEEDS


def test_its_tracks_come_last_in_shuffled_play_too(make: Make) -> None:
    stage = make()
    stage.player.set_shuffle(True)
    stage.play(SEED, name(1), name(2))
    stage.start(SEED)
    assert [item.origin.source for item in stage.player.queue.upcoming()] == [
        PlaySource.UNKNOWN,
        PlaySource.UNKNOWN,
        PlaySource.RADIO,
        PlaySource.RADIO,
        PlaySource.RADIO,
    ]
    stage.next()
    assert stage.ahead == AHEAD


def test_what_was_taken_out_is_replaced_and_does_not_come_back(make: Make) -> None:
    stage = make()
    stage.play(SEED)
    stage.start(SEED)
    gone = stage.tracks[2:4]
    stage.player.remove([2, 3])
    stage.turn()
    assert stage.ahead == AHEAD
    for _ in range(20):
        stage.next()
    assert not set(gone) & set(stage.tracks)


def test_an_undo_brings_ones_own_change_back_and_keeps_its_tracks(make: Make) -> None:
    stage = make()
    stage.play(SEED, name(1), name(2))
    stage.start(SEED)
    stage.player.remove([1])
    stage.turn()
    assert stage.player.undo()
    stage.turn()
    assert stage.tracks[:3] == [SEED, name(1), name(2)]
    assert stage.ahead >= AHEAD


def test_it_waits_for_a_model_and_goes_on_once_it_is_there(make: Make) -> None:
    stage = make(count=0)
    stage.play(SEED)
    stage.start(SEED)
    assert stage.radio.state is RadioState.WAITING
    assert stage.tracks == [SEED]
    stage.candidates.songs = ToyCandidates.of(100).songs
    stage.radio.refill()
    assert stage.radio.state is RadioState.PLAYING
    assert stage.ahead == AHEAD


def test_it_waits_for_nothing_once_enough_is_ahead(make: Make) -> None:
    stage = make(count=0)
    stage.start(SEED)
    assert stage.radio.state is RadioState.WAITING
    stage.play(*(name(number) for number in range(AHEAD + 2)))
    assert stage.radio.state is RadioState.PLAYING


def test_a_library_of_three_goes_round_without_a_repetition_ahead(make: Make) -> None:
    stage = make(count=3)
    stage.play(name(0))
    stage.start(name(0))
    assert sorted(stage.tracks) == [name(0), name(1), name(2)]
    assert stage.radio.state is RadioState.USED_UP
    for _ in range(10):
        stage.hear(200)
        stage.next()
        coming = [item.track for item in stage.player.queue.upcoming()]
        assert stage.player.current not in coming
        assert len(set(coming)) == len(coming) == 2


def test_skips_lead_away_and_what_was_heard_out_leads_on(make: Make) -> None:
    """Whatever lies above the seed is skipped, whatever lies below is heard out."""
    stage = make(count=400)
    stage.play(name(200))
    stage.start(name(200))
    stage.next()
    for _ in range(60):
        current = stage.player.current
        assert current is not None
        stage.backend.duration_changed.emit(200.0)
        stage.hear(3 if current > name(200) else 190)
        stage.next()
    late = stage.tracks[-30:]
    assert sum(track < name(200) for track in late) >= 22


def test_going_back_pausing_and_a_file_that_fails_are_no_skips(make: Make) -> None:
    stage = make()
    stage.play(SEED)
    stage.start(SEED)
    stage.next()
    first = stage.player.current
    assert first is not None
    stage.hear(2)
    stage.player.previous()  # to the start of it, then back to the one before
    stage.player.previous()
    stage.player.pause()
    stage.next()
    stage.player.play()
    stage.player.failed.emit("It cannot be played.", "")
    stage.next()
    assert stage.radio.aversions.weight(first) == 1.0


def test_an_early_next_is_a_skip(make: Make) -> None:
    stage = make()
    stage.play(SEED)
    stage.start(SEED)
    stage.next()
    skipped = stage.player.current
    assert skipped is not None
    stage.hear(4)
    stage.next()
    assert stage.radio.aversions.weight(skipped) < 1.0
    assert stage.radio.aversions.of_direction(SEED) < 1.0


steps = st.lists(
    st.sampled_from(["next", "skip", "remove", "enqueue", "jump", "undo", "shuffle", "clear"]), max_size=14
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, count=st.integers(1, 60), artists=st.integers(1, 9), chance=st.integers(0, 99))
def test_whatever_happens_it_only_appends_and_repeats_nothing_that_is_to_come(
    qapp: object, steps: list[str], count: int, artists: int, chance: int
) -> None:
    stage = Stage(ToyCandidates.of(count, artists, artists), chance)
    player, random = stage.player, Random(chance)
    stage.play(name(0))
    stage.start(name(0))
    for step in steps:
        if step in ("next", "skip"):
            stage.hear(200 if step == "next" else 2)
            player.next()
        elif step == "remove":
            player.remove([random.randrange(len(stage.tracks) + 1)])
        elif step == "enqueue":
            player.enqueue([name(random.randrange(count))])
        elif step == "jump" and stage.tracks:
            player.jump(random.randrange(len(stage.tracks)))
        elif step == "undo":
            player.undo()
        elif step == "shuffle":
            player.set_shuffle(not player.queue.shuffle)
        elif step == "clear":
            player.clear()
        before = player.queue.items
        stage.turn()
        assert player.queue.items[: len(before)] == before
        given_now = [item.track for item in player.queue.items[len(before) :]]
        assert all(item.origin.source == PlaySource.RADIO for item in player.queue.items[len(before) :])
        rest = [item.track for item in player.queue.upcoming()][: -len(given_now) or None]
        assert not set(given_now) & ({*rest} | ({player.current} if player.queue.current else set()))
        assert len(set(given_now)) == len(given_now)
        assert stage.ahead >= min(AHEAD, count - 1)
