"""Messages: every note, list and model is itself again, and nothing that arrives is more than refused."""

from __future__ import annotations

import base64
import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Note, NoteKind
from indexer.core.kafka.address import EVENTS, Topic
from indexer.core.kafka.broker import Message, Place
from indexer.core.kafka.events import (
    VERSION,
    MessageRefused,
    ModelMade,
    Written,
    dead_message,
    event_of,
    list_message,
    list_of,
    model_message,
    model_of,
    note_of,
)
from indexer.core.plays import Impression, ListenerId, Named, Opinion, Play, PlayContext, PlaySource, Thumb
from indexer.core.taste.live import LiveList, LivePick
from indexer.core.taste.model import Reason, ReasonCode
from indexer.core.tracks import TrackId

NOW = 1_800_000_000.0
TRACK = "a" * 32

ids = st.integers(0, 16**24 - 1).map(lambda number: f"{number:024x}")
tracks = st.integers(0, 16**32 - 1).map(lambda number: TrackId(f"{number:032x}"))
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
listeners = texts.map(ListenerId)
times = st.floats(0, NOW)
lengths = st.floats(0, 100_000)
contexts = st.builds(
    PlayContext,
    st.sampled_from(PlaySource),
    st.none() | tracks,
    st.none() | st.integers(0, 2**31),
    *[st.just("") | texts] * 3,
)
of_tracks = st.builds(
    Play, ids, times, track=tracks, seconds_heard=lengths, seconds=st.none() | lengths, finished=st.booleans(),
    skipped=st.booleans(), listener=listeners, context=contexts,
)  # fmt: skip
of_names = st.builds(
    Play, ids, times, named=st.builds(Named, artist=texts, title=texts, album=st.just("") | texts),
    seconds_heard=st.none() | lengths, finished=st.booleans(), listener=listeners,
)  # fmt: skip
hidden = st.fixed_dictionaries(
    {"seeds": st.lists(tracks, max_size=3), "tracks": st.lists(tracks, max_size=3), "listener": listeners}
)
opinions = st.builds(
    Opinion, tracks, st.sampled_from(Thumb), st.none() | st.sampled_from([0.5, 3.0, 5.0]), st.booleans(), times,
    listeners,
)  # fmt: skip
impressions = st.builds(
    Impression, ids, times, st.sampled_from(PlaySource), st.lists(tracks, max_size=4).map(tuple), st.none() | tracks,
    st.just("") | texts, listeners,
)  # fmt: skip
notes = st.one_of(
    st.one_of(of_tracks, of_names).map(lambda play: Note(NoteKind.PLAY, play.as_record(), play.id)),
    st.builds(lambda said, at, one: Note(NoteKind.HIDE, {**said, "at": at}, one), hidden, times, ids),
    st.builds(lambda said, one: Note(NoteKind.RESTORE, said, one), hidden, ids),
    st.builds(lambda opinion, one: Note(NoteKind.OPINION, opinion.as_record(), one), opinions, ids),
    impressions.map(lambda shown: Note(NoteKind.IMPRESSION, shown.as_record(), shown.id)),
)


def arrived(written: Written) -> Message:
    """A message as it is received."""
    return Message(Place(written.topic, 0), 7, written.key, written.value)


def message(topic: Topic = Topic.PLAYS, key: str = "", **said: Any) -> Message:
    return Message(Place(topic, 0), 0, key, json.dumps(said).encode())


def heard(**said: Any) -> dict[str, Any]:
    return {"version": VERSION, "id": "b" * 24, "track": TRACK, "at": NOW, **said}


@given(note=notes)
def test_every_note_is_itself_again(note: Note) -> None:
    written = event_of(note)
    assert written.key == note.listener
    assert written.topic in EVENTS
    read = note_of(arrived(written), NOW)
    assert (read.kind, read.id, read.listener) == (note.kind, note.id, note.listener)
    assert {name: value for name, value in read.content.items() if value is not None} == {
        name: value for name, value in note.content.items() if value is not None
    }


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | tracks | ids,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)

blobs = st.binary(max_size=60) | junk.map(lambda value: json.dumps(value).encode())


def spoilt(note: Note, name: str, value: object) -> Message:
    """The message of a note, with something else in the place of one of its values."""
    topic, key, right = event_of(note)
    said = json.loads(right)
    names = sorted({*said, "kind", "named", "seconds", "skipped", "position"})
    said[names[len(name) % len(names)]] = value
    return Message(Place(topic, 0), 0, key, json.dumps(said).encode())


@given(notes, st.text(max_size=20), junk)
def test_a_value_that_cannot_be_is_refused_and_one_that_can_is_told_on(note: Note, name: str, value: object) -> None:
    with suppress(MessageRefused):
        read = note_of(spoilt(note, name, value), NOW)
        assert note_of(arrived(event_of(read)), NOW) == read
        if read.kind is NoteKind.PLAY:
            play = Play.of_record(read.id, read.content)
            assert all(each is None or 0 <= each < 1e12 for each in (play.seconds, play.seconds_heard, play.at))


