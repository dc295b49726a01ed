"""Loudness: a mute button and a slider."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from indexer.core.language import tr
from musicplayer.playback.player import Player
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.transport.seek_slider import JumpSlider

_WIDTH = 96
_STEP = 5
_LOUD = 50


class VolumeControl(QWidget):
    """Shows and sets the volume of the player; muting remembers what it was."""

    def __init__(self, player: Player, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._icons = icons
        self._before_mute = player.volume or _LOUD
        self.button = tool_button(icons.icon("speaker-high"), tr("Mute"))
        self.slider = JumpSlider(tr("Volume"), lambda value: tr("{share}%", share=value))
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(_STEP)
        self.slider.setFixedWidth(_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.button)
        layout.addWidget(self.slider)
        self.button.clicked.connect(self.toggle_mute)
        self.slider.valueChanged.connect(self._on_slider)
        player.volume_changed.connect(self._on_volume)
        self._on_volume(player.volume)

    def toggle_mute(self) -> None:
        if self._player.volume:
            self._before_mute = self._player.volume
            self._player.set_volume(0)
        else:
            self._player.set_volume(self._before_mute)

    def change(self, by: int) -> None:
        """Louder or softer by so many per cent."""
        self._player.set_volume(self._player.volume + by)

    def _on_slider(self, value: int) -> None:
        if value != self._player.volume:
            self._player.set_volume(value)

    def _on_volume(self, volume: int) -> None:
        self.slider.setValue(volume)
        name = "speaker-x" if volume == 0 else "speaker-low" if volume < _LOUD else "speaker-high"
        self.button.setIcon(self._icons.icon(name))
        text = tr("Unmute") if volume == 0 else tr("Mute")
        self.button.setAccessibleName(text)
        self.button.setToolTip(text)
