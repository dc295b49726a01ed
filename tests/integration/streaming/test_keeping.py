"""What a batch says is put into a real database, each once, and what that refuses alone is left out."""

from __future__ import annotations

import time

import pytest

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.home import Home
from indexer.core.plays import Impression, ListenerId, Opinion, PlaySource, Thumb
from indexer.core.store import Database
from indexer.core.store.database import URI_VARIABLE
from indexer.core.tracks import TrackId
from indexer.streaming.database import PatientDatabase, Stopped
from indexer.streaming.keeping import keep
from tests.integration.streaming.conftest import evening, id_of, note_of_play

ANN = ListenerId("ann")


@pytest.fixture
def patient(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> PatientDatabase:
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    return PatientDatabase(home, lambda _: False)


def shown(number: int, model: str = "") -> Note:
    made = Impression(f"{number:024x}", time.time(), PlaySource.FOR_YOU, (id_of(1),), model=model, listener=ANN)
    return Note(NoteKind.IMPRESSION, made.as_record(), made.id)


def test_all_kinds_are_kept_and_only_plays_that_were_not_there_are_new(
    patient: PatientDatabase, database: Database
) -> None:
    first, *others = map(note_of_play, evening("ann", 1, 2, 3))
    assert keep([first], patient) == ({first.id}, {})
    loved = Note(NoteKind.OPINION, Opinion(id_of(1), Thumb.UP, at=5.0, listener=ANN).as_record())
    hidden = Note(NoteKind.HIDE, {"seeds": [id_of(1)], "tracks": [id_of(2)], "at": 5.0, "listener": ANN})
    assert keep([first, *others, loved, hidden, shown(1)], patient) == ({note.id for note in others}, {})
    assert len(list(database.plays.of(ANN))) == 3
    assert database.opinions.of(ANN)[id_of(1)].thumb is Thumb.UP
    assert database.feedback.hidden(ANN) == {id_of(1): frozenset({TrackId(id_of(2))})}
    assert [each.id for each in database.impressions.of(ANN)] == [f"{1:024x}"]
    patient.close()


def test_what_the_database_refuses_is_left_out_alone(patient: PatientDatabase, database: Database) -> None:
    new, refused = keep([shown(1), shown(2, model="\ud800"), shown(3)], patient)
    assert new == set()
    assert {identity: error.code for identity, error in refused.items()} == {f"{2:024x}": "event-refused"}
    assert [each.id for each in database.impressions.of(ANN)] == [f"{1:024x}", f"{3:024x}"]
    patient.close()


def test_a_database_that_is_away_is_waited_for_until_the_end(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URI_VARIABLE, "mongodb://127.0.0.1:1/segue?serverSelectionTimeoutMS=100")
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) < 3

    patient = PatientDatabase(home, pause)
    with pytest.raises(Stopped):
        keep([shown(1)], patient)
    assert len(pauses) == 3
    assert patient.trouble == "database-silent"
