"""What a backup says of itself: when it was made, by what, and what every part of it must add up to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

FORMAT = 1
"""Of backups that this program writes, and the newest that it reads."""
MANIFEST = "manifest.json"
_COLLECTIONS = "collections/"
_FILES = "files/"


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
        features: whether what was heard is in it.
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
