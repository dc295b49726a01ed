"""Builds the similarity model of a library with Spark and puts it in place of the one before."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pyarrow as pa
from pyspark.ml import Estimator, Pipeline, Transformer
from pyspark.ml.feature import BucketedRandomProjectionLSHModel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it

from indexer.control import Control
from indexer.evaluation.recall import RECALL_AT, exact_distances, random_pair_distances, recall_of, sample_rows
from indexer.events import EventSink, ModelSwapped, Notice, Progress, Stage, StageStarted
from indexer.features.profiles import Profile
from indexer.home import Home
from indexer.library import TrackId, TrackState
from indexer.model.folder import write_model
from indexer.model.manifest import FEWEST_TRACKS, Manifest
from indexer.model.search import SearchIndex
from indexer.model.similarity import ModelArrays
from indexer.spark.choice import LEAST_RECALL, MOST_TABLES, Choice, choose
from indexer.spark.errors import TooFewTracks
from indexer.spark.learning import TransformEstimator, TransformModel
from indexer.spark.lsh import collect, hash_family, keys_frame, lsh_estimator, table_shape
from indexer.spark.neighbours import NeighbourLists, bucket_join, complete, refine, search_all
from indexer.spark.recipe import recipe_of
from indexer.spark.session import scratch_folder, spark_session
from indexer.spark.source import features_frame
from indexer.spark.watch import Cancelled, cancellable
from indexer.store import Database

NEIGHBOURS = 100
_WANTED_LIST_RECALL = 0.95
_MOST_ROUNDS = 2

_STEPS = (
    "starting Spark",
    "learning from the features",
    "hashing",
    "choosing the tables",
    "joining the buckets",
    "refining the neighbours",
    "writing the model",
)


def build_model(
    database: Database,
    home: Home,
    profile: Profile,
    *,
    k: int = NEIGHBOURS,
    seed: int = 0,
    master: str | None = None,
    on_event: EventSink,
    control: Control,
) -> Manifest | None:
    """Build the model of every track that is present or away, and make it the current one.

    Args:
        database: holds the features.
        home: where the model goes.
        profile: which features.
        k: neighbours kept per track.
        seed: of projections and samples; the same features and seed give the same arrays.
        master: Spark's address; else SEGUE_SPARK_MASTER, else this machine.
        on_event: told of every step.
        control: cancelling it leaves the model before in place.

    Returns:
        The new model's manifest, None if cancelled.

    Raises:
        TooFewTracks: fewer than two tracks have features.
        JavaMissing, SparkFailed: Spark could not run; the model before stays in place.
        ModelUnwritable: no space or permission; likewise.
    """
    unwanted, tracks = _scope(database, profile)
    if tracks < FEWEST_TRACKS:
        analysed = "1 track is" if tracks == 1 else f"{tracks} tracks are"
        raise TooFewTracks(
            f"{analysed} analysed; similar tracks need at least {FEWEST_TRACKS}.", "Add music and build again."
        )
    job = _Job(home, profile, min(k, tracks - 1), seed, _Steps(on_event, control))
    try:
        job.steps.next()
        with (
            spark_session(home, master) as spark,
            cancellable(spark, control),
            features_frame(spark, database, home, profile, tracks) as features,
        ):
            manifest = _build(spark, _without(spark, features, unwanted), job)
    except Cancelled:
        return None
    database.models.save({**asdict(manifest), "files": sorted(manifest.files)})
    on_event(Notice(_summary(manifest)))
    on_event(ModelSwapped(model=manifest.id, tracks=manifest.tracks, recall=manifest.recall))
    return manifest


class _Steps:
    """Reports each step as it begins; between steps the job can be paused and cancelled."""

    def __init__(self, on_event: EventSink, control: Control) -> None:
        self._on_event = on_event
        self._control = control
        self._done = 0
        self.started = time.monotonic()
        on_event(StageStarted(Stage.MODEL, total=len(_STEPS)))

    def next(self) -> None:
        self._control.wait_while_paused()
        if self._control.is_cancelled:
            raise Cancelled
        name = _STEPS[self._done]
        self._on_event(Progress(Stage.MODEL, done=self._done, total=len(_STEPS), current=(name,)))
        self._done += 1

    def finish(self) -> None:
        self._on_event(Progress(Stage.MODEL, done=len(_STEPS), total=len(_STEPS)))


@dataclass(frozen=True)
class _Job:
    home: Home
    profile: Profile
    k: int
    seed: int
    steps: _Steps


def _scope(database: Database, profile: Profile) -> tuple[set[TrackId], int]:
    """Tracks with features that are not part of the library now, and the number of the others."""
    analysed = database.features.analysed(profile.key)
    unwanted = analysed - {track.id for track in database.tracks.all(states=(TrackState.PRESENT, TrackState.AWAY))}
    return unwanted, len(analysed) - len(unwanted)


def _without(spark: SparkSession, features: DataFrame, unwanted: Collection[TrackId]) -> DataFrame:
    if not unwanted:
        return features
    gone = spark.createDataFrame(pa.table({"track": sorted(unwanted)}))
    return features.join(F.broadcast(gone), "track", "left_anti")


def _build(spark: SparkSession, features: DataFrame, job: _Job) -> Manifest:
    features = features.persist()
    tracks = features.count()
    job.steps.next()
    shape = table_shape(tracks, MOST_TABLES)
    stages: list[Estimator[Any] | Transformer] = [
        TransformEstimator(job.profile, recipe_of(job.profile)),
        lsh_estimator(shape, job.seed),
    ]
    pipeline = Pipeline(stages=stages).fit(features)
    learnt, hashing = pipeline.stages
    transform = cast("TransformModel", learnt).learnt
    job.steps.next()
    family = hash_family(spark, cast("BucketedRandomProjectionLSHModel", hashing), shape, scratch_folder(job.home))
    keys = keys_frame(pipeline.transform(features), family).persist()
    hashed = collect(keys)
    job.steps.next()
    choice = choose(hashed, family, job.seed)
    job.steps.next()
    lists = complete(bucket_join(spark, keys, hashed.ids, hashed.vectors, job.k), choice.index)
    job.steps.next()
    lists, list_recall = _refined(spark, lists, choice.index, job.seed)
    job.steps.next()
    pairs = random_pair_distances(hashed.vectors, job.seed)
    arrays = ModelArrays(hashed.ids, lists.rows, lists.distances, pairs, choice.index, transform)
    manifest = write_model(job.home, _manifest(job, choice, list_recall, spark.version), arrays.by_name(), transform)
    job.steps.finish()
    return manifest


def _refined(spark: SparkSession, lists: NeighbourLists, index: SearchIndex, seed: int) -> tuple[NeighbourLists, float]:
    """The lists after as many rounds as they need to be good, else by search of the index; and their recall."""
    rows = sample_rows(len(index), seed)
    truth = exact_distances(index.vectors, rows, RECALL_AT)

    def recall(of: NeighbourLists) -> float:
        return recall_of(of.distances[rows, : truth.shape[1]], truth)

    for _ in range(_MOST_ROUNDS):
        if recall(lists) >= _WANTED_LIST_RECALL:
            break
        lists = refine(spark, lists, index.vectors)
    if recall(lists) < _WANTED_LIST_RECALL:
        lists = max(lists, search_all(spark, index, lists.rows.shape[1]), key=recall)
    return lists, recall(lists)


def _manifest(job: _Job, choice: Choice, list_recall: float, spark_version: str) -> Manifest:
    index, now = choice.index, datetime.now(UTC)
    return Manifest(
        id=f"{now:%Y%m%dT%H%M%S%f}",
        profile=job.profile.name,
        profile_key=job.profile.key,
        tracks=len(index),
        dims=index.vectors.shape[1],
        neighbours=job.k,
        tables=index.family.tables,
        hashes=index.family.hashes,
        bucket_length=index.family.bucket_length,
        probes=index.probes,
        seed=job.seed,
        recall=round(choice.quality.recall, 6),
        recall_sample=choice.quality.sample,
        list_recall=round(list_recall, 6),
        candidate_share=round(choice.quality.candidate_share, 6),
        largest_bucket=index.tables.largest_bucket,
        built_at=now.isoformat(timespec="seconds"),
        spark_version=spark_version,
        seconds=round(time.monotonic() - job.steps.started, 3),
    )


def _summary(manifest: Manifest) -> str:
    sentence = (
        f"Similarity model of {manifest.tracks:,} tracks, built in {manifest.seconds:.0f} s: recall@10 "
        f"{manifest.recall:.3f} against exact search ({manifest.recall_sample} tracks asked), comparing "
        f"{manifest.candidate_share:.1%} of the library for an answer; {manifest.tables} tables of {manifest.hashes} "
        f"hashes, {manifest.probes} probes; neighbour lists {manifest.list_recall:.3f}."
    )
    if manifest.recall < LEAST_RECALL:
        sentence += f" That is below {LEAST_RECALL}: new files may miss some of their nearest tracks."
    return sentence
