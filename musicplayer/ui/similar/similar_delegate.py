"""A row of the panel: cover, title, artist and album, how near; where there is room or under the pointer also why."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip, QWidget

from indexer.core.language import tr
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.delegates import GAP, GLYPH, TwoLineDelegate
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import Index, Role
from musicplayer.ui.similar.similar_rows import SimilarRole

WHY_KEYS = "Ctrl+I"
COVER = 34
BUTTON = 28
HEIGHT = 44
"""Pixels of a row; letters that are larger than usual make it higher."""
WIDE = 460
"""Pixels of width from which on a row always says why it is there; others do under the pointer."""
_LEFT = 12
_RIGHT = 10
_AIR = 10
_MARGIN = 4
_BELOW_TITLE = 1
_NAMES_SHARE = 0.58
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
        self._covers.paint(painter, self.placed(layout.cover), index.data(Role.TRACK), dimmed=away)
        title, names = index.data(Qt.ItemDataRole.DisplayRole) or "", index.data(SimilarRole.NAMES) or ""
        if over:
            layout = layout.with_buttons()
        self.text(painter, layout.title, title, option.font, "faint" if away else "text")
        if layout.is_wide or not over:
            self.text(painter, layout.names, names, self.small(option.font), "faint" if away else "soft")
        if layout.is_wide or over:
            self._paint_reason(painter, option, index, layout.reason)
        if over:
            self._paint_button(painter, option, layout.why, "question")
            self._paint_button(painter, option, layout.hide, "thumbs-down")
            self._paint_button(painter, option, layout.add, "plus-bold")
        else:
            self._paint_nearness(painter, index, layout.bar)

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
        """Where the button of a row is that says why it is there."""
        return QStyle.visualRect(option.direction, option.rect, self._layout(option).why)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:  # noqa: ARG002
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        layout = self._layout(option)
        places = (
            (self.add_requested, layout.add),
            (self.hide_requested, layout.hide),
            (self.why_requested, layout.why),
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
            (layout.why, tr("Why is this here?") + f" ({WHY_KEYS})"),
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

    def _paint_nearness(self, painter: QPainter, index: Index, area: QRect) -> None:
        near_seeds = index.data(SimilarRole.NEAR_SEEDS)
        if near_seeds is None:
            self.bar(painter, QRectF(area), float(index.data(Role.NEARNESS) or 0.0))
        elif near_seeds[1] <= _MOST_DOTS:
            self._paint_dots(painter, area, *near_seeds)
        else:
            self.bar(painter, QRectF(area), near_seeds[0] / near_seeds[1])

    def _paint_reason(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> None:
        """What agrees, then tempo and key: at both ends of a line, or in a wide row in two lines."""
        font = self.small(option.font)
        metrics = QFontMetrics(font)
        if area.height() < 2 * metrics.height():
            words, facts = _that_fit(index, metrics, area.width() - GAP)
            taken = self.text(painter, area, facts, font, "soft", right=True) + GAP if facts else 0
            self.text(painter, area.adjusted(0, 0, -taken, 0), words, font, "text")
            return
        lines = ((area.top() + 1, _AGREEMENT), (area.bottom() + 1 - metrics.height(), _FACTS))
        for top, lengths in lines:
            line = QRect(area.left(), top, area.width(), metrics.height())
            self.text(painter, line, _longest(index, lengths, metrics, line.width()), font, "soft", right=True)

    def _paint_dots(self, painter: QPainter, area: QRect, near: int, seeds: int) -> None:
        """A dot for each seed at the right of an area, full for those that are near."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = area.right() + 1 - seeds * _DOT_STEP + (_DOT_STEP - _DOT)
        for place in range(seeds):
            painter.setBrush(self.theme.colour("soft" if place < near else "track"))
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


_AGREEMENT = (SimilarRole.AGREEMENT, SimilarRole.AGREEMENT_IN_SHORT)
_FACTS = (SimilarRole.FACTS, SimilarRole.FACTS_IN_SHORT)
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


def _longest(index: Index, roles: tuple[SimilarRole, ...], metrics: QFontMetrics, width: int) -> str:
    """The first of these words that fit into a width; the last where none do."""
    words = [str(index.data(role) or "") for role in roles]
    return next((each for each in words if metrics.horizontalAdvance(each) <= width), words[-1])


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The rectangles of one row: a cover, two lines beside it, and a column at the right of them.

    The column shows how near the track is; under the pointer buttons take its place, and some of the lines. Why it is
    there stands between lines and column in a wide row, and under the pointer in place of the names in another.
    """

    cover: QRect
    title: QRect
    names: QRect
    reason: QRect
    bar: QRect
    why: QRect
    hide: QRect
    add: QRect

    @property
    def is_wide(self) -> bool:
        """Whether why it is there has room of its own."""
        return self.reason != self.names

    def with_buttons(self) -> RowLayout:
        """The same with lines that end before the first button."""
        if self.is_wide:
            return replace(self, reason=self.reason.adjusted(0, 0, -BUTTON, 0))
        title, names = (line.adjusted(0, 0, -BUTTON, 0) for line in (self.title, self.names))
        return replace(self, title=title, names=names, reason=names)

    @classmethod
    def of(cls, row: QRect, font: QFont, small: QFont) -> RowLayout:
        """Lay out `row` for lines in these fonts."""
        high, low = QFontMetrics(font).height(), QFontMetrics(small).height()
        top = row.top() + (row.height() - _text_height(high, low)) // 2
        left, right = row.left() + _LEFT + COVER + _AIR, row.right() + 1 - _RIGHT
        column = right - _COLUMN
        whole = column - _AIR - left
        wide = row.width() >= WIDE
        width = round(whole * _NAMES_SHARE) if wide else whole
        title = QRect(left, top, width, high)
        names = QRect(left, title.bottom() + 1 + _BELOW_TITLE, width, low)
        aside = left + width + _AIR
        reason = QRect(aside, title.top(), column - _AIR - aside, names.bottom() + 1 - title.top()) if wide else names
        buttons = QRect(column, row.center().y() - BUTTON // 2 + 1, BUTTON, BUTTON)
        return cls(
            cover=QRect(row.left() + _LEFT, row.center().y() - COVER // 2 + 1, COVER, COVER),
            title=title,
            names=names,
            reason=reason,
            bar=QRect(column, buttons.center().y() - _BAR_HEIGHT // 2, _COLUMN, _BAR_HEIGHT),
            why=buttons.translated(-BUTTON, 0),
            hide=buttons,
            add=buttons.translated(BUTTON, 0),
        )

    @staticmethod
    def height(font: QFont, small: QFont) -> int:
        """How high a row is."""
        return max(_text_height(QFontMetrics(font).height(), QFontMetrics(small).height()) + 2 * _MARGIN, HEIGHT)


def _text_height(high: int, low: int) -> int:
    return high + _BELOW_TITLE + low
