"""Where the parts of a row of the panel are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics

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


@dataclass(frozen=True, slots=True)
class RowLayout:
    """The rectangles of one row: a cover, three lines beside it, and a column at the right of the first two.

    The column shows how close the track is; under the pointer two buttons take its place.
    """

    cover: QRect
    title: QRect
    names: QRect
    reason: QRect
    share: QRect
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
            share=QRect(column, title.top(), _COLUMN, high),
            bar=QRect(column, names.center().y() - _BAR_HEIGHT // 2, _COLUMN, _BAR_HEIGHT),
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
