"""Playlists in the side bar: made, named, ordered, forgotten, dropped on."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.smart import SmartRule
from indexer.core.playlist import Playlist
from indexer.core.playlists.mirror import write_mirror
from musicplayer.app import Application
from musicplayer.library.playlists import Playlists
from musicplayer.ui.frame.places import Section
from musicplayer.ui.look.dialogs import NameDialog
from musicplayer.ui.look.mime import tracks_to_mime
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from tests.gui.conftest import give_keyboard
from tests.gui.playlists.hand import dropped, ids, titles


def test_the_plus_makes_a_playlist_whose_name_can_be_typed_at_once(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    qtbot.mouseClick(control.places.add_button, Qt.MouseButton.LeftButton)
    made = playlists.all()[0]
    assert filled.window.shell.places.current_place == f"playlist:{made.id}"
    assert control.page.header.name.selectedText() == made.name == "New playlist"
    qtbot.keyClicks(control.page.header.name, "Évening")
    qtbot.keyClick(control.page.header.name, Qt.Key.Key_Return)
    assert titles(filled.window) == ["Évening"]
    assert control.page.header.name.text() == "Évening"


def test_esc_keeps_the_name(filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot) -> None:
    control.commands.make()
    qtbot.keyClicks(control.page.header.name, "nonsense")
    qtbot.keyClick(control.page.header.name, Qt.Key.Key_Escape)
    assert control.page.header.name.text() == playlists.all()[0].name == "New playlist"


def test_the_side_bar_lists_renames_orders_and_forgets(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    one, two, three = (playlists.create(name) for name in ("One", "Two", "Three"))
    assert titles(filled.window) == ["One", "Two", "Three"]
    playlists.rename(two.id, "Zwei")
    playlists.place(three.id, 0)
    assert titles(filled.window) == ["Three", "One", "Zwei"]
    filled.window.shell.places.sidebar.renamed.emit(f"playlist:{one.id}", "zwei")
    assert titles(filled.window) == ["Three", "zwei (2)", "Zwei"]
    playlists.delete(two.id)
    assert titles(filled.window) == ["Three", "zwei (2)"]


def test_a_playlist_of_the_last_session_is_shown_again(filled: Application, playlists: Playlists) -> None:
    write_mirror(filled.services.preferences.home.playlists_file, [Playlist("k", "Kept", tracks=tuple(ids(1, 2)))])
    filled.window.shell.places.wish("playlist:k")
    playlists.start()
    assert filled.window.shell.places.current_place == "playlist:k"
    assert filled.window.extras.playlists.page.model.shown_tracks() == ids(1, 2)


def test_tracks_dropped_on_the_side_bar_go_into_that_playlist(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    made, smart = playlists.create("L"), playlists.create_smart("S", SmartRule(""))
    sidebar = filled.window.shell.places.sidebar
    head = sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    assert dropped(
        sidebar.viewport(), sidebar.visualItemRect(head.child(0)).center(), tracks_to_mime(ids(1, 2))
    ).isAccepted()
    assert playlists.tracks(made.id) == ids(1, 2)
    dropped(sidebar.viewport(), sidebar.visualItemRect(head.child(1)).center(), tracks_to_mime(ids(1)))
    assert playlists.get(smart.id).tracks == ()


def test_a_deleted_playlist_comes_back_with_one_click(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(0, 1))
    control.places.go(made.id)
    [delete] = [action for action in control.place_menu(made.id).actions() if action.text() == "Delete playlist"]
    delete.trigger()
    assert titles(filled.window) == []
    assert filled.window.shell.places.current_place == "tracks"
    assert filled.window.shell.messages.action.text() == "Undo"
    qtbot.mouseClick(filled.window.shell.messages.action, Qt.MouseButton.LeftButton)
    assert titles(filled.window) == ["L"]
    assert filled.window.shell.places.current_place == f"playlist:{made.id}"
    assert control.page.model.shown_tracks() == ids(0, 1)


def test_keys_in_the_side_bar_delete_a_playlist_and_bring_it_back(
    filled: Application, playlists: Playlists, qtbot: QtBot
) -> None:
    made, sidebar = playlists.create("One"), filled.window.shell.places.sidebar
    sidebar.select(f"playlist:{made.id}")
    give_keyboard(sidebar, qtbot)
    qtbot.keyClick(sidebar, Qt.Key.Key_Delete)
    assert titles(filled.window) == []
    sidebar.select("tracks")
    qtbot.keyClick(sidebar, Qt.Key.Key_Delete)
    qtbot.keyClick(sidebar, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert titles(filled.window) == ["One"]
    qtbot.keyClick(sidebar, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert titles(filled.window) == ["One"], "that it was made is not offered to be undone, so the key is the window's"


def test_add_to_playlist_is_in_the_menu_of_every_track(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    made = playlists.create("Rock & Roll")
    playlists.create_smart("Smart", SmartRule(""))
    menu = filled.window.shell.commands.menu(ids(1, 2), filled.window)
    [submenu] = [each for each in menu.findChildren(QMenu) if each.title() == "Add to playlist"]
    names = [action.text() for action in submenu.actions() if action.text()]
    assert names == ["New playlist…", "Rock && Roll"]
    submenu.actions()[-1].trigger()
    assert playlists.tracks(made.id) == ids(1, 2)
    submenu.actions()[0].trigger()
    dialog = filled.window.findChild(NameDialog)
    assert dialog.field.text() == "Album 0"
    dialog.field.setText("rock & roll")
    assert "“rock & roll (2)”" in dialog.note.text()
    dialog.yes.click()
    assert [each.name for each in playlists.all()][-1] == "rock & roll (2)"


def test_a_place_dragged_in_the_side_bar_is_put_in_order(filled: Application, playlists: Playlists) -> None:
    for name in ("One", "Two", "Three"):
        playlists.create(name)
    sidebar = filled.window.shell.places.sidebar
    head = sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    sidebar.setCurrentItem(head.child(2))
    spot = sidebar.visualItemRect(head.child(0)).topLeft() + QPoint(9, 1)
    dropped(sidebar.viewport(), spot, QMimeData(), source=sidebar)
    assert titles(filled.window) == ["Three", "One", "Two"]
