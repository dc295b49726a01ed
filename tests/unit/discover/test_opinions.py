"""What is said of tracks: known at once, kept later, and never lost to an answer that comes late."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from indexer.core.follow.journal import NoteKind
from indexer.core.plays import Opinion, Thumb
from indexer.core.tracks import TrackId
from musicplayer.discover.opinions import Opinions
from tests.unit.discover.test_dislikes import Orders

A, B, C = (TrackId(letter * 32) for letter in "abc")


def test_each_part_of_an_opinion_is_said_by_itself_and_put_back(qtbot: QtBot) -> None:
    orders = Orders()
    opinions = Opinions(orders, orders.keep)
    opinions.set_rating([A], 4.5)
    with qtbot.waitSignal(opinions.changed) as changed:
        before = opinions.set_thumb([A, B], Thumb.DOWN)
    assert changed.args == [frozenset({A, B})]
    assert (opinions.of(A).thumb, opinions.of(A).rating) == (Thumb.DOWN, 4.5)
    assert opinions.is_disliked(B)
    opinions.put_back(before)
    assert (opinions.of(A).thumb, opinions.of(A).rating) == (Thumb.NONE, 4.5)
    assert set(opinions.all()) == {A}
    times = [note.content["at"] for note in orders.notes if note.content["track"] == A]
    assert times == sorted(set(times)), "each later than the one before, or the database would keep the wrong one"
    assert {note.kind for note in orders.notes} == {NoteKind.OPINION}


def test_what_was_said_before_the_database_answered_holds(qapp: object) -> None:
    orders = Orders()
    opinions = Opinions(orders, orders.keep)
    opinions.load()
    opinions.set_favourite([A], favourite=True)
    answer = orders.then[0]
    assert answer is not None
    answer({A: Opinion(A, rating=1.0), B: Opinion(B, thumb=Thumb.UP)})
    assert opinions.of(A) == Opinion(A, favourite=True, at=opinions.of(A).at)
    assert opinions.of(B).thumb is Thumb.UP
    opinions.forget()
    assert opinions.all() == {}
