"""Who may ask at all: names of this server, origins, sizes; and what browsers are told to keep to.

Without a list of its names a server on the local network answers any page of the web whose author lets a name of
theirs point to it (DNS rebinding). An address in numbers cannot be taken over that way.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from musicplayer.server.errors import NotAllowed, OtherName, RequestError, TooLarge
from musicplayer.server.web.paths import path_of
from musicplayer.server.web.refusals import refused

LARGEST_BODY = 8_000_000
"""Bytes: a queue of fifty thousand tracks."""

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# With "no-referrer" browsers name no origin of forms either: nobody could log in.
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Refuses what no request of a listener's looks like, before anything else is done with it."""

    def __init__(self, app: ASGIApp, *, names: Iterable[str] = (), open_paths: Iterable[str] = ()) -> None:
        """Stand before `app`.

        Args:
            app: what answers.
            names: under which this server is asked for, besides those of the machine.
            open_paths: beginnings of paths that know nothing of sessions; pages of other origins may ask there.
        """
        self._app = app
        self._names = {name.lower() for name in (*machine_names(), *names)}
        self._open = tuple(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_open = path_of(scope).startswith(self._open) if self._open else False
        error = self._why_not(scope["method"], Headers(scope=scope), is_open=is_open)
        if error is not None:
            await refused(scope, error)(scope, receive, _with_headers(send, open_to_all=False))
            return
        await self._app(scope, _bounded(receive), _with_headers(send, open_to_all=is_open))

    def _why_not(self, method: str, headers: Headers, *, is_open: bool) -> RequestError | None:
        if not self._is_name(headers.get("host", "")):
            return OtherName("server-other-name")
        if method not in _SAFE and not is_open and not is_same_origin(headers):
            return NotAllowed("server-other-page")
        return None if _is_short(headers) else TooLarge("server-too-large")

    def _is_name(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._names or _is_address(name)


def is_same_origin(headers: Headers) -> bool:
    """Whether a request that changes something comes from a page of this server, or from no page at all.

    A browser names the origin of every such request; a program that names none has no cookie of a browser's either.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None:
        return site in {None, "same-origin", "none"}
    asked = urlsplit(origin)
    return asked.netloc.lower() == headers.get("host", "").lower() and asked.scheme in {"http", "https"}


def machine_names() -> set[str]:
    """Names under which this machine is asked for in its own network."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return {"localhost", name, short, f"{short}.local", f"{short}.lan", f"{short}.home.arpa", f"{short}.fritz.box"}


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_short(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return length.isdigit() and int(length) <= LARGEST_BODY


def _bounded(receive: Receive) -> Receive:
    """A body without a length, or with a wrong one, ends where it becomes too large."""
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise TooLarge("server-too-large")
        return message

    return receive_some


def _with_headers(send: Send, *, open_to_all: bool) -> Send:
    async def send_some(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if open_to_all:
                headers["Access-Control-Allow-Origin"] = "*"
        await send(message)

    return send_some
