"""What the indexer's process is started with: its command, its environment and its log file."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

from PySide6.QtCore import QProcessEnvironment

import indexer
from indexer.home import Home

DATABASE_VARIABLE = "SEGUE_MONGODB_URI"
LOG_LIMIT = 1_000_000
"""Bytes after which a log is set aside; one older log is kept."""


def indexer_command() -> list[str]:
    """The program and first arguments that start the indexer with this very Python."""
    return [sys.executable, "-m", "indexer"]


def environment(database_uri: str | None) -> QProcessEnvironment:
    """The player's environment, with the database's address, which holds a password and so is no argument."""
    chosen = QProcessEnvironment.systemEnvironment()
    if database_uri:
        chosen.insert(DATABASE_VARIABLE, database_uri)
    checkout = Path(indexer.__file__).resolve().parent.parent
    if checkout != Path(sysconfig.get_path("purelib")).resolve():
        inherited = chosen.value("PYTHONPATH", "")
        chosen.insert("PYTHONPATH", os.pathsep.join(part for part in (str(checkout), inherited) if part))
    chosen.insert("PYTHONUNBUFFERED", "1")
    return chosen


def log_file(home: Home) -> Path:
    return home.logs / "indexer.log"


def open_log(home: Home) -> Path:
    """Make room for the indexer's log and return its path."""
    path = log_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path
