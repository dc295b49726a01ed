"""A shelf: a title with buttons, and covers in a line; under the pointer what can be done with a track."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from indexer.core.language import mark, tr
from indexer.core.taste.page_words import ShelfWords
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.ui.foryou.shelf_rows import OpinionOf, ShelfModel, ShelfRole
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.covers import paint_cover, paint_no_cover, round_corners
from musicplayer.ui.look.delegates import RowDelegate
from musicplayer.ui.look.item_views import ENTER, chosen_rows, menu_spot
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import Index, Role

COVER = 124
AIR = 8
"""Pixels between a cover and the edge of its cell: a shelf begins so much left of its title."""

_BAND = 32
_GLYPH = 17
_RADIUS = 6.0
_TITLE_FIRST = 100
"""Of what stands in the head of a shelf, the title is the last to be cut."""

_SCROLL_BAR = 12
_DIMMED = 0.35

UP, DOWN, WHY, PLAY = "thumbs-up", "thumbs-down", "question", "play-fill"
_BUTTONS = {PLAY: mark("Play"), UP: mark("Thumb up"), DOWN: mark("Thumb down"), WHY: mark("Why is this here?")}
"""Over the lower edge of a cover, from the left."""


class ShelfView(QListView):
    """The covers of a shelf.

    Signals:
        activated_row: a row was double-clicked, or Enter pressed on it.
        pressed_button: the row and which of its buttons.
        asked_why: the row that the keyboard came to.
        menu_requested: where on the screen.
        left: the pointer is elsewhere.
    """

    activated_row = Signal(int)
    pressed_button = Signal(int, str)
    asked_why = Signal(int)
    menu_requested = Signal(QPoint)
    left = Signal()

    def __init__(self, model: ShelfModel, look: Look, track_of: TrackOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._artwork = look.artwork
        self._pointed: int | None = None
        self.setObjectName("shelf")
        self.setModel(model)
        self.delegate = ShelfDelegate(look, track_of, self)
        self.setItemDelegate(self.delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setFixedHeight(cell_size(self.fontMetrics()).height() + _SCROLL_BAR + 2)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))
        look.artwork.ready.connect(self._on_cover)
        look.artwork.renewed.connect(self.viewport().update)
        look.theme.changed.connect(self.viewport().update)

    @property
    def pointed_row(self) -> int | None:
        """The row under the pointer."""
        return self._pointed

    def selected_rows(self) -> list[int]:
        return chosen_rows(self)

    def selected_tracks(self) -> list[TrackId]:
        return self._rows.tracks_at(self.selected_rows())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._pointed = index.row() if index.isValid() else None

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointed = None
        self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().x():
            super().wheelEvent(event)
        else:
            event.ignore()  # the page scrolls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and self.hasFocus():
            self.asked_why.emit(current.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected_rows():
            self.menu_requested.emit(menu_spot(self, event))

    def _on_cover(self, track: TrackId) -> None:
        if self._rows.row_of(track) is not None:
            self.viewport().update()


class ShelfDelegate(RowDelegate):
    """Cover, title and artist; buttons over the cover under the pointer, a thumb where one was given."""

    def __init__(self, look: Look, track_of: TrackOf, view: ShelfView) -> None:
        super().__init__(look.theme, view)
        self._look = look
        self._view = view
        self._track_of = track_of

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return cell_size(self._view.fontMetrics())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.look_at(option.rect, option.direction)
        ground = self.ground(option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour(ground))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        thumb = int(index.data(ShelfRole.THUMB) or 0)
        cover = _cover_of(option.rect)
        self._paint_cover(painter, cover, index.data(Role.TRACK), dimmed=thumb < 0)
        if option.state & QStyle.StateFlag.State_MouseOver:
            self._paint_buttons(painter, option, thumb)
        elif thumb:
            self._paint_button(painter, _button_of(cover, UP if thumb > 0 else DOWN), thumb, UP if thumb > 0 else DOWN)
        line = QRect(cover.left(), cover.bottom() + 4, cover.width(), QFontMetrics(option.font).height())
        pale = "faint" if thumb < 0 else "text"
        self.text(painter, line, index.data(Qt.ItemDataRole.DisplayRole) or "", option.font, pale)
        artist = index.data(Role.ARTIST) or ""
        self.text(painter, line.translated(0, line.height() + 1), artist, self.small(option.font), "soft")
        if self.is_focused(option):
            painter.setPen(self.theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -2, -2), _RADIUS, _RADIUS)
        painter.restore()

    def button_rect(self, cell: QRect, button: str) -> QRect:
        """Where a button of a cell is in the view."""
        return QStyle.visualRect(self._view.layoutDirection(), cell, _button_of(_cover_of(cell), button))

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:  # noqa: ARG002
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        for button in _BUTTONS:
            if self.button_rect(option.rect, button).contains(event.position().toPoint()):
                if event.type() == QEvent.Type.MouseButtonRelease:
                    self._view.pressed_button.emit(index.row(), button)
                return True
        return False

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            for button, words in _BUTTONS.items():
                if self.button_rect(option.rect, button).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), tr(words), view)
                    return True
        return super().helpEvent(event, view, option, index)

    def _paint_cover(self, painter: QPainter, area: QRect, track: TrackId, *, dimmed: bool) -> None:
        pixels = round(area.width() * self._view.devicePixelRatioF())
        image = self._look.artwork.image(track, pixels)
        with round_corners(painter, area, _RADIUS):
            if dimmed:
                painter.setOpacity(_DIMMED)
            if image is not None:
                paint_cover(painter, area, image, self._look, _RADIUS)
                return
            known = self._track_of(track)
            if known is not None:
                self._look.artwork.request(known, pixels)
            paint_no_cover(painter, area, self._look)

    def _paint_buttons(self, painter: QPainter, option: QStyleOptionViewItem, thumb: int) -> None:
        cover = self.placed(_cover_of(option.rect))
        band = QRect(cover.left(), cover.bottom() + 1 - _BAND, cover.width(), _BAND)
        with round_corners(painter, cover, _RADIUS):
            ground = self.theme.colour("raised")
            ground.setAlphaF(0.92)
            painter.fillRect(band, ground)
        for button in _BUTTONS:
            self._paint_button(painter, _button_of(_cover_of(option.rect), button), thumb, button, over=True)

    def _paint_button(self, painter: QPainter, area: QRect, thumb: int, button: str, *, over: bool = False) -> None:
        given = (thumb > 0 and button == UP) or (thumb < 0 and button == DOWN)
        place = QRect(0, 0, _GLYPH, _GLYPH)
        place.moveCenter(self.placed(area).center())
        if not over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("raised"))
            painter.drawEllipse(place.adjusted(-5, -5, 5, 5))
        token = "danger" if given and button == DOWN else "text"
        self._look.icons.draw(painter, place, f"{button}-fill" if given else button, self.theme.colour(token))


class ShelfPart(QWidget):
    """A shelf with its title, what is said of it, and buttons for all of it."""

    def __init__(self, look: Look, track_of: TrackOf, opinion_of: OpinionOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = look.icons.icon
        self.model = ShelfModel(track_of, opinion_of, self)
        self.view = ShelfView(self.model, look, track_of)
        self.title, self.about = ElidedLabel("title"), ElidedLabel("soft")
        self.play_button = tool_button(icon("play"), tr("Play this shelf"))
        self.queue_button = tool_button(icon("queue"), tr("Add this shelf to the queue"))
        self.save_button = tool_button(icon("floppy-disk"), tr("Save this shelf as a playlist"))
        self._words = ShelfWords("")
        head = QHBoxLayout()
        head.setContentsMargins(AIR, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self.title, _TITLE_FIRST)
        head.addWidget(self.about, 1)
        for button in (self.play_button, self.queue_button, self.save_button):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.view)

    @property
    def words(self) -> ShelfWords:
        return self._words

    def show_words(self, words: ShelfWords) -> None:
        if words != self._words:
            self._words = words
            self.title.ensurePolished()
            self.title.setMaximumWidth(self.title.fontMetrics().horizontalAdvance(words.title) + 1)
            self.title.set_whole_text(words.title)
            self.view.setAccessibleName(words.title)
            self.about.set_whole_text(words.about)

    def tell_why(self, words: str) -> None:
        """Say beside the title why a track is here; an empty text says again what the shelf holds."""
        self.about.set_whole_text(words or self._words.about)
        self.view.setAccessibleDescription(words)


def cell_size(metrics: QFontMetrics) -> QSize:
    """Of a cover with two lines below."""
    return QSize(COVER + 2 * AIR, COVER + 2 * metrics.height() + 2 * AIR + 5)


def _cover_of(cell: QRect) -> QRect:
    return QRect(cell.left() + AIR, cell.top() + AIR, COVER, COVER)


def _button_of(cover: QRect, button: str) -> QRect:
    wide = cover.width() // len(_BUTTONS)
    place = list(_BUTTONS).index(button)
    return QRect(cover.left() + place * wide, cover.bottom() + 1 - _BAND, wide, _BAND)
