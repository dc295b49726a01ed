"""Models built by a real Spark from features in a real database."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pyspark.ml import Pipeline
from pyspark.sql import SparkSession

from indexer.analysis.control import Control
from indexer.core.events import Event, ModelSwapped, Notice, Progress, Stage
from indexer.core.home import Home
from indexer.core.model import SimilarityModel, current_model_folder
from indexer.core.model.arrays import open_arrays
from indexer.core.model.folder import open_array
from indexer.core.model.index.exact import exact_lists
from indexer.core.model.index.hashing import HashFamily
from indexer.core.model.index.recall import RECALL_AT, measure
from indexer.core.model.index.search import PROBES, BuiltIndex, SearchIndex
from indexer.core.model.profiles import CLASSIC, SONIC, Profile
from indexer.core.model.scaling import SCALE_NEIGHBOURS, local_scales, rescaled_lists
from indexer.core.model.smoothing import SMOOTHED_BY, smoothed
from indexer.core.model.space.recipe import recipe_of
from indexer.core.store import Database
from indexer.core.tracks import Track, TrackId
from indexer.spark.build import build_model
from indexer.spark.choice import Setting, Tuned, store_tuned
from indexer.spark.errors import SparkFailed, TooFewTracks
from indexer.spark.learning import TransformEstimator
from indexer.spark.lsh import hash_family, hashes_frame, lsh_estimator
from indexer.spark.neighbours import search_all
from indexer.spark.session import scratch_folder, spark_session
from indexer.spark.source import features_frame
from tests.integration.spark_library import (
    STYLES,
    TRACKS,
    TWO_CORES,
    Built,
    Library,
    Reference,
    build,
    ids_of,
    lists_of,
    records_of,
    unheard,
)

pytestmark = [pytest.mark.spark, pytest.mark.database, pytest.mark.usefixtures("spark")]


@pytest.fixture(scope="module")
def models(spark: SparkSession, request: pytest.FixtureRequest) -> Reference:
    """Those of `reference`, built in this JVM unless they are there already."""
    made: Reference = request.getfixturevalue("reference")
    return made


@pytest.fixture(scope="module")
def library(models: Reference) -> Library:
    return models.library


@pytest.fixture(scope="module")
def built(models: Reference) -> Built:
    return models.exact


def test_the_build_reports_its_steps_and_a_good_recall(built: Built) -> None:
    manifest, heard = built.manifest, built.events
    steps = [event for event in heard if isinstance(event, Progress) and event.stage is Stage.MODEL]
    assert [step.done for step in steps] == list(range(steps[-1].done + 1))
    assert steps[-1].done == steps[-1].total
    swapped = [event for event in heard if isinstance(event, ModelSwapped)]
    assert [(event.model, event.tracks) for event in swapped] == [(manifest.id, TRACKS)]
    assert manifest.recall >= 0.90
    assert manifest.list_recall >= 0.90
    assert manifest.candidate_share == manifest.recall == 1.0, "so small a library is compared with all"


def test_the_tables_of_a_small_library_would_answer_well_too(built: Built) -> None:
    _, arrays = open_arrays(built.folder)
    truth = exact_lists(arrays.index.vectors, RECALL_AT).distances
    quality = measure(SearchIndex(arrays.index, exact_below=0), np.arange(TRACKS), truth, RECALL_AT)
    assert quality.recall >= 0.90
    assert 0 < quality.candidate_share < 1


def test_lists_hold_the_nearest_by_exact_distance(built: Built) -> None:
    folder = built.folder
    vectors = open_array(folder, "vectors").astype(np.float64)
    rows, distances = open_array(folder, "neighbours"), open_array(folder, "distances")
    expected = np.linalg.norm(vectors[rows] - vectors[:, np.newaxis], axis=2)
    np.testing.assert_allclose(distances, expected, atol=1e-6)
    assert np.all(np.diff(distances, axis=1) >= 0)
    assert not np.any(rows == np.arange(TRACKS)[:, np.newaxis])


def test_styles_are_found(library: Library, built: Built) -> None:
    model = SimilarityModel.load(built.folder)
    places = {track: place for place, track in enumerate(library.ids)}
    same = [
        places[neighbour.track] % STYLES == place % STYLES
        for place, track in enumerate(library.ids)
        for neighbour in model.similar(track, 5)
    ]
    assert np.mean(same) > 0.95


def test_vectors_are_those_of_the_transform_drawn_to_their_nearest(library: Library, built: Built) -> None:
    model = SimilarityModel.load(built.folder)
    features = library.database.features.get(SONIC.key, library.ids)
    ids = sorted(features)
    plain = np.stack([model.transform.vector(features[track]) for track in ids])
    lists = exact_lists(plain, SCALE_NEIGHBOURS)
    nearest = rescaled_lists(lists.rows, lists.distances, local_scales(lists.distances), SMOOTHED_BY)
    assert built.manifest.smoothed
    stored = np.stack([model.vector(track) for track in ids])
    np.testing.assert_allclose(stored, smoothed(plain, nearest), atol=1e-5)
    assert np.abs(stored - plain).max() > 0.01


def test_styles_lie_together_in_the_picture(library: Library, built: Built) -> None:
    folder = built.folder
    places, ids = open_array(folder, "layout"), open_array(folder, "ids").astype(str).tolist()
    style = {track: place % STYLES for place, track in enumerate(library.ids)}
    styles = np.array([style[track] for track in ids])
    near = exact_lists(np.array(places), 5).rows
    assert places.shape == (TRACKS, 2)
    assert (styles[near] == styles[:, np.newaxis]).mean() > 0.9
    assert built.manifest.seconds_by_step["drawing the map"] >= 0
    assert "layout.npy" in built.manifest.files


def test_features_of_a_track_find_it(library: Library, built: Built) -> None:
    model = SimilarityModel.load(built.folder)
    features = library.database.features.get(SONIC.key, library.ids)
    # Drawn to its nearest, itself among them, it may come to lie nearer to one of those.
    places = [[one.track for one in model.similar_to(values, 5)].index(track) for track, values in features.items()]
    assert np.mean(np.array(places) == 0) > 0.8


def test_searching_for_every_track_gives_what_the_index_answers(library: Library, built: Built) -> None:
    vectors = open_array(built.folder, "vectors")
    projections = np.random.default_rng(5).normal(size=(6 * 4, vectors.shape[1]))
    index = BuiltIndex.build(vectors, HashFamily(projections, 6, 1.0), probes=2)
    with spark_session(library.home, TWO_CORES) as spark:
        lists = search_all(spark, index, 12)
    for row in range(0, TRACKS, 7):
        rows, distances = SearchIndex(index).nearest(vectors[row], 12, np.arange(TRACKS) != row)
        np.testing.assert_array_equal(lists.rows[row], rows)
        np.testing.assert_array_equal(lists.distances[row], distances)


@pytest.mark.parametrize("profile", [SONIC, CLASSIC], ids=lambda profile: profile.name)
def test_hashes_equal_those_of_spark_for_every_track(library: Library, profile: Profile) -> None:
    setting = Setting(hashes=5, tables=8, bucket_length=1.0)
    with (
        spark_session(library.home, TWO_CORES) as spark,
        features_frame(spark, library.database, library.home, profile, TRACKS) as features,
    ):
        stages = [TransformEstimator(profile, recipe_of(profile)), lsh_estimator(setting, seed=3)]
        pipeline = Pipeline(stages=stages).fit(features)
        family = hash_family(spark, pipeline.stages[1], setting, scratch_folder(library.home))
        table = hashes_frame(pipeline.transform(features)).toArrow()
    vectors = np.array(table["vector"].to_pylist(), dtype=np.float32)
    hashes = np.array(table["hashes"].to_pylist(), dtype=np.float64)
    assert hashes.shape == (TRACKS, setting.tables * setting.hashes)
    np.testing.assert_array_equal(family.buckets(vectors), hashes)
    assert len(np.unique(hashes)) > 1, "hashes that are all equal prove nothing"


def test_a_small_library_is_joined_exactly_and_the_build_says_so(built: Built) -> None:
    manifest, heard = built.manifest, built.events
    assert manifest.join == "exact"
    assert manifest.list_recall == 1.0
    assert manifest.join_reason in [event.told for event in heard if isinstance(event, Notice)]
    assert manifest.seconds_by_step["joining"] > 0
    assert set(manifest.hubness) == {"skewness", "biggest", "never", "raw_skewness"}
    assert manifest.comparable == TRACKS


def test_the_lsh_join_is_taken_when_asked_for(models: Reference) -> None:
    manifest = models.lsh.manifest
    assert manifest.join == "lsh"
    assert manifest.list_recall >= 0.95
    exact, lsh = (open_array(built.folder, "vectors") for built in (models.exact, models.lsh))
    alike = np.abs(lsh - exact).max(axis=1) < 1e-5
    assert alike.mean() > 0.8, "nearly all are drawn to the same tracks"


def test_what_was_tuned_is_used(library: Library) -> None:
    chosen = Tuned(Setting(1, 3, 0.5), CLASSIC.key, TRACKS, 0.97)
    store_tuned(library.home, CLASSIC, {"chosen": chosen.as_record()})
    heard: list[Event] = []
    manifest = build(library, heard.append, profile=CLASSIC)
    assert (manifest.hashes, manifest.tables, manifest.bucket_length, manifest.probes) == (1, 3, 0.5, PROBES)
    assert any("tune" in event.message for event in heard if isinstance(event, Notice))


def test_degenerate_tracks_change_no_one_else(home: Home, database: Database) -> None:
    ids = ids_of(60)
    kept, silent = ids[:50], ids[50:]
    library = Library(home, database, ids)
    database.tracks.upsert(Track(id=track, path=f"/{track}.mp3", root="/") for track in ids)
    records = records_of(SONIC, ids)
    database.features.upsert(records[:50])
    before = lists_of(library, build(library, lambda _: None))
    database.features.upsert(replace(record, values=unheard(record.values)) for record in records[50:])
    manifest = build(library, lambda _: None)
    after = lists_of(library, manifest)
    assert (manifest.tracks, manifest.comparable) == (60, 50)
    assert {track: after[track] for track in kept} == before
    assert all(len(after[track]) == 49 and not set(silent) & set(dict(after[track])) for track in silent)


def test_a_library_that_is_large_is_learnt_from_in_part_and_built_whole(
    library: Library, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, lists = open_array(built.folder, "ids"), open_array(built.folder, "neighbours")
    monkeypatch.setattr("indexer.spark.origin.LEARN_FROM", 80)
    monkeypatch.setattr("indexer.spark.source.TRACKS_PER_PARTITION", 20)
    manifest = build(library, lambda _: None)
    folder = current_model_folder(library.home, "sonic")
    assert manifest.tracks == manifest.comparable == TRACKS
    np.testing.assert_array_equal(open_array(folder, "ids"), ids)
    assert manifest.files["transform.npz"] != built.manifest.files["transform.npz"]
    kept = [
        len(set(one[:20]) & set(other[:20])) for one, other in zip(lists, open_array(folder, "neighbours"), strict=True)
    ]
    assert np.mean(kept) > 12, "a transform learnt from half of them finds most of the same"


def test_hashes_that_are_not_spark_s_end_the_build(
    library: Library, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_model_folder(library.home, "sonic")
    monkeypatch.setattr(HashFamily, "buckets", lambda self, vectors: np.zeros((len(vectors), len(self.projections))))
    with pytest.raises(SparkFailed, match="hashes otherwise"):
        build(library, lambda _: None)
    assert current_model_folder(library.home, "sonic") == before


def test_the_same_features_and_seed_give_the_same_files(library: Library, built: Built) -> None:
    again = build(library, lambda _: None)
    assert again.id != built.manifest.id
    assert again.files == built.manifest.files


def test_another_seed_gives_other_projections(library: Library, built: Built) -> None:
    other = build(library, lambda _: None, seed=1)
    assert other.files["projections.npy"] != built.manifest.files["projections.npy"]


def test_a_cancelled_build_leaves_the_model_before(library: Library, built: Built) -> None:
    before = current_model_folder(library.home, "sonic")
    control = Control()

    def cancel_at_the_third(event: Event) -> None:
        if isinstance(event, Progress) and event.done == 2:
            control.cancel()

    outcome = build_model(
        library.database, library.home, SONIC, master=TWO_CORES, on_event=cancel_at_the_third, control=control
    )
    assert outcome is None
    assert current_model_folder(library.home, "sonic") == before


def test_one_track_is_too_few(home: Home, database: Database) -> None:
    database.tracks.upsert([Track(id=TrackId("1" * 32), path="/1.mp3", root="/")])
    database.features.upsert(records_of(SONIC, [TrackId("1" * 32)]))
    with pytest.raises(TooFewTracks, match="1 track is analysed"):
        build_model(database, home, SONIC, on_event=lambda _: None, control=Control())


@pytest.mark.parametrize("make", ["two", "equal"])
def test_degenerate_libraries_are_built(home: Home, database: Database, make: str) -> None:
    count = 2 if make == "two" else 40
    ids = [TrackId(f"{number:032x}") for number in range(count)]
    database.tracks.upsert(Track(id=track, path=f"/{track}.mp3", root="/") for track in ids)
    records = records_of(SONIC, ids)
    if make == "equal":
        records = [replace(record, values=records[0].values) for record in records]
    database.features.upsert(records)
    manifest = build_model(database, home, SONIC, master=TWO_CORES, on_event=lambda _: None, control=Control())
    assert manifest is not None
    model = SimilarityModel.load(current_model_folder(home, "sonic"))
    for track in ids:
        found = [neighbour.track for neighbour in model.similar(track, 5)]
        assert track not in found
        assert len(found) == min(5, count - 1)
