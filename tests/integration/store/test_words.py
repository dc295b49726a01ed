"""Words of tracks on the real server: only what changed is written, and only that is read."""

from __future__ import annotations

import pytest

from indexer.core.store import Database, WordsRecord
from indexer.core.tracks import NO_WORDS, TrackId, Words

pytestmark = pytest.mark.database

ONE, TWO, THREE = (TrackId(digit * 32) for digit in "123")
SUNG = Words("Lights on the water\nFerry lights", ("Found in a box",), ("calm", "late"))


def test_what_is_kept_comes_back(database: Database) -> None:
    assert database.words.keep({ONE: SUNG, TWO: NO_WORDS, THREE: Words(tags=("calm",))}) == 2
    assert database.words.get([ONE, TWO, THREE]) == {ONE: SUNG, THREE: Words(tags=("calm",))}
    assert {record.track for record in database.words.all()} == {ONE, THREE}
    assert database.words.count() == 2


def test_what_a_data_set_counted_stays_whatever_files_say(database: Database) -> None:
    counted = (("love", 3), ("señor", 1))
    assert database.words.keep_counted({ONE: Words(counted=counted), TWO: Words(counted=counted)}) == 2
    assert database.words.keep({ONE: SUNG, TWO: NO_WORDS}) == 1
    assert database.words.keep_counted({ONE: Words("not of a data set", counted=counted)}) == 0
    both = Words(SUNG.lyrics, SUNG.comments, SUNG.tags, counted)
    assert database.words.get([ONE, TWO]) == {ONE: both, TWO: Words(counted=counted)}
    database.words.keep({ONE: NO_WORDS})
    assert database.words.get([ONE])[ONE] == Words(counted=counted)
    assert database.words.count() == 2
    database.words.keep_counted({ONE: NO_WORDS, TWO: NO_WORDS})
    assert (database.words.count(), list(database.words.all())) == (0, [])


def test_text_that_no_encoding_of_unicode_can_store_is_no_hindrance(database: Database) -> None:
    database.words.keep({ONE: Words("odd \udcff", ("\ud800",))})
    assert database.words.get([ONE])[ONE] == Words("odd ?", ("?",))


def test_readers_hear_of_what_changed_and_of_nothing_else(database: Database) -> None:
    database.words.keep({ONE: SUNG, TWO: SUNG})
    rev = database.words.rev()
    assert database.words.keep({ONE: SUNG, TWO: SUNG}) == 0
    assert database.words.rev() == rev
    assert not list(database.words.changed_since(rev))
    database.words.keep({ONE: SUNG, TWO: NO_WORDS, THREE: SUNG})
    changed = list(database.words.changed_since(rev))
    assert {(record.track, record.words) for record in changed} == {(TWO, NO_WORDS), (THREE, SUNG)}
    assert database.words.count() == 2
    assert {record.track for record in database.words.all()} == {ONE, THREE}


def test_many_batches_come_in_order(database: Database) -> None:
    for number in range(25):
        database.words.keep({TrackId(f"{number:032x}"): Words(f"Song {number}")})
    records = list(database.words.changed_since(3))
    assert [record.rev for record in records] == list(range(4, 26))
    assert records[0] == WordsRecord(TrackId(f"{3:032x}"), Words("Song 3"), 4)
