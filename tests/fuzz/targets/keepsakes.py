"""Backups of other people, the notes that wait for the database, and what is dragged onto the window."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData

from indexer.core.backup import BackupFile
from indexer.core.backup.home_files import put_back
from indexer.core.backup.manifest import MANIFEST, seal, unsealed
from indexer.core.follow.journal import Journal, Note, NoteKind
from indexer.core.home import Home
from musicplayer.ui.look.mime import (
    PLAYLIST_ROWS,
    QUEUE_ROWS,
    TRACKS,
    files_of,
    playlist_rows_of,
    queue_rows_of,
    tracks_of,
)
from tests.fuzz import json_texts
from tests.fuzz.target import Box, Target
from tests.unit.core.backup.test_file import play, written

_BACKUP_WORDS = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"../../outside/made",
    b"/etc/passwd",
    b"home/settings.json",
    b"\x08\x00",
    b"\x0c\x00",
    b'"size": 99999999999999',
    b'"members"',
    b"\xff\xff\xff\x7f",
)
_PLAY = Note(NoteKind.PLAY, {"track": "01", "at": 1.0, "seconds_heard": 2.0, "finished": True})
_JOURNAL = json.dumps({"id": _PLAY.id, "kind": "play", **_PLAY.content}).encode()


def _run_backup(data: bytes, box: Box) -> None:
    """Sealed anew after it was changed, as somebody would who made it."""
    path = box.file("backup.zip", data + unsealed())
    with path.open("r+b") as file:
        seal(file)
    home = Home.resolve(box.inside / "restored")
    with BackupFile(path) as backup:
        backup.verify()
        for name in backup.collections:
            list(backup.documents(name))
        for name in backup.manifest.files:
            put_back(home, name, backup.content(name), over=True)


def _backups(box: Box) -> Sequence[bytes]:
    home = Home.resolve(box.inside / "home")
    home.settings_file.parent.mkdir(parents=True, exist_ok=True)
    home.settings_file.write_text('{"volume": 30}', encoding="utf-8")
    path = box.inside / "whole.zip"
    written(home, path, plays=[play(number) for number in range(3)])
    whole = path.read_bytes().removesuffix(path.read_bytes()[-len(unsealed()) :])
    return [whole, _named(path, "../../outside/made"), _named(path, "/etc/passwd")]


def _named(path: Path, name: str) -> bytes:
    """The backup with a file of the home that is to be put elsewhere."""
    made = path.with_name("named.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        manifest = json.loads(old.read(MANIFEST))
        member = next(each for each in manifest["members"] if each.endswith("settings.json"))
        for each in (each for each in old.namelist() if each != MANIFEST):
            new.writestr(each.replace(member, f"home/{name}"), old.read(each))
        manifest["members"][member.replace("settings.json", name)] = manifest["members"].pop(member)
        new.writestr(MANIFEST, json.dumps(manifest))
        new.comment = unsealed()
    return made.read_bytes()[: -len(unsealed())]


def _run_journal(data: bytes, box: Box) -> None:
    journal = Journal(box.file("journal.jsonl", data))
    for note in journal.open_notes():
        journal.strike_out(note)
    assert len(journal) == 0


def _run_drag(data: bytes, _: Box) -> None:
    dragged = QMimeData()
    for kind in (TRACKS, QUEUE_ROWS, PLAYLIST_ROWS, "text/uri-list"):
        dragged.setData(kind, QByteArray(data))
    tracks_of(dragged)
    files_of(dragged)
    for rows in (queue_rows_of(dragged), playlist_rows_of(dragged, "mine")):
        assert all(isinstance(row, int) for row in rows)


TARGETS = (
    Target("backup", _run_backup, _backups, _BACKUP_WORDS),
    Target(
        "journal",
        _run_journal,
        lambda _: [_JOURNAL, b"\n".join([_JOURNAL] * 3), b'{"done": 1}', *json_texts.deep(["done"])],
        json_texts.WORDS,
        lambda: json_texts.like(json.loads(_JOURNAL)),
    ),
    Target(
        "drags",
        _run_drag,
        lambda _: [b"[1, 2]", b'["mine", 1]', b"file:///music/a.mp3\r\nhttp://127.0.0.1:9/x\r\n", *json_texts.deep()],
        (*json_texts.WORDS, b"file://", b"%00", b"%ff", b"\r\n"),
        lambda: json_texts.values().map(lambda value: json.dumps(value).encode()),
    ),
)
