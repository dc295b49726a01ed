from __future__ import annotations

import pytest

from indexer.analysis.workload import lacking, partly_heard
from indexer.core.store import TrackFile
from indexer.core.tracks import WHOLE_UP_TO, TrackId

TRACK = TrackId("0" * 32)
SHORT, LONG = WHOLE_UP_TO, WHOLE_UP_TO + 0.1


def place(seconds: float | None) -> TrackFile:
    return TrackFile(TRACK, "/music/a.flac", "/music", seconds)


def test_what_was_never_heard_is_lacking() -> None:
    assert lacking(place(30), {"classic": {}, "sonic": {TRACK: False}}) == ("classic",)
    assert lacking(place(LONG), {"classic": {TRACK: True}, "sonic": {TRACK: False}}) == ()


def test_a_long_track_that_was_heard_in_parts_is_to_be_heard_from_end_to_end() -> None:
    assert partly_heard(place(LONG), {"classic": {TRACK: True}, "sonic": {TRACK: False}}) == ("sonic",)
    assert partly_heard(place(LONG), {"sonic": {}}) == (), "first it is heard quickly"


@pytest.mark.parametrize("seconds", [SHORT, None])
def test_a_short_track_and_one_of_unknown_length_are_heard_once(seconds: float | None) -> None:
    assert partly_heard(place(seconds), {"sonic": {TRACK: False}}) == ()
