"""When tracks go over into each other."""

from __future__ import annotations

import pytest

from musicplayer.playback.ramp import Law
from musicplayer.playback.sound import held_rate
from musicplayer.playback.transition import overlap


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


@pytest.mark.parametrize("law", list(Law))
@pytest.mark.parametrize("level", [0.0, 0.1, 0.5, 1.0])
def test_a_law_and_its_inverse(law: Law, level: float) -> None:
    assert law.level(law.place(level)) == pytest.approx(level)


@pytest.mark.parametrize(("wanted", "held"), [(0.1, 0.5), (1.249999, 1.25), (3.0, 2.0), (1.0, 1.0)])
def test_a_rate_is_held_within_what_sounds_well(wanted: float, held: float) -> None:
    assert held_rate(wanted) == held
