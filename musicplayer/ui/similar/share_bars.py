"""Bars to both sides of a line: what each block of features adds to the likeness of two tracks, or takes from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from indexer.core.language import tr
from indexer.core.model.alike import block_word, groups_of, share_words, signed_percent
from musicplayer.ui.look.theme import Theme

if TYPE_CHECKING:
    from indexer.core.model.explain import BlockShare

_BAR_HEIGHT = 8
_ROW_HEIGHT = 14
_BAR_WIDTH = 150
_ROUND = 2.0
_AIR = 3.0


class ShareBar(QWidget):
    """One bar: to the right of the line, to the left of it paler."""

    def __init__(self, theme: Theme, share: float, reach: tuple[float, float], parent: QWidget | None = None) -> None:
        """Draw `share` on a scale from -`reach[0]` to `reach[1]`."""
        super().__init__(parent)
        self._theme = theme
        self._share = share
        self._below, self._above = reach
        self.setMinimumSize(_BAR_WIDTH, _ROW_HEIGHT)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = (self._below + self._above) or 1.0
        room = self.width() - 2 * _AIR
        line = _AIR + room * self._below / whole
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("border"))
        painter.drawRect(QRectF(line - 0.5, 0, 1, self.height()))
        length = room * abs(self._share) / whole
        painter.setBrush(self._theme.colour("soft" if self._share > 0 else "edge"))
        start = line + 1 if self._share > 0 else line - 1 - length
        painter.drawRoundedRect(QRectF(start, (self.height() - _BAR_HEIGHT) / 2, length, _BAR_HEIGHT), _ROUND, _ROUND)


class ShareBars(QWidget):
    """A line for each block, under what a listener would call it; in the order in which the row names that."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    @property
    def lines(self) -> list[str]:
        """What the bars say, from the top."""
        return [bar.accessibleName() for bar in self.findChildren(ShareBar)]

    def show_blocks(self, blocks: Sequence[BlockShare]) -> None:
        """Show these instead of what was there."""
        self._clear()
        reach = (
            max((-block.share for block in blocks if block.share < 0), default=0.0),
            max((block.share for block in blocks if block.share > 0), default=0.0),
        )
        self._grid.addWidget(_legend(with_apart=reach[0] > 0), 0, 0, 1, 3)
        row = 1
        for group in groups_of(blocks):
            if len(group.blocks) > 1:
                self._grid.addWidget(_heading(tr(group.name)), row, 0, 1, 3)
                row += 1
            for block in group.blocks:
                self._add(row, block, reach)
                row += 1

    def _add(self, row: int, block: BlockShare, reach: tuple[float, float]) -> None:
        word = block_word(block.name)
        name, part = QLabel(word.name[:1].upper() + word.name[1:]), QLabel(signed_percent(block.share))
        bar = ShareBar(self._theme, block.share, reach)
        bar.setAccessibleName(share_words(block))
        part.setProperty("tone", "soft")
        for column, widget in enumerate((name, bar, part)):
            widget.setToolTip(word.about)
            self._grid.addWidget(widget, row, column)
        part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()


def _heading(name: str) -> QLabel:
    label = QLabel(name[:1].upper() + name[1:])
    label.setProperty("tone", "strong")
    label.setContentsMargins(0, 4, 0, 0)
    return label


def _legend(*, with_apart: bool) -> QLabel:
    label = QLabel(
        tr("Right: brings them together. Left: keeps them apart.") if with_apart else tr("What brings them together")
    )
    label.setProperty("tone", "small")
    label.setContentsMargins(0, 0, 0, 3)
    return label
