"""How wide columns of text are: as their texts need it where there is room, shared fairly where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView

NARROWEST, WIDEST_NEED = 80, 420
"""Pixels that each column has at least, and beyond which none needs more."""

_MOST_WHOLE = 0.95
"""Of the texts, so many are shown whole in a column as wide as it needs."""

_AIR = 18


def name_width(header: QHeaderView, section: int) -> int:
    """Pixels for the name of a column; Qt keeps room beside it for the arrow of the sorting, which stands over it."""
    was_shown = header.isSortIndicatorShown()
    header.setSortIndicatorShown(False)
    width = header.sectionSizeHint(section)
    header.setSortIndicatorShown(was_shown)
    return width


def needed_width(texts: Sequence[str], metrics: QFontMetrics, least: int = NARROWEST) -> int:
    """Pixels in which most of `texts` are shown whole, within bounds; empty ones need nothing and are not counted."""
    widths = sorted(metrics.horizontalAdvance(text) for text in texts if text)
    need = widths[min(int(_MOST_WHOLE * len(widths)), len(widths) - 1)] + _AIR if widths else 0
    return max(NARROWEST, least, min(need, WIDEST_NEED))


def shared_widths(needs: Sequence[int], room: int) -> list[int]:
    """Share `room` among columns, to the pixel.

    What is left when each has what it needs is given in proportion to that. Where it is not enough, those that need
    little have it all, and the others have the same each.

    Args:
        needs: pixels, NARROWEST or more, of at least one column.
        room: pixels, NARROWEST for each or more.
    """
    total = sum(needs)
    if total <= room:
        widths = [need * room // total for need in needs]
    else:
        widths = [0] * len(needs)
        left = room
        by_need = sorted(range(len(needs)), key=needs.__getitem__)
        for place, column in enumerate(by_need):
            widths[column] = min(needs[column], left // (len(needs) - place))
            left -= widths[column]
    widths[widths.index(max(widths))] += room - sum(widths)
    return widths
