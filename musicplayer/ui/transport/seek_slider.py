"""A slider that jumps to where it is clicked and tells the value under the pointer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip, QWidget

from indexer.core.language import tr
from indexer.core.phrases import clock
from indexer.core.tracks import Seconds

_PER_SECOND = 1000
_KEY_STEP = 5
_PAGE_STEP = 15
_NOTCH = 120
"""Qt's units of one notch of a wheel; touchpads turn by less."""

_WHEEL_MS = 120
"""A wheel that rests so long has arrived: one seek for a whole turn, not one for each notch."""


class JumpSlider(QSlider):
    """A horizontal slider whose handle comes to the pointer at a press, instead of going a page towards it."""

    def __init__(self, name: str, describe: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._describe = describe
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def value_at(self, place: QPoint) -> int:
        """The value that a click at `place` means."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style = self.style()
        control = QStyle.ComplexControl.CC_Slider
        groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        offset = place.x() - groove.x() - handle.width() // 2
        room = groove.width() - handle.width()
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), offset, room, backwards)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.maximum() > self.minimum():
            self.setSliderPosition(self.value_at(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.maximum() > self.minimum():
            place = event.position().toPoint()
            QToolTip.showText(self.mapToGlobal(QPoint(place.x(), -30)), self._describe(self.value_at(place)), self)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()
        super().leaveEvent(event)


class SeekSlider(JumpSlider):
    """Where in the track it plays; follows the player except while it is held.

    Signals:
        seek_requested: seconds.
        scrubbed: seconds under the handle while it is held.
    """

    seek_requested = Signal(float)
    scrubbed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Position in the track"), lambda value: clock(value / _PER_SECOND), parent)
        self.setSingleStep(_KEY_STEP * _PER_SECOND)
        self.setPageStep(_PAGE_STEP * _PER_SECOND)
        self.sliderReleased.connect(self._on_released)
        self.actionTriggered.connect(self._on_action)
        self.sliderMoved.connect(lambda value: self.scrubbed.emit(value / _PER_SECOND))
        self._turning = QTimer(self, singleShot=True, interval=_WHEEL_MS)
        self._turning.timeout.connect(self._on_released)
        self.set_duration(0.0)

    def set_duration(self, seconds: Seconds) -> None:
        """Set the length; 0 while it is unknown, and nothing can be sought."""
        self.setRange(0, round(seconds * _PER_SECOND))
        self.setEnabled(seconds > 0)

    @property
    def is_held(self) -> bool:
        """Whether somebody is choosing a place, by the handle or the wheel."""
        return self.isSliderDown() or self._turning.isActive()

    def set_position(self, seconds: Seconds) -> None:
        if not self.is_held:
            self.setValue(round(seconds * _PER_SECOND))

    def forget_turn(self) -> None:
        """Another track plays: where the wheel was going to was a place in the one before."""
        self._turning.stop()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move on by a key's step for each notch away from the person, back for each towards; heard once it rests."""
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / _NOTCH * (-1 if event.inverted() else 1)
        if notches and self.isEnabled() and not self.isSliderDown():
            self.setValue(round(self.value() + notches * self.singleStep()))
            self.scrubbed.emit(self.value() / _PER_SECOND)
            self._turning.start()
        event.accept()  # the page behind does not scroll instead

    def _on_released(self) -> None:
        self.seek_requested.emit(self.sliderPosition() / _PER_SECOND)

    def _on_action(self, action: int) -> None:
        if action != QSlider.SliderAction.SliderMove.value and not self.isSliderDown():
            self.seek_requested.emit(self.sliderPosition() / _PER_SECOND)
