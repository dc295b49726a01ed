"""Connects the actions of the Playback menu with the player, both ways."""

from __future__ import annotations

from PySide6.QtCore import QObject

from musicplayer.language import tr
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.actions import Actions
from musicplayer.ui.icons import Icons
from musicplayer.ui.volume import VolumeControl

SEEK_SECONDS = 10.0
VOLUME_STEP = 5


class PlaybackControl(QObject):
    """Keeps check marks, words and availability as the player is."""

    def __init__(
        self, player: Player, actions: Actions, volume: VolumeControl, icons: Icons, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._actions = actions
        self._icons = icons
        self._connect_actions(volume)
        player.state_changed.connect(self._on_state)
        player.modes_changed.connect(self._on_modes)
        player.queue_changed.connect(self._on_queue)
        player.track_changed.connect(self._on_queue)
        self._on_state(player.state)
        self._on_modes()
        self._on_queue()

    def _connect_actions(self, volume: VolumeControl) -> None:
        player, actions = self._player, self._actions
        actions.play_pause.triggered.connect(player.toggle)
        actions.next.triggered.connect(player.next)
        actions.previous.triggered.connect(player.previous)
        actions.stop.triggered.connect(player.stop)
        actions.seek_forward.triggered.connect(lambda: player.seek(player.position() + SEEK_SECONDS))
        actions.seek_back.triggered.connect(lambda: player.seek(player.position() - SEEK_SECONDS))
        actions.louder.triggered.connect(lambda: volume.change(VOLUME_STEP))
        actions.softer.triggered.connect(lambda: volume.change(-VOLUME_STEP))
        actions.mute.triggered.connect(volume.toggle_mute)
        actions.shuffle.triggered.connect(player.set_shuffle)
        actions.stop_after.triggered.connect(self._set_stop_after)
        actions.undo_queue.triggered.connect(player.undo)
        actions.clear_queue.triggered.connect(player.clear)
        for repeat, action in actions.repeats.items():
            action.triggered.connect(lambda _=False, repeat=repeat: player.set_repeat(repeat))

    def _set_stop_after(self, on: bool) -> None:
        self._player.stop_after_current = on

    def _on_state(self, state: PlaybackState) -> None:
        playing = state is PlaybackState.PLAYING
        self._actions.play_pause.setText(tr("Pause") if playing else tr("Play"))
        self._actions.play_pause.setIcon(self._icons.icon("pause" if playing else "play"))
        self._actions.stop.setEnabled(state is not PlaybackState.STOPPED)

    def _on_modes(self) -> None:
        queue = self._player.queue
        self._actions.shuffle.setChecked(queue.shuffle)
        self._actions.repeats[queue.repeat].setChecked(True)
        self._actions.stop_after.setChecked(self._player.stop_after_current)

    def _on_queue(self) -> None:
        queue, actions = self._player.queue, self._actions
        something = len(queue) > 0 or self._player.current is not None
        for action in (actions.play_pause, actions.next, actions.previous, actions.seek_forward, actions.seek_back):
            action.setEnabled(something)
        actions.clear_queue.setEnabled(len(queue) > 0)
        actions.undo_queue.setEnabled(queue.can_undo)
