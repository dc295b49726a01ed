"""The web application: routes of all rooms, who asks, and how errors are said."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.core.errors import SegueError
from musicplayer.server.errors import Busy, NotLoggedIn, headers_of, status_of
from musicplayer.server.hub import Hub
from musicplayer.server.web.api.routes import ROUTES
from musicplayer.server.web.security import Guard, TooLarge

_log = logging.getLogger(__name__)

SESSION = "segue_session"
"""Name of the cookie."""

OPEN = ("/rest/",)
"""Where programs ask that show a key with every request, and pages of other origins may."""


def make_app(hub: Hub, *, names: Iterable[str] = (), routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The application that answers from `hub`; `names` are further ones of this server."""
    app = Starlette(
        routes=[Route("/api/events", events), Mount("/api", routes=ROUTES), *routes],
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


class Asker:
    """Finds out who asks: by the cookie of a session, or by a device's key. Nobody is let in or kept out here."""

    def __init__(self, app: ASGIApp, *, hub: Hub) -> None:
        self._app = app
        self._accounts = hub.accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered with `request.state.account` set: an Account, or None."""
        if scope["type"] == "http":
            request = Request(scope)
            kind, _, key = request.headers.get("authorization", "").partition(" ")
            account = None
            if kind.lower() == "bearer" and key:
                account = self._accounts.by_key(key, client_of(request))
            elif cookie := request.cookies.get(SESSION):
                account = self._accounts.session(cookie)
            scope.setdefault("state", {})["account"] = account
        await self._app(scope, receive, send)


def client_of(request: Request) -> str:
    """The address that asks, as far as the server was told to believe it."""
    return request.client.host if request.client is not None else ""


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
    """An error with its code and sentences."""
    said = {"code": error.code, "message": error.message, "advice": error.advice}
    return JSONResponse(said, status_of(error), headers=headers_of(error))


async def _http(_: Request, error: HTTPException) -> Response:
    said = {"code": f"http-{error.status_code}", "message": error.detail, "advice": ""}
    return JSONResponse(said, error.status_code, headers=error.headers)


async def _too_large(_: Request, __: Exception) -> Response:
    return JSONResponse({"code": "http-413", "message": "That is too much at once.", "advice": ""}, 413)


async def _failed(request: Request, error: Exception) -> Response:
    """Something that nobody thought of: the request is named by its path alone, for keys may stand behind it."""
    _log.error("a request to %s failed", request.url.path, exc_info=error)
    said = SegueError("server-failed")
    return JSONResponse({"code": said.code, "message": said.message, "advice": said.advice}, 500)
