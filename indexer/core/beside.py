"""What a process of Segue beside this one is started with: its command and its environment."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import indexer
from indexer.core import politeness
from indexer.core.store.address import MANAGED, URI_VARIABLE


def indexer_command() -> list[str]:
    """The program and first arguments that start the indexer with this very Python."""
    return [sys.executable, "-m", "indexer"]


def player_command() -> list[str]:
    """The same for another window of the player, on another home."""
    return [sys.executable, "-m", "musicplayer"]


def server_command() -> list[str]:
    """The same for the server."""
    return [sys.executable, "-m", "musicplayer.server"]


def environment(database_uri: str | None) -> dict[str, str]:
    """That of this process, with the database's address, which holds a password and so is no argument.

    Without one the managed database is named, since the settings file may be a moment behind.
    """
    chosen = dict(os.environ)
    if database_uri or not chosen.get(URI_VARIABLE):
        chosen[URI_VARIABLE] = database_uri or MANAGED
    checkout = Path(indexer.__file__).resolve().parent.parent
    if checkout != Path(sysconfig.get_path("purelib")).resolve():
        inherited = chosen.get("PYTHONPATH", "")
        chosen["PYTHONPATH"] = os.pathsep.join(part for part in (str(checkout), inherited) if part)
    # One thread is for a window; the others know what is best for them.
    for name, value in politeness.inherited().items():
        chosen.pop(name, None)
        if value is not None:
            chosen[name] = value
    chosen["PYTHONUNBUFFERED"] = "1"
    return chosen
