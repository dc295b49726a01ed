"""The library in pages: searched, in order, the same for everybody but for what each listener did."""

from __future__ import annotations

from typing import Any

import pytest

from tests.served_library import ARTISTS, COUNT
from tests.unit.server.web.running import Running

pytestmark = pytest.mark.database


def titles(answer: Any) -> list[str]:
    return [track["title"] for track in answer.json()["tracks"]]


def test_tracks_come_in_pages_by_search_and_order(running: Running) -> None:
    ask = running.ada.get
    everything = ask("/tracks").json()
    assert everything["total"] == COUNT
    artists = [track["artist"] for track in everything["tracks"]]
    assert artists == sorted(artists)
    pages = [ask("/tracks", params={"offset": start, "size": 10}).json()["tracks"] for start in (0, 10, 20)]
    assert [track for page in pages for track in page] == everything["tracks"]
    assert titles(ask("/tracks", params={"order": "title", "descending": "true", "size": 2})) == ["Song 23", "Song 22"]
    found = ask("/tracks", params={"q": "artist:ärzte year>2003", "order": "year"})
    assert titles(found) == ["Song 19", "Song 23"]
    assert ask("/tracks", params={"q": "no such thing"}).json() == {"total": 0, "offset": 0, "tracks": []}
    refused = ask("/tracks", params={"q": "year:x"})
    assert refused.status_code == 400
    assert "year wants a number" in refused.json()["message"]
    assert ask("/tracks", params={"q": "a " * 30}).status_code == 400


def test_what_a_track_says_leads_to_its_album_and_artist(running: Running) -> None:
    ask = running.ada.get
    track = ask("/tracks", params={"q": '"Song 5"'}).json()["tracks"][0]
    assert ask(f"/tracks/{track['id']}").json() == track
    assert (track["title"], track["number"], track["year"], track["suffix"]) == ("Song 5", 2, 2001, "wav")
    album = ask(f"/albums/{track['albumId']}").json()
    assert [each["title"] for each in album["rows"]] == ["Song 4", "Song 5", "Song 6", "Song 7"]
    assert (album["tracks"], album["seconds"]) == (4, 24.0)
    artist = ask(f"/artists/{track['artistId']}").json()
    assert artist["name"] == ARTISTS[1]
    assert track["albumId"] in {each["id"] for each in artist["albums"]}
    assert artist["tracks"] == len(artist["top"]) == COUNT // 4
    for path in ("/tracks/0", "/albums/al-0", "/artists/ar-0", "/genres/ge-0"):
        missing = ask(path)
        assert (missing.status_code, missing.json()["code"]) == (404, "api-not-there")


def test_albums_artists_and_genres_are_found_and_ordered(running: Running) -> None:
    ask = running.ada.get
    albums = ask("/albums", params={"order": "year", "descending": "1"}).json()
    assert [album["year"] for album in albums["albums"]] == [2005, 2004, 2003, 2002, 2001, 2000]
    found = ask("/albums", params={"q": '"Song 9"'}).json()
    assert [album["title"] for album in found["albums"]] == ["Album 2"]
    assert [artist["name"] for artist in ask("/artists").json()["artists"]] == sorted(ARTISTS)
    named = ask("/artists", params={"q": "arzte"}).json()
    assert [artist["name"] for artist in named["artists"]] == [ARTISTS[3]]
    of_words = ask("/artists", params={"q": f" {' '.join(reversed(ARTISTS[3].upper().split()))} "}).json()
    assert [artist["name"] for artist in of_words["artists"]] == [ARTISTS[3]]
    genres = {genre["name"]: genre for genre in ask("/genres").json()["genres"]}
    assert {name: genre["tracks"] for name, genre in genres.items()} == {"Jazz": COUNT // 2, "Rock": COUNT // 2}
    jazz = ask(f"/genres/{genres['Jazz']['id']}", params={"order": "title", "size": 2}).json()
    assert [track["title"] for track in jazz["rows"]] == ["Song 1", "Song 3"]


def test_every_listener_sorts_and_searches_by_their_own_plays(running: Running) -> None:
    loved = running.tracks[7].id
    for number in range(2):
        told = running.bert.post("/plays", json={"id": f"play {number}", "track": loved, "heard": 6})
        assert told.json()["plays"] == number + 1
    by_plays = {"order": "plays", "descending": "true", "size": 1}
    assert titles(running.bert.get("/tracks", params=by_plays)) == ["Song 7"]
    assert titles(running.ada.get("/tracks", params=by_plays)) == ["Song 0"]
    assert titles(running.bert.get("/tracks", params={"q": "plays>1"})) == ["Song 7"]
    assert titles(running.ada.get("/tracks", params={"q": "plays>0"})) == []
    assert titles(running.bert.get("/tracks", params={"q": "played<1d"})) == ["Song 7"]
    albums = running.bert.get("/albums", params=by_plays).json()["albums"]
    assert albums[0]["title"] == "Album 1"
    top = running.bert.get(f"/artists/{artist_of(running, loved)}").json()["top"]
    assert top[0]["title"] == "Song 7"


def artist_of(running: Running, track: str) -> str:
    found: str = running.ada.get(f"/tracks/{track}").json()["artistId"]
    return found


def test_what_is_wrong_is_said_in_the_language_of_the_reader(running: Running) -> None:
    asked = {"params": {"q": "year:x"}, "headers": {"Accept-Language": "de-AT,en;q=0.5"}}
    german = running.ada.get("/tracks", **asked).json()["message"]  # type: ignore[arg-type]
    english = running.ada.get("/tracks", params={"q": "year:x"}).json()["message"]
    assert german != english
    assert (
        running.nobody.get("/state", headers={"Accept-Language": "de"}).json()["message"]
        != (running.nobody.get("/state").json()["message"])
    )


def test_albums_and_artists_name_those_that_sound_alike(running: Running) -> None:
    ask = running.ada.get
    album = ask("/albums").json()["albums"][0]
    found = ask(f"/albums/{album['id']}/alike").json()["albums"]
    assert found
    assert album["id"] not in {each["id"] for each in found}
    artist = ask("/artists").json()["artists"][0]
    named = ask(f"/artists/{artist['id']}/alike").json()["artists"]
    assert len(named) == len(ARTISTS) - 1
    assert artist["id"] not in {each["id"] for each in named}
    for path in ("/albums/al-0/alike", "/artists/ar-0/alike"):
        missing = ask(path)
        assert (missing.status_code, missing.json()["code"]) == (404, "api-not-there")
