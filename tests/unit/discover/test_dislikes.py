"""What is hidden for a seed: known at once, kept later, and never lost to an answer that comes late."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from pytestqt.qtbot import QtBot

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.store.records import Matter
from indexer.core.tracks import TrackId
from musicplayer.discover.dislikes import Dislikes

A, B, C = (TrackId(letter * 32) for letter in "abc")


class Orders:
    """Takes orders as the link to a database does, and answers when the test says so."""

    def __init__(self) -> None:
        self.then: list[Callable[[Any], None] | None] = []
        self.notes: list[Note] = []

    def __call__(self, work: object, then: Callable[[Any], None] | None = None, *, must_succeed: bool = False) -> None:
        self.then.append(then)

    def keep(self, note: Note) -> None:
        self.notes.append(note)

    def answer(self, found: Any) -> None:
        """To the last order."""
        then = self.then[-1]
        assert then is not None
        then(found)


def test_a_track_is_hidden_for_its_seed_only_and_until_it_is_restored(qtbot: QtBot) -> None:
    orders = Orders()
    dislikes = Dislikes(orders, orders.keep)
    with qtbot.waitSignal(dislikes.changed):
        dislikes.hide(A, [B, C])
    assert dislikes.hidden(A) == {B, C}
    assert dislikes.hidden(B) == frozenset()
    with qtbot.waitSignal(dislikes.changed):
        dislikes.restore(A, [C])
    assert dislikes.hidden(A) == {B}
    assert [note.kind for note in orders.notes] == [NoteKind.HIDE, NoteKind.RESTORE]
    assert dict(orders.notes[1].content) == {"seeds": [A], "tracks": [C]}


def test_what_was_changed_before_the_database_answered_holds(qapp: object) -> None:
    orders = Orders()
    dislikes = Dislikes(orders, orders.keep)
    dislikes.load()
    dislikes.hide(A, [B])
    dislikes.restore(A, [C])
    answer = orders.then[0]
    assert answer is not None
    answer({A: frozenset({C}), B: frozenset({A})})
    assert dislikes.hidden(A) == {B}
    assert dislikes.hidden(B) == {A}


def test_what_another_program_restored_is_shown_again_unless_it_was_hidden_here_since(qtbot: QtBot) -> None:
    orders = Orders()
    dislikes = Dislikes(orders, orders.keep)
    dislikes.hide(A, [B, C])
    dislikes.load()
    dislikes.hide(B, [A])
    orders.answer({A: frozenset({C})})  # the database was told of both, then another program restored one
    assert dislikes.all() == {A: {C}, B: {A}}
    with qtbot.assertNotEmitted(dislikes.changed):
        dislikes.on_news(frozenset({Matter.HIDDEN}))
        orders.answer({A: frozenset({C}), B: frozenset({A})})


def test_what_the_database_has_not_been_told_yet_counts_as_told(qapp: object) -> None:
    orders = Orders()
    database = SimpleNamespace(feedback=SimpleNamespace(hidden=lambda: {A: frozenset({C})}))

    def ask(
        work: Callable[[Any], Any], then: Callable[[Any], None] | None = None, *, must_succeed: bool = False
    ) -> None:
        if then is not None:
            then(work(database))

    dislikes = Dislikes(ask, orders.keep, untold=lambda: orders.notes)
    dislikes.hide(A, [B])
    dislikes.restore(A, [C])
    orders.keep(Note(NoteKind.HIDE, {"seeds": [C], "tracks": [B], "at": 1.0, "listener": "ann"}))
    dislikes.load()
    assert dislikes.all() == {A: {B}}


def test_another_library_has_nothing_hidden(qtbot: QtBot) -> None:
    dislikes = Dislikes()
    dislikes.hide(A, [B])
    with qtbot.waitSignal(dislikes.changed):
        dislikes.forget()
    assert dislikes.hidden(A) == frozenset()


def test_hiding_for_several_seeds_is_told_once(qapp: object) -> None:
    orders = Orders()
    dislikes = Dislikes(orders, orders.keep)
    told: list[bool] = []
    dislikes.changed.connect(lambda: told.append(True))
    dislikes.hide_for_all([A, B], [C])
    assert (dislikes.hidden(A), dislikes.hidden(B)) == ({C}, {C})
    assert (len(told), len(orders.notes)) == (1, 1)
    assert orders.notes[0].content["seeds"] == [A, B]


def test_hiding_nothing_asks_for_nothing(qtbot: QtBot) -> None:
    orders = Orders()
    dislikes = Dislikes(orders, orders.keep)
    with qtbot.assertNotEmitted(dislikes.changed):
        dislikes.hide(A, [])
    assert orders.notes == []
