"""Who is let in by the application, what browsers are told, and what open pages hear."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from indexer.core.home import Home
from indexer.core.plays import OWNER
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import TrackState
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.accounts.limits import FREE
from musicplayer.server.library import SharedLibrary
from musicplayer.server.serving import Below
from musicplayer.server.web import app
from musicplayer.server.web.media import signed_stream
from tests.served_library import make_library
from tests.serving import Served, serving
from tests.waiting import wait_until

pytestmark = pytest.mark.database

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What a browser takes where it opens an address."""


@pytest.fixture
def served(database: Database, home: Home, tmp_path: Path) -> Iterator[Served]:
    make_library(database, home, tmp_path / "music")
    with serving(home, database.uri) as found:
        yield found


def test_nobody_hears_what_happens_without_a_login(served: Served) -> None:
    with served.client(None) as client:
        answer = client.get("/api/events")
    assert answer.status_code == 401
    assert answer.json()["code"] == "server-log-in"


def test_browsers_are_told_to_keep_to_this_server(served: Served) -> None:
    with served.client(None) as client:
        for path in ("/", "/api/events", "/no/such/thing"):
            headers = client.get(path).headers
            assert "default-src 'self'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4849", "", "127.0.0.1.evil.example", "[", "local_host"])
def test_other_names_are_refused(served: Served, host: str) -> None:
    with served.client() as client:
        assert client.get("/api/events", headers={"Host": host}).status_code in {400, 421}


def asked_of(
    served: Served, method: str, path: str, headers: dict[str, str], base: str = "", *, crowded: bool = False
) -> httpx.Response:
    """An answer of the application without a network between, which would let no wrong length pass."""

    async def ask() -> httpx.Response:
        made = app.crowded_app(served.hub) if crowded else app.make_app(served.hub)
        transport = httpx.ASGITransport(Below(made, base) if base else made)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())


REFUSED = {
    "server-other-name": ("GET", "/", {"Host": "evil.example"}, 421, "unter diesem Namen"),
    "server-other-page": ("POST", "/login", {"Origin": "https://evil.example"}, 403, "eines anderen Servers"),
    "server-too-large": ("POST", "/login", {"Content-Length": f"{10**12}"}, 413, "zu viel auf einmal"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_who_is_not_let_in_is_told_why_in_their_language(served: Served, code: str) -> None:
    method, path, headers, status, words = REFUSED[code]
    reader = {**headers, "Accept-Language": "de"}
    told = asked_of(served, method, path, reader)
    shown = asked_of(served, method, path, {**reader, "Accept": BROWSER})
    program = asked_of(served, method, path, headers)
    assert [answer.status_code for answer in (told, shown, program)] == [status] * 3
    assert told.json()["code"] == program.json()["code"] == code
    assert words in told.json()["message"]
    assert program.json()["message"].isascii()
    assert shown.headers["content-type"].startswith("text/html")
    assert words in shown.text
    assert all("default-src 'self'" in answer.headers["content-security-policy"] for answer in (told, shown))


def test_who_is_one_too_many_is_told_when_to_come_again(served: Served) -> None:
    told, shown = (
        asked_of(served, "GET", "/", {"Accept-Language": "de", "Accept": accept}, crowded=True)
        for accept in ("*/*", BROWSER)
    )
    assert (told.json()["code"], told.status_code, shown.status_code) == ("server-crowded", 503, 503)
    assert "Mit diesem Server sind zu viele verbunden." in shown.text
    for answer in (told, shown):
        assert int(answer.headers["retry-after"]) >= 1
        assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "accept", "is_page"),
    [("/nowhere", BROWSER, True), ("/no/such/thing", BROWSER, True), ("/static/nothing.js", BROWSER, True),
     ("/nowhere", "*/*", False), ("/nowhere", "application/json", False), ("/nowhere", "text/html-not", False),
     ("/api/nowhere", BROWSER, False), ("/rest/no/where", BROWSER, False)],
)  # fmt: skip
def test_where_nothing_is_a_browser_shows_a_page_and_programs_read_json(
    served: Served, path: str, accept: str, is_page: bool
) -> None:
    with served.client(None) as client:
        answer = client.get(path, headers={"Accept": accept, "Accept-Language": "de"})
    assert answer.status_code == 404
    if is_page:
        assert '<html lang="de">' in answer.text
        assert "Unter dieser Adresse ist nichts." in answer.text
    else:
        assert answer.json() == {"code": "http-404", "message": "Not Found", "advice": ""}


