"""Every address of the application, by name: who gets what there, and what a second listener gets of the first.

Whoever adds a route, an endpoint of the page or one of Subsonic says here what it is for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from indexer.core.plays import OWNER, ListenerId
from indexer.core.store.records import Matter, News
from musicplayer.server.subsonic import absent, system
from musicplayer.server.subsonic.api import ROOMS, SubsonicApi
from musicplayer.server.web.api.routes import ENDPOINTS
from musicplayer.server.web.app import make_app
from tests.unit.server.web.running import Library, Running, asking
from tests.waiting import wait_until

pytestmark = pytest.mark.database

SECRET = "kept by ada alone"
"""In every name and remark that the first listener leaves."""

NOT_LOGGED_IN = {10, 40, 44}
"""Errors of Subsonic: nothing is shown that proves anything, or what is shown proves nothing."""

NOT_THERE, NOT_ALLOWED = 70, 50


@dataclass(frozen=True)
class Use:
    """How an endpoint is asked, with `{names}` for what belongs to the first listener.

    Attributes:
        query: parameters of the address.
        body: what is sent along in JSON.
        refused: the status or the number that a second listener is refused with; 0 where they get something of theirs.
        for_admins: everybody else is refused, but those whom an admin lets.
        by_chance: two answers to the same request may differ.
    """

    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    refused: int = 0
    for_admins: bool = False
    by_chance: bool = False


GATES = {
    "GET /": 303,
    "GET /login": 200,
    "POST /login": 401,
    "GET /first": 303,
    "POST /first": 303,
    "POST /logout": 303,
    "GET /sw.js": 200,
    "GET /manifest.webmanifest": 200,
    "GET /static/tokens.css": 200,
    "GET /static": 307,
    "GET /api/openapi.json": 200,
}
"""What strangers may ask, and the status of the answer, which holds nothing of the library and of nobody."""

CLOSED = {
    "GET /api/events",
    "GET /stream/{track}",
    "GET /download/{track}",
    "GET /cover/{id}",
    "GET /model/{folder}/{file}",
}
"""What is answered to whoever has logged in, beside the endpoints of the page."""

_LIST = {"name": "taken", "kind": "list", "updated_at": 4_000_000_000.0}

PAGE = {
    "GET /state": Use(),
    "GET /listeners": Use(for_admins=True),
    "POST /listeners": Use(body={"name": "mallory", "password": "correct horse battery"}, for_admins=True),
    "PUT /listeners/{id}": Use(body={"admin": True}, for_admins=True),
    "DELETE /listeners/{id}": Use(for_admins=True),
    "POST /password": Use(body={"old": "a guess that is wrong", "new": "correct horse battery"}, refused=400),
    "GET /devices": Use(),
    "POST /devices": Use(body={"name": "one of theirs"}),
    "DELETE /devices/{id}": Use(refused=404),
    "GET /tracks": Use(query={"order": "plays", "descending": "true", "size": "30"}),
    "GET /tracks/{id}": Use(),
    "GET /albums": Use(query={"order": "plays", "size": "30"}),
    "GET /albums/{id}": Use(),
    "GET /albums/{id}/alike": Use(),
    "GET /artists": Use(),
    "GET /artists/{id}": Use(),
    "GET /artists/{id}/alike": Use(),
    "GET /genres": Use(),
    "GET /genres/{id}": Use(),
    "GET /lyrics/{track}": Use(),
    "GET /waveform/{track}": Use(),
    "GET /similar": Use(query={"seed": "{seed}"}),
    "GET /radio": Use(query={"seed": "{seed}"}, by_chance=True),
    "GET /journey": Use(query={"from": "{seed}", "to": "{track}"}),
    "GET /map": Use(),
    "GET /map/points": Use(query={"version": "{map}", "point": "0"}),
    "GET /map/point": Use(query={"track": "{track}"}),
    "GET /for-you": Use(),
    "GET /why": Use(query={"track": "{track}"}),
    "POST /plays": Use(body={"id": "one", "track": "{track}", "heard": 5.0}),
    "POST /opinions": Use(body={"track": "{track}", "thumb": -1, "rating": 1.0, "favourite": False}),
    "POST /hide": Use(body={"seed": "{seed}", "track": "{track}", "hidden": False}),
    "GET /remote": Use(for_admins=True),
    "POST /remote": Use(body={"command": "play"}, for_admins=True),
    "GET /queue": Use(),
    "PUT /queue": Use(body={"tracks": ["{seed}"], "index": 0}),
    "GET /library": Use(),
    "GET /library/tracks": Use(),
    "POST /library/tracks": Use(body={"tracks": ["{track}"]}),
    "GET /library/features": Use(query={"size": "1"}),
    "POST /library/features": Use(body={"tracks": ["{track}"]}),
    "GET /library/analysed": Use(),
    "GET /library/genres": Use(),
    "POST /library/sounds": Use(body={"tracks": ["{track}"]}),
    "GET /library/model/{folder}": Use(),
    "GET /library/own": Use(),
    "GET /library/history": Use(),
    "GET /library/playlists": Use(),
    "POST /library/playlists": Use(body={"playlists": [{**_LIST, "id": "{playlist}"}]}, refused=404),
    "GET /playlists": Use(),
    "POST /playlists": Use(body={"name": "one of theirs", "tracks": ["{seed}"]}),
    "GET /playlists/{id}": Use(refused=404),
    "PUT /playlists/{id}": Use(body={"name": "taken", "tracks": []}, refused=404),
    "DELETE /playlists/{id}": Use(refused=404),
}
"""Endpoints below /api; `{id}` of an address is that of the first listener's playlist, device or account."""

