"""The queue in the window: drops, keys, marks, messages with a way back, and what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.tracks import Stretch, Track, TrackId
from musicplayer.app import Application, compose
from musicplayer.playback.player import Player
from musicplayer.playback.session import Session
from musicplayer.ui.look.dialogs import NameDialog
from musicplayer.ui.look.mime import tracks_to_mime
from musicplayer.ui.look.track_rows import Role
from musicplayer.ui.queue.queue_dock import QueueDock

from .conftest import Silence, track

COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def application(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One application for all tests of this file: composing it takes longer than any of them."""
    made = compose(qapp, Home.resolve(tmp_path_factory.mktemp("queue")), theme="light", backend=Silence())
    made.window.show()
    yield made
    made.window.close()
    made.shutdown()
    made.window.deleteLater()


@pytest.fixture
def segue(application: Application, tracks: list[Track], qtbot: QtBot) -> Iterator[Application]:
    services = application.services
    services.library.catalogue.clear()
    services.library.catalogue.upsert(tracks)
    services.library.reset.emit()
    qtbot.waitExposed(application.window)
    yield application
    services.player.stop()
    services.player.restore(PlayQueue(), 0.0)
    application.window.shell.messages.clear()


@pytest.fixture
def player(segue: Application) -> Player:
    return segue.services.player


@pytest.fixture
def dock(segue: Application) -> QueueDock:
    return segue.window.queue


def ids(*numbers: int) -> list[TrackId]:
    return [track(number).id for number in numbers]


def queued(player: Player) -> list[TrackId]:
    return [item.track for item in player.queue.items]


def dropped(dock: QueueDock, before: int, data: QMimeData) -> None:
    """Let `data` go over the upper edge of a row, as a mouse does."""
    viewport = dock.list.viewport()
    rect = dock.list.visualRect(dock.model.index(before, 0))
    spot = rect.topLeft() + QPoint(20, 1)
    QApplication.sendEvent(viewport, QDragEnterEvent(spot, COPY, data, LEFT, NONE))
    QApplication.sendEvent(viewport, QDragMoveEvent(spot, COPY, data, LEFT, NONE))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(spot), COPY, data, LEFT, NONE))


def test_a_drop_lands_between_the_rows_under_the_mouse(dock: QueueDock, player: Player) -> None:
    player.enqueue(ids(0, 1, 2))
    dropped(dock, 1, tracks_to_mime(ids(8, 9)))
    assert queued(player) == ids(0, 8, 9, 1, 2)
    dropped(dock, 4, dock.model.mimeData([dock.model.index(0, 0)]))
    assert queued(player) == ids(8, 9, 1, 0, 2)


def test_files_of_the_library_can_be_dropped(dock: QueueDock, player: Player, qtbot: QtBot) -> None:
    player.enqueue(ids(0, 1))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/music/005.flac")])
    dropped(dock, 1, data)
    qtbot.waitUntil(lambda: queued(player) == ids(0, 5, 1))


