"""Who asks, told by the cookie of a session or by a device's key, and what language they read."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.core.language import LANGUAGES, Language, speaking, spoken
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.accounts.limits import TooManyLogins
from musicplayer.server.accounts.records import Account
from musicplayer.server.web.refusals import refused
from musicplayer.translations import chosen, load

SESSION = "segue_session"
"""Name of the cookie."""


class Reader:
    """Has everything answered in the language that a browser asks for, else in the one that the server speaks."""

    def __init__(self, app: ASGIApp, *, cache: Path) -> None:
        """Stand before `app`; translations are kept compiled in the folder `cache`."""
        self._app = app
        self._languages = {code: Language(load(code, cache), code) for code in LANGUAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered."""
        wanted = Headers(scope=scope).get("accept-language", "") if scope["type"] == "http" else ""
        asked = [part.partition(";")[0].strip() for part in wanted.split(",")]
        with speaking(self._languages[chosen("", asked)] if wanted else spoken()):
            await self._app(scope, receive, send)


class Asker:
    """Finds out who asks. Nobody is let in or kept out here."""

    def __init__(self, app: ASGIApp, *, accounts: Accounts) -> None:
        self._app = app
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered with `request.state.account` set: an Account, or None."""
        if scope["type"] == "http":
            try:
                account = asker_of(Request(scope), self._accounts)
            except TooManyLogins as error:
                await refused(scope, error)(scope, receive, send)
                return
            scope.setdefault("state", {})["account"] = account
        await self._app(scope, receive, send)


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