_THEIRS = {"songId": "{seed}", "name": "one of theirs"}
_ACCOUNT = {"username": "{name}", "password": "correct horse battery", "email": "a@example.org"}

SUBSONIC = {
    **{name: Use(query={"id": "{playlist}", "username": "{name}"}) for name in absent.ENDPOINTS},
    "ping": Use(),
    "getLicense": Use(),
    "getOpenSubsonicExtensions": Use(),
    "tokenInfo": Use(),
    "getScanStatus": Use(),
    "startScan": Use(for_admins=True),
    "getMusicFolders": Use(),
    "getIndexes": Use(),
    "getMusicDirectory": Use(query={"id": "{playlist}"}, refused=NOT_THERE),
    "getGenres": Use(),
    "getArtists": Use(),
    "getArtist": Use(query={"id": "{artist}"}),
    "getAlbum": Use(query={"id": "{album}"}),
    "getSong": Use(query={"id": "{track}"}),
    "getArtistInfo": Use(query={"id": "{artist}"}),
    "getArtistInfo2": Use(query={"id": "{artist}"}),
    "getAlbumInfo": Use(query={"id": "{album}"}),
    "getAlbumInfo2": Use(query={"id": "{album}"}),
    "getAlbumList": Use(query={"type": "recent"}),
    "getAlbumList2": Use(query={"type": "frequent"}),
    "getRandomSongs": Use(by_chance=True),
    "getSongsByGenre": Use(query={"genre": "Rock", "count": "30"}),
    "getStarred": Use(),
    "getStarred2": Use(),
    "search": Use(query={"any": SECRET}),
    "search2": Use(query={"query": "Song"}),
    "search3": Use(query={"query": ""}),
    "getSimilarSongs": Use(query={"id": "{seed}", "count": "24"}),
    "getSimilarSongs2": Use(query={"id": "{artist}", "count": "24"}, by_chance=True),
    "getTopSongs": Use(query={"artist": "Bert Bass"}),
    "getSonicSimilarTracks": Use(query={"id": "{seed}", "count": "24"}),
    "findSonicPath": Use(query={"startSongId": "{seed}", "endSongId": "{track}"}),
    "getPlaylists": Use(query={"username": "{name}"}, refused=NOT_ALLOWED),
    "getPlaylist": Use(query={"id": "{playlist}"}, refused=NOT_THERE),
    "createPlaylist": Use(query={"playlistId": "{playlist}", **_THEIRS}, refused=NOT_THERE),
    "updatePlaylist": Use(query={"playlistId": "{playlist}", "name": "taken"}, refused=NOT_THERE),
    "deletePlaylist": Use(query={"id": "{playlist}"}, refused=NOT_THERE),
    "star": Use(query={"id": "{seed}", "albumId": "{album}"}),
    "unstar": Use(query={"id": "{track}", "albumId": "{album}", "artistId": "{artist}"}),
    "setRating": Use(query={"id": "{track}", "rating": "1"}),
    "scrobble": Use(query={"id": "{track}", "time": "1700000000000"}),
    "reportPlayback": Use(query={"mediaId": "{track}", "mediaType": "song", "positionMs": "9", "state": "stopped"}),
    "getNowPlaying": Use(),
    "getBookmarks": Use(),
    "createBookmark": Use(query={"id": "{track}", "position": "7"}),
    "deleteBookmark": Use(query={"id": "{other}"}, refused=NOT_THERE),
    "getPlayQueue": Use(),
    "getPlayQueueByIndex": Use(),
    "savePlayQueue": Use(query={"id": "{seed}", "current": "{seed}"}),
    "savePlayQueueByIndex": Use(query={"id": "{seed}", "currentIndex": "0"}),
    "stream": Use(query={"id": "{playlist}"}, refused=NOT_THERE),
    "download": Use(query={"id": "{playlist}"}, refused=NOT_THERE),
    "getCoverArt": Use(query={"id": "{playlist}"}, refused=NOT_THERE),
    "getLyrics": Use(query={"artist": "Bert Bass", "title": "Song 1"}),
    "getLyricsBySongId": Use(query={"id": "{playlist}"}, refused=NOT_THERE),
    "getUser": Use(query={"username": "{name}"}, for_admins=True),
    "getUsers": Use(for_admins=True),
    "createUser": Use(query={**_ACCOUNT, "username": "mallory"}, for_admins=True),
    "updateUser": Use(query={**_ACCOUNT, "adminRole": "true"}, for_admins=True),
    "deleteUser": Use(query=_ACCOUNT, for_admins=True),
    "changePassword": Use(query=_ACCOUNT, for_admins=True),
}
"""What apps ask, without "read" ones apart: a second listener asks them all, with what belongs to the first."""

