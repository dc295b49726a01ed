"""What extraction is made of wherever it runs: which function hears a file, and what is stored of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.analysis.pool import Analyser, Job
from indexer.analysis.worker import Analysed, analyse_file, analyse_whole_file
from indexer.core.model.embedding.registry import Registration
from indexer.core.model.profiles import SONIC, get_profile
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import Seconds
from indexer.features.speech import sounds_like_speech

_WHOLE_TIMES = 10


def analyser_of(database: Database) -> Analyser:
    """The function that hears a file as the library's choice asks for: long ones from end to end, or parts of them."""
    return analyse_whole_file if database.choices.whole_files else analyse_file


def limit_of(analyse: Analyser, time_limit: Seconds) -> Seconds:
    """Seconds that a file may take: an hour heard from end to end takes ten seconds of a core, if it has one."""
    return _WHOLE_TIMES * time_limit if analyse is analyse_whole_file else time_limit


def records_of(job: Job, outcome: Analysed) -> list[FeatureRecord]:
    """What is stored of one file: a record for each profile that was computed."""
    return [
        FeatureRecord(job.track, name, get_profile(name).version, outcome.features[name], whole=outcome.whole)
        for name in job.profiles
    ]


def keep_analysed(database: Database, heard: Iterable[tuple[Job, Analysed]]) -> None:
    """Store what came of some files: the features, and the length where it was measured, which goes first.

    A run that is killed between the two hears the file again.
    """
    done = list(heard)
    database.tracks.measure({job.track: outcome.length for job, outcome in done if outcome.length is not None})
    database.features.upsert([record for job, outcome in done for record in records_of(job, outcome)])
    database.tracks.note_speech(job.track for job, outcome in done if _is_speech(outcome))


def _is_speech(outcome: Analysed) -> bool:
    values = outcome.features.get(SONIC.name)
    return values is not None and values.shape[1] == SONIC.dims and sounds_like_speech(values)


def ensure_ready(networks: Sequence[Registration]) -> None:
    """Return if every network can be used.

    Raises:
        EmbeddingError: a model is missing or changed, or onnxruntime is not installed.
    """
    if networks:
        from indexer.features.embedding.network import ensure_ready as look  # noqa: PLC0415 - few have a network

        for network in networks:
            look(network)
