"""Smart playlists: made with a preview, alive, and saved from a search."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.shown import Column
from indexer.core.catalogue.smart import SmartRule
from musicplayer.app import Application
from musicplayer.library.playlists import Playlists
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from musicplayer.ui.playlists.smart_dialog import SmartDialog
from tests.gui.conftest import track
from tests.gui.playlists.hand import ids


def test_a_smart_playlist_is_made_with_a_preview_and_a_sentence_for_what_is_no_search(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    filled.window.shell.actions.new_smart.trigger()
    dialog = filled.window.findChild(SmartDialog)
    dialog.query.setText("year>2010")
    dialog.preview()
    assert dialog.found.whole_text.startswith("9 tracks")
    dialog.query.setText('artist:"open')
    dialog.preview()
    assert "quotation mark is not closed" in dialog.found.whole_text
    assert not dialog.yes.isEnabled()
    dialog.query.setText("year>2010")
    dialog.limited.setChecked(True)
    dialog.limit.setValue(4)
    dialog.name.setText("Young")
    dialog.preview()
    assert dialog.found.whole_text.startswith("4 tracks")
    dialog.yes.click()
    [made] = playlists.all()
    assert (made.name, made.query, made.limit) == ("Young", "year>2010", 4)
    assert control.page.playlist == made.id
    assert control.page.model.rowCount() == 4


def test_a_smart_playlist_follows_the_library(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create_smart("Young", SmartRule("year>2018"))
    control.places.go(made.id)
    library = filled.services.library
    library.changed.emit(library.catalogue.upsert([track(70, year=2030)]))
    qtbot.waitUntil(lambda: control.page.model.shown_tracks() == ids(70, 29))
    qtbot.keyClick(control.page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(control.page.table, Qt.Key.Key_Delete)
    assert control.page.model.rowCount() == 2, "what a search finds cannot be taken out"


def test_a_search_in_a_part_of_the_library_is_saved_as_both(filled: Application, control: PlaylistControl) -> None:
    rules = []
    for place in ("tracks", "recent", "most-played", "never-played"):
        filled.window.shell.places.go(place)
        filled.window.library.row.show_text("artist:cave")
        rules.append(control.save_search.rule())
        filled.window.library.row.show_text("")
    assert rules == [
        SmartRule("artist:cave"),
        SmartRule("artist:cave", Column.ADDED, descending=True),
        SmartRule("plays>0 artist:cave", Column.PLAYS, descending=True),
        SmartRule("plays:0 artist:cave", Column.ADDED, descending=True),
    ]


def test_the_search_of_the_library_can_be_saved(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    button, go = control.save_search.button, filled.window.shell.places.go
    assert button.isHidden()
    go("recent")
    filled.window.library.row.show_text("year:abc")
    assert not button.isEnabled()
    go("tracks")
    assert button.isHidden()
    go("recent")
    assert not button.isEnabled()
    go("tracks")
    filled.window.library.row.show_text("artist:cave year>2000")
    assert not button.isHidden()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = filled.window.findChild(SmartDialog)
    assert dialog.query.text() == "artist:cave year>2000"
    dialog.yes.click()
    assert playlists.all()[0].query == "artist:cave year>2000"
    assert control.page.model.shown_tracks() == filled.window.library.model.tracks_at(
        range(filled.window.library.model.rowCount())
    )
