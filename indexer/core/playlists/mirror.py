"""The playlists in a file of the home: there at the start at once, and when the database is not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from indexer.core.files.atomic import write_atomically
from indexer.core.tracks import Playlist, PlaylistKind, TrackId

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
        content = json.loads(path.read_bytes())
        return {TrackId(_text(track)): TrackId(_text(heir)) for track, heir in content["heirs"].items()}
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return {}


def write_mirror(path: Path, playlists: Iterable[Playlist], heirs: Mapping[TrackId, TrackId] | None = None) -> None:
    """Replace the file.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    content = {
        "version": VERSION,
        "playlists": [_entry(playlist) for playlist in playlists],
        "heirs": dict(heirs or {}),
    }
    write_atomically(path, json.dumps(content).encode("utf-8", "replace"), durable=True)


def _entry(playlist: Playlist) -> dict[str, Any]:
    return {
        "id": playlist.id,
        "name": playlist.name,
        "kind": playlist.kind.value,
        "tracks": playlist.tracks,
        "query": playlist.query,
        "order": playlist.order,
        "descending": playlist.descending,
        "limit": playlist.limit,
        "position": playlist.position,
        "updated_at": playlist.updated_at,
        "deleted": playlist.deleted,
    }


def _playlist(entry: Any) -> Playlist | None:
    """A playlist of what a file says, None where it says none."""
    try:
        return Playlist(
            id=_text(entry["id"]),
            name=_text(entry["name"]),
            kind=PlaylistKind(entry["kind"]),
            tracks=tuple(TrackId(_text(track)) for track in entry["tracks"]),
            query=_text(entry["query"]),
            order=_text(entry["order"]),
            descending=bool(entry["descending"]),
            limit=max(0, int(entry["limit"])),
            position=float(entry["position"]),
            updated_at=float(entry["updated_at"]),
            deleted=bool(entry["deleted"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
