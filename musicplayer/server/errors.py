"""What a request cannot have, each with the status that HTTP answers with; sentences are made where they are shown."""

from __future__ import annotations

import math
from typing import ClassVar

from indexer.core.errors import SegueError


class RequestError(SegueError):
    """A request that cannot be answered as asked; `status` is that of HTTP."""

    status: ClassVar[int] = 400


class NotLoggedIn(RequestError):
    """Nobody is known to ask, or what they showed is not right."""

    status = 401


class NotAllowed(RequestError):
    """This listener may not."""

    status = 403


class NotThere(RequestError):
    """Nothing of that name, or nothing of this listener's: which of both is not said."""

    status = 404


class TooLarge(RequestError):
    """More is sent than is taken."""

    status = 413


class OtherName(RequestError):
    """This server is asked for by a name that is none of its own."""

    status = 421


class Crowded(RequestError):
    """There are too many connections; the value `seconds` says when to ask again."""

    status = 503


class Busy(RequestError):
    """Too much is asked for at once; the value `seconds` says when to ask again."""

    status = 429


def status_of(error: SegueError) -> int:
    """The status of HTTP for an error: one that is no fault of the request says that this server is in trouble."""
    return int(getattr(error, "status", 503))


def headers_of(error: SegueError) -> dict[str, str]:
    """The headers that go with that status: when to ask again."""
    if status_of(error) != Busy.status and not isinstance(error, Crowded):
        return {}
    return {"Retry-After": str(max(1, math.ceil(float(error.values.get("seconds", 1)))))}
