"""What a person did that the database has not been told yet, in a file: not even a player that is killed forgets it."""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

_ID_BYTES = 12
"""As many as an id of MongoDB has, which that of a play becomes."""
_DONE = "done"


class NoteKind(StrEnum):
    """What there is to tell."""

    PLAY = "play"
    HIDE = "hide"
    RESTORE = "restore"


@dataclass(frozen=True)
class Note:
    """One thing to tell the database, which is as if it were told once however often it is.

    Attributes:
        kind: what it is.
        content: plain values, enough to carry it out without the player that wrote it.
        id: 24 hexadecimal digits, its own.
    """

    kind: NoteKind
    content: Mapping[str, Any]
    id: str = field(default_factory=lambda: secrets.token_hex(_ID_BYTES))


class Journal:
    """Notes in the order they were made, each until it is struck out. Safe to share between threads.

    A line is added for a note, and one more when it is struck out; with the last one the file goes. A line that was
    cut short, by a full disk or the end of the machine, is passed over.
    """

    def __init__(self, path: Path) -> None:
        """Take up what the file holds; one that cannot be read is as one that is not there."""
        self._path = path
        self._lock = threading.Lock()
        self._open: dict[str, Note] = {}
        with contextlib.suppress(OSError):
            self._open = _open_notes(path.read_text(encoding="utf-8", errors="replace"))

    def __len__(self) -> int:
        return len(self._open)

    def add(self, note: Note) -> None:
        """Keep a note, in memory in any case.

        Raises:
            OSError: it could not be written, and is lost if the program ends before the database has it.
        """
        with self._lock:
            self._open[note.id] = note
            self._append({"id": note.id, "kind": note.kind.value, **note.content})

    def open_notes(self) -> list[Note]:
        """What is to be told, the oldest first."""
        with self._lock:
            return list(self._open.values())

    def strike_out(self, note: Note) -> None:
        """The database has it. A file that cannot be written tells it once more, which does no harm."""
        with self._lock, contextlib.suppress(OSError):
            self._open.pop(note.id, None)
            if self._open:
                self._append({_DONE: note.id})
            else:
                self._path.unlink(missing_ok=True)

    def _append(self, record: Mapping[str, Any]) -> None:
        """Begin on a line of its own, whatever the one before came to."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="ascii") as file:
            file.write(f"\n{json.dumps(record)}\n")


def _open_notes(text: str) -> dict[str, Note]:
    notes: dict[str, Note] = {}
    for record in _records(text):
        done = record.get(_DONE)
        note = _note(record)
        if isinstance(done, str):
            notes.pop(done, None)
        elif note is not None:
            notes[note.id] = note
    return notes


def _records(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        with contextlib.suppress(ValueError, RecursionError):
            record = json.loads(line)
            if isinstance(record, dict):
                yield record


def _note(record: dict[str, Any]) -> Note | None:
    """The note of a record, None where it is not one that can be carried out."""
    content = {name: value for name, value in record.items() if name not in {"id", "kind"}}
    try:
        note = Note(NoteKind(record["kind"]), content, str(record["id"]))
        is_id = len(bytes.fromhex(note.id)) == _ID_BYTES
    except (KeyError, ValueError, TypeError):
        return None
    return note if is_id and _is_complete(note) else None


def _is_complete(note: Note) -> bool:
    match note.kind:
        case NoteKind.PLAY:
            wanted: dict[str, type | tuple[type, ...]] = {
                "track": str, "at": (int, float), "seconds_heard": (int, float), "finished": bool,
            }  # fmt: skip
        case NoteKind.HIDE:
            wanted = {"seeds": list, "tracks": list, "at": (int, float)}
        case NoteKind.RESTORE:
            wanted = {"seeds": list, "tracks": list}
    has_all = all(isinstance(note.content.get(name), kind) for name, kind in wanted.items())
    lists = (*note.content.get("seeds", ()), *note.content.get("tracks", ())) if has_all else ()
    return has_all and all(isinstance(track, str) for track in lists)
