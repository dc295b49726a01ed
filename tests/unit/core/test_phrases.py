"""Counts and times in words and digits."""

from __future__ import annotations

from indexer.core.phrases import clock, percent, rate, span, time_left


def test_counts_and_times_are_as_short_as_they_can_be() -> None:
    assert [clock(value) for value in (None, 7, 187, 3723)] == ["–", "0:07", "3:07", "1:02:03"]
    assert [span(value) for value in (48, 600, 9600, 442800)] == ["48 s", "10 min", "2 h 40 min", "5 d 3 h"]
    assert [percent(value) for value in (-1, 0.987, 0.9999, 1, 7)] == ["0%", "98%", "99.9%", "100%", "100%"]
    assert [rate(None), rate(1.24), rate(14.2)] == ["", "1.2/s", "14/s"]
    assert [time_left(None), time_left(0.2), time_left(540)] == ["", "1 s left", "9 min left"]
