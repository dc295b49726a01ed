"""The pages that are made here and not in the browser: the player's shell, signing in, the first account."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from anyio import to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from indexer.core.errors import SegueError
from indexer.core.language import mark, spoken, tr
from indexer.core.plays import ListenerId
from musicplayer.assets import asset, look
from musicplayer.server.accounts.records import LONGEST_NAME
from musicplayer.server.errors import status_of
from musicplayer.server.web.asker import SESSION, client_of
from musicplayer.server.web.paths import base_of
from musicplayer.server.web.templates import made, template, web
from musicplayer.server.web.words import plurals, texts

PLACES = (
    ("for-you", "for-you", mark("For you")),
    ("albums", "album", mark("Albums")),
    ("artists", "artist", mark("Artists")),
    ("genres", "genre", mark("Genres")),
    ("tracks", "search", mark("Tracks")),
    ("playlists", "playlist", mark("Playlists")),
    ("map", "map", mark("Music map")),
    ("journey", "journey", mark("Journey")),
    ("remote", "remote", mark("Desktop player")),
    ("settings", "settings", mark("Settings")),
)
"""Of the side bar: address, glyph, name."""

SESSION_SECONDS = 30 * 86_400
"""How long a browser keeps the cookie; the server lengthens the session with every use."""

LONGEST_FIELD = 1_000
LONGEST_FORM = 10_000

_FRESH = {"Cache-Control": "no-cache"}
_PRIVATE = {"Cache-Control": "no-store"}


def routes() -> list[BaseRoute]:
    """Everything that a browser asks for which is neither an answer in JSON nor music."""
    static = web() / "static"
    return [
        Route("/", _shell),
        Route("/login", _login, methods=["GET", "POST"]),
        Route("/logout", _logout, methods=["POST"]),
        Route("/first", _first, methods=["GET", "POST"]),
        Route("/sw.js", _service_worker),
        Route("/manifest.webmanifest", _manifest),
        Route("/static/tokens.css", _tokens),
        Mount("/static", _Static(directory=static)),
    ]


async def _shell(request: Request) -> Response:
    """The page that everything is shown in; it asks for what it shows by itself."""
    if request.state.account is None:
        wants_first = request.app.state.hub.accounts.first_token is not None
        return _to("first" if wants_first else "login")
    language = spoken()
    page = {
        "language": language.code,
        "base": base_of(request.scope),
        "texts": texts(language),
        "plurals": plurals(language),
    }
    places = [(place, glyph, tr(label)) for place, glyph, label in PLACES]
    return made("app.html", page=_embedded(page), places=places)


async def _login(request: Request) -> Response:
    """Ask for name and password, and begin a session with the right ones."""
    if request.method == "GET":
        return _to("./") if request.state.account is not None else _gate("login")
    accounts, form = request.app.state.hub.accounts, await _fields(request)
    log_in = partial(accounts.log_in, form["name"], form["password"], client_of(request))
    return await _entering(request, "login", form, log_in)


async def _first(request: Request) -> Response:
    """Make the first account, for who has the link that only the machine itself shows."""
    accounts, form = request.app.state.hub.accounts, await _fields(request)
    if accounts.first_token is None:
        return _to("login")
    if request.method == "GET":
        form["token"] = request.query_params.get("token", "")
        return _gate("first", form)
    create = partial(accounts.create_first, form["token"], form["name"], form["password"])
    return await _entering(request, "first", form, create)


async def _logout(request: Request) -> Response:
    """End the session of this browser."""
    accounts = request.app.state.hub.accounts
    if cookie := request.cookies.get(SESSION):
        await to_thread.run_sync(accounts.end_session, cookie)
    response = _to("login")
    response.delete_cookie(SESSION, path=_cookie_path(request))
    return response


async def _entering(request: Request, page: str, form: dict[str, str], enter: Callable[[], Any]) -> Response:
    """Begin a session as whom `enter` finds, or show the page again with what it says."""
    accounts = request.app.state.hub.accounts
    try:
        account = await to_thread.run_sync(enter)
        cookie = await to_thread.run_sync(accounts.new_session, ListenerId(account.id))
    except SegueError as error:
        return _gate(page, form, error)
    response = _to("./")
    response.set_cookie(
        SESSION,
        cookie,
        max_age=SESSION_SECONDS,
        path=_cookie_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def _gate(page: str, form: dict[str, str] | None = None, error: SegueError | None = None) -> Response:
    given = form or {}
    first = {
        "title": tr("Welcome to Segue"),
        "about": tr("Make the account of the owner of this library."),
        "button": tr("Make account"),
        "token": given.get("token", ""),
    }
    login = {"title": tr("Sign in to Segue"), "about": "", "button": tr("Sign in")}
    content = first if page == "first" else login
    fault = "" if error is None else f"{error.message} {error.advice}".strip()
    status = HTTPStatus.OK if error is None else status_of(error)
    content |= {"action": page, "name": given.get("name", ""), "longest": str(LONGEST_NAME), "fault": fault}
    return made("gate.html", status, **content)


async def _fields(request: Request) -> dict[str, str]:
    """The texts of a form, shortened to what anybody would type."""
    if request.method == "GET":
        return {"name": "", "password": "", "token": ""}
    text = (await request.body())[:LONGEST_FORM].decode("utf-8", "replace")
    form = dict(parse_qsl(text, keep_blank_values=True))
    return {name: form.get(name, "")[:LONGEST_FIELD] for name in ("name", "password", "token")}


async def _service_worker(_: Request) -> Response:
    """What keeps the shell for times without a network; another text, and so installed anew, with any other file."""
    files = _files()
    version = f"segue-{_sum_of(files)}"
    text = template("sw.js").render(version=_embedded(version), files=_embedded(list(files)))
    return Response(text, media_type="text/javascript", headers=_FRESH)


async def _manifest(_: Request) -> Response:
    return FileResponse(web() / "manifest.webmanifest", media_type="application/manifest+json", headers=_FRESH)


async def _tokens(_: Request) -> Response:
    return Response(tokens_css(), media_type="text/css", headers=_FRESH)


class _Static(StaticFiles):
    """Files that a browser asks about again each time: an answer without a body while they are the same."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


