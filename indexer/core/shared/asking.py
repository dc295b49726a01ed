"""Asks a server, by one connection that stays open: JSON in, JSON out, and what its refusals mean.

The modules of Python that speak HTTP and TLS are imported where they are used: they take a tenth of a second, which the
first paint need not wait for.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode, urlsplit

from indexer.core.files.json_files import object_in
from indexer.core.language import spoken
from indexer.core.shared.server import Server, tls_context
from indexer.core.store.faults import DatabaseError, DatabaseUnavailable, NotTaken
from indexer.core.text import clean
from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse
    from ssl import SSLContext

TIMEOUT: Seconds = 10.0
"""Until a server that says nothing is taken for one that does not answer."""

LARGEST_ANSWER = 128_000_000
"""Bytes: what was said to a million tracks, or features that were written at once."""

LONGEST_ANSWER: Seconds = 300.0
"""That one may be on its way, however small the pieces are in which it comes."""

OF_LIBRARIES = "/api/library"
"""Below this is what a Segue that shares no libraries does not know."""

_CHUNK = 1_000_000
_LONGEST_REASON = 200
_LONGEST_SAID = 400
"""Characters of a sentence of the server."""
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_GUESSED_TOO_OFTEN = "login-later"
"""A key that is wrong is looked at less and less often; a right one always opens."""
_NO_PAGE = "http-404"


class Asking:
    """One connection to a server, for one thread; made when it is first used, and again after it was lost.

    Every call raises DatabaseUnavailable while the server does not answer or is in trouble, NotTaken where it will
    never do what was asked, DatabaseError where it refuses for another reason. What is asked may arrive twice.
    """

    def __init__(self, server: Server, *, timeout: Seconds = TIMEOUT, headers: Mapping[str, str] | None = None) -> None:
        """Ask a server as whom its key is of; `headers` show something else in place of the key."""
        self.server = server
        self._parts = urlsplit(server.address)
        self._timeout = timeout
        self._headers = {
            **({"Authorization": f"Bearer {server.key}"} if headers is None else headers),
            "Accept-Language": spoken().code,
            "User-Agent": f"Segue/{_program_version()}",
        }
        self._connection: HTTPConnection | None = None

    @property
    def shown(self) -> str:
        """The server as sentences name it."""
        return f"{self._parts.netloc}{self._parts.path}"

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """The object that is at a path, which begins with a slash."""
        return self._object(path, *self.ask("GET", f"{path}?{urlencode(query)}" if query else path))

    def post(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The object that is answered to one in JSON; empty where there is nothing to say."""
        body = json.dumps(content).encode("ascii")
        return self._object(path, *self.ask("POST", path, body, {"Content-Type": "application/json"}))

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        """An answer of any status, read to its end."""
        with self._translated():
            response = self._response(method, path, body, headers or {})
            with response:
                return response, self._whole(response)

    def stream(self, path: str) -> Iterator[bytes]:
        """What is at a path, as it arrives."""
        with self._translated():
            response = self._response("GET", path, None, {})
            if response.status != HTTPStatus.OK:
                raise self.error_of(response, response.read(_CHUNK), path)
            while content := _read(response, _CHUNK):
                yield content

    def error_of(self, response: HTTPResponse, content: bytes, path: str) -> DatabaseError:
        """What an answer means that is not one of success."""
        said, status = object_in(content), response.status
        code = said.get("code")
        sentences = (said.get(name) for name in ("message", "advice"))
        reason = " ".join(clean(each, _LONGEST_SAID) for each in sentences if isinstance(each, str) and each) or (
            clean(content[:_LONGEST_REASON].decode("utf-8", "replace")) if _is_plain(response) else str(status)
        )
        if (status == HTTPStatus.UNAUTHORIZED and code) or code == _GUESSED_TOO_OFTEN:
            return DatabaseError("shared-key", address=self.shown)
        if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return DatabaseUnavailable("shared-trouble", address=self.shown, reason=reason)
        if status == HTTPStatus.NOT_FOUND and code == _NO_PAGE and path.startswith(OF_LIBRARIES):
            return DatabaseError("shared-older", address=self.shown)
        if not isinstance(code, str) and not _is_plain(response):
            return self.stranger(str(status))
        is_of_what_was_sent = isinstance(code, str) and code != _NO_PAGE and status != HTTPStatus.MISDIRECTED_REQUEST
        kind = NotTaken if is_of_what_was_sent else DatabaseError
        return kind("shared-refused", address=self.shown, reason=reason)

    def stranger(self, reason: str) -> DatabaseError:
        """What is said where something else than a Segue answers."""
        return DatabaseError("shared-stranger", address=self.shown, reason=reason)

    def close(self) -> None:
        """Hang up; the next call connects again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _object(self, path: str, response: HTTPResponse, content: bytes) -> dict[str, Any]:
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise self.error_of(response, content, path)
        if response.status == HTTPStatus.NO_CONTENT:
            return {}
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self.stranger(str(response.status))
        return found

    def _whole(self, response: HTTPResponse) -> bytes:
        """All of an answer, as it arrives, which one that never ends does not keep on doing."""
        until, content = time.monotonic() + LONGEST_ANSWER, bytearray()
        while response.length != 0 and (some := response.peek()):  # else it waits for what is never sent
            content += response.read(len(some))
            if len(content) > LARGEST_ANSWER:
                raise self.stranger(f"> {LARGEST_ANSWER // 1_000_000} MB")
            if time.monotonic() > until:
                raise TimeoutError
        return bytes(content) + _read(response, 1)

    def _response(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> HTTPResponse:
        """The answer to a request; a server may have closed a connection that nothing was asked by for long."""
        was_open = self._connection is not None
        try:
            return self._sent(method, path, body, headers)
        except TimeoutError:
            raise
        except OSError:
            self.close()
            if not was_open:
                raise
        return self._sent(method, path, body, headers)

    def _sent(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> HTTPResponse:
        if self._connection is None:
            self._connection = self._connected()
        self._connection.request(method, self._parts.path + path, body, {**self._headers, **headers})
        return self._connection.getresponse()

    def _connected(self) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection  # noqa: PLC0415 - see above

        host, is_plain = self._parts.hostname or "", self._parts.scheme == "http"
        port = self._parts.port or (80 if is_plain else 443)  # else the end of an address of IPv6 is taken for one
        if is_plain:
            return HTTPConnection(host, port, timeout=self._timeout)
        return HTTPSConnection(host, port, timeout=self._timeout, context=self._trusted())

    def _trusted(self) -> SSLContext:
        from ssl import SSLError  # noqa: PLC0415 - see above

        try:
            return tls_context(self.server)
        except SSLError as error:  # what is kept here is no certificate
            raise DatabaseError("shared-certificate", address=self.shown, reason=reason_of(error)) from error

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Errors within the block as those of a database; the connection is of no use after one."""
        from http.client import HTTPException, IncompleteRead  # noqa: PLC0415 - see above
        from ssl import SSLCertVerificationError, SSLEOFError, SSLError, SSLZeroReturnError  # noqa: PLC0415

        broken_off = (ConnectionError, TimeoutError, IncompleteRead, SSLEOFError, SSLZeroReturnError)

        try:
            yield
        except SSLCertVerificationError as error:
            self.close()
            raise DatabaseError("shared-certificate", address=self.shown, reason=error.verify_message) from error
        except broken_off as error:
            self.close()
            raise DatabaseUnavailable("shared-silent", address=self.shown, reason=reason_of(error)) from error
        except (SSLError, HTTPException) as error:
            self.close()
            raise self.stranger(reason_of(error)) from error
        except OSError as error:
            self.close()
            raise DatabaseUnavailable("shared-silent", address=self.shown, reason=reason_of(error)) from error
        except BaseException:
            self.close()  # something of the answer may still be on its way
            raise


def _read(response: HTTPResponse, most: int) -> bytes:
    """The next bytes of an answer, none at its end; raises ConnectionError where it ends too early."""
    content = response.read(most)
    if len(content) < most and response.length:  # what is still missing of the length that was announced
        raise ConnectionResetError(f"{response.length} bytes are missing")
    return content


def _is_plain(response: HTTPResponse) -> bool:
    """Whether an answer is text that a person can read as it is."""
    return response.headers.get_content_type() == "text/plain"


def reason_of(error: Exception) -> str:
    """What the system says of an error, short enough to be shown."""
    return clean(str(getattr(error, "strerror", None) or error) or type(error).__name__)[:_LONGEST_REASON]


@cache
def _program_version() -> str:
    try:
        return version("segue-player")
    except PackageNotFoundError:
        return "0"
