"""A row of the panel: cover, title, artist and album, how near, why, and under the pointer what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip, QWidget

from indexer.core.language import tr
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, GLYPH, TwoLineDelegate
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import Index, Role
from musicplayer.ui.similar.similar_rows import SimilarRole

COVER = 46
BUTTON = 28
_LEFT = 12
_RIGHT = 10
_AIR = 10
_LOWEST = 64
_MARGIN = 7
_BELOW_TITLE = 1
_ABOVE_REASON = 2
_BAR_HEIGHT = 4
_COLUMN = 2 * BUTTON
_DOT, _DOT_STEP = 6, 8
_MOST_DOTS = _COLUMN // _DOT_STEP
"""Seeds that have a dot each; of more, a bar says how many of them are near."""


class SimilarDelegate(TwoLineDelegate):
    """How near as a bar, or of several seeds as a dot for each; under the pointer it makes room for buttons.

    Signals:
        add_requested: the row that is to be queued.
        hide_requested: the row that is not wanted for this seed.
        why_requested: the row whose reason was pressed.
    """

    add_requested = Signal(int)
    hide_requested = Signal(int)
    why_requested = Signal(int)

    def __init__(self, look: Look, covers: RowCovers, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._covers = covers

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(240, RowLayout.height(option.font, self.small(option.font)))

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        layout = self._layout(option)
        away = bool(index.data(Role.AWAY))
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        small = self.small(option.font)
        self._covers.paint(painter, self.placed(layout.cover), index.data(Role.TRACK), dimmed=away)
        title = index.data(Qt.ItemDataRole.DisplayRole) or ""
        self.text(painter, layout.title, title, option.font, "faint" if away else "text")
        names = index.data(SimilarRole.NAMES) or ""
        self.text(painter, layout.names, names, small, "faint" if away else "soft")
        self._paint_reason(painter, option, index, layout.reason)
        if over:
            self._paint_button(painter, option, layout.hide, "thumbs-down")
            self._paint_button(painter, option, layout.add, "plus-bold")
            return
        near_seeds = index.data(SimilarRole.NEAR_SEEDS)
        if near_seeds is None:
            self.bar(painter, QRectF(layout.bar), float(index.data(Role.NEARNESS) or 0.0))
        elif near_seeds[1] <= _MOST_DOTS:
            self._paint_dots(painter, layout.bar, *near_seeds)
        else:
            self.bar(painter, QRectF(layout.bar), near_seeds[0] / near_seeds[1])

    def layout_of(self, row: QRect) -> RowLayout:
        """Where the parts of a row are, for languages that are read from the left."""
        view = self.parent()
        font = view.font() if isinstance(view, QWidget) else QWidget().font()
        return RowLayout.of(row, font, self.small(font))

    def button_rect(self, row: QRect) -> QRect:
        """Where the button of a row is that queues it."""
        return self._seen(row, self.layout_of(row).add)

    def hide_rect(self, row: QRect) -> QRect:
        """Where the button of a row is that hides it."""
        return self._seen(row, self.layout_of(row).hide)

    def why_rect(self, option: QStyleOptionViewItem) -> QRect:
        """Where a row says why it is there, and can be asked for more."""
        return QStyle.visualRect(option.direction, option.rect, self._layout(option).reason)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:  # noqa: ARG002
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        layout = self._layout(option)
        places = (
            (self.add_requested, layout.add),
            (self.hide_requested, layout.hide),
            (self.why_requested, layout.reason),
        )
        spot = QStyle.visualPos(option.direction, option.rect, event.position().toPoint())
        for pressed, place in places:
            if place.contains(spot):
                if event.type() == QEvent.Type.MouseButtonRelease:
                    pressed.emit(index.row())
                return True
        return False

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        layout = self._layout(option)
        tips = (
            (layout.add, tr("Add to queue")),
            (layout.hide, tr("Hide for this seed (Del)")),
            (layout.reason, f"{index.data(Qt.ItemDataRole.ToolTipRole)}\n{tr('Click to see more.')}"),
        )
        spot = QStyle.visualPos(option.direction, option.rect, event.pos())
        for place, words in tips:
            if place.contains(spot):
                QToolTip.showText(event.globalPos(), words, view)
                return True
        return super().helpEvent(event, view, option, index)

    def _seen(self, row: QRect, area: QRect) -> QRect:
        """Where a part of a row is in the view."""
        view = self.parent()
        direction = view.layoutDirection() if isinstance(view, QWidget) else Qt.LayoutDirection.LeftToRight
        return QStyle.visualRect(direction, row, area)

    def _layout(self, option: QStyleOptionViewItem) -> RowLayout:
        return RowLayout.of(option.rect, option.font, self.small(option.font))

    def _paint_reason(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> None:
        """What agrees at the left, tempo and key at the right, both as long as there is room for."""
        small = self.small(option.font)
        words, facts = _that_fit(index, QFontMetrics(small), area.width() - GAP)
        taken = self.text(painter, area, facts, small, "soft", right=True) + GAP if facts else 0
        if not words and option.state & QStyle.StateFlag.State_MouseOver:
            words = tr("Why?")
        small.setUnderline(self._is_under_pointer(option, area))
        self.text(painter, area.adjusted(0, 0, -taken, 0), words, small, "accent")

    def _paint_dots(self, painter: QPainter, area: QRect, near: int, seeds: int) -> None:
        """A dot for each seed at the right of an area, full for those that are near."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = area.right() + 1 - seeds * _DOT_STEP + (_DOT_STEP - _DOT)
        for place in range(seeds):
            painter.setBrush(self.theme.colour("accent" if place < near else "track"))
            dot = QRectF(left + place * _DOT_STEP, area.center().y() + 0.5 - _DOT / 2, _DOT, _DOT)
            painter.drawEllipse(self.placed_exactly(dot))

    def _paint_button(self, painter: QPainter, option: QStyleOptionViewItem, button: QRect, glyph: str) -> None:
        under = self._is_under_pointer(option, button)
        if under:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("pressed"))
            painter.drawRoundedRect(self.placed(button), 6, 6)
        place = QRect(0, 0, GLYPH, GLYPH)
        place.moveCenter(self.placed(button).center())
        self.icons.draw(painter, place, glyph, self.theme.colour("text" if under else "soft"))

    @staticmethod
    def _is_under_pointer(option: QStyleOptionViewItem, area: QRect) -> bool:
        if option.widget is None or not option.state & QStyle.StateFlag.State_MouseOver:
            return False
        spot = option.widget.mapFromGlobal(option.widget.cursor().pos())
        return area.contains(QStyle.visualPos(option.direction, option.rect, spot))


