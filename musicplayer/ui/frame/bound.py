"""Controls that show a field of the settings and change it: a check mark, a choice, a number, a line of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from musicplayer.ui.frame.preferences import Preferences

Value = TypeVar("Value", bound=str)

_NARROWEST_CHOICE = 220
_AIR = (7, 0, 0, 0)  # around the text; without a frame of its own a line edit takes none from the style sheet
_NUMBER_WIDTH = 110


class Choice(QComboBox):
    """One of several values."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(_NARROWEST_CHOICE)

    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn_calmly(self, event, super().wheelEvent)


class Number(QDoubleSpinBox):
    """A number with decimals."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(_NUMBER_WIDTH)

    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn_calmly(self, event, super().wheelEvent)


class WholeNumber(QSpinBox):
    """A whole number."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(_NUMBER_WIDTH)

    def wheelEvent(self, event: QWheelEvent) -> None:
        _turn_calmly(self, event, super().wheelEvent)


def check(preferences: Preferences, field: str) -> QCheckBox:
    """A check mark for a field that is on or off."""
    box = QCheckBox()
    box.setObjectName(field)
    box.setChecked(bool(getattr(preferences.settings, field)))
    box.toggled.connect(lambda on: preferences.set(field, on))
    _follow(preferences, field, box, lambda: box.setChecked(bool(getattr(preferences.settings, field))))
    return box


def choice(preferences: Preferences, field: str, options: Mapping[Value, str]) -> Choice:
    """A choice among the values of a field; `options` has the words for each value."""
    box = Choice()
    box.setObjectName(field)
    for value, words in options.items():
        box.addItem(words, value)
    _show_value(box, preferences, field)
    box.activated.connect(lambda index: preferences.set(field, _typed(preferences, field, box.itemData(index))))
    _follow(preferences, field, box, lambda: _show_value(box, preferences, field))
    return box


def number(preferences: Preferences, field: str, low: float, high: float, step: float, suffix: str) -> Number:
    """A number with one decimal."""
    box = Number()
    box.setObjectName(field)
    box.setDecimals(1)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setSuffix(suffix)
    box.setValue(float(getattr(preferences.settings, field)))
    box.valueChanged.connect(lambda value: preferences.set(field, value))
    _follow(preferences, field, box, lambda: box.setValue(float(getattr(preferences.settings, field))))
    return box


def whole_number(preferences: Preferences, field: str, low: int, high: int, step: int, suffix: str) -> WholeNumber:
    """A whole number; the lowest one of a field that may be None stands for None and says so."""
    box = WholeNumber()
    box.setObjectName(field)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setSuffix(suffix)
    box.setValue(int(getattr(preferences.settings, field) or low))
    box.valueChanged.connect(lambda value: preferences.set(field, value))
    _follow(preferences, field, box, lambda: box.setValue(int(getattr(preferences.settings, field) or low)))
    return box


def line(preferences: Preferences, field: str, example: str) -> QLineEdit:
    """A line of text; it holds when it is left or Enter is pressed."""
    box = QLineEdit()
    box.setObjectName(field)
    box.setPlaceholderText(example)
    box.setText(str(getattr(preferences.settings, field)))
    box.editingFinished.connect(lambda: preferences.set(field, box.text()))
    _follow(preferences, field, box, lambda: box.setText(str(getattr(preferences.settings, field))))
    return box


def _turn_calmly(box: QWidget, event: QWheelEvent, turn: Callable[[QWheelEvent], None]) -> None:
    """Let the wheel turn a control only while it has the focus, so that scrolling a page changes nothing."""
    if box.hasFocus():
        turn(event)
    else:
        event.ignore()


def _follow(preferences: Preferences, field: str, owner: QWidget, show: Callable[[], object]) -> None:
    """Show a change that was made elsewhere."""

    def on_changed(name: str) -> None:
        if name == field:
            owner.blockSignals(True)
            show()
            owner.blockSignals(False)

    preferences.changed.connect(on_changed)
    owner.destroyed.connect(lambda: preferences.changed.disconnect(on_changed))


def _show_value(box: QComboBox, preferences: Preferences, field: str) -> None:
    value = getattr(preferences.settings, field)
    found = box.findData(value.value if isinstance(value, StrEnum) else value)
    box.setCurrentIndex(max(found, 0))


def _typed(preferences: Preferences, field: str, value: str) -> object:
    """The value as the field holds it: an enumeration's member, or the text itself."""
    kind = type(getattr(preferences.settings, field))
    return kind(value) if issubclass(kind, StrEnum) else value
