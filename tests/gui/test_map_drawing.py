"""The arithmetic and the pixels of the map, without a window: view, raster, palette, labels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from indexer.core.discover.genre_hues import HUES
from indexer.core.discover.map import MusicMap
from indexer.core.discover.map_colours import NONE, OTHER, RAMP, RAMP_STEPS
from indexer.core.tracks import TrackId
from musicplayer.ui.look.hues import DARK_HUES, LIGHT_HUES
from musicplayer.ui.look.theme import DARK, LIGHT
from musicplayer.ui.map.map_labels import named_points
from musicplayer.ui.map.map_palette import colour_of
from musicplayer.ui.map.map_picture import LARGEST, PointRaster, mixed, radius_for, stamp
from musicplayer.ui.map.map_view import CLOSEST, MapView

GROUND = 0xFF101010
RED, BLUE = 0xFFFF0000, 0xFF0000FF


def picture_of(raster: PointRaster, width: int, height: int, scale: float, radius: float) -> np.ndarray:
    pixels, stride = raster.draw(width, height, (scale, scale), (0.0, 0.0), radius)
    rows = [pixels[row * stride : row * stride + width] for row in range(height)]
    return np.array(rows)


def map_of(places: np.ndarray) -> MusicMap:
    return MusicMap([TrackId(str(n)) for n in range(len(places))], places.astype(np.float32), np.arange(len(places)))


def arranged(places: list[tuple[float, float]], lit: list[bool] | None = None) -> PointRaster:
    raster = PointRaster(np.array(places, dtype=np.float32))
    raster.arrange(
        np.arange(len(places)) % 2,
        np.array([RED, BLUE], np.uint32),
        np.array([0xFF220000, 0xFF000022], np.uint32),
        None if lit is None else np.array(lit),
        ground=GROUND,
    )
    return raster


def test_a_point_is_a_disc_at_its_place_with_a_soft_edge() -> None:
    picture = picture_of(arranged([(0.5, 0.25)]), 100, 80, 100.0, 5.0)
    assert picture[25, 50] == RED
    assert picture[25, 50 + 8] == GROUND
    assert (picture == RED).sum() == pytest.approx(np.pi * 25, rel=0.2)
    edge = set(picture.ravel().tolist()) - {RED, GROUND}
    assert edge == {int(mixed(np.array([RED], np.uint32), GROUND, share)[0]) for share in (0.3, 0.62)}


@pytest.mark.parametrize("radius", [0.75, 3.0, LARGEST, 2 * LARGEST, 3 * LARGEST])
def test_points_on_the_rim_and_beyond_it_do_no_harm(radius: float) -> None:
    around = [
        (x, y) for x in (-0.5, -0.05, 0.0, 0.5, 0.999, 1.0, 1.05, 1.5) for y in (-0.5, -0.05, 0.0, 0.999, 1.05, 1.5)
    ]
    picture = picture_of(arranged(around), 60, 60, 60.0, radius)
    assert picture.shape == (60, 60)
    assert picture[0, 30] != GROUND
    assert picture[59, 30] != GROUND
    alone = picture_of(arranged([(-0.5, -0.5), (1.5, 1.5), (-0.5, 0.5), (1.6, 0.5)]), 60, 60, 60.0, min(radius, 10))
    assert (alone == GROUND).all()


def test_what_is_dimmed_lies_below_what_is_lit() -> None:
    for lit, colour in (([True, False], RED), ([False, True], BLUE)):
        picture = picture_of(arranged([(0.5, 0.5), (0.5, 0.5)], lit), 40, 40, 40.0, 4.0)
        assert picture[20, 20] == colour


def test_the_smallest_disc_is_still_seen() -> None:
    picture = picture_of(arranged([(0.5, 0.5)]), 20, 20, 20.0, radius_for(10_000_000, 20, 20, 0.6))
    assert picture[10, 10] != GROUND
    assert max(level for level, _, _ in stamp(0.2)) >= 1


def test_what_is_under_the_pointer_stays_there_while_zooming() -> None:
    view = MapView.whole(np.array([[0.1, 0.2], [0.9, 0.8]], np.float32), (800, 600))
    assert view.is_whole
    held = view.place_at(300, 200)
    nearer = view.zoomed(3.0, 300, 200)
    assert nearer.place_at(300, 200) == pytest.approx(held)
    half = view.between(nearer, 0.4)
    assert half.place_at(300, 200) == pytest.approx(held)
    assert view.between(nearer, 1.0) == nearer
    assert nearer.zoomed(1e9, 0, 0).zoom == CLOSEST


def test_everything_is_in_sight_at_first_and_something_always() -> None:
    places = np.random.default_rng(0).random((50, 2), dtype=np.float32) * [0.9, 0.3]
    view = MapView.whole(places.astype(np.float32), (800, 600))
    pixels = view.to_pixels(places.astype(np.float32))
    assert (pixels >= 0).all()
    assert (pixels <= [800, 600]).all()
    gone = view.panned(1e6, -1e6)
    inside = gone.to_pixels(np.array([view.middle], np.float32))[0]
    assert abs(inside[0] - 400) <= 400
    framed = view.fitted((0.2, 0.1), (0.3, 0.15))
    corners = framed.to_pixels(np.array([[0.2, 0.1], [0.3, 0.15]], np.float32))
    assert (corners >= 0).all()
    assert (corners <= [800, 600]).all()


@pytest.mark.parametrize("dark", [False, True])
def test_colours_stand_out_from_the_ground_and_from_each_other(dark: bool) -> None:
    ground = QColor((DARK if dark else LIGHT).surface)
    hues = [QColor(name) for name in (DARK_HUES if dark else LIGHT_HUES)]
    assert len(hues) == HUES
    assert min(contrast(hue, ground) for hue in hues) >= 2.6
    grey = colour_of(OTHER, dark=dark)
    for kind in (NORMAL, NO_RED, NO_GREEN):
        assert least_apart([*hues[:12], grey], kind) > 0.065, "in OKLab; 0.02 is just told apart"
        assert least_apart([*hues, grey], kind) > 0.055
    assert least_apart(hues, NORMAL) > 0.08


def test_on_a_page_that_is_higher_than_wide_the_map_is_turned_and_everything_finds_its_place() -> None:
    places = (np.random.default_rng(0).random((80, 2)) * [1.0, 0.4]).astype(np.float32)
    view = MapView.whole(places, (400, 900))
    assert view.fit.upright
    pixels = view.to_pixels(places)
    assert (pixels >= 0).all()
    assert (pixels <= [400, 900]).all()
    assert np.ptp(pixels[:, 1]) > 1.5 * np.ptp(pixels[:, 0])
    for place, (x, y) in zip(places[:5].tolist(), pixels[:5].tolist(), strict=True):
        assert view.place_at(x, y) == pytest.approx(place, abs=1e-4)
    moved = view.zoomed(2.0, 100, 100).panned(20, -30)
    assert moved.to_pixels(places)[0] == pytest.approx(
        view.zoomed(2.0, 100, 100).to_pixels(places)[0] + [20, -30], abs=0.1
    )
    raster = PointRaster(places[:1])
    raster.arrange(np.zeros(1, np.intp), np.array([RED], np.uint32), np.array([RED], np.uint32), None, ground=GROUND)
    drawn, stride = raster.draw(400, 900, view.scales, view.origin(), 4.0, upright=True)
    x, y = pixels[0].astype(int)
    assert drawn[y * stride + x] == RED


@pytest.mark.parametrize("dark", [False, True])
def test_the_ramp_goes_away_from_the_ground_and_every_slot_has_a_colour(dark: bool) -> None:
    ground = QColor((DARK if dark else LIGHT).surface)
    ramp = [contrast(colour_of(RAMP + step, dark=dark), ground) for step in range(RAMP_STEPS)]
    assert ramp == sorted(ramp)
    assert colour_of(NONE, dark=dark) != colour_of(OTHER, dark=dark)


def test_tracks_are_named_only_where_few_are_in_sight() -> None:
    drawn = map_of(np.random.default_rng(0).random((3_000, 2)))
    view = MapView.whole(drawn.places, (800, 600))
    assert not len(named_points(drawn, view, None))
    near = view.zoomed(8, 400, 300)
    named = named_points(drawn, near, None)
    assert 5 < len(named) < 60
    moved = near.panned(30, 10)
    both = set(named.tolist()) & set(named_points(drawn, moved, None).tolist())
    assert len(both) > 0.6 * len(named), "names stay while the map is moved"
    assert not len(named_points(drawn, near, np.zeros(3_000, dtype=bool)))


NORMAL = np.eye(3)
NO_RED = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
NO_GREEN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])


def least_apart(colours: list[QColor], kind: np.ndarray) -> float:
    """How far apart the two nearest of some colours are for such eyes."""
    seen = np.array([simulated(colour, kind) for colour in colours])
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=2)
    np.fill_diagonal(apart, 9)
    return float(apart.min())


def linear(colour: QColor) -> np.ndarray:
    values = np.array(colour.getRgbF()[:3])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted(float(linear(each) @ [0.2126, 0.7152, 0.0722]) + 0.05 for each in (one, other))
    return high / low


def simulated(colour: QColor, kind: np.ndarray) -> np.ndarray:
    """OKLab of a colour as such eyes see it."""
    to_cones = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
    to_lab = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])
    return to_lab @ np.cbrt(np.maximum(to_cones @ np.clip(kind @ linear(colour), 0, 1), 0))
