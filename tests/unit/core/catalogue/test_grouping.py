"""Albums, artists, genres and folders, found in the columns of a catalogue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.catalogue.album_rule import album_rows
from indexer.core.catalogue.albums import VARIOUS, AlbumOrder, Albums, albums_by_title, albums_of
from indexer.core.catalogue.artists import artists_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.folder_tree import folders_of
from indexer.core.catalogue.genre_tree import genres_of
from indexer.core.catalogue.grouping import Grouping, side_by_side
from indexer.core.tracks import Genre, Track, TrackState
from tests.unit.core.catalogue.tracks import track

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


def on_album(number: int, folder: str, **fields: Any) -> Track:
    return track(number, **({"artist": "Band", "album": "Live", "path": f"/music/{folder}/{number}.mp3"} | fields))


def albums_in(catalogue: Catalogue) -> list[list[int]]:
    """The albums as the page has them, which loudness and fades have to have alike."""
    albums = albums_of(catalogue)
    found = [sorted(albums.rows_of(album).tolist()) for album in range(len(albums))]
    for rows in found:
        for row in rows:
            assert album_rows(catalogue, row).tolist() == (rows if catalogue.album(row) else [])
    return sorted(found)


PLACED = st.tuples(
    st.sampled_from(["A", "B", "A feat. C", "C", ""]),
    st.sampled_from(["X", "x", "Y", ""]),
    st.sampled_from(["", "A", "Various"]),
    st.sampled_from(["p", "q", "p/CD1", "p/CD2"]),
    st.none() | st.integers(1, 3),
    st.booleans(),
)


@given(st.lists(PLACED, max_size=16))
def test_one_album_is_found_as_all_are(places: list[tuple[str, str, str, str, int | None, bool]]) -> None:
    tracks = [
        track(
            number, artist=artist, album=album, album_artist=host, path=f"/{folder}/{number}.mp3", track_number=place,
            compilation=told,
        )
        for number, (artist, album, host, folder, place, told) in enumerate(places)
    ]  # fmt: skip
    assert sorted(row for rows in albums_in(catalogue_of(*tracks)) for row in rows) == list(range(len(places)))


@pytest.mark.parametrize(
    "discs", [("CD1", "CD2"), ("Disc 1", "disc 2 - encore"), ("Live (Disc One)", "Live (Disc Two)")]
)
@pytest.mark.parametrize("host", ["", "Band"])
@pytest.mark.parametrize("numbers", [(1, 2), (None, None)])
def test_discs_in_folders_of_their_own_are_one_album_in_their_order(
    discs: tuple[str, str], host: str, numbers: tuple[int | None, int | None]
) -> None:
    tracks = [
        on_album(2 * disc + place, discs[disc], album_artist=host, track_number=place + 1, disc_number=numbers[disc])
        for disc in (1, 0)
        for place in (1, 0)
    ]
    catalogue = catalogue_of(*tracks)
    assert albums_in(catalogue) == [[0, 1, 2, 3]]
    in_order = [catalogue.path(row).rpartition("/")[2] for row in albums_of(catalogue).rows_of(0).tolist()]
    assert in_order == ["0.mp3", "1.mp3", "2.mp3", "3.mp3"]


@pytest.mark.parametrize("host", ["", "Band"])
def test_two_albums_of_one_title_in_two_folders_are_two(host: str) -> None:
    tracks = [
        on_album(2 * place + number, ("1999", "2009")[place], album_artist=host, track_number=number + 1)
        for place in (0, 1)
        for number in (0, 1)
    ]
    catalogue = catalogue_of(*tracks)
    assert albums_in(catalogue) == [[0, 1], [2, 3]]
    albums = albums_of(catalogue)
    assert [albums.place_of(albums.key(album)) for album in (0, 1)] == [0, 1]


def test_an_album_with_its_artist_may_lie_in_several_folders() -> None:
    tracks = [on_album(n, f"folder {n}", album_artist="Host", artist=f"A{n}", track_number=n) for n in (1, 2, 3)]
    assert albums_in(catalogue_of(*tracks)) == [[0, 1, 2]]


def test_bands_whose_albums_have_one_title_are_apart_in_every_rule() -> None:
    tracks = [on_album(n, f"band {n % 2}", artist=f"Band {n % 2}", track_number=n // 2 + 1) for n in range(4)]
    assert albums_in(catalogue_of(*tracks)) == [[0, 2], [1, 3]]


def test_guests_make_no_compilation_of_an_album() -> None:
    names = ["Band", "Band feat. Guest", "Band; Other"]
    catalogue = catalogue_of(
        *(on_album(n, "live", artist=name, track_number=n + 1) for n, name in enumerate(names)),
        on_album(3, "live", artist="Band & Fourth", artists=("Band", "Fourth"), track_number=4),
    )
    assert named(albums_of(catalogue)) == {("Band", "Live"): [0, 1, 2, 3]}


def test_an_album_by_several_is_called_as_they_are_written() -> None:
    catalogue = catalogue_of(*(on_album(n, "live", artist="Duet One; Duet Two") for n in (0, 1)))
    assert list(named(albums_of(catalogue))) == [("Duet One; Duet Two", "Live")]


def test_a_sampler_stays_whole_by_its_flag_whatever_lies_beside_it() -> None:
    sampler = {"album": "Sampler", "track_number": 1}
    tracks = [
        on_album(3 * disc + n, f"CD{disc + 1}", artist=f"Guest {disc} {n % 2}", compilation=flag, **sampler)
        for disc in (0, 1)
        for n, flag in enumerate([True, False, True])
    ]
    catalogue = catalogue_of(*tracks, on_album(9, "CD1", album="Else"))
    assert albums_in(catalogue) == [[0, 1, 2, 3, 4, 5], [6]]
    assert (VARIOUS, "Sampler") in named(albums_of(catalogue))


def test_a_flag_on_the_best_of_one_artist_makes_it_no_sampler() -> None:
    catalogue = catalogue_of(*(on_album(n, "best", album="Best of", compilation=True) for n in (0, 1)))
    assert list(named(albums_of(catalogue))) == [("Band", "Best of")]


def test_a_box_whose_discs_have_names_of_their_own_keeps_them() -> None:
    tracks = [on_album(n, f"Box/Disc {n}", album=f"The Box (Disc {n})", disc_number=n) for n in (1, 2)]
    assert list(named(albums_of(catalogue_of(*tracks)))) == [("Band", "The Box (Disc 1)"), ("Band", "The Box (Disc 2)")]


def test_without_numbers_the_names_of_the_files_order_an_album() -> None:
    titles = ["Zebra", "Moth", "Yak", "Cat"]
    tracks = [track(n, album="Side", title=name, path=f"/music/A{n + 1} {name}.flac") for n, name in enumerate(titles)]
    (rows,) = named(albums_of(catalogue_of(*reversed(tracks)))).values()
    assert rows == [3, 2, 1, 0]


NAMED = st.tuples(
    st.sampled_from(["a", "b", "a feat. b", ""]),
    st.sampled_from(["x", "X", "y", ""]),
    st.sampled_from(["", "", "host", "va"]),
    st.sampled_from(["p", "q", "p/CD1", "p/CD2"]),
    st.integers(0, 3),
    st.booleans(),
)


@given(st.lists(NAMED, max_size=10))
def test_page_loudness_and_fades_agree_about_every_album(names: list[tuple[str, str, str, str, int, bool]]) -> None:
    tracks = [
        track(
            n,
            artist=artist,
            album=album,
            album_artist=host,
            path=f"/music/{folder}/{n}.mp3",
            track_number=number or None,
            compilation=flag,
        )
        for n, (artist, album, host, folder, number, flag) in enumerate(names)
    ]
    albums_in(catalogue_of(*tracks))


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


def test_a_track_is_found_under_each_of_its_artists() -> None:
    catalogue = catalogue_of(
        track(0, artist="Duet One; Duet Two"),
        track(1, artist="Duet One / Duet Two"),
        track(2, artist="AC/DC"),
        track(3, artist="Duet One feat. Duet Two"),
        track(4, artist="Duet One & Duet Two", artists=("Duet One", "Duet Two")),
        track(5, artist="Duet Two", album_artist="Duet One & Duet Two", album_artists=("Duet One", "Duet Two")),
        track(6, artist="Simon & Garfunkel", album_artist="Various Artists"),
        track(7, artist="DUET ONE"),
    )
    artists = artists_of(catalogue)
    assert counted(artists, catalogue) == {"AC/DC": 1, "Duet One": 6, "Duet Two": 5, "Simon & Garfunkel": 1}
    assert rows_of(artists, catalogue, "Duet One") == [0, 1, 3, 4, 5, 7]
    assert rows_of(artists, catalogue, "Duet Two") == [0, 1, 3, 4, 5]
    assert [artists.labels[group] for group in artists.groups_of(5)] == ["Duet Two", "Duet One"]
    assert catalogue.track(4).artist == "Duet One & Duet Two"


def test_a_name_that_the_library_knows_as_one_is_not_parted() -> None:
    catalogue = catalogue_of(
        track(0, artist="Love / Hate"),
        track(1, artist="Love / Hate & Guest", artists=("Love / Hate", "Guest")),
        track(2, artist="The Ft. Knox Five", album_artist="The Ft. Knox Five"),
        track(3, artist="Dance with the Dead"),
        track(4, artist="Elm Lane with Guests"),
        track(5, artist="Elm Lane"),
    )
    names = {"Love / Hate", "Guest", "The Ft. Knox Five", "Dance with the Dead", "Elm Lane", "Guests"}
    assert set(artists_of(catalogue).labels) == names


ONE_NAME = [("Jay-Zed", "Jay‐Zed"), ("Guns n' Lilies", "Guns n’ Lilies"), ("Meg", "MEG")]
DIFFERENT_NAMES = ["Bôa", "BoA", "Mø", "Mo", "ハナ", "バナ", "Mia.", "M.I.A.", "!!!", "???", "+/-"]


def test_artists_are_one_by_their_letters_and_signs() -> None:
    names = [name for pair in ONE_NAME for name in pair] + DIFFERENT_NAMES
    catalogue = catalogue_of(*(track(number, artist=name) for number, name in enumerate(names)))
    wanted = {first: 2 for first, _ in ONE_NAME} | dict.fromkeys(DIFFERENT_NAMES, 1)
    assert counted(artists_of(catalogue), catalogue) == wanted


def test_artists_of_signs_alone_are_artists_with_albums() -> None:
    catalogue = catalogue_of(*(track(n, artist=name, album=name) for n, name in enumerate(["!!!", "???", "+/-"])))
    assert sorted(artists_of(catalogue).labels) == ["!!!", "+/-", "???"]
    assert sorted(named(albums_of(catalogue))) == [("!!!", "!!!"), ("+/-", "+/-"), ("???", "???")]


@given(st.lists(st.tuples(*[st.sampled_from(["", "A", "B; A", "A feat. C", "VA", "D / a"])] * 2), max_size=8))
def test_every_track_is_under_some_artist(names: list[tuple[str, str]]) -> None:
    catalogue = catalogue_of(*(track(n, artist=one, album_artist=other) for n, (one, other) in enumerate(names)))
    artists = artists_of(catalogue)
    assert all(len(artists.groups_of(row)) for row in range(len(names)))
    assert artists.rows_of(range(len(artists)), catalogue.rows()).tolist() == list(range(len(names)))


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


def test_the_first_artist_of_a_track_is_the_one_who_is_named_first() -> None:
    catalogue = catalogue_of(track(0, artist="B", artists=("Zed", "Abe")), track(1, artist="B"), track(2, artist="Abe"))
    groups = artists_of(catalogue)
    for row in range(3):
        assert groups.first_of(row) == groups.groups_of(row)[0]
    assert groups.labels[groups.first_of(0) or 0] == "Zed"
    assert groups.first_of(3) is None


# Lists of groups


def test_a_tree_side_by_side_has_each_name_once_in_the_order_of_the_alphabet() -> None:
    catalogue = catalogue_of(
        track(0, genre="Rock"), track(1, genre="Punk"), track(2, genre="Post-Punk"), track(3, genre="punk"), track(4)
    )
    listed = side_by_side(genres_of(catalogue, TREE))
    assert counted(listed, catalogue) == {"": 1, "Post-Punk": 1, "Punk": 3, "Rock": 4}
    assert list(listed.labels) == ["Post-Punk", "Punk", "Rock", ""]
    assert set(listed.parents.tolist()) == {-1}


def test_albums_by_title_are_told_apart_by_their_artists_only_where_they_must_be() -> None:
    catalogue = catalogue_of(
        track(0, artist="Low", album="Hits", path="/a/0.mp3"),
        track(1, artist="Queen", album="Hits", path="/b/1.mp3"),
        track(2, artist="Low", album="Drums", path="/c/2.mp3"),
        track(3, artist="Low"),
        track(4, artist="Queen"),
    )
    listed = albums_by_title(albums_of(catalogue))
    assert counted(listed, catalogue) == {"": 2, "Drums": 1, "Hits – Low": 1, "Hits – Queen": 1}
    assert rows_of(listed, catalogue, "") == [3, 4]
    assert rows_of(listed, catalogue, "Hits – Queen") == [1]
    assert len(albums_by_title(albums_of(catalogue_of()))) == 0
