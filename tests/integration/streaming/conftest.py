"""A broker, a database and a small library with a model of taste, and processes that take what is played."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, EVENTS, Address, Topic
from indexer.core.kafka.broker import Inlet, Outlet, make_topics
from indexer.core.kafka.events import event_of, list_of
from indexer.core.plays import ListenerId, Play
from indexer.core.store import Database
from indexer.core.store.database import URI_VARIABLE
from indexer.core.taste.folder import save_taste
from indexer.core.taste.live import LiveList
from indexer.core.tracks import TrackId
from indexer.streaming.consumer import group_of
from indexer.streaming.figures import figures_of
from tests.brokers import Broker, running
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track
from tests.unit.core.taste.made import made_model
from tests.waiting import wait_until

ITEMS = 120


def id_of(item: int) -> TrackId:
    return TrackId(f"{item:064x}")


def note_of_play(play: Play) -> Note:
    return Note(NoteKind.PLAY, play.as_record(), play.id)


def evening(listener: str, *items: int, since: float = 0.0) -> list[Play]:
    """Plays of items, the last of them a moment ago."""
    now = time.time() - since
    return [
        play_of(id_of(item), now - 300.0 * (len(items) - number), listener=ListenerId(listener))
        for number, item in enumerate(items)
    ]


class Stream:
    """What goes in and out of the broker, and the processes between."""

    def __init__(self, broker: Broker, home: Home, database: Database) -> None:
        self.address = f"{broker.address}/test-{secrets.token_hex(4)}"
        self.where = Address.of(self.address)
        self.home = home
        self.database = database
        self.processes: list[subprocess.Popen[str]] = []
        make_topics(self.where)
        self._outlet = Outlet(self.where)
        self._asked = Inlet(self.where, EVENTS, group_of(self.where))
        self._heard = Inlet(self.where, [Topic.RECOMMENDATIONS])
        self._heard.begin_at(dict.fromkeys(self._heard.ends(), 0))
        self._lists: list[LiveList] = []

    def tell(self, *notes: Note) -> None:
        """Tell the broker, and wait until it has it."""
        for note in notes:
            self._outlet.send(*event_of(note))
        assert self._outlet.settle(20.0)

    def tell_raw(self, topic: Topic, key: str, value: bytes) -> None:
        self._outlet.send(topic, key, value)
        assert self._outlet.settle(20.0)

    def start(self) -> subprocess.Popen[str]:
        """A process more that takes."""
        process = subprocess.Popen(self.command(), env=self.environment(), stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def command(self, *arguments: str) -> list[str]:
        root = str(self.home.root)
        return [sys.executable, "-m", "indexer", "--home", root, "stream", *arguments]

    def environment(self) -> dict[str, str]:
        return os.environ | {ADDRESS_VARIABLE: self.address, URI_VARIABLE: self.database.uri}

    def status(self) -> dict[str, Any]:
        done = subprocess.run(
            self.command("--status", "--json"), env=self.environment(), capture_output=True, text=True, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def read(self, topic: Topic) -> list[Any]:
        """All messages of a topic, as they are now."""
        inlet, found = Inlet(self.where, [topic]), []
        try:
            ends = inlet.ends()
            inlet.begin_at({place: first for place, (first, _) in ends.items()})
            wanted = sum(end - first for first, end in ends.values())
            end = time.monotonic() + 20
            while len(found) < wanted and time.monotonic() < end:
                found += inlet.receive(1_000, 0.5)
        finally:
            inlet.close()
        return found

    def running(self, lists: int = 0) -> int:
        """Processes that have a share of the work, and told so many lists at least."""
        return sum(each["places"] > 0 and each["lists"] >= lists for each in figures_of(self.home))

    def lists(self) -> list[LiveList]:
        self._lists += map(list_of, self._heard.receive(1_000, 0.1))
        return self._lists

    def wait_for(self, listener: str, after: str, *, seconds: float = 60.0) -> LiveList:
        """The list that counts an event."""
        found: list[LiveList] = []

        def is_there() -> bool:
            found[:] = [each for each in self.lists() if each.listener == listener and each.after == after]
            return bool(found)

        wait_until(is_there, f"a list of {listener}", seconds=seconds)
        return found[-1]

    def lag(self) -> int:
        """Events that the group did not say it was done with."""
        ends, done = self._asked.ends(), self._asked.committed()
        return sum(end - done.get(place, first) for place, (first, end) in ends.items())

    def end(self, process: subprocess.Popen[str], by: signal.Signals = signal.SIGTERM) -> int:
        process.send_signal(by)
        code = process.wait(60)
        if process.stderr is not None:
            process.stderr.close()
        return code

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.end(process, signal.SIGKILL)
            elif process.stderr is not None:
                process.stderr.close()
        self._outlet.abandon()
        self._asked.close()
        self._heard.close()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One for all tests, each with topics of its own."""
    with running(tmp_path_factory.mktemp("broker")) as made:
        yield made


@pytest.fixture
def stream(broker: Broker, home: Home, database: Database) -> Iterator[Stream]:
    """A library of 120 tracks by as many artists, with a model of taste, and topics of its own."""
    tracks = [replace(track(item, artist=f"Artist {item}", seconds=200.0), id=id_of(item)) for item in range(ITEMS)]
    database.tracks.upsert(tracks)
    save_taste(home, made_model(items=ITEMS))
    made = Stream(broker, home, database)
    yield made
    made.close()
