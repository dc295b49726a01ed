"""Every answer is what the API's own description says, and every request that it describes is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from musicplayer.server.subsonic.absent import ENDPOINTS as ABSENT
from tests.opensonic import described
from tests.unit.server.subsonic.served import Served, told

pytestmark = pytest.mark.database

LEFT_OUT = {"getTranscodeDecision", "getTranscodeStream"}
"""Of an extension that Segue does not say it has."""

BYTES = {"stream", "download", "getCoverArt"}


@pytest.fixture(scope="module")
def description() -> Path:
    return described()


def whole(schema: Any, folder: Path) -> Any:
    """A schema with what it refers to in other files put in."""
    if isinstance(schema, list):
        return [whole(each, folder) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        path = (folder / schema["$ref"]).resolve()
        return whole(json.loads(path.read_text(encoding="utf-8")), path.parent)
    return {name: whole(each, folder) for name, each in schema.items()}


def schema_of(description: Path, endpoint: str) -> dict[str, Any]:
    """What the answer to a request has to be; anything where that is bytes or a page."""
    file = description / "endpoints" / f"{endpoint}.json"
    found = whole(json.loads(file.read_text(encoding="utf-8"))["get"]["responses"]["200"], file.parent)
    schema: dict[str, Any] = found.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def requests(library: Served) -> dict[str, dict[str, Any]]:
    """Parameters by request, for each that answers with an envelope; in an order in which there is something to see."""
    one, other = library.tracks[1].id, library.tracks[2].id
    song = library.ok("getSong", id=one)["song"]
    folder = library.ok("getIndexes")["indexes"]["index"][0]["artist"][0]["id"]
    playlist = library.ok("createPlaylist", name="Described", songId=[one, other])["playlist"]["id"]
    report = {"mediaId": one, "mediaType": "song", "positionMs": 10, "state": "playing"}
    return {
        "ping": {},
        "getLicense": {},
        "getOpenSubsonicExtensions": {},
        "tokenInfo": {},
        "getScanStatus": {},
        "startScan": {},
        "star": {"id": [one], "albumId": [song["albumId"]], "artistId": [song["artistId"]]},
        "setRating": {"id": song["albumId"], "rating": 3},
        "scrobble": {"id": one, "time": 1_700_000_000_000},
        "reportPlayback": report,
        "getNowPlaying": {},
        "savePlayQueue": {"id": [one, other], "current": other, "position": 5},
        "getPlayQueue": {},
        "savePlayQueueByIndex": {"id": [one, other], "currentIndex": 1},
        "getPlayQueueByIndex": {},
        "createBookmark": {"id": one, "position": 5, "comment": "here"},
        "getBookmarks": {},
        "deleteBookmark": {"id": one},
        "getMusicFolders": {},
        "getIndexes": {},
        "getMusicDirectory": {"id": folder},
        "getArtists": {},
        "getArtist": {"id": song["artistId"]},
        "getAlbum": {"id": song["albumId"]},
        "getSong": {"id": one},
        "getGenres": {},
        "getArtistInfo": {"id": song["artistId"]},
        "getArtistInfo2": {"id": song["artistId"]},
        "getAlbumInfo": {"id": song["albumId"]},
        "getAlbumInfo2": {"id": song["albumId"]},
        "getAlbumList": {"type": "newest"},
        "getAlbumList2": {"type": "highest"},
        "getRandomSongs": {},
        "getSongsByGenre": {"genre": "Rock"},
        "getStarred": {},
        "getStarred2": {},
        "search": {"title": "song"},
        "search2": {"query": "song"},
        "search3": {"query": ""},
        "getPlaylists": {},
        "getPlaylist": {"id": playlist},
        "createPlaylist": {"name": "Another", "songId": [one]},
        "updatePlaylist": {"playlistId": playlist, "public": "true", "comment": "x"},
        "deletePlaylist": {"id": playlist},
        "getSimilarSongs": {"id": one},
        "getSimilarSongs2": {"id": one},
        "getTopSongs": {"artist": song["artist"]},
        "getSonicSimilarTracks": {"id": one},
        "findSonicPath": {"startSongId": one, "endSongId": library.tracks[8].id},
        "getLyrics": {"artist": song["artist"], "title": song["title"]},
        "getLyricsBySongId": {"id": one},
        "getUser": {"username": "Ada"},
        "getUsers": {},
        "createUser": {"username": "Described", "password": "long enough to be one", "email": "a@example.org"},
        "updateUser": {"username": "Described", "password": "another that is long", "adminRole": "false"},
        "changePassword": {"username": "Described", "password": "one more that is long"},
        "deleteUser": {"username": "Described"},
        "unstar": {"id": [one]},
        **{name: {"id": "x", "username": "Ada", "action": "get"} for name in sorted(ABSENT)},
    }


def test_every_answer_is_what_the_description_says(description: Path, library: Served) -> None:
    rules = pytest.importorskip("jsonschema_rs", reason="jsonschema-rs holds answers against their description")
    wrong = []
    for endpoint, values in requests(library).items():
        if not (description / "endpoints" / f"{endpoint}.json").is_file():
            continue
        check = rules.Draft4Validator(schema_of(description, endpoint))
        answer = library.get(endpoint, **values)
        wrong += [
            f"{endpoint}: {list(error.instance_path)} {error.message[:300]}"
            for error in check.iter_errors(answer.json())
        ]
        failed = library.get(endpoint, **dict.fromkeys(values, "\N{SNOWMAN}"))
        wrong += [f"{endpoint}: {error.message[:300]}" for error in check.iter_errors(failed.json())]
    assert wrong == []


def test_every_request_that_is_described_is_answered(description: Path, library: Served) -> None:
    described = {path.stem for path in (description / "endpoints").glob("*.json")}
    unknown = {name for name in described - LEFT_OUT if library.get(name).status_code == 404}
    assert unknown == set()
    assert described - LEFT_OUT - requests(library).keys() - BYTES <= set(ABSENT) | {"hls.m3u8"}


def test_every_request_that_is_answered_is_asked_here(library: Served) -> None:
    asked = {*requests(library), *BYTES}
    answered = {name for name in asked if library.get(name).status_code != 404}
    assert answered == asked


def test_answers_have_what_apps_cannot_do_without(library: Served, new_listener: Callable[[], str]) -> None:
    """The same without the description: what it requires of each shape, by name."""
    me = new_listener()
    needed = {
        "song": {"id", "isDir", "title"},
        "entry": {"id", "isDir", "title"},
        "child": {"id", "isDir", "title"},
        "album": {"id"},
        "artist": {"id", "name"},
        "similarArtist": {"id", "name"},
        "genre": {"value", "songCount", "albumCount"},
        "index": {"name"},
        "playlist": {"id", "name", "songCount", "duration", "created", "changed"},
        "bookmark": {"position", "username", "created", "changed", "entry"},
        "user": {"username", "scrobblingEnabled", "adminRole", "settingsRole", "downloadRole", "uploadRole",
                 "playlistRole", "coverArtRole", "commentRole", "podcastRole", "streamRole", "jukeboxRole",
                 "shareRole", "videoConversionRole"},
        "sonicMatch": {"entry", "similarity"},
        "musicFolder": {"id", "name"},
        "playQueue": {"username", "changed", "changedBy"},
        "playQueueByIndex": {"username", "changed", "changedBy"},
        "scanStatus": {"scanning"},
        "license": {"valid"},
        "line": {"value"},
        "structuredLyrics": {"lang", "synced", "line"},
    }  # fmt: skip
    seen: set[str] = set()
    lacking: list[str] = []

    def look(shape: Any, endpoint: str) -> None:
        for name, value in shape.items() if isinstance(shape, dict) else ():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict) and name in needed and not is_list(name, each):
                    seen.add(name)
                    lacking.extend(f"{endpoint}: {name}.{one}" for one in needed[name] - each.keys())
                look(each, endpoint)

    for endpoint, values in requests(library).items():
        answer = told(library.get(endpoint, me if endpoint == "getLyrics" else "Ada", **values))
        look({name: value for name, value in answer.items() if name != "error"}, endpoint)
    assert lacking == []
    assert needed.keys() - seen <= {"line", "structuredLyrics"}


def is_list(name: str, shape: dict[str, Any]) -> bool:
    """Whether a shape merely holds those of its name: `index` in `indexes`, `artist` in `artists`."""
    return list(shape) == [name]
