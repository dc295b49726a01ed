"""Up to three covers, the first on top of the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from indexer.core.language import tr
from indexer.core.tracks import Track
from musicplayer.library.artwork import Artwork
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import CoverLabel
from musicplayer.ui.look.theme import Theme

SIDE = 46
_MOST = 3
_STEP = 9


class CoverStack(QWidget):
    """As wide as it needs: a single cover takes no more than its side."""

    def __init__(self, artwork: Artwork, icons: Icons, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Covers"))
        self._covers = [CoverLabel(SIDE, artwork, icons, theme, self) for _ in range(_MOST)]
        for place, cover in enumerate(self._covers):
            cover.move(place * _STEP, 0)
            cover.lower()
        self.show_tracks([])

    def show_tracks(self, tracks: Sequence[Track]) -> None:
        """Show the covers of the first few."""
        shown = list(tracks)[:_MOST]
        for place, cover in enumerate(self._covers):
            cover.setVisible(place < max(len(shown), 1))
            cover.show_track(shown[place] if place < len(shown) else None)
        self.setFixedSize(SIDE + (max(len(shown), 1) - 1) * _STEP, SIDE)
