"""A line of buttons with icons and words, of which those at the end keep their icons alone where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QWidget

_SPACING = 8
_WORDED = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


class FoldingButtons(QWidget):
    """What a button says is its name for screen readers as well, and its tool tip while it shows its icon alone.

    One that has a tool tip of its own keeps it.
    """

    def __init__(
        self, buttons: Sequence[QAbstractButton], parent: QWidget | None = None, *, at_end: bool = False
    ) -> None:
        """Line them up at the beginning of the room there is, or `at_end` of it."""
        super().__init__(parent)
        self._buttons = list(buttons)
        self._words = [button.text().strip() for button in buttons]
        self._tips = [button.toolTip() for button in buttons]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_SPACING)
        for button in buttons:
            layout.addWidget(button)
        layout.insertStretch(0 if at_end else -1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fold(0)

    def sizeHint(self) -> QSize:
        return QSize(0, max(button.sizeHint().height() for button in self._buttons))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Fold as many words away as it takes, the last first; to be called when a button is shown or hidden."""
        for folded in range(len(self._buttons) + 1):
            self._fold(folded)
            if self._wanted() <= self.width():
                return

    def _wanted(self) -> int:
        """Width of all buttons as they are now."""
        shown = [button for button in self._buttons if not button.isHidden()]
        return sum(button.sizeHint().width() for button in shown) + _SPACING * len(shown)

    def _fold(self, count: int) -> None:
        worded = len(self._buttons) - count
        for place, (button, word, tip) in enumerate(zip(self._buttons, self._words, self._tips, strict=True)):
            button.setText(f" {word}" if place < worded else "")  # air between icon and word, which no style gives
            button.setToolTip(tip if place < worded else tip or word)
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(_WORDED if place < worded else Qt.ToolButtonStyle.ToolButtonIconOnly)
