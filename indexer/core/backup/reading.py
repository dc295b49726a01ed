"""Reads a backup, and finds out before anything of it is used whether it is what was written."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from indexer.core.backup.errors import NewerBackup, damaged, not_a_backup
from indexer.core.backup.home_files import LARGEST
from indexer.core.backup.manifest import (
    FORMAT,
    MANIFEST,
    BackupManifest,
    Member,
    collection_member,
    file_member,
    has_seal,
    is_unbroken,
)
from indexer.core.backup.progress import Report
from indexer.core.events import EventSink, Stage, nobody
from indexer.core.store.collections import ANALYSED, PERSONAL
from indexer.core.text import shown_path

_KNOWN = (*PERSONAL, *ANALYSED)
_AT_ONCE = 1 << 20
_LARGEST_DOCUMENT = 16 * 1024 * 1024
"""Bytes, of BSON: https://www.mongodb.com/docs/manual/reference/limits/."""
_SMALLEST_DOCUMENT = 5
_LENGTH = struct.Struct("<i")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError, struct.error,
    OSError,
)  # fmt: skip
"""What opening or reading a damaged zip file may raise; it sends the reader to places that no file has."""
_CONTENTS = "its table of contents is not as it was written"


class BackupFile:
    """An open backup; use as a context manager. Nothing in it is trusted before `verify`."""

    def __init__(self, path: Path, *, shown_as: Path | None = None) -> None:
        """Open a backup and read its manifest.

        Raises:
            BackupDamaged: it is no backup, or damaged where its manifest is.
            NewerBackup: it is of a format that this program does not know.
            OSError: it cannot be read.
        """
        self._path = shown_as or path
        self._file = path.open("rb")
        try:
            if not has_seal(self._file):
                raise not_a_backup(self._path)
            self._archive = self._open()
            self.manifest = self._manifest()
        except BaseException:
            self._file.close()
            raise
        if self.manifest.format > FORMAT:
            self._file.close()
            raise NewerBackup("backup-newer", name=shown_path(self._path), version=self.manifest.app)

    def verify(self, on_event: EventSink = nobody) -> None:
        """Return when every byte is as it was written, and every document can be one of its collection.

        Raises:
            BackupDamaged: something is not; it names the part.
        """
        report = Report(Stage.VERIFY, sum(self.manifest.counts.values()), on_event)
        unbroken = is_unbroken(self._file)
        if set(self._archive.namelist()) != {MANIFEST, *self.manifest.members}:
            raise damaged(self._path, _CONTENTS)
        for name, member in self.manifest.members.items():
            self._verify_member(name, member)
        if not unbroken:
            raise damaged(self._path, _CONTENTS)
        for name in self.collections:
            self._verify_documents(name, report)
        report.end()

    @property
    def collections(self) -> list[str]:
        """The collections in it, in the order to restore them in."""
        return [name for name in _KNOWN if name in self.manifest.counts]

    def documents(self, name: str) -> Iterator[bytes]:
        """The documents of a collection as BSON, read as they are consumed.

        Raises:
            BackupDamaged: they cannot be read.
        """
        member = collection_member(name)
        try:
            with self._part(member) as content:
                yield from _split(content)
        except _BROKEN as error:
            raise damaged(self._path, f"{member} cannot be read") from error

    def content(self, name: str) -> bytes:
        """A file of the home.

        Raises:
            BackupDamaged: it cannot be read.
        """
        return self._read(file_member(name), LARGEST)

    def close(self) -> None:
        self._archive.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._file)
        except _BROKEN as error:
            raise damaged(self._path, _CONTENTS) from error

    def _manifest(self) -> BackupManifest:
        try:
            return BackupManifest.decode(self._read(MANIFEST, LARGEST))
        except ValueError as error:
            raise damaged(self._path, f"{MANIFEST} cannot be understood") from error

    def _part(self, member: str) -> IO[bytes]:
        """A part that is compressed as backups are; other methods have errors of their own.

        Raises:
            BadZipFile: it is compressed in another way.
        """
        info = self._archive.getinfo(member)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise zipfile.BadZipFile(member)
        return self._archive.open(info)

    def _read(self, member: str, limit: int) -> bytes:
        try:
            with self._part(member) as content:
                found = content.read(limit + 1)
        except _BROKEN as error:
            raise damaged(self._path, f"{member} cannot be read") from error
        if len(found) > limit:
            raise damaged(self._path, f"{member} is too large")
        return found

    def _verify_member(self, name: str, wanted: Member) -> None:
        digest, size = hashlib.sha256(), 0
        try:
            with self._part(name) as content:
                while size <= wanted.size and (block := content.read(_AT_ONCE)):
                    digest.update(block)
                    size += len(block)
        except _BROKEN as error:
            raise damaged(self._path, f"{name} cannot be read") from error
        if (size, digest.hexdigest()) != (wanted.size, wanted.sha256):
            raise damaged(self._path, f"{name} differs from its checksum")

    def _verify_documents(self, name: str, report: Report) -> None:
        from indexer.core.store.transfer import check  # noqa: PLC0415 - whoever only lists backups needs no driver

        number = 0
        try:
            for document in self.documents(name):
                check(name, document)
                number += 1
                report.step()
        except ValueError as error:
            raise damaged(self._path, f"{collection_member(name)} holds what Segue does not know") from error
        if number != self.manifest.counts[name]:
            raise damaged(self._path, f"{collection_member(name)} does not hold as many documents as it should")


def read_manifest(path: Path) -> BackupManifest:
    """What a backup says of itself, without looking at all of it.

    Raises:
        BackupError: it is no backup, damaged, or newer than this program.
        OSError: it cannot be read.
    """
    with BackupFile(path) as backup:
        return backup.manifest


def is_backup(path: Path) -> bool:
    """Whether a file ends as backups do, whole or not."""
    try:
        with path.open("rb") as file:
            return has_seal(file)
    except OSError:
        return False


def _split(content: IO[bytes]) -> Iterator[bytes]:
    """Each document begins with its length, itself included.

    Raises:
        ValueError: a length that cannot be, or fewer bytes than announced.
    """
    while start := content.read(_LENGTH.size):
        (length,) = _LENGTH.unpack(start)
        if not _SMALLEST_DOCUMENT <= length <= _LARGEST_DOCUMENT:
            raise ValueError(length)
        rest = content.read(length - _LENGTH.size)
        if len(rest) != length - _LENGTH.size:
            raise ValueError(length)
        yield start + rest
