"""Editing of tags in the window: off until it is switched on, shown before it is done, and undone from the message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from indexer.core.tags.editing.fields import Field
from indexer.core.tags.editing.previews import preview
from indexer.core.tags.tags import read_tags
from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.desktop import taggers
from musicplayer.ui.tracks.tag_dialog import TagDialog
from musicplayer.ui.window.main_window import MainWindow
from tests import ten_formats
from tests.gui.conftest import track

ONE, TWO = TrackId(f"{1:032x}"), TrackId(f"{2:032x}")
WAIT_MS = 20_000


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [ten_formats.write(tmp_path / "music" / f"song{suffix}", seed=1) for suffix in (".flac", ".mp3")]


@pytest.fixture
def known(segue: Application, files: list[Path]) -> Application:
    segue.services.library.catalogue.upsert(
        [track(number, path=str(path), root=str(path.parent)) for number, path in enumerate(files, start=1)]
    )
    return segue


def type_into(dialog: TagDialog, field: Field, text: str) -> None:
    box = dialog.fields[field]
    box.selectAll()
    QTest.keyClicks(box, text)
    dialog.preview()


def opened(window: MainWindow, qtbot: QtBot) -> TagDialog:
    """The dialog that edits both tracks."""
    control = window.extras.tags
    control.edit([ONE, TWO])
    qtbot.waitUntil(lambda: control.dialog is not None, timeout=WAIT_MS)
    assert control.dialog is not None
    return control.dialog


def words_of(window: MainWindow) -> list[str]:
    menu: QMenu = window.shell.commands.menu([ONE], window)
    words = [action.text() for action in menu.actions()]
    menu.deleteLater()
    return words


def test_the_menu_offers_it_only_where_it_is_switched_on(known: Application, window: MainWindow) -> None:
    assert "Edit tags…" not in words_of(window)
    known.services.preferences.set("edit_tags", True)
    assert "Edit tags…" in words_of(window)


def test_only_what_was_typed_changes(files: list[Path], window: MainWindow) -> None:
    previews = preview([str(path) for path in files], {})
    dialog = TagDialog(previews, window, can_undo=False)
    assert not dialog.yes.isEnabled()
    assert dialog.fields[Field.ALBUM].text() == "Single"
    type_into(dialog, Field.GENRE, "Jazz; Rock")
    assert dialog.changes == {Field.GENRE: ["Jazz", "Rock"]}
    assert dialog.yes.isEnabled()
    rows = [dialog.changes_list.topLevelItem(row) for row in range(dialog.changes_list.topLevelItemCount())]
    assert [(row.text(0), row.text(2), row.text(3)) for row in rows] == [
        ("song.flac", "Folk", "Jazz; Rock"),
        ("song.mp3", "Folk", "Jazz; Rock"),
    ]
    type_into(dialog, Field.DATE, "soon")
    assert not dialog.yes.isEnabled()
    assert "soon" in dialog.note.text()
    assert (dialog.fields[Field.DATE].property("wrong"), dialog.fields[Field.GENRE].property("wrong")) == (True, False)
    assert dialog.changes_list.topLevelItemCount() == 2
    type_into(dialog, Field.DATE, "1999")
    assert dialog.fields[Field.DATE].property("wrong") is False
    assert dialog.yes.isEnabled()
    dialog.reject()


def test_whether_it_is_a_compilation_changes_once_it_is_clicked(files: list[Path], window: MainWindow) -> None:
    previews = preview([str(path) for path in files], {})
    dialog = TagDialog(previews, window, can_undo=False)
    dialog.compilation.click()
    assert dialog.changes == {Field.COMPILATION: ["1"]}
    dialog.compilation.click()
    assert dialog.changes == {}
    dialog.reject()
    previews[0] = replace(previews[0], before={**previews[0].before, Field.COMPILATION: ("1",)})
    dialog = TagDialog(previews, window, can_undo=False)
    assert dialog.compilation.checkState() == Qt.CheckState.PartiallyChecked
    assert dialog.changes == {}
    dialog.compilation.click()
    assert dialog.changes == {Field.COMPILATION: ["1"]}
    dialog.compilation.click()
    assert dialog.changes == {Field.COMPILATION: []}
    dialog.compilation.click()
    assert dialog.changes == {}
    dialog.reject()


def test_files_that_differ_keep_what_they_say(files: list[Path], window: MainWindow) -> None:
    previews = preview([str(path) for path in files], {})
    previews[0] = type(previews[0])(previews[0].path, {Field.TITLE: ("A",)}, {}, previews[0].stamp)
    dialog = TagDialog(previews, window, can_undo=False)
    assert dialog.fields[Field.TITLE].text() == ""
    assert dialog.fields[Field.TITLE].placeholderText() == "different in these files"
    assert dialog.changes == {}
    dialog.reject()


def test_tracks_are_edited_and_it_is_undone(
    known: Application, window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    before = [path.read_bytes() for path in files]
    dialog = opened(window, qtbot)
    type_into(dialog, Field.ALBUM, "Anew")
    with qtbot.waitSignal(window.shell.messages.said, timeout=WAIT_MS) as told:
        dialog.yes.click()
    assert told.args[0] == "2 files were edited."
    assert [read_tags(path).album for path in files] == ["Anew", "Anew"]
    with qtbot.waitSignal(window.shell.messages.said, timeout=WAIT_MS) as told:
        window.shell.messages.action.click()
    assert told.args[0] == "2 files are as before."
    assert [path.read_bytes() for path in files] == before


def test_the_reason_told_is_one_that_the_dialog_had_not_told(
    known: Application, window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    unknown = files[0].with_suffix(".mka")
    unknown.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(400))
    known.services.library.catalogue.upsert([track(1, path=str(unknown), root=str(unknown.parent))])
    dialog = opened(window, qtbot)
    type_into(dialog, Field.ALBUM, "Anew")
    assert "song.mka" in dialog.note.text()
    files[1].unlink()
    with qtbot.waitSignal(window.shell.messages.said, timeout=WAIT_MS) as told:
        dialog.yes.click()
    assert told.args[0].startswith("2 files were left as they were.")
    assert "song.mp3" in told.args[0]


def test_what_was_edited_beside_what_was_refused_is_told_and_undone(
    known: Application, window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    before = files[0].read_bytes()
    dialog = opened(window, qtbot)
    type_into(dialog, Field.ALBUM, "Anew")
    files[1].unlink()
    with qtbot.waitSignal(window.shell.messages.said, timeout=WAIT_MS) as told:
        dialog.yes.click()
    assert told.args[0].startswith("1 file was edited. 1 file was left as it was.")
    with qtbot.waitSignal(window.shell.messages.said, timeout=WAIT_MS):
        window.shell.messages.action.click()
    assert files[0].read_bytes() == before


def test_a_program_of_others_gets_the_files(
    known: Application,
    window: MainWindow,
    files: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    program, got = tmp_path / "bin" / "kid3", tmp_path / "got"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{got}"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    assert "Kid3" in {tagger.name for tagger in taggers.installed()}
    assert "Open in Kid3" in words_of(window)
    ended: list[bool] = []
    kid3 = next(tagger for tagger in taggers.installed() if tagger.name == "Kid3")
    taggers.open_in(kid3, [str(path) for path in files], lambda: ended.append(True), lambda: ended.append(False))
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    assert ended == [True]
    assert got.read_text(encoding="utf-8").splitlines() == [str(path) for path in files]
