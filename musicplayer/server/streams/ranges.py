"""Answers a request with a file or a range of it: RFC 9110, sections 13 and 14.

Starlette's `FileResponse` does most of this, too. It opens a file by name again after it was looked at, reads it with
the threads that everything else needs while a drive is silent, answers 400 to a range that RFC 9110 says to ignore, and
never 304. So what is sent, and whether, is decided here, and Starlette's `StreamingResponse` sends it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from email.utils import formatdate, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from indexer.core.text import clean, shown_text
from musicplayer.server.streams.errors import vanished
from musicplayer.server.streams.opening import OpenFile

BLOCK = 1 << 16
"""Bytes in memory for each request that is being answered."""

_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(?:([0-9]{1,30})\s*-\s*([0-9]{0,30})|-\s*([0-9]{1,30}))\s*", re.IGNORECASE)
_NOT_PLAIN = re.compile(r'[^ -~]|["%]')
"""What is not put into the form of a file name that old clients read."""


class NotSatisfiable(Exception):
    """A range that begins behind the end."""


def file_answer(
    request: Request,
    file: OpenFile,
    media_type: str,
    threads: anyio.CapacityLimiter,
    *,
    download: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a GET or HEAD for a file, which is closed once it is sent.

    Args:
        request: its method and its headers about ranges and what the client has already are heeded.
        file: what to send.
        media_type: of its content.
        threads: what reads files.
        download: the name under which a browser is to save it; None where it is to be played or shown.
        headers: more of them.
    """
    sent = _headers(file, media_type, download) | dict(headers or {})
    status, start, end = HTTPStatus.OK, 0, file.found.size
    if _is_known(request, sent):
        status, start, end = HTTPStatus.NOT_MODIFIED, 0, 0
        del sent["content-type"]
    elif request.method == "GET" and _may_be_part(request, sent):
        try:
            part = range_of(request.headers.get("range", ""), file.found.size)
        except NotSatisfiable:
            status, start, end = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, 0, 0
            sent["content-range"] = f"bytes */{file.found.size}"
        else:
            if part is not None:
                status, (start, end) = HTTPStatus.PARTIAL_CONTENT, part
                sent["content-range"] = f"bytes {start}-{end - 1}/{file.found.size}"
    if status is not HTTPStatus.NOT_MODIFIED:
        sent["content-length"] = str(end - start)
    if request.method == "HEAD":
        end = start
    return _FileResponse(file, _blocks(file, start, end, threads), status, sent)


def range_of(header: str, size: int) -> tuple[int, int] | None:
    """Start and end, which belongs to it no more, of what a `Range` header asks for of `size` bytes; None for all.

    Several ranges are answered with all, as is what is no range.

    Raises:
        NotSatisfiable: there is none of that.
    """
    asked = _ONE_RANGE.fullmatch(header)
    if asked is None:
        return None
    first, last, suffix = asked.groups()
    if suffix is not None:
        if not int(suffix):
            raise NotSatisfiable
        return (max(0, size - int(suffix)), size) if size else None
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise NotSatisfiable
    return int(first), min(size, int(last) + 1) if last else size


def disposition(name: str) -> str:
    """The header that has a browser save what it gets under a name, whatever is in that: RFC 6266 and RFC 8187."""
    whole = clean(shown_text(name)).replace("/", "_").replace("\\", "_") or "track"
    plain = _NOT_PLAIN.sub("_", whole)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(whole, safe='')}"


def _headers(file: OpenFile, media_type: str, download: str | None) -> dict[str, str]:
    headers = {
        "content-type": media_type,
        "accept-ranges": "bytes",
        "etag": f'"{file.found.tag}"',
        "last-modified": formatdate(file.found.mtime_ns // 1_000_000_000, usegmt=True),
        "cache-control": "private, no-cache",
        "x-content-type-options": "nosniff",
    }
    return headers if download is None else headers | {"content-disposition": disposition(download)}


def _is_known(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the client has what it asks for."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in {headers["etag"], "*"} for tag in tags.split(","))
    since = _date(request.headers.get("if-modified-since"))
    last = _date(headers["last-modified"])
    return since is not None and last is not None and last <= since


def _may_be_part(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether what the client has a part of is still the same."""
    condition = request.headers.get("if-range")
    return condition is None or condition in {headers["etag"], headers["last-modified"]}


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError, OSError):
        return None


async def _blocks(file: OpenFile, start: int, end: int, threads: anyio.CapacityLimiter) -> AsyncIterator[bytes]:
    while start < end:
        block = await run_sync(partial(file.read, start, min(BLOCK, end - start)), limiter=threads)
        if not block:  # it became shorter; the connection ends, since its length was promised
            raise vanished(file.found.path)
        start += len(block)
        yield block


class _FileResponse(StreamingResponse):
    """Closes the file in the end, however the sending ended."""

    def __init__(
        self, file: OpenFile, blocks: AsyncIterator[bytes], status: HTTPStatus, headers: Mapping[str, str]
    ) -> None:
        super().__init__(blocks, status_code=status, headers=headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()
