"""What a report says of the library and its model: numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.core.address import database_uri
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model import ModelError, current_model_folder, read_manifest
from indexer.core.tracks import Seconds

WAIT_SECONDS: Seconds = 15.0
"""How long a database may take that is not running; a report is wanted most where it does not come."""


@dataclass(frozen=True)
class LibraryWords:
    """What the database tells: numbers for the report, and its folders' paths, which are not for it."""

    facts: dict[str, Any]
    folders: tuple[str, ...] = ()


def library(home: Home, wait: Seconds = WAIT_SECONDS) -> LibraryWords:
    """Numbers from the database, or why there are none."""
    from indexer.core.store import open_database  # noqa: PLC0415 - the driver takes a third of a second

    try:
        with open_database(home, uri=database_uri(home), wait=wait) as database:
            folders = list(database.folders.all())
            return LibraryWords(
                {
                    "database": "managed" if database.is_managed else "at an address",
                    "compatible with MongoDB": database.census.server(),
                    "documents": database.census.counts(),
                    "problems by kind": database.census.problems(),
                    "folders": [
                        {"folder": number, "away": folder.away, "excluded": len(folder.excluded)}
                        for number, folder in enumerate(folders, start=1)
                    ],
                },
                tuple(path for folder in folders for path in (folder.path, *folder.excluded)),
            )
    except SegueError as error:
        return LibraryWords({"not available": f"{error.message} {error.advice}"})


def models(home: Home) -> dict[str, Any]:
    """The manifest of the current model of each profile, without the checksums of its files."""
    try:
        profiles = sorted(entry.name for entry in home.models.iterdir() if entry.is_dir())
    except FileNotFoundError:
        return {}
    return {profile: _model(home, profile) for profile in profiles}


def _model(home: Home, profile: str) -> dict[str, Any] | str:
    try:
        manifest = read_manifest(current_model_folder(home, profile))
    except ModelError as error:
        return error.message
    facts = {name: value for name, value in vars(manifest).items() if name not in {"files", "extra"}}
    return facts | {"files": {name: file.size for name, file in manifest.files.items()}}
