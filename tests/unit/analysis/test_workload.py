from __future__ import annotations

import pytest

from indexer.analysis.workload import lacking
from indexer.core.store import TrackFile
from indexer.core.tracks import WHOLE_UP_TO, TrackId

TRACK = TrackId("0" * 32)
SHORT, LONG = WHOLE_UP_TO, WHOLE_UP_TO + 0.1


def place(seconds: float | None) -> TrackFile:
    return TrackFile(TRACK, "/music/a.flac", "/music", seconds)


def test_what_was_never_heard_is_lacking() -> None:
    assert lacking(place(30), {"classic": {}, "sonic": {TRACK: False}}, whole=False) == ("classic",)


@pytest.mark.parametrize("whole", [False, True])
def test_a_long_file_is_heard_again_the_other_way(whole: bool) -> None:
    assert lacking(place(LONG), {"sonic": {TRACK: whole}}, whole=not whole) == ("sonic",)
    assert lacking(place(LONG), {"sonic": {TRACK: whole}}, whole=whole) == ()


@pytest.mark.parametrize("seconds", [SHORT, None])
@pytest.mark.parametrize("whole", [False, True])
def test_a_short_file_and_one_of_unknown_length_are_heard_once(seconds: float | None, whole: bool) -> None:
    assert lacking(place(seconds), {"sonic": {TRACK: whole}}, whole=not whole) == ()
