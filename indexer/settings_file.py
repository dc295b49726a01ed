"""The few of the player's settings that the indexer heeds, in the file that the player keeps them in."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from indexer.errors import SegueError
from indexer.home import Home

DATABASE_URI = "database_uri"
BACKUP_FOLDER = "backup_folder"


class SettingsUnreadable(SegueError):
    """The settings are there and cannot be understood, so that nothing may be written over them."""


def setting(home: Home, name: str) -> str:
    """A setting that is text, empty where it is not set or the file cannot be read."""
    try:
        value = _content(home).get(name)
    except (OSError, SettingsUnreadable):
        return ""
    return value if isinstance(value, str) else ""


def set_setting(home: Home, name: str, value: str | None) -> None:
    """Change one setting and leave the others.

    Raises:
        SettingsUnreadable: the file holds something else than settings.
        OSError: it cannot be written; it is as it was.
    """
    content = {**_content(home), name: value}
    replace_file(home.settings_file, json.dumps(content, indent=2).encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step, readable by its owner only; folders above it are made.

    Raises:
        OSError: the disk is full or the folder may not be written; the file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _content(home: Home) -> dict[str, Any]:
    try:
        content = json.loads(home.settings_file.read_bytes())
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise SettingsUnreadable(
            f"The settings in {home.settings_file} cannot be understood.", "Start Segue once: it puts them aside."
        )
    return content
