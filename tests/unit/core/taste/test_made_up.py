"""Plays that nobody made can be told from all others, and taken back without them."""

from __future__ import annotations

from collections import Counter

from indexer.core.plays import OWNER
from indexer.core.store import Database
from indexer.core.taste.made_up import MADE_UP, made_up_plays
from indexer.core.taste.model import LEAST_LIKED
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track

NOW = 1_700_000_000.0
TRACKS = [track(number, genre=("Rock", "Jazz", "Folk", "Ambient")[number % 4], seconds=25.0) for number in range(40)]


def test_they_favour_two_genres_and_are_enough_to_learn_from() -> None:
    plays = made_up_plays(TRACKS, NOW)
    genres = Counter(TRACKS[int(str(play.track), 16)].genre for play in plays)
    assert sum(count for _, count in genres.most_common(2)) > 0.7 * len(plays)
    assert len({play.track for play in plays}) > LEAST_LIKED
    assert all(play.at < NOW for play in plays)
    assert {play.context.client for play in plays} == {MADE_UP}


def test_taken_back_they_leave_what_was_really_played(database: Database) -> None:
    own = play_of(TRACKS[0].id, NOW)
    plays = made_up_plays(TRACKS, NOW)
    database.plays.add([own, *plays])
    assert database.plays.from_client(MADE_UP) == len(plays)
    assert database.plays.take_back(MADE_UP) == len(plays)
    assert [play.id for play in database.plays.of(OWNER)] == [own.id]
    assert database.plays.from_client(MADE_UP) == 0
