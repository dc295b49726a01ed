"""Requests reach what answers them, by every name and in every form, and only with a login."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette
from starlette.routing import Route

from indexer.core.errors import SegueError
from musicplayer.server.accounts.limits import TooManyLogins
from musicplayer.server.errors import Busy
from musicplayer.server.subsonic import absent, system
from musicplayer.server.subsonic.api import SubsonicApi
from musicplayer.server.subsonic.calls import Answer, Call
from musicplayer.server.subsonic.parameters import MOST_BYTES

KEY = "a key of a device"
LOGIN = {"apiKey": KEY, "v": "1.16.1", "c": "test"}


@dataclass(frozen=True)
class Listener:
    name: str
    admin: bool = False


class OneDevice:
    """Knows one listener with one device, and counts who asks."""

    def __init__(self, name: str = "Ada", *, admin: bool = False, wait: float = 0.0) -> None:
        self.listener = Listener(name, admin)
        self.asked: list[str] = []
        self._wait = wait

    def by_key(self, key: str, address: str) -> Listener | None:
        return self._proved(key == KEY, address)

    def by_subsonic(
        self, name: str, *, token: str = "", salt: str = "", password: str = "", address: str
    ) -> Listener | None:
        made = hashlib.md5(f"{KEY}{salt}".encode()).hexdigest()
        return self._proved(name == self.listener.name and (password == KEY if password else token == made), address)

    def _proved(self, right: bool, address: str) -> Listener | None:
        if self._wait:
            raise TooManyLogins("login-later", seconds=self._wait)
        self.asked.append(address)
        return self.listener if right else None


class ThreeTracks:
    """A library as far as what answers without it looks at it."""

    catalogue = (1, 2, 3)

    async def renew(self) -> None:
        """It never changes."""


async def echo(call: Call) -> Answer:
    """Says back what it was asked with."""
    return {"echo": {"user": call.account.name, "client": call.client, "id": call.parameters.texts("id")}}


def asked(
    method: str,
    path: str,
    accounts: OneDevice | None = None,
    endpoints: dict[str, Callable[[Call], Awaitable[Answer]]] | None = None,
    **options: Any,
) -> httpx.Response:
    """One request to the API over HTTP, without a network."""
    rooms = [system.ENDPOINTS, absent.ENDPOINTS, {"echo": echo, **(endpoints or {})}]
    api = SubsonicApi(rooms, system.PUBLIC)
    app = Starlette(routes=[Route("/rest/{name}", api.answer, methods=["GET", "POST"])])
    app.state.hub = SimpleNamespace(accounts=accounts or OneDevice(), library=ThreeTracks())

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://segue.test") as client:
            return await client.request(method, path, **options)

    with start_blocking_portal() as portal:
        return portal.call(ask)


def told(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.content)["subsonic-response"]
    return found


def answered(path: str, accounts: OneDevice | None = None, **values: Any) -> dict[str, Any]:
    return told(asked("GET", path, accounts, params={**LOGIN, "f": "json", **values}))


@pytest.mark.parametrize("name", ["echo", "echo.view"])
def test_by_both_names_in_address_and_form(name: str) -> None:
    values = {**LOGIN, "f": "json", "id": ["1", "2"]}
    by_address = asked("GET", f"/rest/{name}", params=values)
    by_form = asked("POST", f"/rest/{name}", data=values)
    by_both = asked("POST", f"/rest/{name}", params={**LOGIN, "f": "json"}, data={"id": ["1", "2"]})
    for answer in (by_address, by_form, by_both):
        assert told(answer)["echo"] == {"user": "Ada", "client": "test", "id": ["1", "2"]}


def test_a_body_that_is_no_form_is_left_alone() -> None:
    answer = asked("POST", "/rest/echo", params={**LOGIN, "f": "json"}, json={"id": "1"})
    assert told(answer)["echo"]["id"] == []


def test_a_form_that_is_too_long_is_refused_before_it_is_read() -> None:
    answer = asked("POST", "/rest/echo", content=b"x" * (MOST_BYTES + 1), headers={"Content-Type": FORM})
    assert b'code="10"' in answer.content


FORM = "application/x-www-form-urlencoded"


def test_what_nobody_answers_is_not_found_in_both_ways_of_saying_so() -> None:
    answer = asked("GET", "/rest/getEverything", params={**LOGIN, "f": "json"})
    assert answer.status_code == 404
    assert told(answer)["error"]["code"] == 70
    assert "getEverything" in told(answer)["error"]["message"]


def token_for(password: str, salt: str = "salt") -> dict[str, str]:
    return {"t": hashlib.md5(f"{password}{salt}".encode()).hexdigest(), "s": salt}


@pytest.mark.parametrize(
    "given",
    [
        {"u": "Ada", "p": KEY},
        {"u": "Ada", "p": f"enc:{KEY.encode().hex()}"},
        {"u": "Ada", **token_for(KEY)},
        {"apiKey": KEY},
    ],
)
def test_each_way_to_log_in(given: dict[str, str]) -> None:
    answer = told(asked("GET", "/rest/echo", params={"v": "1.16.1", "c": "test", "f": "json", **given}))
    assert answer["echo"]["user"] == "Ada"


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ({}, 10),
        ({"u": "Ada"}, 10),
        ({"u": "Ada", "t": "abc"}, 10),
        ({"p": KEY}, 10),
        ({"u": "Ada", "p": "wrong"}, 40),
        ({"u": "Ada", "p": "enc:zz"}, 40),
        ({"u": "Ada", "p": "enc:ff"}, 40),
        ({"u": "Eve", "p": KEY}, 40),
        ({"u": "Ada", **token_for("wrong")}, 40),
        ({"u": "Ada", "p": KEY, **token_for(KEY)}, 43),
        ({"apiKey": KEY, "u": "Ada"}, 43),
        ({"apiKey": KEY, "p": KEY}, 43),
        ({"apiKey": "wrong"}, 44),
    ],
)
def test_what_is_no_login(given: dict[str, str], number: int) -> None:
    answer = told(asked("GET", "/rest/echo", params={"v": "1.16.1", "c": "test", "f": "json", **given}))
    assert (answer["status"], answer["error"]["code"]) == ("failed", number)
    assert KEY not in json.dumps(answer)


def test_a_name_that_nobody_has_and_a_wrong_password_are_told_alike() -> None:
    def error(name: str) -> dict[str, Any]:
        return told(asked("GET", "/rest/ping", params={"u": name, "p": "x", "v": "1.16.1", "c": "t", "f": "json"}))

    assert error("Ada") == error("Nobody")


def test_who_guesses_is_told_to_wait() -> None:
    answer = asked("GET", "/rest/ping", OneDevice(wait=7.5), params={**LOGIN, "f": "json"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "8")
    assert told(answer)["status"] == "failed"


def test_what_has_to_wait_for_others_says_when_to_ask_again() -> None:
    async def busy(_: Call) -> Answer:
        raise Busy("stream-busy", seconds=2.5)

    answer = asked("GET", "/rest/busy", endpoints={"busy": busy}, params={**LOGIN, "f": "json"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert told(answer)["status"] == "failed"


@pytest.mark.parametrize("missing", ["v", "c"])
def test_an_app_says_its_version_and_its_name(missing: str) -> None:
    values = {name: value for name, value in LOGIN.items() if name != missing}
    answer = told(asked("GET", "/rest/ping", params={**values, "f": "json"}))
    assert answer["error"]["code"] == 10
    assert f"“{missing}”" in answer["error"]["message"]


def test_extensions_are_told_to_everybody() -> None:
    accounts = OneDevice()
    answer = told(asked("GET", "/rest/getOpenSubsonicExtensions.view", accounts, params={"f": "json"}))
    assert {"name": "sonicSimilarity", "versions": [1]} in answer["openSubsonicExtensions"]
    assert accounts.asked == []


def test_a_form_that_there_is_not_is_refused_in_xml() -> None:
    answer = asked("GET", "/rest/ping", params={**LOGIN, "f": "yaml"})
    assert b'code="10"' in answer.content
    assert answer.headers["content-type"].startswith("application/xml")


def test_an_error_of_any_part_is_one_of_the_api() -> None:
    async def broken(_: Call) -> Answer:
        raise SegueError("plain", message="The disk is full.", advice="Free some space.")

    answer = asked("GET", "/rest/broken", endpoints={"broken": broken}, params={**LOGIN, "f": "json"})
    assert told(answer)["error"] == {"code": 0, "message": "The disk is full. Free some space."}


def test_nothing_is_kept_by_whoever_passes_it_on() -> None:
    assert "no-store" in asked("GET", "/rest/ping", params=LOGIN).headers["cache-control"]


def test_two_rooms_cannot_answer_the_same() -> None:
    with pytest.raises(ValueError, match="ping"):
        SubsonicApi([system.ENDPOINTS, {"ping": echo}], {})


def test_system() -> None:
    assert answered("/rest/ping")["status"] == "ok"
    assert answered("/rest/getLicense")["license"] == {"valid": True}
    assert answered("/rest/tokenInfo")["tokenInfo"] == {"username": "Ada"}
    assert answered("/rest/getScanStatus")["scanStatus"] == {"scanning": False, "count": 3}


def test_nobody_starts_a_scan_from_elsewhere() -> None:
    assert answered("/rest/startScan")["error"]["code"] == 50
    assert answered("/rest/startScan", OneDevice(admin=True))["error"]["code"] == 0


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("getInternetRadioStations", "internetRadioStations"),
        ("getPodcasts", "podcasts"),
        ("getNewestPodcasts", "newestPodcasts"),
        ("getShares", "shares"),
        ("getChatMessages", "chatMessages"),
        ("getVideos", "videos"),
    ],
)
def test_what_segue_has_none_of_is_an_empty_list(name: str, holds: str) -> None:
    answer = answered(f"/rest/{name}")
    assert answer["status"] == "ok"
    assert list(answer[holds].values()) == [[]]


@pytest.mark.parametrize(
    ("name", "number"),
    [("getPodcastEpisode", 70), ("getAvatar", 70), ("jukeboxControl", 50), ("createShare", 50), ("addChatMessage", 0)],
)
def test_what_segue_does_not_do_is_an_error_that_apps_expect(name: str, number: int) -> None:
    assert answered(f"/rest/{name}", id="1", username="Ada", action="get")["error"]["code"] == number
