"""Connects the actions of the Playback menu with the player, both ways, and what is shown with an empty queue."""

from __future__ import annotations

from PySide6.QtCore import QObject

from indexer.core.catalogue.shown import Column
from indexer.core.language import tr
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.transport.volume import VolumeControl

SEEK_SECONDS = 10.0
VOLUME_STEP = 5
_PLAY_ON = "play_on"


class PlaybackControl(QObject):
    """Keeps check marks, words and availability as the player is."""

    def __init__(self, shell: Shell, services: Services, volume: VolumeControl) -> None:
        super().__init__(shell.window)
        player = services.player
        self._shell = shell
        self._player = player
        self._actions = shell.actions
        self._icons = services.look.icons
        self._library = services.library
        self._preferences = services.preferences
        self._waits_for = ""
        self._connect_actions(volume)
        library = services.library
        player.elsewhere = lambda: len(library.catalogue) > 0
        self.on_setting(_PLAY_ON)
        self.on_state(player.state)
        self.on_modes()
        self.on_queue()

    def on_setting(self, name: str) -> None:
        if name == _PLAY_ON:
            self._shell.commands.play_on = self._preferences.settings.play_on

    def on_wanted(self) -> None:
        """Play what the page shows, from what is selected on; where it shows no tracks, the library."""
        play_shown = getattr(self._shell.places.page, "play_shown", None)
        if play_shown is None or not play_shown():
            catalogue = self._library.catalogue
            rows = catalogue.sort_order(catalogue.rows(), Column.ARTIST)
            self._shell.commands.play(catalogue.ids(rows.tolist()))

    def on_state(self, state: PlaybackState) -> None:
        playing = state is PlaybackState.PLAYING
        self._actions.play_pause.setText(tr("Pause") if playing else tr("Play"))
        self._actions.play_pause.setIcon(self._icons.icon("pause" if playing else "play"))
        self._actions.stop.setEnabled(state is not PlaybackState.STOPPED)
        if playing and self._waits_for:
            self._shell.messages.take_back(self._waits_for)
            self._waits_for = ""

    def on_failed(self, message: str, advice: str) -> None:
        """Say it; what made the music wait for something is not true any more once it goes on."""
        self._waits_for = message if self._player.state is PlaybackState.PAUSED else ""
        self._shell.messages.warn(message, advice)

    def on_modes(self) -> None:
        queue = self._player.queue
        self._actions.shuffle.setChecked(queue.shuffle)
        self._actions.repeats[queue.repeat].setChecked(True)
        self._actions.stop_after.setChecked(self._player.stop_after_current)

    def on_queue(self) -> None:
        queue, actions = self._player.queue, self._actions
        actions.play_pause.setEnabled(self._player.can_play)
        something = len(queue) > 0 or self._player.current is not None
        for action in (actions.next, actions.previous, actions.seek_forward, actions.seek_back):
            action.setEnabled(something)
        actions.clear_queue.setEnabled(len(queue) > 0)
        actions.undo_queue.setEnabled(queue.can_undo)

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
