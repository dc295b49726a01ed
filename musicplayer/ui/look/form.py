"""Lays out a page of settings: headings, and rows of a name, a control and a sentence about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

_MARGIN = 22
_NAME_WIDTH = 150
_BELOW = 9
"""Pixels below a row, its sentence included, besides those between any two lines."""


class Form(QScrollArea):
    """A page that scrolls when it is longer than the dialog."""

    def __init__(self, title: str, about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet = QWidget()
        sheet.setObjectName("page")
        sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(_MARGIN, 18, _MARGIN, _MARGIN)
        column.setSpacing(14)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        column.addWidget(text_label(title, "headline"))
        if about:
            column.addWidget(text_label(about, "soft"))
        column.addLayout(self._grid)
        column.addStretch(1)
        self.setWidget(sheet)

    def heading(self, text: str) -> None:
        """Begin a group."""
        label = text_label(text, "title")
        label.setContentsMargins(0, 12, 0, 4)
        self._grid.addWidget(label, self._grid.rowCount(), 0, 1, 2)

    def row(self, name: str, control: QWidget, about: str = "") -> None:
        """A control with its name to the left and a sentence below it; a check box says it itself, at the left."""
        row = self._grid.rowCount()
        if isinstance(control, QCheckBox):
            control.setText(name)
        else:
            label = text_label(name, "soft")
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            label.setBuddy(control)
            self._grid.addWidget(label, row, 0)
        reached = control.focusProxy() or control  # several widgets in a row are one control to whoever hears of it
        if not reached.accessibleName():
            reached.setAccessibleName(name)
        if about:
            reached.setAccessibleDescription(about)
        first = 0 if isinstance(control, QCheckBox) else 1
        self._grid.addWidget(control, row, first, 1, 2 - first, self._side(control))
        if about:
            words = text_label(about, "small")
            words.setContentsMargins(24 if isinstance(control, QCheckBox) else 0, 0, 0, _BELOW)
            self._grid.addWidget(words, row + 1, first, 1, 2 - first)
        else:
            self._grid.setRowMinimumHeight(row + 1, _BELOW)

    def whole(self, widget: QWidget) -> None:
        """A widget as wide as the page."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    @staticmethod
    def _side(control: QWidget) -> Qt.AlignmentFlag:
        wide = control.sizePolicy().horizontalPolicy() in (QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        return Qt.AlignmentFlag(0) if wide else Qt.AlignmentFlag.AlignLeft


def text_label(text: str, tone: str) -> QLabel:
    """Words that wrap, in one of the tones of the style."""
    label = QLabel(text)
    label.setProperty("tone", tone)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
