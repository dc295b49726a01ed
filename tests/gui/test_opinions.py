"""What a listener says of tracks: said anywhere in the window, seen at once, kept in a real database, taken back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.search import parse
from indexer.core.catalogue.shown import Column
from indexer.core.home import Home
from indexer.core.plays import PlayContext, PlaySource, Thumb
from indexer.core.store import Database
from indexer.core.tracks import Track, TrackId
from musicplayer.app import Application
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import track
from tests.unit.discover.small_model import write_small_model


@pytest.fixture
def followed(segue: Application, database: Database, qtbot: QtBot, tracks: list[Track]) -> Application:
    """The window on a real database with a small library, its first track playing."""
    database.tracks.upsert([track(5, rating=2.0), *(one for one in tracks if one.id != id_of(5))])
    segue.services.library.move_to(database.uri)
    qtbot.waitUntil(lambda: len(segue.services.library.catalogue) == len(tracks), timeout=20_000)
    segue.services.player.play_tracks([id_of(number) for number in range(4)])
    return segue


def id_of(number: int) -> TrackId:
    return track(number).id


def stars(segue: Application, number: int) -> str:
    catalogue = segue.services.library.catalogue
    row = catalogue.row_of(id_of(number))
    assert row is not None
    return catalogue.text(row, Column.RATING)


def kept(database: Database, number: int) -> object:
    said = database.opinions.of().get(id_of(number))
    return None if said is None else (said.thumb, said.rating, said.favourite)


@pytest.mark.database
def test_the_buttons_speak_of_what_plays_and_it_reaches_the_database(
    followed: Application, database: Database, qtbot: QtBot
) -> None:
    bar = followed.window.transport.opinion
    for button in (bar.up, bar.favourite):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.stars, Qt.MouseButton.LeftButton, pos=QPoint(bar.stars.width() * 7 // 10, 9))
    assert (bar.up.isChecked(), bar.down.isChecked(), bar.favourite.isChecked()) == (True, False, True)
    assert stars(followed, 0) == "★★★★"
    qtbot.waitUntil(lambda: kept(database, 0) == (Thumb.UP, 4.0, True), timeout=10_000)
    qtbot.mouseClick(bar.down, Qt.MouseButton.LeftButton)
    assert (bar.up.isChecked(), bar.down.isChecked()) == (False, True), "one thumb of two"
    followed.services.player.next()
    assert not bar.down.isChecked(), "nothing is said of the next track"


@pytest.mark.database
def test_what_is_said_can_be_taken_back(followed: Application, database: Database, qtbot: QtBot) -> None:
    window, bar = followed.window, followed.window.transport.opinion
    qtbot.mouseClick(bar.down, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kept(database, 0) == (Thumb.DOWN, None, False), timeout=10_000)
    assert "Title 000" in window.shell.messages.text
    qtbot.mouseClick(window.shell.messages.action, Qt.MouseButton.LeftButton)
    assert not bar.down.isChecked()
    qtbot.waitUntil(lambda: kept(database, 0) is None, timeout=10_000)


@pytest.mark.database
def test_keys_are_about_selected_rows_and_without_any_about_what_plays(
    followed: Application, database: Database, qtbot: QtBot
) -> None:
    window = followed.window
    _focus(window, qtbot)
    table = window.library.table
    table.show_track(id_of(5))
    qtbot.keyClick(table, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert stars(followed, 5) == "★★★", "one's own go before those of the file"
    qtbot.waitUntil(lambda: kept(database, 5) == (Thumb.NONE, 3.0, False), timeout=10_000)
    qtbot.keyClick(table, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    assert stars(followed, 5) == "★★"
    table.clearSelection()
    qtbot.keyClick(table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert followed.services.opinions.of(id_of(0)).favourite


def _focus(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.library.table.setFocus()


def test_the_menu_of_rows_tells_what_is_said_and_says_it_of_all(segue: Application, tracks: list[Track]) -> None:
    segue.services.library.catalogue.upsert(tracks)
    some = [id_of(1), id_of(2)]
    _entry(segue.window, some, "★★★★★").trigger()
    assert [segue.services.opinions.of(one).rating for one in some] == [5.0, 5.0]
    assert _entry(segue.window, some, "★★★★★").isChecked()
    assert not _entry(segue.window, [*some, id_of(3)], "★★★★★").isChecked()
    assert segue.services.library.catalogue.numbers("stars")[1] == 5
    segue.window.library.model.set_query(parse("rating:5"))
    assert segue.window.library.model.shown_tracks() == some


def _entry(window: MainWindow, some: list[TrackId], words: str) -> QAction:
    menu = window.shell.commands.menu(some, window)
    [opinion] = [child for child in menu.findChildren(QMenu) if child.title() == "Your opinion"]
    return next(action for action in opinion.actions() if action.text() == words)


def test_a_thumb_down_leaves_the_radio_and_never_comes_into_it(
    home: Home, segue: Application, qtbot: QtBot, tracks: list[Track]
) -> None:
    points = np.stack([np.arange(8.0), np.ones(8), np.zeros(8)], axis=1).astype(np.float32)
    write_small_model(home, {id_of(number): np.repeat(points[[number]], 3, axis=0) for number in range(8)})
    services = segue.services
    services.library.catalogue.upsert([track(number, artist=f"Artist {number}", album="") for number in range(8)])
    with qtbot.waitSignal(services.similar.changed, timeout=60_000):
        services.similar.reload()
    player, radio = services.player, services.radio
    player.play_tracks([id_of(0)])
    player.extend([id_of(1), id_of(2)], PlayContext(PlaySource.RADIO))
    segue.window.extras.opinions.toggle_thumb([id_of(2)], Thumb.DOWN)
    assert [item.track for item in player.queue.items] == [id_of(0), id_of(1)]
    radio.start([id_of(0)])
    radio.refill()
    coming = {item.track for item in player.queue.items}
    assert len(coming) > 2
    assert id_of(2) not in coming
