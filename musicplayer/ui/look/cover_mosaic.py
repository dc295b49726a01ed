"""One picture for many tracks: the covers of the first four albums, or a glyph where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from indexer.core.language import tr
from indexer.core.tracks import Track, TrackId
from musicplayer.library.artwork import Artwork
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme

MOST = 4
_RADIUS = 6.0


class CoverMosaic(QWidget):
    """A square: one cover fills it, four share it; two or three leave the first one alone."""

    def __init__(self, side: int, artwork: Artwork, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._artwork = artwork
        self._theme = theme
        self._icons = icons
        self._glyph = "playlist"
        self._tracks: tuple[Track, ...] = ()
        self.setFixedSize(side, side)
        self.setAccessibleName(tr("Covers"))
        artwork.ready.connect(self._on_ready)
        theme.changed.connect(self.update)

    def show_tracks(self, tracks: Sequence[Track], glyph: str) -> None:
        """Show the covers of `tracks`, one of each album; `glyph` where there are none."""
        self._tracks = tuple(tracks) if len(tracks) == MOST else tuple(tracks[:1])
        self._glyph = glyph
        for track in self._tracks:
            if self._artwork.image(track.id, self._pixels()) is None:
                self._artwork.request(track, self._pixels())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), self._theme.colour("track"))
        if not self._tracks:
            third = self.rect().adjusted(*(self.width() // 3 * sign for sign in (1, 1, -1, -1)))
            self._icons.draw(painter, third, self._glyph, self._theme.colour("soft"))
        for place, track in enumerate(self._tracks):
            image = self._artwork.image(track.id, self._pixels())
            if image is not None:
                painter.drawImage(self._tile(place), image)

    def _tile(self, place: int) -> QRect:
        side = self._side()
        return QRect(place % 2 * side, place // 2 * side, side, side)

    def _side(self) -> int:
        return self.width() // 2 if len(self._tracks) == MOST else self.width()

    def _pixels(self) -> int:
        return round(self._side() * self.devicePixelRatioF())

    def _on_ready(self, track: TrackId, _size: int, _image: QImage) -> None:
        if any(shown.id == track for shown in self._tracks):
            self.update()
