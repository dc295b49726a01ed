"""docs/events.md says what the code reads: its examples are taken, and its tables are right about every field."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from indexer.core.follow.journal import NoteKind
from indexer.core.kafka.address import EVENTS, Address, Topic
from indexer.core.kafka.broker import Message, Place
from indexer.core.kafka.events import VERSION, MessageRefused, dead_message, event_of, list_of, model_of, note_of
from indexer.core.plays import Play, PlaySource
from indexer.core.taste.model import ReasonCode
from tests.events_page import PAGE, blocks, examples, fields_in, sections

EXAMPLES = list(examples())
OF_EVENTS = [(topic, said) for topic, said in EXAMPLES if topic in EVENTS]
KINDS = [(topic, said, said.get("kind", "play")) for topic, said in OF_EVENTS]


def message(topic: Topic, said: dict[str, Any], key: str = "") -> Message:
    return Message(Place(topic, 0), 0, key, json.dumps(said).encode())


def required(topic: Topic, said: dict[str, Any]) -> set[str]:
    """The fields of an event that its tables call required."""
    tables = fields_in(sections()[f"segue.{topic}"]) | fields_in(sections()["Topics"])
    words = {"yes", "or `named`", "or `track`"} if topic is Topic.PLAYS else {"yes", "but in plays"}
    return {name for name, field in tables.items() if name in said and field.required in words}


def test_every_topic_is_described() -> None:
    assert {f"segue.{topic}" for topic in Topic} <= sections().keys()
    assert {topic for topic, _ in EXAMPLES} == set(Topic)
    assert {kind for _, _, kind in KINDS} == {kind.value for kind in NoteKind}
    address = Address.of("kafka://host")
    assert all(f"| `{address.topic(topic)}` |" in sections()["Topics"] for topic in Topic)


@pytest.mark.parametrize(("topic", "said", "kind"), KINDS, ids=[kind for _, _, kind in KINDS])
def test_an_event_is_taken_as_it_is_shown(topic: Topic, said: dict[str, Any], kind: str) -> None:
    note = note_of(message(topic, said))
    assert (note.kind, note.id, note.listener) == (kind, said["id"], said.get("listener", "owner"))
    written = event_of(note)
    assert (written.topic, written.key) == (topic, note.listener)
    told = json.loads(written.value)
    assert {name: value for name, value in said.items() if value is not False} == {
        name: told[name] for name in said if said[name] is not False
    }


@pytest.mark.parametrize(("topic", "said"), OF_EVENTS, ids=[kind for _, _, kind in KINDS])
def test_what_is_required_is_and_nothing_else(topic: Topic, said: dict[str, Any]) -> None:
    tables = fields_in(sections()[f"segue.{topic}"]) | fields_in(sections()["Topics"])
    assert said.keys() <= tables.keys()
    must = required(topic, said)
    for name in said:
        less = {each: value for each, value in said.items() if each != name}
        if name in must:
            with pytest.raises(MessageRefused):
                note_of(message(topic, less))
        else:
            assert note_of(message(topic, less)).id == said["id"]
    assert note_of(message(topic, {**said, "added later": 1})) == note_of(message(topic, said))


def test_the_examples_of_plays_show_every_field() -> None:
    shown = {name for topic, said in OF_EVENTS if topic is Topic.PLAYS for name in said}
    assert fields_in(sections()["segue.plays"]).keys() <= shown
    plays = [note_of(message(topic, said)) for topic, said in OF_EVENTS if topic is Topic.PLAYS]
    assert all(Play.of_record(note.id, note.content) for note in plays)


def test_words_of_the_tables_are_those_of_the_code() -> None:
    sources = fields_in(sections()["segue.plays"])["source"].meaning
    assert all(f"`{source}`" in sources for source in PlaySource)
    assert all(f"`{code}`" in sections()["segue.recommendations"] for code in ReasonCode)
    assert fields_in(sections()["Topics"])["version"].meaning == str(VERSION)


def test_lists_models_and_what_was_set_aside_are_read_as_they_are_shown() -> None:
    shown = dict(EXAMPLES)
    made = list_of(message(Topic.RECOMMENDATIONS, shown[Topic.RECOMMENDATIONS]))
    assert {"version": VERSION, **made.as_record()} == shown[Topic.RECOMMENDATIONS]
    assert model_of(message(Topic.MODELS, shown[Topic.MODELS])).profile == "taste"
    dead = shown[Topic.DEAD]
    odd = Message(Place(Topic.PLAYS, dead["partition"]), dead["offset"], dead["key"], base64.b64decode(dead["bytes"]))
    with pytest.raises(MessageRefused) as refused:
        note_of(odd)
    assert json.loads(dead_message(odd, refused.value).value).keys() == dead.keys()
    assert refused.value.message == dead["reason"]


def test_the_addresses_are_addresses() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = [Address.of(line.split()[0]) for line in lines if line.startswith(("kafka://", "kafkas://"))]
    assert [(address.prefix, address.tls) for address in found] == [("segue", False), ("home", True)]


def test_there_are_producers_to_run() -> None:
    assert len(blocks("sh")) == len(blocks("python")) == 1
