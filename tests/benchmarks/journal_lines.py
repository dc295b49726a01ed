"""`journal_lines.py FOLDER`: writes the journal of notes that are always the same, and prints what a note costs.

Run by path, on the modules of whichever checkout is on the path. After each stage the file is copied into the folder.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from indexer.core.follow.journal import Journal, Note, NoteKind
from indexer.core.plays import Impression, ListenerId, Opinion, PlaySource, Thumb
from indexer.core.tracks import TrackId

NOTES = 2_400
_TRACK = "{:032x}"


def notes() -> list[Note]:
    """Notes of every kind, by several listeners, more than a journal of two sinks leaves in its file."""
    made = []
    for number in range(NOTES):
        track, at = _TRACK.format(number % 97), 1_700_000_000.5 + number
        kind, content = (
            (NoteKind.PLAY, {"track": track, "at": at, "seconds_heard": 61.25, "finished": True}),
            (NoteKind.PLAY, {"track": track, "at": at, "seconds_heard": 3.0, "finished": False, "listener": "ada"}),
            (NoteKind.OPINION, Opinion(TrackId(track), Thumb.UP, 4.5, at=at, listener=ListenerId("ada")).as_record()),
            (NoteKind.HIDE, {"seeds": [track], "tracks": [_TRACK.format(3)], "at": at}),
            (NoteKind.RESTORE, {"seeds": [track], "tracks": [_TRACK.format(3)]}),
            (NoteKind.IMPRESSION, Impression("", at, PlaySource.FOR_YOU, (TrackId(track),)).as_record()),
        )[number % 6]
        made.append(Note(kind, content, f"{number:024x}"))
    return made


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path, made = folder / "journal.jsonl", notes()
    path.unlink(missing_ok=True)
    journal = Journal(path)
    spent = time.process_time()
    for note in made:
        journal.add(note)
    spent = time.process_time() - spent
    (folder / "1-added").write_bytes(path.read_bytes())
    journal.strike_out(*made[: NOTES // 3])
    (folder / "2-struck-out").write_bytes(path.read_bytes())
    began = time.process_time()
    for note in made[NOTES // 3 : NOTES // 3 + NOTES // 4]:
        journal.strike_out(note)
    spent += time.process_time() - began
    (folder / "3-one-by-one").write_bytes(path.read_bytes())
    again = Journal(path)
    (folder / "4-taken-up").write_text("".join(f"{note.id}\n" for note in again.open_notes()), encoding="utf-8")
    again.strike_out(*again.open_notes())
    (folder / "5-all-told").write_text(f"{path.exists()}\n", encoding="utf-8")
    path.unlink(missing_ok=True)
    sys.stdout.write(json.dumps({"microseconds": 1e6 * spent / (NOTES + NOTES // 4)}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
