"""What a journal holds arrives at a real broker, in order, whatever becomes of the broker meanwhile."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Journal, Note, NoteKind, Sink
from indexer.core.kafka.address import EVENTS, Topic
from indexer.core.kafka.broker import Inlet, Message
from indexer.core.kafka.events import note_of
from indexer.core.kafka.telling import Telling
from indexer.core.plays import ListenerId, Opinion
from indexer.core.tracks import TrackId
from tests.brokers import Broker
from tests.integration.kafka.reading import messages_of
from tests.plays import play_of
from tests.waiting import wait_until

TRACK = TrackId("a" * 32)
LISTENERS = [ListenerId(name) for name in ("anna", "ben", "carl")]


class World:
    """A journal, who tells a broker of it, and what was said on the way."""

    def __init__(self, file: Path, broker: Broker) -> None:
        self.broker = broker
        self.file = file
        self.journal = Journal(file, [Sink.STREAM])
        self.said: list[str] = []
        self.noted: list[Note] = []
        self._telling: Telling | None = None

    def start(self) -> None:
        self._telling = Telling(self.broker.where, self.journal, trouble=self._on_trouble)
        self._telling.start()

    def end(self) -> None:
        if self._telling is not None:
            self._telling.stop()
            self._telling.join()

    def note(self, number: int) -> None:
        """Plays of the listeners, in turn."""
        for listener in itertools.islice(itertools.cycle(LISTENERS), number):
            play = play_of(TRACK, listener=listener)
            self.keep(Note(NoteKind.PLAY, play.as_record(), play.id))

    def keep(self, note: Note) -> None:
        self.noted.append(note)
        self.journal.add(note)
        if self._telling is not None:
            self._telling.wake()

    def is_told(self) -> bool:
        """Whether the journal has nothing left, which is some seconds after it was confirmed."""
        return not self.file.exists()

    def _on_trouble(self, error: SegueError | None) -> None:
        self.said.append("" if error is None else error.code)


@pytest.fixture
def world(tmp_path: Path, lasting: Broker) -> Iterator[World]:
    made = World(tmp_path / "journal.jsonl", lasting)
    yield made
    made.end()


def first_of_each(found: list[Message], listener: ListenerId) -> list[str]:
    """The ids of a listener's events as one reads them who leaves out what was there before."""
    return list(dict.fromkeys(note_of(each).id for each in found if each.key == listener))


def ids_of(found: list[Message]) -> set[str]:
    return {note_of(each).id for each in found}


def assert_all_in_order(world: World, found: list[Message]) -> None:
    assert ids_of(found) == {note.id for note in world.noted}
    for listener in LISTENERS:
        assert first_of_each(found, listener) == [note.id for note in world.noted if note.listener == listener]


def test_a_journal_is_told_once(world: World) -> None:
    world.broker.start()
    world.note(30)
    world.start()
    world.note(30)
    wait_until(world.is_told, "the journal is told")
    found = messages_of(world.broker.where, (Topic.PLAYS,), until=lambda found: len(found) >= 60)
    assert_all_in_order(world, found)
    inlet = Inlet(world.broker.where, (Topic.PLAYS,))
    assert sum(end for _, end in inlet.ends().values()) == 60
    inlet.close()
    assert world.said == []


def test_each_kind_goes_to_its_topic(world: World) -> None:
    world.broker.start()
    world.start()
    world.note(1)
    opinion = Opinion(TRACK, rating=4.0, at=1_700_000_000.0)
    hidden = {"seeds": [TRACK], "tracks": ["b" * 32], "listener": "anna"}
    shown = {
        "at": 1_700_000_000.0,
        "source": "for-you",
        "tracks": [TRACK],
        "seed": None,
        "model": "",
        "listener": "ben",
    }
    world.keep(Note(NoteKind.OPINION, opinion.as_record()))
    world.keep(Note(NoteKind.HIDE, {**hidden, "at": 1_700_000_000.0}))
    world.keep(Note(NoteKind.RESTORE, hidden))
    world.keep(Note(NoteKind.IMPRESSION, shown))
    found = messages_of(world.broker.where, EVENTS, until=lambda found: len(found) >= 5)
    told = {note_of(each).id: (each.place.topic, note_of(each).content) for each in found}
    topics = [Topic.PLAYS, Topic.FEEDBACK, Topic.FEEDBACK, Topic.FEEDBACK, Topic.IMPRESSIONS]
    assert [told[note.id] for note in world.noted] == [
        (topic, note.content) for topic, note in zip(topics, world.noted, strict=True)
    ]


def test_a_broker_that_comes_later_is_told_all_and_its_absence_said_once(world: World) -> None:
    world.note(20)
    world.start()
    wait_until(lambda: world.said == ["kafka-away"], "it is said that the broker is away")
    world.note(20)
    world.broker.start()
    found = messages_of(world.broker.where, (Topic.PLAYS,), until=lambda found: len(found) >= 40)
    assert_all_in_order(world, found)
    wait_until(lambda: world.said == ["kafka-away", ""], "it is said that it is back")


def test_a_broker_that_is_killed_has_everything_in_order_in_the_end(world: World) -> None:
    world.broker.start()
    world.start()
    for _ in range(2):
        world.note(120)
        messages_of(world.broker.where, (Topic.PLAYS,), until=lambda found: len(found) >= 60)
        world.note(120)
        world.broker.kill()
        world.note(120)
        world.broker.start()
    wait_until(world.is_told, "the journal is told", seconds=120)
    found = messages_of(
        world.broker.where, (Topic.PLAYS,), until=lambda found: ids_of(found) >= {note.id for note in world.noted}
    )
    assert_all_in_order(world, found)


def test_what_was_not_settled_is_told_again_by_the_next_program(world: World, tmp_path: Path) -> None:
    world.broker.start()
    world.start()
    world.note(30)
    messages_of(world.broker.where, (Topic.PLAYS,), until=lambda found: len(found) >= 30)
    world.end()
    assert world.file.exists()
    again = World(world.file, world.broker)
    again.noted = world.noted
    again.start()
    again.note(30)
    wait_until(again.is_told, "the journal is told")
    again.end()
    found = messages_of(world.broker.where, (Topic.PLAYS,), until=lambda found: len(ids_of(found)) >= 60)
    assert_all_in_order(again, found)
