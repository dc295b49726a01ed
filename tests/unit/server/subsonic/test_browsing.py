"""Browsing, lists and searches by apps, over a real library, each listener with their own numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.unit.server.subsonic.served import Served
from tests.waiting import wait_until

pytestmark = pytest.mark.database

NOBODYS = ("x", "0" * 32, "al-000000000000000000", "ar-000000000000000000", "fo-000000000000000000", "../../etc/passwd")


def names(shapes: list[dict[str, Any]]) -> list[str]:
    return [shape.get("name") or shape["title"] for shape in shapes]


def artists(library: Served, **values: Any) -> dict[str, dict[str, Any]]:
    index = library.ok("getArtists", **values)["artists"]["index"]
    return {artist["name"]: artist for letter in index for artist in letter["artist"]}


def test_artists_stand_under_their_letters_without_articles(library: Served) -> None:
    found = library.ok("getArtists")["artists"]
    assert "Die" in found["ignoredArticles"].split()
    letters = {letter["name"]: names(letter["artist"]) for letter in found["index"]}
    assert letters["A"] == ["Ada & The Sines", "Die Ärzte für Töne"]
    assert list(letters) == sorted(letters)


def test_from_an_artist_to_albums_to_songs_and_back(library: Served) -> None:
    artist = artists(library)["Bert Bass"]
    answer = library.ok("getArtist", id=artist["id"])["artist"]
    assert artist["albumCount"] == len(answer["album"]) == 6
    years = [album["year"] for album in answer["album"]]
    assert years == sorted(years)
    album = library.ok("getAlbum", id=answer["album"][1]["id"])["album"]
    assert album["songCount"] == len(album["song"]) == 4
    assert [song["track"] for song in album["song"]] == [1, 2, 3, 4]
    song = album["song"][1]
    assert song["artist"] == "Bert Bass"
    assert song["artistId"] == artist["id"] == song["artists"][0]["id"]
    assert (song["albumId"], song["parent"], song["mediaType"]) == (album["id"], album["id"], "song")
    assert library.ok("getSong", id=song["id"])["song"] == song


def test_a_song_has_what_is_known_of_it_and_nothing_of_where_the_library_lies(library: Served) -> None:
    wait_until(lambda: "size" in library.ok("getSong", id=library.tracks[3].id)["song"], "how large files are")
    answer = library.get("getSong", id=library.tracks[3].id)
    song = answer.json()["subsonic-response"]["song"]
    size = Path(library.tracks[3].path).stat().st_size
    assert song == {
        "id": library.tracks[3].id,
        "parent": song["albumId"],
        "isDir": False,
        "title": "Song 3",
        "album": "Album 0",
        "artist": "Die Ärzte für Töne",
        "track": 4,
        "year": 2000,
        "genre": "Jazz",
        "coverArt": library.tracks[3].id,
        "contentType": "audio/flac",
        "suffix": "flac",
        "size": size,
        "bitRate": round(size * 8 / 6 / 1000),
        "duration": 6,
        "path": "Album 0/4 Song 3.flac",
        "isVideo": False,
        "created": "2023-11-14T22:13:23.000Z",
        "albumId": song["albumId"],
        "artistId": artists(library)["Die Ärzte für Töne"]["id"],
        "type": "music",
        "mediaType": "song",
        "sortName": "Song 3",
        "genres": [{"name": "Jazz"}],
        "artists": [{"id": song["artistId"], "name": "Die Ärzte für Töne"}],
        "displayArtist": "Die Ärzte für Töne",
        "albumArtists": song["albumArtists"],
        "displayAlbumArtist": "Various Artists",
    }
    assert library.tracks[3].root not in answer.text


def test_a_song_has_the_codes_that_the_world_knows_it_by(library: Served) -> None:
    known = replace(library.tracks[20], mbid="0" * 8 + "-0000-0000-0000-" + "1" * 12, isrc="DEABC2600001")

    def write() -> None:
        library.portal.call(library.hub.library.ask, lambda database: database.tracks.upsert([known]))

    write()
    song = library.ok("getSong", id=known.id)["song"]
    assert (song["musicBrainzId"], song["isrc"]) == (known.mbid, [known.isrc])
    album = library.ok("getAlbum", id=song["albumId"])["album"]["song"]
    assert [one.get("isrc") for one in album] == [[known.isrc], None, None, None]


def test_a_compilation_is_one(library: Served) -> None:
    albums = library.ok("getAlbumList2", type="alphabeticalByName", size=500)["albumList2"]["album"]
    assert names(albums) == [f"Album {number}" for number in range(6)]
    assert albums[0]["isCompilation"] is True
    assert albums[0]["artist"] == "Various artists"


@pytest.mark.parametrize("endpoint", ["getArtist", "getAlbum", "getSong", "getMusicDirectory", "getArtistInfo2"])
def test_ids_of_nothing_find_nothing(library: Served, endpoint: str) -> None:
    assert [library.error(endpoint, id=identity) for identity in NOBODYS] == [70] * len(NOBODYS)
    assert library.error(endpoint) == 10


def test_genres_count_songs_and_albums(library: Served) -> None:
    assert library.ok("getGenres")["genres"]["genre"] == [
        {"value": "Jazz", "songCount": 12, "albumCount": 6},
        {"value": "Rock", "songCount": 12, "albumCount": 6},
    ]
    songs = library.ok("getSongsByGenre", genre="rock", count=5, offset=10)["songsByGenre"]["song"]
    assert [song["genre"] for song in songs] == ["Rock", "Rock"]
    assert library.ok("getSongsByGenre", genre="Polka")["songsByGenre"]["song"] == []


def test_the_same_answer_in_xml(library: Served) -> None:
    album = library.ok("getAlbumList2", type="newest", size=1)["albumList2"]["album"][0]
    root = ET.fromstring(library.get("getAlbum", id=album["id"], f="xml").content)
    found = root[0]
    assert found.attrib["name"] == album["name"]
    songs = [one for one in found if one.tag.endswith("}song")]
    assert len(songs) == 4
    assert [one.attrib["name"] for one in songs[0] if one.tag.endswith("}genres")] == ["Rock"]


def test_by_folder(library: Served) -> None:
    folder = library.ok("getMusicFolders")["musicFolders"]["musicFolder"]
    assert names(folder) == ["music"]
    index = library.ok("getIndexes", musicFolderId=folder[0]["id"])["indexes"]
    shelves = [shelf for letter in index["index"] for shelf in letter["artist"]]
    assert names(shelves) == [f"Album {number}" for number in range(6)]
    inside = library.ok("getMusicDirectory", id=shelves[2]["id"])["directory"]
    assert names(inside["child"]) == [f"Song {number}" for number in range(8, 12)]
    assert {song["parent"] for song in inside["child"]} == {inside["id"]}
    above = library.ok("getMusicDirectory", id=inside["parent"])["directory"]
    assert names(above["child"]) == names(shelves)
    assert {child["isDir"] for child in above["child"]} == {True}
    assert library.ok("getMusicDirectory", id=folder[0]["id"])["directory"] == above
    assert library.error("getIndexes", musicFolderId=1) == 70


def test_an_index_that_has_not_changed_is_not_told_again(library: Served) -> None:
    changed = library.ok("getIndexes")["indexes"]["lastModified"]
    assert "index" not in library.ok("getIndexes", ifModifiedSince=changed)["indexes"]
    assert "index" in library.ok("getIndexes", ifModifiedSince=changed - 1)["indexes"]


def test_albums_of_old_lists_are_folders_that_can_be_opened(library: Served) -> None:
    album = library.ok("getAlbumList", type="newest", size=1)["albumList"]["album"][0]
    assert (album["isDir"], album["title"]) == (True, "Album 5")
    assert len(library.ok("getMusicDirectory", id=album["id"])["directory"]["child"]) == 4
    artist = library.ok("getMusicDirectory", id=album["artistId"])["directory"] if "artistId" in album else None
    assert artist is None or all(child["isDir"] for child in artist["child"])


def listed(library: Served, kind: str, listener: str = "Ada", **values: Any) -> list[str]:
    return names(library.ok("getAlbumList2", listener, type=kind, size=500, **values)["albumList2"]["album"])


def test_lists_that_are_everybodys(library: Served) -> None:
    everything = [f"Album {number}" for number in range(6)]
    assert listed(library, "newest") == everything[::-1]
    assert sorted(listed(library, "random")) == everything
    assert sorted(listed(library, "alphabeticalByArtist")) == everything
    assert listed(library, "byYear", fromYear=2001, toYear=2003) == everything[1:4]
    assert listed(library, "byYear", fromYear=2003, toYear=2001) == everything[3:0:-1]
    assert sorted(listed(library, "byGenre", genre="Jazz")) == everything
    assert listed(library, "byGenre", genre="Polka") == []
    paged = [
        name
        for offset in range(0, 8, 2)
        for name in names(
            library.ok("getAlbumList2", type="alphabeticalByName", size=2, offset=offset)["albumList2"]["album"]
        )
    ]
    assert paged == everything


def test_lists_want_what_they_are_of(library: Served) -> None:
    assert library.error("getAlbumList2") == 10
    assert library.error("getAlbumList2", type="best") == 10
    assert library.error("getAlbumList2", type="byYear") == 10
    assert library.error("getAlbumList2", type="byGenre") == 10
    assert library.error("getAlbumList2", type="newest", size=-1) == 10


def test_lists_of_what_a_listener_played_rated_and_starred_are_their_own(
    library: Served, new_listener: Callable[[], str]
) -> None:
    me, other = new_listener(), new_listener()
    album = library.ok("getAlbumList2", type="newest", size=1)["albumList2"]["album"][0]
    for number in (4, 5, 9):
        library.ok("scrobble", me, id=library.tracks[number].id, time=1_600_000_000_000 + number * 1_000_000)
    library.ok("setRating", me, id=library.tracks[12].id, rating=3)
    library.ok("setRating", me, id=album["id"], rating=5)
    library.ok("star", me, albumId=album["id"])
    assert listed(library, "frequent", me) == ["Album 1", "Album 2"]
    assert listed(library, "recent", me) == ["Album 2", "Album 1"]
    assert listed(library, "highest", me) == ["Album 5", "Album 3"]
    assert listed(library, "starred", me) == ["Album 5"]
    for kind in ("frequent", "recent", "highest", "starred"):
        assert listed(library, kind, other) == []
    mine, theirs = (library.ok("getAlbum", who, id=album["id"])["album"] for who in (me, other))
    assert mine["userRating"] == 5
    assert "starred" in mine
    assert not {"userRating", "starred", "playCount"} & theirs.keys()


def test_random_songs_are_each_there_once(library: Served) -> None:
    songs = library.ok("getRandomSongs", size=500)["randomSongs"]["song"]
    assert {song["id"] for song in songs} == {track.id for track in library.tracks}
    assert len(songs) == len(library.tracks)
    few = library.ok("getRandomSongs", size=3, genre="Rock", fromYear=2002, toYear=2003)["randomSongs"]["song"]
    assert {(song["genre"], song["year"] in {2002, 2003}) for song in few} == {("Rock", True)}
    assert library.ok("getRandomSongs", fromYear=1900, toYear=1901)["randomSongs"]["song"] == []


@pytest.mark.parametrize("query", ["", '""'])
def test_a_search_for_nothing_lists_everything_in_pages(library: Served, query: str) -> None:
    found: list[str] = []
    for offset in range(0, 30, 7):
        answer = library.ok("search3", query=query, songCount=7, songOffset=offset, albumCount=0, artistCount=0)
        found += [song["id"] for song in answer["searchResult3"]["song"]]
    assert sorted(found) == sorted(track.id for track in library.tracks)
    groups = library.ok("search3", query=query, songCount=0, albumCount=500, artistCount=500)["searchResult3"]
    assert len(groups["album"]) == 6
    assert {"Ada & The Sines", "Bert Bass"} <= set(names(groups["artist"]))


def test_searches_find_words_whatever_their_case_and_accents(library: Served) -> None:
    found = library.ok("search3", query="arzte")["searchResult3"]
    assert names(found["artist"]) == ["Die Ärzte für Töne"]
    assert {song["artist"] for song in found["song"]} == {"Die Ärzte für Töne"}
    assert names(library.ok("search3", query="album 3")["searchResult3"]["album"]) == ["Album 3"]
    assert names(library.ok("search3", query="son* 17")["searchResult3"]["song"]) == ["Song 17"]
    assert library.ok("search3", query="nothing like it")["searchResult3"] == {"artist": [], "album": [], "song": []}


def test_searches_may_be_in_the_search_language_or_broken(library: Served) -> None:
    found = library.ok("search3", query='genre:rock year>2003 -title:"song 20"')["searchResult3"]["song"]
    assert names(found) == ["Song 16", "Song 18", "Song 22"]
    assert library.ok("search3", query='"Song 1')["searchResult3"]["song"]
    assert library.ok("search3", query="year>abc")["searchResult3"]["song"] == []


def test_searches_by_folder_and_of_old(library: Served) -> None:
    found = library.ok("search2", query="album 3")["searchResult2"]
    assert [(album["isDir"], album["title"]) for album in found["album"]] == [(True, "Album 3")]
    old = library.ok("search", artist="bert", count=2)["searchResult"]
    assert (old["totalHits"], len(old["match"])) == (6, 2)


def test_every_list_may_be_of_one_music_folder(library: Served) -> None:
    folder = library.ok("getMusicFolders")["musicFolders"]["musicFolder"][0]["id"]
    assert len(artists(library, musicFolderId=folder)) == len(artists(library))
    assert len(library.ok("search3", query="", songCount=99, musicFolderId=folder)["searchResult3"]["song"]) == 24
    for endpoint, values in {
        "getAlbumList2": {"type": "newest"},
        "search3": {"query": ""},
        "getRandomSongs": {},
        "getArtists": {},
        "getStarred2": {},
    }.items():
        assert library.error(endpoint, musicFolderId=7, **values) == 70


def test_a_user_asks_about_themselves_and_an_admin_about_all(library: Served) -> None:
    user = library.ok("getUser", "Bob", username="Bob")["user"]
    assert (user["username"], user["adminRole"], user["streamRole"]) == ("Bob", False, True)
    assert library.error("getUser", "Bob", username="Ada") == 50
    assert library.error("getUser", "Bob", username="Nobody") == 50
    assert library.error("getUsers", "Bob") == 50
    assert [one["username"] for one in library.ok("getUsers")["users"]["user"]][:2] == ["Ada", "Bob"]
    assert library.error("getUser", username="Nobody") == 70


def test_an_admin_makes_changes_and_removes_accounts_and_nobody_else_does(library: Served) -> None:
    secret = b"a long enough password".hex()
    made = {"username": "Cleo", "password": f"enc:{secret}", "email": "c@example.org"}
    for endpoint in ("createUser", "updateUser", "deleteUser", "changePassword"):
        assert library.error(endpoint, "Bob", **made) == 50
    library.ok("createUser", **made, downloadRole="false")
    user = library.ok("getUser", username="Cleo")["user"]
    assert (user["downloadRole"], user["playlistRole"]) == (False, True)
    library.ok("updateUser", username="Cleo", downloadRole="true", playlistRole="false", maxBitRate=128)
    user = library.ok("getUser", username="Cleo")["user"]
    assert (user["downloadRole"], user["playlistRole"], user["maxBitRate"]) == (True, False, 128)
    account = library.hub.accounts.log_in("Cleo", "a long enough password", "192.0.2.1")
    library.ok("changePassword", username="Cleo", password="quite another password")
    assert library.hub.accounts.log_in("Cleo", "quite another password", "192.0.2.1") == account
    library.ok("deleteUser", username="Cleo")
    assert library.error("deleteUser", username="Cleo") == 70
    assert library.error("deleteUser", username="Ada") == 0
