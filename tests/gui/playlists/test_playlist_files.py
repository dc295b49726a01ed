"""Playlists as files: out, in, what the library lacks, and what is no playlist."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from musicplayer.app import Application
from musicplayer.library.playlists import Playlists
from musicplayer.ui.missing_dialog import MissingDialog
from musicplayer.ui.places import Section
from musicplayer.ui.playlist_control import PlaylistControl
from tests.gui.conftest import track
from tests.gui.playlists.hand import between, dropped, files, ids


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
    assert "was imported with 3 tracks" in filled.window.messages.text


def test_what_the_library_lacks_is_named_and_goes_in_once_its_folder_is_added(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "old.m3u"
    file.write_text("/music/003.flac\n/drive/music/lost.flac\nhttp://example.org/stream\n")
    with qtbot.waitSignal(control.transfer.imported) as told:
        control.transfer.import_files([str(file)])
    key = told.args[0]
    assert playlists.tracks(key) == ids(3)
    dialog = filled.window.findChild(MissingDialog)
    assert dialog.names.toPlainText().splitlines() == ["/drive/music/lost.flac", "http://example.org/stream"]
    control.transfer.folder_wanted.disconnect()
    with qtbot.waitSignal(control.transfer.folder_wanted) as wanted:
        dialog.add.click()
    assert wanted.args == ["/drive/music"]
    library = filled.services.library
    library.changed.emit(library.catalogue.upsert([track(80, path="/drive/music/lost.flac")]))
    qtbot.waitUntil(lambda: playlists.tracks(key) == ids(3, 80))


def test_a_file_that_is_no_playlist_is_told(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "bad.xspf").write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><playlist/>")
    control.transfer.import_files([str(tmp_path / "bad.xspf")])
    qtbot.waitUntil(lambda: "document type" in filled.window.messages.text)
    assert playlists.all() == []


def test_files_are_dropped_on_a_page_and_on_the_side_bar(
    filled: Application, control: PlaylistControl, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(0))
    control.places.go(made.id)
    dropped(control.page.table.viewport(), between(control, 0), files(Path("/music/004.flac")))
    qtbot.waitUntil(lambda: playlists.tracks(made.id) == ids(4, 0))
    sidebar = filled.window.sidebar
    head = sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    dropped(sidebar.viewport(), sidebar.visualItemRect(head.child(0)).center(), files(Path("/music/005.flac")))
    qtbot.waitUntil(lambda: playlists.tracks(made.id) == ids(4, 0, 5))
    (tmp_path / "x.m3u8").write_text("/music/006.flac")
    dropped(sidebar.viewport(), sidebar.visualItemRect(head).center(), files(tmp_path / "x.m3u8"))
    qtbot.waitUntil(lambda: [each.name for each in playlists.all()] == ["L", "x"])
    dropped(control.page.table.viewport(), between(control, 0), files(Path("/elsewhere/a.flac")))
    qtbot.waitUntil(lambda: "not in your library" in filled.window.messages.text)


def test_a_playlist_file_given_to_the_window_is_imported(
    filled: Application, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "given.m3u8").write_text("/music/006.flac\n/music/007.flac\n")
    filled.window.visitors.take([str(tmp_path / "given.m3u8")])
    qtbot.waitUntil(lambda: [each.name for each in playlists.all()] == ["given"])
    assert playlists.tracks(playlists.all()[0].id) == ids(6, 7)
    assert filled.services.player.current is None
