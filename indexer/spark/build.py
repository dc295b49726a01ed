"""Builds the similarity model of a library with Spark and puts it in place of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as everyone calls it
from pyspark.storagelevel import StorageLevel

from indexer.analysis.control import Control
from indexer.core.events import EventSink, ModelSwapped, Notice
from indexer.core.home import Home
from indexer.core.model.arrays import ModelArrays
from indexer.core.model.folder import write_model
from indexer.core.model.index.exact import NeighbourLists, exact_lists
from indexer.core.model.index.recall import RECALL_AT, Quality, measure, sample_rows
from indexer.core.model.index.search import PROBES, BuiltIndex, SearchIndex
from indexer.core.model.index.tables import Tables
from indexer.core.model.manifest import FEATURES_REV, FEWEST_TRACKS, Manifest
from indexer.core.model.profiles import Profile
from indexer.core.model.scaling import SCALE_NEIGHBOURS
from indexer.core.model.space.recipe import recipe_of
from indexer.core.store import Database
from indexer.spark.assembly import AssembledLibrary, arrays_of, hubs_of, smoothed_library, vectors_frame_of, with_layout
from indexer.spark.choice import LEAST_RECALL, Join, Setting, choose, decide, read_tuned
from indexer.spark.errors import TooFewTracks
from indexer.spark.learning import TransformEstimator
from indexer.spark.lsh import check_hashes, collect, hash_family, keys_frame, lsh_estimator, vectors_frame
from indexer.spark.neighbours import Neighbours, find_neighbours
from indexer.spark.origin import Features, Origin, stored
from indexer.spark.session import scratch_folder, spark_session
from indexer.spark.steps import Steps
from indexer.spark.watch import Cancelled, cancellable

NEIGHBOURS = 200
"""Kept per track, to be re-ordered by scaled distance: see `indexer.core.model.scaling.POOL`."""


def build_model(
    database: Database,
    home: Home,
    profile: Profile,
    *,
    seed: int = 0,
    join: Join = Join.AUTO,
    master: str | None = None,
    on_event: EventSink,
    control: Control,
) -> Manifest | None:
    """Build the model of every track that is present or away, and make it the current one.

    Args:
        database: holds the features.
        home: where the model goes.
        profile: which features.
        seed: of projections and samples; the same features and seed give the same arrays.
        join: how neighbour lists are found.
        master: Spark's address; else SEGUE_SPARK_MASTER, else this machine.
        on_event: told of every step.
        control: cancelling it leaves the model before in place.

    Returns:
        The new model's manifest, None if cancelled.

    Raises:
        TooFewTracks: fewer than two tracks have features, or enough sound to be compared.
        JavaMissing, SparkFailed: Spark could not run; the model before stays in place.
        ModelUnwritable: no space or permission; likewise.
    """
    known = {FEATURES_REV: database.features.rev()}
    origin, _ = stored(database, home, profile)
    manifest = build_from(
        origin, home, profile,
        seed=seed, join=join, master=master, on_event=on_event, control=control, facts=known,
    )  # fmt: skip
    if manifest is not None:
        database.models.save({**asdict(manifest), "files": sorted(manifest.files)})
        on_event(_summary(manifest))
        if manifest.recall < LEAST_RECALL:
            on_event(Notice("model-built-poor", {"least": LEAST_RECALL}))
        on_event(ModelSwapped(model=manifest.id, tracks=manifest.tracks, recall=manifest.recall))
    return manifest


def build_from(
    origin: Origin,
    home: Home,
    profile: Profile,
    *,
    seed: int = 0,
    join: Join = Join.AUTO,
    master: str | None = None,
    on_event: EventSink,
    control: Control,
    facts: Mapping[str, Any] | None = None,
) -> Manifest | None:
    """Build a model of features from anywhere, and make it the current one; arguments and errors as `build_model`.

    `facts` about the features join `Manifest.extra`.
    """
    job = _Job(home, profile, seed, join, Steps(on_event, control), facts or {})
    try:
        with ExitStack() as stack:
            with job.steps.step("starting Spark"):
                spark = stack.enter_context(spark_session(home, master))
            stack.enter_context(cancellable(spark, control))
            return _build(spark, stack.enter_context(origin(spark)), job)
    except Cancelled:
        return None


@dataclass(frozen=True)
class _Job:
    home: Home
    profile: Profile
    seed: int
    join: Join
    steps: Steps
    facts: Mapping[str, Any]


def _build(spark: SparkSession, features: Features, job: _Job) -> Manifest:
    steps = job.steps
    with steps.step("reading the features"):
        # On disk: the features of a large library are larger than the heap that a desktop should give away.
        sample = features.sample.persist(StorageLevel.DISK_ONLY)
        _check_enough_sound(sample)
    with steps.step("learning from the features"):
        recipe = recipe_of(job.profile)
        learnt = TransformEstimator(job.profile, recipe).fit(sample.where("audible"))
    with steps.step("making vectors"):
        vectors = learnt.transform(sample if features.whole else features.every).persist()
        library = _library(vectors)
        sample.unpersist()
    join, reason = decide(job.join, int(library.comparable.sum()))
    steps.say(reason)
    if recipe.smooth:
        with steps.step("smoothing"):
            library = smoothed_library(library, _first_lists(spark, vectors, library, join, job))
            vectors.unpersist()
            vectors = vectors_frame_of(spark, library).persist()
    comparable = library.vectors[library.comparable]
    with steps.step("choosing the tables"):
        setting = _setting(comparable, job)
    with steps.step("hashing"):
        index = _index(spark, vectors, library, setting, job)
        vectors.unpersist()
        quality = _measured(index, job.seed)
    with steps.step("joining"):
        found = find_neighbours(spark, index, min(NEIGHBOURS, len(index) - 1), join, job.seed)
    with steps.step("measuring hubs"):
        arrays = arrays_of(library, found.lists, index, learnt.learnt, job.seed)
        facts = _Facts(quality, found, join, reason, hubs_of(arrays), spark.version)
    with steps.step("drawing the map"):
        arrays = with_layout(arrays, steps.wait_or_stop)
    with steps.step("writing the model"):
        manifest = write_model(job.home, _manifest(job, arrays, facts), arrays.by_name(), arrays.transform)
    steps.finish()
    return manifest


def _check_enough_sound(features: DataFrame) -> None:
    """Read these features.

    Raises:
        TooFewTracks: fewer than two of the tracks hold enough sound to be compared.
    """
    tracks, audible = features.count(), features.where("audible").count()
    if audible < FEWEST_TRACKS:
        raise TooFewTracks("few-audible", tracks=tracks, number=audible, fewest=FEWEST_TRACKS)


def _library(vectors: DataFrame) -> AssembledLibrary:
    collected = collect(vectors_frame(vectors), "vector")
    silent: list[str] = vectors.where(~F.col("audible")).select("track").toArrow()["track"].to_pylist()
    comparable = ~np.isin(collected.ids, np.array(sorted(silent), dtype=np.bytes_))
    return AssembledLibrary(collected.ids, collected.values.astype(np.float32, copy=False), comparable)


def _first_lists(
    spark: SparkSession, vectors: DataFrame, library: AssembledLibrary, join: Join, job: _Job
) -> NeighbourLists:
    """Short lists of the comparable tracks, by the join that makes the final ones."""
    comparable = library.vectors[library.comparable]
    if join is Join.EXACT:
        index = BuiltIndex.without_tables(comparable)
    else:
        index = _index(spark, vectors, library, _setting(comparable, job), job)
    return find_neighbours(spark, index, min(SCALE_NEIGHBOURS, len(index) - 1), join, job.seed).lists


def _setting(vectors: NDArray[np.float32], job: _Job) -> Setting:
    """What `indexer tune` stored for the profile, else what a sample of this library says."""
    tuned = read_tuned(job.home, job.profile)
    if tuned is not None and tuned.serves(len(vectors)):
        job.steps.say(Notice("tables-tuned"))
        return tuned.setting
    return choose(vectors, job.seed)


def _index(
    spark: SparkSession, vectors: DataFrame, library: AssembledLibrary, setting: Setting, job: _Job
) -> BuiltIndex:
    """The comparable tracks in hash tables by the hashes of Spark's model."""
    model = lsh_estimator(setting, job.seed).fit(vectors)
    family = hash_family(spark, model, setting, scratch_folder(job.home))
    check_hashes(model, vectors, family)
    keys = collect(keys_frame(vectors, family), "keys").values.astype(np.int64, copy=False)
    tables = Tables.build(keys[library.comparable])
    return BuiltIndex(library.vectors[library.comparable], family, tables, PROBES)


