"""When tracks go over into each other."""

from __future__ import annotations

import pytest

from musicplayer.playback.preparing import overlap
from musicplayer.playback.ramp import amplitude, slider_place
from musicplayer.playback.sound import held_rate


@pytest.mark.parametrize(
    ("wanted", "albums", "lengths", "expected"),
    [
        (5.0, ("x", "y"), (200.0, 200.0), 5.0),
        (5.0, ("x", "x"), (200.0, 200.0), 0.0),
        (5.0, (None, None), (200.0, 200.0), 5.0),
        (5.0, ("x", None), (200.0, None), 5.0),
        (5.0, ("x", "y"), (200.0, 14.9), 0.0),
        (5.0, ("x", "y"), (14.9, 200.0), 0.0),
        (5.0, ("x", "y"), (15.0, 15.0), 5.0),
        (0.0, ("x", "y"), (200.0, 200.0), 0.0),
    ],
    ids=["others", "one album", "unknown", "half known", "short after", "short before", "just long enough", "off"],
)
def test_overlap(
    wanted: float, albums: tuple[str | None, str | None], lengths: tuple[float | None, float | None], expected: float
) -> None:
    assert overlap(wanted, albums, lengths) == expected


@pytest.mark.parametrize(("decibels", "factor"), [(0.0, 1.0), (-6.0206, 0.5), (20.0, 10.0)])
def test_a_gain_is_a_factor_of_the_amplitude(decibels: float, factor: float) -> None:
    assert amplitude(decibels) == pytest.approx(factor, rel=1e-4)


def test_the_cube_of_a_slider_is_the_amplitude() -> None:
    assert slider_place(80, 0.125) == pytest.approx(40)


@pytest.mark.parametrize(("wanted", "held"), [(0.1, 0.5), (1.249999, 1.25), (3.0, 2.0), (1.0, 1.0)])
def test_a_rate_is_held_within_what_sounds_well(wanted: float, held: float) -> None:
    assert held_rate(wanted) == held
