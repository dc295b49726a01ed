"""Processes that take what is played from a broker: each play once, each listener's list after it, others take over."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, Topic
from indexer.core.plays import ListenerId, Opinion, Thumb
from indexer.core.store.records import Matter, News
from indexer.streaming.status import status_of
from tests.e2e.shell import run
from tests.integration.streaming.conftest import Stream, evening, note_of_play
from tests.waiting import wait_until

ANN = ListenerId("ann")
WHOLE = (0, 6, 12, 18, 24, 30, 36)


def test_what_is_played_is_kept_once_and_its_listener_is_recommended_something_before_it_is_done(
    stream: Stream,
) -> None:
    played = evening("ann", *WHOLE)
    process = stream.start()
    stream.tell(*map(note_of_play, played), *map(note_of_play, played))
    made = stream.wait_for("ann", played[-1].id)
    assert len(made.picks) == 10
    assert not {play.track for play in played} & set(made.tracks)
    assert [play.id for play in stream.database.plays.of(ANN)] == [play.id for play in played]
    wait_until(lambda: stream.lag() == 0, "all is done")
    counters = stream.database.news.counters()
    assert counters[News(ANN, Matter.PLAYS)] > 0
    # What another program wrote itself counts as well, and an opinion takes a track away.
    (later,) = evening("ann", 42)
    stream.database.plays.add([later])
    stream.tell(note_of_play(later))
    stream.wait_for("ann", later.id)
    down = Opinion(made.tracks[0], Thumb.DOWN, at=time.time(), listener=ANN)
    said = Note(NoteKind.OPINION, down.as_record())
    stream.tell(said)
    assert made.tracks[0] not in stream.wait_for("ann", said.id).tracks
    assert stream.end(process) == 0
    assert not list((stream.home.data / "stream").glob("*.json"))


def test_what_cannot_be_taken_is_set_aside_with_the_reason_and_the_rest_goes_on(stream: Stream) -> None:
    played = evening("ann", *WHOLE)
    stream.tell_raw(Topic.PLAYS, "ann", b"no json")
    stream.tell_raw(Topic.FEEDBACK, "ann", b'{"version": 1, "kind": "opinion"}')
    stream.tell(note_of_play(replace(evening("ann", 1)[0], at=time.time() + 1e6)), *map(note_of_play, played))
    stream.start()
    stream.wait_for("ann", played[-1].id)
    wait_until(lambda: stream.lag() == 0, "all is done")
    dead = [json.loads(message.value) for message in stream.read(Topic.DEAD)]
    assert sorted(each["code"] for each in dead) == ["event-ahead", "event-incomplete", "event-not-json"]
    assert {each["topic"] for each in dead} == {"plays", "feedback"}
    assert len(list(stream.database.plays.of(ANN))) == len(played)


def test_how_the_group_is_can_be_asked_for(stream: Stream) -> None:
    played = evening("ann", *WHOLE)
    stream.tell(*map(note_of_play, played))
    before = stream.status()
    assert before["lag"] == len(played)
    assert before["processes"] == []
    stream.start()
    stream.wait_for("ann", played[-1].id)
    wait_until(lambda: stream.running(lists=1) == 1, "its figures", seconds=120.0)
    wait_until(lambda: stream.lag() == 0, "all is done", seconds=120.0)
    after = stream.status()
    assert after["lag"] == 0
    assert sum(place["end"] for place in after["places"]) == len(played)
    (process,) = after["processes"]
    assert (process["taken"], process["new"], process["refused"]) == (len(played), len(played), 0)
    assert process["model"] == "made-0"
    assert any("0 events are yet to be done" in line for line in status_of(stream.home, stream.where).lines())


def test_without_a_broker_a_sentence_says_how_one_is_set(home: Home) -> None:
    done = run(home, "stream", "--status", env=os.environ | {ADDRESS_VARIABLE: "none"})
    assert done.returncode == 1
    assert "No Kafka broker is set" in done.stderr


def test_music_that_is_known_by_its_names_alone_is_kept_for_when_it_is_matched(stream: Stream) -> None:
    identity = "ab" * 12
    named = {"version": 1, "id": identity, "at": time.time(), "named": {"artist": "Björk", "title": "Jóga"}}
    stream.tell_raw(Topic.PLAYS, "ann", json.dumps(named).encode())
    stream.start()
    wait_until(
        lambda: [play.id for play in stream.database.plays.awaiting()] == [identity], "it is kept", seconds=120.0
    )
    wait_until(lambda: stream.lag() == 0, "all is done")


def test_what_was_erased_does_not_come_back_from_the_topic(stream: Stream) -> None:
    stream.database.plays.erase(ANN)
    before, after = evening("ann", *WHOLE, since=3_600.0), evening("ann", 1, 7, 13, 19, 25, 31)
    after = [replace(play, at=time.time() + number) for number, play in enumerate(after)]
    stream.start()
    stream.tell(*map(note_of_play, before), *map(note_of_play, after))
    stream.wait_for("ann", after[-1].id)
    assert [play.id for play in stream.database.plays.of(ANN)] == [play.id for play in after]
