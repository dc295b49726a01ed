"""The row that says which tracks a journey goes by way of, and takes another one: found by name, or dropped there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.travel import MOST_STOPS
from indexer.core.language import tr
from indexer.core.tracks import Track
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.flow_layout import FlowLayout
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.tracks.track_picker import TrackPicker

_WIDEST = 180
_PICKER, _PICKER_WITH_ROOM = 240, 300
_ROOM = 600
_CROSS = 12


class JourneyStops(QWidget):
    """A chip for every stop between the ends; a click takes it out.

    Signals:
        added: the TrackId that was found or dropped.
        removed: the TrackId whose chip was clicked.
    """

    added = Signal(object)
    removed = Signal(object)

    def __init__(self, catalogue: Catalogue, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._icons: Icons = look.icons
        self.chips: list[QToolButton] = []
        self._shown: tuple[Track, ...] | None = None
        self._overline = QLabel(tr("By way of"))
        self._overline.setProperty("tone", "overline")
        self.picker = TrackPicker(catalogue, look.icons, tr("Add a track to pass through"))
        self.picker.setFixedWidth(_PICKER)
        self.picker.setToolTip(tr("Tracks can be dropped here as well, or anywhere on the journey"))
        self._inside = QWidget()
        self._flow = FlowLayout(self._inside, spacing=8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 8)
        layout.addWidget(self._inside)
        self.picker.picked.connect(self.added)
        self.show_stops(())

    def show_stops(self, stops: Sequence[Track]) -> None:
        """Show these, in the order of the way; at the most that there may be, no other can be added."""
        if self._shown == tuple(stops):
            return  # whoever is at a chip with the keyboard stays there
        self._shown = tuple(stops)
        while self._flow.count():
            self._flow.takeAt(0)
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(stop) for stop in stops]
        for widget in (self._overline, *self.chips, self.picker):
            self._flow.addWidget(widget)
            widget.setVisible(True)  # Qt does so itself only later, and what is not shown has no height
        self.picker.setVisible(len(stops) < MOST_STOPS)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.picker.setFixedWidth(_PICKER_WITH_ROOM if event.size().width() >= _ROOM else _PICKER)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(_PICKER, super().minimumSizeHint().height())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if tracks_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for track in tracks_of(event.mimeData()):
            self.added.emit(track)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _fit(self) -> None:
        width = max(self.width() - 32, _PICKER)
        self._inside.setFixedHeight(self._flow.heightForWidth(width))
        self._flow.invalidate()
        self._flow.activate()

    def _chip(self, stop: Track) -> QToolButton:
        chip = worded_button(
            self._icons.icon("x"), "", tip=tr("{title} by {artist}", title=stop.title, artist=stop.artist)
        )
        chip.setParent(self._inside)
        chip.setProperty("chip", True)
        chip.setIconSize(QSize(_CROSS, _CROSS))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross comes after the title
        chip.setText(chip.fontMetrics().elidedText(stop.title, Qt.TextElideMode.ElideRight, _WIDEST))
        chip.setAccessibleName(tr("Do not go by way of “{title}”", title=stop.title))
        chip.clicked.connect(lambda: self.removed.emit(stop.id))
        return chip
