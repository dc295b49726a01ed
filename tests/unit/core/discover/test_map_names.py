"""Names of classes stand where these prevail, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.discover.map_colours import OTHER, ColourClass, Colouring
from indexer.core.discover.map_names import places_of_names


def colours_of(codes: list[int], slots: list[int]) -> Colouring:
    classes = (ColourClass(f"Class {code}", codes.count(code), slot) for code, slot in enumerate(slots))
    return Colouring(np.array(codes, dtype=np.intp), tuple(classes))


def heap(middle: tuple[float, float], count: int, width: float = 0.03) -> np.ndarray:
    return np.random.default_rng(0).normal(middle, width, (count, 2)).astype(np.float32)


@pytest.mark.parametrize("part", [1, 10])
def test_a_class_is_named_where_it_is_densest_in_small_and_in_large_libraries(part: int) -> None:
    counts = (300 // part, 200 // part, 40 // part)
    places = np.concatenate([heap((0.2, 0.2), counts[0]), heap((0.8, 0.7), counts[1]), heap((0.5, 0.9), counts[2])])
    codes = [0] * counts[0] + [1] * counts[1] + [2] * counts[2]
    found = {name.code: name.place for name in places_of_names(places, colours_of(codes, [3, 1, OTHER]))}
    assert set(found) == {0, 1}, "a grey is no class"
    assert found[0] == pytest.approx((0.2, 0.2), abs=0.09)
    assert found[1] == pytest.approx((0.8, 0.7), abs=0.09)


def test_a_class_that_is_spread_among_others_has_no_name() -> None:
    places = np.random.default_rng(0).random((360, 2), dtype=np.float32)
    found = places_of_names(places, colours_of([0] * 300 + [1] * 60, [0, 1]))
    assert [name.code for name in found] == [0]


def test_where_nobody_prevails_nobody_is_named() -> None:
    places = np.indices((30, 30)).reshape(2, -1).T.astype(np.float32) / 30
    codes = [place % 7 for place in range(900)]
    assert places_of_names(places, colours_of(codes, list(range(7)))) == []


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1_000), count=st.integers(0, 120), classes=st.integers(1, 5))
def test_a_name_stands_at_a_track_of_its_class_and_once(seed: int, count: int, classes: int) -> None:
    chance = np.random.default_rng(seed)
    places = chance.random((count, 2), dtype=np.float32)
    codes = chance.integers(0, classes, count).tolist()
    found = places_of_names(places, colours_of(codes, list(range(classes))))
    assert len({name.code for name in found}) == len(found)
    for name in found:
        own = places[np.array(codes) == name.code]
        assert (own == np.float32(name.place)).all(axis=1).any()
