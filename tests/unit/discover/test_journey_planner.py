"""Journeys over a real model folder and a real catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.travel import Wish, shared_out
from indexer.core.home import Home
from indexer.core.tracks import TrackId, TrackState
from musicplayer.discover.journey_planner import JourneyPlanner
from musicplayer.discover.similar import Similar
from tests.unit.core.catalogue.tracks import track
from tests.unit.discover.small_model import PROFILE, write_small_model

COUNT = 40
LAST = COUNT - 1
Ask = Callable[..., tuple[TrackId, ...]]


def features(number: int) -> NDArray[np.float32]:
    """A point on a quarter circle, with a little of its own."""
    angle = number / COUNT * np.pi / 2
    own = np.random.default_rng(number).normal(size=4) * 0.2
    return np.array([[np.cos(angle), np.sin(angle), *own]] * 3, np.float32)


def ids(*numbers: int) -> list[TrackId]:
    return [track(number).id for number in numbers]


def wish(start: int, end: int, length: int, *by: int) -> Wish:
    return Wish(track(start).id, track(end).id, length, tuple(ids(*by)))


@pytest.fixture
def catalogue() -> Catalogue:
    """Twenty artists with two tracks each; every length is another one."""
    made = Catalogue()
    made.upsert([track(number, artist=f"Artist {number % 20}", seconds=100.0 + 2 * number) for number in range(COUNT)])
    return made


@pytest.fixture
def planner(home: Home, catalogue: Catalogue, qtbot: QtBot) -> Iterator[JourneyPlanner]:
    write_small_model(home, {track(number).id: features(number) for number in range(COUNT)})
    similar = Similar(home, PROFILE, catalogue)
    with qtbot.waitSignal(similar.changed, timeout=10_000):
        similar.start()
    made = JourneyPlanner(similar, LibraryCandidates(similar.more_like).playable, chance=Random(1))
    yield made
    made.shutdown()
    similar.shutdown()


@pytest.fixture
def ask(planner: JourneyPlanner, qtbot: QtBot) -> Ask:
    def asked(start: int, end: int, length: int, other_than: tuple[TrackId, ...] = ()) -> tuple[TrackId, ...]:
        with qtbot.waitSignal(planner.found, timeout=10_000) as signal:
            planner.plan(wish(start, end, length), other_than=other_than)
        assert signal.args is not None
        found: tuple[TrackId, ...] = signal.args[1]
        return found

    return asked


def failure(planner: JourneyPlanner, qtbot: QtBot, asked: Wish) -> str:
    with qtbot.waitSignal(planner.failed, timeout=10_000) as signal:
        planner.plan(asked)
    assert signal.args is not None
    return f"{signal.args[1]} {signal.args[2]}".strip()


def test_it_leads_from_one_to_the_other_in_steps_smaller_than_the_leap(ask: Ask, planner: JourneyPlanner) -> None:
    found = ask(0, LAST, 8)
    assert [found[0], found[-1], len(set(found))] == [*ids(0, LAST), 8]
    steps = planner.nearness(found)
    [leap] = planner.nearness([found[0], found[-1]])
    assert leap is not None
    assert all(step is not None and step > leap for step in steps)
    numbers = [int(one, 16) for one in found]
    assert sum(one < other for one, other in pairwise(numbers)) >= 6


def test_two_tracks_of_an_artist_are_the_most(ask: Ask, catalogue: Catalogue) -> None:
    found = ask(0, 20, 20)
    rows = [catalogue.row_of(one) for one in found]
    assert max(Counter(catalogue.artist(row) for row in rows if row is not None).values()) == 2


def test_what_is_away_is_not_on_the_way(ask: Ask, catalogue: Catalogue) -> None:
    gone = ask(0, LAST, 6)[2]
    catalogue.upsert([track(int(gone, 16), artist="x", state=TrackState.AWAY)])
    assert gone not in ask(0, LAST, 6)


def test_what_is_no_song_is_not_on_the_way_unless_an_end_is_one(ask: Ask, catalogue: Catalogue) -> None:
    mixes = ask(0, LAST, 6)[1:-1]
    catalogue.upsert([track(int(mix, 16), artist=f"M {mix}", seconds=7_200.0) for mix in mixes])
    assert not set(ask(0, LAST, 6)) & set(mixes)
    catalogue.upsert([track(0, artist="Artist 0", seconds=7_200.0)])
    assert set(ask(0, LAST, 6)) & set(mixes)


def test_another_one_has_other_tracks_between_the_same_ends(ask: Ask) -> None:
    first = ask(0, LAST, 8)
    other = ask(0, LAST, 8, first)
    assert (other[0], other[-1]) == (first[0], first[-1])
    assert set(first) != set(other)


def test_another_one_uses_the_same_tracks_where_there_are_no_others(ask: Ask) -> None:
    everything = ask(0, LAST, 30)
    assert len(ask(0, LAST, 30, everything)) == 30


def through(planner: JourneyPlanner, qtbot: QtBot, asked: Wish) -> tuple[TrackId, ...]:
    with qtbot.waitSignal(planner.found, timeout=10_000) as signal:
        planner.plan(asked)
    assert signal.args is not None
    found: tuple[TrackId, ...] = signal.args[1]
    return found


@pytest.mark.parametrize("by", [(25,), (30, 10), (5, 20, 35)])
def test_it_goes_by_way_of_all_that_is_asked_for_in_their_order(
    planner: JourneyPlanner, qtbot: QtBot, catalogue: Catalogue, by: tuple[int, ...]
) -> None:
    found = through(planner, qtbot, wish(0, LAST, 12, *by))
    assert (len(found), len(set(found))) == (12, 12)
    assert [one for one in found if one in ids(0, *by, LAST)] == ids(0, *by, LAST)
    rows = [catalogue.row_of(one) for one in found]
    assert max(Counter(catalogue.artist(row) for row in rows if row is not None).values()) == 2


def test_with_more_stops_than_tracks_the_stops_are_the_way(planner: JourneyPlanner, qtbot: QtBot) -> None:
    assert through(planner, qtbot, wish(0, LAST, 5, 7, 14, 21, 28)) == tuple(ids(0, 7, 14, 21, 28, LAST))
    assert wish(3, 4, 5, 3, 9, 9, 4).stops == tuple(ids(3, 9, 4)), "each once"


def test_another_one_keeps_what_it_goes_by_way_of(planner: JourneyPlanner, qtbot: QtBot) -> None:
    asked = wish(0, LAST, 9, 30)
    first = through(planner, qtbot, asked)
    with qtbot.waitSignal(planner.found, timeout=10_000) as signal:
        planner.plan(asked, other_than=first)
    assert signal.args is not None
    assert ids(30)[0] in signal.args[1]
    assert set(signal.args[1]) != set(first)


def test_a_stop_joins_where_it_is_least_out_of_the_way(planner: JourneyPlanner) -> None:
    tracks = ids(0, 5, 10, 15, 20, 25, 30, 35)
    assert planner.with_stop(tracks, ids(10, 30), ids(18)[0]) == ids(10, 18, 30)
    assert planner.with_stop((), ids(10), ids(18)[0]) == ids(10, 18)


@given(weights=st.lists(st.floats(0, 100), min_size=1, max_size=6), count=st.integers(-3, 40))
def test_tracks_are_shared_out_by_the_length_of_legs(weights: list[float], count: int) -> None:
    shares = shared_out(weights, count)
    assert sum(shares) == max(count, 0)
    total = sum(weights)
    for weight, share in zip(weights, shares, strict=True):
        assert total < 1e-9 or abs(share - max(count, 0) * weight / total) <= 1 + 1e-6


def test_what_cannot_be_said_why_is_said(planner: JourneyPlanner, catalogue: Catalogue, qtbot: QtBot) -> None:
    assert "same track" in failure(planner, qtbot, wish(0, 0, 8))
    assert "analysed" in failure(planner, qtbot, wish(0, COUNT + 5, 8))
    catalogue.upsert([track(number, artist=f"Artist {number % 3}") for number in range(COUNT)])
    assert "fewer" in failure(planner, qtbot, wish(0, LAST, 12))


def test_only_the_last_question_is_answered(planner: JourneyPlanner, qtbot: QtBot) -> None:
    answers: list[int] = []
    planner.found.connect(lambda asked, _: answers.append(asked.length))
    for length in (5, 6, 7):
        planner.plan(wish(0, LAST, length))
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    planner.plan(wish(0, LAST, 8))
    planner.forget()
    with qtbot.waitSignal(planner.found, timeout=10_000):
        planner.plan(wish(0, LAST, 9))
    assert answers == [7, 9]
