"""Who asks: told by the cookie of a session or by a device's key, for every request."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.core.errors import SegueError
from indexer.core.language import Language, speaking
from musicplayer.server.accounts.limits import TooManyLogins
from musicplayer.server.accounts.records import Account
from musicplayer.server.errors import headers_of, status_of
from musicplayer.server.hub import Hub
from musicplayer.translations import chosen, load

SESSION = "segue_session"
"""Name of the cookie."""


class Asker:
    """Finds out who asks: by the cookie of a session, or by a device's key. Nobody is let in or kept out here."""

    def __init__(self, app: ASGIApp, *, hub: Hub) -> None:
        self._app = app
        self._accounts = hub.accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered with `request.state.account` set: an Account, or None; in the reader's language."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        with speaking(language_of(request)):
            try:
                scope.setdefault("state", {})["account"] = self._account(request)
            except TooManyLogins as error:
                await said(error)(scope, receive, send)
            else:
                await self._app(scope, receive, send)

    def _account(self, request: Request) -> Account | None:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and key:
            return self._accounts.by_key(key, client_of(request))
        cookie = request.cookies.get(SESSION)
        return self._accounts.session(cookie) if cookie else None


def language_of(request: Request) -> Language:
    """What the reader asks for first of the languages that Segue speaks."""
    asked = [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return _language(chosen("", asked), request.app.state.hub.home.cache)


def client_of(request: Request) -> str:
    """The address that asks, as far as the server was told to believe it."""
    return request.client.host if request.client is not None else ""


def said(error: SegueError, status: int | None = None) -> Response:
    """An error with its code and sentences, in the language that is spoken."""
    told = {"code": error.code, "message": error.message, "advice": error.advice}
    return JSONResponse(told, status or status_of(error), headers=headers_of(error))


@cache
def _language(code: str, cache_folder: Path) -> Language:
    return Language(load(code, cache_folder), code)
