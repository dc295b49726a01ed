"""Keeps files to the user whose they are, where the system knows modes; elsewhere the user's folders are guarded."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

from indexer.core.home import Home

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
_OTHERS = 0o077

log = logging.getLogger(__name__)


def keep_private(home: Home) -> None:
    """Make the folders of a home, and close them to other users; also one that was copied or made with a lax umask.

    A home that cannot be written to is left as it is: whoever needs it says so.
    """
    for folder in (home.config, home.data, home.cache):
        try:
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            log.info("a folder of the home cannot be made: %s", error.strerror)
        else:
            mend(folder)


def mend(path: Path) -> None:
    """Take the rights of other users away from a file or folder; a link is not followed."""
    if os.name == "nt":
        return
    try:
        status = path.lstat()
        if status.st_mode & _OTHERS and not stat.S_ISLNK(status.st_mode):
            path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("other users may be able to read %s: %s", path, error.strerror)


def mend_all(folder: Path) -> None:
    """The same for a folder and what lies directly in it."""
    mend(folder)
    if os.name != "nt":
        for entry in folder.iterdir():
            mend(entry)


def open_private(path: Path, flags: int = os.O_WRONLY | os.O_CREAT | os.O_APPEND) -> int:
    """The descriptor of a file, made for its owner only; to append to where nothing else is said.

    Raises:
        OSError: it cannot be opened or made.
    """
    return os.open(path, flags, PRIVATE_FILE)
