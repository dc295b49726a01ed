"""The model that stands in until one is built."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.core.model import SimilarityModel
from indexer.core.model.space.transform import Transform, UnitLength
from indexer.core.tracks import TrackId
from tests.unit.core.model import states

UNIT = Transform((UnitLength(),))


@settings(max_examples=20, deadline=None)
@given(first=st.integers(1, 30), then=st.integers(0, 30), seed=st.integers(0, 100))
def test_growing_equals_starting_with_all(first: int, then: int, seed: int) -> None:
    rows = states.vectors(first + then, seed=seed)
    ids = [TrackId(f"{row:032x}") for row in range(len(rows))]
    whole, grown = _provisional(rows, ids), _provisional(rows[:first], ids[:first])
    for track, row in zip(ids[first:], rows[first:], strict=True):
        grown.insert(track, row[np.newaxis])
    assert len(grown) == len(whole) == len(rows)
    for track in ids:
        expected, found = whole.similar(track, 10), grown.similar(track, 10)
        assert [neighbour.track for neighbour in found] == [neighbour.track for neighbour in expected]
        np.testing.assert_allclose([n.distance for n in found], [n.distance for n in expected], rtol=1e-4)


def test_it_says_what_it_is_and_never_asks_to_be_built_anew() -> None:
    rows = states.vectors(5)
    model = _provisional(rows, [TrackId(f"{row:032x}") for row in range(5)])
    assert model.manifest.provisional
    assert model.manifest.tracks == 5
    for row in range(5, 40):
        model.insert(TrackId(f"{row:032x}"), rows[:1])
    assert not model.is_outgrown


def test_closeness_is_told_by_the_library_as_it_is() -> None:
    rows = states.vectors(200)
    model = _provisional(rows[:2], [TrackId(f"{row:032x}") for row in range(2)])
    for row in range(2, 200):
        model.insert(TrackId(f"{row:032x}"), rows[row][np.newaxis])
    found = model.similar(TrackId(f"{0:032x}"), 199)
    assert found[0].closeness > 0.9
    assert found[-1].closeness < 0.3


def _provisional(rows: states.Vectors, ids: list[TrackId]) -> SimilarityModel:
    return SimilarityModel.provisional(UNIT, "made-up:1", ids, [row[np.newaxis] for row in rows])
