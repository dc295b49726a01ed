"""Controls that show a field of the settings and change it: a check mark, a choice, a number, a line of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QWidget,
)

from musicplayer.ui.frame.preferences import Preferences

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object  # Qt's classes are inherited from one at a time

Value = TypeVar("Value", bound=str)

_NARROWEST_CHOICE = 220
_NUMBER_WIDTH = 110
_AIR = (7, 0, 0, 0)
"""Around the text of numbers: without a frame of its own a line edit takes none from the style sheet."""


class _Calm(_Widget):
    """Lets the wheel turn a control only while it has the focus, so that scrolling a page changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Figures(_Calm):
    """As wide as all other numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_NUMBER_WIDTH)
        for text in self.findChildren(QLineEdit):
            text.setTextMargins(*_AIR)


class Choice(_Calm, QComboBox):
    """One of several values."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(_NARROWEST_CHOICE)


class _Slide(_Calm, QSlider):
    """Somewhere between two ends."""

    def __init__(self) -> None:
        super().__init__()
        self.setOrientation(Qt.Orientation.Horizontal)


class Number(_Figures, QDoubleSpinBox):
    """A number with decimals."""


class WholeNumber(_Figures, QSpinBox):
    """A whole number."""


def check(preferences: Preferences, field: str) -> QCheckBox:
    """A check mark for a field that is on or off."""
    box = QCheckBox()
    _bind(box, preferences, field, lambda: box.setChecked(bool(_value(preferences, field))))
    box.toggled.connect(lambda on: preferences.set(field, on))
    return box


def choice(preferences: Preferences, field: str, options: Mapping[Value, str]) -> Choice:
    """A choice among the values of a field; `options` has the words for each value."""
    box = Choice()
    for value, words in options.items():
        box.addItem(words, value)
    _bind(box, preferences, field, lambda: _show_value(box, preferences, field))
    box.activated.connect(lambda index: preferences.set(field, _typed(preferences, field, box.itemData(index))))
    return box


def number(preferences: Preferences, field: str, low: float, high: float, step: float, suffix: str) -> Number:
    """A number with one decimal."""
    box = Number()
    box.setDecimals(1)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setSuffix(suffix)
    _bind(box, preferences, field, lambda: box.setValue(float(_value(preferences, field))))
    box.valueChanged.connect(lambda value: preferences.set(field, value))
    return box


def whole_number(preferences: Preferences, field: str, low: int, high: int, step: int, suffix: str) -> WholeNumber:
    """A whole number; the lowest one of a field that may be None stands for None and says so."""
    box = WholeNumber()
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setSuffix(suffix)
    _bind(box, preferences, field, lambda: box.setValue(int(_value(preferences, field) or low)))
    box.valueChanged.connect(lambda value: preferences.set(field, value))
    return box


def between(preferences: Preferences, field: str, low: str, high: str) -> QWidget:
    """A slider from 0 to 100 between two words."""
    slider = _Slide()
    slider.setRange(0, 100)
    slider.setPageStep(25)
    slider.setMinimumWidth(_NUMBER_WIDTH)
    _bind(slider, preferences, field, lambda: slider.setValue(int(_value(preferences, field))))
    slider.valueChanged.connect(lambda value: preferences.set(field, value))
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    for part in (QLabel(low), slider, QLabel(high)):
        row.addWidget(part)
    whole.setFocusProxy(slider)
    return whole


def line(preferences: Preferences, field: str, example: str) -> QLineEdit:
    """A line of text; it holds when it is left or Enter is pressed."""
    box = QLineEdit()
    box.setPlaceholderText(example)
    _bind(box, preferences, field, lambda: box.setText(str(_value(preferences, field))))
    box.editingFinished.connect(lambda: preferences.set(field, box.text()))
    return box


def _bind(box: QWidget, preferences: Preferences, field: str, show: Callable[[], object]) -> None:
    """Call a control by its field, `show` the value, and every change of it that is made elsewhere."""

    def on_changed(name: str) -> None:
        if name == field:
            box.blockSignals(True)
            show()
            box.blockSignals(False)

    box.setObjectName(field)
    show()
    preferences.changed.connect(on_changed)
    box.destroyed.connect(lambda: preferences.changed.disconnect(on_changed))


def _value(preferences: Preferences, field: str) -> Any:
    return getattr(preferences.settings, field)


def _show_value(box: QComboBox, preferences: Preferences, field: str) -> None:
    value = _value(preferences, field)
    found = box.findData(value.value if isinstance(value, StrEnum) else value)
    box.setCurrentIndex(max(found, 0))


def _typed(preferences: Preferences, field: str, value: str) -> object:
    """The value as the field holds it: an enumeration's member, or the text itself."""
    kind = type(_value(preferences, field))
    return kind(value) if issubclass(kind, StrEnum) else value
