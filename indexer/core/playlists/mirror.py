"""The playlists in a file of the home: there at the start at once, and when the database is not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from indexer.core.files.atomic import write_atomically
from indexer.core.playlist import Playlist
from indexer.core.tracks import TrackId

VERSION = 1


def read_mirror(path: Path) -> tuple[list[Playlist], bool]:
    """The playlists of a file, tombstones too, and whether something in it could not be understood.

    A file that is not there is whole and empty.
    """
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return [], False
    except (OSError, ValueError, RecursionError):
        return [], True
    entries = content.get("playlists") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        return [], True
    found = [_playlist(entry) for entry in entries]
    whole = [playlist for playlist in found if playlist is not None]
    return whole, len(whole) < len(found)


def read_heirs(path: Path) -> dict[TrackId, TrackId]:
    """The tracks that stand for others that left, as they were when the file was written; empty where it says none."""
    try:
        heirs = json.loads(path.read_bytes())["heirs"].items()
        return {TrackId(track): TrackId(heir) for track, heir in heirs if isinstance(heir, str)}
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return {}


def write_mirror(path: Path, playlists: Iterable[Playlist], heirs: Mapping[TrackId, TrackId] | None = None) -> None:
    """Replace the file.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    content = {
        "version": VERSION,
        "playlists": [playlist.as_record() for playlist in playlists],
        "heirs": dict(heirs or {}),
    }
    write_atomically(path, json.dumps(content).encode("utf-8", "replace"), durable=True)


def _playlist(entry: Any) -> Playlist | None:
    """A playlist of what a file says, None where it says none."""
    try:
        return Playlist.of_record(entry)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
