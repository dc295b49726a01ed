"""The few of the player's settings that the indexer heeds, in the file that the player keeps them in."""

from __future__ import annotations

import json
from typing import Any

from indexer.core.errors import SegueError
from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home

DATABASE_URI = "database_uri"
BACKUP_FOLDER = "backup_folder"
KAFKA = "kafka"
SHARING_TOKEN = "sharing_token"  # noqa: S105 - the name of a setting


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
    write_atomically(home.settings_file, json.dumps(content, indent=2).encode(), durable=True)


def _content(home: Home) -> dict[str, Any]:
    try:
        content = json.loads(home.settings_file.read_bytes())
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise SettingsUnreadable("settings-unreadable", file=home.settings_file)
    return content
