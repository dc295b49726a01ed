"""Brings a backup back: verified first, then document by document in a way that can be repeated after any end."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.core.backup.errors import LibraryThere
from indexer.core.backup.home_files import path_of, put_back
from indexer.core.backup.manifest import BackupManifest
from indexer.core.backup.places import copy_before
from indexer.core.backup.progress import Report
from indexer.core.backup.reading import BackupFile
from indexer.core.backup.writing import write_backup
from indexer.core.events import EventSink, Stage, nobody
from indexer.core.home import Home
from indexer.core.store.collections import RESTORED
from indexer.core.text import shown_path

if TYPE_CHECKING:
    from indexer.core.store import Database

RESTORING = "restoring"
"""The note that stands there until a restore has come to its end."""


class RestoreMode(StrEnum):
    """What becomes of the library that is there."""

    MERGE = "merge"  # it stays, and gets what it lacks
    REPLACE = "replace"  # it is copied to the backups, then made what the backup holds


@dataclass(frozen=True)
class RestoreResult:
    """What a restore did.

    Attributes:
        manifest: of the backup.
        mode: the one that was chosen, MERGE where the database was empty.
        added: documents that were not there; `changed` and `removed` likewise.
        before: the copy of what was there, None where nothing was replaced.
    """

    manifest: BackupManifest
    mode: RestoreMode
    added: int
    changed: int
    removed: int
    before: Path | None


def restore(
    database: Database,
    home: Home,
    path: Path,
    mode: RestoreMode | None = None,
    *,
    on_event: EventSink = nobody,
) -> RestoreResult:
    """Bring back what a backup holds. Nothing is touched before all of the file is verified.

    A kill in between leaves a library that has some of it, with a note in the database; the same call completes it.

    Args:
        database: where to.
        home: whose settings, queue and position come back; those that are there stay in a merge.
        path: the backup.
        mode: what becomes of a library that is there; None refuses to touch one.
        on_event: told of the progress.

    Raises:
        BackupError: the file is damaged, newer than this program, or no backup.
        LibraryThere: there is a library and no mode was given.
        DatabaseError: the database does not answer or refuses.
        OSError: a file cannot be read or written.
    """
    with BackupFile(path) as backup:
        backup.verify(on_event)
        was_empty = database.transfer.is_empty()
        chosen = _chosen(mode, path, database) if not was_empty else RestoreMode.MERGE
        replaced = _seen(database, backup) if chosen is RestoreMode.REPLACE else {}
        before = copy_before(home, "restore") if chosen is RestoreMode.REPLACE else None
        if before is not None:
            write_backup(database, home, before, on_event=on_event)
        database.transfer.note(RESTORING, {"mode": chosen.value, "since": time.time()})
        added, changed, removed = _restore_documents(database, backup, chosen, replaced, on_event)
        for name in sorted(name for name in backup.manifest.files if path_of(home, name) is not None):
            put_back(home, name, backup.content(name), over=was_empty or chosen is RestoreMode.REPLACE)
        database.transfer.note(RESTORED, {"token": uuid.uuid4().hex, "at": time.time()})
        database.transfer.forget(RESTORING)
        return RestoreResult(backup.manifest, chosen, added, changed, removed, before)


def is_unfinished(database: Database) -> bool:
    """Whether a restore of this database was cut short and not repeated since."""
    return database.transfer.noted(RESTORING) is not None


def _chosen(mode: RestoreMode | None, path: Path, database: Database) -> RestoreMode:
    if mode is not None:
        return mode
    raise LibraryThere("restore-library-there", number=database.tracks.count(), name=shown_path(path))


def _seen(database: Database, backup: BackupFile) -> dict[str, set[Any]]:
    """What is there before the copy of it is made: only this is ever taken away, so that all of it is in the copy."""
    return {name: database.transfer.ids(name) for name in backup.collections if name in database.restoring.exact}


def _restore_documents(
    database: Database, backup: BackupFile, mode: RestoreMode, replaced: dict[str, set[Any]], on_event: EventSink
) -> tuple[int, int, int]:
    report = Report(Stage.RESTORE, sum(backup.manifest.counts.values()), on_event)
    added = changed = removed = 0
    for name in backup.collections:
        documents = report.each(backup.documents(name))
        if mode is RestoreMode.REPLACE:
            done = database.restoring.replace(name, documents, replaced.get(name, set()))
        else:
            done = database.restoring.merge(name, documents)
        added, changed, removed = added + done.added, changed + done.changed, removed + done.removed
    report.end()
    return added, changed, removed
