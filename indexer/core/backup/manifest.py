"""What a backup says of itself: when it was made, by what, and what it and every part of it must add up to.

The checksums in the manifest cover the parts; names, dates and the table of contents of a zip file have none. So the
last bytes are a seal, a checksum of everything before them: the comment that a zip file may end with, so that any
program can open a backup.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO

FORMAT = 1
"""Of backups that this program writes, and the newest that it reads."""
MANIFEST = "manifest.json"
_COLLECTIONS = "collections/"
_FILES = "files/"
_MARK = b"Segue backup. SHA-256 of all bytes before this: "
_DIGITS = 64
_LENGTH = len(_MARK) + _DIGITS
_AT_ONCE = 1 << 20


def _app_version() -> str:
    try:
        return version("segue-player")
    except PackageNotFoundError:
        return "unknown"  # runs from a folder that was never installed


@dataclass(frozen=True)
class Member:
    """One part of a backup: its length before compression and its SHA-256, in hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True)
class BackupManifest:
    """The first thing that is read of a backup.

    Attributes:
        format: of the file.
        app: version of the program that wrote it.
        created: seconds since 1970.
        features: whether what was analysed is in it.
        counts: documents by collection; those of playlists include what is left of deleted ones.
        playlists: those that are not deleted.
        members: parts by name.
    """

    created: float
    features: bool
    counts: Mapping[str, int]
    members: Mapping[str, Member]
    playlists: int = 0
    format: int = FORMAT
    app: str = field(default_factory=_app_version)

    @property
    def files(self) -> list[str]:
        """Names of the files of the home that are in it."""
        return [name.removeprefix(_FILES) for name in self.members if name.startswith(_FILES)]

    def encode(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def decode(cls, content: bytes) -> BackupManifest:
        """The manifest in a JSON text.

        Raises:
            ValueError: it is not one.
        """
        try:
            return _manifest_of(json.loads(content))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a manifest: {error}") from error


def collection_member(name: str) -> str:
    """Where a collection is in a backup: its documents one after the other, as mongodump writes them."""
    return f"{_COLLECTIONS}{name}.bson"


def file_member(name: str) -> str:
    return f"{_FILES}{name}"


def unsealed() -> bytes:
    """The comment of a backup that is being written, with room for the checksum."""
    return _MARK + b"0" * _DIGITS


def seal(file: BinaryIO) -> None:
    """Put the checksum in its place at the end of a file that is written and read.

    Raises:
        OSError: it cannot be written.
    """
    digest = _digest(file)
    file.seek(-_DIGITS, os.SEEK_END)
    file.write(digest)


def has_seal(file: BinaryIO) -> bool:
    """Whether a file ends as backups do."""
    return _end_of(file).startswith(_MARK)


def is_unbroken(file: BinaryIO) -> bool:
    """Whether every byte of a sealed file is as it was when it was sealed."""
    return hmac.compare_digest(_end_of(file)[len(_MARK) :], _digest(file))


def _manifest_of(record: Any) -> BackupManifest:
    members = {
        str(name): Member(int(member["size"]), str(member["sha256"])) for name, member in record["members"].items()
    }
    return BackupManifest(
        created=float(record["created"]),
        features=bool(record["features"]),
        counts={str(name): int(count) for name, count in record["counts"].items()},
        members=members,
        playlists=int(record["playlists"]),
        format=int(record["format"]),
        app=str(record["app"]),
    )


def _end_of(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LENGTH))
    return file.read(_LENGTH)


def _digest(file: BinaryIO) -> bytes:
    left = file.seek(0, os.SEEK_END) - _DIGITS
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (block := file.read(min(_AT_ONCE, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()
