"""Moves a library from one database to another: all of it as it is, compared before anything is switched."""

from __future__ import annotations

import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from indexer.core.backup.errors import BackupError, LibraryThere
from indexer.core.backup.places import copy_before
from indexer.core.backup.progress import Report
from indexer.core.backup.writing import write_backup
from indexer.core.events import EventSink, Stage, nobody
from indexer.core.home import Home
from indexer.core.store import Database, address, open_database
from indexer.core.store.collections import COLLECTIONS
from indexer.core.store.managed import server

LEFT = "left"
"""The note in a database whose library went elsewhere."""
_ARRIVING = "arriving"
"""The note in a database that a library is being copied to."""
_TOKEN = "token"  # noqa: S105 - the name of a note


class MoveFailed(BackupError):
    """The library is still where it was, and only there."""


@dataclass(frozen=True)
class MoveResult:
    """What was moved.

    Attributes:
        documents: by collection; the same numbers and checksums on both sides.
        before: the copy of what was in the target, None where it was empty.
    """

    documents: dict[str, int]
    before: Path | None


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


def copy_library(
    source: Database, target: Database, home: Home, *, replace: bool = False, on_event: EventSink = nobody
) -> MoveResult:
    """Copy all that `source` holds to `target`, compare, and note in `source` that its library went elsewhere.

    Whatever happens on the way, `source` is as it was; a copy that was cut short begins anew the next time.

    Args:
        source: where the library is.
        target: where it goes: an empty database, or one that a library was moved away from.
        home: whose backups take what is in the target.
        replace: also a target that holds another library; it is copied to the backups.
        on_event: told of the progress.

    Raises:
        MoveFailed: both are the same database, or the library changed while it was copied.
        LibraryThere: the target holds another library.
        DatabaseError: one of them does not answer or refuses.
        OSError: the copy of what is in the target cannot be written.
    """
    if _is_same(source, target):
        raise MoveFailed("move-same")
    before = _make_room(target, home, replace=replace, on_event=on_event)
    target.transfer.clear()
    target.transfer.note(_ARRIVING, {"since": time.time()})
    _copy(source, target, on_event)
    documents = _compare(source, target, on_event)
    target.transfer.forget(_ARRIVING)
    source.transfer.note(LEFT, {"at": time.time()})
    return MoveResult(documents, before)


def forget_library(old: Database, current: Database) -> None:
    """Delete what a library left behind in the database that it was moved away from.

    Raises:
        MoveFailed: it is the database in use, no library was moved away from it, or the one in use is empty.
        DatabaseError: one of them does not answer or refuses.
    """
    if _is_same(current, old) or old.transfer.noted(LEFT) is None:
        raise MoveFailed("forget-no-move")
    if current.transfer.is_empty() and not old.transfer.is_empty():
        raise MoveFailed("forget-empty")
    old.transfer.clear()


def _opened(home: Home, uri: str | None) -> Database:
    return open_database(home, uri=uri or address.MANAGED)


def _remove(folder: Path) -> None:
    """The files of a managed server that has ended; the next one begins with a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)


def _is_same(one: Database, other: Database) -> bool:
    """Found out by writing: one server may have many addresses."""
    token = uuid.uuid4().hex
    one.transfer.note(_TOKEN, {"is": token})
    try:
        return (other.transfer.noted(_TOKEN) or {}).get("is") == token
    finally:
        one.transfer.forget(_TOKEN)


def _make_room(target: Database, home: Home, *, replace: bool, on_event: EventSink) -> Path | None:
    """Copy what is in the target to the backups, unless it is an unfinished copy of ours."""
    transfer = target.transfer
    if transfer.is_empty() or transfer.noted(_ARRIVING) is not None:
        return None
    if transfer.noted(LEFT) is None and not replace:
        raise LibraryThere("move-library-there", address=target.address, number=target.tracks.count())
    before = copy_before(home, "move")
    write_backup(target, home, before, on_event=on_event)
    return before


def _copy(source: Database, target: Database, on_event: EventSink) -> None:
    report = Report(Stage.MOVE, sum(map(source.transfer.count, COLLECTIONS)), on_event)
    revisions = source.transfer.revisions()
    for name in COLLECTIONS:
        target.transfer.put(name, report.each(source.transfer.documents(name)))
    target.transfer.put_revisions(revisions)
    report.end()


def _compare(source: Database, target: Database, on_event: EventSink) -> dict[str, int]:
    report = Report(Stage.VERIFY, 2 * sum(map(source.transfer.count, COLLECTIONS)), on_event)
    documents: dict[str, int] = {}
    for name in COLLECTIONS:
        ours, theirs = (database.transfer.fingerprint(name, report.step) for database in (source, target))
        if ours != theirs:
            raise MoveFailed(
                "move-differs", theirs=theirs.documents, ours=ours.documents, name=name, address=target.address
            )
        documents[name] = ours.documents
    report.end()
    return documents
