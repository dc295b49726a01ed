"""What a process beside the player is started with: its environment, and where it prints to."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from PySide6.QtCore import QProcessEnvironment

from indexer.core import beside
from indexer.core.files.logs import log_file, set_aside
from indexer.core.files.privacy import PRIVATE_FOLDER, open_private
from indexer.core.home import Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, NONE

LOG_LIMIT = 1_000_000
"""Bytes after which the file is set aside; one older file is kept."""

_log = logging.getLogger(__name__)


def environment(database_uri: str | None, kafka: str | None = None) -> QProcessEnvironment:
    """`beside.environment` as Qt has it, with the broker's address as the settings have it.

    What the environment of this process says of a broker comes before that; None leaves it to the settings' file.
    """
    chosen = QProcessEnvironment()
    for name, value in beside.environment(database_uri).items():
        chosen.insert(name, value)
    if kafka is not None and not chosen.value(ADDRESS_VARIABLE):
        chosen.insert(ADDRESS_VARIABLE, kafka or NONE)
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