APPS = SubsonicApi(ROOMS, system.PUBLIC).names
LOGIN = {"v": "1.16.1", "c": "phone", "f": "json"}


@pytest.fixture(scope="module")
def asked(library: Library) -> Iterator[Running]:
    with asking(library) as made:
        yield made


@pytest.fixture
def fresh(library: Library) -> Iterator[Running]:
    with asking(library) as made:
        yield made


def routes_of(routes: list[BaseRoute], below: str = "") -> Iterator[str]:
    """Methods and paths, a mounted application that has no routes as one."""
    for route in routes:
        if isinstance(route, Mount):
            yield from routes_of(route.routes, below + route.path) if route.routes else [f"GET {below}{route.path}"]
        else:
            assert isinstance(route, Route), route
            yield from (f"{method} {below}{route.path}" for method in (route.methods or set()) - {"HEAD"})


def test_every_route_is_known_here_once(asked: Running) -> None:
    found = list(routes_of(list(make_app(asked.library.served.hub).routes)))
    expected = [*GATES, *CLOSED, *(use.replace(" ", " /api") for use in PAGE), "GET /rest/{name}", "POST /rest/{name}"]
    assert sorted(found) == sorted(expected)
    assert {f"{each.method} {each.path}" for each in ENDPOINTS} == set(PAGE)
    assert set(SUBSONIC) == APPS


def test_strangers_are_shown_gates_alone(asked: Running) -> None:
    told = [track.title for track in asked.tracks] + [
        account.name for account in asked.library.served.hub.accounts.all()
    ]
    with httpx.Client(base_url=asked.library.served.address, timeout=20) as stranger:
        for gate, status in GATES.items():
            method, path = gate.split()
            answer = stranger.request(method, path)
            assert answer.status_code == status, gate
            assert "segue_session" not in answer.cookies, gate
            assert [each for each in told if f">{each}<" in answer.text or f'"{each}"' in answer.text] == [], gate


@pytest.mark.parametrize("use", [*sorted(CLOSED), *(use.replace(" ", " /api") for use in PAGE)])
def test_nobody_gets_anything_without_a_login(asked: Running, use: str) -> None:
    method, path = use.split()
    with httpx.Client(base_url=asked.library.served.address, timeout=20) as stranger:
        for proof in ({}, {"Authorization": "Bearer"}, {"Cookie": "segue_session="}, {"Cookie": "segue_session=x"}):
            answer = stranger.request(method, re.sub(r"\{\w+\}", asked.tracks[0].id, path), headers=proof)
            assert (answer.status_code, answer.json()["code"]) == (401, "server-log-in")


@pytest.mark.parametrize("name", sorted(APPS - set(system.PUBLIC)))
def test_no_app_gets_anything_without_a_login(asked: Running, name: str) -> None:
    with httpx.Client(base_url=asked.library.served.address, timeout=20) as stranger:
        for method in ("GET", "POST"):
            answer = stranger.request(method, f"/rest/{name}.view", params={**LOGIN, "id": asked.tracks[0].id})
            assert answer.json()["subsonic-response"]["error"]["code"] in NOT_LOGGED_IN


