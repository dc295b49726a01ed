"""Keeps what tags were before each edit, in the home, so that edits can be undone and cut ones cleaned up after."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from indexer.core.errors import SegueError
from indexer.core.files.atomic import sync_folder
from indexer.core.files.disk import said
from indexer.core.files.privacy import open_private
from indexer.core.home import Home
from indexer.core.tags.editing.fields import Field, Values
from indexer.core.tags.editing.replacing import Written
from indexer.core.tracks import TrackId

KEPT = 50
"""Edits that can be undone; older ones are forgotten."""

PARTIAL = ".segue-tags-"
"""How the names of files begin that are being written beside music; hidden ones are no part of a library."""


class EditsUnwritable(SegueError):
    """What is to be known of an edit cannot be written, so nothing is edited."""


class FileState(StrEnum):
    """How far the edit of one file came."""

    PLANNED = "planned"  # the file is as it was
    READY = "ready"  # as it was, or edited: its bytes tell
    DONE = "done"
    UNDONE = "undone"


@dataclass
class EditedFile:
    """A file of an edit; `was` is what the changed fields were before, `written` is known once it was ready."""

    path: str
    was: Values
    state: FileState = FileState.PLANNED
    written: Written | None = None


@dataclass
class EditRecord:
    """An edit as it is kept.

    Attributes:
        number: what people call it by; later ones have higher ones.
        at: when it began, in seconds since 1970.
        changes: what was to be said.
        files: in the order in which they are edited.
        ended: nothing is left to clean up.
    """

    number: int
    at: float
    changes: Values
    files: list[EditedFile] = field(default_factory=list)
    ended: bool = False

    @property
    def undoable(self) -> list[EditedFile]:
        """The files that were edited, the last one first."""
        return [file for file in reversed(self.files) if file.state in {FileState.READY, FileState.DONE}]

    def partial(self, index: int) -> Path:
        """Where a file is written before it takes the place of the one before."""
        path = Path(self.files[index].path)
        return path.with_name(f"{PARTIAL}{self.number}-{index}{path.suffix}")


class EditJournal:
    """Writes lines about one edit; each is on the disk when its call returns."""

    def __init__(self, path: Path) -> None:
        """Go on with a file, or begin it."""
        self._path = path

    def begin(self, record: EditRecord) -> None:
        """Write what is planned.

        Raises:
            EditsUnwritable: it cannot be written.
        """
        files = [{"path": file.path, "was": _plain(file.was)} for file in record.files]
        self._add({"version": 1, "at": record.at, "changes": _plain(record.changes), "files": files})

    def note(self, index: int, state: FileState, written: Written | None = None) -> None:
        """Write how far a file came; the arguments are those of `EditedFile`.

        Raises:
            EditsUnwritable: it cannot be written.
        """
        line: dict[str, Any] = {"file": index, "state": state}
        if written is not None:
            names = ("before", "after", "back", "mtime_ns", "track")
            line |= {"written": {name: getattr(written, name) for name in names}}
        self._add(line)

    def end(self, *, ended: bool = True) -> None:
        """Write that nothing is left to clean up, or that there may be something again.

        Raises:
            EditsUnwritable: it cannot be written.
        """
        self._add({"ended": ended})

    def _add(self, line: Mapping[str, Any]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not self._path.exists()
            with os.fdopen(open_private(self._path), "ab", buffering=0) as file:
                # What a full disk cut short is no line: the next one begins anew.
                file.write(b"\n" + json.dumps(line).encode("ascii") + b"\n")
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise EditsUnwritable("tags-journal", folder=self._path.parent, reason=said(error)) from error


def records(home: Home) -> list[EditRecord]:
    """The edits that are known, the latest first."""
    found = [_read(path, number) for number, path in _files(home)]
    return [record for record in found if record is not None]


def begun(home: Home, changes: Values, files: Sequence[EditedFile]) -> tuple[EditRecord, EditJournal]:
    """Begin an edit, and forget the oldest where there are many.

    Raises:
        EditsUnwritable: it cannot be written.
    """
    known = _files(home)
    number = known[0][0] + 1 if known else 1
    for _, path in known[KEPT - 1 :]:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    record = EditRecord(number, time.time(), changes, list(files))
    journal = journal_of(home, number)
    journal.begin(record)
    return record, journal


def journal_of(home: Home, number: int) -> EditJournal:
    """Where an edit is kept."""
    return EditJournal(home.edits / f"{number}.jsonl")


def _files(home: Home) -> list[tuple[int, Path]]:
    paths = home.edits.glob("*.jsonl") if home.edits.is_dir() else []
    return sorted(((int(path.stem), path) for path in paths if path.stem.isdecimal()), reverse=True)


def _read(path: Path, number: int) -> EditRecord | None:
    """An edit; None where not even what was planned is whole: then nothing was done."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return None
    record: EditRecord | None = None
    for line in lines:
        try:
            content = json.loads(line) if line else {}
            if "files" in content:
                files = [EditedFile(each["path"], _values(each["was"])) for each in content["files"]]
                record = EditRecord(number, float(content["at"]), _values(content["changes"]), files)
            elif record is not None:
                _take(record, content)
        except (ValueError, KeyError, TypeError, IndexError):
            continue  # cut short: what it would have said had not happened when the next line was begun
    return record


def _take(record: EditRecord, line: Mapping[str, Any]) -> None:
    if "ended" in line:
        record.ended = bool(line["ended"])
    elif "file" in line:
        file = record.files[line["file"]]
        file.state = FileState(line["state"])
        if (written := line.get("written")) is not None:
            file.written = Written(
                written["before"],
                written["after"],
                written["back"],
                int(written["mtime_ns"]),
                TrackId(written["track"]),
            )


def _plain(values: Values) -> dict[str, list[str]]:
    return {name.value: list(texts) for name, texts in values.items()}


def _values(content: Mapping[str, Sequence[str]]) -> dict[Field, tuple[str, ...]]:
    return {Field(name): tuple(texts) for name, texts in content.items()}
