"""The page of a playlist: its rows are dragged, dropped, taken out, sorted and played."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.library.playlists import Playlists
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.look.mime import tracks_to_mime
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from musicplayer.ui.playlists.playlist_model import COLUMNS, PlaylistModel
from musicplayer.ui.tracks.column_widths import NARROWEST
from tests.gui.playlists.hand import between, dropped, ids


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


def test_names_keep_their_room_where_it_is_narrow(control: PlaylistControl, playlists: Playlists) -> None:
    table = control.page.table
    control.places.go(playlists.create("L", ids(0, 1, 2)).id)
    left_out = []
    for width in (1200, 470):
        table.resize(width, 300)
        named = [table.columnWidth(COLUMNS.index(column)) for column in ("title", "artist", "album")]
        assert min(named) >= NARROWEST
        left_out.append([str(column) for column in COLUMNS if table.isColumnHidden(COLUMNS.index(column))])
    assert left_out == [[], ["genre", "plays"]]


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
    assert "2 tracks were taken out of “L”" in filled.window.shell.messages.text
    qtbot.mouseClick(filled.window.shell.messages.action, Qt.MouseButton.LeftButton)
    assert playlists.tracks(made.id) == ids(0, 1, 2, 3)


def test_what_was_taken_back_by_a_key_is_offered_no_more(
    filled: Application, control: PlaylistControl, playlists: Playlists, qtbot: QtBot
) -> None:
    made = playlists.create("L", ids(0, 1, 2, 3))
    control.places.go(made.id)
    control.page.table.select_rows(0, 0)
    qtbot.keyClick(control.page.table, Qt.Key.Key_Delete)
    message = filled.window.shell.messages
    assert message.isVisible()
    qtbot.keyClick(control.page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not message.isVisible()


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
    assert not page.model.canDropMimeData(own, Qt.DropAction.CopyAction, 2, 0, QModelIndex()), (
        "rows have no place among sorted ones"
    )
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
    qtbot.mouseClick(control.page.header.play, Qt.MouseButton.LeftButton)
    assert player.current == ids(3)[0]
    assert control.page.window().focusWidget() is not control.page.header.play, "Space would begin it anew"
    qtbot.mouseClick(control.page.header.queue, Qt.MouseButton.LeftButton)
    assert len(player.queue) == 6
    qtbot.mouseClick(control.page.header.shuffle, Qt.MouseButton.LeftButton)
    assert player.queue.shuffle
    assert sorted(item.track for item in player.queue.items) == ids(3, 4, 5)


def test_fifty_thousand_tracks_are_shown(control: PlaylistControl, playlists: Playlists) -> None:
    made = playlists.create("Large", ids(*(number % 30 for number in range(50_000))))
    control.places.go(made.id)
    assert control.page.model.rowCount() == 50_000
    playlists.move(made.id, [0], 50_000)
    assert control.page.model.tracks_at([49_999]) == ids(0)
    assert isinstance(control.page.model, PlaylistModel)


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
