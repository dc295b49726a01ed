"""Finding points of a map: under the pointer, inside a line, in a direction; and a map of model and catalogue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.core.discover.map import MusicMap
from indexer.core.model.picture.layout import Picture
from indexer.core.tracks import TrackId


def ids_of(count: int) -> list[TrackId]:
    return [TrackId(f"{number:032x}") for number in range(count)]


def map_of(places: NDArray[np.float32]) -> MusicMap:
    return MusicMap(ids_of(len(places)), places, np.arange(len(places)))


def scattered(count: int = 400, seed: int = 0) -> MusicMap:
    return map_of(np.random.default_rng(seed).random((count, 2), dtype=np.float32))


spots = st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))


@given(spot=spots, within=st.floats(0.001, 0.3), count=st.integers(0, 60))
@settings(deadline=None)
def test_the_point_under_the_pointer_is_the_nearest_of_all(
    spot: tuple[float, float], within: float, count: int
) -> None:
    drawn = scattered(count)
    apart = np.linalg.norm(drawn.places - np.float32(spot), axis=1)
    found = drawn.nearest(spot, (within, within))
    if found is None:
        assert not count or apart.min() > within - 1e-5
    else:
        assert apart[found] <= apart.min() + 1e-6
        assert apart[found] <= within + 1e-5


def test_equal_places_and_a_single_one_are_found() -> None:
    drawn = map_of(np.full((5, 2), 0.5, dtype=np.float32))
    assert drawn.nearest((0.5, 0.5), (0.01, 0.01)) == 0
    assert drawn.nearest((0.6, 0.5), (0.01, 0.01)) is None
    assert map_of(np.empty((0, 2), np.float32)).nearest((0.5, 0.5), (1.0, 1.0)) is None


def test_where_axes_are_scaled_apart_a_hand_reaches_as_far_along_both() -> None:
    drawn = map_of(np.array([[0.5, 0.5], [0.56, 0.5], [0.5, 0.56]], dtype=np.float32))
    assert drawn.nearest((0.53, 0.5), (0.05, 0.01)) is not None
    assert drawn.nearest((0.5, 0.53), (0.05, 0.01)) is None
    diagonal = map_of(np.array([[0, 0], [0.2, 0.3], [0.3, -0.1]], dtype=np.float32))
    assert diagonal.towards(0, (1, 0)) == 2
    assert diagonal.towards(0, (0, 1), (4.0, 1.0)) is None


def test_a_lasso_holds_what_is_inside_it() -> None:
    drawn = scattered()
    circle = np.array([(0.5 + 0.3 * np.cos(a), 0.5 + 0.3 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 90)])
    apart = np.linalg.norm(drawn.places - 0.5, axis=1)
    inside = set(drawn.inside(circle).tolist())
    assert set(np.flatnonzero(apart < 0.297)) <= inside <= set(np.flatnonzero(apart <= 0.3))


def test_the_hole_of_a_ring_is_outside() -> None:
    drawn = map_of(np.array([[0.5, 0.5], [0.15, 0.5], [0.9, 0.95]], dtype=np.float32))
    outer = [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.1)]
    inner = [(0.3, 0.3), (0.3, 0.7), (0.7, 0.7), (0.7, 0.3), (0.3, 0.3)]
    assert drawn.inside(np.array(outer + inner)).tolist() == [1]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=12))
@settings(deadline=None)
def test_inside_means_an_odd_number_of_crossings(corners: list[tuple[float, float]]) -> None:
    drawn = scattered(60)
    line = np.array(corners, dtype=np.float32)
    expected = []
    for point, (x, y) in enumerate(drawn.places.tolist()):
        crossings = 0
        for (x0, y0), (x1, y1) in zip(line.tolist(), np.roll(line, -1, axis=0).tolist(), strict=True):
            if (y0 <= y < y1 or y1 <= y < y0) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                crossings += 1
        if crossings % 2:
            expected.append(point)
    assert len(set(drawn.inside(line).tolist()) ^ set(expected)) <= 1, "one may lie on the line but for rounding"


def test_the_arrows_lead_to_the_nearest_in_their_direction() -> None:
    drawn = map_of(np.array([[0.5, 0.5], [0.6, 0.5], [0.9, 0.5], [0.5, 0.2], [0.4, 0.9]], dtype=np.float32))
    assert drawn.towards(0, (1, 0)) == 1
    assert drawn.towards(1, (1, 0)) == 2
    assert drawn.towards(0, (0, -1)) == 3
    assert drawn.towards(0, (0, 1)) == 4
    assert drawn.towards(2, (1, 0)) is None


def test_what_is_queued_goes_from_neighbour_to_neighbour() -> None:
    drawn = scattered(2_000)
    points = np.arange(2_000)
    walked = drawn.in_walking_order(points)
    assert sorted(walked.tolist()) == points.tolist()
    steps = np.linalg.norm(np.diff(drawn.places[walked], axis=0), axis=1)
    assert steps.mean() < 0.05, "half a unit for tracks in any order"


def test_a_map_has_the_tracks_that_model_and_catalogue_share() -> None:
    ids = ids_of(5)
    picture = Picture(
        places=np.arange(10, dtype=np.float32).reshape(5, 2),
        built=np.array([track.encode() for track in ids[:4]]),
        added=(ids[4],),
        removed=np.array([False, True, False, False, False]),
    )
    drawn = MusicMap.of(picture, {ids[0]: 7, ids[1]: 3, ids[2]: 0, ids[4]: 2})
    assert drawn.tracks == [ids[0], ids[2], ids[4]]
    assert drawn.rows.tolist() == [7, 0, 2]
    assert np.ptp(drawn.places[:, 1]) < 0.01, "along the main axis, which lay aslant"
    assert np.diff(drawn.places[:, 0]) == pytest.approx([2 / 3, 2 / 3], abs=0.01)
    assert drawn.point_of(ids[4]) == 2
    assert drawn.point_of(ids[1]) is None
