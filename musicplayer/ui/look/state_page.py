"""A page that says in words why there is nothing to show, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from indexer.core.language import tr
from musicplayer.ui.look.labels import GlyphLabel, WrappedLabel
from musicplayer.ui.look.look import Look

_GLYPH = 40
_LOWEST = 64


class FittingPart(QWidget):
    """Something that takes as much of the room as it can use."""

    def fit(self, width: int, height: int) -> bool:
        """Arrange for so many pixels; whether that is enough."""
        raise NotImplementedError


class StatePage(QWidget):
    """A glyph, a sentence, a second one in a softer tone, optionally progress and buttons; all centred.

    Signals:
        said: it says something else, or the same again.
    """

    said = Signal()

    def __init__(self, look: Look, *, width: int = 420, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._glyph = GlyphLabel(look, _GLYPH)
        self._glyph.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._headline = WrappedLabel("", "title", width)
        self._detail = WrappedLabel("", "soft", width)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName(tr("Progress"))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(10)
        self._part: FittingPart | None = None
        self._part_wanted = False
        self._build_ui()

    def show_state(
        self, glyph: str, headline: str, detail: str = "", *, share: float | None = None, busy: bool = False
    ) -> None:
        """Say something; `share` is how far it has come, 0 to 1, and `busy` stands for nobody knows how far."""
        self._glyph.show_glyph(glyph, "faint")
        self._headline.setText(headline)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._bar.setVisible(share is not None or busy)
        self._bar.setRange(0, 0 if busy else 1000)
        self._bar.setValue(round((share or 0.0) * 1000))
        self._fit_part()
        self.said.emit()

    def minimumSizeHint(self) -> QSize:
        """Little: a page that is not shown does not keep a small window from showing what is."""
        return QSize(max(WrappedLabel.NARROWEST, self._buttons.minimumSize().width()) + self._beside(), _LOWEST)

    @property
    def text(self) -> str:
        """What the page says."""
        return f"{self._headline.text()} {self._detail.text()}".strip()

    def set_part(self, part: FittingPart) -> None:
        """Lay something below all else, which `show_part` shows where there is room for it."""
        self._part = part
        self._lines.insertWidget(self._lines.count() - 1, part, 0, Qt.AlignmentFlag.AlignHCenter)
        part.hide()

    def show_part(self, on: bool) -> None:
        """Show what lies below all else, or hide it."""
        self._part_wanted = on
        self._fit_part()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for label in (self._headline, self._detail):
            label.fit_into(self.width() - self._beside())
        self._fit_part()

    def _fit_part(self) -> None:
        if self._part is not None:
            margins = self._lines.contentsMargins()
            height = self.height() - margins.top() - margins.bottom() - self._taken()
            self._part.setVisible(self._part_wanted and self._part.fit(self.width() - self._beside(), height))

    def _beside(self) -> int:
        """Pixels of width that nothing is laid out in."""
        margins = self._lines.contentsMargins()
        return margins.left() + margins.right()

    def _taken(self) -> int:
        """Pixels of height that all else needs."""
        parts: list[QWidget] = [self._glyph, self._headline, self._detail, self._bar]
        shown = [part for part in parts if not part.isHidden()]
        heights = [max(part.heightForWidth(part.width()), part.sizeHint().height()) for part in shown]
        return sum(heights) + self._buttons.sizeHint().height() + self._lines.spacing() * (len(shown) + 3)

    def add_button(self, button: QPushButton) -> None:
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def _build_ui(self) -> None:
        self._buttons.addStretch()
        self._buttons.addStretch()
        layout = self._lines = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._glyph)
        for part in (self._headline, self._detail, self._bar):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(6)
        layout.addLayout(self._buttons)
        layout.addStretch(3)


class DropPage(StatePage):
    """Stands for an empty list, and takes what is dropped on it as the model of the list would."""

    def __init__(self, model: QAbstractItemModel, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, width=240, parent=parent)
        self._model = model
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._model.canDropMimeData(event.mimeData(), Qt.DropAction.CopyAction, -1, -1, QModelIndex()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._model.dropMimeData(event.mimeData(), Qt.DropAction.CopyAction, -1, -1, QModelIndex()):
            event.acceptProposedAction()
