"""Clients that others wrote read what Segue tells a broker, and tell it plays that Segue takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.core.follow.journal import Journal, Note, NoteKind, Sink
from indexer.core.kafka.address import Topic
from indexer.core.kafka.broker import make_topics
from indexer.core.kafka.events import VERSION, note_of
from indexer.core.kafka.telling import Telling
from indexer.core.plays import ListenerId, Named, Play, PlayContext, PlaySource, stable_id
from indexer.core.tracks import TrackId
from tests.brokers import Broker
from tests.events_page import blocks
from tests.integration.kafka.foreign import CLIENTS, Client, client_for
from tests.integration.kafka.reading import messages_of
from tests.plays import play_of

TRACK = TrackId("a" * 32)
LISTENERS = [ListenerId(f"listener-{number}") for number in range(8)]


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, broker: Broker) -> Client:
    return client_for(request.param, broker)


def server_of(broker: Broker) -> str:
    return f"127.0.0.1:{broker.port}"


def tell(broker: Broker, folder: Path, plays: list[Play]) -> None:
    """As a program tells them."""
    journal = Journal(folder / "journal.jsonl", Sink)
    for play in plays:
        journal.add(Note(NoteKind.PLAY, play.as_record(), play.id))
    telling = Telling(broker.where, journal)
    telling.start()
    messages_of(broker.where, until=lambda found: len(found) >= len(plays))
    telling.stop()
    telling.join()


def test_what_is_told_is_read(broker: Broker, client: Client, tmp_path: Path) -> None:
    context = PlayContext(PlaySource.RADIO, session="s1", client="desktop")
    plays = [
        play_of(TRACK, at=1_800_000_000.5 - 1_000_000 + number, listener=LISTENERS[number % 8], context=context)
        for number in range(40)
    ]
    tell(broker, tmp_path, plays)
    found = client.read(server_of(broker), "segue.plays", len(plays))
    said = [json.loads(each.value) for each in found]
    assert [each.key for each in found] == [one["listener"] for one in said]
    for listener in LISTENERS:
        mine = [(each, one) for each, one in zip(found, said, strict=True) if each.key == listener]
        assert [one["id"] for _, one in mine] == [play.id for play in plays if play.listener == listener]
        assert len({each.partition for each, _ in mine}) == 1
    assert next(one for one in said if one["id"] == plays[0].id) == {
        "version": VERSION, "kind": "play", "id": plays[0].id, "listener": LISTENERS[0], "track": TRACK,
        "at": plays[0].at, "seconds_heard": 100.0, "finished": True, "source": "radio", "session": "s1",
        "client": "desktop",
    }  # fmt: skip


def test_plays_that_others_tell_are_taken(broker: Broker, client: Client) -> None:
    make_topics(broker.where)
    base = {"version": 1, "at": 1_750_000_000.0, "client": "car"}
    mine = {**base, "id": stable_id("car", 1), "track": TRACK, "seconds_heard": 200.5, "seconds": 240}
    named = {**base, "id": stable_id("car", 2), "named": {"artist": "Björk", "title": "Jóga"}, "finished": False}
    messages = [("anna", json.dumps(mine).encode()), ("anna", json.dumps(named, ensure_ascii=False).encode())]
    client.write(server_of(broker), "segue.plays", messages)
    found = messages_of(broker.where, (Topic.PLAYS,), until=lambda found: len(found) == 2)
    plays = [Play.of_record(note.id, note.content) for note in map(note_of, found)]
    context, anna = PlayContext(client="car"), ListenerId("anna")
    assert plays == [
        Play(mine["id"], base["at"], track=TRACK, seconds_heard=200.5, seconds=240.0, listener=anna, context=context),  # type: ignore[arg-type]
        Play(
            named["id"], base["at"], named=Named(artist="Björk", title="Jóga"), finished=False, listener=anna,  # type: ignore[arg-type]
            context=context,
        ),
    ]  # fmt: skip


PRODUCERS = {
    "kcat": ["bash", "-euo", "pipefail", "-c", *blocks("sh")],
    "kafka-python": ["python", "-c", *blocks("python")],
}


@pytest.mark.parametrize("name", PRODUCERS)
def test_the_producers_of_the_page_tell_plays(broker: Broker, name: str) -> None:
    client_for(name, broker)
    make_topics(broker.where)
    program, *arguments = [part.replace("host:9092", server_of(broker)) for part in PRODUCERS[name]]
    command = [sys.executable if program == "python" else program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (told,) = messages_of(broker.where, (Topic.PLAYS,), until=lambda found: found)
    note = note_of(told)
    named = Play.of_record(note.id, note.content).named
    assert named is not None
    assert (named.artist, named.title, note.listener) == ("Nina Simone", "Sinnerman", "owner")


def test_a_listener_is_in_one_place_whoever_tells(broker: Broker, client: Client, tmp_path: Path) -> None:
    tell(broker, tmp_path, [play_of(TRACK, listener=listener) for listener in LISTENERS])
    client.write(server_of(broker), "segue.plays", [(listener, b"{}") for listener in LISTENERS])
    found = messages_of(broker.where, (Topic.PLAYS,), until=lambda found: len(found) == 2 * len(LISTENERS))
    places = {listener: {each.place for each in found if each.key == listener} for listener in LISTENERS}
    assert all(len(each) == 1 for each in places.values())
    assert len(set.union(*places.values())) > 1
