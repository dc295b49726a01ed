"""The seeds of "more like these" as chips: a click takes one away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from indexer.core.language import tr
from indexer.core.tracks import Track
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.flow_layout import FlowLayout
from musicplayer.ui.look.icons import Icons

_WIDEST = 132
_CROSS = 12
_LINE = 27
MOST_LINES = 2
"""Lines of chips; more are scrolled to."""


class SeedChips(QScrollArea):
    """A chip for each seed, in lines.

    Signals:
        removed: the TrackId whose chip was pressed.
    """

    removed = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seedChips")
        self.setAccessibleName(tr("What this list is about"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icons = icons
        self._lines = MOST_LINES
        self._inside = QWidget()
        self._inside.setObjectName("seedChipsInside")
        self._flow = FlowLayout(self._inside)
        self.setWidget(self._inside)

    def show_seeds(self, seeds: Sequence[Track]) -> None:
        """Show these instead."""
        while item := self._flow.takeAt(0):
            if (chip := item.widget()) is not None:
                chip.hide()
                chip.deleteLater()
        for seed in seeds:
            chip = self._chip(seed)
            self._flow.addWidget(chip)
            chip.show()  # Qt does so itself only later, and what is not shown has no height
        self._fit()

    def show_lines(self, lines: int) -> None:
        """Take no more lines than these, where every pixel counts; none at all hides the chips."""
        if lines != self._lines:
            self._lines = lines
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setVisible(bool(self._lines and self._flow.count()))
        self.setFixedHeight(min(self._flow.heightForWidth(self.viewport().width()), self._lines * _LINE))

    def _chip(self, seed: Track) -> QWidget:
        chip = worded_button(
            self._icons.icon("x"), "", tip=tr("{title} by {artist}", title=seed.title, artist=seed.artist)
        )
        chip.setProperty("chip", True)
        chip.setIconSize(QSize(_CROSS, _CROSS))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross comes after the title
        chip.setText(chip.fontMetrics().elidedText(seed.title, Qt.TextElideMode.ElideRight, _WIDEST))
        chip.setAccessibleName(tr("Take “{title}” out", title=seed.title))
        chip.clicked.connect(lambda: self.removed.emit(seed.id))
        return chip