def _measured(index: BuiltIndex, seed: int) -> Quality:
    """How well the player will be answered, asking for other tracks than those on which the setting was chosen."""
    rows = sample_rows(len(index), seed + 2)
    return measure(SearchIndex(index), rows, exact_lists(index.vectors, RECALL_AT, rows).distances)


@dataclass(frozen=True)
class _Facts:
    """What a build found out besides the arrays."""

    quality: Quality
    found: Neighbours
    join: Join
    reason: Notice
    hubs: dict[str, float]
    spark_version: str


def _manifest(job: _Job, arrays: ModelArrays, facts: _Facts) -> Manifest:
    index, now = arrays.index, datetime.now(UTC)
    return Manifest(
        id=f"{now:%Y%m%dT%H%M%S%f}",
        profile=job.profile.name,
        profile_key=job.profile.key,
        tracks=len(arrays.ids),
        dims=index.vectors.shape[1],
        neighbours=arrays.neighbours.shape[1],
        tables=index.family.tables,
        hashes=index.family.hashes,
        bucket_length=index.family.bucket_length,
        probes=index.probes,
        seed=job.seed,
        recall=round(facts.quality.recall, 6),
        recall_sample=facts.quality.sample,
        list_recall=round(facts.found.recall, 6),
        candidate_share=round(facts.quality.candidate_share, 6),
        largest_bucket=index.tables.largest_bucket,
        built_at=now.isoformat(timespec="seconds"),
        spark_version=facts.spark_version,
        seconds=job.steps.seconds_so_far,
        join=facts.join.value,
        join_reason=facts.reason.told,
        seconds_by_step=job.steps.seconds,
        hubness=facts.hubs,
        comparable=int(arrays.comparable.sum()),
        smoothed=recipe_of(job.profile).smooth,
        extra={"whole_list_recall": round(facts.found.whole_recall, 6), **job.facts},
    )


def _summary(manifest: Manifest) -> Notice:
    values = {
        "number": manifest.tracks,
        "seconds": manifest.seconds,
        "recall": manifest.recall,
        "sample": manifest.recall_sample,
        "share": manifest.candidate_share,
        "tables": manifest.tables,
        "hashes": manifest.hashes,
        "probes": manifest.probes,
        "list_recall": manifest.list_recall,
        "join": manifest.join,
        "skewness": manifest.hubness["skewness"],
    }
    return Notice("model-built", values)
