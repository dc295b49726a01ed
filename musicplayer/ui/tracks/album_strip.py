"""Covers of a few albums in one line, under a word that says which these are."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from indexer.core.catalogue.albums import Albums
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.grouping import Ints
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.tracks.album_grid import MARGIN, SMALL_COVER, AlbumGrid, cell_size
from musicplayer.ui.tracks.album_model import AlbumModel

_SCROLL_BAR = 12
_EDGE = 12
"""Pixels from where the strip begins to its word and its first cover."""


class _Line(AlbumGrid):
    """The covers, small and side by side."""

    side = SMALL_COVER

    def _set_up(self) -> None:
        super()._set_up()
        self.setWrapping(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        size = cell_size(self.font(), self.side)
        self.setGridSize(size)
        self.setFixedHeight(size.height() + _SCROLL_BAR)

    def inset(self, row: int) -> int:  # noqa: ARG002
        return MARGIN

    def visible_rows(self) -> range:
        width = max(self.gridSize().width(), 1)
        left = self.horizontalScrollBar().value()
        first, last = left // width, (left + self.viewport().width()) // width + 1
        return range(first, min(last, self.model().rowCount()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cells keep their size."""
        QListView.resizeEvent(self, event)
        self.scrollContentsBy(0, 0)  # others may be in view, whose covers are wanted

    def sizeHint(self) -> QSize:
        return QSize(self.gridSize().width() * 3, self.height())


class AlbumStrip(QWidget):
    """Hidden while there is nothing to show.

    Signals:
        opened: key of an album to show.
        play_requested: list of TrackId.
        menu_requested: list of TrackId, and where on the screen.
    """

    opened = Signal(str)
    play_requested = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, catalogue: Catalogue, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("albumStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = AlbumModel(catalogue, self)
        self.line = _Line(self.model, look)
        self.caption = ElidedLabel("small")
        self.line.opened.connect(lambda row: self.opened.emit(self.model.key_at(row)))
        self.line.play_requested.connect(self.play_requested)
        self.line.menu_requested.connect(self.menu_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE - MARGIN, 6, 0, 0)
        layout.setSpacing(0)
        self.caption.setContentsMargins(MARGIN, 0, MARGIN, 0)
        layout.addWidget(self.caption)
        layout.addWidget(self.line)
        self.hide()

    def show_albums(self, caption: str, albums: Albums, shown: Ints) -> None:
        """Show these, in this order."""
        self.caption.set_whole_text(caption)
        self.line.setAccessibleName(caption)
        self.model.show_albums(albums, shown)
        self.line.scrollToTop()
        self.setVisible(len(shown) > 0)
