"""What a process beside the player is started with: its command, its environment and where it prints to."""

from __future__ import annotations

import logging
import os
import sys
import sysconfig
from pathlib import Path

from PySide6.QtCore import QProcessEnvironment

import indexer
from indexer.core import politeness
from indexer.core.files.logs import log_file, set_aside
from indexer.core.files.privacy import PRIVATE_FOLDER, open_private
from indexer.core.home import Home

DATABASE_VARIABLE = "SEGUE_MONGODB_URI"
MANAGED = "managed"
LOG_LIMIT = 1_000_000
"""Bytes after which the file is set aside; one older file is kept."""

_log = logging.getLogger(__name__)


def indexer_command() -> list[str]:
    """The program and first arguments that start the indexer with this very Python."""
    return [sys.executable, "-m", "indexer"]


def server_command() -> list[str]:
    """The same for the server."""
    return [sys.executable, "-m", "musicplayer.server"]


def environment(database_uri: str | None) -> QProcessEnvironment:
    """The player's environment, with the database's address, which holds a password and so is no argument.

    Without one the managed database is named, since the settings file may be a moment behind.
    """
    chosen = QProcessEnvironment.systemEnvironment()
    if database_uri or not chosen.value(DATABASE_VARIABLE, ""):
        chosen.insert(DATABASE_VARIABLE, database_uri or MANAGED)
    checkout = Path(indexer.__file__).resolve().parent.parent
    if checkout != Path(sysconfig.get_path("purelib")).resolve():
        inherited = chosen.value("PYTHONPATH", "")
        chosen.insert("PYTHONPATH", os.pathsep.join(part for part in (str(checkout), inherited) if part))
    # One thread is for the window; the others know what is best for them.
    for name, value in politeness.inherited().items():
        chosen.remove(name)
        if value is not None:
            chosen.insert(name, value)
    chosen.insert("PYTHONUNBUFFERED", "1")
    return chosen


def open_output(home: Home, name: str = "indexer-output") -> Path:
    """Make room for what the indexer and its workers, or another program, print beside their log: the file's path.

    Where it cannot be written what they print is lost, and they say themselves what is wrong with the folder.
    """
    path = log_file(home, name)
    try:
        path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            set_aside(path, kept=1)
        os.close(open_private(path))
    except OSError as error:
        _log.warning("what is printed to %s is not kept: %s", name, error.strerror)
        return Path(os.devnull)
    return path
