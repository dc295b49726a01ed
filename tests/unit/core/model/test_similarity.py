"""The model as the player uses it: known tracks, new ones, removed ones, and damaged folders."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from indexer.core.home import Home
from indexer.core.model import ModelCorrupt, ModelMissing, SimilarityModel, current_model_folder
from indexer.core.model.folder import write_model
from indexer.core.model.scaling import SCALE_NEIGHBOURS
from indexer.core.tracks import TrackId
from tests.unit.core.model import states

K = 8
TRACKS = 60
SILENT = 17


def test_answers_are_the_nearest_by_scaled_distance_and_never_the_track_itself(home: Home) -> None:
    model, rows, ids = _stored(home)
    for row in (0, 7, 33):
        found = model.similar(ids[row], K)
        assert [neighbour.track for neighbour in found] == [ids[other] for other in _ranked(rows, row)[:K]]
        assert all(a.distance <= b.distance for a, b in itertools.pairwise(found))
        assert all(a.closeness >= b.closeness for a, b in itertools.pairwise(found))
        for neighbour in found:
            other = ids.index(neighbour.track)
            assert neighbour.euclidean == pytest.approx(np.linalg.norm(rows[row] - rows[other]), abs=1e-6)
            assert neighbour.distance == pytest.approx(
                neighbour.euclidean / np.sqrt(_scale(rows, row) * _scale(rows, other)), rel=1e-5
            )


def test_everything_can_be_asked_for(home: Home) -> None:
    model, rows, ids = _stored(home)
    found = [neighbour.track for neighbour in model.similar(ids[3], TRACKS)]
    assert found == [ids[other] for other in _ranked(rows, 3)]


def test_features_of_a_known_track_are_answered_like_the_track(home: Home) -> None:
    model, rows, ids = _stored(home)
    assert model.similar_to(_windows(rows[9]), K, exclude=[ids[9]]) == model.similar(ids[9], K)


def test_a_track_with_too_little_sound_asks_and_is_never_an_answer(home: Home) -> None:
    model, _, ids = _stored(home)
    assert len(model.similar(ids[SILENT], TRACKS)) == TRACKS - 1
    for track in ids:
        assert ids[SILENT] not in {neighbour.track for neighbour in model.similar(track, TRACKS)}


def test_two_tracks_are_compared_however_far_apart(home: Home) -> None:
    model, _, ids = _stored(home)
    for neighbour in model.similar(ids[0], TRACKS)[::7]:
        assert model.between(ids[0], neighbour.track) == neighbour


def test_a_fifth_of_change_outgrows_a_model(home: Home) -> None:
    model, rows, ids = _stored(home)
    model.insert(ids[0], _windows(rows[1]))
    for track in ids[1:12]:
        model.remove(track)
    model.insert(TrackId("e" * 32), _windows(rows[5]))
    model.remove(TrackId("e" * 32))
    assert not model.is_outgrown, "12 of 60 are not more than a fifth"
    model.insert(TrackId("f" * 32), _windows(rows[5]))
    assert model.is_outgrown


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
    assert model.similar(ids[20], 1)[0].track == ids[5]


def test_a_removed_track_never_comes_back(home: Home) -> None:
    model, _, ids = _stored(home)
    gone = model.similar(ids[0], 1)[0].track
    model.remove(gone)
    for track in (track for track in ids if track != gone):
        assert gone not in [neighbour.track for neighbour in model.similar(track, TRACKS)]
    with pytest.raises(KeyError):
        model.similar(gone, 1)


def test_a_model_that_rests_answers_as_before(home: Home) -> None:
    model, rows, ids = _stored(home)
    model.insert(TrackId("f" * 32), _windows(rows[5]))
    answers = [model.similar(track, TRACKS) for track in ids]
    model.rest()
    assert [model.similar(track, TRACKS) for track in ids] == answers
    assert model.similar_to(_windows(rows[5]), 1)[0].track in {ids[5], TrackId("f" * 32)}


def test_features_of_another_profile_are_refused(home: Home) -> None:
    model, _, _ = _stored(home)
    with pytest.raises(ValueError, match="profile"):
        model.similar_to(np.zeros((3, 5), dtype=np.float32), 3)


@pytest.mark.parametrize("shape", [(TRACKS,), (TRACKS, 2, 3), ()], ids=["one", "three", "none"])
def test_lists_of_another_number_of_dimensions_are_refused(home: Home, shape: tuple[int, ...]) -> None:
    rows = states.vectors(TRACKS)
    arrays = states.arrays(rows, [TrackId(f"{row:032x}") for row in range(TRACKS)], TRACKS)
    lists = {"neighbours": np.zeros(shape, np.int32), "distances": np.zeros(shape, np.float32)}
    write_model(home, states.manifest(arrays, "odd"), {**arrays.by_name(), **lists}, arrays.transform)
    with pytest.raises(ModelCorrupt):
        SimilarityModel.load(current_model_folder(home, "sonic"))


@pytest.mark.parametrize(
    "name", ["vectors.npy", "neighbours.npy", "transform.npz", "bucket_rows.npy", "scales.npy", "manifest.json"]
)
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


def _stored(home: Home, model_id: str = "first") -> tuple[SimilarityModel, states.Vectors, list[TrackId]]:
    """A model of made-up vectors, written to disk and loaded, with its vectors and ids."""
    rows = states.vectors(TRACKS)
    ids = [TrackId(f"{row:032x}") for row in range(TRACKS)]
    arrays = states.arrays(rows, ids, TRACKS, np.arange(TRACKS) != SILENT)
    manifest = states.manifest(arrays, model_id)
    write_model(home, manifest, arrays.by_name(), arrays.transform)
    return SimilarityModel.load(current_model_folder(home, "sonic")), rows, ids


def _ranked(rows: states.Vectors, row: int) -> list[int]:
    """All comparable others by scaled distance, from nothing but the vectors."""
    others = [other for other in range(len(rows)) if other not in {row, SILENT}]
    distances = np.linalg.norm(rows[row].astype(float) - rows[others], axis=1)
    order = np.argsort(distances / np.sqrt([_scale(rows, other) for other in others]))
    return [others[position] for position in order]


def _scale(rows: states.Vectors, row: int) -> float:
    distances = np.linalg.norm(rows.astype(float) - rows[row], axis=1)
    return float(np.sort(np.delete(distances, [row, SILENT]))[:SCALE_NEIGHBOURS].mean())


def _windows(vector: states.Vectors) -> states.Vectors:
    return np.repeat(vector[np.newaxis], 3, axis=0)


def test_many_tracks_are_looked_up_at_once_as_one_by_one(home: Home) -> None:
    model, _, ids = _stored(home)
    model.insert(TrackId("f" * 32), _windows(states.vectors(1, seed=4)[0]))
    model.remove(ids[2])
    asked = [TrackId("f" * 32), ids[40], TrackId("0" * 31 + "z"), ids[SILENT], ids[2], ids[1]]
    places, vectors = model.comparable_among(asked)
    assert places.tolist() == [0, 1, 5]
    for place, vector in zip(places.tolist(), vectors, strict=True):
        assert vector == pytest.approx(model.vector(asked[place]))
    assert not len(model.comparable_among([])[0])
