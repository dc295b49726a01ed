"""What the tests of playlists do with the mouse, and read from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from indexer.core.tracks import TrackId
from musicplayer.ui.frame.places import Section
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import track

COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def ids(*numbers: int) -> list[TrackId]:
    return [track(number).id for number in numbers]


def dropped(target: QWidget, spot: QPoint, data: QMimeData) -> QDropEvent:
    """Let `data` go over a widget, as a mouse does."""
    QApplication.sendEvent(target, QDragEnterEvent(spot, COPY, data, LEFT, NONE))
    QApplication.sendEvent(target, QDragMoveEvent(spot, COPY, data, LEFT, NONE))
    event = QDropEvent(QPointF(spot), COPY, data, LEFT, NONE)
    QApplication.sendEvent(target, event)
    return event


def between(control: PlaylistControl, row: int) -> QPoint:
    """The upper edge of a row of the table."""
    return control.page.table.visualRect(control.page.model.index(row, 2)).topLeft() + QPoint(5, 1)


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def titles(window: MainWindow) -> list[str]:
    head = window.shell.places.sidebar.topLevelItem(list(Section).index(Section.PLAYLISTS))
    return [head.child(row).text(0) for row in range(head.childCount())]