@cache
def tokens_css() -> str:
    """The look that window and page share, as custom properties: dark where the system or the reader wants it."""
    light, dark = (_properties({**look()[name], **_hues(look()[f"{name}_hues"])}) for name in ("light", "dark"))
    radii = _properties({f"radius-{name}": f"{pixels}px" for name, pixels in look()["radius"].items()})
    return (
        f":root {{ color-scheme: light; {radii} {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-look]) {{ color-scheme: dark; {dark} }} }}\n"
        f':root[data-look="dark"] {{ color-scheme: dark; {dark} }}\n'
    )


def _hues(colours: list[str]) -> dict[str, str]:
    return {f"hue-{number}": colour for number, colour in enumerate(colours)}


def _properties(values: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def _embedded(value: object) -> Markup:
    """JSON inside a page: without the sign that could end the block that it stands in."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - escaped as JSON


def _to(address: str) -> RedirectResponse:
    """On to another page, relative to this one, since a proxy may serve us below a path of its own."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers=_PRIVATE)


def _cookie_path(request: Request) -> str:
    return f"{base_of(request.scope)}/"


@cache
def _files() -> dict[str, Path]:
    """What the shell needs, by address."""
    static = web() / "static"
    found = {f"static/{path.relative_to(static).as_posix()}": path for path in sorted(static.rglob("*.*"))}
    return {"static/tokens.css": asset("tokens.json"), "manifest.webmanifest": web() / "manifest.webmanifest", **found}


def _sum_of(files: dict[str, Path]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in files.values():
        digest.update(path.read_bytes())
    return digest.hexdigest()
