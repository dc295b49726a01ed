"""A quiet line under the head of the panel: what is to be known of the answer below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.theme import Theme

_GLYPH = 14


class PanelNote(QWidget):
    """A glyph and a line of small text; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, icons: Icons, glyph: str, about: str, parent: QWidget | None = None) -> None:
        """`about` explains in the tool tip, whatever the line says."""
        super().__init__(parent)
        self.setObjectName("panelNote")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icons = icons
        self._glyph_name = glyph
        self._about = about
        self._glyph = QLabel()
        self._line = ElidedLabel("small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.setSpacing(7)
        layout.addWidget(self._glyph)
        layout.addWidget(self._line, 1)
        self.setToolTip(about)
        theme.changed.connect(self._draw_glyph)
        self._draw_glyph()
        self.hide()

    def say(self, words: str, about: str | None = None) -> None:
        """Show `words`, explained by `about` or as always; hide for none."""
        about = self._about if about is None else about
        self._line.set_whole_text(words)
        self.setToolTip(about)
        self.setAccessibleName(words)
        self.setAccessibleDescription(about)
        self.setVisible(bool(words))

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else self._line.whole_text

    def _draw_glyph(self) -> None:
        self._glyph.setPixmap(self._icons.pixmap(self._glyph_name, _GLYPH, self.devicePixelRatioF(), "soft"))
