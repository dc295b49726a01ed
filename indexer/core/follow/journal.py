"""What a person did that is yet to be told elsewhere, in a file: not even a player that is killed forgets it."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from indexer.core.files.atomic import write_atomically
from indexer.core.plays import LATEST, OWNER, Impression, ListenerId, Opinion, Play
from indexer.core.text import as_text

_ID_BYTES = 12
"""As many as an id of MongoDB has, which that of a play becomes."""
_ID = re.compile(rf"[0-9a-f]{{{2 * _ID_BYTES}}}")
_LONGEST_TRACK = 64
_DONE = "done"
_BY = "by"
_MOST_DONE = 1_000
"""Lines of what was told that a file of two sinks may hold; with more it is written anew. Of what is told to a broker
something always waits, for ten seconds, so that such a file never goes by itself."""


class Sink(StrEnum):
    """Who is told what a journal holds."""

    DATABASE = "database"
    STREAM = "stream"


class NoteKind(StrEnum):
    """What there is to tell."""

    PLAY = "play"
    HIDE = "hide"
    RESTORE = "restore"
    OPINION = "opinion"
    IMPRESSION = "impression"


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

    @property
    def listener(self) -> ListenerId:
        """Whose it is: the owner's where it does not say, as the notes of a version that knew one listener alone."""
        return _listener_of(self.content)


class Journal:
    """Notes in the order they were made, each until it is struck out. Safe to share between threads.

    A line is added for a note, and one more when a sink was told it; with the last one the file goes. A line that was
    cut short, by a full disk or the end of the machine, is passed over; one that is no note is set aside.

    Attributes:
        sinks: who is told of each note, at a pace of their own.
        set_aside: how many lines that were no notes were put into `odd_file`.
        odd_file: where they are.
    """

    def __init__(self, path: Path, sinks: Iterable[Sink] = (Sink.DATABASE,)) -> None:
        """Take up what the file holds; one that cannot be read is as one that is not there."""
        self.sinks = frozenset(sinks)
        self._path = path
        self._lock = threading.Lock()
        self._open: dict[str, Note] = {}
        self._told: dict[str, set[Sink]] = {}
        self._done = 0
        self.odd_file = path.with_name(f"{path.stem}-odd{path.suffix}")
        self.set_aside = 0
        with contextlib.suppress(OSError):
            odd = self._take_up(path.read_text(encoding="utf-8", errors="replace"))
            self.set_aside = len(odd)
            self._put_aside(odd)

    def __len__(self) -> int:
        return len(self._open)

    def serve(self, sinks: Iterable[Sink]) -> None:
        """Have these be told from now on; what all of them were told is struck out."""
        with self._lock, contextlib.suppress(OSError):
            self.sinks = frozenset(sinks)
            for identity in [identity for identity, told in self._told.items() if told >= self.sinks]:
                del self._open[identity], self._told[identity]
            if not self._open:
                self._path.unlink(missing_ok=True)
                self._done = 0

    def add(self, note: Note) -> None:
        """Keep a note, in memory in any case.

        Raises:
            OSError: it could not be written, and is lost if the program ends before the database has it.
        """
        with self._lock:
            self._open[note.id] = note
            self._told.pop(note.id, None)
            self._append(record_of(note))

    def open_notes(self, sink: Sink = Sink.DATABASE) -> list[Note]:
        """What a sink is to be told, the oldest first."""
        with self._lock:
            return [note for note in self._open.values() if sink not in self._told.get(note.id, ())]

    def strike_out(self, *notes: Note, sink: Sink = Sink.DATABASE) -> None:
        """A sink was told these; they are struck out together. A file that cannot be written tells them once more."""
        with self._lock, contextlib.suppress(OSError):
            for note in notes:
                self._strike(note.id, sink)
            self._done += len(notes)
            if not self._open:
                self._path.unlink(missing_ok=True)
                self._done = 0
            elif Sink.STREAM in self.sinks and self._done > max(_MOST_DONE, len(self._open)):
                self._write_anew()
            else:
                self._append(*(_struck(note.id, sink) for note in notes))

    def _take_up(self, text: str) -> list[str]:
        """Take the notes that are open, and return the lines that are no notes although nothing of them is missing."""
        odd: list[str] = []
        for line in text.splitlines():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue  # empty, or cut short
            done = record.get(_DONE) if isinstance(record, dict) else None
            note = note_of_record(record) if isinstance(record, dict) else None
            if isinstance(done, str):
                self._strike(done, record.get(_BY, Sink.DATABASE))
            elif note is not None:
                self._open[note.id] = note
                self._told.pop(note.id, None)
            else:
                odd.append(line)
        return odd

    def _strike(self, identity: str, sink: Any) -> None:
        """A note is kept until every sink was told; one that is not there any more is not waited for."""
        if sink in self.sinks and identity in self._open:
            told = self._told.setdefault(identity, set())
            told.add(Sink(sink))
            if told >= self.sinks:
                del self._open[identity], self._told[identity]

    def _put_aside(self, odd: list[str]) -> None:
        """Keep lines for whoever can make sense of them, and the journal without them."""
        if not odd:
            return
        with self.odd_file.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in odd)
        self._write_anew()

    def _write_anew(self) -> None:
        kept = [record_of(note) for note in self._open.values()]
        kept += [_struck(identity, sink) for identity, told in self._told.items() for sink in sorted(told)]
        write_atomically(self._path, "".join(f"{json.dumps(record)}\n" for record in kept).encode("ascii"))
        self._done = 0

    def _append(self, *records: Mapping[str, Any]) -> None:
        """Begin on a line of its own, whatever the one before came to; all of it is written at once."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="ascii") as file:
            file.write("".join(f"\n{json.dumps(record)}\n" for record in records))


def record_of(note: Note) -> dict[str, Any]:
    """Plain values that `note_of_record` makes the note of again."""
    return {"id": note.id, "kind": note.kind.value, **note.content}


def _struck(identity: str, sink: Sink) -> dict[str, str]:
    return {_DONE: identity} if sink is Sink.DATABASE else {_DONE: identity, _BY: sink.value}


def note_of_record(record: dict[str, Any]) -> Note | None:
    """The note of a record, None where it is not one that can be carried out."""
    kind, identity = record.get("kind"), record.get("id")
    if not isinstance(kind, str) or kind not in _WANTED or not isinstance(identity, str) or not _ID.fullmatch(identity):
        return None
    wanted = _WANTED[NoteKind(kind)]
    names = (*wanted, *_MORE.get(NoteKind(kind), ()))
    content = {name: record[name] for name in names if name in record}
    if not all(name in content and is_right(content[name]) for name, is_right in wanted.items()):
        return None
    if NoteKind(kind) in _MADE and not _is_made(lambda: _MADE[NoteKind(kind)](identity, content)):
        return None
    return Note(NoteKind(kind), content, identity)


def amiss_in(record: Mapping[str, Any], kind: NoteKind) -> str:
    """The first name that makes that `note_of_record` makes nothing of a record; empty where no single one does."""
    identity = record.get("id")
    if not isinstance(identity, str) or not _ID.fullmatch(identity):
        return "id"
    wanted = _WANTED[kind].items()
    return next((name for name, is_right in wanted if name not in record or not is_right(record[name])), "")


def _is_made(make: Callable[[], object]) -> bool:
    try:
        make()
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return False
    return True


def _is_track(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and 0 < len(value) <= _LONGEST_TRACK


def _are_tracks(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_track, value))


def _is_time(value: object) -> bool:
    """Seconds that a date can be made of, up to the year 9999."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LATEST


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


