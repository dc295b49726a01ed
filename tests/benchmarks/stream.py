"""From a play on the topic to the list on the topic of lists: how long, how many a second, and in how much memory."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np
import psutil

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, EVENTS, Address, Topic
from indexer.core.kafka.broker import Inlet, Outlet, make_topics
from indexer.core.kafka.events import event_of, list_of
from indexer.core.kafka.telling import SETTLED_SECONDS
from indexer.core.plays import Play
from indexer.core.store import open_database
from indexer.streaming.consumer import group_of
from indexer.streaming.figures import figures_of
from tests.benchmarks.stream_library import Made, make
from tests.brokers import Broker

P95_MS = 150.0
"""From an event to its list, at a moderate rate."""

GROWTH = 1.1
"""Of memory between the second and the last third of the time: more would be without an end."""

SECONDS_BEHIND = 5.0 + SETTLED_SECONDS
"""What is not said to be done when no more comes, in seconds of events, for a rate that is kept up with."""

_ASKED, _ASKED_EVERY = 300, 0.1
_KNOWN = 50
_RATE = 2_000
_BURST = 0.1
"""Seconds between two lots of events, as a producer that gathers sends them: tansu keeps in memory what it is sent, lot
by lot, and seeks through all of them for whoever reads, so that small ones soon keep it busier than all else is."""

_EVERY = 10.0
_BACKLOG = 40_000
_WAIT = 180.0

Say = Callable[[str], None]


def run(tracks: int, listeners: int, seconds: float, kind: str, say: Say) -> bool:
    """Measure all three by a broker of a kind; whether the bars are held."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home.resolve(Path(folder) / "home")
        made = make(home, tracks, listeners, say)
        broker = Broker(Path(folder) / "broker", kind)
        broker.start()
        # Somebody keeps the database open, so that it is not started again for each process.
        with open_database(home):
            try:
                kept = [
                    _latency(home, broker.where, made, say),
                    _flood(home, broker.where, made, seconds, say),
                    _shared(home, broker.where, made, say),
                ]
            finally:
                broker.stop()
    return all(kept)


class Heard(threading.Thread):
    """Listens to a topic and keeps when each message came, by what names it."""

    def __init__(self, address: Address, topic: Topic, name: Callable[..., str]) -> None:
        super().__init__(daemon=True)
        self.at: dict[str, float] = {}
        self._name = name
        self._inlet = Inlet(address, [topic])
        self._inlet.follow()
        self._inlet.receive(1, 1.0)
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            for message in self._inlet.receive(500, 0.1):
                self.at.setdefault(self._name(message), time.perf_counter())
        self._inlet.close()

    def end(self) -> None:
        self._ended.set()
        self.join()


def _latency(home: Home, address: Address, made: Made, say: Say) -> bool:
    """Some hundreds of events at ten a second, each beside a message that only goes through the broker."""
    beside = replace(address, prefix="beside")
    make_topics(beside)
    draw = np.random.default_rng(3)
    with _taking(home, address, 1):
        heard = Heard(address, Topic.RECOMMENDATIONS, lambda message: list_of(message).after)
        through = Heard(beside, Topic.PLAYS, lambda message: message.key)
        heard.start()
        through.start()
        outlet, other = Outlet(address), Outlet(beside)
        sent: dict[str, float] = {}
        for who in made.listeners[:_KNOWN]:  # whose histories are read from the database with their first event
            outlet.send(*_message(made.play(draw, who)))
        outlet.settle(20.0)
        say(f"  the first lists of {_KNOWN} listeners: {_until(lambda: len(heard.at) >= _KNOWN, _WAIT):.1f} s")
        for number in range(_ASKED):
            began = time.perf_counter()
            play = made.play(draw, made.listeners[number % _KNOWN])
            sent[play.id] = time.perf_counter()
            outlet.send(*_message(play))
            other.send(Topic.PLAYS, play.id, _message(play)[2])
            while time.perf_counter() < began + _ASKED_EVERY:
                outlet.work(0.005)
                other.work(0.0)
        _until(lambda: len(heard.at.keys() & sent.keys()) >= _ASKED * 0.99, 20.0)
        heard.end()
        through.end()
    lists, alone = (
        [(at - sent[name]) * 1_000 for name, at in each.at.items() if name in sent] for each in (heard, through)
    )
    say(f"event to list, {len(lists)} of {_ASKED} at {1 / _ASKED_EVERY:.0f} a second: {_spread(lists)}")
    say(f"  of which the broker alone: {_spread(alone)}")
    return bool(lists) and float(np.percentile(lists, 95)) < P95_MS


