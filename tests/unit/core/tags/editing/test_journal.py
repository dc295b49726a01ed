from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.core.errors import SegueError
from indexer.core.files.locks import holding
from indexer.core.home import Home
from indexer.core.tags.editing.edits import apply, edits, tidy, undo
from indexer.core.tags.editing.fields import Field
from indexer.core.tags.editing.journal import KEPT, EditedFile, FileState, begun
from indexer.core.tags.editing.previews import preview
from indexer.core.tags.tags import read_tags
from tests import ten_formats


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return ten_formats.write(tmp_path / "song.flac")


def edit(home: Home, path: Path, title: str) -> None:
    assert apply(home, preview([str(path)], {Field.TITLE: [title]})).done == [str(path)]


def test_what_was_half_written_goes_and_the_edit_is_as_if_it_never_were(home: Home, song: Path) -> None:
    record, _ = begun(home, {Field.TITLE: ("Other",)}, [EditedFile(str(song), {Field.TITLE: ("Fjord",)})])
    record.partial(0).write_bytes(b"half of it")
    assert tidy(home) == 1
    assert tidy(home) == 0
    assert not record.partial(0).exists()
    with pytest.raises(SegueError, match="no edit"):
        undo(home)


def test_a_file_that_was_renamed_before_that_was_noted_can_be_undone(home: Home, song: Path) -> None:
    before = song.read_bytes()
    edit(home, song, "Other")
    [file] = home.edits.iterdir()
    lines = [line for line in file.read_bytes().split(b"\n") if line]
    file.write_bytes(b"\n".join(lines[:2]) + b'\n{"file": 0, "sta')  # killed at once, and the last line cut short
    assert tidy(home) == 1
    assert [one.state for one in edits(home)[0].files] == [FileState.DONE]
    undo(home)
    assert song.read_bytes() == before


def test_a_file_that_was_not_renamed_is_not_undone(home: Home, song: Path) -> None:
    before = shutil.copy(song, song.with_suffix(".before"))
    edit(home, song, "Other")
    [file] = home.edits.iterdir()
    lines = [line for line in file.read_bytes().split(b"\n") if line]
    file.write_bytes(b"\n".join(lines[:2]) + b"\n")
    Path(before).replace(song)
    assert tidy(home) == 1
    assert edits(home)[0].undoable == []


def test_only_one_program_edits(home: Home, song: Path) -> None:
    with holding(home, "tags"), pytest.raises(SegueError, match="another Segue"):
        apply(home, preview([str(song)], {Field.TITLE: ["Other"]}))
    assert read_tags(song).title == "Fjord"


def test_the_oldest_edits_are_forgotten(home: Home, song: Path) -> None:
    for _ in range(KEPT + 3):
        begun(home, {}, [])
    edit(home, song, "Other")
    assert len(edits(home)) == KEPT
    assert edits(home)[0].number == KEPT + 4
