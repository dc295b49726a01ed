"""F6 leads the keyboard round the window: side bar, page, the panels in the order in which they are seen, the bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QWidget

from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.look.item_views import TrackList
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.similar.similar_dock import SimilarDock
from musicplayer.ui.transport.transport_bar import TransportBar


@dataclass(frozen=True)
class _Stop:
    """A part of the window, and what brings the keyboard to it."""

    part: QWidget
    enter: Callable[[], object]


class FocusRound(QObject):
    """Joins the two actions with the parts of the window."""

    def __init__(self, shell: Shell, side: QWidget, panels: tuple[SimilarDock, QueueDock], bar: TransportBar) -> None:
        super().__init__(shell.window)
        self._window = shell.window
        self._places = shell.places
        self._side = side
        self._panels = panels
        self._bar = bar
        shell.actions.next_part.triggered.connect(lambda: self.go(1))
        shell.actions.previous_part.triggered.connect(lambda: self.go(-1))

    def go(self, step: int) -> None:
        """Bring the keyboard to the next part, 1, or to the one before, -1; what is hidden is passed by."""
        stops = [stop for stop in self._stops() if not stop.part.isHidden()]
        focused = self._window.focusWidget()
        holding = [place for place, stop in enumerate(stops) if focused and stop.part.isAncestorOf(focused)]
        here = holding[0] if holding else -1 if step > 0 else 0
        stops[(here + step) % len(stops)].enter()

    def _stops(self) -> list[_Stop]:
        panels: list[tuple[QDockWidget, TrackList]] = [(dock, dock.list) for dock in self._panels]
        panels.sort(key=lambda panel: _corner(panel[0], self._window))
        return [
            _Stop(self._side, lambda: _focus(self._places.sidebar)),
            _Stop(self._places, self._places.enter_page),
            *(_Stop(dock, partial(_enter, dock, rows)) for dock, rows in panels),
            _Stop(self._bar, lambda: _focus(self._bar.play if self._bar.play.isEnabled() else self._bar.shuffle)),
        ]


def _corner(dock: QDockWidget, window: QWidget) -> tuple[int, int]:
    spot = dock.mapTo(window, QPoint(0, 0)) if not dock.isFloating() else dock.pos()
    return spot.x(), spot.y()


def _enter(dock: QDockWidget, rows: TrackList) -> None:
    """To the list with its first row chosen where none is; without rows to the first button that there is."""
    dock.raise_()
    if rows.isHidden() or rows.model().rowCount() == 0:
        buttons = (each for each in dock.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
        _focus(next((each for each in buttons if each.isVisible() and each.isEnabled()), dock))
        return
    if not rows.currentIndex().isValid():
        rows.setCurrentIndex(rows.model().index(0, 0))
    _focus(rows)


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
