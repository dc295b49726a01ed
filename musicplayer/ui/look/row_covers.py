"""Covers in the rows of a list: asked for when a row is painted, and painted when they have come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QListView

from indexer.core.tracks import Track, TrackId
from musicplayer.library.artwork import Artwork
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme

RADIUS = 4.0
TrackOf = Callable[[TrackId], Track | None]


class RowCovers(QObject):
    """Paints the cover of a track; only what is on the screen is ever read."""

    def __init__(self, artwork: Artwork, track_of: TrackOf, theme: Theme, icons: Icons, view: QListView) -> None:
        """Repaint `view` as covers arrive, whose model has `row_of`."""
        super().__init__(view)
        self._artwork = artwork
        self._track_of = track_of
        self._theme = theme
        self._icons = icons
        self._view = view
        self._awaited: set[TrackId] = set()
        artwork.ready.connect(self._on_ready)

    def paint(self, painter: QPainter, area: QRect, track: TrackId, *, dimmed: bool = False) -> None:
        """Paint a square with round corners; a note while the cover is on its way."""
        pixels = round(area.width() * self._view.devicePixelRatioF())
        image = self._artwork.image(track, pixels)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(area), RADIUS, RADIUS)
        painter.setClipPath(shape)
        if image is None:
            self._request(track, pixels)
            self._paint_none(painter, area)
        else:
            painter.setOpacity(0.45 if dimmed else 1.0)
            painter.drawImage(area, image)
        painter.restore()

    def _request(self, wanted: TrackId, pixels: int) -> None:
        track = self._track_of(wanted)
        if track is not None:
            self._awaited.add(wanted)
            self._artwork.request(track, pixels)

    def _paint_none(self, painter: QPainter, area: QRect) -> None:
        painter.fillRect(area, self._theme.colour("track"))
        third = area.adjusted(*(area.width() // 3 * sign for sign in (1, 1, -1, -1)))
        self._icons.draw(painter, third, "music-note", self._theme.colour("soft"))

    def _on_ready(self, track: TrackId, _pixels: int, _image: QImage) -> None:
        if track not in self._awaited:
            return
        self._awaited.discard(track)
        model: Any = self._view.model()
        row = model.row_of(track) if model is not None else None
        if row is not None:
            self._view.viewport().update(self._view.visualRect(model.index(row, 0)))
