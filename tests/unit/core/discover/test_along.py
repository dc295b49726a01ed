"""Tempo, key and energy along a journey: where lines run, where they jump, what is said."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.along import jumps_of, lines_along, round_the_circle, said_of, spread
from indexer.core.musical_keys import code_of_name
from indexer.core.tracks import TrackId
from tests.unit.core.catalogue.tracks import track

known = st.one_of(st.none(), st.floats(-100, 100))


@given(values=st.lists(known), least=st.floats(0.1, 50))
def test_lines_stay_within_their_lane_and_keep_the_order(values: list[float | None], least: float) -> None:
    points = spread(values, least)
    assert [point is None for point in points] == [value is None for value in values]
    pairs = sorted(
        (value, point) for value, point in zip(values, points, strict=True) if value is not None and point is not None
    )
    assert all(-1e-9 <= point <= 1 + 1e-9 for _, point in pairs)
    assert [point for _, point in pairs] == sorted(point for _, point in pairs)


def test_what_hardly_changes_runs_down_the_middle() -> None:
    assert spread([3.0, 3.0, None], 4.0) == (0.5, 0.5, None)
    low, high = spread([10.0, 10.2], 4.0)
    assert low is not None
    assert high is not None
    assert 0.4 < low < high < 0.6


@given(st.lists(st.integers(-1, 23)))
def test_keys_go_the_shorter_way_round_the_circle(codes: list[int]) -> None:
    places = round_the_circle([float(code) for code in codes])
    found = [place for place in places if place is not None]
    assert [int(place) % 12 for place in found] == [code // 2 for code in codes if code >= 0]
    assert all(abs(one - other) <= 6 for one, other in pairwise(found))


def test_keys_beside_each_other_are_one_step_apart_whatever_their_names() -> None:
    codes = [float(code_of_name(name)) for name in ("C major", "A minor", "G major", "F♯ major")]
    places = round_the_circle(codes)
    assert jumps_of(places, 1.0) == (False, False, False, True)


@given(values=st.lists(known), most=st.floats(0, 50))
def test_nothing_jumps_from_or_to_what_is_not_known(values: list[float | None], most: float) -> None:
    jumps = jumps_of(values, most)
    assert len(jumps) == len(values)
    for place, jump in enumerate(jumps):
        if jump:
            assert place
            assert values[place] is not None
            assert values[place - 1] is not None


def test_a_journey_is_said_and_drawn_as_far_as_it_is_known() -> None:
    catalogue = Catalogue()
    catalogue.upsert([
        track(0, tempo=100.0, key="A minor", loudness=-9.5),
        track(1, tempo=140.0, key=None, loudness=-9.0),
        track(2, tempo=None, key="C major", loudness=None),
    ])  # fmt: skip
    tracks = [track(number).id for number in range(3)]
    lines = lines_along(catalogue, [*tracks, TrackId("f" * 32)])
    tempo, key, energy = lines
    assert tempo.points == (0.0, 1.0, None, None)
    assert tempo.jumps == (False, True, False, False)
    assert key.texts == ("Am", "", "C", "")
    assert energy.jumps == (False, False, False, False)
    assert said_of(lines, 0) == "100 BPM, key Am, −9.5 LUFS"
    assert said_of(lines, 3) == ""
