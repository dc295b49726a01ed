"""Makes buttons that are never without a name for a screen reader and a tool tip, and lines of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget

from indexer.core.language import tr
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.item_views import ENTER

ICON = 18


class ToolButton(QToolButton):
    """Pressed by Space when it has the focus, although Space is a shortcut of the window, and by Enter."""

    def event(self, event: QEvent) -> bool:
        return _claims_space(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class PushButton(QPushButton):
    """The same with a frame."""

    def event(self, event: QEvent) -> bool:
        return _claims_space(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def tool_button(
    icon: QIcon, name: str, *, tip: str = "", size: int = ICON, parent: QWidget | None = None
) -> QToolButton:
    """A button with an icon only; `name` is read out, and is the tool tip where `tip` says no more."""
    button = ToolButton(parent)
    button.setIcon(icon)
    button.setIconSize(QSize(size, size))
    button.setAccessibleName(name)
    button.setToolTip(tip or name)
    leave_keyboard(button)
    return button


def worded_button(icon: QIcon, text: str, *, tip: str = "", parent: QWidget | None = None) -> QToolButton:
    """A small flat button with an icon and a word."""
    button = tool_button(icon, text, tip=tip or text, size=16, parent=parent)
    button.setText(f" {text}")  # air between icon and word, which no style setting gives
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setProperty("worded", True)
    return button


def push_button(text: str, *, primary: bool = False, plays: bool = False, icon: QIcon | None = None) -> QPushButton:
    """A button with a frame; one of them in a place may be the `primary` one, or the one that `plays` what is there.

    One that plays leaves the keyboard where it was when it is clicked: Space pauses then, and does not begin anew.
    """
    button = PushButton(text if icon is None else f" {text}")  # air between icon and word, as in `worded_button`
    button.setProperty("primary", primary)
    button.setProperty("plays", plays)
    if plays:
        leave_keyboard(button)
    button.setAccessibleName(text)
    if icon is not None:
        button.setIcon(icon)
        button.setIconSize(QSize(ICON, ICON))
    return button


def leave_keyboard(*buttons: QAbstractButton) -> None:
    """Let a click on these leave the keyboard where it was; the Tab key comes to them all the same."""
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def dress_search_field(field: QLineEdit, icons: Icons) -> QAction:
    """Give a field a glass at its beginning and a cross at its end; returns what a press on the glass triggers."""
    field.setClearButtonEnabled(True)
    for cross in field.findChildren(QAction):  # Qt's own, which has no name
        cross.setText(tr("Clear the search"))
    glass = field.addAction(icons.icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
    glass.setText(tr("Search"))
    return glass


def button_line(*left: QWidget, right: Sequence[QWidget] = (), spacing: int | None = None) -> QHBoxLayout:
    """Buttons at both ends of a line, so many pixels apart, or as the layout around it says."""
    line = QHBoxLayout()
    if spacing is not None:
        line.setSpacing(spacing)
    for widget in left:
        line.addWidget(widget)
    line.addStretch()
    for widget in right:
        line.addWidget(widget)
    return line


def _claims_space(event: QEvent) -> bool:
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Space:
        return False
    event.accept()
    return True
