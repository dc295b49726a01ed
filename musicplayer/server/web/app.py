"""The web application: routes of all rooms, who asks, and how errors are said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.core.errors import SegueError
from indexer.core.tracks import Seconds
from musicplayer.server.accounts.limits import TooManyLogins
from musicplayer.server.accounts.records import Account
from musicplayer.server.errors import Busy, Crowded, NotLoggedIn, NotThere
from musicplayer.server.hub import Hub
from musicplayer.server.library import DatabaseAway, SharedLibrary
from musicplayer.server.subsonic.api import routes as subsonic_routes
from musicplayer.server.web import media, pages
from musicplayer.server.web.api.routes import ROUTES as API_ROUTES
from musicplayer.server.web.asker import Asker, Reader, asker_of
from musicplayer.server.web.paths import path_of
from musicplayer.server.web.refusals import refused, wants_page
from musicplayer.server.web.security import HEADERS, Guard

_log = logging.getLogger(__name__)

MUSIC = ("/api/", "/rest/", "/stream/", "/download/", "/cover/")
AT_ONCE = frozenset({"/api/state", "/api/events", "/rest/ping", "/rest/ping.view"})
HELD_SECONDS: Seconds = 10.0

AGAIN_SECONDS = 30
"""After which those who are too many for now may ask again."""

OPEN = ("/rest/",)
"""Where programs ask that show a key with every request, and pages of other origins may."""


def make_app(hub: Hub, *, names: Iterable[str] = ()) -> Starlette:
    """The application that answers from `hub`; `names` are further ones of this server."""
    app = Starlette(
        routes=[
            Route("/api/events", events),
            *media.ROUTES,
            *pages.routes(),
            Mount("/api", routes=API_ROUTES),
            *subsonic_routes(),
        ],
        middleware=[
            Middleware(Reader, cache=hub.home.cache),
            Middleware(Guard, names=tuple(names), open_paths=OPEN),
            Middleware(Asker, accounts=hub.accounts),
            Middleware(Patience, library=hub.library),
        ],
        exception_handlers={
            SegueError: _said,  # type: ignore[dict-item]
            HTTPException: _http,  # type: ignore[dict-item]
            Exception: _failed,
        },
    )
    app.state.hub = hub
    return app


def crowded_app(hub: Hub, *, names: Iterable[str] = ()) -> ASGIApp:
    """What answers all requests in its place while there are too many connections."""

    async def say_so(scope: Scope, receive: Receive, send: Send) -> None:
        await refused(scope, Crowded("server-crowded", seconds=AGAIN_SECONDS))(scope, receive, send)

    return Reader(Guard(say_so, names=names, open_paths=OPEN), cache=hub.home.cache)


class Patience:
    """Holds requests for music until the library was read: what is asked of one that seems empty would be wrong."""

    def __init__(self, app: ASGIApp, *, library: SharedLibrary) -> None:
        self._app = app
        self._library = library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered, or say that it takes too long."""
        path = path_of(scope) if scope["type"] == "http" else ""
        if path.startswith(MUSIC) and path not in AT_ONCE and not self._library.is_read.is_set():
            try:
                async with asyncio.timeout(HELD_SECONDS):
                    await self._library.is_read.wait()
            except TimeoutError:
                await refused(scope, DatabaseAway("server-database-away"))(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def events(request: Request) -> Response:
    """What happens from now on, as server-sent events."""
    account, hub = request.state.account, request.app.state.hub
    if account is None:
        raise NotLoggedIn("server-log-in")
    page = hub.events.open(account.id)
    if page is None:
        raise Busy("server-busy", seconds=AGAIN_SECONDS)

    async def lines() -> AsyncIterator[bytes]:
        try:
            async for line in page.lines():
                if not _is_still(request, account):
                    return
                yield line
        finally:
            hub.events.close(page)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines(), media_type="text/event-stream", headers=headers)


def _is_still(request: Request, account: Account) -> bool:
    """Whether who opened a page may still have it: sessions end, devices are revoked, accounts are removed."""
    try:
        now = asker_of(request, request.app.state.hub.accounts)
    except TooManyLogins:
        return False
    return now is not None and now.id == account.id


async def _said(request: Request, error: SegueError) -> Response:
    return refused(request.scope, error)


async def _http(request: Request, error: HTTPException) -> Response:
    if wants_page(request.scope):
        return refused(request.scope, NotThere("server-no-page"), error.status_code)
    told = {"code": f"http-{error.status_code}", "message": error.detail, "advice": ""}
    return JSONResponse(told, error.status_code, headers=error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    """Something that nobody thought of: the request is named by its path alone, for keys may stand behind it."""
    _log.error("a request to %s failed", request.url.path, exc_info=error)
    answer = refused(request.scope, SegueError("server-failed"), 500)
    answer.headers.update(HEADERS)  # Starlette sends this one past the guard
    return answer
