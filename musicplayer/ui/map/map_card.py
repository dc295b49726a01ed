"""The card that says which track is under the pointer: cover, title, artist, and what a click does."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.tracks import Track
from musicplayer.ui.look.covers import CoverLabel
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look

_COVER = 52
_WIDTH = 292
_AWAY = 18
"""Pixels between the point and the card, so that the card never hides what is beside the pointer."""


class MapCard(QFrame):
    """Shows one track beside its point; the mouse goes through it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mapCard")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        self.cover = CoverLabel(_COVER, look)
        self.title = ElidedLabel("strong")
        self.artist = ElidedLabel("soft")
        self.about = ElidedLabel("small")
        self._build_ui()
        self.hide()

    def show_track(self, track: Track, spot: QPoint, colour: QColor, note: str = "") -> None:
        """Show a track at a point of the parent; `note` says what it has to do with the one that plays."""
        self.cover.show_track(track)
        self.title.set_whole_text(track.title or tr("Untitled"))
        self.artist.set_whole_text(track.artist or tr("Unknown artist"))
        facts = [note, track.genre, str(track.year) if track.year else ""]
        self.about.set_whole_text(" · ".join(filter(None, facts)))
        self._dot.setStyleSheet(f"background: {colour.name()}; border: 0; border-radius: 4px;")
        self.adjustSize()
        self.move(self._beside(spot))
        self.show()
        self.raise_()

    def _build_ui(self) -> None:
        self._dot = QFrame()
        self._dot.setFixedSize(8, 8)
        facts = QHBoxLayout()
        facts.setSpacing(6)
        facts.addWidget(self._dot)
        facts.addWidget(self.about, 1)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addStretch()
        texts.addWidget(self.title)
        texts.addWidget(self.artist)
        texts.addLayout(facts)
        texts.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(9, 9, 12, 9)
        layout.setSpacing(11)
        layout.addWidget(self.cover)
        layout.addLayout(texts, 1)

    def _beside(self, spot: QPoint) -> QPoint:
        """To the right of the point and below it, on the other side where there is no room."""
        parent = self.parentWidget()
        if parent is None:
            return spot
        room = parent.rect().adjusted(6, 6, -6, -6)
        x = spot.x() + _AWAY
        if x + self.width() > room.right():
            x = spot.x() - _AWAY - self.width()
        y = spot.y() + _AWAY
        if y + self.height() > room.bottom():
            y = spot.y() - _AWAY - self.height()
        return QPoint(max(x, room.left()), max(y, room.top()))
