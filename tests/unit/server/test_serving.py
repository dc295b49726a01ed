"""Connections on real sockets: bounded, patient for a while, below a path, and soon at an end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from indexer.core.home import Home
from musicplayer.server import serving
from musicplayer.server.addresses import listen
from musicplayer.server.certificates import own_certificate, tls_context
from tests.waiting import wait_until

HOST = "127.0.0.1"
CHUNK = 65_536
HALF = b"GET /about HTTP/1.1\r\nHost: here\r\n"


async def about(request: Request) -> JSONResponse:
    client = request.client.host if request.client else ""
    return JSONResponse({"client": client, "scheme": request.url.scheme, "link": request.url_for("about").path})


async def echo(request: Request) -> JSONResponse:
    return JSONResponse({"bytes": len(await request.body())})


async def endless(_request: Request) -> StreamingResponse:
    async def lines() -> Any:
        while True:
            yield b"x" * 1024
            await asyncio.sleep(0.01)  # the event loop's, which others share

    return StreamingResponse(lines())


produced: list[int] = []


async def flood(_request: Request) -> StreamingResponse:
    async def chunks() -> Any:
        while True:
            produced.append(CHUNK)
            yield b"x" * CHUNK
            await asyncio.sleep(0)  # as what reads files does: else nothing could end it once nobody reads any more

    return StreamingResponse(chunks())


APP = Starlette(
    routes=[
        Route("/about", about, name="about"),
        Route("/echo", echo, methods=["POST"]),
        Route("/endless", endless),
        Route("/flood", flood),
    ]
)

CROWDED = PlainTextResponse("come back", 503)


@dataclass
class Served:
    port: int
    stop: Callable[[], None]
    thread: threading.Thread

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        with contextlib.closing(http.client.HTTPConnection(HOST, self.port, timeout=10)) as connection:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def connect(self, first: bytes = b"") -> socket.socket:
        made = socket.create_connection((HOST, self.port), timeout=10)
        made.sendall(first)
        return made


@contextlib.contextmanager
def served(*, proxies: Sequence[str] = (), base: str = "", tls: ssl.SSLContext | None = None) -> Iterator[Served]:
    """A server in a thread of its own."""
    sockets = listen(HOST, 0)
    port = sockets[0].getsockname()[1]
    begun, found = threading.Event(), list[tuple[asyncio.AbstractEventLoop, serving.Server]]()

    def on_begun(server: serving.Server) -> None:
        found.append((asyncio.get_running_loop(), server))
        begun.set()

    work = serving.serve(APP, sockets, proxies=proxies, base=base, tls=tls, crowded=CROWDED, begun=on_begun)
    thread = threading.Thread(target=lambda: asyncio.run(work))
    thread.start()
    assert begun.wait(10)
    loop, server = found[0]

    def stop() -> None:
        with contextlib.suppress(RuntimeError):  # it has ended
            loop.call_soon_threadsafe(server.stop)

    try:
        yield Served(port, stop, thread)
    finally:
        stop()
        thread.join(20)
        gc.collect()


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has closed it; what it says before is read."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


def test_it_answers_and_says_no_more_of_itself_than_it_must() -> None:
    with served() as there, contextlib.closing(http.client.HTTPConnection(HOST, there.port, timeout=10)) as connection:
        connection.request("GET", "/about")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        assert answer.getheader("server") is None


def test_a_connection_is_kept_for_the_next_request() -> None:
    with served() as there, contextlib.closing(http.client.HTTPConnection(HOST, there.port, timeout=10)) as connection:
        for _ in range(3):
            connection.request("GET", "/about")
            connection.getresponse().read()
            sock = connection.sock
            assert sock is not None
        connection.request("POST", "/echo", body=b"x" * 100_000)
        assert connection.getresponse().read() == b'{"bytes":100000}'
        assert connection.sock is sock


@pytest.mark.parametrize("path", ["/about", "/music/about"])
def test_below_a_path_it_is_found_whether_the_proxy_takes_the_path_away_or_not(path: str) -> None:
    with served(base="/music") as there:
        status, body = there.get(path)
        assert status == 200
        assert b'"link":"/music/about"' in body


def test_only_named_proxies_are_believed_who_asks() -> None:
    said = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    with served() as there:
        assert b'{"client":"127.0.0.1","scheme":"http"' in there.get("/about", said)[1]
    with served(proxies=["192.0.2.1"]) as there:
        assert b'"client":"127.0.0.1"' in there.get("/about", said)[1]
    with served(proxies=["127.0.0.0/8"]) as there:
        assert b'{"client":"203.0.113.9","scheme":"https"' in there.get("/about", said)[1]


@pytest.mark.parametrize("first", [b"", HALF, b"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nabc"])
def test_a_request_that_does_not_become_whole_is_given_up(first: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(serving, "BODY_SECONDS", 0.4)
    with served() as there, there.connect(first) as connection:
        assert is_closed(connection)
        assert there.get("/about")[0] == 200


def test_a_tls_that_is_not_begun_is_given_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.3)
    certificate, key = own_certificate(home, [HOST])
    trust = ssl.create_default_context(cafile=str(certificate))
    with served(tls=tls_context(certificate, key)) as there:
        for first in (b"", b"\x16\x03\x01"):
            with there.connect(first) as connection:
                assert is_closed(connection)
        with contextlib.closing(http.client.HTTPSConnection(HOST, there.port, timeout=10, context=trust)) as connection:
            connection.request("GET", "/about")
            assert b'"scheme":"https"' in connection.getresponse().read()


def test_a_half_request_after_a_whole_one_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.3)
    with served() as there, there.connect(HALF + b"\r\n") as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        connection.sendall(b"\r\n")
        assert is_closed(connection)


def test_a_thousand_half_open_connections_keep_nobody_out() -> None:
    serving.allow_many_connections()
    with served() as there, contextlib.ExitStack() as stack:
        for _ in range(1_000):
            stack.enter_context(there.connect(HALF))
        assert there.get("/about")[0] == 200


def test_more_requests_at_once_than_it_takes_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 4)
    with served() as there, contextlib.ExitStack() as stack:
        for _ in range(4):
            taken = stack.enter_context(there.connect(b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n"))
            assert taken.recv(12) == b"HTTP/1.1 200"
        assert there.get("/about") == (503, b"come back")
        beyond = stack.enter_context(there.connect(b"GET /about HTTP/1.1\r\nHost: here\r\n\r\n"))
        assert is_closed(beyond)


def test_who_reads_slowly_is_sent_no_more_than_fits_in_between() -> None:
    produced.clear()
    with served() as there, there.connect(b"GET /flood HTTP/1.1\r\nHost: here\r\n\r\n"):
        looks = list[int]()

        def is_still() -> bool:
            looks.append(len(produced))
            return len(looks) > 20 and looks[-20] == looks[-1] > 0

        wait_until(is_still)
        assert sum(produced) < 64 * 1024 * 1024
        assert there.get("/about")[0] == 200


def test_the_end_waits_for_no_stream() -> None:
    with served() as there, there.connect(b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n") as connection:
        assert connection.recv(1)
        there.stop()
        wait_until(lambda: not there.thread.is_alive())
        assert is_closed(connection)


def test_a_head_that_is_too_long_is_refused() -> None:
    with served() as there, there.connect() as connection:
        connection.sendall(b"GET /about HTTP/1.1\r\nHost: here\r\nX: " + b"x" * 40_000)
        assert is_closed(connection)
        assert there.get("/about")[0] == 200