def test_keys_move_remove_play_and_take_back(dock: QueueDock, player: Player, qtbot: QtBot) -> None:
    player.enqueue(ids(0, 1, 2, 3))
    dock.list.select_rows(0, 1)
    for _ in range(3):
        qtbot.keyClick(dock.list, Qt.Key.Key_Down, ALT)
    assert queued(player) == ids(2, 3, 0, 1)
    assert dock.selected_tracks() == ids(0, 1)
    qtbot.keyClick(dock.list, Qt.Key.Key_Up, ALT)
    assert queued(player) == ids(2, 0, 1, 3)
    qtbot.keyClick(dock.list, Qt.Key.Key_Delete)
    assert queued(player) == ids(2, 3)
    qtbot.keyClick(dock.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert queued(player) == ids(2, 0, 1, 3)
    dock.list.setCurrentIndex(dock.model.index(2, 0))
    qtbot.keyClick(dock.list, Qt.Key.Key_Return)
    assert player.current == ids(1)[0]


def test_a_queue_that_was_cleared_comes_back_with_one_click_also_after_other_edits(
    segue: Application, dock: QueueDock, player: Player, qtbot: QtBot
) -> None:
    player.enqueue(ids(0, 1, 2))
    qtbot.mouseClick(dock.clear_button, LEFT)
    assert "The queue of 3 tracks was cleared." in segue.window.shell.messages.text
    player.enqueue(ids(5))
    qtbot.mouseClick(segue.window.shell.messages.action, LEFT)
    assert queued(player) == ids(0, 1, 2)


def test_a_queue_that_was_replaced_comes_back_while_the_music_goes_on(
    segue: Application, player: Player, qtbot: QtBot
) -> None:
    player.play_tracks(ids(0, 1, 2))
    player.play_tracks(ids(7, 8))
    assert "A queue of 3 tracks was replaced." in segue.window.shell.messages.text
    qtbot.mouseClick(segue.window.shell.messages.action, LEFT)
    assert queued(player) == ids(0, 1, 2)
    assert player.current == ids(7)[0]


def test_the_row_to_stop_after_is_marked_and_playing_stops_there(dock: QueueDock, player: Player) -> None:
    player.play_tracks(ids(0, 1, 2))
    dock.toggle_stop(1)
    assert [bool(dock.model.index(row, 0).data(Role.STOPS)) for row in range(3)] == [False, True, False]
    assert "stops after this" in dock.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    player.move([1], 0)
    assert dock.model.index(0, 0).data(Role.STOPS), "the mark goes with its track"
    dock.toggle_stop(0)
    assert not dock.model.index(0, 0).data(Role.STOPS)
    player.stop_after_current = True
    assert dock.model.index(player.queue.index, 0).data(Role.STOPS)
    dock.toggle_stop(player.queue.index)
    assert not player.stop_after_current


def test_the_menu_offers_to_stop_after_a_row(dock: QueueDock, player: Player) -> None:
    player.enqueue(ids(0, 1))
    dock.list.select_rows(1, 1)
    [stop] = [action for action in dock.menu().actions() if action.text() == "Stop after this"]
    stop.trigger()
    assert player.queue.stop_after == player.queue.items[1].uid


def test_what_the_radio_chose_says_so(dock: QueueDock, player: Player) -> None:
    player.enqueue(ids(0))
    player.enqueue(ids(1), PlayContext(PlaySource.RADIO))
    assert [dock.model.index(row, 0).data(Role.SOURCE) for row in (0, 1)] == ["unknown", "radio"]
    assert dock.model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == "Chosen by the radio"


def test_what_was_played_is_paler_and_the_title_tells_how_long_is_left(dock: QueueDock, player: Player) -> None:
    player.enqueue(ids(0, 1, 2))
    assert dock.title_bar.note == "3 tracks · 5 min"
    player.play_tracks(ids(0, 1, 2))
    player.next()
    assert [bool(dock.model.index(row, 0).data(Role.PLAYED)) for row in range(3)] == [True, False, False]
    assert dock.title_bar.note.endswith("left")
    player.set_repeat(Repeat.ALL)
    assert dock.title_bar.note == "3 tracks · 5 min", "a queue that repeats has no end"
    player.set_repeat(Repeat.OFF)


def test_what_was_played_is_folded_and_a_click_shows_it(dock: QueueDock, player: Player, qtbot: QtBot) -> None:
    player.play_tracks(ids(0, 1, 2, 3, 4), 2)
    qtbot.waitUntil(lambda: dock.model.current_row == 0)
    assert (dock.model.rowCount(), dock.played_button.text().strip()) == (3, "2 earlier")
    assert dock.title_bar.note.startswith("5 tracks")
    dropped(dock, 1, tracks_to_mime(ids(9)))
    assert queued(player) == ids(0, 1, 2, 9, 3, 4), "a row is where it is in the whole queue"
    dock.list.select_rows(1, 1)
    qtbot.keyClick(dock.list, Qt.Key.Key_Down, ALT)
    assert queued(player) == ids(0, 1, 2, 3, 9, 4)
    qtbot.keyClick(dock.list, Qt.Key.Key_Delete)
    assert queued(player) == ids(0, 1, 2, 3, 4)
    qtbot.mouseClick(dock.played_button, LEFT)
    assert (dock.model.rowCount(), dock.model.current_row) == (5, 2)
    qtbot.mouseClick(dock.played_button, LEFT)
    assert dock.model.rowCount() == 3
    player.previous()
    qtbot.waitUntil(lambda: dock.model.rowCount() == 4)
    assert queued(player)[1] == player.current == dock.model.track_at(0), "what plays again is no longer folded"


def test_the_current_row_is_brought_into_view(dock: QueueDock, player: Player) -> None:
    player.play_tracks(ids(*range(30)))
    player.jump(25)
    dock.show_current()
    row = dock.model.current_row
    assert dock.list.viewport().rect().contains(dock.list.visualRect(dock.model.index(row, 0)))


def test_the_queue_becomes_a_playlist_and_a_file(
    segue: Application, dock: QueueDock, player: Player, tmp_path: Path, qtbot: QtBot
) -> None:
    player.enqueue(ids(2, 1))
    dock.save_menu.actions()[0].trigger()
    dialog = segue.window.findChild(NameDialog)
    dialog.field.setText("From the queue")
    dialog.yes.click()
    [made] = segue.services.playlists.all()
    assert (made.name, list(made.tracks)) == ("From the queue", ids(2, 1))
    segue.services.playlists.delete(made.id)
    segue.window.extras.playlists.transfer.export(str(tmp_path / "queue.m3u8"), "Queue", queued(player))
    qtbot.waitUntil((tmp_path / "queue.m3u8").exists)
    assert (tmp_path / "queue.m3u8").read_text().count("#EXTINF") == 2


def test_a_restart_brings_everything_back(home: Home, tmp_path: Path) -> None:
    """Two sessions on one home: order, place, position, modes, marks, and what the radio chose."""
    first = Player(Silence(), PlayQueue(), lambda wanted: Stretch(f"/{wanted}"))
    session = Session(home, first)
    first.play_tracks(ids(0, 1, 2, 3), 1)
    first.enqueue(ids(4), PlayContext(PlaySource.RADIO))
    first.mark_stop(3)
    first.set_repeat(Repeat.ALL)
    first.set_shuffle(True)
    first.seek(42.0)
    session.save_now()
    second = Player(Silence(), PlayQueue(), lambda wanted: Stretch(f"/{wanted}"))
    again = Session(home, second)
    assert again.restore()
    assert queued(second) == ids(0, 1, 2, 3, 4)
    assert [item.origin.source for item in second.queue.items] == [*["unknown"] * 4, "radio"]
    assert (second.queue.index, second.queue.repeat, second.queue.shuffle) == (1, Repeat.ALL, True)
    assert second.queue.stop_after == second.queue.items[3].uid
    assert second.position() == 42.0
    for made in (first, second):
        made.close()
