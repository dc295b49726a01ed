"""Runs jobs on files through worker processes: paused, resumed and cancelled from outside, saving as it goes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Generic, Protocol, TypeVar, cast

from indexer.analysis.control import Control
from indexer.analysis.pool import Job, Outcome
from indexer.analysis.rate import RateMeter
from indexer.analysis.worker import Analysed, Failure
from indexer.analysis.workload import UNCOMPARABLE, file_stamp, other_paths
from indexer.core.events import EventSink, Paused, Progress, Stage, problem_found
from indexer.core.store import Database, DatabaseUnavailable
from indexer.core.store.patience import Patience
from indexer.core.text import clock, shown_name
from indexer.core.tracks import HINDRANCES, Problem, ProblemKind, Seconds

Answer = TypeVar("Answer")
Done = TypeVar("Done")

SAVE_SECONDS = 0.5
SAVE_TRACKS = 8
"""Whichever comes first: what is not saved is lost when the indexer is killed."""

REPORT_SECONDS = 0.5
SLOW_SECONDS = 10.0
_TICK_SECONDS = 0.1
LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class FileRunResult:
    """Tracks done, tracks that could not be, wall time, and CPU time of the workers on files.

    `left` are those that there came a reason not to begin with, see `FileRun.stop_when`.
    """

    done: int = 0
    failed: int = 0
    seconds: Seconds = 0.0
    cpu_seconds: Seconds = 0.0
    left: int = 0


class Pool(Protocol):
    """Where files are analysed: processes of this machine, or a cluster; see `indexer.analysis.pool.AnalysisPool`."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    @property
    def is_idle(self) -> bool: ...

    @property
    def running(self) -> tuple[str, ...]: ...

    def has_room_for(self, at_once: int | None = None) -> bool: ...

    def submit(self, job: Job) -> None: ...

    def finished(self, timeout: Seconds) -> Iterator[tuple[Job, Outcome]]: ...


