"""A pool of worker processes in which a file that hangs, crashes or devours memory takes only itself down."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, TimeoutError, wait  # noqa: A004
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import psutil
from pebble import ProcessExpired, ProcessPool

from indexer.analysis.worker import Analysed, Failure, WorkerSettings, analyse_file, out_of_memory, start
from indexer.core.errors import SegueError
from indexer.core.events import EventSink, Notice, nobody
from indexer.core.text import shown_name
from indexer.core.tracks import ProblemKind, Seconds, Stretch, TrackId, problem_key

IN_FLIGHT_PER_WORKER = 3
"""Enough that no worker waits for work; few, because what is in flight is what a killed indexer loses."""

Outcome = Analysed | Failure
Analyser = Callable[[Stretch, tuple[str, ...]], Outcome]
Starter = Callable[[WorkerSettings], None]

_RESTARTS = 3
_ATTEMPTS = 2
"""A worker can be killed for reasons that are not the file's; it takes two to blame the file."""


class ExtractionFailed(SegueError):
    """The worker processes cannot be kept alive."""


@dataclass(frozen=True, slots=True)
class Job:
    """One track to analyse: its file, the profiles it lacks by name, and the paths that did not work.

    `start` and `end` are those of the track, in seconds of the file.
    """

    track: TrackId
    path: str
    profiles: tuple[str, ...]
    tried: tuple[str, ...] = ()
    attempt: int = 1
    start: Seconds = 0.0
    end: Seconds | None = None

    @property
    def stretch(self) -> Stretch:
        """What is to be analysed."""
        return Stretch(self.path, self.start, self.end)

    @property
    def problem_key(self) -> str:
        """What a problem with it is filed under; see `indexer.core.tracks.problem_key`."""
        return problem_key(self.path, self.track if self.stretch.is_part else None)


class AnalysisPool:
    """Worker processes and the jobs they have; leaving the context stops them at once, done or not."""

    def __init__(
        self,
        workers: int,
        settings: WorkerSettings,
        time_limit: Seconds,
        analyse: Analyser = analyse_file,
        prepare: Starter = start,
        on_event: EventSink = nobody,
    ) -> None:
        """Start `workers` processes, each of which calls `prepare` once and `analyse` for every job.

        `on_event` is told of processes that ended although no file is to blame yet.
        """
        self._workers = workers
        self._settings = settings
        self._time_limit = time_limit
        self._analyse = analyse
        self._prepare = prepare
        self._on_event = on_event
        self._jobs: dict[Future[Outcome], Job] = {}
        self._restarts = 0
        self._pool = self._new_pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def is_idle(self) -> bool:
        return not self._jobs

    def has_room_for(self, at_once: int | None = None) -> bool:
        """Whether another file may be handed in; with `at_once`, only while fewer files than that are under way."""
        room = self._workers * IN_FLIGHT_PER_WORKER
        return len(self._jobs) < (room if at_once is None else min(at_once, room))

    @property
    def running(self) -> tuple[str, ...]:
        """Paths of the files being analysed now."""
        return tuple(job.path for future, job in self._jobs.items() if future.running())

    def submit(self, job: Job) -> None:
        """Hand a job to the workers.

        Raises:
            ExtractionFailed: they died too often.
        """
        try:
            future = self._pool.schedule(self._analyse, args=(job.stretch, job.profiles), timeout=self._time_limit)
        except RuntimeError:  # the pool broke since the last look
            self._restart([job])
            return
        self._jobs[future] = job

    def finished(self, timeout: Seconds) -> Iterator[tuple[Job, Outcome]]:
        """Jobs that ended, with their outcome; waits up to `timeout` for the first.

        Raises:
            ExtractionFailed: the workers died too often.
        """
        done = wait(self._jobs, timeout=timeout, return_when=FIRST_COMPLETED).done
        for future in done:
            job = self._jobs.pop(future, None)
            if job is None:
                continue  # belonged to a pool that broke, and was submitted again
            try:
                outcome = _outcome(future, job, self._time_limit)
            except BrokenProcessPool:
                self._restart([job])
                continue
            if _is_worth_repeating(outcome, job):
                self._on_event(Notice("worker-ended", {"name": shown_name(job.path)}))
                self.submit(replace(job, attempt=job.attempt + 1))
            else:
                yield job, outcome

    def _restart(self, unfinished: list[Job]) -> None:
        self._stop()
        self._on_event(Notice("workers-ended"))
        self._restarts += 1
        if self._restarts > _RESTARTS:
            raise ExtractionFailed("workers-fail")
        waiting = [*unfinished, *self._jobs.values()]
        self._jobs.clear()
        self._pool = self._new_pool()
        for job in waiting:
            self.submit(job)

    def _stop(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            initializer=self._prepare,
            initargs=(self._settings,),
            context=multiprocessing.get_context("spawn"),
        )


def usable_cores() -> int:
    """Cores this process may run on."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):
        return len(process.cpu_affinity())
    return psutil.cpu_count() or 1


def _outcome(future: Future[Outcome], job: Job, time_limit: Seconds) -> Outcome:
    """The result of a finished future; raises BrokenProcessPool where no worker had the job."""
    error = None if future.cancelled() else future.exception()
    if error is None and not future.cancelled():
        return future.result()
    if isinstance(error, BrokenProcessPool):
        raise error
    if isinstance(error, TimeoutError):
        return _timed_out(job.path, time_limit)
    if isinstance(error, MemoryError):
        return out_of_memory(job.path)
    return _crashed(job.path, error)


def _is_worth_repeating(outcome: Outcome, job: Job) -> bool:
    return isinstance(outcome, Failure) and outcome.kind is ProblemKind.CRASHED and job.attempt < _ATTEMPTS


def _timed_out(path: str, time_limit: Seconds) -> Failure:
    return Failure(ProblemKind.TIMEOUT, "file-too-slow", {"name": shown_name(path), "seconds": time_limit})


def _crashed(path: str, error: BaseException | None) -> Failure:
    name = shown_name(path)
    if isinstance(error, ProcessExpired | CancelledError) or error is None:
        return Failure(ProblemKind.CRASHED, "file-deadly", {"name": name})
    return Failure(ProblemKind.CRASHED, "file-failed", {"name": name, "error": f"{type(error).__name__}: {error}"})
