"""Runs the application on uvicorn: connections with bounds, a path to lie below, and an end that is soon.

uvicorn waits for ever for a request that never becomes whole. Here it has some seconds, and of the connections that
have asked for nothing yet the oldest make room for new ones, so that a thousand half-open ones keep nobody out.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
from collections.abc import Callable, Generator, Iterator, Sequence, Sized
from functools import partial
from types import FrameType
from typing import Any, ClassVar

import h11
import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from indexer.core.tracks import Seconds
from musicplayer.server.addresses import BACKLOG

HEAD_SECONDS: Seconds = 10.0
"""From the first byte of a request, or from the beginning of a connection, until its headers have to be there."""
BODY_SECONDS: Seconds = 60.0
"""From then on until its last byte."""
MOST_CONNECTIONS = 600
"""Beyond, the answer is 503; a stream, an event page and each of a browser's six connections count."""
MOST_SILENT = 128
"""Connections that have asked for nothing yet."""
KEPT_OPEN: Seconds = 60
"""Between two requests: a page asks often, and TLS anew for each would cost more than the request."""
GRACE: Seconds = 1
"""For answers under way at the end; streams and event pages are cut off."""
LARGEST_HEAD = 32_768
"""Bytes of a request's line and headers."""

_PROBES = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}
"""Whether a phone that paused is still there is asked after a minute, and it is given up after two."""


async def serve(
    app: ASGIApp,
    sockets: Sequence[socket.socket],
    *,
    tls: ssl.SSLContext | None = None,
    proxies: Sequence[str] = (),
    base: str = "",
    crowded: ASGIApp,
    begun: Callable[[Server], None],
) -> None:
    """Answer requests until `Server.stop`, or a signal to end, then close all connections and return.

    Args:
        app: what answers.
        sockets: where to listen; they are closed at the end.
        tls: what to speak TLS with, None for plain HTTP.
        proxies: addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
        base: path below which a proxy shows this server, such as `/music`; the proxy may take it away or leave it.
        crowded: what answers instead where there are too many connections.
        begun: is called once connections are taken.
    """
    _quiet()
    state = ServerState()
    bounded = Bounded(app, crowded, state.connections)
    config = uvicorn.Config(
        Below(bounded, base) if base else bounded,
        loop="asyncio",
        http=Patient,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses of requests hold keys
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_keep_alive=int(KEPT_OPEN),
        timeout_graceful_shutdown=int(GRACE),
        h11_max_incomplete_event_size=LARGEST_HEAD,
        ssl_context_factory=None if tls is None else lambda *_: tls,
    )
    await Server(config, begun, state).serve(list(sockets))


class Server(uvicorn.Server):
    """uvicorn's, which neither raises the signal that ended it again nor forgets one that came before it began."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[Server], None], state: ServerState) -> None:
        super().__init__(config)
        self.server_state = state
        self._begun = begun

    def stop(self) -> None:
        """End soon; for the thread of the event loop."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections, and say so; who begins to speak TLS has as long as for the head of a request."""
        await self.lifespan.startup()
        loop, config = asyncio.get_running_loop(), self.config
        made = partial(Patient, config, self.server_state, self.lifespan.state, loop)
        limit = HEAD_SECONDS if config.ssl else None
        self.servers = [
            await loop.create_server(made, sock=each, ssl=config.ssl, backlog=BACKLOG, ssl_handshake_timeout=limit)
            for each in sockets or ()
        ]
        self.started = True
        self._begun(self)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Whoever runs this server knows of signals: there is more to end than connections."""
        yield


class Patient(H11Protocol):
    """One connection, which is given up when what it asks does not become whole in time."""

    silent: ClassVar[dict[Patient, None]] = {}
    """Those that have asked for nothing yet, the oldest first."""

    _limit: asyncio.TimerHandle | None = None
    _limited_to: Seconds = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _probe(transport.get_extra_info("socket"))
        self.silent[self] = None
        self._wait(HEAD_SECONDS)
        if len(self.silent) > MOST_SILENT:
            next(iter(self.silent)).give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        self._settle()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.SEND_BODY:
            self._wait(BODY_SECONDS)
        elif self.conn.their_state is h11.IDLE and self.conn.our_state is h11.IDLE:
            self._wait(HEAD_SECONDS)
        else:
            self._settle()

    def give_up(self) -> None:
        """Close a connection that has not said in time what it wants."""
        self._settle()
        if not self.transport.is_closing():
            self.transport.abort()

    def _wait(self, seconds: Seconds) -> None:
        """Give up after so many seconds; a wait for the same thing goes on."""
        if self._limited_to != seconds:
            if self._limited_to:
                self._settle()
            self._limited_to = seconds
            self._limit = self.loop.call_later(seconds, self.give_up)

    def _settle(self) -> None:
        """Wait for nothing any more."""
        self.silent.pop(self, None)
        self._limited_to = 0.0
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None


class Bounded:
    """Answers while there are no more connections than are taken; those beyond are told so, and closed."""

    def __init__(self, app: ASGIApp, crowded: ASGIApp, connections: Sized) -> None:
        self._app = app
        self._crowded = crowded
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI wants it."""
        if scope["type"] != "http" or len(self._connections) <= MOST_CONNECTIONS:
            await self._app(scope, receive, send)
            return

        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._crowded(scope, receive, send_and_close)


class Below:
    """Shows an application below a path of a proxy's, whether the proxy takes that path away or not."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app = app
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI wants it: `root_path` is the base, which `path` begins with."""
        if scope["type"] == "http":
            path = scope["path"]
            has_base = path == self._base or path.startswith(f"{self._base}/")
            scope = {**scope, "root_path": self._base, "path": path if has_base else f"{self._base}{path}"}
        await self._app(scope, receive, send)


@contextlib.contextmanager
def on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """While the block runs, have `stop` called in the main thread when this process is told to end or interrupted."""

    def heed(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def allow_many_connections(wanted: int = 4 * MOST_CONNECTIONS) -> None:
    """Raise the number of files and sockets that this process may have open, where the system has one."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _probe(connection: Any) -> None:
    """Have the system ask from time to time whether the other side is still there."""
    with contextlib.suppress(OSError, AttributeError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _PROBES.items():
            if hasattr(socket, name):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _quiet() -> None:
    """Keep uvicorn's errors, but not what strangers can fill a log with, nor that streams are cut off at the end."""
    logger = logging.getLogger("uvicorn.error")
    if not any(isinstance(each, _Worth) for each in logger.filters):
        logger.addFilter(_Worth())


class _Worth(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(error, asyncio.CancelledError):
            return False
        return error is not None or logging.getLogger().isEnabledFor(logging.DEBUG)
