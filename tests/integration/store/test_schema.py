"""A database is brought to the current schema when it is opened, and a newer one is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.collection import Collection

from indexer.core.home import Home
from indexer.core.playlist import Playlist
from indexer.core.plays import OWNER
from indexer.core.store import Database, DatabaseError, open_database
from indexer.core.store.connection import Connection
from indexer.core.store.schema import CURRENT, MIGRATIONS, Migration, migrate, schema_version

pytestmark = pytest.mark.database


def test_a_new_database_has_the_current_schema(connection: Connection) -> None:
    assert schema_version(connection) == CURRENT
    indexes = connection.collection("features").index_information()
    assert indexes["key_1_track_1"]["unique"]


def test_only_the_steps_that_are_missing_are_taken_in_order(connection: Connection) -> None:
    taken: list[int] = []

    def step(version: int) -> Migration:
        return Migration(version, lambda _: taken.append(version))

    migrate(connection, (*MIGRATIONS, step(CURRENT + 1), step(CURRENT + 2)))
    migrate(connection, (*MIGRATIONS, step(CURRENT + 1), step(CURRENT + 2), step(CURRENT + 3)))
    assert taken == [CURRENT + 1, CURRENT + 2, CURRENT + 3]


def test_a_step_that_failed_is_taken_again(connection: Connection) -> None:
    def fail(_: Connection) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        migrate(connection, (*MIGRATIONS, Migration(CURRENT + 1, fail)))
    assert schema_version(connection) == CURRENT


def test_a_newer_database_is_refused(database: Database, connection: Connection, home: Home) -> None:
    migrate(connection, (*MIGRATIONS, Migration(99, lambda _: None)))
    with pytest.raises(DatabaseError, match=r"newer Segue \(schema 99\).*Update Segue"):
        open_database(home, uri=database.uri)


def test_lists_of_analysed_tracks_move_to_their_name(connection: Connection) -> None:
    before = {"_id": "sonic:2:1", "key": "sonic:2", "rev": 1, "whole": "", "parts": "a" * 32}
    connection.collection("heard").insert_one(before)
    for _ in range(2):  # a step that was cut short is taken again
        connection.collection("meta").update_one({"_id": "schema"}, {"$set": {"version": 2}})
        migrate(connection)
    assert list(connection.read("analysed", {})) == [before]
    assert not list(connection.read("heard", {}))


def test_what_one_listener_hid_and_put_together_before_there_were_others_is_the_owners(connection: Connection) -> None:
    hidden = {"_id": "a:b", "seed": "a", "track": "b", "at": 1.0}
    before = Playlist("c", "Evening", updated_at=1.0).as_record()
    listed = {
        "_id": before.pop("id"),
        **{name: before[name] for name in before.keys() - {"owner", "shared", "comment"}},
    }
    connection.collection("feedback").insert_one(hidden)
    connection.collection("playlists").insert_one(listed)
    for _ in range(2):  # a step that was cut short is taken again
        connection.collection("meta").update_one({"_id": "schema"}, {"$set": {"version": 5}})
        migrate(connection)
    assert list(connection.read("feedback", {})) == [{**hidden, "listener": OWNER}]
    assert list(connection.read("playlists", {})) == [{**listed, "owner": OWNER}]


def test_a_step_that_another_program_takes_at_the_same_time_is_taken_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.collection("heard").insert_one({"_id": "sonic:2:1", "key": "sonic:2"})
    connection.collection("meta").update_one({"_id": "schema"}, {"$set": {"version": 2}})
    rename = Collection.rename

    def overtaken(lists: Collection[Any], name: str, **options: Any) -> Any:
        rename(lists, name, **options)
        return rename(lists, name, **options)

    monkeypatch.setattr(Collection, "rename", overtaken)
    migrate(connection)
    assert schema_version(connection) == CURRENT
    assert [each["key"] for each in connection.read("analysed", {})] == ["sonic:2"]
