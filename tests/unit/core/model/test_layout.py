"""The picture of a library: neighbours stay together, and the same tracks always lie in the same places."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.core.model import SimilarityModel
from indexer.core.model.index.exact import exact_lists
from indexer.core.model.picture.layout import framed, layout_of, place_among, principal_places
from indexer.core.model.picture.repulsion import Repulsion
from indexer.core.model.similarity import Described
from indexer.core.tracks import TrackId
from tests.unit.core.model import states

CLUSTERS = 9


def blobs(count: int = 360) -> tuple[NDArray[np.float32], NDArray[np.intp], NDArray[np.int32]]:
    """Vectors in more groups than two directions can hold, the group of each, and neighbour lists."""
    vectors = states.vectors(count, dims=16, clusters=CLUSTERS)
    lists = exact_lists(vectors, 15).rows
    return vectors, np.arange(count) % CLUSTERS, lists


def purity(places: NDArray[np.float32], groups: NDArray[np.intp]) -> float:
    """Share of the ten nearest in the plane that are of the same group."""
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    near = np.argsort(apart, axis=1)[:, :10]
    return float((groups[near] == groups[:, None]).mean())


def test_groups_lie_together_better_than_by_principal_components() -> None:
    vectors, groups, lists = blobs()
    drawn = purity(layout_of(vectors, lists), groups)
    assert drawn > 0.95
    assert drawn > purity(principal_places(vectors), groups) + 0.1


def test_the_same_tracks_lie_in_the_same_places() -> None:
    vectors, _, lists = blobs(90)
    assert layout_of(vectors, lists).tobytes() == layout_of(vectors.copy(), lists.copy()).tobytes()


def test_the_picture_fills_the_square_and_is_of_one_scale() -> None:
    vectors, _, lists = blobs(90)
    places = layout_of(vectors, lists)
    assert places.dtype == np.float32
    assert places.min() >= 0
    assert places.max() <= 1
    assert np.ptp(places, axis=0).max() == pytest.approx(0.96, abs=0.01)


def test_the_nearest_of_a_small_library_stay_together() -> None:
    vectors = np.random.default_rng(0).normal(size=(60, 16)).astype(np.float32)
    lists = exact_lists(vectors, 15).rows
    drawn = exact_lists(layout_of(vectors, lists), 5).rows
    assert np.mean([np.isin(drawn[row], lists[row, :5]).mean() for row in range(60)]) > 0.42


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_handful_of_tracks_has_places_apart(count: int) -> None:
    vectors = states.vectors(count)
    lists = exact_lists(vectors, 15).rows
    places = layout_of(vectors, lists)
    assert np.isfinite(places).all()
    assert len(np.unique(places, axis=0)) == count


def test_equal_tracks_and_tracks_without_neighbours_have_places() -> None:
    vectors = np.ones((40, 8), dtype=np.float32)
    lists = np.full((40, 4), -1, dtype=np.int32)
    lists[:20] = (np.arange(20)[:, None] + np.arange(1, 5)) % 20
    places = layout_of(vectors, lists)
    assert places.shape == (40, 2)
    assert np.isfinite(places).all()
    assert framed(np.empty((0, 2), np.float32)).shape == (0, 2)


def test_a_build_that_was_cancelled_is_left_at_once() -> None:
    vectors, _, lists = blobs(30)
    with pytest.raises(KeyboardInterrupt):
        layout_of(vectors, lists, _interrupted)


def _interrupted() -> None:
    raise KeyboardInterrupt


def test_the_grid_pushes_as_all_pairs_do() -> None:
    points = np.random.default_rng(0).normal(0, 6, (2, 300)).astype(np.float32)
    steps = points[:, :, None] - points[:, None]
    near = 1 / (1 + np.square(steps).sum(axis=0))
    pushed, nearness = Repulsion().of(points)
    expected = (np.square(near) * steps).sum(axis=2)
    assert np.linalg.norm(pushed - expected) < 0.1 * np.linalg.norm(expected)
    assert nearness == pytest.approx(near.sum() - 300, rel=0.05)


def test_a_late_track_lies_amid_its_nearest_and_not_on_top_of_another() -> None:
    places = np.array([[0.1, 0.1], [0.3, 0.1], [0.2, 0.4], [0.9, 0.9]], dtype=np.float32)
    nearest = np.array([0, 1, 2, 3])
    first, second = place_among(places, nearest, 4), place_among(places, nearest, 5)
    np.testing.assert_allclose(first, [0.2, 0.2], atol=0.01)
    assert np.linalg.norm(first - second) > 1e-4
    assert np.isfinite(place_among(places, np.empty(0, np.intp), 4)).all()


def test_a_model_gives_its_picture_with_what_came_and_went_since() -> None:
    rows = states.vectors(24)
    ids = [TrackId(f"{number:032x}") for number in range(24)]
    made = states.arrays(rows, ids, 10)
    assert SimilarityModel(states.manifest(made), made).picture() is None, "models without one stay usable"
    drawn = states.with_layout(made)
    model = SimilarityModel(states.manifest(drawn), drawn)
    new = TrackId("f" * 32)
    model.insert_described(new, Described(rows[3], audible=True))
    model.remove(ids[5])
    picture = model.picture()
    assert picture is not None
    assert picture.tracks() == [*ids, new]
    assert picture.removed.tolist() == [row == 5 for row in range(25)]
    near = model.state.lists.of(24)[0][:3]
    np.testing.assert_allclose(picture.places[24], picture.places[near].mean(axis=0), atol=0.01)
