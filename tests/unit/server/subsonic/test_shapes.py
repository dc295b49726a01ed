"""Tracks, albums and artists in the words of the API: whom they name, what is known, and for whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.core.home import Home
from indexer.core.plays import Opinion
from indexer.core.settings import Settings
from indexer.core.text import clean
from indexer.core.tracks import Track, TrackId, TrackState
from musicplayer.server.library import SharedLibrary
from musicplayer.server.subsonic.folders import FolderTree
from musicplayer.server.subsonic.protocol import Form, Wire
from musicplayer.server.subsonic.shapes import Shapes, moment, whole_stars
from musicplayer.server.view import LibraryView, sort_name


@dataclass
class Heard:
    plays: Mapping[TrackId, int] = field(default_factory=dict)
    last_played: Mapping[TrackId, float] = field(default_factory=dict)
    opinions: Mapping[TrackId, Opinion] = field(default_factory=dict)
    stars: Mapping[str, float] = field(default_factory=dict)
    ratings: Mapping[str, int] = field(default_factory=dict)


def track(number: int, **values: Any) -> Track:
    known: dict[str, Any] = {"title": f"Song {number}", "artist": "Ada", "album": "Sines", **values}
    path = known.pop("path", f"/music/Ada/Sines/{number}.mp3")
    return Track(id=TrackId(f"{number:032x}"), path=path, root="/music", **known)


def library_of(home: Home, *tracks: Track) -> SharedLibrary:
    library = SharedLibrary(home, Settings())
    library.catalogue.upsert(tracks)
    return library


def shapes_of(home: Home, *tracks: Track, heard: Heard | None = None) -> Shapes:
    heard = heard or Heard()
    return Shapes(LibraryView(library_of(home, *tracks).catalogue), heard, heard)


def names(references: list[dict[str, Any]]) -> list[str]:
    return [reference["name"] for reference in references]


def test_guests_and_the_artist_of_the_album_are_told_apart(home: Home) -> None:
    guest = track(1, artist="Ada feat. Bert", album_artist="Cora")
    song = shapes_of(home, guest, track(2), track(3, artist="Bert")).song(0)
    assert names(song["artists"]) == ["Ada", "Bert"]
    assert names(song["albumArtists"]) == ["Cora"]
    assert (song["artist"], song["displayArtist"], song["displayAlbumArtist"]) == (*["Ada feat. Bert"] * 2, "Cora")
    assert song["artistId"] == song["artists"][0]["id"]


def test_single_artists_that_a_file_names_count(home: Home) -> None:
    pair = track(1, artist="Earth, Wind & Fire & Friends", artists=("Earth, Wind & Fire", "Friends"))
    assert names(shapes_of(home, pair).song(0)["artists"]) == ["Earth, Wind & Fire", "Friends"]


def test_an_artist_has_the_albums_that_name_them(home: Home) -> None:
    shapes = shapes_of(
        home, track(1), track(2, album="Other"), track(3, artist="Bert", album="Other", album_artist="Ada")
    )
    counts = {
        shapes.artist_name(number): shapes.artist(number)["albumCount"] for number in range(len(shapes.view.artists))
    }
    assert counts == {"Ada": 2, "Bert": 1}


def test_what_nobody_named_has_words_of_its_own(home: Home) -> None:
    shapes = shapes_of(home, track(1, title="", artist="", album="", path="/music/loose/Some name.ogg"))
    song = shapes.song(0)
    assert (song["title"], song["path"], song["suffix"]) == ("Some name", "loose/Some name.ogg", "ogg")
    assert not {"album", "artist", "genre", "year", "track", "duration"} & song.keys()
    assert (shapes.album(0)["name"], shapes.album(0)["artist"]) == ("Without an album", "Unknown artist")
    assert shapes.artist_name(0) == "Unknown artist"


def test_a_file_is_as_large_as_it_is_and_its_bit_rate_follows(home: Home) -> None:
    one, unknown = track(1, seconds=200.0), track(2, seconds=None)
    view = LibraryView(library_of(home, one, unknown).catalogue)
    shapes = Shapes(view, Heard(), Heard(), {0: 8_000_000, 1: 5}.get)
    assert (shapes.song(0)["size"], shapes.song(0)["bitRate"]) == (8_000_000, 320)
    assert shapes.song(1)["size"] == 5
    assert "bitRate" not in shapes.song(1)
    assert "size" not in shapes_of(home, one).song(0)


def test_gains_of_the_tags_are_told(home: Home) -> None:
    song = shapes_of(home, track(1, track_gain=-6.5, track_peak=0.98), track(2))
    assert song.song(0)["replayGain"] == {"trackGain": -6.5, "trackPeak": 0.98}
    assert "replayGain" not in song.song(1)


def test_what_one_listener_played_and_thinks_is_in_their_shapes(home: Home) -> None:
    one, other = track(1), track(2)
    heard = Heard(
        plays={one.id: 3, other.id: 2},
        last_played={one.id: 1_700_000_000.0, other.id: 1_700_000_060.0},
        opinions={one.id: Opinion(one.id, rating=3.5, favourite=True, at=1_700_000_001.0)},
    )
    shapes = shapes_of(home, one, other, heard=heard)
    song = shapes.song(0)
    assert (song["playCount"], song["userRating"], song["played"]) == (3, 4, "2023-11-14T22:13:20.000Z")
    assert song["starred"] == "2023-11-14T22:13:21.000Z"
    album = shapes.album(0)
    assert (album["playCount"], album["played"], "starred" in album) == (5, "2023-11-14T22:14:20.000Z", False)


@pytest.mark.parametrize(
    ("rating", "stars"), [(None, None), (0.0, None), (0.5, 1), (1.0, 1), (2.5, 3), (4.4, 4), (5.0, 5)]
)
def test_stars_without_halves(rating: float | None, stars: int | None) -> None:
    assert whole_stars(rating) == stars


@pytest.mark.parametrize("at", [0.0, -1.0, float("nan"), float("inf"), 1e300])
def test_no_time_is_none(at: float) -> None:
    assert moment(at) is None


@pytest.mark.parametrize(
    ("name", "sorted_by"),
    [("The Beatles", "Beatles"), ("Die Ärzte", "Ärzte"), ("A", "A"), ("The", "The"), ("Thea", "Thea"), ("", "")],
)
def test_articles_are_left_out_of_what_names_are_sorted_by(name: str, sorted_by: str) -> None:
    assert sort_name(name) == sorted_by


def test_a_view_names_albums_by_its_own_numbers_whatever_came_since(home: Home) -> None:
    library = library_of(home, track(1, album="M"), track(2, album="Z"))
    shapes = Shapes(LibraryView(library.catalogue), Heard(), Heard())
    last = shapes.view.album_ids[-1]
    library.catalogue.upsert([track(number, album=f"A {number}") for number in range(3, 40)])
    assert len(LibraryView(library.catalogue).albums) > len(shapes.view.albums)
    number = shapes.view.album_number(last)
    assert number is not None
    assert (shapes.album(number)["id"], shapes.album(number)["name"]) == (last, "Z")
    assert shapes.view.album_number("al-0") is None


def test_a_track_that_came_since_has_no_album_yet(home: Home) -> None:
    library = library_of(home, track(1))
    shapes = Shapes(LibraryView(library.catalogue), Heard(), Heard())
    library.catalogue.upsert([track(2)])
    song = shapes.song(1)
    assert song["title"] == "Song 2"
    assert not {"albumId", "artistId", "parent"} & song.keys()


def test_folders_have_names_and_ids_that_tell_nothing_of_the_way_to_them(home: Home) -> None:
    gone = replace(track(9, path="/music/Gone/9.mp3"), state=TrackState.GONE)
    library = library_of(home, track(1), track(2, path="/music/Bert/2.mp3"), track(3, path="/music/3.mp3"), gone)
    tree = FolderTree(LibraryView(library.catalogue))
    (top,) = tree.tops.values()
    assert tree.name(top) == "music"
    assert [tree.name(folder) for folder in tree.below(top)] == ["Ada", "Bert"]
    assert library.catalogue.ids(tree.rows_in(top)) == [track(3).id]
    assert tree.number(tree.identity(top)) == top
    assert not any("music" in tree.identity(folder) for folder in (top, *tree.below(top)))
    assert {library.catalogue.id_at(row) for row in tree.rows_below(next(iter(tree.tops)))} == {
        track(number).id for number in (1, 2, 3)
    }


TEXT = st.text(st.characters(), max_size=15).map(clean)  # as tags are, once they are read


@given(
    st.lists(
        st.tuples(TEXT, TEXT, TEXT, TEXT, st.none() | st.integers(-5, 3_000), st.none() | st.floats(0, 1e6)),
        min_size=1,
        max_size=6,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_tags_make_shapes_that_can_be_written(home: Home, tags: list[tuple[Any, ...]]) -> None:
    tracks = [
        track(number, title=title, artist=artist, album=album, genre=genre, year=year, seconds=seconds)
        for number, (title, artist, album, genre, year, seconds) in enumerate(tags)
    ]
    shapes = shapes_of(home, *tracks)
    payload = {
        "song": shapes.songs(range(len(tracks))),
        "album": [shapes.album(number) for number in range(len(shapes.view.albums))],
        "artist": [shapes.artist(number) for number in range(len(shapes.view.artists))],
    }
    for song in payload["song"]:
        assert {"id", "title", "isDir"} <= song.keys()
        assert song["title"].strip()
    assert json.loads(Wire(Form.JSON).success(payload))["subsonic-response"]["song"] == payload["song"]
    assert Wire(Form.XML).success(payload)
    assert sum(album["songCount"] for album in payload["album"]) == len(tracks)
