"""A track of a shared library, read from its server in ranges as a file is read from a disk.

FFmpeg speaks HTTP itself, but takes a connection that breaks for the end of the file, follows a server that points
elsewhere and shows the key there. So what is asked, of whom, and what an answer means is decided here, and FFmpeg is
given a file.
"""

from __future__ import annotations

import io
import re
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTP_PORT, HTTPS_PORT, HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TypeVar
from urllib.parse import urlsplit

from indexer.core.files.json_files import object_in
from indexer.core.shared.server import Server, ServerError, server_of, tls_context
from indexer.core.tracks import Seconds
from musicplayer.playback.server_trouble import NotServed, ServerTrouble

GREETING: Seconds = 4.0
"""Within so long a server is reached, or it is away."""

ANSWER: Seconds = 20.0
"""A server that was reached may be so long about a file: it wakes a drive, or converts a part of a file first."""

SILENCE: Seconds = 5.0
"""In the middle of a file nothing may come for so long, before the rest is asked for anew."""

RETURN: Seconds = 11.0
"""So long a server is tried again that broke off: while what is decoded ahead plays, see `reel.AHEAD`."""

_AGAIN: Seconds = 0.3
_FEWEST_BYTES, _MOST_BYTES = 1 << 16, 1 << 20
"""Asked for at once: few after a jump, since FFmpeg finds a place by several, and more the longer it reads on."""

_GUESSED_TOO_OFTEN = "login-later"
_LONGEST_REASON = 65_536
_INVALID_DATA = -1_094_995_529
"""AVERROR_INVALIDDATA of FFmpeg: https://ffmpeg.org/doxygen/trunk/error_8h.html."""

Answer = TypeVar("Answer")
_PART = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})")


