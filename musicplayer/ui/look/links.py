"""Names that lead somewhere: underlined under the pointer, cut where there is no room for them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from indexer.core.phrases import isolated
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.labels import ElidedLabel

_BETWEEN = " · "
_DOT = isolated(_BETWEEN)
"""As names are, so that it stands on the same line: the marks are of a font of their own."""


class Link(ElidedLabel):
    """A name on one line; as wide as it is, or less.

    Signals:
        clicked: by the left button, where it leads anywhere.
    """

    clicked = Signal()

    def __init__(self, tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(tone, parent)
        self.leads = True
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_whole_text(self, text: str) -> None:
        super().set_whole_text(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Of all of it, however much of it is shown."""
        return QSize(self.fontMetrics().horizontalAdvance(self.whole_text) + 2, super().sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self._underline(self.leads)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._underline(False)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self.leads and event.button() == Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (
            self.leads
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.clicked.emit()

    def _underline(self, on: bool) -> None:
        font = self.font()
        font.setUnderline(on)
        self.setFont(font)
        self.setCursor(Qt.CursorShape.PointingHandCursor if on else Qt.CursorShape.ArrowCursor)


class LinkLine(QWidget):
    """Several names in a line with dots between them; each gives way to the others where there is little room.

    Signals:
        clicked: the word that was given with a name.
    """

    clicked = Signal(str)

    def __init__(self, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self._links: list[tuple[str, Link]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def show_parts(self, parts: Sequence[tuple[str, str]]) -> None:
        """Show texts, each with the word for where it leads; an empty word for one that leads nowhere."""
        while taken := self._row.takeAt(0):
            if (old := taken.widget()) is not None:
                old.deleteLater()
        self._links = []
        for text, word in (part for part in parts if part[0]):
            if self._links:
                self._row.addWidget(self._link(_DOT, ""))
            link = self._link(text, word)
            self._links.append((text, link))
            self._row.addWidget(link)
        self._row.addStretch(1)

    @property
    def whole_text(self) -> str:
        """All of it on one line."""
        return _BETWEEN.join(text for text, _ in self._links)

    @property
    def links(self) -> list[Link]:
        """In the order in which they are shown."""
        return [link for _, link in self._links]

    def _link(self, text: str, word: str) -> Link:
        link = Link(self._tone, self)
        link.leads = bool(word)
        link.set_whole_text(text)
        link.clicked.connect(lambda: self.clicked.emit(word))
        if text == _DOT:
            link.setMinimumWidth(link.sizeHint().width())
        return link


class CoverLink(CoverLabel):
    """A cover that leads somewhere.

    Signals:
        clicked: by the left button.
    """

    clicked = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(event.button() == Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if _is_click(event, self):
            self.clicked.emit()


def _is_click(event: QMouseEvent, on: QWidget) -> bool:
    return event.button() == Qt.MouseButton.LeftButton and on.rect().contains(event.position().toPoint())
