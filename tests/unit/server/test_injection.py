"""Names and addresses that somebody made up to be more than names: they stay names, and lead nowhere."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import httpx
import numpy as np
import pytest
import soundfile
from PIL import Image

from indexer.core.home import Home
from indexer.core.plays import OWNER
from indexer.core.store import Database
from indexer.core.tracks import Track, TrackId
from musicplayer.server.web.app import make_app
from tests.conftest import empty_database
from tests.serving import PASSWORD, Served, serving
from tests.unit.server.test_every_route import routes_of

pytestmark = pytest.mark.database

HTML = "<img src=x onerror=alert(1)><script>alert(2)</script>"
LINE = 'a\r\nSet-Cookie: segue_session=x\r\n\r\n"; filename=evil.exe'
CONTROLS = "".join(map(chr, [*range(1, 32), 0x7F, 0x85, 0x2028, 0x202E, 0xFFFE])) + "]]>&amp;"
TITLES = (HTML, LINE, CONTROLS)
FILES = (b'quote".wav', b"line\r\nSet-Cookie: x=1.wav", b"bytes\xff\xfe.wav", b"<b>;a='%00'.wav", b"plain.wav")
PRIVATE = b"root:x:0:0 of somebody's"


def make_hostile(database: Database, folder: Path) -> list[Track]:
    """Files with odd names, and a link out of the library as the last; beside them no cover but SVG, a bomb, a link."""
    music, outside = folder / "music", folder / "outside"
    outside.mkdir(parents=True)
    (outside / "private.wav").write_bytes(PRIVATE)
    (outside / "private.lrc").write_text("[00:01.00]sung in private", encoding="utf-8")
    Image.new("RGB", (64, 64), (255, 0, 255)).save(outside / "private.jpg")
    tracks = []
    for number, name in enumerate((*FILES, b"out.wav")):
        path = Path(os.fsdecode(os.fsencode(music / f"Album {number}") + b"/" + name))
        path.parent.mkdir(parents=True)
        if name == b"out.wav":
            path.symlink_to(outside / "private.wav")
            path.with_suffix(".lrc").symlink_to(outside / "private.lrc")
            (path.parent / "cover.jpg").symlink_to(outside / "private.jpg")
        else:
            soundfile.write(os.fsencode(path), np.zeros(2_000, np.float32), 8_000, format="WAV")
        title = TITLES[number % len(TITLES)]
        tracks.append(
            Track(
                TrackId(f"{number + 1:032x}"),
                path=str(path),
                root=str(music),
                title=title,
                artist=title,
                album=f"{number} {title}",
                genre=title,
                genres=(title,),
                seconds=200.0,
            )
        )
    (Path(tracks[0].path).parent / "cover.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{HTML}</svg>")
    (Path(tracks[1].path).parent / "cover.jpg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{HTML}</svg>")
    Image.new("1", (30_000, 30_000)).save(Path(tracks[2].path).parent / "cover.png")
    database.folders.add(str(music))
    database.tracks.upsert(tracks)
    return tracks


@dataclass(frozen=True)
class Hostile:
    served: Served
    tracks: list[Track]


@pytest.fixture(scope="module")
def hostile(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    folder = tmp_path_factory.mktemp("hostile")
    home = Home.resolve(folder / "home")
    with empty_database(database_server, home) as database:
        tracks = make_hostile(database, folder)
        with serving(home, database.uri, names=("ada", HTML[:60])) as served:
            yield Hostile(served, tracks)


@pytest.fixture
def served(hostile: Hostile) -> Served:
    return hostile.served


@pytest.fixture
def tracks(hostile: Hostile) -> list[Track]:
    return hostile.tracks


def test_odd_addresses_lead_to_nothing(served: Served) -> None:
    host = served.address.removeprefix("http://")
    ways = (
        "../../../../etc/passwd",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..%5c..%5cwindows",
        "%00",
        "a%00.js",
        "%ff%fe",
        "%ed%a0%80",
        "%0d%0aX-Evil:%201",
        "..;/",
        "%",
    )
    places = (
        "/static/",
        "/static/js/",
        "/stream/",
        "/download/",
        "/cover/",
        "/model/",
        "/model/one/",
        "/api/library/model/",
        "/api/tracks/",
        "/api/lyrics/",
        "/rest/",
        "/",
    )
    key = served.keys[OWNER]
    name, port = host.split(":")
    for place in places:
        for way in ways:
            with socket.create_connection((name, int(port)), 10) as connection:
                proof = f"Host: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close"
                connection.sendall(f"GET {place}{way} HTTP/1.1\r\n{proof}\r\n\r\n".encode())
                answer = b"".join(iter(partial(connection.recv, 65_536), b""))
            assert answer[9:12] in {b"404", b"400", b"307", b"405"}, (place, way, answer[:200])
            assert b"root:" not in answer
            assert b"\r\nX-Evil" not in answer
            assert b"\r\nlocation: http://" + host.encode() in answer or b"\r\nlocation:" not in answer, (place, way)


def test_no_name_of_a_file_becomes_a_header(served: Served, tracks: list[Track]) -> None:
    with served.client() as client:
        for track, name in zip(tracks, FILES, strict=False):
            for path in (f"/download/{track.id}", f"/download/{track.id}?profile=mp3"):
                answer = client.get(path)
                assert answer.status_code == 200, (path, answer.text)
                assert "set-cookie" not in answer.headers
                said = answer.headers["content-disposition"]
                assert re.fullmatch(r"attachment; filename=\"[ -!#-~]*\"; filename\*=UTF-8''[\w.~%-]*", said), said
                whole = unquote(said.partition("''")[2])
                assert "/" not in whole
                assert whole.isprintable()
            assert client.get(f"/stream/{track.id}").content == Path(track.path).read_bytes(), name


def test_a_link_out_of_the_library_is_not_followed(served: Served, tracks: list[Track]) -> None:
    out = tracks[-1].id
    login = {"apiKey": served.keys[OWNER], "v": "1.16.1", "c": "t", "f": "json", "id": out}
    with served.client() as client:
        for path in (f"/stream/{out}", f"/stream/{out}?profile=mp3", f"/download/{out}"):
            answer = client.get(path)
            assert (answer.status_code, PRIVATE in answer.content) == (404, False)
            assert "/outside" not in answer.text
        for name in ("stream", "download", "getLyricsBySongId"):
            answer = client.get(f"/rest/{name}", params=login)
            assert PRIVATE not in answer.content
            assert "sung in private" not in answer.text
        picture = client.get(f"/cover/{out}")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content[:2] == b"\xff\xd8"
    with Image.open(io.BytesIO(picture.content)) as seen:
        red, green, blue = seen.convert("RGB").getpixel((seen.width // 2, 5))  # type: ignore[misc]
    assert not (red > 200 and green < 60 and blue > 200)


def test_covers_that_are_programs_or_bombs_are_drawn_instead(served: Served, tracks: list[Track]) -> None:
    with served.client() as client:
        for track in tracks[:3]:
            answer = client.get(f"/cover/{track.id}", params={"size": "300"})
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert b"svg" not in answer.content


def test_names_stay_names_in_every_form(served: Served, tracks: list[Track]) -> None:
    bert = next(account for account in served.hub.accounts.all() if account.id != OWNER)
    paths = (
        "/api/tracks",
        "/api/albums",
        "/api/artists",
        "/api/genres",
        "/api/playlists",
        "/api/state",
        "/api/devices",
    )
    with served.client(bert.id) as client:
        made = client.post("/api/playlists", json={"name": HTML, "tracks": [tracks[0].id], "comment": CONTROLS})
        assert made.status_code == 200
        for path in (*paths, f"/api/tracks?q={HTML}", f"/api/tracks/{HTML}", f"/api/playlists/{made.json()['id']}"):
            answer = client.get(path)
            assert answer.headers["content-type"] == "application/json", path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert answer.json() is not None
        for name in ("getPlaylists", "getIndexes", "getGenres", "getUser", "getArtists", "getRandomSongs", "search3"):
            login = {"apiKey": served.keys[bert.id], "v": "1.16.1", "c": HTML, "username": bert.name, "query": ""}
            answer = client.get(f"/rest/{name}", params=login)
            assert answer.headers["content-type"].startswith("application/xml")
            assert not list(ET.fromstring(answer.content).iter("script"))
            assert ET.fromstring(answer.content).attrib["status"] == "ok"
            wrong = client.get(f"/rest/{name}", params={**login, "f": "jsonp", "callback": "alert(1)//"})
            assert not wrong.text.startswith("alert")
    with httpx.Client(base_url=served.address, headers={"Origin": served.address}, follow_redirects=True) as browser:
        texts = [browser.post("/login", data={"name": bert.name, "password": each}).text for each in ("x", PASSWORD)]
    assert not [text for text in texts if "<img src=x" in text or "<script>alert" in text]
    assert 'id="page"' in texts[1]


def test_pages_of_others_change_nothing_anywhere(served: Served) -> None:
    cookie = served.hub.accounts.new_session(OWNER)
    elsewhere = (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": served.address.replace("127.0.0.1", "localhost")},
        {"Origin": served.address + ".evil.example"},
        {"Origin": f"{served.address}1"},
    )
    uses = (use.split() for use in routes_of(list(make_app(served.hub).routes)))
    found = {
        (method, re.sub(r"\{\w+\}", "x", path)) for method, path in uses if method != "GET" and "/rest/" not in path
    }
    assert {("POST", "/login"), ("POST", "/first"), ("POST", "/logout")} <= found
    with httpx.Client(base_url=served.address, cookies={"segue_session": cookie}) as victim:
        for method, path in sorted(found):
            for headers in elsewhere:
                answer = victim.request(method, path, headers=headers)
                assert (answer.status_code, "set-cookie" in answer.headers) == (403, False), (path, headers)
            assert victim.request(method, path, headers={"Host": "evil.example"}).status_code == 421
        assert victim.get("/api/state").status_code == 200


def test_a_cookie_is_for_this_server_alone(served: Served) -> None:
    async def log_in(scheme: str) -> str:
        transport = httpx.ASGITransport(make_app(served.hub))
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://localhost") as browser:
            answer = await browser.post("/login", data={"name": "ada", "password": PASSWORD})
            assert answer.headers["cache-control"] == "no-store"
            return answer.headers["set-cookie"].lower()

    plain, secure = asyncio.run(log_in("http")), asyncio.run(log_in("https"))
    for cookie in (plain, secure):
        parts = {part.strip() for part in cookie.split(";")}
        assert {"httponly", "path=/", "samesite=strict"} <= parts
        assert not [part for part in parts if part.startswith("domain")]
    assert ("; secure" in secure, "; secure" in plain) == (True, False)


def test_answers_for_one_listener_are_kept_for_nobody_else(served: Served, tracks: list[Track]) -> None:
    login = {"apiKey": served.keys[OWNER], "v": "1.16.1", "c": "t", "id": tracks[0].id}
    paths = (
        "/",
        "/login",
        "/api/state",
        "/api/tracks",
        "/api/queue",
        "/api/library/own",
        "/model/x/x",
        f"/stream/{tracks[0].id}",
        f"/download/{tracks[0].id}",
        f"/cover/{tracks[0].id}",
        "/api/tracks/x",
        "/stream/x",
        "/cover/x",
        "/rest/getSong",
        "/rest/stream",
        "/rest/getCoverArt",
    )
    with served.client() as client:
        for path in paths:
            told = client.get(path, params=login if path.startswith("/rest/") else None).headers.get(
                "cache-control", ""
            )
            assert {part.strip() for part in told.split(",")} & {"private", "no-store"}, (path, told)
            assert "public" not in told


def test_what_could_be_a_page_is_told_to_load_nothing_from_elsewhere(served: Served) -> None:
    wanted = {"content-security-policy", "x-content-type-options", "x-frame-options"}
    odd: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("GET", "/", {}),
        ("GET", "/login", {}),
        ("GET", "/first", {}),
        ("POST", "/login", {}),
        ("GET", "/none", {}),
        ("PUT", "/login", {}),
        ("GET", "/static", {}),
        ("GET", "/static/none", {}),
        ("GET", "/api/none", {}),
        ("GET", "/rest/none", {}),
        ("GET", "/", {"Host": "evil.example"}),
        ("POST", "/login", {"Origin": "null"}),
        ("TRACE", "/", {}),
        ("OPTIONS", "/api/state", {}),
    )
    with served.client() as client:
        for method, path, headers in odd:
            request = client.build_request(method, path, headers=headers)
            answer = client.send(request)
            assert wanted <= set(answer.headers), (method, path, wanted - set(answer.headers))
            assert "unsafe" not in answer.headers["content-security-policy"]


def test_what_fails_says_nothing_of_why(
    served: Served, tracks: list[Track], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the reason")

    caplog.set_level(logging.WARNING, "httpx")  # which is the test's own client, and says what it asks for
    monkeypatch.setattr(served.hub.covers, "answer", fail)
    signed = f"?signed={served.hub.accounts.sign(OWNER, 'stream:x', 60)}"
    with served.client() as client:
        answer = client.get(f"/cover/{tracks[0].id}{signed}")
    assert (answer.status_code, answer.json()["code"]) == (500, "server-failed")
    assert "the reason" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "the reason" in caplog.text
    assert not [secret for secret in (signed, served.keys[OWNER]) if secret in caplog.text]
