"""Covers of a shared library: asked of its server, for worker threads, which is asked for nothing else by them."""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import TYPE_CHECKING

from indexer.core.shared.server import Server, ServerError, server_of
from indexer.core.tracks import Seconds, Track

if TYPE_CHECKING:
    from indexer.core.shared.asking import Asking

TIMEOUT: Seconds = 5.0
"""For one cover; who closes the window waits for the one that is under way."""


class CoverAway(Exception):
    """The server does not give a cover now, and may at another time."""


class _Line:
    """A connection to a server, which ends with the thread that has it."""

    def __init__(self, server: Server) -> None:
        from indexer.core.shared.asking import Asking  # noqa: PLC0415 - loads what speaks HTTP

        self.asking = Asking(server, timeout=TIMEOUT)

    def __del__(self) -> None:
        self.asking.close()


class _Lines(threading.local):
    """The connection of each thread."""

    line: _Line | None = None


_lines = _Lines()


def served_cover(track: Track, size: int) -> bytes | None:
    """The cover of a track of the shared library that this process plays, a picture of about `size` pixels a side.

    Where the track has none it is drawn by the server; None where no server is to be asked, or it does not know the
    track.

    Raises:
        CoverAway: it cannot be had now.
    """
    from indexer.core.store.faults import DatabaseError  # noqa: PLC0415 - only in the background

    try:
        server = server_of(track.path)
        if server is None:
            return None
        response, content = _asking(server).ask("GET", f"/cover/{track.id}?size={size}")
    except (ServerError, DatabaseError) as error:
        raise CoverAway from error
    if response.status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}:
        return None
    if response.status != HTTPStatus.OK or "no-cache" in response.headers.get("Cache-Control", ""):
        raise CoverAway  # what is not to be kept stands in for a file that the server cannot read now
    return content


def _asking(server: Server) -> Asking:
    line = _lines.line
    if line is None or line.asking.server != server:
        line = _lines.line = _Line(server)
    return line.asking
