"""Whatever is asked, the answer is one of the API: nothing breaks, nothing of another listener is told or changed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musicplayer.server.subsonic import system
from musicplayer.server.subsonic.api import ROOMS
from tests.unit.server.subsonic.served import Served, told

pytestmark = pytest.mark.database

NAMES = sorted({name for room in ROOMS for name in room} | set(system.PUBLIC))
PARAMETERS = (
    *("id", "albumId", "artistId", "query", "type", "size", "offset", "count", "fromYear", "toYear", "genre"),
    *("songId", "playlistId", "name", "rating", "time", "submission", "mediaId", "mediaType", "positionMs", "state"),
    *("current", "currentIndex", "position", "username", "musicFolderId", "songCount", "songOffset", "artist", "title"),
    *("startSongId", "endSongId", "format", "maxBitRate", "timeOffset", "ifModifiedSince", "songIndexToRemove"),
    *("songIdToAdd", "public", "comment", "f", "callback", "playbackRate", "any", "newerThan", "password"),
)
KNOWN = (
    *(
        "newest",
        "byYear",
        "byGenre",
        "starred",
        "highest",
        "song",
        "playing",
        "stopped",
        "Rock",
        "Song 1",
        "Ada",
        "Bob",
    ),
    *("0", "1", "5", "-1", "500", "1e9", "99999999999999999999", "true", "false", "NaN", "raw", "mp3", "xml", "json"),
    *("../../etc/passwd", "%00", "'; --", "<script>", "\x00", "\ud800", "اسم", '"', "album:", "year>", "$where"),
)
HARMLESS = sorted(set(NAMES) - {"deleteUser", "createUser", "updateUser", "changePassword", "stream", "download"})
"""What may be asked again and again without changing who can ask."""

VALUES = st.one_of(st.sampled_from(KNOWN), st.text(st.characters(exclude_categories=("Cs",)), max_size=20))


@given(
    name=st.sampled_from(HARMLESS),
    odd=st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=6),
    tracks=st.lists(st.integers(0, 23), max_size=2),
    method=st.sampled_from(["GET", "POST"]),
)
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_odd_requests_are_answered_in_their_envelope(
    library: Served, name: str, odd: list[tuple[str, str]], tracks: list[int], method: str
) -> None:
    login = {"apiKey": library.keys["Bob"], "v": "1.16.1", "c": "odd"}
    values: dict[str, list[str]] = {}
    for key, value in odd:
        values.setdefault(key, []).append(value.encode("utf-8", "replace").decode())
    for number in tracks:
        values.setdefault("id", []).append(library.tracks[number].id)
    given_as = "params" if method == "GET" else "data"
    answer = library.request(method, f"/rest/{name}", **{given_as: {**values, **login}})
    assert answer.status_code in {200, 429}
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/xml":
        assert ET.fromstring(answer.content).attrib["status"] in {"ok", "failed"}
    elif kind == "application/json":
        assert told(answer)["status"] in {"ok", "failed"}
    elif kind == "text/javascript":
        assert answer.content.startswith(b"/**/")
    else:
        assert (name, kind) == ("getCoverArt", "image/jpeg")


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(system.PUBLIC)))
def test_nothing_is_answered_without_a_login(library: Served, name: str) -> None:
    for login in ({}, {"u": "Ada"}, {"u": "Ada", "p": ""}, {"apiKey": ""}, {"u": "", "t": "", "s": ""}):
        answer = told(library.request("GET", f"/rest/{name}", params={"v": "1.16.1", "c": "t", "f": "json", **login}))
        assert answer["error"]["code"] == 10
        assert answer.keys() == {"status", "version", "type", "serverVersion", "openSubsonic", "error"}


def test_a_session_of_a_browser_is_no_login_of_an_app(library: Served) -> None:
    """Else any page that a listener opens could have their browser ask."""
    account = library.hub.accounts.named("Ada")
    assert account is not None
    headers = {"Cookie": f"segue_session={library.hub.accounts.new_session(account.id)}"}
    answer = library.request("GET", "/rest/getArtists", params={"v": "1.16.1", "c": "t", "f": "json"}, headers=headers)
    assert told(answer)["error"]["code"] == 10


def test_a_password_of_an_account_and_a_revoked_key_open_nothing(
    library: Served, new_listener: Callable[[], str]
) -> None:
    me = new_listener()
    account = library.hub.accounts.named(me)
    assert account is not None
    login: dict[str, Any] = {"u": me, "p": "correct horse battery staple", "v": "1.16.1", "c": "t", "f": "json"}
    assert told(library.request("GET", "/rest/ping", params=login))["error"]["code"] == 40
    library.ok("ping", me)
    library.hub.accounts.revoke(account.id, library.hub.accounts.devices(account.id)[0].id)
    assert told(library.get("ping", me))["error"]["code"] == 44


def state_of(library: Served, listener: str) -> str:
    """All that an app can see of what a listener has of their own."""
    asked = {
        "getStarred2": {},
        "getPlaylists": {},
        "getPlayQueue": {},
        "getBookmarks": {},
        "getNowPlaying": {},
        "getAlbumList2": {"type": "frequent"},
        "getUser": {"username": listener},
    }
    return json.dumps({name: told(library.get(name, listener, **values)) for name, values in asked.items()})


def test_nothing_that_one_listener_asks_changes_or_tells_what_another_has(
    library: Served, new_listener: Callable[[], str]
) -> None:
    mine, thief = new_listener(), new_listener()
    track = library.tracks[4].id
    library.ok("star", mine, id=track, albumId=library.ok("getSong", mine, id=track)["song"]["albumId"])
    library.ok("scrobble", mine, id=track, time=1_700_000_000_000)
    library.ok("savePlayQueue", mine, id=track, current=track)
    library.ok("createBookmark", mine, id=track, position=5, comment="a secret of mine")
    playlist = library.ok("createPlaylist", mine, name="a secret of mine", songId=[track])["playlist"]["id"]
    before = state_of(library, mine)
    assert "a secret of mine" in before
    for name in HARMLESS:
        for values in ({"id": playlist}, {"playlistId": playlist, "songId": track}, {"username": mine}, {"id": track}):
            answer = library.get(name, thief, **values, owner=mine, u2=mine)
            if name not in {"getUser", "getPlaylists"}:
                assert "a secret of mine" not in answer.text
            assert f'"username":"{mine}"' not in answer.text
    assert state_of(library, mine) == before


def test_no_key_and_no_token_is_in_a_log(library: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        library.get("ping")
        library.get("getSong", id="x")
        library.request("GET", "/rest/ping", params={"u": "Ada", "p": "enc:7365637265742d70", "v": "1.16.1", "c": "t"})
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("musicplayer")]
    assert ours
    assert not any(library.keys["Ada"] in line or "7365637265742d70" in line or "secret-p" in line for line in ours)
