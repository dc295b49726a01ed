"""Why something is not sent, with the status by which HTTP says so."""

from __future__ import annotations

import errno
from http import HTTPStatus
from typing import ClassVar

from indexer.core.errors import SegueError
from indexer.core.text import shown_name
from indexer.core.tracks import Seconds

FULL_DISK = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""How the system says that a file cannot grow."""


class StreamError(SegueError):
    """A track cannot be sent; `status` is what a browser is answered."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY


class FileAway(StreamError):
    """The file is not there, may not be read, or leads to where nothing may be read."""

    status = HTTPStatus.NOT_FOUND


class DriveSilent(StreamError):
    """The drive of the file does not answer."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Busy(StreamError):
    """Too much is being converted; to be asked again after `retry_after` seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    @property
    def retry_after(self) -> Seconds:
        return float(self.values["seconds"])


class NoRoom(StreamError):
    """What was converted cannot be kept."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


def vanished(path: str) -> FileAway:
    return FileAway("stream-vanished", name=shown_name(path))


def silent(path: str) -> DriveSilent:
    return DriveSilent("stream-silent", name=shown_name(path))