def test_a_page_that_says_no_leads_on_below_the_path_of_a_proxy(served: Served) -> None:
    for path in ("/music/no/where", "/music/static/no/where"):
        text = asked_of(served, "GET", path, {"Accept": BROWSER}, "/music").text
        assert 'href="/music/"' in text
        assert 'href="/music/static/page.css"' in text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "192.168.1.7:4849", "[::1]:80"])
def test_names_of_the_machine_and_addresses_are_taken(served: Served, host: str) -> None:
    with served.client(None) as client:
        assert client.get("/api/events", headers={"Host": host}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": ""}],
)
def test_pages_of_other_origins_change_nothing(served: Served, headers: dict[str, str]) -> None:
    with served.client() as client:
        answer = client.post("/api/plays", json={}, headers=headers)
    assert answer.status_code == 403


def test_a_body_that_is_too_large_is_not_waited_for(served: Served) -> None:
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(f"POST /api/plays HTTP/1.1\r\nHost: {host}\r\nContent-Length: {10**12}\r\n\r\n".encode())
        assert connection.recv(1_000).startswith(b"HTTP/1.1 413")


def test_open_pages_hear_of_the_library(served: Served, database: Database) -> None:
    wait_until(lambda: len(served.hub.library.catalogue))
    track = served.hub.library.catalogue.id_at(0)
    with served.client() as client, client.stream("GET", "/api/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == "event: hello"
        database.tracks.set_state([track], TrackState.AWAY)
        assert any(line == "event: library" for line in lines)


def test_a_session_is_as_good_as_a_key_until_it_is_ended(served: Served) -> None:
    account = served.hub.accounts.all()[0]
    cookie = served.hub.accounts.new_session(account.id)
    with httpx.Client(base_url=served.address, cookies={"segue_session": cookie}) as client:
        with client.stream("GET", "/api/events") as answer:
            assert answer.status_code == 200
        served.hub.accounts.end_session(cookie)
        assert client.get("/api/events").status_code == 401


def test_a_page_hears_no_more_once_its_session_or_device_is_ended(served: Served) -> None:
    accounts, (device,) = served.hub.accounts, served.hub.accounts.devices(OWNER)
    cookie = accounts.new_session(OWNER)
    with (
        httpx.Client(base_url=served.address, cookies={"segue_session": cookie}) as browser,
        served.client() as app,
        browser.stream("GET", "/api/events") as one,
        app.stream("GET", "/api/events") as other,
    ):
        heard = [each.iter_lines() for each in (one, other)]
        assert [next(lines) for lines in heard] == ["event: hello"] * 2
        accounts.end_session(cookie)
        accounts.revoke(OWNER, device.id)
        served.loop.call_soon_threadsafe(served.hub.events.tell, "plays", OWNER)
        assert [[line for line in lines if line.startswith("event")] for lines in heard] == [[], []]
    wait_until(lambda: len(served.hub.events) == 0)


def test_sound_is_sent_with_ranges_to_who_may_hear_it(served: Served) -> None:
    track = served.hub.library.catalogue.track(0)
    content = Path(track.path).read_bytes()
    with served.client(None) as nobody, served.client() as client:
        assert nobody.get(f"/stream/{track.id}").status_code == 401
        assert client.get(f"/stream/{track.id}").content == content
        part = client.get(f"/stream/{track.id}", headers={"Range": "bytes=-100"})
        assert (part.status_code, part.content) == (206, content[-100:])
        small = client.get(f"/stream/{track.id}", params={"profile": "mp3"})
        assert small.headers["content-type"] == "audio/mpeg"
        assert client.get(f"/stream/{track.id}", params={"profile": "../x"}).status_code == 404
        assert client.get("/stream/" + "f" * 32).status_code == 404
        name = client.get(f"/download/{track.id}").headers["content-disposition"]
        assert Path(track.path).suffix in name


def test_nobody_is_sent_more_bits_than_they_may_have(served: Served) -> None:
    track = served.hub.library.catalogue.id_at(0)
    bert = next(account for account in served.hub.accounts.all() if account.name == "bert")
    served.hub.accounts.update(bert.id, highest_bit_rate=1)  # less than any file takes
    with served.client(bert.id) as client:
        for asked in ({}, {"profile": "original"}, {"profile": "flac"}, {"signed": "x"}):
            assert client.get(f"/stream/{track}", params=asked).headers["content-type"] == "audio/ogg"
        smallest = client.get(f"/stream/{track}", params={"profile": "mp3"}).content
    with served.client() as client:
        usual = client.get(f"/stream/{track}", params={"profile": "mp3"}).content
    with served.client(None) as nobody:
        path = signed_stream(served.hub, bert.id, track)
        assert nobody.get(path).headers["content-type"] == "audio/ogg"
    assert len(smallest) < len(usual)


def test_a_signed_address_is_good_for_one_track(served: Served) -> None:
    track, other = (served.hub.library.catalogue.id_at(row) for row in (0, 1))
    path = signed_stream(served.hub, OWNER, track)
    with served.client(None) as nobody:
        assert nobody.get(path).status_code == 200
        assert nobody.get(path.replace(track, other)).status_code == 401
        assert nobody.get(f"{path}x").status_code == 401


def test_who_guesses_at_keys_is_told_when_to_come_again_and_a_right_key_opens_all_the_same(served: Served) -> None:
    with served.client(None) as client:
        statuses = [
            client.get("/api/events", headers={"Authorization": f"Bearer guess{number}"}).status_code
            for number in range(FREE + 1)
        ]
        answer = client.get("/api/events", headers={"Authorization": "Bearer guess"})
    assert statuses == [401] * FREE + [429]
    assert answer.json()["code"] == "login-later"
    assert int(answer.headers["retry-after"]) >= 1
    with served.client() as client, client.stream("GET", "/api/events") as opened:
        assert opened.status_code == 200


def test_when_a_device_was_last_used_outlives_the_server(database: Database, home: Home, tmp_path: Path) -> None:
    make_library(database, home, tmp_path / "music")
    with serving(home, database.uri) as served, served.client() as client, client.stream("GET", "/api/events"):
        pass
    assert [device.used > 0 for device in Accounts(home.accounts_file).devices(OWNER)] == [True]


@pytest.mark.parametrize(("asked", "word"), [("de-CH, en;q=0.4", "anmelden"), ("fr", "log"), ("", "log")])
def test_what_is_refused_is_said_in_the_language_of_the_reader(served: Served, asked: str, word: str) -> None:
    with served.client(None) as client:
        told = client.get("/api/events", headers={"Accept-Language": asked}).json()
    assert word in f"{told['message']} {told['advice']}".lower()


@pytest.mark.parametrize("base", ["", "/music"])
def test_music_is_waited_for_until_the_library_is_read_below_a_path_too(
    home: Home, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setattr(app, "HELD_SECONDS", 0.05)
    patient = app.Patience(PlainTextResponse("answered"), library=SharedLibrary(home, Settings()))
    asked = ("/api/tracks", "/rest/getAlbum", "/api/state", "/static/tokens.css")

    async def ask() -> list[int]:
        transport = httpx.ASGITransport(Below(patient, base) if base else patient)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [(await client.get(f"{base}{path}")).status_code for path in asked]

    assert asyncio.run(ask()) == [503, 503, 200, 200]
