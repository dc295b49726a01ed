"""Every window, walked by Tab: what can be used has a name for a screen reader, and the keyboard reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenuBar,
    QRadioButton,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.ui.window.main_window import MainWindow
from tests.conftest import turn

INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractSlider, QAbstractItemView)
INTERNAL = (QScrollBar, QHeaderView, QMenuBar)
MOST_TABS = 200


@pytest.fixture
def filled(segue: Application, tracks: list[Track]) -> Application:
    """The window with a small library in it."""
    library = segue.services.library
    change = library.catalogue.upsert(tracks)
    library.changed.emit(change)
    segue.services.player.play_tracks([track.id for track in tracks[:5]])
    return segue


def interactive(window: QWidget) -> Iterator[QWidget]:
    """What a person can use in a window now, without the parts that Qt's own widgets are made of."""
    for widget in window.findChildren(QWidget):
        if widget.window() is not window or not widget.isVisible() or not widget.isEnabled():
            continue
        own = isinstance(widget, INTERACTIVE) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if own and not isinstance(widget, INTERNAL) and not _is_part(widget):
            yield widget


def _is_part(widget: QWidget) -> bool:
    """A line edit in a spin box, the clear button of a field, the corner and viewport of a table."""
    parent = widget.parentWidget()
    inside = isinstance(parent, QAbstractSpinBox | QLineEdit | QComboBox | QAbstractItemView)
    return inside or widget.objectName().startswith("qt_")


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip()


def reached_by_tab(window: QWidget) -> set[QWidget]:
    """What has the focus in turn when Tab is pressed until it comes round."""
    reached: set[QWidget] = set()
    for _ in range(MOST_TABS):
        focused = window.focusWidget()
        if focused is not None and focused in reached and len(reached) > 1:
            return reached
        if focused is not None:
            reached.add(focused)
        QTest.keyClick(focused or window, Qt.Key.Key_Tab)
    if len(reached) <= 1:
        return reached  # a window with one thing to use
    raise AssertionError(f"Tab does not come round in {window.windowTitle()}")


def faults_of(window: QWidget) -> list[str]:
    """What is wrong with a window, one sentence a widget."""
    window.activateWindow()
    present = list(interactive(window))
    faults = [f"no name: {_about(widget)}" for widget in present if not name_of(widget)]
    reached = reached_by_tab(window)
    for widget in present:
        group = widget.group() if isinstance(widget, QRadioButton) else None
        arrows = isinstance(widget, QRadioButton) and (group is not None or not widget.isChecked())
        if widget not in reached and widget.focusProxy() not in reached and not arrows:
            faults.append(f"Tab does not reach: {_about(widget)}")
    return faults


def _about(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r} {name_of(widget)!r} in {widget.window().windowTitle()!r}"


def test_every_place_of_the_window(filled: Application, window: MainWindow, qtbot: QtBot) -> None:
    faults: dict[str, list[str]] = {}
    for key in window.shell.places.places:
        window.shell.places.go(key)
        turn(qtbot)
        found = faults_of(window)
        if found:
            faults[key] = found
    assert faults == {}


DIALOGS: dict[str, Callable[[MainWindow], object]] = {
    "settings": lambda window: window.extras.settings.dialog,
    "problems": lambda window: (window.problems.open_fresh(), window.problems)[1],
    "model": lambda window: (window.model_card.open_fresh(), window.model_card)[1],
    "shortcuts": lambda window: window.shell.actions.shortcuts.trigger(),
    "about": lambda window: window.shell.actions.about.trigger(),
    "rebuild": lambda window: window.library_control.ask_rebuild(),
    "sound": lambda window: window.extras.sound.dialog,
    "smart playlist": lambda window: window.extras.playlists.commands.make_smart(),
    "name of a playlist": lambda window: window.extras.playlists.commands.make_named([]),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_every_dialog(filled: Application, window: MainWindow, qtbot: QtBot, name: str) -> None:
    before = set(QApplication.topLevelWidgets())
    made = DIALOGS[name](window)
    if not isinstance(made, QWidget):
        made = next(top for top in QApplication.topLevelWidgets() if top.isVisible() and top not in before)
    made.show()
    qtbot.waitExposed(made)
    assert faults_of(made) == []
    made.close()


def test_every_topic_of_the_settings(filled: Application, window: MainWindow, qtbot: QtBot) -> None:
    dialog = window.extras.settings.dialog
    dialog.open_at("folders")
    qtbot.waitExposed(dialog)
    faults: dict[str, list[str]] = {}
    for row in range(dialog.topics.count()):
        dialog.topics.setCurrentRow(row)
        found = faults_of(dialog)
        if found:
            faults[dialog.topics.item(row).text()] = found
    dialog.close()
    assert faults == {}


def test_a_window_with_faults_fails(qtbot: QtBot) -> None:
    """The walk itself sees what it is there to see."""
    from PySide6.QtWidgets import QPushButton, QVBoxLayout

    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    fine, other, nameless, skipped = QPushButton("Fine"), QPushButton("Other"), QPushButton(), QPushButton("Skipped")
    skipped.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    for button in (fine, other, nameless, skipped):
        layout.addWidget(button)
    window.show()
    qtbot.waitExposed(window)
    fine.setFocus()
    found = faults_of(window)
    assert len(found) == 2
    assert found[0].startswith("no name")
    assert "Skipped" in found[1]
