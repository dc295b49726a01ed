"""From a play on the topic to its file: how long it takes, how much is gathered in a second, and memory meanwhile."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from indexer.core.home import Home
from indexer.core.kafka.address import Address, Topic
from indexer.core.kafka.broker import Outlet, make_topics
from indexer.spark.session import spark_session
from indexer.spark.stream.files import GatheredFiles
from indexer.spark.stream.query import EVERY_SECONDS, Gathering, gathering
from tests.benchmarks.machine import machine_line
from tests.benchmarks.peak_memory import PeakMemory
from tests.brokers import Broker

MASTER = "local[2]"
_LISTENERS = 500
_LONGEST = 600.0


def run(plays: int, seconds: float, say: Callable[[str], None]) -> bool:
    """Measure, tell, and return whether every play was gathered once.

    Args:
        plays: that are there at the beginning.
        seconds: for which a play is told every tenth of one.
        say: told of every figure.
    """
    say(machine_line())
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder) / "broker")
        broker.start()
        try:
            make_topics(broker.where)
            return _measured(Home.resolve(Path(folder) / "home"), broker, plays, seconds, say)
        finally:
            broker.stop()


def _measured(home: Home, broker: Broker, plays: int, seconds: float, say: Callable[[str], None]) -> bool:
    files = GatheredFiles(home)
    with PeakMemory(without=[broker.pid]) as memory, spark_session(home, MASTER):
        _tell(broker.where, range(plays))
        began = time.monotonic()
        with gathering(home, MASTER, broker.where, files, goes_on=False) as query:
            _until(query, lambda: False)
        say(f"{plays:,} plays that were there: {plays / (time.monotonic() - began):,.0f} a second, Spark running")
        resting = _resident()
        with gathering(home, MASTER, broker.where, files, goes_on=True) as query:
            seen = _seen_at(broker.where, files, query, plays, seconds)
        late = np.array(sorted(seen.values()))
        say(f"a play every 0.1 s for {seconds:g} s, a batch every {EVERY_SECONDS:g} s at the most:")
        p50, p95, most = (float(np.percentile(late, share)) for share in (50, 95, 100))
        say(f"from the topic to its file: p50 {p50:.1f} s, p95 {p95:.1f} s, the latest {most:.1f} s")
    say(f"memory with JVM and workers: at most {memory.megabytes:,.0f} MiB, of which this process {resting:,.0f}")
    found = files.read().column("id").to_pylist()
    say(f"{len(found):,} plays gathered, {len(set(found)):,} of them different, in {files.number} files")
    return len(found) == len(set(found)) == plays + len(seen)


def _seen_at(address: Address, files: GatheredFiles, query: Gathering, first: int, seconds: float) -> dict[int, float]:
    """By number of a play, how long after it was told its file was there."""
    told: dict[int, float] = {}
    outlet, number, end = Outlet(address), first, time.monotonic() + seconds
    known = query.taken.plays
    seen: dict[int, float] = {}
    while len(seen) < len(told) or time.monotonic() < end:
        if time.monotonic() < end:
            told[number] = time.monotonic()
            outlet.send(*_message(number))
            outlet.work()
            number += 1
        if query.taken.plays > known:
            known, now = query.taken.plays, time.monotonic()
            for each in files.read().column("id").to_pylist():
                if int(each, 16) in told:
                    seen.setdefault(int(each, 16), now - told[int(each, 16)])
        if time.monotonic() > end + _LONGEST:
            break
        time.sleep(0.1)
    outlet.settle(10)
    return seen


def _until(query: Gathering, ends: Callable[[], bool]) -> None:
    while not query.wait(1.0) and not ends():
        pass


def _tell(address: Address, numbers: range) -> None:
    outlet = Outlet(address)
    for number in numbers:
        outlet.send(*_message(number))
        if number % 1_000 == 0:
            outlet.work()
    outlet.settle(60)


def _message(number: int) -> tuple[Topic, str, bytes]:
    listener = f"listener {number % _LISTENERS}"
    record = {
        "version": 1,
        "id": f"{number:024x}",
        "listener": listener,
        "track": f"{number % 1_000:032x}",
        "at": 1_790_000_000.0 + number,
        "seconds_heard": 200.0,
        "seconds": 240.0,
    }
    return Topic.PLAYS, listener, json.dumps(record).encode()


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20
