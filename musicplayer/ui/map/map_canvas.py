"""The map under hand: mouse, wheel and keys move it, point at tracks, choose them and draw a lasso around them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_surface import GLIDE_MS, MapSurface, NameOf

REACH = 12.0
"""Pixels from a point within which the pointer is on it."""

_WHEEL_NOTCH = 120
_NEARER = 1.25
_STEP = 60.0
_ANYWHERE = (10.0, 10.0)
_CLOSE_ENOUGH = 6.0
"""Pixels between two corners of a lasso, at least."""


class MapCanvas(MapSurface):
    """A map that is looked around in.

    Drag moves it, the wheel comes nearer, a click chooses a track, a double click beside all tracks shows everything;
    with Shift or in lasso mode a drag draws a lasso. Arrows go from track to track and, with Shift, move the map; N
    goes round what sounds like the playing track, Enter chooses, + - 0 zoom.

    Signals:
        activated: a point that was clicked, or chosen with Enter.
        menu_requested: a point, and where on the screen.
    """

    activated = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(self, theme: Theme, name_of: NameOf, parent: QWidget | None = None, *, glide: int = GLIDE_MS) -> None:
        """Make an empty map; see `MapSurface`."""
        super().__init__(theme, name_of, parent, glide=glide)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._pressed: QPointF | None = None
        self._dragged = False
        self._lassoing = False
        self.lasso_on = False
        self.pointed.connect(lambda _: self.setCursor(self._cursor()))

    def set_lasso(self, on: bool) -> None:
        """Let a drag draw a lasso rather than move the map."""
        self.lasso_on = on
        self.setCursor(self._cursor())

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
        if not self._dragged:
            if (spot - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged = True
            self._moving = not self._lassoing
            self.point_at(-1)
            self.setCursor(self._cursor())
        if self._lassoing:
            self._draw_on(self._pressed, spot)
        else:
            self._move_on(spot - self._pressed)
            self._pressed = spot

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged, self._pressed, self._dragged, self._moving = self._dragged, None, False, False
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
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        point = self._found(QPointF(event.pos())) if by_mouse else self._point
        if point >= 0:
            spot = event.globalPos() if by_mouse else self.mapToGlobal(self.spot_of(point).toPoint())
            self.menu_requested.emit(point, spot)

    def _draw_on(self, start: QPointF, spot: QPointF) -> None:
        line = self._line or [start]
        if (spot - line[-1]).manhattanLength() >= _CLOSE_ENOUGH:
            self._line = [*line, spot]
            self.update()

    def _move_on(self, moved: QPointF) -> None:
        self._glide.stop()
        self._to = self.view.panned(moved.x(), moved.y())
        self._look(self._to)

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
        along, other = self.view.scales
        found = self.map.nearest(place, (REACH / along, REACH / other))
        return -1 if found is None or (self._lit is not None and not self._lit[found]) else found

    def _cursor(self) -> Qt.CursorShape:
        if self._moving:
            return Qt.CursorShape.ClosedHandCursor
        if self.lasso_on:
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.PointingHandCursor if self._point >= 0 else Qt.CursorShape.ArrowCursor

    # Keyboard

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._by_keyboard = event.reason() in reasons
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._by_keyboard = True
        if (direction := _DIRECTIONS.get(key)) is not None:
            dx, dy = direction
            if shift:
                self.go(self._to.panned(-dx * _STEP, -dy * _STEP))
            else:
                self._walk(direction)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_NEARER)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _NEARER)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.show_whole()
        elif key == Qt.Key.Key_N:
            self._go_round(-1 if shift else 1)
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
            found = self.map.towards(self._point, self.view.swapped(direction), self.view.scales)
        else:
            found = self._playing if self._playing >= 0 else self.map.nearest(self.view.centre, _ANYWHERE)
        if found is None:
            return
        self._come_into_view(found)
        self.point_at(found)

    def _go_round(self, step: int) -> None:
        """Point at the next of the tracks that sound like the playing one."""
        around = self._neighbours.tolist()
        if around:
            at = around.index(self._point) + step if self._point in around else min(step - 1, 0)
            point = around[at % len(around)]
            self._come_into_view(point)
            self.point_at(point)

    def _come_into_view(self, point: int) -> None:
        inner = QRectF(self.rect()).adjusted(40, 40, -40, -40)
        if not inner.contains(self.spot_of(point)):
            x, y = self.map.places[point].tolist()
            self._glide.stop()
            self._to = self.view.centred((x, y))
            self._look(self._to)


_DIRECTIONS: dict[int, tuple[float, float]] = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
