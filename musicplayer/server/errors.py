"""What a request cannot have, each with the status that HTTP answers with; sentences are made where they are shown."""

from __future__ import annotations

from typing import ClassVar

from indexer.core.errors import SegueError
from indexer.core.tracks import Seconds


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


class Busy(RequestError):
    """Too much is asked for at once."""

    status = 429

    @property
    def retry_after(self) -> Seconds:
        """When to ask again."""
        return float(self.values.get("seconds", 1))


def status_of(error: SegueError) -> int:
    """The status of HTTP for an error: one that is no fault of the request says that this server is in trouble."""
    return error.status if isinstance(error, RequestError) else 503
