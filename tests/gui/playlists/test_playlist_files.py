"""Playlists as files: out, in, what the library lacks, and what is no playlist."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from indexer.core.playlists.entries import Entry
from indexer.core.playlists.placeholders import entry_of, placeholder
from musicplayer.app import Application
from musicplayer.library.playlists import Playlists
from musicplayer.ui.frame.places import Section
from musicplayer.ui.playlists.import_dialog import ImportDialog
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from tests.gui.conftest import track
from tests.gui.playlists.hand import between, dropped, files, ids
from tests.tagged import write


def test_a_playlist_goes_out_to_a_file_and_comes_back(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    made = playlists.create("Évening", ids(3, 1, 3))
    for ending in (".m3u8", ".xspf"):
        control.transfer.export(str(tmp_path / f"list{ending}"), made.name, playlists.tracks(made.id))
        qtbot.waitUntil((tmp_path / f"list{ending}").exists)
        with qtbot.waitSignal(control.transfer.imported) as told:
            control.transfer.import_files([str(tmp_path / f"list{ending}")])
        assert playlists.tracks(told.args[0]) == ids(3, 1, 3)
    assert [each.name for each in playlists.all()] == ["Évening", "list", "Évening (2)"]
    assert "was imported with 3 tracks" in filled.window.shell.messages.text


def dialog_of(filled: Application, qtbot: QtBot) -> ImportDialog:
    """The dialog that asks about a list."""
    qtbot.waitUntil(lambda: bool(filled.window.findChildren(ImportDialog)))
    return filled.window.findChildren(ImportDialog)[-1]


def cells(dialog: ImportDialog) -> list[tuple[str, str, str]]:
    model = dialog.model
    return [
        tuple(str(model.index(row, column).data()) for column in range(3))  # type: ignore[misc]
        for row in range(model.rowCount())
    ]


def test_what_was_matched_and_how_is_shown_before_it_is_taken_in(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "old.m3u"
    file.write_text("/music/003.flac\nE:\\music\\004.flac\n/music/005.mp3\n/drive/x/lost.flac\nhttp://example.org/s\n")
    control.transfer.import_files([str(file)])
    dialog = dialog_of(filled, qtbot)
    assert playlists.all() == [], "nothing is made of it yet"
    assert dialog.summary.text() == "3 of 5 lines were found"
    assert cells(dialog) == [
        ("/music/003.flac", "/music/003.flac", "in its place"),
        ("E:\\music\\004.flac", "/music/004.flac", "moved"),
        ("/music/005.mp3", "/music/005.flac", "with another ending"),
        ("/drive/x/lost.flac", "", "not found"),
        ("http://example.org/s", "", "an address of the network"),
    ]
    assert "with another ending: 1" in dialog.details.text()
    assert "stay in the list" in dialog.details.text()
    dialog.unsure.setChecked(True)
    assert len(cells(dialog)) == 4
    dialog.unsure.setChecked(False)

    spoken = dialog.model.index(3, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "/drive/x/lost.flac. not found"
    dialog.table.selectRow(4)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    with qtbot.waitSignal(control.transfer.imported) as told:
        qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    tracks = playlists.tracks(told.args[0])
    assert tracks[:3] == ids(3, 4, 5)
    assert [entry_of(track) and entry_of(track).place for track in tracks[3:]] == ["/drive/x/lost.flac"]
    assert "1 line waits for its music" in filled.window.shell.messages.text


def test_lines_that_wait_are_greyed_in_their_places_and_filled_in_when_the_music_comes(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "old.m3u"
    file.write_text("#EXTINF:180,Nobody - Lost\n/drive/x/lost.flac\n/music/003.flac\n")
    control.transfer.import_files([str(file)])
    dialog_of(filled, qtbot).accept()
    qtbot.waitUntil(lambda: len(playlists.all()) == 1)
    key = playlists.all()[0].id
    page = control.page
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    texts = [page.model.index(0, column).data() for column in range(page.model.columnCount())]
    assert [text for text in texts if text] == ["1", "Lost", "Nobody", "3:00"]
    assert page.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "Not in your library: /drive/x/lost.flac"
    assert page.model.index(0, 2).data(Qt.ItemDataRole.ForegroundRole) == filled.services.look.theme.colour("faint")
    control.commands.play(playlists.tracks(key), 1)
    assert [item.track for item in filled.services.player.queue.items] == ids(3)
    filled.services.player.stop()
    filled.window.shell.messages.clear()  # this file is not really there

    playlists.move(key, [0], 2)
    library = filled.services.library
    library.changed.emit(library.catalogue.upsert([track(80, path="/drive/x/lost.flac", artist="Nobody")]))
    qtbot.waitUntil(lambda: playlists.tracks(key) == ids(3, 80))
    assert "1 line of your playlists was waiting" in filled.window.shell.messages.text
    playlists.undo()
    assert playlists.tracks(key) == ids(80, 3), "what it waited for is in what is undone, too"


def test_what_is_missing_is_looked_for_in_a_folder_by_the_same_rules(
    filled: Application,
    control: PlaylistControl,
    playlists: Playlists,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = tmp_path / "attic"
    mine = write(there / "Ben Tarn" / "Single" / "01 Fjord.flac")
    write(there / "Ann Moor" / "Light" / "01 Dawn.flac", title="Dawn", artist="Ann Moor")
    file = tmp_path / "old.m3u"
    lines = [r"D:\M\Ben Tarn\Single\01 Fjord.mp3", "#EXTINF:2,Cleo Reed - Dawn", r"D:\M\x\Light\01 Dawn.flac"]
    file.write_text("\n".join([*lines, "/music/003.flac"]))
    control.transfer.import_files([str(file)])
    dialog = dialog_of(filled, qtbot)
    dialog.look_in(str(there))
    qtbot.waitUntil(dialog.look.isEnabled)
    assert [cell[1:] for cell in cells(dialog)] == [
        (str(mine), "in the folder"), ("", "not found"), ("/music/003.flac", "in its place"),
    ]  # fmt: skip
    wanted: list[str] = []
    monkeypatch.setattr(filled.services.jobs, "add_folder", wanted.append)
    dialog.accept()
    assert wanted == [str(there)], "which is added to the library for it"
    key = playlists.all()[0].id
    library = filled.services.library
    found = track(81, path=str(mine), title="Fjord", artist="Ben Tarn", seconds=2.0)
    library.changed.emit(library.catalogue.upsert([found]))
    qtbot.waitUntil(lambda: [playlists.tracks(key)[0], playlists.tracks(key)[2]] == ids(81, 3))


def test_what_a_list_waits_for_is_looked_for_later_too(
    filled: Application,
    control: PlaylistControl,
    playlists: Playlists,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = write(tmp_path / "attic" / "Ben Tarn" / "Single" / "01 Fjord.flac")
    (tmp_path / "empty").mkdir()
    line = placeholder(Entry((r"D:\M\Ben Tarn\Single\01 Fjord.mp3",)), "/lists")
    assert line is not None
    key = playlists.create("Old", [*ids(3), line]).id
    names = [action.text() for action in control.place_menu(key).actions()]
    assert "Look for missing music…" in names
    control.awaited.look_for(key, str(tmp_path / "empty"))
    qtbot.waitUntil(lambda: "None of the missing music" in filled.window.shell.messages.text)
    wanted: list[str] = []
    monkeypatch.setattr(filled.services.jobs, "add_folder", wanted.append)
    control.awaited.look_for(key, str(tmp_path / "attic"))
    qtbot.waitUntil(lambda: wanted == [str(tmp_path / "attic")])
    assert "1 missing track is in" in filled.window.shell.messages.text
    library = filled.services.library
    found = track(81, path=str(mine), title="Fjord", artist="Ben Tarn", seconds=2.0)
    library.changed.emit(library.catalogue.upsert([found]))
    qtbot.waitUntil(lambda: playlists.tracks(key) == ids(3, 81))
    assert "Look for missing music…" not in [action.text() for action in control.place_menu(key).actions()]


def test_a_list_that_is_not_wanted_leaves_nothing_and_the_next_one_is_asked_about(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.m3u").write_text("/drive/x/lost.flac\n")
    control.transfer.import_files([str(tmp_path / "one.m3u"), str(tmp_path / "two.m3u")])
    dialog_of(filled, qtbot).reject()
    qtbot.waitUntil(lambda: dialog_of(filled, qtbot).windowTitle() == "Import “two”")
    dialog_of(filled, qtbot).reject()
    assert playlists.all() == []


def test_a_file_that_is_no_playlist_is_told(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "bad.xspf").write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><playlist/>")
    control.transfer.import_files([str(tmp_path / "bad.xspf")])
    qtbot.waitUntil(lambda: "document type" in filled.window.shell.messages.text)
    assert playlists.all() == []


def test_files_are_dropped_on_a_page_and_on_the_side_bar(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(0))
    control.places.go(made.id)
    dropped(control.page.table.viewport(), between(control, 0), files(Path("/music/004.flac")))
    qtbot.waitUntil(lambda: playlists.tracks(made.id) == ids(4, 0))
    sidebar = filled.window.shell.places.sidebar
    head = sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    dropped(sidebar.viewport(), sidebar.visualItemRect(head.child(0)).center(), files(Path("/music/005.flac")))
    qtbot.waitUntil(lambda: playlists.tracks(made.id) == ids(4, 0, 5))
    (tmp_path / "x.m3u8").write_text("/music/006.flac")
    dropped(sidebar.viewport(), sidebar.visualItemRect(head).center(), files(tmp_path / "x.m3u8"))
    qtbot.waitUntil(lambda: [each.name for each in playlists.all()] == ["L", "x"])
    dropped(control.page.table.viewport(), between(control, 0), files(Path("/elsewhere/a.flac")))
    qtbot.waitUntil(lambda: "not in your library" in filled.window.shell.messages.text)


def test_a_playlist_file_given_to_the_window_is_imported(
    filled: Application, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "given.m3u8").write_text("/music/006.flac\n/music/007.flac\n")
    filled.window.shell.visitors.take([str(tmp_path / "given.m3u8")])
    qtbot.waitUntil(lambda: [each.name for each in playlists.all()] == ["given"])
    assert playlists.tracks(playlists.all()[0].id) == ids(6, 7)
    assert filled.services.player.current is None
