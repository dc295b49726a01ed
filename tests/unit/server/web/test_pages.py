"""Signing in, the first account, and the shell that the page begins with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from indexer.core.home import Home
from indexer.core.store import Database
from musicplayer.assets import look
from musicplayer.server.accounts.records import LONGEST_NAME
from musicplayer.server.web.pages import tokens_css
from tests.serving import PASSWORD, Served, serving

pytestmark = pytest.mark.database


@pytest.fixture
def served(database: Database, home: Home, tmp_path: Path) -> Iterator[Served]:
    with serving(home, database.uri) as found:
        yield found


@pytest.fixture
def visitor(served: Served) -> Iterator[httpx.Client]:
    """A browser: it keeps cookies, follows, and names the origin of its forms."""
    headers = {"Origin": served.address, "Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}
    with httpx.Client(base_url=served.address, headers=headers, follow_redirects=True, timeout=20) as client:
        yield client


def test_a_stranger_is_led_to_the_login_and_gets_in_with_the_password(visitor: httpx.Client) -> None:
    assert visitor.get("/").url.path == "/login"
    answer = visitor.post("/login", data={"name": "ada", "password": PASSWORD})
    assert (answer.status_code, answer.url.path) == (200, "/")
    cookie = answer.history[0].headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert visitor.get("/login").url.path == "/"
    assert visitor.post("/logout").url.path == "/login"
    assert visitor.get("/").url.path == "/login"


@pytest.mark.parametrize("name", ["ada", "nobody", "", '"><script>alert(1)</script>'])
def test_a_wrong_login_says_so_and_runs_nothing(visitor: httpx.Client, name: str) -> None:
    answer = visitor.post("/login", data={"name": name, "password": "wrong"})
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert "set-cookie" not in answer.headers


def test_whoever_can_have_an_account_can_type_its_name(served: Served, visitor: httpx.Client) -> None:
    name = "a" * LONGEST_NAME
    served.hub.accounts.add(name, PASSWORD)
    assert f'name="name" value="" required maxlength="{len(name)}"' in visitor.get("/login").text
    assert visitor.post("/login", data={"name": name, "password": PASSWORD}).url.path == "/"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"name=" + b"a" * 100_000, b"&" * 50 + b"name=a&password"])
def test_odd_forms_are_wrong_logins(visitor: httpx.Client, body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visitor.post("/login", content=body, headers=kind).status_code in {400, 401}


def test_a_form_of_another_page_is_refused(served: Served) -> None:
    with httpx.Client(base_url=served.address, headers={"Origin": "https://evil.example"}) as stranger:
        assert stranger.post("/login", data={"name": "ada", "password": PASSWORD}).status_code == 403


def test_the_first_account_is_made_with_the_link_and_only_once(database: Database, home: Home) -> None:
    with serving(home, database.uri, names=()) as fresh:
        token = fresh.hub.accounts.first_token
        with httpx.Client(base_url=fresh.address, headers={"Origin": fresh.address}, follow_redirects=True) as owner:
            assert owner.get("/").url.path == "/first"
            wrong = {"token": "guessed", "name": "Ada", "password": PASSWORD}
            assert 'role="alert"' in owner.post("/first", data=wrong).text
            answer = owner.get("/first", params={"token": str(token)})
            assert f'value="{token}"' in answer.text
            assert owner.post("/first", data={**wrong, "token": str(token)}).url.path == "/"
            assert owner.get("/api/state").json()["listener"]["admin"] is True
            owner.cookies.clear()
            assert owner.get("/first", params={"token": str(token)}).url.path == "/login"


def test_the_shell_is_in_the_readers_language_and_has_nothing_of_the_listener(visitor: httpx.Client) -> None:
    text = visitor.post("/login", data={"name": "ada", "password": PASSWORD}).text
    assert '<html lang="de">' in text
    assert "ada" not in re.sub(r"<script type=\"application/json\".*?</script>", "", text).lower().split()
    page = json.loads(re.search(r'id="page">(.*?)</script>', text, re.DOTALL)[1])  # type: ignore[index]
    assert (page["language"], page["texts"]["Queue"]) == ("de", "Warteschlange")
    assert page["plurals"]["{number} track"] == ["{number} Titel", "{number} Titel"]


def test_a_new_password_needs_the_old_one(visitor: httpx.Client) -> None:
    assert visitor.post("/api/password", json={"old": PASSWORD, "new": "another good one"}).status_code == 401
    visitor.post("/login", data={"name": "ada", "password": PASSWORD})
    assert visitor.post("/api/password", json={"old": "wrong", "new": "another good one"}).status_code == 400
    assert visitor.post("/api/password", content=b"[").status_code == 400
    assert visitor.post("/api/password", json=["old"]).status_code == 400
    assert visitor.post("/api/password", json={"old": PASSWORD, "new": "another good one"}).status_code == 204
    assert visitor.get("/").url.path == "/"
    visitor.post("/logout")
    assert visitor.post("/login", data={"name": "ada", "password": "another good one"}).url.path == "/"


def test_files_are_asked_about_again_and_not_sent_again(visitor: httpx.Client) -> None:
    answer = visitor.get("/static/js/main.js")
    assert answer.headers["cache-control"] == "no-cache"
    again = visitor.get("/static/js/main.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/../templates/app.html", "/static/%2e%2e/tokens.json", "/static//etc/passwd"])
def test_nothing_beside_the_files_of_the_page_is_readable(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_every_file_that_the_worker_keeps_is_there(visitor: httpx.Client) -> None:
    text = visitor.get("/sw.js").text
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", text)[1])  # type: ignore[index]
    assert len(files) > 30
    assert {visitor.get(f"/{file}").status_code for file in files} == {200}


def test_the_page_has_the_colours_of_the_window() -> None:
    light, dark = look()["light"], look()["dark"]
    plain, media, chosen = tokens_css().splitlines()
    assert all(f"--{name}: {colour};" in plain for name, colour in light.items())
    assert all(f"--{name}: {colour};" in block for name, colour in dark.items() for block in (media, chosen))
