"""Measures the loudness and the waveform of every track that lacks them, in worker processes, saving as it goes."""

from __future__ import annotations

import math

from indexer.analysis.control import Control
from indexer.analysis.file_run import FileRun, FileRunResult, patience_of
from indexer.analysis.pool import AnalysisPool, Job, usable_cores
from indexer.analysis.worker import WorkerSettings, measure_file, start_measuring
from indexer.analysis.workload import sound_jobs
from indexer.core.events import EventSink, Stage, StageStarted
from indexer.core.politeness import ONE_THREAD, environment
from indexer.core.store import Database, SoundRecord
from indexer.core.tracks import Seconds
from indexer.sound.result import VERSION, Measured

_FILES_PER_WORKER = 16
"""A process takes a second to start, in which a running one measures this many songs."""


def measure_all(
    database: Database,
    *,
    workers: int | None = None,
    on_event: EventSink,
    control: Control,
    time_limit: Seconds = 600.0,
    memory_limit_mb: int = 1024,
    full: bool = False,
) -> FileRunResult:
    """Measure every present track that lacks it and store what came of it.

    Files are decoded from end to end, so that the limit of time is long: a second is enough for about 15 minutes of
    music. Files that fail become problems and stop nothing else. Ends early, keeping what was done, when `control`
    is cancelled. Nothing is reported where nothing is to be done.

    Args:
        database: where tracks come from and measurements and problems go.
        workers: processes; one per core by default.
        on_event: told of the stage, of progress twice a second, of every problem and of pauses.
        control: looked at between files.
        time_limit: seconds one file may take.
        memory_limit_mb: memory one file may take, where the system can hold a process to it.
        full: measure everything again.

    Raises:
        ExtractionFailed: worker processes cannot be kept alive.
        SegueError: the database failed.
    """
    patiently = patience_of(on_event, control)
    jobs = [] if control.is_cancelled else patiently(lambda: sound_jobs(database, VERSION, full=full))

    def keep(done: list[tuple[Job, Measured]]) -> None:
        database.tracks.measure({job.track: measured.length for job, measured in done})
        database.sounds.upsert([_record(job, measured) for job, measured in done])

    run = FileRun(Stage.SOUND, database, jobs, keep, on_event=on_event, control=control)
    if jobs:
        on_event(StageStarted(Stage.SOUND, len(jobs)))
        count = min(workers or usable_cores(), math.ceil(len(jobs) / _FILES_PER_WORKER))
        with environment(ONE_THREAD):
            settings = WorkerSettings(memory_limit_mb)
            run.work(AnalysisPool(count, settings, time_limit, measure_file, start_measuring, on_event))
    return run.result


def _record(job: Job, measured: Measured) -> SoundRecord:
    return SoundRecord(job.track, VERSION, measured.waveform, measured.loudness, measured.peak, measured.seconds)
