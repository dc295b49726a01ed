"""What is seen of the music map: the part of it, its colours, what is marked, and the painting of all that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from indexer.core.discover.map import MusicMap, Points
from indexer.core.discover.map_colours import Colouring
from indexer.core.discover.map_names import NamePlace, places_of_names
from indexer.core.language import tr
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_labels import class_name, named_points
from musicplayer.ui.map.map_overlay import MapOverlay
from musicplayer.ui.map.map_picture import MapPicture
from musicplayer.ui.map.map_view import MapView

GLIDE_MS = 170
_PULSE_MS = 1_500
_LEAST_CORNERS = 3

NameOf = Callable[[int], str]


class MapSurface(QWidget):
    """Shows a map of tracks; a point is a number of the map.

    Signals:
        pointed: the point under the pointer or reached by the keyboard, -1 for none.
        enclosed: points inside a lasso, an ascending array; empty when it was dropped.
        viewed: another part of the map is seen.
    """

    pointed = Signal(int)
    enclosed = Signal(object)
    viewed = Signal()

    def __init__(self, theme: Theme, name_of: NameOf, parent: QWidget | None = None, *, glide: int = GLIDE_MS) -> None:
        """Make an empty map.

        Args:
            theme: of the colours.
            name_of: title of a point's track, to be written beside it.
            parent: of the widget.
            glide: milliseconds that a change of the view takes; 0 for at once.
        """
        super().__init__(parent)
        self.setObjectName("mapCanvas")
        self.setAccessibleName(tr("Music map"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._theme = theme
        self._name_of = name_of
        self._overlay = MapOverlay(theme)
        self._glide = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=glide)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_glide)
        self._pulse = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=_PULSE_MS)
        self._pulse.valueChanged.connect(lambda _: self.update())
        self._moving = False
        self._by_keyboard = False
        self._clear()
        theme.changed.connect(self._arrange)

    def _clear(self) -> None:
        self.map = MusicMap([], np.empty((0, 2), np.float32), np.empty(0, np.intp))
        self.view = self._from = self._to = MapView((float(self.width()), float(self.height())))
        self._picture: MapPicture | None = None
        self._colouring: Colouring | None = None
        self._labels: list[NamePlace] = []
        self._lit: NDArray[np.bool_] | None = None
        self._chosen: set[int] = set()
        self._point = -1
        self._playing = -1
        self._neighbours: Points = np.empty(0, np.intp)
        self._line: list[QPointF] = []
        self._loop: NDArray[np.float64] | None = None

    # What is shown

    def show_map(self, drawn: MusicMap, colouring: Colouring) -> None:
        """Show a map; the part that was seen stays where there was one before."""
        before = self.view if len(self.map) else None
        self._glide.stop()
        self._clear()
        self.map = drawn
        whole = MapView.whole(drawn.places, (float(self.width()), float(self.height())))
        self.view = whole if before is None else whole.centred(before.centre, before.zoom)
        self._from = self._to = self.view
        self._picture = MapPicture(drawn)
        self.colour(colouring)

    def colour(self, colouring: Colouring) -> None:
        """Give the points other colours."""
        self._colouring = colouring
        self._labels = places_of_names(self.map.places, colouring)
        self._chosen = set()
        self._arrange()

    def light(self, lit: NDArray[np.bool_] | None, chosen: set[int]) -> None:
        """Dim all points but these, shape (points,); None lights all. `chosen` are the classes whose names stay."""
        self._lit, self._chosen = lit, chosen
        self._arrange()

    def show_playing(self, point: int | None, neighbours: Points) -> None:
        """Mark the playing track and those that sound like it."""
        started = point is not None and point != self._playing
        self._playing = -1 if point is None else point
        self._neighbours = neighbours
        if started and self.isVisible():
            self._pulse.start()
        self.update()

    @property
    def point(self) -> int:
        """The point under the pointer or reached by the keyboard, -1 for none."""
        return self._point

    @property
    def playing(self) -> int:
        """The point of the playing track, -1 for none."""
        return self._playing

    @property
    def neighbours(self) -> Points:
        """The points that are lit as neighbours of the playing one."""
        return self._neighbours

    @property
    def lit(self) -> NDArray[np.bool_] | None:
        """Shape (points,), which are not dimmed; None for all."""
        return self._lit

    def spot_of(self, point: int) -> QPointF:
        """Where a point is on the canvas."""
        x, y = self.view.to_pixels(self.map.places[point : point + 1])[0].tolist()
        return QPointF(x, y)

    def describe(self, words: str) -> None:
        """Say to a screen reader what is pointed at."""
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # Where one looks

    def go(self, view: MapView) -> None:
        """Glide to another part."""
        self._from, self._to = self.view, view
        self._glide.stop()
        if self._glide.duration() and self.isVisible():
            self._glide.start()
        else:
            self._on_glide(1.0)

    def zoom_by(self, factor: float, spot: QPointF | None = None) -> None:
        """Come nearer to a pixel, to the middle where none is given."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        at = middle if spot is None else spot
        self.go(self._to.zoomed(factor, at.x(), at.y()))

    def show_whole(self) -> None:
        self.go(MapView.whole(self.map.places, self.view.size))

    def show_points(self, points: Points) -> None:
        """Frame some points."""
        if len(points):
            places = self.map.places[points]
            self.go(self._to.fitted(tuple(places.min(axis=0).tolist()), tuple(places.max(axis=0).tolist())))

    def point_at(self, point: int) -> None:
        """Point at a point, as the pointer would; -1 for none."""
        if point != self._point:
            self._point = point
            self.pointed.emit(point)
            self.update()

    def drop_lasso(self) -> None:
        """Forget the line that was drawn, and what is in it."""
        if self._loop is not None or self._line:
            self._loop, self._line = None, []
            self.enclosed.emit(np.empty(0, np.intp))
            self.update()

    def enclose(self, line: Sequence[QPointF]) -> None:
        """Draw a lasso through these pixels."""
        self._line = []
        places = [self.view.place_at(spot.x(), spot.y()) for spot in line]
        self._loop = np.array(places) if len(line) >= _LEAST_CORNERS else None
        found = self.map.inside(self._loop) if self._loop is not None else np.empty(0, np.intp)
        if self._lit is not None:
            found = found[self._lit[found]]
        if not len(found):
            self._loop = None
        self.enclosed.emit(found)
        self.update()

    # Painting

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        if self._picture is None:
            painter.fillRect(self.rect(), self._theme.colour("surface"))
            return
        self._picture.paint(painter, self.view, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._picture.radius(self.view)
        self._overlay.begin()
        self._paint_playing(painter, radius)
        self._paint_names(painter, radius)
        self._paint_marks(painter, radius)
        if self.hasFocus() and self._by_keyboard:
            self._overlay.focus(painter, QRectF(self.rect()))

    def _paint_names(self, painter: QPainter, radius: float) -> None:
        if self._colouring is not None:
            named = [(class_name(entry), entry.slot) for entry in self._colouring.classes]
            self._overlay.names_of_classes(painter, self.view, self._labels, named, self._chosen)
        if not self._moving and self._glide.state() != QVariantAnimation.State.Running:
            points = [point for point in self._named() if point not in (self._point, self._playing)]
            spots = self.view.to_pixels(self.map.places[points])
            names = [self._name_of(point) for point in points]
            self._overlay.names_of_tracks(painter, self.view.size, spots, names, radius)

    def _named(self) -> list[int]:
        found: list[int] = named_points(self.map, self.view, self._lit).tolist()
        return found

    def _paint_playing(self, painter: QPainter, radius: float) -> None:
        if self._playing >= 0:
            spot = self.spot_of(self._playing)
            others = [self.spot_of(point) for point in self._neighbours.tolist()]
            self._overlay.links(painter, spot, others, radius)
            wave = self._pulse.currentValue() or 0.0
            self._overlay.playing(painter, self.view.size, spot, radius, self._name_of(self._playing), wave)

    def _paint_marks(self, painter: QPainter, radius: float) -> None:
        overlay = self._overlay
        if self._point >= 0:
            overlay.pointed(painter, self.spot_of(self._point), radius)
        if self._line:
            overlay.lasso(painter, self._line, closed=False)
        elif self._loop is not None:
            corners = self.view.to_pixels(self._loop.astype(np.float32)).tolist()
            overlay.lasso(painter, [QPointF(x, y) for x, y in corners], closed=True)

    def _arrange(self) -> None:
        if self._picture is not None and self._colouring is not None:
            self._picture.arrange(self._colouring, self._lit, self._theme)
        self.update()

    def _on_glide(self, share: float) -> None:
        self._look(self._to if share >= 1.0 else self._from.between(self._to, share))

    def _look(self, view: MapView) -> None:
        self.view = view
        self.update()
        self.viewed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = (float(self.width()), float(self.height()))
        whole = self.view.is_whole
        self.view = self.view.resized(size)
        self._to = MapView.whole(self.map.places, size) if whole and len(self.map) else self._to.resized(size)
        self._look(self._to)
        super().resizeEvent(event)
