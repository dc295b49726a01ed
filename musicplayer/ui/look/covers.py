"""Covers of tracks: of one, of several in one picture or on a stack, and in the rows of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QWidget

from indexer.core.language import tr
from indexer.core.tracks import Track, TrackId, TrackOf
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import Role

STACK_SIDE = 46
MOST = 4
"""Covers that share a mosaic."""

_DIMMED = 0.45
_EDGE = 0.16
"""Of the colour of text, in the edge of a cover."""

_FRAME = 4
_MOST_STACKED = 3
_STEP = 9


@contextmanager
def round_corners(painter: QPainter, area: QRect, radius: float) -> Iterator[None]:
    """Paint nothing outside `area` with its corners rounded."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(area), radius, radius)
    painter.setClipPath(shape)
    yield
    painter.restore()


def paint_no_cover(painter: QPainter, area: QRect, look: Look, glyph: str = "music-note") -> None:
    """A plain ground with a glyph, where there is no cover or none yet."""
    painter.fillRect(area, look.theme.colour("track"))
    third = area.adjusted(*(area.width() // 3 * sign for sign in (1, 1, -1, -1)))
    look.icons.draw(painter, third, glyph, look.theme.colour("soft"))


def paint_edge(painter: QPainter, area: QRect, look: Look, radius: float) -> None:
    """A fine line around a cover, within `round_corners`: else a white one has no end on a light page."""
    edge = look.theme.colour("text")
    edge.setAlphaF(_EDGE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, 2))  # half of it is outside
    painter.drawRoundedRect(QRectF(area), radius, radius)


def paint_cover(painter: QPainter, area: QRect, image: QImage, look: Look, radius: float) -> None:
    """A cover with its edge, within `round_corners`."""
    painter.drawImage(area, image)
    paint_edge(painter, area, look, radius)


class CoverLabel(QWidget):
    """The cover of one track in a square with round corners; a note where there is none."""

    RADIUS = 5.0

    def __init__(self, side: int, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._artwork = look.artwork
        self._track: TrackId | None = None
        self._image: QImage | None = None
        self._invites = False
        self.setFixedSize(side, side)
        self.setAccessibleName(tr("Cover"))
        look.artwork.ready.connect(self._on_ready)

    @property
    def image(self) -> QImage | None:
        """What is shown; None while it is on its way, and where nothing is."""
        return self._image

    @property
    def has_track(self) -> bool:
        """Whether it is the cover of anything."""
        return self._track is not None

    def invite(self, *, on: bool) -> None:
        """Show by a frame that something can be dropped here."""
        self._invites = on
        self.update()

    def show_track(self, track: Track | None) -> None:
        """Show the cover of `track`: at once where it is in memory, else as soon as it is read."""
        self._track = track.id if track else None
        self._image = None if track is None else self._artwork.image(track.id, self._pixels())
        if track is not None and self._image is None:
            self._artwork.request(track, self._pixels())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        with round_corners(painter, self.rect(), self.RADIUS):
            if self._image is None or self._image.isNull():
                paint_no_cover(painter, self.rect(), self._look)
            else:
                paint_cover(painter, self.rect(), self._image, self._look, self.RADIUS)
            if self._invites:
                painter.setPen(QPen(self._look.theme.colour("strong"), 2 * _FRAME))  # half of it is outside
                painter.drawRoundedRect(self.rect(), self.RADIUS, self.RADIUS)

    def _on_ready(self, track: TrackId, size: int, image: QImage) -> None:
        if track == self._track and size == self._pixels():
            self._image = image
            self.update()

    def _pixels(self) -> int:
        return round(self.width() * self.devicePixelRatioF())


class CoverMosaic(QWidget):
    """A square: one cover fills it, four share it; two or three leave the first one alone."""

    RADIUS = 6.0

    def __init__(self, side: int, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._artwork = look.artwork
        self._glyph = "playlist"
        self._tracks: tuple[Track, ...] = ()
        self.setFixedSize(side, side)
        self.setAccessibleName(tr("Covers"))
        look.artwork.ready.connect(self._on_ready)
        look.artwork.renewed.connect(self.update)
        look.theme.changed.connect(self.update)

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
        with round_corners(painter, self.rect(), self.RADIUS):
            if not self._tracks:
                paint_no_cover(painter, self.rect(), self._look, self._glyph)
                return
            painter.fillRect(self.rect(), self._look.theme.colour("track"))
            for place, track in enumerate(self._tracks):
                image = self._artwork.image(track.id, self._pixels())
                if image is not None:
                    painter.drawImage(self._tile(place), image)
            paint_edge(painter, self.rect(), self._look, self.RADIUS)

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


class CoverStack(QWidget):
    """Up to three covers, the first on top; as wide as it needs: a single cover takes no more than its side."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Covers"))
        self._covers = [CoverLabel(STACK_SIDE, look, self) for _ in range(_MOST_STACKED)]
        for place, cover in enumerate(self._covers):
            cover.move(place * _STEP, 0)
            cover.lower()
        self.show_tracks([])

    def show_tracks(self, tracks: Sequence[Track]) -> None:
        """Show the covers of the first few."""
        shown = list(tracks)[:_MOST_STACKED]
        for place, cover in enumerate(self._covers):
            cover.setVisible(place < max(len(shown), 1))
            cover.show_track(shown[place] if place < len(shown) else None)
        self.setFixedSize(STACK_SIDE + (max(len(shown), 1) - 1) * _STEP, STACK_SIDE)


class RowCovers(QObject):
    """Paints covers in the rows of a list; only what is on the screen is ever read."""

    RADIUS = 4.0

    def __init__(self, look: Look, track_of: TrackOf, view: QListView) -> None:
        """Repaint rows of `view` as their covers arrive."""
        super().__init__(view)
        self._look = look
        self._artwork = look.artwork
        self._track_of = track_of
        self._view = view
        self._awaited: set[TrackId] = set()
        look.artwork.ready.connect(self._on_ready)
        look.artwork.renewed.connect(view.viewport().update)

    def paint(self, painter: QPainter, area: QRect, track: TrackId, *, dimmed: bool = False) -> None:
        """Paint a square with round corners; a note while the cover is on its way."""
        pixels = round(area.width() * self._view.devicePixelRatioF())
        image = self._artwork.image(track, pixels)
        with round_corners(painter, area, self.RADIUS):
            if image is None:
                self._request(track, pixels)
                paint_no_cover(painter, area, self._look)
            else:
                painter.setOpacity(_DIMMED if dimmed else 1.0)
                paint_cover(painter, area, image, self._look, self.RADIUS)

    def _request(self, wanted: TrackId, pixels: int) -> None:
        track = self._track_of(wanted)
        if track is not None:
            self._awaited.add(wanted)
            self._artwork.request(track, pixels)

    def _on_ready(self, track: TrackId, _pixels: int, _image: QImage) -> None:
        if track not in self._awaited:
            return
        self._awaited.discard(track)
        for index in self._in_view():
            if index.data(Role.TRACK) == track:
                self._view.viewport().update(self._view.visualRect(index))

    def _in_view(self) -> list[QModelIndex]:
        model, height = self._view.model(), self._view.viewport().height()
        top, bottom = (self._view.indexAt(QPoint(1, y)).row() for y in (1, height - 1))
        last = bottom if bottom >= 0 else model.rowCount() - 1
        return [model.index(row, 0) for row in range(max(top, 0), last + 1)]
