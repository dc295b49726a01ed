"""The executors' side of extraction: a task analyses a few files in a process of its own and writes what came of them.

Decoders never run in Spark's Python worker. Each worker keeps one child process, the same that extraction uses on one
machine: a file that hangs, crashes or devours memory is that file's failure, not the task's, and costs no retry.
"""

from __future__ import annotations

import functools
import json
import platform
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
from pyspark import SparkFiles

from indexer.analysis.pool import Analyser, AnalysisPool, Job, Outcome, Starter
from indexer.analysis.worker import Analysed, Failure, WorkerSettings
from indexer.core.home import Home
from indexer.core.model.embedding.registry import know
from indexer.core.politeness import ONE_THREAD, environment
from indexer.core.store import Database, open_database
from indexer.core.store.patience import Patience
from indexer.core.tracks import Seconds, TrackId

SCHEMA = (
    "place long, problem string, code string, values string, cpu_seconds double, truncated boolean, "
    "earlier boolean, machine string"
)
"""One row per file: its place in the portion and what is wrong with it, null where it was stored; `earlier` where an
attempt at the same task that was lost had stored it already. Paths are left out: not every path is valid text.
"""

_TICK_SECONDS = 0.1
_FILTERS = "filters"
_patiently = Patience()
"""Nobody is there to be told, and a task that is cancelled is killed, not asked."""


@dataclass(frozen=True)
class Orders:
    """What executors do with files. Functions are pickled by name and must be importable there.

    Attributes:
        analyse: analyses a file, in the child process.
        prepare: readies the child process.
        settings: told to it; the folder for filter banks is chosen on the executor.
        time_limit: seconds a file may take.
        stored: which of the jobs are done already, by what `mark` says.
        store: writes outcomes.
        mark: the newest revision when the run began.
    """

    analyse: Analyser
    prepare: Starter
    settings: WorkerSettings
    time_limit: Seconds
    stored: Callable[[Database, Sequence[Job], int], set[TrackId]]
    store: Callable[[Database, list[tuple[Job, Outcome]]], None]
    mark: int


@dataclass(frozen=True)
class Portion:
    """The function for `mapInArrow`: rows are numbers of slices of `jobs`, of `size` files each.

    The database's address is in the pickled object alone, which Spark neither prints nor keeps in its logs.
    """

    address: str
    orders: Orders
    jobs: tuple[Job, ...]
    size: int

    def __repr__(self) -> str:
        return f"Portion({len(self.jobs)} files)"

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                start = number * self.size
                yield self._analysed(start, self.jobs[start : start + self.size])

    def _analysed(self, start: int, jobs: Sequence[Job]) -> pa.RecordBatch:
        database = _database(self.address)
        earlier = _patiently(lambda: self.orders.stored(database, jobs, self.orders.mark))
        places = {job.track: start + index for index, job in enumerate(jobs)}
        rows = [_row(places[job.track], Analysed({}), earlier=True) for job in jobs if job.track in earlier]
        left = [job for job in jobs if job.track not in earlier]
        for job, outcome in _outcomes(database, self.orders, left):
            rows.append(_row(places[job.track], outcome))
        return pa.RecordBatch.from_pylist(rows, schema=_ARROW_SCHEMA)


def _outcomes(database: Database, orders: Orders, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
    """Analyse files and write whatever has ended since the last write: a second attempt leaves out what is written.

    While one write is under way the next files end, so that a slow database is asked less often for more at a time.
    """
    pool = _pool(orders.analyse, orders.prepare, orders.settings, orders.time_limit)
    waiting = deque(jobs)
    try:
        while waiting or not pool.is_idle:
            while waiting and pool.has_room_for():
                pool.submit(waiting.popleft())
            ended = list(pool.finished(_TICK_SECONDS))
            _store(database, orders, [one for one in ended if not isinstance(one[1], Failure)])
            yield from ended
    except BaseException:
        # Its files are of this task; the next one gets a pool without them.
        with pool:
            _pool.cache_clear()
        raise


def _store(database: Database, orders: Orders, outcomes: list[tuple[Job, Outcome]]) -> None:
    if outcomes:
        _patiently(lambda: orders.store(database, outcomes))


@functools.cache
def _database(address: str) -> Database:
    """The connection of this Python worker, which serves many tasks."""
    return open_database(Home.resolve(), uri=address)


@functools.lru_cache(maxsize=1)
def _pool(analyse: Analyser, prepare: Starter, settings: WorkerSettings, time_limit: Seconds) -> AnalysisPool:
    """The child process of this Python worker; it ends with it."""
    for network in settings.networks:
        know(network)
    folder = Path(SparkFiles.getRootDirectory()) / _FILTERS
    with environment(ONE_THREAD):
        return AnalysisPool(1, replace(settings, cache=str(folder)), time_limit, analyse, prepare)


_ARROW_SCHEMA = pa.schema(
    [
        ("place", pa.int64()),
        ("problem", pa.string()),
        ("code", pa.string()),
        ("values", pa.string()),
        ("cpu_seconds", pa.float64()),
        ("truncated", pa.bool_()),
        ("earlier", pa.bool_()),
        ("machine", pa.string()),
    ]
)


def _row(place: int, outcome: Outcome, *, earlier: bool = False) -> dict[str, object]:
    failure = outcome if isinstance(outcome, Failure) else None
    return {
        "place": place,
        "problem": failure and failure.kind.value,
        "code": failure and failure.code,
        "values": failure and json.dumps(failure.values),
        "cpu_seconds": outcome.cpu_seconds,
        "truncated": isinstance(outcome, Analysed) and outcome.truncated,
        "earlier": earlier,
        "machine": platform.node(),
    }
