from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from indexer.core.store import Database, FeatureRecord, analysed
from indexer.core.store.analysed import AnalysedLists
from indexer.core.store.connection import Connection
from indexer.core.store.features import COLLECTION as FEATURES
from tests.conftest import connected
from tests.integration.store.test_features import KEY, make_record

pytestmark = pytest.mark.database


def put(database: Database, numbers: Iterable[int], *, whole: bool = False) -> set[str]:
    records = [replace(make_record(number), whole=whole) for number in numbers]
    database.features.upsert(records)
    return {record.track for record in records}


def lists(database: Database) -> int:
    with connected(database) as connection:
        return connection.collection("analysed").count_documents({})


def close_features(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody read the features themselves from now on."""
    read = Connection.read

    def spared(connection: Connection, collection: str, *query: Any, **options: Any) -> Any:
        assert collection != FEATURES
        return read(connection, collection, *query, **options)

    monkeypatch.setattr(Connection, "read", spared)


def test_the_lists_spare_reading_the_features(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = put(database, range(3)) | put(database, range(2, 5))
    database.features.upsert([make_record(9, "classic")])
    close_features(monkeypatch)
    assert database.features.analysed(KEY) == expected
    assert database.features.analysed("classic:1") == {make_record(9).track}
    assert database.features.analysed("rhythm:1") == set()


def test_what_was_heard_last_holds(database: Database) -> None:
    put(database, range(3))
    put(database, [1], whole=True)
    assert database.features.coverage(KEY) == {make_record(number).track: number == 1 for number in range(3)}
    put(database, [1])
    assert not any(database.features.coverage(KEY).values())


def test_lists_that_lack_a_track_are_made_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = put(database, range(3))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(AnalysedLists, "note", killed)
        with pytest.raises(KeyboardInterrupt):
            put(database, [7], whole=True)
    expected.add(make_record(7).track)
    assert database.features.analysed(KEY) == expected
    close_features(monkeypatch)
    assert database.features.analysed(KEY) == expected
    assert database.features.coverage(KEY)[make_record(7).track]
    assert lists(database) == 1


def test_many_lists_become_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysed, "MOST_LISTS", 4)
    expected: set[str] = set()
    for number in range(6):
        expected |= put(database, [number], whole=number == 3)
    assert lists(database) == 6
    first = database.features.coverage(KEY)
    assert set(first) == expected
    assert lists(database) == 1
    assert database.features.coverage(KEY) == first
    assert put(database, [8]) | expected == database.features.analysed(KEY)


def test_a_large_library_has_several_lists(
    database: Database, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysed, "LIST", 2)
    expected = put(database, range(5))
    connection.collection("analysed").delete_many({})
    assert database.features.analysed(KEY) == expected
    assert lists(database) == 3
    assert database.features.analysed(KEY) == expected


def test_what_was_removed_is_listed_no_more(database: Database) -> None:
    put(database, range(3))
    database.features.remove([make_record(1).track])
    assert database.features.analysed(KEY) == {make_record(0).track, make_record(2).track}


def test_features_of_an_older_segue_are_listed_when_asked_for(database: Database, connection: Connection) -> None:
    expected = put(database, range(4))
    collection = connection.collection("analysed")
    collection.delete_many({})
    collection.database["features"].update_many({}, {"$unset": {"whole": ""}})
    assert database.features.coverage(KEY) == dict.fromkeys(expected, False)
    assert lists(database) == 1


def test_record_of_several_profiles_at_once(database: Database) -> None:
    both: list[FeatureRecord] = [make_record(1), make_record(1, "classic"), make_record(2)]
    database.features.upsert(both)
    assert database.features.analysed(KEY) == {make_record(1).track, make_record(2).track}
    assert database.features.analysed("classic:1") == {make_record(1).track}
