"""Playlists in the window: side bar, page, drops, menus, messages, dialogs and files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.home import Home
from indexer.library import Playlist, Track, TrackId
from musicplayer.app import Application, compose
from musicplayer.library.playlist_mirror import write_mirror
from musicplayer.library.playlists import Playlists
from musicplayer.library.smart import SmartRule
from musicplayer.playback.queue import PlayQueue
from musicplayer.ui.confirm import ConfirmDialog
from musicplayer.ui.main_window import MainWindow
from musicplayer.ui.mime import tracks_to_mime
from musicplayer.ui.missing_dialog import MissingDialog
from musicplayer.ui.name_dialog import NameDialog
from musicplayer.ui.places import Section
from musicplayer.ui.playlist_control import PlaylistControl
from musicplayer.ui.playlist_model import COLUMNS, PlaylistModel
from musicplayer.ui.smart_dialog import SmartDialog

from .conftest import track

COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def application(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One application for all tests of this file: composing it takes longer than any of them."""
    made = compose(qapp, Home.resolve(tmp_path_factory.mktemp("playlists")), theme="light")
    made.window.show()
    yield made
    made.window.close()
    made.shutdown()
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete)


@pytest.fixture
def filled(application: Application, tracks: list[Track]) -> Iterator[Application]:
    """The application with thirty tracks, an empty queue and no playlists."""
    services, window = application.services, application.window
    services.library.catalogue.clear()
    services.library.catalogue.upsert(tracks)
    services.library.reset.emit()
    yield application
    for dialog in window.findChildren(QDialog):
        dialog.close()
        dialog.deleteLater()
    for playlist in services.playlists.all():
        services.playlists.delete(playlist.id)
    services.playlists._undo.clear()
    services.player.stop()
    services.player.restore(PlayQueue(), 0.0)
    window.library.row.show_text("")
    window.messages.clear()
    window.centre.go("tracks")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def playlists(filled: Application) -> Playlists:
    return filled.services.playlists


@pytest.fixture
def control(filled: Application) -> PlaylistControl:
    return filled.window.extras.playlists


def ids(*numbers: int) -> list[TrackId]:
    return [track(number).id for number in numbers]


def dropped(target: QWidget, spot: QPoint, data: QMimeData) -> QDropEvent:
    """Let `data` go over a widget, as a mouse does."""
    QApplication.sendEvent(target, QDragEnterEvent(spot, COPY, data, LEFT, NONE))
    QApplication.sendEvent(target, QDragMoveEvent(spot, COPY, data, LEFT, NONE))
    event = QDropEvent(QPointF(spot), COPY, data, LEFT, NONE)
    QApplication.sendEvent(target, event)
    return event


def between(control: PlaylistControl, row: int) -> QPoint:
    """The upper edge of a row of the table."""
    return control.page.table.visualRect(control.page.model.index(row, 2)).topLeft() + QPoint(5, 1)


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def titles(window: MainWindow) -> list[str]:
    head = window.sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    return [head.child(row).text(0) for row in range(head.childCount())]


