"""The title bar of a dock: its name, a note beside it, and buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from musicplayer.ui.look.labels import ElidedLabel

HEIGHT = 38


class DockTitle(QWidget):
    """Stands in for Qt's own title bar; a drag that starts on it moves the dock as before."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(12, 0, 6, 0)
        self._layout.setSpacing(2)
        label = QLabel(name)
        label.setObjectName("dockName")
        self._note = ElidedLabel()
        self._note.setObjectName("dockNote")
        self._layout.addWidget(label)
        self._layout.addSpacing(8)
        self._layout.addWidget(self._note, 1)

    def sizeHint(self) -> QSize:
        """The height that Qt's layout of docks asks for; it does not look at the fixed one."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), HEIGHT)

    def set_note(self, text: str) -> None:
        self._note.set_whole_text(text)

    @property
    def note(self) -> str:
        return self._note.whole_text

    def add_button(self, button: QToolButton) -> None:
        self._layout.addWidget(button)
