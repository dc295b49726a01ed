"""One rule for playing, wherever tracks are shown: with the mouse and the keys, on the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.shown import Column
from indexer.core.home import Home
from indexer.core.playing.queue import PlayQueue
from indexer.core.settings import PlayOn
from indexer.core.tracks import Track, TrackId
from musicplayer.app import Application
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.look.track_rows import Role
from musicplayer.ui.queue.queue_model import QueueModel
from musicplayer.ui.tracks.track_table import COLUMNS, MARK
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import Silence, track
from tests.unit.discover.small_model import write_small_model
from tests.waiting import cost

TITLE = COLUMNS.index(Column.TITLE)
COUNT = 30


@pytest.fixture
def model(home: Home) -> None:
    """Thirty tracks on a quarter circle."""
    angles = np.arange(COUNT) / COUNT * np.pi / 2
    points = np.stack([np.cos(angles), np.sin(angles), np.full(COUNT, 0.1)], axis=1).astype(np.float32)
    write_small_model(home, {track(number).id: np.repeat(points[[number]], 3, axis=0) for number in range(COUNT)})


@pytest.fixture
def filled(model: None, segue: Application, tracks: list[Track], qtbot: QtBot) -> MainWindow:
    """The window with thirty tracks and a model of them, and no sound."""
    services = segue.services
    services.library.changed.emit(services.library.catalogue.upsert(tracks))
    with qtbot.waitSignal(services.similar.changed, timeout=60_000):
        services.similar.reload()
    return segue.window


@pytest.fixture
def player(segue: Application) -> Player:
    return segue.services.player


def double_click(view: QAbstractItemView, index: QModelIndex, qtbot: QtBot) -> None:
    view.scrollTo(index)
    spot = view.visualRect(index).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def queued(player: Player) -> list[TrackId]:
    return [item.track for item in player.queue.items]


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions()]


def open_menu(window: MainWindow, view: QAbstractItemView, index: QModelIndex, qtbot: QtBot) -> QMenu:
    spot = view.visualRect(index).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=spot)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, view.viewport().mapToGlobal(spot))
    view.contextMenuEvent(event)
    return next(menu for menu in window.findChildren(QMenu) if menu.isVisible())


def test_a_double_click_plays_on_through_the_list_that_is_shown(
    filled: MainWindow, player: Player, backend: Silence, qtbot: QtBot
) -> None:
    page = filled.library
    qtbot.keyClicks(page.search, "artist:boards")
    qtbot.waitUntil(lambda: page.model.rowCount() == 10)
    double_click(page.table, page.model.index(2, TITLE), qtbot)
    assert queued(player) == page.model.shown_tracks()
    assert player.current == page.model.track_at(2)
    backend.ended.emit()
    assert player.current == page.model.track_at(3)


def test_enter_on_a_row_and_in_the_search_plays_as_a_double_click_does(
    filled: MainWindow, player: Player, qtbot: QtBot
) -> None:
    page = filled.library
    page.table.selectRow(4)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert (queued(player), player.current) == (page.model.shown_tracks(), page.model.track_at(4))
    page.table.clearSelection()
    qtbot.keyClicks(page.search, "artist:cave")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert len(queued(player)) == 10
    assert player.current == page.model.track_at(0)


def test_several_that_are_chosen_play_alone(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    page = filled.library
    view = page.table
    for row in (1, 5):
        spot = view.visualRect(page.model.index(row, TITLE)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert queued(player) == page.model.tracks_at([1, 5])


@pytest.mark.parametrize("place", ["artists", "folders"])
def test_the_rule_holds_where_the_library_is_browsed(
    filled: MainWindow, player: Player, qtbot: QtBot, place: str
) -> None:
    player.play_tracks([track(1).id, track(2).id])
    filled.shell.places.go(place)
    page = filled.shell.places.page
    qtbot.waitUntil(lambda: page.table.isVisible() and page.model.rowCount() > 3)
    double_click(page.table, page.model.index(3, TITLE), qtbot)
    assert (queued(player), player.current) == (page.model.shown_tracks(), page.model.track_at(3))
    group = page.groups.index(1, 0)
    double_click(page.tree, group, qtbot)
    assert queued(player) == page.groups.tracks_in([page.groups.group_at(group)])
    assert player.current == queued(player)[0]


def test_a_group_plays_as_the_table_shows_it(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    filled.shell.places.go("folders")
    page = filled.shell.places.page
    qtbot.waitUntil(lambda: page.table.isVisible() and page.model.rowCount() > 3)
    for words in ("", "artist:boards"):
        page.row.show_text(words)
        for descending in (True, False):
            page.table.sort_by(Column.TITLE, descending=descending)
            double_click(page.tree, page.groups.index(0, 0), qtbot)
            assert queued(player) == page.model.shown_tracks()


def test_the_rule_holds_on_an_album(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    filled.shell.places.go("albums")
    albums = filled.shell.places.page
    qtbot.waitUntil(lambda: albums.model.rowCount() > 1)
    albums.open_album(albums.model.key_at(1))
    page = albums.album
    qtbot.waitUntil(page.table.isVisible)
    double_click(page.table, page.model.index(1, TITLE), qtbot)
    assert (queued(player), player.current) == (page.model.shown_tracks(), page.model.track_at(1))
    player.enqueue([track(0).id])
    qtbot.mouseClick(page.header.play, Qt.MouseButton.LeftButton)
    assert (queued(player), player.current) == (page.tracks(), page.tracks()[0])


def test_the_rule_holds_in_the_panel_whose_seed_it_changes(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    player.play_tracks([track(3).id])
    panel = filled.similar
    qtbot.waitUntil(lambda: panel.model.rowCount() > 4)
    shown = panel.model.tracks()
    double_click(panel.list, panel.model.index(1, 0), qtbot)
    assert (queued(player), player.current) == (shown, shown[1])


def test_the_rule_holds_in_a_playlist(filled: MainWindow, player: Player, segue: Application, qtbot: QtBot) -> None:
    made = segue.services.playlists.create("L", [track(number).id for number in (3, 4, 5)])
    control = filled.extras.playlists
    control.places.go(made.id)
    segue.services.preferences.set("play_on", PlayOn.ONE)
    double_click(control.page.table, control.page.model.index(1, 2), qtbot)
    assert queued(player) == [track(4).id]
    segue.services.preferences.set("play_on", PlayOn.LIST)
    double_click(control.page.table, control.page.model.index(2, 2), qtbot)
    assert (queued(player), player.current) == (control.page.model.shown_tracks(), track(5).id)


def test_what_play_replaced_comes_back_by_the_message(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    made = [track(number).id for number in (20, 21, 22)]
    player.play_tracks(made)
    page = filled.library
    double_click(page.table, page.model.index(0, TITLE), qtbot)
    assert "3 tracks was replaced" in filled.shell.messages.text
    qtbot.mouseClick(filled.shell.messages.action, Qt.MouseButton.LeftButton)
    assert queued(player) == made


def test_another_row_of_the_same_list_replaces_nothing(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    page = filled.library
    double_click(page.table, page.model.index(1, TITLE), qtbot)
    depth = player.queue.undo_depth
    double_click(page.table, page.model.index(6, TITLE), qtbot)
    assert player.current == page.model.track_at(6)
    assert player.queue.undo_depth == depth
    assert filled.shell.messages.text == ""


def test_play_next_and_add_append(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    made = [track(number).id for number in (20, 21)]
    player.play_tracks(made)
    page = filled.library
    for words, expected in (("Play next", lambda new: [made[0], new, made[1]]), ("Add to queue", None)):
        menu = open_menu(filled, page.table, page.model.index(0, TITLE), qtbot)
        next(action for action in menu.actions() if action.text() == words).trigger()
        menu.close()
        new = page.model.track_at(0)
        assert queued(player) == (expected(new) if expected else [made[0], new, made[1], new])
    assert player.current == made[0]


def test_the_menu_plays_as_the_mouse_does_and_offers_the_other_way(
    filled: MainWindow, segue: Application, player: Player, qtbot: QtBot
) -> None:
    page = filled.library
    menu = open_menu(filled, page.table, page.model.index(2, TITLE), qtbot)
    assert entries(menu)[:4] == ["Play", "Play next", "Add to queue", "Play only this"]
    menu.actions()[0].trigger()
    assert len(queued(player)) == COUNT
    menu.actions()[3].trigger()
    assert queued(player) == [page.model.track_at(2)]
    menu.close()
    segue.services.preferences.set("play_on", PlayOn.ONE)
    menu = open_menu(filled, page.table, page.model.index(4, TITLE), qtbot)
    menu.actions()[0].trigger()
    assert queued(player) == [page.model.track_at(4)]
    assert entries(menu)[3] == "Play everything from here"
    menu.actions()[3].trigger()
    assert (len(queued(player)), player.current) == (COUNT, page.model.track_at(4))
    menu.close()


def test_the_radio_goes_on_where_a_list_ends(
    filled: MainWindow, segue: Application, player: Player, backend: Silence, qtbot: QtBot
) -> None:
    segue.services.preferences.set("play_on", PlayOn.RADIO)
    page = filled.library
    qtbot.keyClicks(page.search, "album:0")
    qtbot.waitUntil(lambda: page.model.rowCount() == 10)
    double_click(page.table, page.model.index(7, TITLE), qtbot)
    backend.ended.emit()
    assert not segue.services.radio.is_on
    backend.ended.emit()
    qtbot.waitUntil(lambda: len(player.queue.upcoming()) == 5)
    assert segue.services.radio.is_on
    assert {item.origin.source for item in player.queue.upcoming()} == {"radio"}


def test_play_with_an_empty_queue_plays_what_is_shown(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    page = filled.library
    assert filled.transport.play.isEnabled()
    assert filled.shell.actions.play_pause.isEnabled()
    qtbot.mouseClick(filled.transport.play, Qt.MouseButton.LeftButton)
    assert (queued(player), player.current) == (page.model.shown_tracks(), page.model.track_at(0))


def test_play_with_an_empty_queue_begins_with_what_is_selected(
    filled: MainWindow, player: Player, qtbot: QtBot
) -> None:
    page = filled.library
    spot = page.table.visualRect(page.model.index(5, TITLE)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    filled.activateWindow()
    qtbot.waitUntil(filled.isActiveWindow)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert (len(queued(player)), player.current) == (COUNT, page.model.track_at(5))


def test_play_with_an_empty_queue_plays_the_library_where_no_tracks_are_shown(
    filled: MainWindow, player: Player, qtbot: QtBot
) -> None:
    filled.shell.places.go("indexing")
    qtbot.mouseClick(filled.transport.play, Qt.MouseButton.LeftButton)
    assert len(queued(player)) == COUNT
    player.stop()
    player.clear()
    filled.shell.places.go("albums")
    qtbot.waitUntil(lambda: filled.shell.places.page.model.rowCount() == 3)
    qtbot.mouseClick(filled.transport.play, Qt.MouseButton.LeftButton)
    assert len(queued(player)) == COUNT


def test_an_empty_library_has_nothing_to_play(window: MainWindow) -> None:
    assert not window.transport.play.isEnabled()
    assert not window.shell.actions.play_pause.isEnabled()


def test_the_loudspeaker_stands_by_what_sounds(filled: MainWindow, player: Player, qtbot: QtBot) -> None:
    page = filled.library
    double_click(page.table, page.model.index(2, TITLE), qtbot)

    def said() -> tuple[str, str | None, str]:
        queue = filled.queue.model
        row, queue_row = page.model.index(2, MARK), queue.index(queue.current_row or 0, 0)
        spoken = Qt.ItemDataRole.AccessibleTextRole
        return row.data(spoken).split(",")[0], queue_row.data(Role.STATE), queue_row.data(spoken).split(":")[0]

    def marked() -> bool:
        return page.model.index(2, MARK).data(Qt.ItemDataRole.DecorationRole) is not None

    assert said() == ("Playing now", PlaybackState.PLAYING, "Playing now")
    assert marked()
    qtbot.mouseClick(filled.transport.play, Qt.MouseButton.LeftButton)
    assert said() == ("Paused", PlaybackState.PAUSED, "Paused")
    player.stop()
    assert said()[0] == page.model.index(2, TITLE).data(), "the row begins with its title"
    assert said()[1] == PlaybackState.STOPPED
    assert "Playing" not in said()[2]
    assert not marked()
    assert player.queue.index == 2


def test_a_queue_of_the_largest_library_is_quick(
    filled: MainWindow, segue: Application, player: Player, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """106,574 tracks: a click costs a few times what making the queue does, paints what is seen, and keeps little."""
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert([track(number) for number in range(106_574)]))
    page = filled.library
    qtbot.waitUntil(lambda: page.model.rowCount() == 106_574)
    asked: set[int] = set()
    data = QueueModel.data

    def counted(model: QueueModel, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        asked.add(index.row())
        return data(model, index, role)

    def click() -> None:
        double_click(page.table, page.model.index(50_000, TITLE), qtbot)
        filled.queue.list.viewport().repaint()

    def go_on() -> None:
        player.next()
        filled.queue.list.viewport().repaint()

    alone = cost(lambda: PlayQueue().replace(page.model.shown_tracks()))
    monkeypatch.setattr(QueueModel, "data", counted)
    assert cost(click, times=1) < 40 * alone
    assert len(player.queue) == 106_574
    assert cost(go_on, times=1) < 20 * alone
    assert 0 < len(asked) < 200, "what is not seen is not asked for"
    for shift in range(12):
        player.play_tracks([track(shift).id, *page.model.shown_tracks()])
    assert player.queue.undo_depth < 6
    menu_spot = QPoint(20, 20)
    assert filled.queue.list.indexAt(menu_spot).isValid()
