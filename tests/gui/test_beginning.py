"""Where nothing was played yet: albums to start with, and made-up plays of the demo library for who asks for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.plays import OWNER
from indexer.core.store import Database
from indexer.core.taste.made_up import MADE_UP
from indexer.core.taste.recommending import TasteState
from indexer.core.tracks import Problem, ProblemKind, Track
from musicplayer.app import Application
from musicplayer.ui.tracks.start_with import StartWith
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import track

WAIT_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def filled(segue: Application, tracks: list[Track]) -> MainWindow:
    library = segue.services.library
    segue.window.resize(1440, 900)
    library.changed.emit(library.catalogue.upsert(tracks))
    return segue.window


def offered(window: MainWindow) -> list[StartWith]:
    return [part for part in window.findChildren(StartWith) if part.isVisible()]


def test_empty_panels_offer_albums_and_a_click_plays_one(segue: Application, filled: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: any(filled.similar.isAncestorOf(part) for part in offered(filled)))
    panel = next(part for part in offered(filled) if filled.similar.isAncestorOf(part))
    tile = panel.tiles[0]
    assert tile.accessibleName()
    qtbot.mouseClick(tile, LEFT)
    player = segue.services.player
    queued = [item.track for item in player.queue.items]
    albums = {segue.services.library.track(track).album for track in queued}
    assert tile.track in queued
    assert len(albums) == 1
    qtbot.waitUntil(lambda: not offered(filled))
    player.stop()


def test_an_empty_library_offers_nothing(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1440, 900)
    window.extras.start.on_reset()
    qtbot.wait(700)  # longer than it waits before it fills pages
    assert not offered(window)


def test_made_up_plays_come_when_asked_for_are_marked_and_go_with_a_click(
    segue: Application, home: Home, database: Database, qtbot: QtBot
) -> None:
    folder = home.demo / "Artist" / "Album"
    folder.mkdir(parents=True)
    database.tracks.upsert(
        track(number, path=str(folder / f"{number}.flac"), root=str(home.demo), genre="Jazz") for number in range(20)
    )
    segue.services.library.move_to(database.uri)
    qtbot.waitUntil(lambda: len(segue.services.library.catalogue) == 20, timeout=WAIT_MS)
    control, window = segue.window.extras.made_up, segue.window
    window.shell.places.go("for-you")
    qtbot.waitUntil(lambda: segue.services.recommended.now.state is TasteState.TOO_LITTLE, timeout=WAIT_MS)
    qtbot.waitUntil(control.button.isVisible, timeout=WAIT_MS)
    bar = control.bars[1]
    assert bar.isHidden()
    qtbot.mouseClick(control.button, LEFT)
    window.shell.places.go("listening")  # where nobody looks, nothing is learnt
    qtbot.waitUntil(lambda: not bar.isHidden(), timeout=WAIT_MS)
    assert database.plays.from_client(MADE_UP) > 20
    qtbot.waitUntil(bar.isVisible, timeout=WAIT_MS)
    qtbot.mouseClick(bar.remove, LEFT)
    qtbot.waitUntil(bar.isHidden, timeout=WAIT_MS)
    assert list(database.plays.of(OWNER)) == []


def test_music_of_ones_own_has_no_made_up_plays(filled: MainWindow) -> None:
    filled.shell.places.go("for-you")
    assert filled.extras.made_up.button.isHidden()


def test_sentences_of_problems_are_seen_whole(window: MainWindow, qtbot: QtBot) -> None:
    dialog = window.problems
    dialog.show()
    values = {"name": "a very long name " * 6}
    dialog.model.show_problems(
        [Problem(f"/music/{name}.mp3", ProblemKind.UNREADABLE, "file-unreadable", values, 0.0) for name in "abc"]
    )
    dialog.say("")
    table: QTableView = dialog.table
    plain = table.verticalHeader().minimumSectionSize()
    qtbot.waitUntil(lambda: table.rowHeight(0) > plain)
    high = table.rowHeight(0)
    table.setColumnWidth(1, 1_200)
    qtbot.waitUntil(lambda: table.rowHeight(0) < high)
    dialog.close()
