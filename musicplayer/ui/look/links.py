"""Names that lead somewhere: underlined under the pointer, cut where there is no room for them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

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
    """Several names in a line with dots between them; where there is little room the longer ones give way first.

    Signals:
        clicked: the word that was given with a name.
    """

    clicked = Signal(str)

    def __init__(self, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self._links: list[tuple[str, Link]] = []
        self._row: list[Link] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[tuple[str, str]]) -> None:
        """Show texts, each with the word for where it leads; an empty word for one that leads nowhere."""
        for old in self._row:
            old.hide()
            old.deleteLater()
        self._links, self._row = [], []
        for text, word in (part for part in parts if part[0]):
            if self._links:
                self._row.append(self._link(_DOT, ""))
            link = self._link(text, word)
            self._links.append((text, link))
            self._row.append(link)
        self._place()
        self.updateGeometry()

    @property
    def whole_text(self) -> str:
        """All of it on one line."""
        return _BETWEEN.join(text for text, _ in self._links)

    @property
    def links(self) -> list[Link]:
        """In the order in which they are shown."""
        return [link for _, link in self._links]

    def sizeHint(self) -> QSize:
        """Of a line."""
        height = max((link.sizeHint().height() for link in self._row), default=self.fontMetrics().height())
        return QSize(sum(link.sizeHint().width() for link in self._row), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.LayoutDirectionChange, QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._place()

    def _place(self) -> None:
        wanted = [link.sizeHint().width() for link in self._row]
        dots = sum(wanted[1::2])
        named = iter(_shared(wanted[::2], max(self.width() - dots, 0)))
        at = 0
        for place, link in enumerate(self._row):
            width = wanted[place] if place % 2 else next(named)
            area = QRect(at, 0, width, self.height())
            link.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), area))
            at += width

    def _link(self, text: str, word: str) -> Link:
        link = Link(self._tone, self)
        link.leads = bool(word)
        link.set_whole_text(text)
        link.clicked.connect(lambda: self.clicked.emit(word))
        link.show()
        return link


def _shared(wanted: Sequence[int], room: int) -> list[int]:
    """What each gets of the room: all that it wants, as long as that is no more than its share of what is left."""
    given: dict[int, int] = {}
    for place in sorted(range(len(wanted)), key=lambda place: wanted[place]):
        share = room // (len(wanted) - len(given))
        given[place] = min(wanted[place], share)
        room -= given[place]
    return [given[place] for place in range(len(wanted))]


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