def test_the_plus_makes_a_playlist_whose_name_can_be_typed_at_once(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    qtbot.mouseClick(control.places.add_button, LEFT)
    made = playlists.all()[0]
    assert filled.window.centre.current_place == f"playlist:{made.id}"
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
    filled.window.sidebar.renamed.emit(f"playlist:{one.id}", "zwei")
    assert titles(filled.window) == ["Three", "zwei (2)", "Zwei"]
    playlists.delete(two.id)
    assert titles(filled.window) == ["Three", "zwei (2)"]


def test_a_playlist_of_the_last_session_is_shown_again(filled: Application, playlists: Playlists) -> None:
    write_mirror(filled.services.preferences.home.playlists_file, [Playlist("k", "Kept", tracks=tuple(ids(1, 2)))])
    filled.window.centre.wish("playlist:k")
    playlists.start()
    assert filled.window.centre.current_place == "playlist:k"
    assert filled.window.extras.playlists.page.model.shown_tracks() == ids(1, 2)


def test_the_model_keeps_qts_rules_with_doubles_and_strangers(
    control: PlaylistControl, playlists: Playlists, qtmodeltester: ModelTester
) -> None:
    strange = TrackId("never heard of")
    made = playlists.create("L", [*ids(1, 1, 2), strange, strange, *ids(1)])
    control.places.go(made.id)
    model = control.page.model
    qtmodeltester.check(model)
    playlists.move(made.id, [0, 3], 6)
    playlists.remove(made.id, [1])
    qtmodeltester.check(model)
    assert model.shown_tracks() == list(playlists.get(made.id).tracks)
    title = COLUMNS.index("title")
    assert "Not in the library any more" in [model.index(row, title).data() for row in range(model.rowCount())]


def test_dragging_rows_changes_the_order_and_keeps_them_selected(
    control: PlaylistControl, playlists: Playlists
) -> None:
    made = playlists.create("L", ids(0, 1, 2, 3, 4))
    control.places.go(made.id)
    page = control.page
    page.table.select_rows(0, 1)
    data = page.model.mimeData([page.model.index(row, 0) for row in (0, 1)])
    assert dropped(page.table.viewport(), between(control, 4), data).isAccepted()
    assert playlists.tracks(made.id) == ids(2, 3, 0, 1, 4)
    assert page.table.selected_tracks() == ids(0, 1)
    page.table.undo_requested.emit()
    assert playlists.tracks(made.id) == ids(0, 1, 2, 3, 4)


def test_tracks_are_dropped_where_the_line_is(control: PlaylistControl, playlists: Playlists) -> None:
    made = playlists.create("L", ids(0, 1, 2))
    control.places.go(made.id)
    dropped(control.page.table.viewport(), between(control, 1), tracks_to_mime(ids(8, 9)))
    assert playlists.tracks(made.id) == ids(0, 8, 9, 1, 2)


def test_rows_of_the_queue_are_copied_into_a_playlist(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    filled.services.player.enqueue(ids(5, 6))
    made = playlists.create("L", ids(0))
    control.places.go(made.id)
    dropped(control.page.table.viewport(), between(control, 0), filled.window.queue.model.mimeData(
        [filled.window.queue.model.index(1, 0)]))  # fmt: skip
    assert playlists.tracks(made.id) == ids(6, 0)
    assert len(filled.services.player.queue) == 2


def test_an_empty_playlist_takes_what_is_dropped_on_its_page(control: PlaylistControl, playlists: Playlists) -> None:
    made = playlists.create("L")
    control.places.go(made.id)
    assert "empty" in control.page.state.text
    dropped(control.page.state, QPoint(40, 40), tracks_to_mime(ids(3)))
    assert playlists.tracks(made.id) == ids(3)


def test_tracks_dropped_on_the_side_bar_go_into_that_playlist(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    made, smart = playlists.create("L"), playlists.create_smart("S", SmartRule(""))
    sidebar = filled.window.sidebar
    head = sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    assert dropped(
        sidebar.viewport(), sidebar.visualItemRect(head.child(0)).center(), tracks_to_mime(ids(1, 2))
    ).isAccepted()
    assert playlists.tracks(made.id) == ids(1, 2)
    dropped(sidebar.viewport(), sidebar.visualItemRect(head.child(1)).center(), tracks_to_mime(ids(1)))
    assert playlists.get(smart.id).tracks == ()


def test_tracks_that_are_there_already_are_asked_about(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(0, 1))
    control.commands.add(made.id, ids(1, 2))
    assert playlists.tracks(made.id) == ids(0, 1)
    dialog = filled.window.findChild(ConfirmDialog)
    dialog.yes.click()
    assert playlists.tracks(made.id) == ids(0, 1, 2)
    control.commands.add(made.id, ids(1))
    [again] = [each for each in filled.window.findChildren(ConfirmDialog) if each.isVisible()]
    again.no.click()
    assert playlists.tracks(made.id) == ids(0, 1, 2)
    control.commands.add(made.id, ids(1))
    [again] = [each for each in filled.window.findChildren(ConfirmDialog) if each.isVisible()]
    again.yes.click()
    assert playlists.tracks(made.id) == ids(0, 1, 2, 1)


def test_delete_takes_rows_out_and_the_message_brings_them_back(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(0, 1, 2, 3))
    control.places.go(made.id)
    control.page.table.select_rows(1, 2)
    qtbot.keyClick(control.page.table, Qt.Key.Key_Delete)
    assert playlists.tracks(made.id) == ids(0, 3)
    assert "2 tracks were taken out of “L”" in filled.window.messages.text
    qtbot.mouseClick(filled.window.messages.action, LEFT)
    assert playlists.tracks(made.id) == ids(0, 1, 2, 3)


def test_a_deleted_playlist_comes_back_with_one_click(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(0, 1))
    control.places.go(made.id)
    [delete] = [action for action in control.place_menu(made.id).actions() if action.text() == "Delete playlist"]
    delete.trigger()
    assert titles(filled.window) == []
    assert filled.window.centre.current_place == "tracks"
    assert filled.window.messages.action.text() == "Undo"
    qtbot.mouseClick(filled.window.messages.action, LEFT)
    assert titles(filled.window) == ["L"]
    assert filled.window.centre.current_place == f"playlist:{made.id}"
    assert control.page.model.shown_tracks() == ids(0, 1)


def test_keys_move_rows(control: PlaylistControl, playlists: Playlists, qtbot: QtBot) -> None:
    made = playlists.create("L", ids(0, 1, 2, 3))
    control.places.go(made.id)
    control.page.table.select_rows(1, 2)
    qtbot.keyClick(control.page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert playlists.tracks(made.id) == ids(0, 3, 1, 2)
    qtbot.keyClick(control.page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    for _ in range(3):
        qtbot.keyClick(control.page.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert playlists.tracks(made.id) == ids(1, 2, 0, 3)
    qtbot.keyClick(control.page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert playlists.tracks(made.id) == ids(0, 1, 2, 3)


def test_a_column_sorts_what_is_seen_and_the_order_can_be_saved(
    control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(2, 0, 1))
    control.places.go(made.id)
    header, page = control.page.table.horizontalHeader(), control.page
    header.setSortIndicator(COLUMNS.index("title"), Qt.SortOrder.AscendingOrder)
    assert page.model.shown_tracks() == ids(0, 1, 2)
    assert playlists.tracks(made.id) == ids(2, 0, 1)
    own = page.model.mimeData([page.model.index(0, 0)])
    assert not page.model.canDropMimeData(own, COPY, 2, 0, QModelIndex()), "rows have no place among sorted ones"
    page.own_order.click()
    assert page.model.shown_tracks() == ids(2, 0, 1)
    header.setSortIndicator(COLUMNS.index("title"), Qt.SortOrder.DescendingOrder)
    page.save_order.click()
    assert playlists.tracks(made.id) == page.model.shown_tracks() == ids(2, 1, 0)
    assert page.model.sorted_by is None


def test_a_double_click_plays_from_there(filled: Application, control: PlaylistControl, playlists: Playlists) -> None:
    made = playlists.create("L", ids(3, 4, 5))
    control.places.go(made.id)
    control.page.table.doubleClicked.emit(control.page.model.index(1, 2))
    player = filled.services.player
    assert [item.track for item in player.queue.items] == ids(3, 4, 5)
    assert player.current == ids(4)[0]


def test_play_shuffle_and_queue_of_the_header(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(3, 4, 5))
    control.places.go(made.id)
    player = filled.services.player
    qtbot.mouseClick(control.page.header.play, LEFT)
    assert player.current == ids(3)[0]
    qtbot.mouseClick(control.page.header.queue, LEFT)
    assert len(player.queue) == 6
    qtbot.mouseClick(control.page.header.shuffle, LEFT)
    assert player.queue.shuffle
    assert sorted(item.track for item in player.queue.items) == ids(3, 4, 5)


def test_add_to_playlist_is_in_the_menu_of_every_track(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    made = playlists.create("Rock & Roll")
    playlists.create_smart("Smart", SmartRule(""))
    menu = filled.window.commands.menu(ids(1, 2), filled.window)
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


def test_a_smart_playlist_is_made_with_a_preview_and_a_sentence_for_what_is_no_search(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    filled.window.actions_by_name.new_smart.trigger()
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


def test_the_search_of_the_library_can_be_saved(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    button = control.save_search.button
    assert button.isHidden()
    filled.window.library.row.show_text("artist:cave year>2000")
    assert not button.isHidden()
    qtbot.mouseClick(button, LEFT)
    dialog = filled.window.findChild(SmartDialog)
    assert dialog.query.text() == "artist:cave year>2000"
    dialog.yes.click()
    assert playlists.all()[0].query == "artist:cave year>2000"
    assert control.page.model.shown_tracks() == filled.window.library.model.tracks_at(
        range(filled.window.library.model.rowCount())
    )


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


def test_a_place_dragged_in_the_side_bar_is_put_in_order(
    filled: Application, control: PlaylistControl, playlists: Playlists, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("One", "Two", "Three"):
        playlists.create(name)
    sidebar = filled.window.sidebar
    head = sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    sidebar.setCurrentItem(head.child(2))
    monkeypatch.setattr(control.places.drops, "_dragged", lambda _: str(sidebar.currentItem().data(0, 0x0100)))
    dropped(sidebar.viewport(), sidebar.visualItemRect(head.child(0)).topLeft() + QPoint(9, 1), QMimeData())
    assert titles(filled.window) == ["Three", "One", "Two"]


def test_fifty_thousand_tracks_are_shown(control: PlaylistControl, playlists: Playlists) -> None:
    made = playlists.create("Large", ids(*(number % 30 for number in range(50_000))))
    control.places.go(made.id)
    assert control.page.model.rowCount() == 50_000
    playlists.move(made.id, [0], 50_000)
    assert control.page.model.tracks_at([49_999]) == ids(0)
    assert isinstance(control.page.model, PlaylistModel)


def test_a_playlist_file_given_to_the_window_is_imported(
    filled: Application, playlists: Playlists, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "given.m3u8").write_text("/music/006.flac\n/music/007.flac\n")
    filled.window.visitors.take([str(tmp_path / "given.m3u8")])
    qtbot.waitUntil(lambda: [each.name for each in playlists.all()] == ["given"])
    assert playlists.tracks(playlists.all()[0].id) == ids(6, 7)
    assert filled.services.player.current is None


def test_another_library_takes_the_rows_of_the_page_with_it(
    filled: Application, control: PlaylistControl, playlists: Playlists
) -> None:
    made = playlists.create("L", ids(1, 2))
    control.places.go(made.id)
    filled.services.library.catalogue.clear()
    filled.services.library.reset.emit()
    titles_shown = [control.page.model.index(row, 2).data() for row in range(control.page.model.rowCount())]
    assert titles_shown == ["Not in the library any more"] * 2
    assert control.page.model.shown_tracks() == ids(1, 2)
