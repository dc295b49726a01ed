"""What plays and opinions weigh."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.playing.listening import SESSION_PAUSE
from indexer.core.plays import Named, Opinion, Play, Tally, Thumb
from indexer.core.taste.weights import DAY, Weighing, opinion_of, plays_of, sessions_of, weighed
from indexer.core.tracks import TrackId

PLACES = {TrackId(name): place for place, name in enumerate("abcd")}
NOW = 1_700_000_000.0


def play(name: str, days_ago: float = 0.0, heard: float = 200.0, *, skipped: bool = False) -> Play:
    at = NOW - days_ago * DAY
    return Play("0" * 24, at, track=TrackId(name), seconds_heard=heard, seconds=200.0, skipped=skipped)


def weights_of(*played: Play, **opinions: float) -> dict[str, float]:
    said = {PLACES[TrackId(name)]: value for name, value in opinions.items()}
    items, weights = weighed(plays_of(played, PLACES), NOW, Weighing(), said)
    return {"abcd"[item]: float(weight) for item, weight in zip(items, weights, strict=True)}


def test_more_and_later_is_more_and_a_skip_is_less_than_nothing() -> None:
    found = weights_of(play("a"), play("a"), play("b"), play("c", days_ago=180), play("d", heard=5.0, skipped=True))
    assert found["a"] == pytest.approx(np.log(3))
    assert found["b"] == pytest.approx(np.log(2))
    assert found["c"] == pytest.approx(np.log(1.5))
    assert found["d"] == pytest.approx(-0.5 * np.log(2))


def test_an_opinion_counts_without_a_play_and_down_is_down_however_often_it_was_played() -> None:
    found = weights_of(*(play("a") for _ in range(50)), a=-1.0, b=1.0, c=0.0)
    assert found == {"a": -1.0, "b": 1.0}


def test_music_that_is_not_among_the_items_is_left_out() -> None:
    unknown = Play("0" * 24, NOW, track=TrackId("z"))
    awaited = Play("0" * 24, NOW)
    assert weights_of(unknown, awaited) == {}


@pytest.mark.parametrize(
    ("opinion", "value"),
    [
        (Opinion(TrackId("a"), Thumb.DOWN, 5.0, favourite=True), -1.0),
        (Opinion(TrackId("a"), Thumb.UP, 0.5), 1.0),
        (Opinion(TrackId("a"), favourite=True), 1.0),
        (Opinion(TrackId("a"), rating=5.0), 1.0),
        (Opinion(TrackId("a"), rating=2.5), 0.0),
        (Opinion(TrackId("a")), 0.0),
    ],
)
def test_the_strongest_thing_that_was_said_counts(opinion: Opinion, value: float) -> None:
    assert opinion_of(opinion) == value


@given(st.lists(st.floats(0.1, 3 * SESSION_PAUSE), max_size=12))
def test_sessions_are_parted_by_long_pauses(pauses: list[float]) -> None:
    times = NOW + np.cumsum(pauses)
    played = [Play("0" * 24, float(at), track=TrackId("abcd"[place % 4])) for place, at in enumerate(times)]
    plays = plays_of(played, PLACES)
    sessions = sessions_of(plays, 100)
    assert len(sessions) == (1 + int((np.diff(times) > SESSION_PAUSE).sum()) if pauses else 0)
    assert np.concatenate([plays.before(0).at, *(session.at for session in sessions)]).tolist() == plays.at.tolist()
    assert [each.at.tolist() for each in sessions_of(plays, 2)] == [each.at.tolist() for each in sessions[-2:]]


def test_a_tally_counts_as_so_many_plays_as_of_the_last() -> None:
    named = Named(artist="A")
    tallies = [
        Tally(id="1", origin="x", named=named, plays=3, skips=1, last_at=NOW, track=TrackId("a")),
        Tally(id="2", origin="x", named=named, plays=10**9, track=TrackId("b")),
        Tally(id="3", origin="x", named=named, plays=4),
    ]
    plays = plays_of([Play("0" * 24, NOW - 1, track=TrackId("c"))], PLACES, tallies)
    assert plays.items[plays.at == NOW].tolist() == [PLACES[TrackId("a")]] * 4
    assert plays.heard[plays.at == NOW].sum() == 2
    assert plays.heard[plays.at == NOW - 1].tolist() == [1.0]
    assert 0 < np.count_nonzero(plays.at == 0) < 1_000


def test_few_plays_of_many_items_weigh_what_they_weigh_among_few() -> None:
    played = [play("a"), play("a", days_ago=30), play("b", heard=5.0, skipped=True), play("d")]
    few = weighed(plays_of(played, PLACES), NOW, Weighing(), {2: 1.0, 3: -1.0})
    far = {track: 5_000 * place for track, place in PLACES.items()}
    many = weighed(plays_of(played, far), NOW, Weighing(), {10_000: 1.0, 15_000: -1.0})
    assert many[0].tolist() == [5_000 * item for item in few[0].tolist()]
    assert many[1].tolist() == few[1].tolist()
