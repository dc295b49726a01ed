"""What is said of tracks: known at once, kept later, and never lost to an answer that comes late."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from indexer.core.follow.journal import NoteKind
from indexer.core.plays import Opinion, Thumb
from indexer.core.store.records import Matter
from indexer.core.tracks import TrackId
from musicplayer.discover.dislikes import Dislikes
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


def test_of_what_is_said_here_and_elsewhere_the_later_holds_and_is_told_once(qtbot: QtBot) -> None:
    orders = Orders()
    opinions = Opinions(orders, orders.keep)
    opinions.set_rating([A, B, C], 2.0)
    said = {track: opinions.of(track) for track in (A, B, C)}
    opinions.set_rating([B], 5.0)
    kept = {
        A: replace(said[A], rating=4.0, at=said[A].at + 60),  # later, on another device
        B: said[B],  # before the last word here
        C: replace(said[C], rating=None, at=said[C].at + 60),  # taken back elsewhere
    }
    with qtbot.waitSignal(opinions.changed) as changed:
        opinions.on_news(frozenset({Matter.OPINIONS}))
        orders.answer(kept)
    assert changed.args == [frozenset({A, C})]
    assert {track: said.rating for track, said in opinions.all().items()} == {A: 4.0, B: 5.0}
    with qtbot.assertNotEmitted(opinions.changed):
        opinions.load()
        orders.answer(kept | {B: replace(opinions.of(B), at=opinions.of(B).at)})
    opinions.set_rating([C], 1.0)
    assert orders.notes[-1].content["at"] > kept[C].at, "later than what it answers, whatever the clock says"


def test_news_of_other_matters_asks_for_nothing(qapp: object) -> None:
    orders = Orders()
    Opinions(orders).on_news(frozenset(Matter) - {Matter.OPINIONS})
    Dislikes(orders).on_news(frozenset(Matter) - {Matter.HIDDEN})
    assert orders.then == []
