"""Stands in for a pool of processes where files are analysed by Spark: hands out portions of them as small Spark jobs.

Portions are what makes a run on a cluster as obliging as one on a desktop: progress after each, a pause between two,
and no list of a million files in flight. Several are under way at once, so that a slow file holds up no other core.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from py4j.protocol import Py4JError
from pyspark.sql import SparkSession

from indexer.analysis.pool import Job, Outcome
from indexer.analysis.worker import Analysed, Failure
from indexer.core.errors import SegueError
from indexer.core.tracks import ProblemKind, Seconds
from indexer.spark.extraction_task import SCHEMA, Portion

FILES_PER_TASK = 8
"""About a second of work: what starting a task costs is little beside it, and what a lost executor loses is, too."""

PORTIONS_AT_ONCE = 3
"""One that is being analysed, one that waits for free cores, and one to spare while a long file holds up another."""

Row = dict[str, Any]
Outcomes = list[tuple[Job, Outcome]]


class FolderNotShared(SegueError):
    """A machine of the cluster does not see a file that this one sees."""


class SparkPool:
    """Files under way on a cluster; leaving the context stops what runs, and keeps what executors have stored."""

    def __init__(self, spark: SparkSession, portion: Callable[[tuple[Job, ...]], Portion]) -> None:
        """Prepare; `portion` makes the task of some jobs."""
        self._spark = spark
        self._portion = portion
        self._new: list[Job] = []
        self._under_way: dict[Future[Outcomes], tuple[Job, ...]] = {}
        self._threads = ThreadPoolExecutor(PORTIONS_AT_ONCE, thread_name_prefix="portion")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._under_way:
            with contextlib.suppress(Py4JError, OSError):
                self._spark.sparkContext.cancelAllJobs()
        self._threads.shutdown(wait=True, cancel_futures=True)

    @property
    def is_idle(self) -> bool:
        return not self._new and not self._under_way

    @property
    def running(self) -> tuple[str, ...]:
        """No names: which files are being analysed is known to the executors alone."""
        return ()

    @property
    def cores(self) -> int:
        """Tasks that run at once on the executors there are now; it grows while they come up."""
        return int(self._spark.sparkContext.defaultParallelism)

    def has_room_for(self, at_once: int | None = None) -> bool:
        """Whether another file may be handed in; with `at_once`, only while fewer files than that are under way."""
        room = self.cores * FILES_PER_TASK * PORTIONS_AT_ONCE
        files = len(self._new) + sum(map(len, self._under_way.values()))
        return files < (room if at_once is None else min(at_once, room))

    def submit(self, job: Job) -> None:
        """Hand in a file, which starts with the next portion."""
        self._new.append(job)

    def finished(self, timeout: Seconds) -> Iterator[tuple[Job, Outcome]]:
        """Files that ended, with their outcome; features of those that could be analysed are stored already.

        Raises:
            FolderNotShared: an executor does not see a file that is here.
            PySparkException: a task failed again and again.
        """
        self._start_portions()
        done = wait(self._under_way, timeout=timeout, return_when=FIRST_COMPLETED).done
        for future in done:
            del self._under_way[future]
            yield from future.result()

    def _start_portions(self) -> None:
        while self._new and len(self._under_way) < PORTIONS_AT_ONCE:
            size = self.cores * FILES_PER_TASK
            jobs, self._new = tuple(self._new[:size]), self._new[size:]
            self._under_way[self._threads.submit(self._analyse, jobs)] = jobs

    def _analyse(self, jobs: tuple[Job, ...]) -> Outcomes:
        """One Spark job, one task for each few files."""
        tasks = -(-len(jobs) // FILES_PER_TASK)
        numbers = self._spark.range(0, tasks, 1, tasks)
        rows: list[Row] = numbers.mapInArrow(self._portion(jobs), SCHEMA).toArrow().to_pylist()
        return [(jobs[row["place"]], outcome_of(jobs[row["place"]], row)) for row in rows]


def outcome_of(job: Job, row: Row) -> Outcome:
    """What a row of `extraction_task.SCHEMA` says of its file; features stay where they were stored.

    Raises:
        FolderNotShared: the executor could not read a file that can be read here.
    """
    if row["problem"] is None:
        return Analysed({}, row["cpu_seconds"], row["truncated"])
    kind = ProblemKind(row["problem"])
    if kind in {ProblemKind.VANISHED, ProblemKind.UNREADABLE} and _is_readable(job.path):
        raise FolderNotShared("folder-not-shared", machine=row["machine"], file=job.path)
    return Failure(kind, row["code"], json.loads(row["values"]), row["cpu_seconds"])


def _is_readable(path: str) -> bool:
    try:
        with Path(path).open("rb"):
            return True
    except (OSError, ValueError):
        return False
