"""What a report says of the library and its model: numbers only."""

from __future__ import annotations

from typing import Any

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model import ModelError, current_model_folder, read_manifest
from indexer.core.model.profiles import PROFILES
from indexer.core.store.address import database_uri
from indexer.core.tracks import Seconds
from musicplayer.diagnose.allowed import sentence

WAIT_SECONDS: Seconds = 15.0
"""How long a database may take that is not running; a report is wanted most where it does not come."""


def library(home: Home, wait: Seconds = WAIT_SECONDS) -> dict[str, Any]:
    """Numbers from the database, or under `not available` why there are none."""
    from indexer.core.store import open_database  # noqa: PLC0415 - the driver takes a third of a second

    try:
        with open_database(home, uri=database_uri(home), wait=wait) as database:
            return {
                "database": "managed" if database.is_managed else "at an address",
                "compatible with MongoDB": database.census.server(),
                "documents": database.census.counts(),
                "problems by kind": database.census.problems(),
                "folders": [
                    {"folder": number, "away": folder.away, "excluded": len(folder.excluded)}
                    for number, folder in enumerate(database.folders.all(), start=1)
                ],
            }
    except SegueError as error:
        return {"not available": f"{sentence(error.message)} {sentence(error.advice)}"}


def models(home: Home) -> dict[str, Any]:
    """What may be said of the manifest of the current model of each profile; profiles of one's own are numbered."""
    try:
        profiles = sorted(entry.name for entry in home.models.iterdir() if entry.is_dir())
    except FileNotFoundError:
        return {}
    names = {name: name if name in PROFILES else f"added {number}" for number, name in enumerate(profiles, start=1)}
    return {names[profile]: _model(home, profile) for profile in profiles}


def _model(home: Home, profile: str) -> dict[str, Any] | str:
    try:
        manifest = read_manifest(current_model_folder(home, profile))
    except ModelError as error:
        return sentence(error.message)
    facts = {name: value for name, value in vars(manifest).items() if isinstance(value, bool | int | float)}
    said = {"built_at": manifest.built_at, "spark_version": manifest.spark_version}
    return facts | said | {"bytes": sum(file.size for file in manifest.files.values())}
