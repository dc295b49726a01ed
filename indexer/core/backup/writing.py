"""Writes a backup: streamed to a file beside the target, read back, and only then put in its place."""

from __future__ import annotations

import hashlib
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from indexer.core.backup.errors import BackupError
from indexer.core.backup.home_files import contents_of
from indexer.core.backup.manifest import (
    MANIFEST,
    BackupManifest,
    Member,
    collection_member,
    file_member,
    seal,
    unsealed,
)
from indexer.core.backup.progress import Report
from indexer.core.backup.reading import BackupFile, is_backup
from indexer.core.events import EventSink, Stage, nobody
from indexer.core.files.atomic import replacing
from indexer.core.home import Home
from indexer.core.store.collections import ANALYSED, PERSONAL
from indexer.core.text import shown_path

if TYPE_CHECKING:
    from indexer.core.store import Database

_AT_ONCE = 1 << 20
_FIRST_OF_1980 = 315_619_200.0
"""Seconds since 1970; the dates in a zip file begin there."""


def write_backup(
    database: Database,
    home: Home,
    target: Path,
    *,
    features: bool = False,
    now: float | None = None,
    on_event: EventSink = nobody,
) -> BackupManifest:
    """Write everything that a person would miss to one file; memory does not grow with the library.

    Args:
        database: where the library is.
        home: whose settings, queue and position go with it.
        target: the file; a backup that is there is replaced once the other one is whole.
        features: with what the analysis made of the tracks, and would make again.
        now: the time that the backup says it was made, seconds since 1970; by default the clock's.
        on_event: told of the progress.

    Raises:
        BackupError: `target` is something else than a backup.
        BackupDamaged: what was written could not be read back.
        DatabaseError: the database does not answer or refuses.
        OSError: the file cannot be written, its disk is full for one; what was there is as it was.
    """
    if target.exists() and not is_backup(target):
        raise BackupError("backup-in-the-way", name=shown_path(target))
    names = (*PERSONAL, *ANALYSED) if features else PERSONAL
    with replacing(target, durable=True) as file:
        manifest = _write(file, database, home, names, time.time() if now is None else now, on_event)
        seal(file)
        file.flush()
        with BackupFile(Path(file.name), shown_as=target) as written:
            written.verify(on_event)
    return manifest


def _write(
    file: BinaryIO, database: Database, home: Home, names: Sequence[str], now: float, on_event: EventSink
) -> BackupManifest:
    counts = dict.fromkeys(names, 0)
    members: dict[str, Member] = {}
    report = Report(Stage.BACKUP, sum(map(database.transfer.count, names)), on_event)
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = unsealed()
        for name in names:
            member = collection_member(name)
            documents = _counted(database.transfer.documents(name), name, counts, report)
            members[member] = _add(archive, member, documents, now, compressed=name != ANALYSED[0])
        for name, content in contents_of(home):
            members[file_member(name)] = _add(archive, file_member(name), [content], now)
        playlists = sum(not playlist.deleted for playlist in database.playlists.all())
        manifest = BackupManifest(now, ANALYSED[0] in names, counts, members, playlists)
        _add(archive, MANIFEST, [manifest.encode()], now)
    report.end()
    return manifest


def _counted(documents: Iterable[bytes], name: str, counts: dict[str, int], report: Report) -> Iterator[bytes]:
    for document in report.each(documents):
        counts[name] += 1
        yield document


def _add(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes], now: float, *, compressed: bool = True) -> Member:
    """Write a part. Features are noise to a compressor: a tenth less, for many times the time."""
    info = zipfile.ZipInfo(name, time.localtime(max(now, _FIRST_OF_1980))[:6])
    info.external_attr = 0o600 << 16
    info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as member:
        for part in _gathered(parts):
            member.write(part)
            digest.update(part)
            size += len(part)
    return Member(size, digest.hexdigest())


def _gathered(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about a megabyte: a call of the compressor costs more than a small document."""
    held: list[bytes] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _AT_ONCE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