class ServedFile(io.RawIOBase):
    """Reads what is behind an address of the shared library that this process plays.

    Attributes:
        trouble: what ended it. FFmpeg passes over errors of reading: whoever comes to an end asks whether it is one.
    """

    def __init__(self, address: str, gone: Callable[[], bool] = lambda: False) -> None:
        """Open `address`; `gone` tells that nobody wants it any more.

        Raises:
            NotServed: the server does not give it, or it is no address of that server.
        """
        server = _server_of(address)
        self._connection = _connection_to(server)
        self._path = urlsplit(address).path
        self._headers = {"Authorization": f"Bearer {server.key}"}
        self.trouble: NotServed | None = None
        self._gone = gone
        self._answer: HTTPResponse | None = None
        self._answer_at = self._answer_end = 0
        self._at, self._size, self._tag = 0, 0, ""
        self._bytes = _FEWEST_BYTES
        self._persist(self._asked, GREETING)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Be at a place; nothing is asked before it is read from."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}.get(whence)
        if origin is None or origin + offset < 0:
            return _INVALID_DATA  # FFmpeg has a way of its own to ask the size, and damaged headers name any place
        self._at = origin + offset
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, at least one before the end.

        Raises:
            NotServed: the server does not give them.
        """
        if self._at >= self._size:
            return b""
        block = self._persist(lambda: self._received(size if size > 0 else _FEWEST_BYTES), RETURN)
        self._at += len(block)
        return block

    def close(self) -> None:
        self._hang_up()
        super().close()

    def _persist(self, work: Callable[[], Answer], seconds: Seconds) -> Answer:
        """What `work` gives, tried for so many seconds where the server is away or breaks off."""
        since, again = time.monotonic(), 0.0  # at once: a server ends connections over which nothing went for a while
        while self.trouble is None:
            try:
                return work()
            except NotServed as error:
                self.trouble = error
            except ssl.SSLCertVerificationError as error:
                self.trouble = NotServed(ServerTrouble.STRANGE, error.verify_message)
            except (OSError, HTTPException) as error:
                late = time.monotonic() - since >= seconds or self._gone()
                trouble = ServerTrouble.FAILED if isinstance(error, _Busy) else ServerTrouble.AWAY
                self.trouble = NotServed(trouble, f"{type(error).__name__}: {error}") if late else None
            self._hang_up()
            if self.trouble is None:
                time.sleep(again)
                again = _AGAIN
        raise self.trouble

    def _received(self, most: int) -> bytes:
        """The next bytes of the answer that is under way, or of another one that begins where they lie."""
        answer = self._answer
        if answer is None or self._answer_at != self._at:
            answer = self._asked()
        block = answer.read1(min(most, self._answer_end - self._answer_at))
        if not block:
            raise ConnectionError("the answer ended early")
        self._answer_at += len(block)
        if self._answer_at == self._answer_end:
            answer.read()  # nothing is left; the connection is free for the next question
            self._answer = None
        return block

    def _asked(self) -> HTTPResponse:
        """The answer to who asks for what lies from the place on that is to be read."""
        if self._answer is not None:
            self._hang_up()
        self._bytes = min(2 * self._bytes, _MOST_BYTES) if self._at == self._answer_end else _FEWEST_BYTES
        if self._connection.sock is None:
            self._connection.timeout = GREETING
            self._connection.connect()
        self._connection.sock.settimeout(SILENCE if self._size else ANSWER)
        part = f"bytes={self._at}-{self._at + self._bytes - 1}"
        self._connection.request("GET", self._path, headers={**self._headers, "Range": part})
        answer = self._answer = self._connection.getresponse()
        _judge(answer)
        self._take(answer)
        self._connection.sock.settimeout(SILENCE)
        return answer

    def _take(self, answer: HTTPResponse) -> None:
        """Know what part of which file an answer is."""
        begins, end, size = _part_of(answer)
        tag = answer.getheader("ETag", "")
        if begins != self._at:
            raise NotServed(ServerTrouble.FAILED, "the server sends other parts of files than those asked for")
        if self._size and (size, tag) != (self._size, self._tag):
            raise NotServed(ServerTrouble.FAILED, "the file was replaced on the server")
        self._size, self._tag = size, tag
        self._answer_at, self._answer_end = begins, end

    def _hang_up(self) -> None:
        if self._answer is not None:
            self._answer.close()
            self._answer = None
        self._connection.close()


class _Busy(OSError):
    """The server, or what stands before it, may answer in a moment."""


def _server_of(address: str) -> Server:
    try:
        server = server_of(address)
    except ServerError as error:
        raise NotServed(ServerTrouble.REFUSED, str(error)) from error
    if server is None:
        raise NotServed(ServerTrouble.ELSEWHERE, "no address of a shared library")
    return server


def _connection_to(server: Server) -> HTTPConnection:
    """Not connected yet, and by way of no proxy: what is asked has a key with it."""
    parts = urlsplit(server.address)
    host, is_plain = parts.hostname or "", parts.scheme == "http"
    port = parts.port or (HTTP_PORT if is_plain else HTTPS_PORT)  # else the end of an IPv6 address is taken for one
    if is_plain:
        return HTTPConnection(host, port, timeout=GREETING)
    try:
        return HTTPSConnection(host, port, timeout=GREETING, context=tls_context(server))
    except ssl.SSLError as error:  # what is kept here is no certificate
        raise NotServed(ServerTrouble.STRANGE, str(error)) from error


def _judge(answer: HTTPResponse) -> None:
    """Raise what an answer means that is no part of a file."""
    status, reason = answer.status, f"HTTP {answer.status}"
    if status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        return
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} or _was_guessed_too_often(answer):
        raise NotServed(ServerTrouble.REFUSED, reason)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotServed(ServerTrouble.MISSING, reason)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise NotServed(ServerTrouble.ELSEWHERE, reason)
    if status in {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }:
        raise _Busy(reason)
    raise NotServed(ServerTrouble.FAILED, reason)


def _was_guessed_too_often(answer: HTTPResponse) -> bool:
    """Whether a key that is wrong is not even looked at any more; a right one always opens."""
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return False
    return object_in(answer.read(_LONGEST_REASON)).get("code") == _GUESSED_TOO_OFTEN


def _part_of(answer: HTTPResponse) -> tuple[int, int, int]:
    """Where an answer begins and ends in the file, and how large that is."""
    if answer.status == HTTPStatus.OK:
        return 0, answer.length or 0, answer.length or 0
    said = _PART.fullmatch(answer.getheader("Content-Range", ""))
    first, last, size = map(int, said.groups()) if said else (0, -1, 0)
    if not first <= last < size or answer.length != last + 1 - first:
        raise NotServed(ServerTrouble.FAILED, "the server does not say what it sends")
    return first, last + 1, size
