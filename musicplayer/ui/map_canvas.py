"""The map itself: shows the points, follows mouse and keyboard, and says what was pointed at, clicked and enclosed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QEvent, QPoint, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from musicplayer.discover.map import MusicMap, Points
from musicplayer.discover.map_colours import Colouring
from musicplayer.language import tr
from musicplayer.ui.map_labels import ClassLabel, class_labels, named_points
from musicplayer.ui.map_overlay import MapOverlay
from musicplayer.ui.map_picture import MapPicture
from musicplayer.ui.map_view import MapView
from musicplayer.ui.theme import Theme

REACH = 12.0
"""Pixels from a point within which the pointer is on it."""

_GLIDE_MS = 170
_PULSE_MS = 1_500
_WHEEL_NOTCH = 120
_NEARER = 1.25
_STEP = 60.0
_LEAST_CORNERS = 3
_CLOSE_ENOUGH = 6.0

NameOf = Callable[[int], str]


class MapCanvas(QWidget):
    """Shows a map of tracks; a point is a number of the map.

    Signals:
        pointed: the point under the pointer or reached by the keyboard, -1 for none.
        activated: a point that was clicked, or chosen with Enter.
        menu_requested: a point, and where on the screen.
        enclosed: points inside a lasso, an ascending array; empty when it was dropped.
        viewed: another part of the map is seen.
    """

    pointed = Signal(int)
    activated = Signal(int)
    menu_requested = Signal(int, QPoint)
    enclosed = Signal(object)
    viewed = Signal()

    def __init__(self, theme: Theme, name_of: NameOf, parent: QWidget | None = None, *, glide: int = _GLIDE_MS) -> None:
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
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._theme = theme
        self._name_of = name_of
        self._overlay = MapOverlay(theme)
        self._glide = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=glide)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_glide)
        self._pulse = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=_PULSE_MS)
        self._pulse.valueChanged.connect(lambda _: self.update())
        self.lasso_on = False
        self._clear()
        theme.changed.connect(self._arrange)

    def _clear(self) -> None:
        self.map = MusicMap([], np.empty((0, 2), np.float32), np.empty(0, np.intp))
        self.view = self._from = self._to = MapView((float(self.width()), float(self.height())))
        self._picture: MapPicture | None = None
        self._colouring: Colouring | None = None
        self._labels: list[ClassLabel] = []
        self._lit: NDArray[np.bool_] | None = None
        self._chosen: set[int] = set()
        self._point = -1
        self._playing = -1
        self._neighbours: Points = np.empty(0, np.intp)
        self._drag: QPointF | None = None
        self._pressed: QPointF | None = None
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
        self._labels = class_labels(self.map, colouring)
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
            self.setCursor(self._cursor())
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

    def set_lasso(self, on: bool) -> None:
        """Let a drag draw a lasso rather than move the map."""
        self.lasso_on = on
        self.setCursor(self._cursor())

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
            slots = [entry.slot for entry in self._colouring.classes]
            self._overlay.names_of_classes(painter, self.view, self._labels, slots, self._chosen)
        if self._drag is None and self._glide.state() != QVariantAnimation.State.Running:
            named = [point for point in self._named() if point not in (self._point, self._playing)]
            spots = self.view.to_pixels(self.map.places[named])
            self._overlay.names_of_tracks(painter, spots, [self._name_of(point) for point in named], radius)

    def _named(self) -> list[int]:
        found: list[int] = named_points(self.map, self.view, self._lit).tolist()
        return found

    def _paint_playing(self, painter: QPainter, radius: float) -> None:
        if self._playing >= 0:
            spot = self.spot_of(self._playing)
            others = [self.spot_of(point) for point in self._neighbours.tolist()]
            self._overlay.links(painter, spot, others, radius)
            wave = self._pulse.currentValue() or 0.0
            self._overlay.playing(painter, spot, radius, self._name_of(self._playing), wave)

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

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = event.position()
        self._lassoing = self.lasso_on or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position()
        if self._pressed is None:
            self.point_at(self._found(spot))
            return
        if self._drag is None:
            if (spot - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._drag = self._pressed
            self._line = [self._pressed] if self._lassoing else []
            self.point_at(-1)
        if self._lassoing:
            if (spot - self._line[-1]).manhattanLength() >= _CLOSE_ENOUGH:
                self._line.append(spot)
                self.update()
            return
        self._glide.stop()
        moved = spot - self._drag
        self._drag = spot
        self._to = self.view.panned(moved.x(), moved.y())
        self._look(self._to)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged, self._pressed, self._drag = self._drag is not None, None, None
        if dragged and self._lassoing:
            self.enclose([*self._line, event.position()])
        elif not dragged:
            self._on_click(event.position())
        self.setCursor(self._cursor())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._found(event.position()) < 0:
            self.show_whole()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom_by(_NEARER ** (turned / _WHEEL_NOTCH), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1.0 + event.value(), event.position())
            return True
        print("EV", event.type(), flush=True); return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        point = self._found(QPointF(event.pos())) if by_mouse else self._point
        if point >= 0:
            spot = event.globalPos() if by_mouse else self.mapToGlobal(self.spot_of(point).toPoint())
            self.menu_requested.emit(point, spot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = (float(self.width()), float(self.height()))
        whole = self.view.is_whole
        self.view = self.view.resized(size)
        self._to = MapView.whole(self.map.places, size) if whole and len(self.map) else self._to.resized(size)
        self._look(self._to)
        super().resizeEvent(event)

    def _on_click(self, spot: QPointF) -> None:
        point = self._found(spot)
        if point >= 0:
            self.point_at(point)
            self.activated.emit(point)
        else:
            self.drop_lasso()

    def _found(self, spot: QPointF) -> int:
        """The point within reach of a pixel, -1 for none; a dimmed one does not count."""
        place = self.view.place_at(spot.x(), spot.y())
        found = self.map.nearest(place, REACH / self.view.scale)
        return -1 if found is None or (self._lit is not None and not self._lit[found]) else found

    def _cursor(self) -> Qt.CursorShape:
        if self._drag is not None and not self._lassoing:
            return Qt.CursorShape.ClosedHandCursor
        if self.lasso_on:
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.PointingHandCursor if self._point >= 0 else Qt.CursorShape.ArrowCursor

    # Keyboard

    _by_keyboard = False
    _lassoing = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._by_keyboard = event.reason() in reasons
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._by_keyboard = True
        if key in _DIRECTIONS:
            dx, dy = _DIRECTIONS[key]
            if shift:
                self.go(self._to.panned(-dx * _STEP, -dy * _STEP))
            else:
                self._walk((dx, dy))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_NEARER)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _NEARER)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.show_whole()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._point >= 0:
            self.activated.emit(self._point)
        elif key == Qt.Key.Key_Escape and (self._loop is not None or self._point >= 0):
            self.drop_lasso()
            self.point_at(-1)
        else:
            super().keyPressEvent(event)

    def _walk(self, direction: tuple[float, float]) -> None:
        """Point at the next track in a direction: from the one pointed at, else from the playing one or the middle."""
        if not len(self.map):
            return
        if self._point >= 0:
            found = self.map.towards(self._point, direction)
        else:
            found = self._playing if self._playing >= 0 else self.map.nearest(self.view.centre, 10.0)
        if found is None:
            return
        self._come_into_view(found)
        self.point_at(found)

    def _come_into_view(self, point: int) -> None:
        inner = QRectF(self.rect()).adjusted(40, 40, -40, -40)
        if not inner.contains(self.spot_of(point)):
            x, y = self.map.places[point].tolist()
            self._glide.stop()
            self._to = self.view.centred((x, y))
            self._look(self._to)


_DIRECTIONS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