_WANTED: dict[NoteKind, dict[str, Callable[[object], bool]]] = {
    NoteKind.PLAY: {"track": _is_track, "at": _is_time, "seconds_heard": _is_time, "finished": _is_flag},
    NoteKind.HIDE: {"seeds": _are_tracks, "tracks": _are_tracks, "at": _is_time},
    NoteKind.RESTORE: {"seeds": _are_tracks, "tracks": _are_tracks},
    NoteKind.OPINION: {"track": _is_track, "at": _is_time},
    NoteKind.IMPRESSION: {"tracks": _are_tracks, "at": _is_time},
}
"""What a note of each kind holds at least, and what tells that a value of it is right."""

_MORE: dict[NoteKind, tuple[str, ...]] = {
    NoteKind.PLAY: (
        *("listener", "named", "seconds", "skipped"),
        *("source", "seed", "position", "model", "session", "client"),
    ),
    NoteKind.HIDE: ("listener",),
    NoteKind.RESTORE: ("listener",),
    NoteKind.OPINION: ("thumb", "rating", "favourite", "listener"),
    NoteKind.IMPRESSION: ("source", "seed", "model", "listener"),
}
"""What a note of a kind may hold besides."""

_MADE: dict[NoteKind, Callable[[str, dict[str, Any]], object]] = {
    NoteKind.PLAY: Play.of_record,
    NoteKind.HIDE: lambda _, content: _listener_of(content),
    NoteKind.RESTORE: lambda _, content: _listener_of(content),
    NoteKind.OPINION: lambda _, content: Opinion.of_record(content),
    NoteKind.IMPRESSION: Impression.of_record,
}
"""The value that a note of a kind is of, which knows what it can be made of."""


def _listener_of(content: Mapping[str, Any]) -> ListenerId:
    return ListenerId(as_text(content.get("listener", OWNER)))
