"""Why something is not sent, with the status by which HTTP says so; what is too much at once is `errors.Busy`."""

from __future__ import annotations

import errno
from http import HTTPStatus

from indexer.core.text import shown_name
from musicplayer.server.errors import RequestError

FULL_DISK = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""How the system says that a file cannot grow."""


class StreamError(RequestError):
    """A track cannot be sent."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class FileAway(StreamError):
    """The file is not there, may not be read, or leads to where nothing may be read."""

    status = HTTPStatus.NOT_FOUND


class DriveSilent(StreamError):
    """The drive of the file does not answer."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class NoRoom(StreamError):
    """What was converted cannot be kept."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


def vanished(path: str) -> FileAway:
    return FileAway("stream-vanished", name=shown_name(path))


def silent(path: str) -> DriveSilent:
    return DriveSilent("stream-silent", name=shown_name(path))
