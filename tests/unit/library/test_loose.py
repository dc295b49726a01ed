"""What is kept of tracks from outside the library."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.playlists.shelf import Shelf
from indexer.core.tracks import Track, TrackId
from musicplayer.library.loose import LooseTracks, gather, state_of_track, track_of_state
from tests import bad_files

TEXT = st.text(max_size=20)
NUMBER = st.none() | st.floats(0, 1e4)
TRACKS = st.builds(
    Track,
    id=TEXT.map(TrackId),
    path=TEXT.map(lambda name: f"/m/{name}\udcff"),
    root=st.just(""),
    title=TEXT,
    artist=TEXT,
    genres=st.lists(TEXT, max_size=3).map(tuple),
    artists=st.lists(TEXT, max_size=3).map(tuple),
    album_artists=st.lists(TEXT, max_size=3).map(tuple),
    compilation=st.booleans(),
    year=st.none() | st.integers(1800, 2100),
    seconds=NUMBER,
    track_gain=NUMBER,
    start=st.floats(0, 1e4),
    end=NUMBER,
)


@given(TRACKS)
def test_a_track_is_read_as_it_was_written(track: Track) -> None:
    assert track_of_state(json.loads(json.dumps(state_of_track(track)))) == track


@given(st.recursive(st.none() | st.booleans() | st.floats() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["id", "path", "title", "seconds", "genres", "end"]) | TEXT, inner)))  # fmt: skip
def test_no_damage_of_the_file_is_more_than_a_track_that_is_missing(state: Any) -> None:
    found = track_of_state(state)
    assert found is None or (found.root == "" and isinstance(found.title, str))


def test_a_damaged_file_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "loose.json"
    file.write_bytes(b"[{]")
    loose = LooseTracks(file)
    loose.load()
    assert loose.get(TrackId("a")) is None
    loose.shutdown([])


def test_what_a_playlist_names_is_looked_up_and_never_opened(tmp_path: Path) -> None:
    (tmp_path / "there.mp3").write_bytes(b"never read")
    (tmp_path / "list.m3u").write_text(f"there.mp3\n{tmp_path}/known.mp3\n")
    shelf = Shelf([f"{tmp_path}/known.mp3"], [TrackId("k")])
    found = gather([str(tmp_path / "list.m3u")], shelf)
    assert (found.tracks, found.loose, found.unknown) == (("k",), (), 1)


def test_a_file_that_is_gone_is_a_problem_that_names_it(tmp_path: Path) -> None:
    found = gather([str(tmp_path / "none.mp3")], Shelf([], []))
    assert "none.mp3" in str(found.problems[0].message)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a disk there has no named pipes")
def test_a_named_pipe_is_a_problem_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    found = gather([str(tmp_path / "pipe.mp3")], Shelf([], []))
    assert ("pipe.mp3" in found.problems[0].message, found.tracks) == (True, ())
    assert found.problems[0].detail == "not a regular file", "whoever opens it waits for its drive"


SHEET = (
    'TITLE "Evening"\nFILE "evening.wav" WAVE\nTRACK 01 AUDIO\nTITLE "Doors"\nINDEX 01 00:00:00\n'
    'TRACK 02 AUDIO\nTITLE "Fire"\nINDEX 01 00:01:37\n'
)


@pytest.mark.parametrize("given", ["evening.flac", "evening.cue", ""])
def test_an_album_with_a_cue_sheet_is_its_tracks(tmp_path: Path, given: str) -> None:
    path = bad_files.good(tmp_path, "evening.flac")
    (tmp_path / "evening.cue").write_text(SHEET)
    found = gather([str(tmp_path / given)], Shelf([], []))
    assert [(track.title, track.start, track.end) for track in found.loose] == [
        ("Doors", 0.0, 1 + 37 / 75),
        ("Fire", 1 + 37 / 75, None),
    ]
    assert found.tracks == tuple(track.id for track in found.loose)
    assert not found.problems
    ids = [TrackId("2" * 32), TrackId("1" * 32)]
    shelf = Shelf([str(path)] * 2, ids, starts=[1 + 37 / 75, 0.0])
    assert gather([str(tmp_path / given)], shelf).tracks == tuple(reversed(ids))


def test_a_sheet_without_its_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "evening.cue").write_text(SHEET)
    found = gather([str(tmp_path / "evening.cue")], Shelf([], []))
    (problem,) = found.problems
    assert "evening.wav, which is not in the folder" in problem.message
    assert problem.advice
