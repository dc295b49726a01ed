"""How it is said that a request is refused: as a page where a browser shows what it opens, in JSON to all others."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from indexer.core.errors import SegueError
from musicplayer.server.errors import OtherName, headers_of, status_of
from musicplayer.server.web.paths import base_of, path_of
from musicplayer.server.web.templates import made

PROGRAMS = ("/api/", "/rest/")
"""Where programs ask, of which some take pages as well without ever showing one."""


def refused(scope: Scope, error: SegueError, status: int | None = None) -> Response:
    """An error with its sentences, in the language that is spoken; its code goes along in JSON."""
    status = status or status_of(error)
    if not wants_page(scope):
        told = {"code": error.code, "message": error.message, "advice": error.advice}
        return JSONResponse(told, status, headers=headers_of(error))
    is_led_on = not isinstance(error, OtherName)  # the first page has that name as well
    root = f"{base_of(scope)}/"
    page = made("refused.html", status, root=root, message=error.message, advice=error.advice, is_led_on=is_led_on)
    page.headers.update(headers_of(error))
    return page


def wants_page(scope: Scope) -> bool:
    """Whether a browser asks for something to show in a window of its own."""
    kinds = Headers(scope=scope).get("accept", "").lower().split(",")
    takes_pages = "text/html" in (kind.partition(";")[0].strip() for kind in kinds)
    return takes_pages and not path_of(scope).startswith(PROGRAMS)
