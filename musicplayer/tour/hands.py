"""What a person does with a window: wait and watch, click, double-click, type, pick from a menu."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QMainWindow, QMenu, QWidget

_LOOK_MS = 20


class StepFailed(Exception):
    """A step of the tour did not truly happen."""


def wait_until(happened: Callable[[], bool], seconds: float, what: str) -> float:
    """Let the application run until `happened`; return the seconds it took.

    Raises:
        StepFailed: it did not happen in time.
    """
    started = time.monotonic()
    while not happened():
        if time.monotonic() - started > seconds:
            raise StepFailed(f"{what}: not within {seconds:g} s")
        rest(_LOOK_MS / 1000)
    return time.monotonic() - started


def rest(seconds: float) -> None:
    """Let the application run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def check(holds: bool, what: str) -> None:
    """Raise StepFailed unless `holds`."""
    if not holds:
        raise StepFailed(what)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click a widget that a person could click.

    Raises:
        StepFailed: it is hidden or disabled.
    """
    check(widget.isVisible() and widget.isEnabled(), f"{widget.objectName()} cannot be clicked")
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())


def click_row(view: QAbstractItemView, row: int, *, twice: bool = False, more: bool = False) -> None:
    """Click or double-click a row; `more` adds it to the selection, as with Ctrl held."""
    index = view.model().index(row, 0)
    check(index.isValid(), f"{view.objectName()} has no row {row + 1}")
    view.scrollTo(index)
    keys = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
    at = view.visualRect(index).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, at)
    if twice:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, keys, at)


def type_text(widget: QWidget, text: str) -> None:
    """Replace what a text field holds, key by key."""
    widget.setFocus()
    QTest.keySequence(widget, "Ctrl+A")
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


def pick(window: QMainWindow, action: QAction) -> None:
    """Open the menu that holds `action` with the mouse and click its entry.

    Raises:
        StepFailed: the menu does not open, or the entry is not to be clicked.
    """
    check(action.isEnabled(), f"{action.text()} is disabled")
    bar = window.menuBar()
    menu = next((entry.menu() for entry in bar.actions() if _holds(entry.menu(), action)), None)
    if not isinstance(menu, QMenu):
        raise StepFailed(f"{action.text()} is in no menu")
    click(bar, bar.actionGeometry(menu.menuAction()).center())
    wait_until(menu.isVisible, 5, f"the menu {menu.title()} opens")
    QTest.mouseClick(
        menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center()
    )


def _holds(menu: object, action: QAction) -> bool:
    return isinstance(menu, QMenu) and action in menu.actions()


def when_dialog_opens(kind: type[QDialog], act: Callable[[Any], None], seconds: float = 10) -> Callable[[], bool]:
    """Do `act` with the dialog of that kind once it is shown; returns a question: has it been done?

    Prepared before the click that opens it, because a modal dialog runs its own event loop.
    """
    done: list[bool] = []
    deadline = time.monotonic() + seconds
    timer = QTimer(QApplication.instance())

    def look() -> None:
        dialog = next(
            (top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible()), None
        )
        if dialog is not None:
            timer.stop()
            act(dialog)
            done.append(True)
        elif time.monotonic() > deadline:
            timer.stop()

    timer.timeout.connect(look)
    timer.start(100)
    return lambda: bool(done)
