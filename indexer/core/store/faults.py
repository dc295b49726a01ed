"""The errors of the database, kept apart from the driver so that the keeper starts without importing it."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from indexer.core.errors import SegueError

FULL_BYTES = 4_000_000
"""With less than this left a disk is full: the server can no longer extend its journal."""
_DISK_FULL_WORDS = ("no space left", "disk quota exceeded", "enospc", "outofdiskspace", "not enough space on the disk")
_DISK_FULL_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC})


class DatabaseError(SegueError):
    """The database could not do what was asked."""


class DatabaseUnavailable(DatabaseError):
    """The database server cannot be reached, or cannot be started."""


class NotTaken(DatabaseError):
    """What was to be kept will never be, as it is: it is of no use to try again."""


class DatabaseFailed(DatabaseError):
    """The server answered that it could not, without saying why."""


def has_no_space(folder: Path) -> bool:
    """Whether the disk of a folder is full; False where that cannot be told."""
    try:
        return shutil.disk_usage(folder).free < FULL_BYTES
    except OSError:
        return False


def is_disk_full(text: str) -> bool:
    """Whether a message of the server or the system speaks of a full disk."""
    lowered = text.lower()
    return any(words in lowered for words in _DISK_FULL_WORDS)


def folder_error(error: OSError, folder: Path) -> DatabaseUnavailable:
    """The sentence for a database folder that cannot be used."""
    if error.errno in _DISK_FULL_NUMBERS:
        return DatabaseUnavailable("database-folder-full", folder=folder)
    return DatabaseUnavailable("database-folder-unusable", folder=folder, reason=error.strerror or error)
