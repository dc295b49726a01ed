from __future__ import annotations

import pytest

from indexer.core.follow.journal import Journal, Note, NoteKind
from indexer.core.follow.orders import carry_out
from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.store import Database
from indexer.core.tracks import TrackId

pytestmark = pytest.mark.database

ANN = ListenerId("ann")
A, B, C = (TrackId(letter * 32) for letter in "abc")


def test_hidden_tracks_are_kept_once_by_seed_and_can_be_restored(database: Database) -> None:
    feedback = database.feedback
    feedback.hide(A, [B, C], at=1.0)
    feedback.hide(A, [B], at=2.0)
    feedback.hide(B, [A], at=3.0)
    assert feedback.hidden() == {A: frozenset({B, C}), B: frozenset({A})}
    feedback.restore(A, [C, A])
    feedback.restore(B, [A])
    assert feedback.hidden() == {A: frozenset({B})}


def test_what_one_listener_hides_another_still_sees(database: Database) -> None:
    feedback = database.feedback
    feedback.hide(A, [B], at=1.0)
    feedback.hide(A, [B, C], at=1.0, listener=ANN)
    assert (feedback.hidden(), feedback.hidden(ANN)) == ({A: {B}}, {A: {B, C}})
    assert feedback.concerned() == {A, B, C}
    feedback.restore(A, [B], ANN)
    assert (feedback.hidden(), feedback.hidden(ANN)) == ({A: {B}}, {A: {C}})
    assert feedback.erase(OWNER) == 1
    assert (feedback.hidden(), feedback.hidden(ANN)) == ({}, {A: {C}})


def test_notes_are_of_the_listener_that_they_name_also_after_a_start(database: Database, home: Home) -> None:
    said = {"seeds": [A], "tracks": [B]}
    notes = [
        Note(NoteKind.HIDE, {**said, "at": 1.0}),
        Note(NoteKind.HIDE, {**said, "at": 1.0, "listener": ANN}),
        Note(NoteKind.HIDE, {**said, "tracks": [C], "at": 1.0, "listener": ANN}),
        Note(NoteKind.RESTORE, {**said, "listener": ANN}),
        Note(NoteKind.HIDE, {**said, "at": 1.0, "listener": 7}),
    ]
    for note in notes:
        Journal(home.journal_file).add(note)
    read = Journal(home.journal_file)
    assert read.set_aside == 1, "a number is no listener"
    for note in read.open_notes():
        carry_out(database, note)
    assert (database.feedback.hidden(), database.feedback.hidden(ANN)) == ({A: {B}}, {A: {C}})
