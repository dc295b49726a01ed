"""Hears the tracks that need it as Spark jobs: on every core of a cluster, each of which stores its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from indexer.analysis.control import Control
from indexer.analysis.extract import keep_analysed, run_extraction
from indexer.analysis.file_run import FileRun, FileRunResult
from indexer.analysis.hearing import keep_heard, run_hearing
from indexer.analysis.pool import Analyser, Job, Outcome
from indexer.analysis.worker import Analysed, WorkerSettings, analyse_file, hear_file, start, start_measuring
from indexer.core.events import EventSink, Notice
from indexer.core.home import Home
from indexer.core.model.embedding.registry import Registration
from indexer.core.model.profiles import Profile, get_profile
from indexer.core.store import Database
from indexer.core.tracks import Seconds, TrackId
from indexer.spark.extraction_pool import FILES_PER_TASK, SparkPool
from indexer.spark.extraction_task import Orders, Portion
from indexer.spark.masters import require_reach
from indexer.spark.session import GO_ON, spark_session
from indexer.spark.watch import Cancelled, cancellable


def extract_on_spark(
    database: Database,
    home: Home,
    *,
    master: str,
    profiles: Sequence[Profile],
    on_event: EventSink,
    control: Control,
    time_limit: Seconds = 60.0,
    memory_limit_mb: int = 2048,
    full: bool = False,
    folders: Collection[str] = (),
    analyse: Analyser = analyse_file,
) -> FileRunResult:
    """Compute `profiles` for every present track that lacks one, as `analysis.extract.extract` does, on `master`.

    Files are read at the same paths by executors, which write features to the same database; problems come back.
    A task that is lost with its executor is tried again and leaves out what was stored. Cancelling stops the tasks
    and keeps what they stored; a pause lets the portions under way end.

    Args:
        database: where tracks come from, and problems and features go.
        home: of this machine: Spark's log and scratch space.
        master: Spark's address.
        profiles: what to compute.
        on_event: told of the stage, of progress, of every problem and of pauses.
        control: looked at between portions.
        time_limit: seconds one file may take.
        memory_limit_mb: memory one file may take beyond what its process needs.
        full: analyse everything again, failed files included.
        folders: of the library; `full` is about these alone where there are any.
        analyse: what is called for each file, in a process of its own.

    Raises:
        EmbeddingError: the network of a profile is missing or changed, or onnxruntime is not installed.
        DatabaseOutOfReach: the database answers on this machine only and the executors are elsewhere.
        FolderNotShared: an executor does not see a file that is here.
        JavaMissing, SparkFailed: Spark could not run, or a task failed on several executors.
        SegueError: the database failed.
    """
    require_reach(database, master)

    def work(run: FileRun[Analysed], networks: tuple[Registration, ...]) -> None:
        settings = WorkerSettings(memory_limit_mb, None, networks)
        mark = database.features.newest_rev()
        orders = Orders(analyse, start, settings, time_limit, features_stored, store_features, mark)
        _run_on_spark(run, orders, database, home, master, on_event, control)

    return run_extraction(
        database, profiles, _stored_already, work,
        on_event=on_event, control=control, full=full, folders=folders,
    )  # fmt: skip


def hear_on_spark(
    database: Database,
    home: Home,
    *,
    master: str,
    profiles: Sequence[Profile],
    on_event: EventSink,
    control: Control,
    time_limit: Seconds = 600.0,
    memory_limit_mb: int = 2048,
    full: bool = False,
) -> FileRunResult:
    """Hear tracks from end to end, as `analysis.hearing.hear_all` does, on `master`; the rest as `extract_on_spark`."""
    require_reach(database, master)

    def work(run: FileRun[Analysed], networks: tuple[Registration, ...], thorough: bool) -> None:
        settings = WorkerSettings(memory_limit_mb, None, networks)
        prepare, mark = start if thorough else start_measuring, database.features.newest_rev()
        orders = Orders(hear_file, prepare, settings, time_limit, heard_stored, store_heard, mark)
        _run_on_spark(run, orders, database, home, master, on_event, control)

    return run_hearing(database, profiles, _stored_already, work, on_event=on_event, control=control, full=full)


def _run_on_spark(
    run: FileRun[Analysed],
    orders: Orders,
    database: Database,
    home: Home,
    master: str,
    on_event: EventSink,
    control: Control,
) -> None:
    with spark_session(home, master, advice=GO_ON) as spark:
        on_event(Notice("analysing-on", {"master": master}))
        pool = SparkPool(spark, lambda jobs: Portion(database.uri, orders, jobs, FILES_PER_TASK))
        with suppress(Cancelled), cancellable(spark, control):
            run.work(pool)


def features_stored(database: Database, jobs: Sequence[Job], mark: int) -> set[TrackId]:
    """Those of the jobs whose every profile was written after revision `mark`."""
    tracks = [job.track for job in jobs]
    names = {name for job in jobs for name in job.profiles}
    written = {name: database.features.written_since(get_profile(name).key, tracks, mark) for name in names}
    return {job.track for job in jobs if all(job.track in written[name] for name in job.profiles)}


def heard_stored(database: Database, jobs: Sequence[Job], mark: int) -> set[TrackId]:
    """Those of the jobs that were stored after revision `mark`; what is heard for loudness alone costs little twice."""
    for_features = [job for job in jobs if job.profiles]
    return features_stored(database, for_features, mark) if for_features else set()


def store_heard(database: Database, outcomes: list[tuple[Job, Outcome]]) -> None:
    """Write what was heard from end to end."""
    keep_heard(database, [(job, outcome) for job, outcome in outcomes if isinstance(outcome, Analysed)])


def store_features(database: Database, outcomes: list[tuple[Job, Outcome]]) -> None:
    """Write what was analysed, one document per track and profile."""
    keep_analysed(database, [(job, outcome) for job, outcome in outcomes if isinstance(outcome, Analysed)])


def _stored_already(_: list[tuple[Job, Analysed]]) -> None:
    """Executors write features themselves."""