class Listener:
    """Who asks everything there is, by the page and by an app."""

    def __init__(self, running: Running, listener: ListenerId, ids: Mapping[str, str]) -> None:
        self._client = running.library.served.client(listener)
        self._key = running.library.served.keys[listener]
        self._ids = ids

    def page(self, name: str, use: Use) -> httpx.Response:
        method, path = name.split()
        kind = path.split("/")[1].removesuffix("s")
        path = path.replace("{id}", self._ids.get(kind, "")).replace("{track}", self._ids["track"])
        path = path.replace("{folder}", self._ids["folder"])
        body = None if use.body is None else self._filled(use.body)
        return self._client.request(method, f"/api{path}", params=self._filled(use.query), json=body)

    def app(self, name: str, use: Use, method: str = "GET") -> httpx.Response:
        login = {**LOGIN, "apiKey": self._key}
        return self._client.request(method, f"/rest/{name}", params={**login, **self._filled(use.query)})

    def number(self, name: str, use: Use) -> int:
        """Of the error that an app is answered; 0 for none."""
        answer = self.app(name, use)
        if not answer.headers["content-type"].startswith("application/json"):
            return 0
        return int(answer.json()["subsonic-response"].get("error", {}).get("code", 0))

    def sees(self) -> dict[str, str]:
        """All that can be looked at again and again, as it was told."""
        page = {
            name: self.page(name, use).text
            for name, use in PAGE.items()
            if name.startswith("GET") and not use.by_chance
        }
        looks = {name: use for name, use in SUBSONIC.items() if name.startswith(("get", "search", "find"))}
        apps = {name: self.app(name, use).text for name, use in looks.items() if not use.by_chance}
        own = {"getPlaylists of their own": self.app("getPlaylists", Use()).text}
        return page | apps | own

    def close(self) -> None:
        self._client.close()

    def _filled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._fill(value) for name, value in values.items()}

    def _fill(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._fill(each) for each in value]
        if isinstance(value, dict):
            return self._filled(value)
        return value.format_map(self._ids) if isinstance(value, str) else value


@dataclass(frozen=True)
class Two:
    """Two listeners, of whom the first is about to leave traces or has.

    Attributes:
        ids: of what is the first one's, by name.
        is_told: whether the database knows all that the first one did, and how often is asked for anew.
    """

    ada: Listener
    bert: Listener
    owner: Listener
    ids: dict[str, str]
    is_told: Callable[[], bool]


@pytest.fixture
def two(fresh: Running) -> Iterator[Two]:
    """Ada and Bert, who did nothing yet; the ids of what will be Ada's are not there until she did."""
    hub = fresh.library.served.hub
    account = hub.accounts.get(fresh.ada_id)
    assert account is not None
    track, seed, other = (fresh.tracks[number] for number in (1, 5, 9))
    ids = {
        "track": track.id,
        "seed": seed.id,
        "other": other.id,
        "album": hub.library.view.album_ids[0],
        "artist": hub.library.view.artist_ids[0],
        "genre": fresh.ada.get("/genres").json()["genres"][0]["id"],
        "map": fresh.ada.get("/map").json()["version"],
        "listener": fresh.ada_id,
        "name": account.name,
        "playlist": "f" * 32,
        "device": "aaaaaaaa",
        "folder": fresh.ada.get("/library").json()["model"],
    }
    made = [Listener(fresh, listener, ids) for listener in (fresh.ada_id, fresh.bert_id, OWNER)]

    def is_told() -> bool:
        counted = fresh.library.database.news.counters()
        shown = fresh.ada.get("/library").json()["news"]
        noted = bool(hub.library.open_notes()) or fresh.library.home.server_playlists_file.exists()
        return not noted and shown == {matter: counted.get(News(fresh.ada_id, Matter(matter)), 0) for matter in shown}

    yield Two(*made, ids, is_told)
    for each in made:
        each.close()


