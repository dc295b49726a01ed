"""What a person does with a window: wait and watch, click, double-click, type, drag, pick from a menu."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QMainWindow, QMenu, QWidget

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_LOOK_SECONDS = 0.02

DialogT = TypeVar("DialogT", bound=QDialog)


class StepFailed(Exception):
    """A step of the tour did not truly happen."""


class StepLeftOut(Exception):
    """What a step shows is not here to be shown; says what is missing."""


def wait_until(happened: Callable[[], bool], what: str, seconds: float = 5) -> float:
    """Let the application run until `happened`; return the seconds it took.

    Raises:
        StepFailed: it did not happen in time.
    """
    started = time.monotonic()
    while not happened():
        check(time.monotonic() - started <= seconds, f"{what}: not within {seconds:g} s")
        rest(_LOOK_SECONDS)
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


def rows(view: QAbstractItemView) -> int:
    """How many rows a view shows."""
    return view.model().rowCount()


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click a widget that a person could click.

    Raises:
        StepFailed: it is hidden or disabled.
    """
    check(widget.isVisible() and widget.isEnabled(), f"{widget.objectName()} cannot be clicked")
    QTest.mouseClick(widget, LEFT, NO_KEYS, at or widget.rect().center())


def click_row(view: QAbstractItemView, row: int, *, twice: bool = False, more: bool = False) -> None:
    """Click or double-click a row; `more` adds it to the selection, as with Ctrl held."""
    index = view.model().index(row, 0)
    check(index.isValid(), f"{view.objectName()} has no row {row + 1}")
    view.scrollTo(index)
    keys, at = Qt.KeyboardModifier.ControlModifier if more else NO_KEYS, view.visualRect(index).center()
    QTest.mouseClick(view.viewport(), LEFT, keys, at)
    if twice:
        QTest.mouseDClick(view.viewport(), LEFT, keys, at)


def type_text(widget: QWidget, text: str) -> None:
    """Replace what a text field holds, key by key."""
    widget.setFocus()
    QTest.keySequence(widget, "Ctrl+A")
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


def drop(source: QAbstractItemView, dragged: list[int], target: QAbstractItemView) -> None:
    """Drag rows from one view onto another: what would be carried is made by the one and given to the other."""
    model, viewport, at = source.model(), target.viewport(), target.rect().center()
    data, copy = model.mimeData([model.index(row, 1) for row in dragged]), Qt.DropAction.CopyAction
    QApplication.sendEvent(viewport, QDragEnterEvent(at, copy, data, LEFT, NO_KEYS))
    QApplication.sendEvent(viewport, QDragMoveEvent(at, copy, data, LEFT, NO_KEYS))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(at), copy, data, LEFT, NO_KEYS))


def pick(window: QMainWindow, action: QAction) -> None:
    """Open the menu that holds `action` with the mouse and click its entry.

    Raises:
        StepFailed: the menu does not open, or the entry is not to be clicked.
    """
    check(action.isEnabled(), f"{action.text()} is disabled")
    bar, places = window.menuBar(), action.associatedObjects()
    menus = [menu for menu in places if isinstance(menu, QMenu) and menu.menuAction() in bar.actions()]
    check(bool(menus), f"{action.text()} is in no menu")
    click(bar, bar.actionGeometry(menus[0].menuAction()).center())
    wait_until(menus[0].isVisible, f"the menu {menus[0].title()} opens")
    click(menus[0], menus[0].actionGeometry(action).center())


def open_dialog(window: QMainWindow, action: QAction, kind: type[DialogT]) -> DialogT:
    """Pick `action` and return the dialog of that kind that it opens."""

    def seen() -> list[DialogT]:
        return [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]

    pick(window, action)
    wait_until(lambda: bool(seen()), f"{action.text()} opens a dialog", 10)
    return seen()[0]
