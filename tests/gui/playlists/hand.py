"""What the tests of playlists do with the mouse, and read from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl
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


class DropFrom(QDropEvent):
    """What was dragged from a widget is let go; Qt knows the widget only while it drags."""

    def __init__(self, source: QObject, spot: QPoint, data: QMimeData) -> None:
        super().__init__(QPointF(spot), COPY, data, LEFT, NONE)
        self._source = source

    def source(self) -> QObject:
        return self._source


def dropped(target: QWidget, spot: QPoint, data: QMimeData, source: QObject | None = None) -> QDropEvent:
    """Let `data` go over a widget, as a mouse does; what was dragged from `source` where one is given."""
    QApplication.sendEvent(target, QDragEnterEvent(spot, COPY, data, LEFT, NONE))
    QApplication.sendEvent(target, QDragMoveEvent(spot, COPY, data, LEFT, NONE))
    event = QDropEvent(QPointF(spot), COPY, data, LEFT, NONE) if source is None else DropFrom(source, spot, data)
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
