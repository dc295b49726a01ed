"""Who asks, told by the cookie of a session or by a device's key, and what language they read."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.core.errors import SegueError
from indexer.core.language import LANGUAGES, Language, speaking, spoken
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.accounts.limits import TooManyLogins
from musicplayer.server.accounts.records import Account
from musicplayer.server.errors import headers_of, status_of
from musicplayer.server.hub import Hub
from musicplayer.translations import chosen, load

SESSION = "segue_session"
"""Name of the cookie."""


class Asker:
    """Finds out who asks, and in which language to answer. Nobody is let in or kept out here."""

    def __init__(self, app: ASGIApp, *, hub: Hub) -> None:
        self._app = app
        self._accounts = hub.accounts
        self._languages = {code: Language(load(code, hub.home.cache), code) for code in LANGUAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered with `request.state.account` set: an Account, or None.

        It is answered in the language that a browser asks for, else in the one that the server speaks.
        """
        if scope["type"] == "http":
            request = Request(scope)
            try:
                account = asker_of(request, self._accounts)
            except TooManyLogins as error:
                await said(error)(scope, receive, send)
                return
            scope.setdefault("state", {})["account"] = account
            with speaking(self._language(request)):
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _language(self, request: Request) -> Language:
        wanted = request.headers.get("accept-language", "")
        asked = [part.partition(";")[0].strip() for part in wanted.split(",")]
        return self._languages[chosen("", asked)] if wanted else spoken()


def asker_of(request: Request, accounts: Accounts) -> Account | None:
    """Whom a request is from by what it shows, as of now.

    Raises:
        TooManyLogins: it shows a key that is wrong, as others from there before it.
    """
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and key:
        return accounts.by_key(key, client_of(request))
    cookie = request.cookies.get(SESSION)
    return accounts.session(cookie) if cookie else None


def client_of(request: Request) -> str:
    """The address that asks, as far as the server was told to believe it."""
    return request.client.host if request.client is not None else ""


def said(error: SegueError, status: int | None = None) -> Response:
    """An error with its code and sentences, in the language that is spoken."""
    told = {"code": error.code, "message": error.message, "advice": error.advice}
    return JSONResponse(told, status or status_of(error), headers=headers_of(error))
