"""What is told of a play: whether it counts, whether it was a skip, and which session it belongs to."""

from __future__ import annotations

import pytest

from indexer.core.playing.listening import SESSION_PAUSE, Sessions, is_skip, play_heard
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.tracks import TrackId


def test_a_skip_is_before_thirty_seconds_and_before_a_quarter() -> None:
    assert is_skip(29, 240)
    assert not is_skip(31, 240)
    assert is_skip(7, 30)
    assert not is_skip(8, 30)
    assert is_skip(29, 0)


@pytest.mark.parametrize(
    ("heard", "duration", "finished", "skipped"),
    [(5.0, 200.0, False, True), (60.0, 200.0, False, False), (120.0, 200.0, True, False), (300.0, 0.0, True, False)],
)
def test_a_play_is_counted_or_skipped_or_neither(heard: float, duration: float, finished: bool, skipped: bool) -> None:
    context = PlayContext(PlaySource.ALBUM)
    play = play_heard(TrackId("a"), 1_000.0, heard, duration, context)
    assert (play.finished, play.skipped, play.seconds_heard) == (finished, skipped, heard)
    assert play.seconds == (duration or None)
    assert (play.at, play.context) == (1_000.0, context)
    assert play.id != play_heard(TrackId("a"), 1_000.0, heard, duration, context).id


def test_a_long_pause_ends_a_session() -> None:
    sessions = Sessions()
    first = sessions.at(0.0, 200.0)
    assert sessions.at(210.0, 400.0) == first
    assert sessions.at(399.0 + SESSION_PAUSE, 5_000.0) == first
    assert sessions.at(5_001.0 + SESSION_PAUSE, 9_000.0) != first
