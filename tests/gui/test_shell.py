"""What every part may use, and the way down: what ends with the window, and that nothing is left running."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from musicplayer.app import Application, compose
from musicplayer.ui.frame.shell import Closing


def test_what_was_made_last_ends_first(qapp: QApplication) -> None:
    ended: list[str] = []
    way_down = ExitStack()
    closing = Closing(way_down)
    closing.then(lambda: ended.append("first"))
    closing.then(lambda: ended.append("second"))
    assert ended == [], "not before the window is gone"
    way_down.close()
    assert ended == ["second", "first"]


def test_a_part_that_fails_to_end_holds_up_no_other(qapp: QApplication) -> None:
    ended: list[str] = []
    way_down = ExitStack()
    closing = Closing(way_down)
    closing.then(lambda: ended.append("the other"))
    closing.then(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        way_down.close()
    assert ended == ["the other"]


def test_the_window_takes_its_shell_with_it(segue: Application) -> None:
    shell, window = segue.window.shell, segue.window
    assert shell.window is window
    for part in (shell.actions, shell.commands, shell.visitors, shell.closing, shell.foot, shell.places):
        assert part.parent() is not None


def test_no_thread_outlives_the_application(qapp: QApplication, home: Home, qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    made = compose(qapp, home, theme="light")
    made.window.show()
    made.window.shell.visitors.take(["/there/is/no/such.mp3"])
    with qtbot.waitSignal(made.window.shell.visitors.failed):
        pass
    made.window.close()
    made.shutdown()
    made.shutdown()  # a second time does nothing
    made.window.deleteLater()
    qtbot.waitUntil(lambda: not [each for each in threading.enumerate() if each not in before and not each.daemon])


def test_what_is_to_be_remembered_is_asked_for_before_anything_ends(segue: Application) -> None:
    order: list[str] = []
    segue.window.shell.closing.then(lambda: order.append("ended"))
    segue.window.shell.closing.begun.connect(lambda: order.append("remembered"))
    segue.window.close()
    segue.shutdown()
    assert order == ["remembered", "ended"]
