"""Albums, artists, genres and folders, found in the columns of a catalogue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.library import Genre, Track, TrackState
from musicplayer.library.albums import VARIOUS, AlbumOrder, Albums, albums_of
from musicplayer.library.artists import artists_of
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.folder_tree import folders_of
from musicplayer.library.genre_tree import genres_of
from musicplayer.library.grouping import Grouping
from tests.unit.library.tracks import track

TREE = (Genre(1, "Rock"), Genre(2, "Punk", 1), Genre(3, "Post-Punk", 2), Genre(4, "Pop"), Genre(5, "Never heard", 4))


def catalogue_of(*tracks: Track) -> Catalogue:
    made = Catalogue()
    made.upsert(tracks)
    return made


def named(albums: Albums) -> dict[tuple[str, str], list[int]]:
    return {
        (albums.artists[album], albums.titles[album]): albums.rows_of(album).tolist() for album in range(len(albums))
    }


def counted(grouping: Grouping, catalogue: Catalogue) -> dict[str, int]:
    return dict(zip(grouping.labels, grouping.counts(catalogue.rows()).tolist(), strict=True))


def rows_of(grouping: Grouping, catalogue: Catalogue, label: str) -> list[int]:
    return grouping.rows_of([list(grouping.labels).index(label)], catalogue.rows()).tolist()


# Albums


def test_an_album_is_its_title_and_its_artist_in_the_order_of_its_discs() -> None:
    albums = albums_of(
        catalogue_of(
            track(0, artist="Low", album="Hey What", track_number=2, disc_number=1, year=2021, seconds=100.0),
            track(1, artist="LOW", album="Hey what", track_number=1, disc_number=2, seconds=50.0),
            track(2, artist="Low", album="Hey What", track_number=1, disc_number=1),
            track(3, artist="Other", album="Hey What", path="/elsewhere/3.mp3"),
        )
    )
    assert named(albums) == {("Low", "Hey What"): [2, 0, 1], ("Other", "Hey What"): [3]}
    place = albums.place_of("low\0hey what")
    assert place is not None
    assert (albums.years[place], albums.seconds[place]) == (2021, 150)


def test_the_album_artist_counts_before_the_artist() -> None:
    albums = albums_of(
        catalogue_of(
            track(0, artist="A", album="Duets", album_artist="Host"),
            track(1, artist="B", album="Duets", album_artist="Host"),
        )
    )
    assert list(named(albums)) == [("Host", "Duets")]


@pytest.mark.parametrize("name", ["Various Artists", "VA", "various"])
def test_albums_of_various_artists_are_one_whatever_these_are_called(name: str) -> None:
    albums = albums_of(catalogue_of(track(0, artist="A", album="Mix", album_artist=name)))
    assert list(named(albums)) == [(VARIOUS, "Mix")]


def test_a_folder_of_one_title_by_several_artists_is_a_compilation() -> None:
    albums = albums_of(
        catalogue_of(
            track(0, artist="A", album="Mix", path="/mix/1.mp3"),
            track(1, artist="B", album="Mix", path="/mix/2.mp3"),
            track(2, artist="C", album="Mix", path="/c/1.mp3"),
        )
    )
    assert named(albums) == {(VARIOUS, "Mix"): [0, 1], ("C", "Mix"): [2]}


def test_bands_that_call_theirs_alike_in_one_folder_stay_apart() -> None:
    tracks = [track(number, artist=name, album="Demo", track_number=1) for number, name in enumerate("ABC")]
    albums = albums_of(catalogue_of(*tracks, track(9, artist="D", album="Else")))
    assert len(albums) == 4


def test_a_sampler_among_other_albums_is_known_by_its_numbers() -> None:
    tracks = [track(number, artist=name, album="Sampler", track_number=number + 1) for number, name in enumerate("ABC")]
    albums = albums_of(catalogue_of(*tracks, track(9, artist="D", album="Else")))
    assert set(named(albums)) == {(VARIOUS, "Sampler"), ("D", "Else")}


def test_tracks_without_an_album_are_together_by_artist_and_what_is_gone_is_left_out() -> None:
    albums = albums_of(
        catalogue_of(track(0, artist="A"), track(1, artist="A"), track(2, artist="A", state=TrackState.GONE))
    )
    assert named(albums) == {("A", ""): [0, 1]}
    assert albums.album_of_row.tolist() == [0, 0, -1]


def test_albums_sort_with_what_is_missing_last() -> None:
    albums = albums_of(
        catalogue_of(
            track(0, artist="B", album="One", year=2001, added_at=3.0),
            track(1, artist="A", album="Two", added_at=2.0),
            track(2, artist="", album="Three", year=1999, added_at=1.0),
        )
    )
    every = np.arange(3)

    def order(by: AlbumOrder, *, descending: bool = False) -> list[str]:
        return [albums.titles[album] for album in albums.sorted(every, by, descending=descending)]

    assert order(AlbumOrder.ARTIST) == ["Two", "One", "Three"]
    assert order(AlbumOrder.YEAR, descending=True) == ["One", "Three", "Two"]
    assert order(AlbumOrder.ADDED, descending=True) == ["One", "Two", "Three"]
    assert order(AlbumOrder.TITLE) == ["One", "Three", "Two"]


def test_albums_among_found_rows() -> None:
    catalogue = catalogue_of(track(0, album="A"), track(1, album="B"), track(2, album="A"))
    albums = albums_of(catalogue)
    assert [albums.titles[album] for album in albums.among(np.array([2]))] == ["A"]
    catalogue.upsert([track(3, album="C")])
    assert albums.among(catalogue.rows()).tolist() == [0, 1], "rows that came later are not taken for others"


@given(st.lists(st.tuples(st.sampled_from("abA "), st.sampled_from("xyX "), st.sampled_from("pq")), max_size=12))
def test_every_listed_track_is_on_exactly_one_album(names: list[tuple[str, str, str]]) -> None:
    tracks = [
        track(number, artist=artist.strip(), album=album.strip(), path=f"/{folder}/{number}.mp3")
        for number, (artist, album, folder) in enumerate(names)
    ]
    albums = albums_of(catalogue_of(*tracks))
    assert sorted(albums.rows.tolist()) == list(range(len(names)))
    assert all(len(albums.rows_of(album)) for album in range(len(albums)))


# Artists


def test_artists_are_one_whatever_the_case_and_in_natural_order() -> None:
    catalogue = catalogue_of(
        track(0, artist="Band 10"), track(1, artist="Band 2"), track(2, artist="BAND 2"), track(3, album_artist="Äther")
    )
    catalogue.upsert([track(4)])
    artists = artists_of(catalogue)
    assert list(artists.labels) == ["Äther", "Band 2", "Band 10", ""]
    assert counted(artists, catalogue) == {"Äther": 1, "Band 2": 2, "Band 10": 1, "": 1}
    assert rows_of(artists, catalogue, "Band 2") == [1, 2]


def test_an_empty_library_has_no_groups() -> None:
    empty = Catalogue()
    for grouping in (artists_of(empty), genres_of(empty, TREE), folders_of(empty)):
        assert len(grouping) == 0
        assert grouping.counts(empty.rows()).tolist() == []
    assert len(albums_of(empty)) == 0


# Genres


def test_a_genre_holds_the_tracks_of_those_below_it() -> None:
    catalogue = catalogue_of(
        track(0, genre="Rock", genres=("Rock", "Post-Punk")),
        track(1, genre="punk"),
        track(2, genres=("Pop", "Rock")),
        track(3),
        track(4, genre="Skiffle"),
    )
    genres = genres_of(catalogue, TREE)
    assert list(genres.labels) == ["Pop", "Rock", "Punk", "Post-Punk", "Skiffle", ""]
    parents = {label: genres.parents[place] for place, label in enumerate(genres.labels)}
    assert genres.labels[parents["Post-Punk"]] == "Punk"
    assert genres.labels[parents["Punk"]] == "Rock"
    assert counted(genres, catalogue) == {"Pop": 1, "Rock": 3, "Punk": 2, "Post-Punk": 1, "Skiffle": 1, "": 1}
    assert rows_of(genres, catalogue, "Punk") == [0, 1]


def labelled(genres: Grouping) -> list[str]:
    """Every genre with those above it."""

    def path(place: int) -> str:
        above = int(genres.parents[place])
        return genres.labels[place] if above < 0 else f"{path(above)} › {genres.labels[place]}"

    return [path(place) for place in range(len(genres))]


def test_a_genre_of_two_levels_lies_below_the_wider_one() -> None:
    catalogue = catalogue_of(
        track(0, genre="game/chip"),
        track(1, genre="Game/Synth"),
        track(2, genre="Electronic"),
        track(3, genre="electronic/techno/minimal"),
        track(4, genre="electronic\\Techno"),
        track(5, genre="Singer/Songwriter"),
        track(6, genre="Old-Time / Historic"),
    )
    genres = genres_of(catalogue)
    assert labelled(genres) == [
        "electronic" if genres.labels[0] == "electronic" else "Electronic",
        f"{genres.labels[0]} › {genres.labels[1]}",
        f"{genres.labels[0]} › {genres.labels[1]} › minimal",
        genres.labels[3],
        f"{genres.labels[3]} › chip",
        f"{genres.labels[3]} › Synth",
        "Old-Time / Historic",
        "Singer/Songwriter",
    ]
    assert genres.labels[3].lower() == "game"
    assert rows_of(genres, catalogue, genres.labels[0]) == [2, 3, 4]
    assert rows_of(genres, catalogue, genres.labels[3]) == [0, 1]
    assert len(set(genres.keys)) == len(genres)


def test_levels_of_a_tag_find_their_place_in_the_known_tree() -> None:
    catalogue = catalogue_of(track(0, genre="rock/post-punk"), track(1, genre="Rock/Shoegaze"), track(2, genre="ROCK"))
    genres = genres_of(catalogue, TREE)
    assert labelled(genres) == ["Rock", "Rock › Punk", "Rock › Punk › Post-Punk", "Rock › Shoegaze"]
    assert genres.place_of("post-punk") == 2


def test_spellings_of_a_genre_are_one_as_most_tracks_write_it() -> None:
    catalogue = catalogue_of(*(track(n, genre=genre) for n, genre in enumerate(["rock", "Rock", "ROCK", "Rock"])))
    genres = genres_of(catalogue)
    assert list(genres.labels) == ["Rock"]
    assert counted(genres, catalogue) == {"Rock": 4}


def test_without_a_known_tree_genres_are_flat() -> None:
    catalogue = catalogue_of(track(0, genre="Punk"), track(1, genre="Rock"))
    assert set(genres_of(catalogue).parents.tolist()) == {-1}


def test_a_tree_that_goes_in_circles_ends_somewhere() -> None:
    catalogue = catalogue_of(track(0, genre="One"))
    genres = genres_of(catalogue, [Genre(1, "One", 2), Genre(2, "Two", 1)])
    assert counted(genres, catalogue)["One"] == 1


# Folders


def test_folders_begin_at_those_of_the_library_and_hold_what_is_below() -> None:
    catalogue = catalogue_of(
        track(0, path="/music/a/b/1.mp3"),
        track(1, path="/music/a/2.mp3"),
        track(2, path="/music/a b/3.mp3"),
        track(3, path="/drive/4.mp3", root="/drive"),
    )
    folders = folders_of(catalogue)
    assert list(folders.labels) == ["/drive", "/music", "a", "b", "a b"]
    assert folders.parents.tolist() == [-1, -1, 1, 2, 1]
    assert counted(folders, catalogue) == {"/drive": 1, "/music": 3, "a": 2, "b": 1, "a b": 1}
    assert rows_of(folders, catalogue, "a") == [0, 1]


def test_folders_follow_a_track_that_moved() -> None:
    catalogue = catalogue_of(track(0, path="/music/a/1.mp3"))
    folders_of(catalogue)
    catalogue.upsert([track(0, path="/music/z/1.mp3")])
    assert counted(folders_of(catalogue), catalogue)["z"] == 1


def test_a_folder_below_another_of_the_library_stands_in_it_once() -> None:
    catalogue = catalogue_of(
        track(0, path="/music/a/1.mp3"), track(1, path="/music/a/2.mp3", root="/music/a"), track(2, path="/music/3.mp3")
    )
    folders = folders_of(catalogue)
    assert counted(folders, catalogue) == {"/music": 1, "/music/a": 2}


def test_counting_passes_over_rows_that_came_later() -> None:
    catalogue = catalogue_of(track(0, artist="A"))
    artists = artists_of(catalogue)
    catalogue.upsert([track(1, artist="B")])
    assert counted(artists, catalogue)["A"] == 1
    assert rows_of(artists, catalogue, "A") == [0]
