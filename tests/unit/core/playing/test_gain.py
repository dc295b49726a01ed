from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.playing.gain import MOST, TARGET, Levels, gain_db
from indexer.core.settings import Gain

FULL = Levels(
    track_gain=-6.0,
    track_peak=0.5,
    album_gain=-4.0,
    album_peak=0.5,
    loudness=-9.0,
    peak=0.5,
    album_loudness=-11.0,
    album_measured_peak=0.5,
)
MEASURED = Levels(loudness=-9.0, peak=0.5, album_loudness=-11.0, album_measured_peak=0.5)


def test_off_leaves_everything_as_it_is() -> None:
    assert gain_db(Gain.OFF, FULL, preamp=6.0) == 0.0


def test_tags_come_before_measurements() -> None:
    assert gain_db(Gain.TRACK, FULL) == -6.0
    assert gain_db(Gain.ALBUM, FULL) == -4.0


def test_without_tags_the_measurement_counts() -> None:
    assert gain_db(Gain.TRACK, MEASURED) == pytest.approx(-9.0)
    assert gain_db(Gain.ALBUM, MEASURED) == pytest.approx(-7.0)


@pytest.mark.parametrize("levels", [Levels(track_gain=-6.0), Levels(loudness=-12.0, peak=1.0)])
def test_a_track_without_an_album_has_its_own_gain_in_album_mode(levels: Levels) -> None:
    assert gain_db(Gain.ALBUM, levels) == pytest.approx(-6.0)


def test_the_tags_of_the_album_are_better_than_nothing() -> None:
    assert gain_db(Gain.TRACK, Levels(album_gain=-3.0)) == -3.0


def test_nothing_known_is_no_change_and_no_preamp() -> None:
    assert gain_db(Gain.TRACK, Levels(), preamp=5.0) == 0.0
    assert gain_db(Gain.ALBUM, Levels(peak=0.1), preamp=5.0) == 0.0


def test_the_preamp_is_added() -> None:
    assert gain_db(Gain.TRACK, Levels(track_gain=-6.0), preamp=2.5) == -3.5


def test_another_target_moves_tags_and_measurements_alike() -> None:
    assert gain_db(Gain.TRACK, FULL, target=-23.0) == -11.0
    assert gain_db(Gain.TRACK, MEASURED, target=-23.0) == pytest.approx(-14.0)


def test_a_peak_limits_how_loud_it_gets() -> None:
    assert gain_db(Gain.TRACK, Levels(track_gain=10.0, track_peak=0.5)) == pytest.approx(6.02, abs=0.01)
    assert gain_db(Gain.TRACK, Levels(track_gain=0.0, track_peak=2.0)) == pytest.approx(-6.02, abs=0.01)


def test_a_measured_peak_stands_in_for_one_in_tags() -> None:
    assert gain_db(Gain.TRACK, Levels(track_gain=10.0, peak=0.5)) == pytest.approx(6.02, abs=0.01)


def test_without_a_peak_nothing_is_made_louder() -> None:
    assert gain_db(Gain.TRACK, Levels(track_gain=10.0)) == 0.0


def test_nothing_is_changed_beyond_all_measure() -> None:
    assert gain_db(Gain.TRACK, Levels(loudness=-60.0, peak=0.001)) == MOST
    assert gain_db(Gain.TRACK, Levels(track_gain=-50.0)) == -MOST


levels = st.builds(
    Levels,
    track_gain=st.none() | st.floats(-60, 60),
    track_peak=st.none() | st.floats(1e-3, 4),
    album_gain=st.none() | st.floats(-60, 60),
    album_peak=st.none() | st.floats(1e-3, 4),
    loudness=st.none() | st.floats(-70, 5),
    peak=st.none() | st.floats(0, 4),
    album_loudness=st.none() | st.floats(-70, 5),
    album_measured_peak=st.none() | st.floats(0, 4),
)


@given(st.sampled_from(Gain), levels, st.floats(-15, 15))
def test_it_is_always_a_number_in_range(mode: Gain, known: Levels, preamp: float) -> None:
    assert -MOST <= gain_db(mode, known, preamp) <= MOST


@given(st.floats(-33, -3), st.floats(0.01, 1.0))
def test_it_reaches_the_target_or_full_scale(loudness: float, peak: float) -> None:
    gain = gain_db(Gain.TRACK, Levels(loudness=loudness, peak=peak))
    assert loudness + gain <= TARGET + 1e-6
    assert peak * 10 ** (gain / 20) <= 1.0 + 1e-6
    assert math.isclose(loudness + gain, TARGET, abs_tol=1e-6) or math.isclose(
        peak * 10 ** (gain / 20), 1.0, abs_tol=1e-6
    )
