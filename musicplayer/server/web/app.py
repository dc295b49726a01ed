"""The web application: routes of all rooms, who asks, and how errors are said."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from indexer.core.errors import SegueError
from musicplayer.server.errors import Busy, NotLoggedIn
from musicplayer.server.hub import Hub
from musicplayer.server.subsonic.api import routes as subsonic_routes
from musicplayer.server.web import media, pages
from musicplayer.server.web.api.routes import ROUTES as API_ROUTES
from musicplayer.server.web.asker import Asker, said
from musicplayer.server.web.security import Guard, TooLarge

_log = logging.getLogger(__name__)

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
        middleware=[Middleware(Guard, names=tuple(names), open_paths=OPEN), Middleware(Asker, hub=hub)],
        exception_handlers={
            SegueError: _said,  # type: ignore[dict-item]
            HTTPException: _http,  # type: ignore[dict-item]
            TooLarge: _too_large,
            Exception: _failed,
        },
    )
    app.state.hub = hub
    return app


async def events(request: Request) -> Response:
    """What happens from now on, as server-sent events."""
    account, hub = request.state.account, request.app.state.hub
    if account is None:
        raise NotLoggedIn("server-log-in")
    page = hub.events.open(account.id)
    if page is None:
        raise Busy("server-busy", seconds=30)

    async def lines() -> AsyncIterator[bytes]:
        try:
            async for line in page.lines():
                yield line
        finally:
            hub.events.close(page)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines(), media_type="text/event-stream", headers=headers)


async def _said(_: Request, error: SegueError) -> Response:
    return said(error)


async def _http(_: Request, error: HTTPException) -> Response:
    told = {"code": f"http-{error.status_code}", "message": error.detail, "advice": ""}
    return JSONResponse(told, error.status_code, headers=error.headers)


async def _too_large(_: Request, __: Exception) -> Response:
    return JSONResponse({"code": "http-413", "message": "That is too much at once.", "advice": ""}, 413)


async def _failed(request: Request, error: Exception) -> Response:
    """Something that nobody thought of: the request is named by its path alone, for keys may stand behind it."""
    _log.error("a request to %s failed", request.url.path, exc_info=error)
    return said(SegueError("server-failed"), 500)
