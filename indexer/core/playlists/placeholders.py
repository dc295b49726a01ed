"""Lines of playlists whose music is not in the library: kept in the list as ids that say what they wait for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from indexer.core.playlists.entries import Entry, Listing, anchored
from indexer.core.playlists.matching import matched
from indexer.core.playlists.shelf import Shelf
from indexer.core.tracks import AWAITED, TrackId, is_awaited

LARGEST = 8_192
"""Characters of one placeholder; what says more is no line that a player wrote."""
MOST = 6 * 1024 * 1024
"""Characters of all placeholders of one list: a document of the database has 16 MB."""
_MARK_BYTES = 8
_SEPARATORS = re.compile(r"[/\\]")


def placeholder(entry: Entry, folder: str) -> TrackId | None:
    """The id that stands for an entry of a list in `folder`; None where it would be too long."""
    said = {
        "at": [anchored(place, folder) if folder else place for place in dict.fromkeys(entry.locations)],
        "in": folder,
        "title": entry.title,
        "artist": entry.artist,
        "album": entry.album,
        "seconds": entry.seconds,
        "read": list(entry.readings),
        "from": entry.start,
        "to": entry.end,
    }
    text = AWAITED + json.dumps(
        {key: value for key, value in said.items() if value not in (None, "", [])}, separators=(",", ":")
    )
    return TrackId(text) if len(text) <= LARGEST else None


def entry_of(track: TrackId) -> Entry | None:
    """What a placeholder waits for; None for the id of a track."""
    said = _said(track)
    if said is None:
        return None
    return Entry(
        tuple(map(str, _list(said.get("at")))),
        str(said.get("title", "")),
        str(said.get("artist", "")),
        str(said.get("album", "")),
        _number(said.get("seconds")),
        readings=tuple(map(str, _list(said.get("read")))),
        start=_number(said.get("from")),
        end=_number(said.get("to")),
    )


def placeless(track: TrackId) -> TrackId:
    """A placeholder that says what it waits for and not where: what machines tell each other. Every other id as it is.

    Two that are not the same stay two.
    """
    said = _said(track)
    if said is None or not ({"at", "in"} & set(said)):
        return track
    places = _list(said.get("at"))
    name = {"title": _SEPARATORS.split(str(places[0]))[-1]} if places and not said.get("title") else {}
    told = {key: value for key, value in said.items() if key not in {"at", "in"}}
    mark = hashlib.blake2b(track.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).hexdigest()
    return TrackId(AWAITED + json.dumps(told | name | {"mark": mark}, separators=(",", ":")))


def kept(lines: Iterable[TrackId | None]) -> tuple[list[TrackId], int]:
    """Lines of a new list, and how many placeholders did not fit into it."""
    found: list[TrackId] = []
    room, lost = MOST, 0
    for line in lines:
        size = len(line) if line is not None and is_awaited(line) else 0
        if line is None or size > room:
            lost += 1
        else:
            found.append(line)
            room -= size
    return found, lost


def found_among(shelf: Shelf, awaited: Iterable[TrackId]) -> dict[TrackId, Sequence[TrackId]]:
    """Those placeholders whose music is there now, by the rules for lines of files."""
    by_folder: dict[str, list[tuple[TrackId, Entry]]] = {}
    for track in dict.fromkeys(awaited):
        entry = entry_of(track)
        if entry is not None:
            by_folder.setdefault(str((_said(track) or {}).get("in", "")), []).append((track, entry))
    found: dict[TrackId, Sequence[TrackId]] = {}
    for folder, pairs in by_folder.items():
        listing = Listing("", tuple(entry for _, entry in pairs))
        lines = matched(listing, [folder or "/"], shelf).lines
        found.update({track: line.tracks for (track, _), line in zip(pairs, lines, strict=True) if line.tracks})
    return found


def _said(track: TrackId) -> dict[str, Any] | None:
    if not is_awaited(track):
        return None
    try:
        said = json.loads(track.removeprefix(AWAITED))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
