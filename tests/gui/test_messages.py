"""Messages over the page: nothing that a person points at moves for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.ui.frame.message_bar import MessageBar
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import give_keyboard

LONG = "The folder “/home/somebody/Music/From the old computer/Albums/1998” cannot be read at the moment. " * 2


@pytest.fixture
def filled(segue: Application, tracks: list[Track]) -> MainWindow:
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert(tracks))
    return segue.window


def place_of(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_an_offer_to_undo_goes_when_a_key_has_done_it(filled: MainWindow, segue: Application, qtbot: QtBot) -> None:
    player, tracks = segue.services.player, filled.library.model.shown_tracks()
    player.enqueue(tracks[:5])
    filled.shell.actions.clear_queue.trigger()
    qtbot.waitUntil(filled.shell.messages.isVisible)
    filled.shell.actions.undo_queue.trigger()
    assert len(player.queue.items) == 5
    assert filled.shell.messages.isHidden()


def test_what_the_music_waited_for_is_said_no_more_once_it_goes_on(filled: MainWindow, segue: Application) -> None:
    player, messages = segue.services.player, filled.shell.messages
    player.play_tracks(filled.library.model.shown_tracks()[:2])
    player.sound.interrupted.emit("The drive is away.", "Connect it.")
    assert messages.text == "The drive is away. Connect it."
    player.play()
    assert messages.isHidden()


@pytest.mark.parametrize("by_key", [False, True])
def test_the_keyboard_is_where_it_was_once_a_message_was_answered(
    filled: MainWindow, qtbot: QtBot, *, by_key: bool
) -> None:
    give_keyboard(filled.library.table, qtbot)
    undone: list[str] = []
    messages = filled.shell.messages
    messages.tell("Something happened.", "", "Undo", lambda: undone.append("once"))
    if by_key:
        give_keyboard(messages.action, qtbot)
        qtbot.keyClick(messages.action, Qt.Key.Key_Return)
    else:
        qtbot.mouseClick(messages.action, Qt.MouseButton.LeftButton)
    assert undone == ["once"]
    qtbot.waitUntil(filled.library.table.hasFocus)


def test_what_can_be_undone_is_said_in_place_of_a_warning_that_was_read(segue: Application, qtbot: QtBot) -> None:
    messages = MessageBar(segue.services.look, segue.window, notice_ms=200)
    messages.warn("The drive is away.")
    messages.tell("Removed.", "", "Undo", lambda: None)
    assert messages.text == "The drive is away.", "nobody can have read it yet"

    def say_both() -> bool:
        messages.tell("Something else.")
        assert messages.text != "Something else.", "nothing is lost without it"
        messages.tell("Removed.", "", "Undo", lambda: None)
        return messages.text == "Removed."

    qtbot.waitUntil(say_both)


def test_an_undo_that_a_warning_came_over_is_there_after_it(filled: MainWindow, qtbot: QtBot) -> None:
    messages, undone = filled.shell.messages, list[str]()
    messages.tell("One track was added.", "", "Undo", lambda: undone.append("once"))
    messages.warn("Another could not be read.")
    messages.warn("And one more could not be read.")
    assert messages.text == "And one more could not be read."
    qtbot.mouseClick(messages.dismiss, Qt.MouseButton.LeftButton)
    assert messages.text == "One track was added."
    qtbot.mouseClick(messages.action, Qt.MouseButton.LeftButton)
    assert undone == ["once"]
    assert messages.isHidden()


@pytest.mark.parametrize("size", [(900, 600), (1440, 900)])
def test_a_message_moves_nothing(filled: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    filled.resize(*size)
    table, search = filled.library.table, filled.library.search
    qtbot.waitUntil(lambda: filled.width() == size[0])
    before = place_of(table, filled), place_of(search, filled), table.rowAt(40)
    for say in (filled.shell.messages.tell, filled.shell.messages.warn):
        say("Something happened.", "This is what to do.", "Undo", lambda: None)
        qtbot.waitUntil(filled.shell.messages.isVisible)
        assert (place_of(table, filled), place_of(search, filled), table.rowAt(40)) == before
        filled.shell.messages.clear()
    assert (place_of(table, filled), place_of(search, filled), table.rowAt(40)) == before


def test_the_whole_message_is_seen_and_stays_within_the_page_when_the_window_shrinks(
    filled: MainWindow, qtbot: QtBot
) -> None:
    messages, page = filled.shell.messages, filled.shell.places
    filled.resize(1440, 900)
    messages.warn(LONG, LONG, "Look")
    qtbot.waitUntil(messages.isVisible)
    for size in ((1440, 900), (900, 600)):
        filled.resize(*size)
        qtbot.waitUntil(lambda size=size: filled.width() == size[0] and page.rect().contains(messages.geometry()))
        assert messages.height() >= messages.heightForWidth(messages.width())
        assert page.childAt(messages.geometry().center()) in {messages, *messages.findChildren(QWidget)}
    qtbot.mouseClick(messages.dismiss, Qt.MouseButton.LeftButton)
    assert messages.isHidden()
