"""Words on the window: one line that is cut, lines that wrap, the title bar of a dock; a glyph, and a line between."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from musicplayer.ui.look.look import Look

_DOCK_HEIGHT = 38
_DOT = " · "
_NOTE_ROOM = 190
"""Pixels for the note in the head of a dock, before its buttons have words."""


class ElidedLabel(QLabel):
    """One line that never widens its layout: what does not fit ends in an ellipsis and shows in the tool tip."""

    def __init__(self, tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._align()
        if tone:
            self.setProperty("tone", tone)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def set_whole_text(self, text: str) -> None:
        self._whole = text
        self._cut()

    @property
    def whole_text(self) -> str:
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _align(self) -> None:
        """Begin where the window's lines begin, whichever way the text itself is read."""
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class GlyphLabel(QLabel):
    """A glyph in a colour of the theme, drawn anew when that changes."""

    def __init__(self, look: Look, size: int, parent: QWidget | None = None) -> None:
        """Show nothing yet, then glyphs of `size` logical pixels."""
        super().__init__(parent)
        self._icons = look.icons
        self._size = size
        self._glyph: tuple[str, str] | None = None
        look.theme.changed.connect(self._draw)

    def show_glyph(self, name: str, colour: str) -> None:
        """Show a glyph by its Phosphor name in a colour of `Tokens`."""
        self._glyph = name, colour
        self._draw()

    def _draw(self) -> None:
        if self._glyph is not None:
            name, colour = self._glyph
            self.setPixmap(self._icons.pixmap(name, self._size, self.devicePixelRatioF(), colour))


class WrappedLabel(QLabel):
    """Centred text in lines of a fixed width, as high as it needs; Qt's own cuts lines off inside stacked pages."""

    NARROWEST = 260
    """Pixels that lines keep where there is less room."""

    def __init__(self, text: str, tone: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self._width = width
        self.setFixedWidth(width)

    def fit_into(self, room: int) -> None:
        """Keep the lines within `room` pixels."""
        self.setFixedWidth(min(self._width, max(room, self.NARROWEST)))

    def heightForWidth(self, width: int) -> int:
        """The height at the width it has: layouts ask about their own width, which is more."""
        return super().heightForWidth(min(width, self.maximumWidth()))


def rule() -> QFrame:
    """A thin line between two parts of a dialog."""
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


class _Note(ElidedLabel):
    """Parts with a dot between them, of which as many are said as there is room for: half a number says nothing."""

    def _cut(self) -> None:
        parts = self.whole_text.split(_DOT)
        told = [_DOT.join(parts[:number]) for number in range(len(parts), 0, -1)]
        fitting = (each for each in told if self.fontMetrics().horizontalAdvance(each) <= self.width() - self.indent())
        shown = next(fitting, "")
        self.setText(shown)
        self.setToolTip(self.whole_text if shown != self.whole_text else "")


class DockTitle(QWidget):
    """Stands in for Qt's own title bar; a drag that starts on it moves the dock as before."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_DOCK_HEIGHT)
        self._least = 0
        self._worded: list[QToolButton] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(12, 0, 6, 0)
        self._layout.setSpacing(2)
        self._name = QLabel(name)
        self._name.setObjectName("dockName")
        self._note = _Note()
        self._note.setIndent(8)
        self._note.setObjectName("dockNote")
        self._layout.addWidget(self._name)
        self._layout.addWidget(self._note, 1)

    def sizeHint(self) -> QSize:
        """The height that Qt's layout of docks asks for; it does not look at the fixed one."""
        return QSize(super().sizeHint().width(), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._word()

    def _word(self) -> None:
        """Say words beside the glyphs where there is room for all of them."""
        words, none = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        for style in (words, none):
            for button in self._worded:
                button.setToolButtonStyle(style)
            if self._layout.sizeHint().width() + _NOTE_ROOM <= self.width():
                break

    def show_name(self, shown: bool) -> None:
        """Leave the name out where a tab says it, and all of it where there are no buttons beside it."""
        self._name.setVisible(shown)
        self.setFixedHeight(_DOCK_HEIGHT if shown or self.findChildren(QToolButton) else 0)

    def set_note(self, text: str) -> None:
        self._note.set_whole_text(text)

    @property
    def note(self) -> str:
        return self._note.whole_text

    def add_chip(self, chip: QWidget) -> None:
        """Put something between what is noted and the buttons."""
        self._layout.insertWidget(self._layout.indexOf(self._note) + 1, chip)

    def add_button(self, button: QToolButton, word: str = "") -> None:
        """Put a button at the end; a head with enough room says its word, too."""
        self._layout.addWidget(button)
        self._least = self._layout.minimumSize().width()
        if word:
            button.setText(f" {word}")
            self._worded.append(button)
