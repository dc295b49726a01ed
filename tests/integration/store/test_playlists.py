"""Playlists on the real server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.plays import ListenerId
from indexer.core.store import Database
from indexer.core.tracks import TrackId

pytestmark = pytest.mark.database

TRACKS = tuple(TrackId(f"{number:032x}") for number in range(3))
LIST = Playlist("a" * 32, "Évening", tracks=(*TRACKS, TRACKS[0]), position=2.0, updated_at=10.0)
SMART = Playlist(
    "b" * 32, "Unheard", PlaylistKind.SMART, query='plays:0 "live at"', order="year", descending=True, limit=50,
    position=1.0, updated_at=11.5,
)  # fmt: skip


def test_what_is_saved_comes_back_equal_in_its_order(database: Database) -> None:
    database.playlists.save([LIST, SMART])
    assert database.playlists.all() == [SMART, LIST]


def test_each_listener_has_lists_and_names_of_their_own(database: Database) -> None:
    theirs = replace(LIST, id="c" * 32, owner=ListenerId("ann"), shared=True, comment="For the train: caf\xe9")
    database.playlists.save([LIST, theirs])
    assert database.playlists.of() == [LIST]
    assert database.playlists.of(theirs.owner) == [theirs]
    assert database.playlists.all() == [LIST, theirs]


def test_saving_twice_changes_nothing(database: Database) -> None:
    for _ in range(2):
        database.playlists.save([LIST])
    assert database.playlists.all() == [LIST]


def test_the_later_version_stays_whichever_is_written_last(database: Database) -> None:
    later = replace(LIST, name="Night", updated_at=20.0)
    for order in ([LIST, later], [later, LIST]):
        database.playlists.save(order)
        assert database.playlists.all() == [later]


def test_a_tombstone_is_a_version_like_any_other(database: Database) -> None:
    gone = replace(LIST, tracks=(), updated_at=20.0, deleted=True)
    database.playlists.save([LIST, gone, LIST])
    assert database.playlists.all() == [gone]


def test_fifty_thousand_tracks(database: Database) -> None:
    large = replace(LIST, tracks=tuple(TrackId(f"{number:032x}") for number in range(50_000)))
    database.playlists.save([large])
    assert database.playlists.all() == [large]


def test_a_name_that_is_no_unicode_does_not_stop_the_others(database: Database) -> None:
    database.playlists.save([replace(LIST, name="caf\udce9"), SMART])
    assert [playlist.name for playlist in database.playlists.all()] == ["Unheard", "caf?"]
