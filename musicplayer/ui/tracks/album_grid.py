"""The wall of covers: cells of one size that fill the width, and covers that are asked for only where one looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetrics, QImage, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from indexer.core.language import tr
from indexer.core.tracks import TrackId
from musicplayer.ui.look.covers import paint_cover, round_corners
from musicplayer.ui.look.delegates import RowDelegate
from musicplayer.ui.look.item_views import ENTER
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import mark_as
from musicplayer.ui.look.track_rows import Index
from musicplayer.ui.tracks.album_model import AlbumModel, AlbumRole

_SETTLE_MS = 60
"""Covers are asked for when scrolling has rested so long, so that nothing is decoded that has flown by."""

COVER, SMALL_COVER = 148, 96
"""Pixels of a cover's side, on the wall and in a strip."""

MARGIN = 10
"""Pixels between a cover and the edge of the least cell for it."""

_EDGE = 12
"""Pixels from where the wall begins to the first cover, as to what stands above it."""

_GROUND = 7
"""Pixels that the ground of an album is wider than its cover, at each side."""

_GAP = 7
_RADIUS = 6.0
_LINE_GAP = 1

_SPARE = 4
"""Pixels that Qt keeps to itself when it breaks the cells into rows; found by trying."""


class AlbumGrid(QListView):
    """Shows albums.

    Signals:
        opened: the row of an album to show the tracks of.
        play_requested: list of TrackId.
        menu_requested: list of TrackId, and where on the screen.
    """

    opened = Signal(int)
    play_requested = Signal(object)
    menu_requested = Signal(object, QPoint)
    side = COVER

    def __init__(self, model: AlbumModel, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._artwork = look.artwork
        self._asked: dict[TrackId, int] = {}
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self._ask_for_covers)
        self.setObjectName("albums")
        self.setAccessibleName(tr("Albums"))
        self._set_up()
        self.setModel(model)
        self.setItemDelegate(AlbumDelegate(self._cover, look, self, side=self.side, inset=self.inset))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        look.artwork.ready.connect(self._on_ready)
        look.artwork.renewed.connect(self.viewport().update)
        look.theme.changed.connect(self.viewport().update)

    @property
    def columns(self) -> int:
        """How many albums stand side by side."""
        return max(1, (self.maximumViewportSize().width() - _SPARE) // max(self.gridSize().width(), 1))

    def inset(self, row: int) -> int:
        """Pixels from where the cell of a row begins to its cover: the first and last of a line are at the edges."""
        columns, cell = self.columns, self.gridSize().width()
        spare = cell * columns - 2 * _EDGE - self.side * columns
        between = spare / (columns - 1) if columns > 1 else 0.0
        return round(_EDGE + row % columns * (self.side + between - cell))

    def selected_rows(self) -> list[int]:
        return sorted(index.row() for index in self.selectedIndexes())

    def tracks_of_selected(self) -> list[TrackId]:
        """All that is on the selected albums."""
        return self._model.tracks_at(self.selected_rows())

    def visible_rows(self) -> range:
        """Rows that are in view, also in part."""
        height = max(self.gridSize().height(), 1)
        top = self.verticalScrollBar().value()
        first = top // height * self.columns
        last = ((top + self.viewport().height()) // height + 1) * self.columns
        return range(first, min(last, self._model.rowCount()))

    def show_row(self, row: int) -> None:
        """Bring an album into view and make it the current one."""
        index = self._model.index(row, 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def select_rows(self, rows: Iterable[int]) -> None:
        """Choose exactly these albums, wherever they are; the last one is the current one."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().clearSelection()
        for row in rows:
            index = self._model.index(row, 0)
            self.selectionModel().setCurrentIndex(index, flag.NoUpdate)
            self.selectionModel().select(index, flag.Select)

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share what is left of the width among the columns."""
        least = cell_size(self.font(), self.side)
        width = self.maximumViewportSize().width() - _SPARE
        columns = max(1, width // least.width())
        size = QSize(max(width // columns, 1), least.height())
        if size != self.gridSize():
            self.setGridSize(size)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if event.key() in ENTER and current.isValid():
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.play_requested.emit(self.tracks_of_selected())
            else:
                self.opened.emit(current.row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        tracks = self.tracks_of_selected() if index.isValid() else []
        if tracks:
            spot = event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menu_requested.emit(tracks, spot)

    # Helpers

    def _set_up(self) -> None:
        """Rows that wrap, for Qt's own icon mode keeps a place for every item and is slow with many."""
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setFrameShape(QListView.Shape.NoFrame)
        bar = self.verticalScrollBar()
        bar.setSingleStep(cell_size(QFont(), self.side).height() // 3)
        bar.rangeChanged.connect(lambda _, most: mark_as(bar, "idle", not most))

    def _pixels(self) -> int:
        return round(self.side * self.devicePixelRatioF())

    def _cover(self, row: int) -> QImage | None:
        image = self._artwork.image(self._model.cover_id(row), self._pixels())
        if image is None and not self._settled.isActive():
            self._settled.start()
        return image

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._settled.start()

    def _ask_for_covers(self) -> None:
        self._asked = {}
        for row in self.visible_rows():
            track = self._model.cover_track(row)
            if self._artwork.image(track.id, self._pixels()) is None:
                self._asked[track.id] = row
                self._artwork.request(track, self._pixels())

    def _on_ready(self, track: TrackId, size: int, _image: QImage) -> None:
        row = self._asked.pop(track, None)
        if row is not None and size == self._pixels() and row < self._model.rowCount():
            self.viewport().update(self.visualRect(self._model.index(row, 0)))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()


class AlbumDelegate(RowDelegate):
    """Paints an album; `cover` gives the picture of a row where there is one in memory, and notes that it is wanted."""

    def __init__(
        self,
        cover: Callable[[int], QImage | None],
        look: Look,
        parent: QWidget | None = None,
        *,
        side: int = COVER,
        inset: Callable[[int], int] = lambda _: MARGIN,
    ) -> None:
        """`inset` tells where in its cell the cover of a row begins."""
        super().__init__(look.theme, parent)
        self._cover = cover
        self._side = side
        self._inset = inset
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """The whole cell of the grid, in which the cover stands where its line has room for it."""
        grid = option.widget.gridSize() if isinstance(option.widget, QListView) else QSize()
        return grid if grid.isValid() else cell_size(option.font, self._side)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        left = option.rect.left() + self._inset(index.row())
        cover = QRect(left, option.rect.top() + MARGIN, self._side, self._side)
        cover = QStyle.visualRect(option.direction, option.rect, cover)
        self._paint_ground(painter, option, cover)
        self._paint_cover(painter, cover, self._cover(index.row()))
        self._paint_words(painter, option, index, cover)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, cover: QRect) -> None:
        ground = self.ground(option)
        painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else self.theme.colour(ground))
        painter.setPen(self.theme.colour("focus") if self.is_focused(option) else Qt.PenStyle.NoPen)
        area = QRectF(
            cover.left() - _GROUND, option.rect.top() + 2, cover.width() + 2 * _GROUND, option.rect.height() - 4
        )
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)

    def _paint_cover(self, painter: QPainter, area: QRect, image: QImage | None) -> None:
        with round_corners(painter, area, _RADIUS):
            if image is not None:
                paint_cover(painter, area, image, self._look, _RADIUS)
                return
            painter.fillRect(area, self.theme.colour("track"))
            middle = area.adjusted(*(area.width() * 3 // 8 * sign for sign in (1, 1, -1, -1)))
            self._look.icons.draw(painter, middle, "disc", self.theme.colour("faint"))

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, cover: QRect) -> None:
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        small = self.small(option.font)
        top = QRect(cover.left(), cover.bottom() + _GAP, cover.width(), QFontMetrics(bold).height())
        second = QRect(top.left(), top.bottom() + 1 + _LINE_GAP, top.width(), QFontMetrics(small).height())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        tone, year = "selection_text" if selected else "soft", index.data(AlbumRole.YEAR)
        self.look_at(cover, option.direction)
        self.text(painter, top, index.data() or "", bold, "selection_text" if selected else "text")
        artist = index.data(AlbumRole.ARTIST) or ""
        taken = self.text(painter, second, year, small, tone, right=bool(artist)) + _GAP if year else 0
        self.text(painter, second.adjusted(0, 0, -taken, 0), artist, small, tone)


def cell_size(font: QFont, side: int) -> QSize:
    """The least room of a cell for a cover of a side."""
    lines = QFontMetrics(font).height() + QFontMetrics(RowDelegate.small(font)).height()
    return QSize(side + 2 * MARGIN, side + 2 * MARGIN + _GAP + _LINE_GAP + lines)
