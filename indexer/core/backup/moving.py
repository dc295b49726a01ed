"""The whole move of a library: opens both databases, copies, switches the settings, and remembers the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

from indexer.core import address
from indexer.core.backup.move import MoveFailed, MoveResult, copy_library, forget_library
from indexer.core.backup.progress import nobody
from indexer.core.events import EventSink
from indexer.core.home import Home
from indexer.core.store import Database, open_database, server


def move(
    home: Home, uri: str | None, *, replace: bool = False, by_player: bool = False, on_event: EventSink = nobody
) -> MoveResult:
    """Move the library of a home to the database at an address, or to the managed one.

    Args:
        home: whose library.
        uri: where to; None for the managed server.
        replace: also where another library is.
        by_player: the player asked for it, and will follow; otherwise none may be open.
        on_event: told of the progress.

    Raises:
        PlayerOpen: a player has the home open and did not ask.
        BackupError: the library was not moved; it is where it was.
        DatabaseError: one of the databases does not answer or refuses.
        OSError: the settings cannot be written, or a copy of what is in the target.
    """
    if not by_player:
        address.ensure_no_player(home)
    before = address.database_uri(home)
    with _opened(home, before) as source, _opened(home, uri) as target:
        result = copy_library(source, target, home, replace=replace, on_event=on_event)
    address.remember_old(home, before)
    address.switch(home, uri)
    return result


def forget_old(home: Home) -> None:
    """Delete the library in the database that it was moved away from.

    Raises:
        MoveFailed: there is none, it is in use, or the library is not where it was moved to.
        DatabaseError: one of the databases does not answer or refuses.
    """
    old = address.old_database(home)
    if old is None:
        raise MoveFailed("forget-nothing-left")
    with _opened(home, old.uri) as left, _opened(home, address.database_uri(home)) as current:
        forget_library(left, current)
    if old.uri is None:
        server.stop(home)
        _remove(home.database)
    address.forget_old(home)


def _opened(home: Home, uri: str | None) -> Database:
    return open_database(home, uri=uri or address.MANAGED)


def _remove(folder: Path) -> None:
    """The files of a managed server that has ended; the next one begins with a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
