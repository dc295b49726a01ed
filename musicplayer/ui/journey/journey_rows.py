"""Paints the rows of a journey: cover, names, the step from the row before, and the lines along the way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyleOptionViewItem

from indexer.core.discover.near_words import step_words
from musicplayer.ui.journey.journey_lanes import SIDE, Lanes, paint_line
from musicplayer.ui.journey.journey_list import JourneyRole, Passing
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, PADDING, TwoLineDelegate
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import Index, Role

ROW = 48
COVER = 36
_BAR = QSize(44, 4)
_PIN = 14
_WORTH_WORDS = 0.45
"""A step that is no nearer than this is named: what is smooth needs no words."""

_LINE_GAP = 1


class JourneyDelegate(TwoLineDelegate):
    """Rows of 48 pixels: a line leads from cover to cover, dotted where the step is large."""

    def __init__(self, covers: RowCovers, look: Look, parent: QListView) -> None:
        super().__init__(look, parent)
        self._covers = covers

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's own signature
        return QSize(240, max(ROW, 2 * QFontMetrics(option.font).height() + 8))

    def lines(self, option: QStyleOptionViewItem, area: QRect) -> tuple[QRect, QRect]:
        """The two lines of a row, in the middle of it."""
        height = QFontMetrics(option.font).height()
        top = QRect(area.left(), area.center().y() - height - _LINE_GAP // 2, area.width(), height)
        return top, top.translated(0, height + _LINE_GAP)

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = option.rect
        cover = QRect(row.left() + SIDE, row.center().y() + 1 - COVER // 2, COVER, COVER)
        self._paint_way(painter, cover, row, index)
        self._covers.paint(painter, self.placed(cover), index.data(Role.TRACK), dimmed=bool(index.data(Role.AWAY)))
        passings = index.data(JourneyRole.LANES)
        lanes = Lanes.within(row.width() if passings else 0)
        names = row.adjusted(SIDE + COVER + PADDING, 0, -SIDE - lanes.width, 0)
        if index.data(JourneyRole.STOP):
            pin = QRect(names.left(), self.lines(option, names)[0].center().y() - _PIN // 2 + 1, _PIN, _PIN)
            self.icons.draw(painter, self.placed(pin), "map-pin-fill", self.theme.colour("text"))
            names.adjust(_PIN + GAP // 2, 0, 0, 0)
        self._paint_names(painter, option, index, names)
        self._paint_lanes(painter, option, passings, lanes)

    def _paint_names(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> None:
        """Title and length; artist, and how small the step to here was."""
        top, bottom = self.lines(option, area)
        away, small = self.is_pale(index), self.small(option.font)
        taken = self.text(
            painter, top, index.data(Role.LENGTH) or "", option.font, "faint" if away else "soft", right=True
        )
        title = index.data(Qt.ItemDataRole.DisplayRole) or ""
        title_font = QFont(option.font)
        if index.data(JourneyRole.STOP):
            title_font.setWeight(QFont.Weight.DemiBold)
        self.text(painter, top.adjusted(0, 0, -taken - GAP, 0), title, title_font, "faint" if away else "text")
        taken = self._paint_step(painter, bottom, small, index.data(Role.NEARNESS))
        artist = index.data(Role.ARTIST) or ""
        self.text(painter, bottom.adjusted(0, 0, -taken - GAP, 0), artist, small, "faint" if away else "soft")

    def _paint_step(self, painter: QPainter, area: QRect, font: QFont, nearness: float | None) -> int:
        """The step as a bar at the end of a line, and in words where it is large; return the width it took."""
        if nearness is None:
            return 0
        left = area.right() + 1 - _BAR.width()
        self.bar(
            painter, QRectF(left, area.center().y() + 1 - _BAR.height() / 2, _BAR.width(), _BAR.height()), nearness
        )
        if nearness >= _WORTH_WORDS:
            return _BAR.width()
        words = area.adjusted(0, 0, -_BAR.width() - GAP, 0)
        return _BAR.width() + GAP + self.text(painter, words, step_words(nearness), font, "soft", right=True)

    def _paint_way(self, painter: QPainter, cover: QRect, row: QRect, index: Index) -> None:
        """From the cover above to this one, and on to the one below."""
        middle = self.placed(cover).center().x() + 0.5
        below = index.sibling(index.row() + 1, index.column())
        for nearness, start, end in (
            (index.data(Role.NEARNESS), row.top(), cover.top()),
            (below.data(Role.NEARNESS) if below.isValid() else None, cover.bottom() + 1, row.bottom() + 1),
        ):
            if nearness is not None:
                style = Qt.PenStyle.SolidLine if nearness >= _WORTH_WORDS else Qt.PenStyle.DotLine
                painter.setPen(QPen(self.theme.colour("edge"), 2, style, Qt.PenCapStyle.FlatCap))
                painter.drawLine(QPointF(middle, start), QPointF(middle, end))

    def _paint_lanes(
        self, painter: QPainter, option: QStyleOptionViewItem, passings: Sequence[Passing], lanes: Lanes
    ) -> None:
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        areas = lanes.areas(QRectF(option.rect))
        for passing, (text, line) in zip(passings, areas, strict=False):
            if lanes.text:
                self.text(painter, text.toRect(), passing.text, self.small(option.font), "soft", right=True)
            paint_line(painter, self.placed_exactly(line), passing, self.theme, mirrored=mirrored)
