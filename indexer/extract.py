"""Analyses every track that needs it, in worker processes, saving as it goes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.control import Control
from indexer.events import EventSink, Paused, ProblemFound, Progress, Stage, StageStarted
from indexer.features.embedding.registry import EmbeddedProfile, Registration
from indexer.features.profiles import Profile, get_profile
from indexer.library import Problem, ProblemKind, Seconds
from indexer.politeness import ONE_THREAD, environment
from indexer.pool import AnalysisPool, Job, usable_cores
from indexer.rate import RateMeter
from indexer.store import Database, FeatureRecord
from indexer.text import shown_name
from indexer.worker import Analysed, Failure, WorkerSettings
from indexer.workload import HINDRANCES, file_stamp, jobs_for, other_paths

SAVE_SECONDS = 0.5
SAVE_TRACKS = 8
"""Whichever comes first: what is not saved is lost when the indexer is killed."""

REPORT_SECONDS = 0.5
_TICK_SECONDS = 0.1


@dataclass(frozen=True)
class ExtractResult:
    """Tracks analysed, tracks that could not be, wall time, and CPU time of the workers on files."""

    done: int
    failed: int
    seconds: Seconds
    cpu_seconds: Seconds


def extract(
    database: Database,
    *,
    profiles: Sequence[Profile],
    workers: int | None = None,
    on_event: EventSink,
    control: Control,
    time_limit: Seconds = 60.0,
    memory_limit_mb: int = 2048,
    full: bool = False,
    cache: Path | None = None,
) -> ExtractResult:
    """Compute `profiles` for every present track that lacks one and store them.

    Files that fail become problems and stop nothing else. Ends early, keeping what was done, when `control` is
    cancelled; files in flight are then dropped and analysed the next time.

    Args:
        database: where tracks come from and features and problems go.
        profiles: what to compute.
        on_event: told of the stage, of progress twice a second, of every problem and of pauses.
        control: looked at between files.
        workers: processes; one per core by default.
        time_limit: seconds one file may take.
        memory_limit_mb: memory one file may take, where the system can hold a process to it.
        full: analyse everything again, failed files included.
        cache: folder where filter banks are kept, which spares each process seconds.

    Raises:
        ExtractionFailed: worker processes cannot be kept alive.
        EmbeddingError: the network of a profile is missing or changed, or onnxruntime is not installed.
        SegueError: the database failed.
    """
    jobs = jobs_for(database, profiles, full=full)
    on_event(StageStarted(Stage.EXTRACT, len(jobs)))
    run = _Extraction(database, jobs, on_event, control)
    if jobs and not control.is_cancelled:
        networks = tuple(profile.network for profile in profiles if isinstance(profile, EmbeddedProfile))
        _ensure_ready(networks)
        settings = WorkerSettings(memory_limit_mb, None if cache is None else str(cache), networks)
        count = min(workers or usable_cores(), len(jobs))
        with environment(ONE_THREAD):
            run.work(AnalysisPool(count, settings, time_limit))
    return run.result


class _Extraction:
    """One run over a list of jobs."""

    def __init__(self, database: Database, jobs: Sequence[Job], on_event: EventSink, control: Control) -> None:
        self._database = database
        self._waiting = deque(jobs)
        self._total = len(jobs)
        self._on_event = on_event
        self._control = control
        self._meter = RateMeter()
        self._unsaved: list[FeatureRecord] = []
        self._healed: list[str] = []
        self._problems = database.problems.by_path() if jobs else {}
        self._paused = False
        self._done = self._failed = 0
        self._cpu_seconds = 0.0
        self._started = self._saved_at = self._reported_at = time.monotonic()

    @property
    def result(self) -> ExtractResult:
        return ExtractResult(self._done, self._failed, time.monotonic() - self._started, self._cpu_seconds)

    def work(self, pool: AnalysisPool) -> None:
        """Feed the pool until nothing is left or the run is cancelled."""
        try:
            with pool:
                while (self._waiting or not pool.is_idle) and not self._control.is_cancelled:
                    self._step(pool)
        finally:
            self._save()
        self._report(())

    def _step(self, pool: AnalysisPool) -> None:
        self._notice_pause()
        self._feed(pool)
        for job, outcome in pool.finished(_TICK_SECONDS):
            self._take(job, outcome)
        self._save_when_due()
        self._report_when_due(pool)
        if pool.is_idle:
            self._control.wait_while_paused(_TICK_SECONDS)

    def _feed(self, pool: AnalysisPool) -> None:
        while self._waiting and pool.has_room and not self._paused:
            pool.submit(self._waiting.popleft())

    def _notice_pause(self) -> None:
        if self._control.is_paused == self._paused:
            return
        self._paused = not self._paused
        self._meter.restart()
        self._on_event(Paused(self._paused))

    def _take(self, job: Job, outcome: Analysed | Failure) -> None:
        self._cpu_seconds += outcome.cpu_seconds
        if isinstance(outcome, Failure) and self._try_elsewhere(job, outcome):
            return
        self._meter.step()
        if isinstance(outcome, Failure):
            self._failed += 1
            self._add_problem(job.path, outcome)
            return
        self._done += 1
        self._unsaved.extend(_records(job, outcome))
        if outcome.truncated:
            self._add_problem(job.path, _truncated(job.path))
        elif self._is_healed(job.path):
            self._healed.append(job.path)

    def _try_elsewhere(self, job: Job, failure: Failure) -> bool:
        """Where a file cannot be had, hear another copy of the same recording."""
        if failure.kind not in {ProblemKind.VANISHED, ProblemKind.UNREADABLE}:
            return False
        others = other_paths(self._database, job)
        if not others:
            return False
        self._waiting.appendleft(replace(job, path=others[0], tried=(*job.tried, job.path)))
        return True

    def _is_healed(self, path: str) -> bool:
        problem = self._problems.get(path)
        return problem is not None and problem.kind in HINDRANCES | {ProblemKind.TRUNCATED}

    def _add_problem(self, path: str, failure: Failure) -> None:
        size, mtime_ns = file_stamp(path)
        problem = Problem(path, failure.kind, failure.message, failure.advice, time.time(), size, mtime_ns)
        self._database.problems.put([problem])
        self._on_event(ProblemFound(path, problem.kind.value, problem.message, problem.advice))

    def _save_when_due(self) -> None:
        due = time.monotonic() - self._saved_at >= SAVE_SECONDS
        if len(self._unsaved) >= SAVE_TRACKS or due:
            self._save()

    def _save(self) -> None:
        if self._unsaved:
            self._database.features.upsert(self._unsaved)
        if self._healed:
            self._database.problems.clear(self._healed)
        self._unsaved, self._healed = [], []
        self._saved_at = time.monotonic()

    def _report_when_due(self, pool: AnalysisPool) -> None:
        if time.monotonic() - self._reported_at >= REPORT_SECONDS:
            self._report(pool.running)

    def _report(self, current: Sequence[str]) -> None:
        finished = self._done + self._failed
        self._on_event(
            Progress(
                Stage.EXTRACT,
                done=finished,
                total=self._total,
                rate=self._meter.per_second,
                seconds_left=None if self._paused else self._meter.seconds_for(self._total - finished),
                failed=self._failed,
                current=tuple(shown_name(path) for path in current),
            )
        )
        self._reported_at = time.monotonic()


def _ensure_ready(networks: Sequence[Registration]) -> None:
    if networks:
        from indexer.features.embedding.network import ensure_ready  # noqa: PLC0415 - few have a network

        for network in networks:
            ensure_ready(network)


def _records(job: Job, outcome: Analysed) -> list[FeatureRecord]:
    return [FeatureRecord(job.track, name, get_profile(name).version, outcome.features[name]) for name in job.profiles]


def _truncated(path: str) -> Failure:
    return Failure(
        ProblemKind.TRUNCATED,
        f"{shown_name(path)} ends before its time; what there is of it was analysed.",
        "Replace it with a complete copy if you have one.",
    )
