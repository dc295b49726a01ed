"""The right of the transport bar: speed and sleep timer where they are on, and the way to the Sound dialog."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from indexer.core.language import short_number, tr
from indexer.core.tracks import Seconds
from musicplayer.playback.sleep import Sleep
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.words import clock


class TransportSound(QWidget):
    """Three buttons; whoever made it connects them."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.speed = worded_button(icons.icon("gauge", "accent"), "")
        self.sleep = worded_button(icons.icon("moon", "accent"), "")
        self.sound = tool_button(icons.icon("sliders-horizontal"), tr("Sound"), tip=tr("Sound (Ctrl+Shift+E)"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for button in (self.speed, self.sleep, self.sound):
            layout.addWidget(button)
        self.show_speed("")
        self.show_sleep("")

    def show_speed(self, words: str) -> None:
        """Name the speed, nothing while it is the normal one."""
        _show(self.speed, words, tr("Speed {speed}. Click for the normal one.", speed=words))

    def show_sleep(self, words: str) -> None:
        """Say when the music ends, nothing while it goes on."""
        _show(self.sleep, words, tr("Sleep timer: {when}. Click to call it off.", when=words))


def speed_words(rate: float) -> str:
    """`1.25×`, nothing for the normal speed."""
    return "" if rate == 1.0 else f"{short_number(rate)}×"


def sleep_words(kind: Sleep | None, remaining: Seconds | None) -> str:
    """When the music ends, nothing where no timer is set."""
    if kind is Sleep.TIME:
        return clock(remaining)
    if kind is Sleep.TRACK:
        return tr("after this track")
    return tr("after the queue") if kind is Sleep.QUEUE else ""


def _show(button: QToolButton, words: str, about: str) -> None:
    button.setVisible(bool(words))
    button.setText(f" {words}")
    button.setAccessibleName(about)
    button.setToolTip(about)
