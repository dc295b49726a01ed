"""Where the library's database is: what the environment says, else the player's settings, else a managed server."""

from __future__ import annotations

import os
from dataclasses import dataclass

from indexer.core.errors import SegueError
from indexer.core.files.json_files import read_object, write_object
from indexer.core.files.locks import holding
from indexer.core.files.settings_file import DATABASE_URI, set_setting, setting
from indexer.core.home import Home

URI_VARIABLE = "SEGUE_MONGODB_URI"
MANAGED = "managed"
"""The value of the variable that stands for the managed server, whatever the settings say."""

_OLD = "old-database.json"
_PLAYER = "player"


class PlayerOpen(SegueError):
    """A player has the home open, and would not notice what is to be changed under it."""


@dataclass(frozen=True)
class OldDatabase:
    """Where the library was before it was moved; `uri` is None for the managed server."""

    uri: str | None


def database_uri(home: Home) -> str | None:
    """The address of the database of a home, with its credentials; None for the managed server."""
    chosen = os.environ.get(URI_VARIABLE) or setting(home, DATABASE_URI)
    return None if chosen in {"", MANAGED} else chosen


def switch(home: Home, uri: str | None) -> None:
    """Use another database from now on: the one at an address, or the managed one.

    Raises:
        SegueError: the settings cannot be understood.
        OSError: they cannot be written.
    """
    set_setting(home, DATABASE_URI, uri)


def remember_old(home: Home, uri: str | None) -> None:
    """Keep where the library was, readable by its owner only."""
    write_object(home.data / _OLD, {"uri": uri})


def old_database(home: Home) -> OldDatabase | None:
    """Where the library was before it was moved, None where it never was, or that was forgotten."""
    record = read_object(home.data / _OLD)
    if "uri" not in record:
        return None
    uri = record["uri"]
    return OldDatabase(uri if isinstance(uri, str) else None)


def forget_old(home: Home) -> None:
    (home.data / _OLD).unlink(missing_ok=True)


def ensure_no_player(home: Home) -> None:
    """Return when no player has this home open.

    Raises:
        PlayerOpen: one has.
    """
    with holding(home, _PLAYER) as is_free:
        if not is_free:
            raise PlayerOpen("player-open")
