"""Analyses every track that needs it, in worker processes, saving as it goes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from indexer.analysis.control import Control
from indexer.analysis.file_run import FileRun, FileRunResult, patience_of
from indexer.analysis.pool import AnalysisPool, Job, usable_cores
from indexer.analysis.told import tone_of
from indexer.analysis.worker import Analysed, WorkerSettings
from indexer.analysis.workload import jobs_for
from indexer.core.audio.samples import FloatArray
from indexer.core.events import EventSink, Stage, StageStarted
from indexer.core.model.embedding.registry import Registration, networks_of
from indexer.core.model.profiles import SONIC, Profile, get_profile
from indexer.core.politeness import ONE_THREAD, environment
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import Seconds

_SPEECH_LEAST = {"energy_delta_sd": 4.28, "mfcc_delta_sd_06": 10.8}
"""Speech was at 4.41 and 11.6 and above, music at 4.16 and 10.1 and below."""

_SPEECH_MOST = {"peakiness_mean_05": 0.0545}
"""Speech was at 0.053 and below, music at 0.056 and above."""


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
) -> FileRunResult:
    """Compute `profiles` for every present track that lacks one and store them.

    Files longer than `indexer.core.tracks.WHOLE_UP_TO` are judged by parts of them, so that there are answers soon;
    `indexer.analysis.hearing` hears the rest. What is known of all of a track is not replaced by what parts tell.

    Files that fail become problems and stop nothing else. A database that does not answer is waited for, up to ten
    minutes. Ends early, keeping what was done, when `control` is cancelled; files in flight are then dropped and
    analysed the next time.

    Args:
        database: where tracks come from and features and problems go.
        profiles: what to compute.
        on_event: told of the stage, of progress twice a second, of every problem and of pauses.
        control: looked at between files.
        workers: processes; one per core by default.
        time_limit: seconds one file may take.
        memory_limit_mb: memory one file may take, where the system can hold a process to it.
        full: analyse everything again, failed files included.
        folders: of the library; `full` is about these alone where there are any.
        cache: folder where filter banks are kept, which spares each process seconds.

    Raises:
        ExtractionFailed: worker processes cannot be kept alive.
        EmbeddingError: the network of a profile is missing or changed, or onnxruntime is not installed.
        SegueError: the database failed.
    """

    def work(run: FileRun[Analysed], networks: tuple[Registration, ...]) -> None:
        count = min(workers or usable_cores(), run.total)
        settings = WorkerSettings(memory_limit_mb, None if cache is None else str(cache), networks)
        with environment(ONE_THREAD):
            run.work(AnalysisPool(count, settings, time_limit, on_event=on_event))

    keep = partial(keep_analysed, database)
    return run_extraction(
        database, profiles, keep, work, on_event=on_event, control=control, full=full, folders=folders
    )


def run_extraction(
    database: Database,
    profiles: Sequence[Profile],
    keep: Callable[[list[tuple[Job, Analysed]]], None],
    work: Callable[[FileRun[Analysed], tuple[Registration, ...]], None],
    *,
    on_event: EventSink,
    control: Control,
    full: bool,
    folders: Collection[str],
) -> FileRunResult:
    """What extraction is on one machine and on a cluster: find what lacks features, and have `work` run through it.

    `work` is given the networks of the profiles that have one, each of which can be used; it is not called where there
    is nothing to do. The other arguments, and what is raised, are those of `extract`.
    """
    patiently = patience_of(on_event, control)
    jobs = patiently(lambda: jobs_for(database, profiles, full=full, folders=folders))
    on_event(StageStarted(Stage.EXTRACT, len(jobs)))
    run = FileRun(Stage.EXTRACT, database, jobs, keep, on_event=on_event, control=control)
    if jobs and not control.is_cancelled:
        work(run, networks_ready(profiles))
    return run.result


def networks_ready(profiles: Sequence[Profile]) -> tuple[Registration, ...]:
    """The networks of the profiles that have one, each of which can be used.

    Raises:
        EmbeddingError: a model is missing or changed, or onnxruntime is not installed.
    """
    networks = networks_of(profiles)
    if networks:
        from indexer.features.embedding.network import ensure_ready  # noqa: PLC0415 - few have a network

        for network in networks:
            ensure_ready(network)
    return networks


def keep_analysed(database: Database, done: Sequence[tuple[Job, Analysed]]) -> None:
    """Store what came of some files: the features, and the length where it was measured, which goes first.

    A run that is killed between the two analyses the file again.
    """
    database.tracks.measure({job.track: outcome.length for job, outcome in done if outcome.length is not None})
    database.features.upsert([record for job, outcome in done for record in _records_of(job, outcome)])
    database.tracks.note_speech(job.track for job, outcome in done if _is_speech(outcome))
    tones = ((job.track, outcome.features.get(SONIC.name)) for job, outcome in done)
    database.tracks.note_heard({track: tone_of(values) for track, values in tones if values is not None})


def sounds_like_speech(values: FloatArray) -> bool:
    """Whether a track is likely to be speech by its features of the `sonic` profile, shape (windows, dims).

    Told by how sound moves: syllables that come and go, and no tone that stays. No proof by itself. Measured with 60
    passages of 30 s by a speech synthesiser (espeak-ng, ten languages, nine voices) against 265 clips of music, each
    limit parts the two without a mistake, but neither people's voices nor rap without music were among them. So it is
    used together with another sign, the length; see `indexer.core.discover.songs`.
    """
    mean = dict(zip(SONIC.columns, values.mean(axis=0).tolist(), strict=True))
    moves = all(mean[name] >= limit for name, limit in _SPEECH_LEAST.items())
    return moves and all(mean[name] <= limit for name, limit in _SPEECH_MOST.items())


def _records_of(job: Job, outcome: Analysed) -> list[FeatureRecord]:
    """What is stored of one file: a record for each profile that was computed."""
    return [
        FeatureRecord(job.track, name, get_profile(name).version, outcome.features[name], whole=outcome.whole)
        for name in outcome.features
    ]


def _is_speech(outcome: Analysed) -> bool:
    values = outcome.features.get(SONIC.name)
    return values is not None and values.shape[1] == SONIC.dims and sounds_like_speech(values)