@given(
    st.sampled_from(EVENTS), st.text(max_size=10), st.binary(max_size=60) | junk.map(lambda x: json.dumps(x).encode())
)
@example(Topic.PLAYS, "", b"[" * 100_000)
@example(Topic.PLAYS, "", b'{"version": 1, "id": "' + b"b" * 24 + b'", "at": 1e999, "named": {"artist": "x"}}')
@example(Topic.FEEDBACK, "", b'{"version": 1, "kind": ["opinion"]}')
def test_nothing_that_arrives_is_more_than_refused(topic: Topic, key: str, value: bytes) -> None:
    with pytest.raises(MessageRefused):
        note_of(Message(Place(topic, 0), 0, key, value), NOW)


def test_the_least_that_a_play_says_is_an_id_a_time_and_what_was_played() -> None:
    play = note_of(message(key="anna", **heard()), NOW)
    assert Play.of_record(play.id, play.content) == Play("b" * 24, NOW, track=TrackId(TRACK), seconds_heard=0.0,
                                                         listener=ListenerId("anna"))  # fmt: skip
    named = note_of(message(**heard(track=None, named={"artist": "Nina", "title": "Sinnerman"})), NOW)
    assert Play.of_record(named.id, named.content).named == Named(artist="Nina", title="Sinnerman")
    assert named.listener == "owner"


def test_whose_it_is_says_the_message_before_its_key() -> None:
    assert note_of(message(key="anna", **heard()), NOW).listener == "anna"
    assert note_of(message(key="anna", **heard(listener="ben")), NOW).listener == "ben"


def test_of_what_is_incomplete_the_field_is_named() -> None:
    named = {"track": None, "named": {"artist": "Nina"}}
    amiss = {
        "id": heard(id="B" * 24),
        "track, or named": heard(track=None),
        "finished": heard(**named, finished="no"),
        "at": heard(**named, at="today"),
        "seconds": heard(seconds=-1.0),
        "named": heard(track=None, named={"title": "Sinnerman"}),
        "listener": heard(listener=5),
    }
    for field, said in amiss.items():
        with pytest.raises(MessageRefused) as refused:
            note_of(message(key="anna", **said), NOW)
        assert refused.value.english.partition(". ")[0].endswith(f": {field}")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("event-version", heard(version=2)),
        ("event-version", heard(version=True)),
        ("event-version", {"id": "b" * 24, "at": NOW, "track": TRACK}),
        ("event-kind", heard(kind="opinion")),
        ("event-kind", heard(kind="dance")),
        ("event-incomplete", heard(id="B" * 24)),
        ("event-incomplete", heard(track=None)),
        ("event-incomplete", heard(track=None, id="ab " * 8, named={"artist": "Nina"})),
        ("event-incomplete", heard(track=None, named={"artist": "Nina"}, finished="no")),
        ("event-incomplete", heard(track=None, named={"artist": "Nina"}, id=None)),
        ("event-incomplete", heard(track=None, named={"artist": "", "title": "Sinnerman"})),
        ("event-incomplete", heard(at=-1.0)),
        ("event-incomplete", heard(seconds=-1.0)),
        ("event-incomplete", heard(listener="")),
        ("event-incomplete", heard(listener="x" * 201)),
        ("event-ahead", heard(at=NOW + 2 * 86_400)),
        ("event-not-json", heard(at=float("nan"))),
        ("event-not-json", heard(track=None, named={"artist": "\ud800"})),
    ],
)
def test_what_is_wrong_is_said(code: str, said: dict[str, Any]) -> None:
    with pytest.raises(MessageRefused) as refused:
        note_of(message(key="anna", **said), NOW)
    assert refused.value.code == code
    assert refused.value.message


def test_a_clock_that_is_ahead_by_hours_is_forgiven() -> None:
    assert note_of(message(**heard(at=NOW + 7_200)), NOW)
    with pytest.raises(MessageRefused):
        note_of(message(**heard(at=time.time() + 30 * 86_400)))


def test_lists_and_models_are_themselves_again() -> None:
    reason = Reason(ReasonCode.TAGGED, TrackId(TRACK), 3, "jazz", 0.5)
    made = LiveList(ListenerId("anna"), NOW, "m1", (LivePick(TrackId(TRACK), 1.25, reason),), "b" * 24)
    assert list_of(arrived(list_message(made))) == made
    model = ModelMade("taste", "20260101", NOW)
    assert model_message(model)[:2] == (Topic.MODELS, "taste")
    assert model_of(arrived(model_message(model))) == model


@given(value=st.binary(max_size=40) | st.dictionaries(st.text(max_size=5) | st.sampled_from(["version", "at", "tracks",
    "listener", "model", "profile"]), st.none() | st.integers() | st.floats() | st.text() | st.lists(st.integers()),
    max_size=7).map(lambda said: json.dumps({"version": VERSION, **said}).encode()))  # fmt: skip
def test_no_list_and_no_model_is_more_than_refused(value: bytes) -> None:
    for topic, read in ((Topic.RECOMMENDATIONS, list_of), (Topic.MODELS, model_of)):
        with suppress(MessageRefused):
            read(Message(Place(topic, 0), 0, "anna", value))


def test_what_is_set_aside_says_why_and_holds_all_of_it() -> None:
    odd = Message(Place(Topic.PLAYS, 3), 12, "anna", b"\xff\0no json")
    try:
        note_of(odd)
    except SegueError as error:
        topic, key, value = dead_message(odd, error)
    said = json.loads(value)
    assert (topic, key) == (Topic.DEAD, "anna")
    assert (said["code"], said["topic"], said["partition"], said["offset"]) == ("event-not-json", "plays", 3, 12)
    assert base64.b64decode(said["bytes"]) == odd.value
