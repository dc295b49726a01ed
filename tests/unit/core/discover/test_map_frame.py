"""How a map fills its page: its main axis along the longer side, axes scaled apart up to a limit, nothing beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.discover.map_frame import AIR, MOST_APART, extent_of, fitted, turned

sides = st.floats(0.05, 1.0)
pages = st.tuples(st.floats(50, 4_000), st.floats(50, 4_000))


@given(extent=st.tuples(sides, sides), page=pages)
def test_the_map_stays_on_its_page_touches_two_sides_and_its_axes_are_not_too_far_apart(
    extent: tuple[float, float], page: tuple[float, float]
) -> None:
    fit = fitted(extent, page)
    drawn = [scale * side for scale, side in zip(fit.scales, extent, strict=True)]
    across, down = reversed(drawn) if fit.upright else drawn
    assert across <= AIR * page[0] * 1.001
    assert down <= AIR * page[1] * 1.001
    assert max(across / page[0], down / page[1]) == pytest.approx(AIR)
    assert max(fit.scales) <= MOST_APART * min(fit.scales) * 1.001


@given(extent=st.tuples(sides, sides), page=pages)
def test_it_fills_no_less_than_with_both_axes_in_one_scale(
    extent: tuple[float, float], page: tuple[float, float]
) -> None:
    alike = AIR * min(page[0] / extent[0], page[1] / extent[1])
    assert min(fitted(extent, page).scales) >= alike * 0.999 or fitted(extent, page).upright


def test_the_longer_side_of_the_map_lies_along_the_longer_side_of_the_page() -> None:
    assert not fitted((1.0, 0.5), (900, 600)).upright
    assert fitted((1.0, 0.5), (400, 800)).upright
    assert not fitted((1.0, 0.95), (600, 640)).upright, "for so little nothing turns"


@given(angle=st.floats(-89.0, 89.0), seed=st.integers(0, 1_000))
def test_a_strip_lies_across_whichever_way_it_lay_and_distances_keep_their_ratios(angle: float, seed: int) -> None:
    strip = np.random.default_rng(seed).normal(size=(200, 2)) * [4.0, 1.0]
    turn = np.radians(angle)
    laid = strip @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    places = turned(laid.astype(np.float32))
    assert np.std(places[:, 0]) > 2.5 * np.std(places[:, 1])
    assert places.min(axis=0) == pytest.approx([0, 0], abs=1e-5)
    assert places.max() == pytest.approx(1.0, abs=1e-5)
    before, after = (np.linalg.norm(np.diff(each, axis=0), axis=1) for each in (laid, places))
    assert after / after.max() == pytest.approx(before / before.max(), abs=1e-4)


def test_what_comes_later_moves_nothing() -> None:
    built = np.random.default_rng(0).normal(size=(100, 2)).astype(np.float32) * np.float32([1, 3])
    late = np.concatenate([built, np.float32([[40, 40], [41, 40]])])
    np.testing.assert_allclose(turned(late, of=built)[:100], turned(built), atol=1e-5)


def test_what_lies_in_a_ring_is_not_turned() -> None:
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    np.testing.assert_allclose(turned(ring), (ring - ring.min(axis=0)) / 2, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_next_to_nothing_is_framed_too(count: int) -> None:
    places = turned(np.full((count, 2), 0.3, dtype=np.float32))
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    if count:
        assert min(extent_of(places)[1]) > 0