def leave_traces(two: Two) -> None:
    """What the first listener does: a trace of each kind."""
    ada, ids = two.ada, two.ids
    ok = (200, 204)
    list_of = ada.page("POST /playlists", Use(body={"name": SECRET, "tracks": ["{track}"], "comment": SECRET}))
    ids["playlist"] = list_of.json()["id"]
    ids["device"] = ada.page("POST /devices", Use(body={"name": SECRET})).json()["id"]
    did = [
        ada.page("POST /opinions", Use(body={"track": "{track}", "thumb": 1, "rating": 4.5, "favourite": True})),
        ada.page("POST /hide", Use(body={"seed": "{seed}", "track": "{track}"})),
        ada.page("PUT /queue", Use(body={"tracks": ["{track}"], "index": 0, "client": SECRET})),
        *(
            ada.page("POST /plays", Use(body={"id": f"{number}", "track": "{track}", "heard": 6.0, "client": SECRET}))
            for number in range(3)
        ),
    ]
    assert [answer.status_code for answer in did if answer.status_code not in ok] == []
    marks = {
        "star": {"id": "{seed}", "albumId": "{album}", "artistId": "{artist}"},
        "setRating": {"id": "{album}", "rating": "5"},
        "createBookmark": {"id": "{other}", "position": "5", "comment": SECRET},
        "savePlayQueue": {"id": "{track}", "current": "{track}", "c": SECRET},
        "scrobble": {"id": "{other}", "time": "1700000000000", "c": SECRET},
        "reportPlayback": {
            "mediaId": "{track}",
            "mediaType": "song",
            "positionMs": "5",
            "state": "playing",
            "c": SECRET,
        },
    }
    assert {name: ada.number(name, Use(query=values)) for name, values in marks.items()} == dict.fromkeys(marks, 0)
    wait_until(two.is_told)


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What is told otherwise than before, but for how far something has played meanwhile."""
    still = re.compile(r'"(positionMs|minutesAgo)":\d+')
    return [name for name, text in after.items() if still.sub("", before[name]) != still.sub("", text)]


def test_a_second_listener_sees_nothing_of_the_first(two: Two) -> None:
    looking = {"bert": two.bert, "owner": two.owner}
    of_ada = two.ada.sees()
    asked = {who: listener.sees() for who, listener in looking.items()}
    leave_traces(two)
    changed = differing(of_ada, two.ada.sees())
    traces = {"/queue", "/playlists", "/devices", "/tracks", "/albums", "/similar", "/for-you"}
    traces |= {"/library", "/library/own", "/library/history", "/library/playlists"}
    assert {f"GET {each}" for each in traces} - set(changed) <= {"GET /for-you"}
    assert {"getStarred2", "getBookmarks", "getPlayQueue", "getNowPlaying", "getSonicSimilarTracks"} <= set(changed)
    for who, listener in looking.items():
        assert differing(asked[who], listener.sees()) == [], who


def test_a_second_listener_changes_nothing_of_the_first(two: Two) -> None:
    leave_traces(two)
    before = two.ada.sees()
    assert SECRET in before["GET /playlists"]
    assert SECRET in before["GET /devices"]
    wrong: list[str] = []
    for name, use in PAGE.items():
        answer = two.bert.page(name, use)
        expected = {403} if use.for_admins else {use.refused} if use.refused else {200, 204}
        if answer.status_code not in expected or SECRET in answer.text:
            wrong.append(f"{name}: {answer.status_code} {answer.text[:200]}")
    for name, use in SUBSONIC.items():
        answer, number = two.bert.app(name, use), two.bert.number(name, use)
        expected_number = NOT_ALLOWED if use.for_admins else use.refused
        if (name not in absent.ENDPOINTS and number != expected_number) or SECRET in answer.text:
            wrong.append(f"{name}: {number} {answer.text[:200]}")
    assert wrong == []
    assert differing(before, two.ada.sees()) == []


def test_an_admin_changes_accounts_and_has_no_part_in_what_listeners_keep(two: Two) -> None:
    leave_traces(two)
    before = two.ada.sees()
    for name, use in PAGE.items():
        if use.refused and name != "POST /password":
            answer = two.owner.page(name, use)
            assert (answer.status_code, SECRET in answer.text) == (use.refused, False), name
    for name, use in SUBSONIC.items():
        if use.refused:
            assert two.owner.number(name, use) == use.refused, name
    assert two.owner.page("GET /listeners", Use()).status_code == 200
    assert two.owner.number("getUsers", Use()) == 0
    assert differing(before, two.ada.sees()) == []


def test_nobody_makes_themselves_an_admin(two: Two, fresh: Running) -> None:
    for body in ({"admin": True}, {"mayDownload": True}, {"password": "correct horse battery"}):
        assert fresh.bert.put(f"/listeners/{fresh.bert_id}", json=body).status_code == 403
    account = fresh.library.served.hub.accounts.get(fresh.bert_id)
    assert account is not None
    values = {"username": account.name, "password": "correct horse battery", "adminRole": "true"}
    assert two.bert.number("updateUser", Use(query=values)) == NOT_ALLOWED
    assert two.bert.number("changePassword", Use(query=values)) == NOT_ALLOWED
    after = fresh.library.served.hub.accounts.get(fresh.bert_id)
    assert (after == account, json.dumps(fresh.bert.get("/state").json()).count('"admin": false')) == (True, 1)
