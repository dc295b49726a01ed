"""`python -m tests.faults.tag_editor HOME FOLDER SEED`: edits and undoes tags without an end, to be killed at it."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.tags.editing.edits import apply, edits, undo
from indexer.core.tags.editing.fields import Field
from indexer.core.tags.editing.previews import preview

AT_ONCE = 40


def main(home: Home, folder: Path, chance: random.Random) -> None:
    """Say a word for each file; some edits are undone."""
    paths = sorted(str(path) for path in folder.iterdir() if not path.name.startswith("."))
    while True:
        apply(home, preview(chance.sample(paths, min(AT_ONCE, len(paths))), wishes(chance)), _say)
        if chance.random() < 0.3 and any(edit.undoable for edit in edits(home)):
            undo(home, on_file=_say)


def _say(path: str, error: SegueError | None) -> None:
    sys.stdout.write(f"{path} {'' if error is None else error.code}\n")
    sys.stdout.flush()


def wishes(chance: random.Random) -> dict[Field, list[str]]:
    """Changes of some fields: some move the sound, others find room where there was some."""
    names = [f"Name {chance.randrange(10**6)} " + "ä" * chance.randrange(150) for _ in range(chance.randrange(1, 12))]
    return {
        Field.TITLE: [f"Title {chance.randrange(10**6)}"],
        Field.ARTIST: names,
        Field.TRACK: [str(chance.randrange(1, 100))],
        Field.COMMENT: ["x" * chance.randrange(400)],
    }


if __name__ == "__main__":
    main(Home.resolve(Path(sys.argv[1])), Path(sys.argv[2]), random.Random(int(sys.argv[3])))
