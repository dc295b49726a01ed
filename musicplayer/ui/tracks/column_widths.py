"""How wide columns of text are, as their texts need it or shared fairly, and what is kept of columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QFontMetrics, QStandardItemModel
from PySide6.QtWidgets import QHeaderView

from indexer.core.catalogue.shown import SHOWN, Column
from musicplayer.ui.tracks.track_table import COLUMNS, HEADERS

NARROWEST, WIDEST_NEED = 80, 420
"""Pixels that each column has at least, and beyond which none needs more."""

_MOST_WHOLE = 0.95
"""Of the texts, so many are shown whole in a column as wide as it needs."""

_AIR = 18

EARLIER = tuple(str(COLUMNS.index(first)) for first in (Column.FAVOURITE, Column.RECORDING_ID))
"""How many columns there were before the last ones came, and before those."""


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


def with_new_columns(saved: QByteArray, count: int, like: QHeaderView) -> QByteArray:
    """The state of a header of the first `count` columns, with those that came since hidden behind them."""
    model = QStandardItemModel(0, count)
    header = QHeaderView(Qt.Orientation.Horizontal)
    header.setModel(model)
    header.setSectionsMovable(True)
    header.setMinimumSectionSize(like.minimumSectionSize())
    if not header.restoreState(saved):
        return QByteArray()
    model.setColumnCount(len(COLUMNS))
    for section in range(count, len(COLUMNS)):
        header.setSectionHidden(section, False)
        column = COLUMNS[section]
        width = 0 if column is None else HEADERS[column].width
        header.resizeSection(section, max(width, name_width(like, section)))
        header.setSectionHidden(section, True)
    return header.saveState()


def own_in(sized: str) -> set[int] | None:
    """The columns that a hand sized, as a state says it; before there was a list of them it was all or none."""
    word, _, sections = sized.partition(":")
    if word == "sized" and sections:
        return sections_in(sections)
    return {"fills": set[int](), "sized": set(TEXTS)}.get(word)


def sections_in(words: str) -> set[int]:
    return {int(section) for section in words.split(",") if section.isdecimal()}


def is_text(column: Column | None) -> bool:
    return column is not None and SHOWN[column].kind.is_text


TEXTS = tuple(section for section, column in enumerate(COLUMNS) if is_text(column))