_LENGTHS = (
    (SimilarRole.AGREEMENT, SimilarRole.FACTS),
    (SimilarRole.AGREEMENT, SimilarRole.FACTS_IN_SHORT),
    (SimilarRole.AGREEMENT_IN_SHORT, SimilarRole.FACTS),
    (SimilarRole.AGREEMENT_IN_SHORT, SimilarRole.FACTS_IN_SHORT),
)
"""How a row says why it is there, the fullest first."""


def _that_fit(index: Index, metrics: QFontMetrics, width: int) -> tuple[str, str]:
    """The fullest words and facts that fit side by side; the shortest where none do."""
    for roles in _LENGTHS:
        words, facts = (index.data(role) or "" for role in roles)
        if metrics.horizontalAdvance(words) + metrics.horizontalAdvance(facts) <= width:
            break
    return words, facts


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The rectangles of one row: a cover, three lines beside it, and a column at the right of the first two.

    The column shows how near the track is; under the pointer two buttons take its place.
    """

    cover: QRect
    title: QRect
    names: QRect
    reason: QRect
    bar: QRect
    hide: QRect
    add: QRect

    @classmethod
    def of(cls, row: QRect, font: QFont, small: QFont) -> RowLayout:
        """Lay out `row` for lines in these fonts."""
        high, low = QFontMetrics(font).height(), QFontMetrics(small).height()
        top = row.top() + (row.height() - _text_height(high, low)) // 2
        left, right = row.left() + _LEFT + COVER + _AIR, row.right() + 1 - _RIGHT
        column = right - _COLUMN
        title = QRect(left, top, column - _AIR - left, high)
        names = QRect(left, title.bottom() + 1 + _BELOW_TITLE, title.width(), low)
        reason = QRect(left, names.bottom() + 1 + _ABOVE_REASON, right - left, low)
        buttons = QRect(column, (title.top() + names.bottom()) // 2 - BUTTON // 2, BUTTON, BUTTON)
        return cls(
            cover=QRect(row.left() + _LEFT, row.center().y() - COVER // 2 + 1, COVER, COVER),
            title=title,
            names=names,
            reason=reason,
            bar=QRect(column, buttons.center().y() - _BAR_HEIGHT // 2, _COLUMN, _BAR_HEIGHT),
            hide=buttons,
            add=buttons.translated(BUTTON, 0),
        )

    @staticmethod
    def height(font: QFont, small: QFont) -> int:
        """How high a row is."""
        lines = _text_height(QFontMetrics(font).height(), QFontMetrics(small).height())
        return max(lines + 2 * _MARGIN, _LOWEST)


def _text_height(high: int, low: int) -> int:
    return high + _BELOW_TITLE + low + _ABOVE_REASON + low
