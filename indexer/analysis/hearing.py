"""Hears tracks from end to end, in worker processes, saving as it goes: loudness, waveform, and what long ones lack."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import psutil

from indexer.analysis.control import Control
from indexer.analysis.extract import keep_analysed, networks_ready
from indexer.analysis.file_run import FileRun, FileRunResult, patience_of
from indexer.analysis.pool import AnalysisPool, Job, usable_cores
from indexer.analysis.worker import Analysed, WorkerSettings, hear_file, start, start_measuring
from indexer.analysis.workload import hearing_jobs
from indexer.core.events import EventSink, Notice, Stage, StageStarted
from indexer.core.model.embedding.registry import Registration
from indexer.core.model.profiles import Profile
from indexer.core.politeness import ONE_THREAD, environment
from indexer.core.store import Database, SoundRecord
from indexer.core.tracks import Hearing, Seconds
from indexer.sound.result import VERSION, Measured

_FILES_PER_WORKER = 16
"""A process takes a second to start, in which a running one measures this many songs."""


def hear_all(
    database: Database,
    profiles: Sequence[Profile] = (),
    *,
    workers: int | None = None,
    on_event: EventSink,
    control: Control,
    time_limit: Seconds = 600.0,
    memory_limit_mb: int = 2048,
    full: bool = False,
    cache: Path | None = None,
) -> FileRunResult:
    """Hear every present track that was not measured yet, or is judged by parts where all of it is wanted.

    One decoding of a file gives its features, loudness, waveform and true length. The limit of time is long: a second
    is enough for about 15 minutes of music, and for a minute of what is analysed. Files that fail become problems and
    stop nothing else; they keep the features of their parts. Ends early, keeping what was done, when `control` is
    cancelled. Nothing is reported where nothing is to be done.

    Args:
        database: where tracks come from and what was heard and problems go.
        profiles: of which all of a long track is wanted, where the library's choice allows it; none to measure only.
        workers: processes; one per core by default.
        on_event: told of the stage, of progress twice a second, of every problem and of pauses.
        control: looked at between files.
        time_limit: seconds one file may take.
        memory_limit_mb: memory one file may take, where the system can hold a process to it.
        full: measure everything again.
        cache: folder where filter banks are kept, which spares each process seconds.

    Raises:
        ExtractionFailed: worker processes cannot be kept alive.
        EmbeddingError: the network of a profile is missing or changed, or onnxruntime is not installed.
        SegueError: the database failed.
    """

    def work(run: FileRun[Analysed], networks: tuple[Registration, ...], thorough: bool) -> None:
        count = min(workers or usable_cores(), math.ceil(run.total / (1 if thorough else _FILES_PER_WORKER)))
        settings = WorkerSettings(memory_limit_mb, None if cache is None else str(cache), networks)
        prepare = start if thorough else start_measuring
        with environment(ONE_THREAD):
            run.work(AnalysisPool(count, settings, time_limit, hear_file, prepare, on_event))

    keep = partial(keep_heard, database)
    return run_hearing(database, profiles, keep, work, on_event=on_event, control=control, full=full)


def run_hearing(
    database: Database,
    profiles: Sequence[Profile],
    keep: Callable[[list[tuple[Job, Analysed]]], None],
    work: Callable[[FileRun[Analysed], tuple[Registration, ...], bool], None],
    *,
    on_event: EventSink,
    control: Control,
    full: bool,
) -> FileRunResult:
    """What hearing is on one machine and on a cluster: find what was not heard to its end, have `work` run through it.

    `work` is given the networks of the profiles that have one, each of which can be used, and whether any track is
    heard for features; it is not called where there is nothing to do. The other arguments, and what is raised, are
    those of `hear_all`.
    """
    patiently = patience_of(on_event, control)
    hearing = patiently(lambda: database.choices.hearing)
    wanted = () if hearing is Hearing.QUICK else profiles

    def jobs_for(wanted: Sequence[Profile]) -> list[Job]:
        return [] if control.is_cancelled else patiently(lambda: hearing_jobs(database, wanted, VERSION, full=full))

    def waits_for_mains() -> bool:
        waits = hearing is Hearing.MAINS and on_battery()
        if waits:
            on_event(Notice("hearing-waits-for-mains"))
        return waits

    jobs = jobs_for(wanted)
    thorough = any(job.profiles for job in jobs)
    if thorough and waits_for_mains():
        jobs, thorough = jobs_for(()), False
    run = FileRun(Stage.SOUND, database, jobs, keep, on_event=on_event, control=control)
    if thorough:
        run.stop_when(waits_for_mains)
    if jobs:
        on_event(StageStarted(Stage.SOUND, len(jobs)))
        work(run, networks_ready(wanted) if thorough else (), thorough)
    return run.result


def keep_heard(database: Database, done: Sequence[tuple[Job, Analysed]]) -> None:
    """Store what came of some files that were heard from end to end; their loudness goes last.

    A run that is killed in between hears the file again.
    """
    keep_analysed(database, done)
    records = [_record(job, heard.measured) for job, heard in done if heard.measured is not None]
    database.tracks.note_heard(loudness={record.track: record.loudness for record in records})
    database.sounds.upsert(records)


def on_battery() -> bool:
    """Whether the machine runs on its battery now; false where it has none, or where nobody knows."""
    look = getattr(psutil, "sensors_battery", None)
    battery = None if look is None else look()
    return battery is not None and battery.power_plugged is False


def _record(job: Job, measured: Measured) -> SoundRecord:
    return SoundRecord(job.track, VERSION, measured.waveform, measured.loudness, measured.peak, measured.seconds)
