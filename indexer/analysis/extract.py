"""Analyses every track that needs it, in worker processes, saving as it goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from indexer.analysis.control import Control
from indexer.analysis.file_run import FileRun, FileRunResult, asked
from indexer.analysis.heard import analyser_of, ensure_ready, keep_analysed, limit_of
from indexer.analysis.pool import AnalysisPool, Job, usable_cores
from indexer.analysis.worker import Analysed, WorkerSettings
from indexer.analysis.workload import jobs_for
from indexer.core.events import EventSink, Stage, StageStarted
from indexer.core.model.embedding.registry import EmbeddedProfile
from indexer.core.model.profiles import Profile
from indexer.core.store import Database
from indexer.core.threads import ONE_THREAD, environment
from indexer.core.tracks import Seconds

ExtractResult = FileRunResult


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
    folders: Collection[str] = (),
    cache: Path | None = None,
) -> ExtractResult:
    """Compute `profiles` for every present track that lacks one and store them.

    Files longer than `indexer.core.tracks.WHOLE_UP_TO` are judged by two parts of 30 s, or from end to end where the
    library's choice is `whole_files`; tracks whose features were made the other way lack them.

    Files that fail become problems and stop nothing else. A database that does not answer is waited for, up to ten
    minutes. Ends early, keeping what was done, when `control` is cancelled; files in flight are then dropped and
    analysed the next time.

    Args:
        database: where tracks come from and features and problems go.
        profiles: what to compute.
        on_event: told of the stage, of progress twice a second, of every problem and of pauses.
        control: looked at between files.
        workers: processes; one per core by default.
        time_limit: seconds one file may take; ten times that where long files are heard from end to end.
        memory_limit_mb: memory one file may take, where the system can hold a process to it.
        full: analyse everything again, failed files included.
        folders: of the library; `full` is about these alone where there are any.
        cache: folder where filter banks are kept, which spares each process seconds.

    Raises:
        ExtractionFailed: worker processes cannot be kept alive.
        EmbeddingError: the network of a profile is missing or changed, or onnxruntime is not installed.
        SegueError: the database failed.
    """
    jobs = asked(lambda: jobs_for(database, profiles, full=full, folders=folders), on_event, control)
    on_event(StageStarted(Stage.EXTRACT, len(jobs)))

    def keep(done: list[tuple[Job, Analysed]]) -> None:
        keep_analysed(database, done)

    run = FileRun(Stage.EXTRACT, database, jobs, keep, on_event=on_event, control=control)
    if jobs and not control.is_cancelled:
        networks = tuple(profile.network for profile in profiles if isinstance(profile, EmbeddedProfile))
        ensure_ready(networks)
        analyse = asked(lambda: analyser_of(database), on_event, control)
        settings = WorkerSettings(memory_limit_mb, None if cache is None else str(cache), networks)
        count = min(workers or usable_cores(), len(jobs))
        limit = limit_of(analyse, time_limit)
        with environment(ONE_THREAD):
            run.work(AnalysisPool(count, settings, limit, analyse, on_event=on_event))
    return run.result
