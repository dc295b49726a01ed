"""The head of the panel: which track the list is about, and whether it stays with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from indexer.library import Track
from musicplayer.library.artwork import Artwork
from musicplayer.ui.buttons import tool_button
from musicplayer.ui.icons import Icons
from musicplayer.ui.labels import CoverLabel, ElidedLabel
from musicplayer.ui.theme import Theme

_COVER = 44


class SeedHeader(QWidget):
    """Names the seed, with a small cover.

    Signals:
        pinned: the pin was pressed (True) or released (False).
    """

    pinned = Signal(bool)

    def __init__(self, artwork: Artwork, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seed")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._cover = CoverLabel(_COVER, artwork, icons, theme)
        self._why = ElidedLabel("overline")
        self._title = ElidedLabel("strong")
        self._artist = ElidedLabel("small")
        self._pin = tool_button(icons.icon("push-pin", name_on="push-pin-fill"), "Stay with this track")
        self._pin.setCheckable(True)
        self._pin.setToolTip("Stay with this track, whatever plays next")
        self._pin.clicked.connect(self.pinned)
        self._build_ui()

    def show_seed(self, track: Track, *, pinned: bool) -> None:
        self._cover.show_track(track)
        self._why.set_whole_text("Sounds like your choice" if pinned else "Sounds like what is playing")
        self._title.set_whole_text(track.title)
        self._artist.set_whole_text(track.artist)
        self._pin.setChecked(pinned)
        self.setAccessibleName(f"Tracks that sound like {track.title} by {track.artist}")

    @property
    def title(self) -> str:
        return self._title.whole_text

    def _build_ui(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addStretch()
        for label in (self._why, self._title, self._artist):
            lines.addWidget(label)
        lines.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 9, 8, 9)
        layout.setSpacing(10)
        layout.addWidget(self._cover, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(lines, 1)
        layout.addWidget(self._pin, 0, Qt.AlignmentFlag.AlignVCenter)