class FileRun(Generic[Done]):
    """One run over a list of jobs: files that fail become problems and stop nothing else.

    Attributes:
        total: how many jobs there were at the start.
    """

    def __init__(
        self,
        stage: Stage,
        database: Database,
        jobs: Sequence[Job],
        keep: Callable[[list[tuple[Job, Done]]], None],
        *,
        on_event: EventSink,
        control: Control,
    ) -> None:
        """Prepare a run.

        Args:
            stage: what events call it.
            database: where problems go, and where other files of a track are found.
            jobs: one for each track.
            keep: stores what came of some jobs; called often, so that a killed run loses little.
            on_event: told of progress twice a second, of every problem and of pauses.
            control: looked at between files.
        """
        self._stage = stage
        self._database = database
        self._keep = keep
        self._waiting = deque(jobs)
        self.total = len(jobs)
        self._on_event = on_event
        self._control = control
        self._patiently = patience_of(on_event, control)
        self._meter = RateMeter()
        self._unsaved: list[tuple[Job, Done]] = []
        self._healed: list[str] = []
        self._problems = self._asked(database.problems.by_path) if jobs else {}
        self._reason_to_stop: Callable[[], bool] = lambda: False
        self._looked_at = time.monotonic()
        self._paused = False
        self._done = self._failed = self._left = 0
        self._cpu_seconds = 0.0
        self._started = self._saved_at = self._reported_at = time.monotonic()

    def stop_when(self, reason: Callable[[], bool]) -> None:
        """Hand out no more files once there is a reason not to, which is looked for every few seconds."""
        self._reason_to_stop = reason

    @property
    def result(self) -> FileRunResult:
        seconds = time.monotonic() - self._started
        return FileRunResult(self._done, self._failed, seconds, self._cpu_seconds, self._left)

    def work(self, pool: Pool) -> None:
        """Feed the pool until nothing is left or the run is cancelled.

        Nothing is handed out while results wait to be stored, so that a slow database slows the run down and one that
        is away holds it up, but neither makes it grow.

        Raises:
            DatabaseUnavailable: the database was away for longer than `indexer.core.store.patience.LIMIT`, or the run
                was cancelled while it was.
        """
        try:
            with pool:
                while (self._waiting or not pool.is_idle) and not self._control.is_cancelled:
                    self._step(pool)
        except DatabaseUnavailable:
            raise  # it was waited for already
        except BaseException:
            self._save()
            raise
        self._save()
        self._report(())

    def _step(self, pool: Pool) -> None:
        self._notice_pause()
        self._feed(pool)
        for job, outcome in pool.finished(_TICK_SECONDS):
            self._take(job, outcome)
        self._save_when_due()
        self._report_when_due(pool)
        if pool.is_idle:
            self._control.wait_while_paused(_TICK_SECONDS)

    def _feed(self, pool: Pool) -> None:
        if self._waiting and time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = time.monotonic()
            if self._reason_to_stop():
                self._left = len(self._waiting)
                self._waiting.clear()
        while self._waiting and pool.has_room_for(self._control.at_once) and not self._paused:
            pool.submit(self._waiting.popleft())

    def _notice_pause(self) -> None:
        if self._control.is_paused == self._paused:
            return
        self._paused = not self._paused
        self._meter.restart()
        self._on_event(Paused(self._paused))

    def _take(self, job: Job, outcome: Outcome) -> None:
        self._cpu_seconds += outcome.cpu_seconds
        if isinstance(outcome, Failure) and self._try_elsewhere(job, outcome):
            return
        self._meter.step()
        if isinstance(outcome, Failure):
            self._failed += 1
            self._add_problem(job, outcome)
            return
        self._done += 1
        self._unsaved.append((job, cast("Done", outcome)))
        if isinstance(outcome, Analysed) and outcome.truncated:
            self._add_problem(job, _truncated(job.path))
        elif self._is_healed(job.problem_key):
            self._healed.append(job.problem_key)

    def _try_elsewhere(self, job: Job, failure: Failure) -> bool:
        """Where a file cannot be had, take another copy of the same recording."""
        if failure.kind not in {ProblemKind.VANISHED, ProblemKind.UNREADABLE}:
            return False
        others = self._asked(lambda: other_paths(self._database, job))
        if not others:
            return False
        self._waiting.appendleft(replace(job, path=others[0], tried=(*job.tried, job.path)))
        return True

    def _is_healed(self, key: str) -> bool:
        problem = self._problems.get(key)
        healing = HINDRANCES - UNCOMPARABLE if self._stage is Stage.SOUND else HINDRANCES | {ProblemKind.TRUNCATED}
        return problem is not None and problem.kind in healing

    def _add_problem(self, job: Job, failure: Failure) -> None:
        size, mtime_ns = file_stamp(job.path)
        part = job.track if job.stretch.is_part else None
        values = failure.values if part is None else {**failure.values, "at": clock(job.start)}
        problem = Problem(job.path, failure.kind, failure.code, values, time.time(), size, mtime_ns, part)
        self._asked(lambda: self._database.problems.put([problem]))
        self._on_event(problem_found(problem))

    def _save_when_due(self) -> None:
        due = time.monotonic() - self._saved_at >= SAVE_SECONDS
        if len(self._unsaved) >= SAVE_TRACKS or due:
            self._save()

    def _save(self) -> None:
        if self._unsaved:
            self._asked(lambda: self._keep(self._unsaved))
        if self._healed:
            self._asked(lambda: self._database.problems.clear(self._healed))
        self._unsaved, self._healed = [], []
        self._saved_at = time.monotonic()

    def _asked(self, work: Callable[[], Answer]) -> Answer:
        started = time.monotonic()
        answer = self._patiently(work)
        if time.monotonic() - started > REPORT_SECONDS:
            self._meter.restart()  # what was waited says nothing about how fast files are analysed
        return answer

    def _report_when_due(self, pool: Pool) -> None:
        if time.monotonic() - self._reported_at >= REPORT_SECONDS:
            self._report(pool.running)

    def _report(self, current: Sequence[str]) -> None:
        finished = self._done + self._failed
        self._on_event(
            Progress(
                self._stage,
                done=finished,
                total=self.total,
                rate=self._meter.per_second,
                seconds_left=None if self._paused else self._meter.seconds_for(self.total - finished),
                failed=self._failed,
                current=tuple(shown_name(path) for path in current),
            )
        )
        self._reported_at = time.monotonic()


def patience_of(on_event: EventSink, control: Control) -> Patience:
    """How a run waits for the database: with a notice, and no longer once it is cancelled."""
    return Patience(on_event, lambda: control.is_cancelled, slow_after=SLOW_SECONDS)


def _truncated(path: str) -> Failure:
    return Failure(ProblemKind.TRUNCATED, "file-truncated", {"name": shown_name(path)})