def _flood(home: Home, address: Address, made: Made, seconds: float, say: Say) -> bool:
    """2,000 events a second, and what becomes of lag and memory meanwhile."""
    draw = np.random.default_rng(4)
    memory: list[float] = []
    with _taking(home, address, 1) as processes, Asked(address) as asked:
        outlet, sent, began = Outlet(address), 0, time.monotonic()
        looked = began
        while (now := time.monotonic()) < began + seconds:
            due = int((now - began) * _RATE)
            for _ in range(due - sent):
                outlet.send(*_message(made.play(draw)))
            sent = due
            while (left := now + _BURST - time.monotonic()) > 0:
                outlet.work(left)
            if now >= looked + _EVERY:
                looked = now
                memory.append(psutil.Process(processes[0].pid).memory_info().rss / 2**20)
                say(f"  {now - began:5.0f} s: {asked.lag():>7,} behind, {memory[-1]:6.0f} MiB, {_rates(home)}")
        outlet.settle(20.0)
        behind = asked.lag()
        drained = _until(lambda: asked.lag() == 0, _WAIT)
    say(f"{_RATE:,} events a second for {seconds:.0f} s: {sent:,} sent, {behind:,} behind; {drained:.1f} s more")
    third = len(memory) // 3
    grown = float(np.mean(memory[-third:]) / np.mean(memory[third : 2 * third])) if third else 1.0
    say(f"  memory of the last third beside the second: {grown:.3f}")
    return behind <= SECONDS_BEHIND * _RATE and grown < GROWTH


def _shared(home: Home, address: Address, made: Made, say: Say) -> bool:
    """A backlog by one process and by two; what they show of themselves is three seconds old at the most."""
    draw = np.random.default_rng(5)
    rates = [_worked_off(home, address, [made.play(draw) for _ in range(_BACKLOG)], count) for count in (1, 2)]
    say(f"a backlog of {_BACKLOG:,}: {rates[0]:,.0f} events a second by one process, {rates[1]:,.0f} by two: "
        f"{rates[1] / rates[0]:.2f}")  # fmt: skip
    return True


def _worked_off(home: Home, address: Address, plays: Sequence[Play], count: int) -> float:
    """Events a second by so many processes: from the first that is told to the last whose list is out."""
    with _taking(home, address, count):
        before, began, outlet = _taken(home), time.monotonic(), Outlet(address)
        for play in plays:
            outlet.send(*_message(play))
            outlet.work(0.0)
        outlet.settle(60.0)
        _until(lambda: _taken(home) >= before + len(plays) and not _open(home), _WAIT)
        return len(plays) / (time.monotonic() - began)


def _taken(home: Home) -> int:
    return sum(int(each["taken"]) for each in figures_of(home))


def _open(home: Home) -> int:
    return sum(int(each["open"]) for each in figures_of(home))


class Asked:
    """Asks the broker how far the group is."""

    def __init__(self, address: Address) -> None:
        self._inlet = Inlet(address, EVENTS, group_of(address))

    def lag(self) -> int:
        ends, done = self._inlet.ends(), self._inlet.committed()
        return sum(max(end - max(done.get(place, 0), first), 0) for place, (first, end) in ends.items())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._inlet.close()


@contextlib.contextmanager
def _taking(home: Home, address: Address, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many processes that take, each having places."""
    command = [sys.executable, "-m", "indexer", "--home", str(home.root), "stream"]
    environment = os.environ | {ADDRESS_VARIABLE: f"kafka://{address.servers}/{address.prefix}"}
    processes = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for _ in range(count)]
    try:
        _until(lambda: sum(each["places"] > 0 and each["is_ready"] for each in figures_of(home)) == count, _WAIT)
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)


def _message(play: Play) -> tuple[Topic, str, bytes]:
    return event_of(Note(NoteKind.PLAY, play.as_record(), play.id))


def _rates(home: Home) -> str:
    return ", ".join(
        f"{each['plays_a_second']:,.0f} plays, {each['lists_a_second']:,.0f} lists, p95 {each['p95_ms']:,.0f} ms"
        for each in figures_of(home)
    )


def _spread(milliseconds: Sequence[float]) -> str:
    if not milliseconds:
        return "none came"
    p50, p95, most = np.percentile(milliseconds, [50, 95, 100])
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, the longest {most:.0f} ms"


def _until(holds: Callable[[], bool], seconds: float) -> float:
    """Wait for something; how long it took."""
    began = time.monotonic()
    while not holds() and time.monotonic() < began + seconds:
        time.sleep(0.05)  # another process works meanwhile, and sends no signal
    return time.monotonic() - began
