"""Who asks: told by the cookie of a session or by a device's key, for every request."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.core.errors import SegueError
from musicplayer.server.accounts.limits import TooManyLogins
from musicplayer.server.errors import headers_of, status_of
from musicplayer.server.hub import Hub

SESSION = "segue_session"
"""Name of the cookie."""


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
                try:
                    account = self._accounts.by_key(key, client_of(request))
                except TooManyLogins as error:
                    await said(error)(scope, receive, send)
                    return
            elif cookie := request.cookies.get(SESSION):
                account = self._accounts.session(cookie)
            scope.setdefault("state", {})["account"] = account
        await self._app(scope, receive, send)


def client_of(request: Request) -> str:
    """The address that asks, as far as the server was told to believe it."""
    return request.client.host if request.client is not None else ""


def said(error: SegueError, status: int | None = None) -> Response:
    """An error with its code and sentences, in the language that is spoken."""
    told = {"code": error.code, "message": error.message, "advice": error.advice}
    return JSONResponse(told, status or status_of(error), headers=headers_of(error))
