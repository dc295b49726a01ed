"""The model as the player uses it: known tracks, new ones, removed ones, and damaged folders."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from indexer.home import Home
from indexer.library import TrackId
from indexer.model import ModelCorrupt, ModelMissing, SimilarityModel, current_model_folder
from indexer.model.folder import write_model
from indexer.model.growth import MERGE_AT, Growth
from indexer.model.manifest import Manifest
from indexer.model.similarity import ModelArrays
from indexer.model.transform import Transform, UnitLength
from tests.unit.model import worlds

K = 8
TRACKS = 60


def test_answers_are_the_nearest_and_never_the_track_itself(home: Home) -> None:
    model, rows, ids = _stored(home)
    for row in (0, 7, 33):
        found = model.similar(ids[row], K)
        nearest = [ids[other] for other in worlds.by_force(rows, rows[row], K + 1) if other != row]
        assert [neighbour.track for neighbour in found] == nearest[:K]
        assert all(a.distance <= b.distance for a, b in itertools.pairwise(found))
        assert all(a.closeness >= b.closeness for a, b in itertools.pairwise(found))


def test_more_than_the_list_holds_is_searched_for(home: Home) -> None:
    model, rows, ids = _stored(home)
    found = [neighbour.track for neighbour in model.similar(ids[3], TRACKS - 1)]
    assert found == [ids[other] for other in worlds.by_force(rows, rows[3], TRACKS) if other != 3]


def test_an_inserted_track_answers_and_is_an_answer_at_once(home: Home) -> None:
    model, rows, ids = _stored(home)
    new = TrackId("f" * 32)
    model.insert(new, _windows(rows[5]))
    assert new in model
    assert model.similar(ids[5], 1)[0].track == new
    assert model.similar(new, 1)[0].track == ids[5]
    assert len(model) == TRACKS + 1


def test_inserting_again_replaces(home: Home) -> None:
    model, rows, ids = _stored(home)
    model.insert(ids[5], _windows(rows[20]))
    assert len(model) == TRACKS
    assert model.similar(ids[5], 1)[0].track == ids[20]
    assert ids[5] in [neighbour.track for neighbour in model.similar(ids[20], 2)]


def test_a_removed_track_never_comes_back(home: Home) -> None:
    model, _, ids = _stored(home)
    gone = model.similar(ids[0], 1)[0].track
    model.remove(gone)
    for track in (track for track in ids if track != gone):
        assert gone not in [neighbour.track for neighbour in model.similar(track, TRACKS)]
    with pytest.raises(KeyError):
        model.similar(gone, 1)


def test_features_of_another_profile_are_refused(home: Home) -> None:
    model, _, _ = _stored(home)
    with pytest.raises(ValueError, match="profile"):
        model.similar_to(np.zeros((3, 5), dtype=np.float32), 3)


def test_merging_a_thousand_new_tracks_changes_no_answer(home: Home) -> None:
    model, _, _ = _stored(home)
    added = worlds.vectors(MERGE_AT + 20, seed=5)
    names = [TrackId(f"{number:032x}") for number in range(2**64, 2**64 + len(added))]
    for name, vector in zip(names, added, strict=True):
        model.insert(name, _windows(vector))
    answers = [neighbour.track for neighbour in model.similar(names[0], 5)]
    everything = np.concatenate([worlds.vectors(TRACKS), added])
    nearest = worlds.by_force(everything, added[0], 6)
    assert [TRACKS + int(name, 16) - 2**64 for name in answers] == [row for row in nearest if row != TRACKS][:5]


@pytest.mark.parametrize("name", ["vectors.npy", "neighbours.npy", "transform.npz", "bucket_rows.npy", "manifest.json"])
def test_a_damaged_file_is_named(home: Home, name: str) -> None:
    _stored(home)
    folder = current_model_folder(home, "sonic")
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (folder / name).write_bytes(data)
    with pytest.raises(ModelCorrupt) as failure:
        SimilarityModel.load(folder)
    assert str(folder) in failure.value.message
    assert "Rebuild" in failure.value.advice


def test_without_a_model_it_says_so(home: Home) -> None:
    with pytest.raises(ModelMissing):
        current_model_folder(home, "sonic")


def test_a_failed_write_leaves_the_model_before(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _stored(home)
    before = current_model_folder(home, "sonic")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(Exception, match="No space left"):
        _stored(home, model_id="second")
    assert current_model_folder(home, "sonic") == before
    assert sorted(path.name for path in before.parent.iterdir()) == sorted([before.name, "current.json"])


class GrowthMachine(RuleBasedStateMachine):
    """A growing and shrinking index against a plain dictionary."""

    @initialize()
    def begin(self) -> None:
        self.rows = worlds.vectors(20)
        self.known = {TrackId(f"{row:032x}"): vector for row, vector in enumerate(self.rows)}
        self.growth = Growth(worlds.index(self.rows), np.array(sorted(self.known), dtype=np.bytes_))

    @rule(name=st.integers(0, 40), seed=st.integers(0, 10_000))
    def insert(self, name: int, seed: int) -> None:
        track, vector = TrackId(f"{name:032x}"), worlds.vectors(1, seed=seed)[0]
        self.growth.insert(track, vector)
        self.known[track] = vector

    @rule(name=st.integers(0, 40))
    def remove(self, name: int) -> None:
        track = TrackId(f"{name:032x}")
        self.growth.remove(track)
        self.known.pop(track, None)

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "growth"):
            return
        assert sorted(self.growth.tracks()) == sorted(self.known)
        assert len(self.growth) == len(self.known)
        found, distances = self.growth.search(worlds.vectors(1, seed=3)[0], len(self.known))
        assert sorted(self.growth.track_at(int(row)) for row in found) == sorted(self.known)
        assert np.all(np.diff(distances) >= 0)


GrowthMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
TestGrowth = GrowthMachine.TestCase


def _stored(home: Home, model_id: str = "first") -> tuple[SimilarityModel, worlds.Vectors, list[TrackId]]:
    """A model of made-up vectors, written to disk and loaded, with its vectors and ids."""
    rows = worlds.vectors(TRACKS)
    ids = [TrackId(f"{row:032x}") for row in range(TRACKS)]
    index = worlds.index(rows)
    neighbours = np.array([[o for o in worlds.by_force(rows, row, K + 1) if o != i][:K] for i, row in enumerate(rows)])
    distances = np.linalg.norm(rows[neighbours] - rows[:, np.newaxis], axis=2)
    pairs = np.sort(np.linalg.norm(rows[:30] - rows[30:], axis=1))
    arrays = ModelArrays(
        ids=np.array(ids, dtype=np.bytes_),
        neighbours=neighbours.astype(np.int32),
        distances=distances.astype(np.float32),
        pairs=pairs.astype(np.float32),
        index=index,
        transform=Transform((UnitLength(),)),
    )
    manifest = Manifest(
        id=model_id, profile="sonic", profile_key="sonic:1", tracks=TRACKS, dims=rows.shape[1], neighbours=K,
        tables=index.family.tables, hashes=index.family.hashes, bucket_length=1.0, probes=index.probes, seed=0,
        recall=1.0, recall_sample=TRACKS, list_recall=1.0, candidate_share=0.5,
        largest_bucket=index.tables.largest_bucket, built_at="2026-01-01T00:00:00+00:00", spark_version="", seconds=1.0,
    )  # fmt: skip
    write_model(home, manifest, arrays.by_name(), arrays.transform)
    return SimilarityModel.load(current_model_folder(home, "sonic")), rows, ids


def _windows(vector: worlds.Vectors) -> worlds.Vectors:
    return np.repeat(vector[np.newaxis], 3, axis=0)
