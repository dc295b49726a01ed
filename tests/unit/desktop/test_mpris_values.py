"""The player's state in the words of MPRIS, whatever its tags hold."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.playing.queue import Repeat
from indexer.core.tracks import Track, TrackId
from musicplayer.desktop.player_state import PlayerState, Playing
from musicplayer.playback.backend import PlaybackState

if sys.platform != "linux":
    pytest.skip("MPRIS is for Linux", allow_module_level=True)

from dbus_fast import Message

from musicplayer.desktop.mpris_values import changes, metadata, player_values, repeat_of, track_path

OBJECT_PATH = re.compile(r"(/[A-Za-z0-9_]+)+")
texts = st.text(st.characters(codec=None), max_size=12)  # surrogates and zeros too
numbers = st.none() | st.integers(-(2**40), 2**40)
TRACK = Track(id=TrackId("0f" * 16), path="/music/a.mp3", root="/music", title="Song", seconds=3_000.0)
PLAYING = Playing(TRACK, place=7, seconds=3_000.0)


@given(texts, texts, st.lists(texts, max_size=3).map(tuple), numbers, st.none() | st.integers(1, 9999))
def test_every_track_can_be_sent(
    title: str, artist: str, genres: tuple[str, ...], number: int | None, year: int | None
) -> None:
    track = replace(TRACK, title=title, artist=artist, album=title, genres=genres, track_number=number, year=year)
    body = [metadata(Playing(track, 1, 1.5, 2, Path("/c/ü.jpg")))]
    assert Message(destination="a.b", path="/", member="M", signature="a{sv}", body=body)._marshall(False)


def test_a_track_says_where_it_is_also_on_a_server() -> None:
    assert metadata(PLAYING)["xesam:url"].value == "file:///music/a.mp3"
    address = "https://kitchen:4849/stream/1"
    assert metadata(replace(PLAYING, track=replace(TRACK, path=address)))["xesam:url"].value == address


def test_what_is_unknown_is_left_out() -> None:
    assert set(metadata(PLAYING)) == {"mpris:trackid", "mpris:length", "xesam:title", "xesam:useCount", "xesam:url"}
    assert metadata(None)["mpris:trackid"].value == "/org/mpris/MediaPlayer2/TrackList/NoTrack"


def test_the_same_track_twice_in_the_queue_has_two_names() -> None:
    assert OBJECT_PATH.fullmatch(track_path(PLAYING))
    assert track_path(PLAYING) != track_path(replace(PLAYING, place=8))


def test_changes_are_what_differs() -> None:
    before = player_values(PlayerState(playing=PLAYING))
    after = player_values(PlayerState(PlaybackState.PLAYING, Repeat.ALL, playing=PLAYING))
    assert changes(before, after) == {"PlaybackStatus": "Playing", "LoopStatus": "Playlist"}
    assert changes(after, player_values(PlayerState(PlaybackState.PLAYING, Repeat.ALL, playing=PLAYING))) == {}


def test_what_cannot_be_done_is_said() -> None:
    values = player_values(PlayerState())
    assert not any(values[name] for name in ("CanPlay", "CanPause", "CanSeek", "CanGoNext", "CanGoPrevious"))
    with pytest.raises(ValueError, match="LoopStatus"):
        repeat_of("Forever")
