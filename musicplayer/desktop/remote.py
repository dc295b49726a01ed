"""Lets listeners elsewhere see what plays here and press its buttons, by way of the server beside the player."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from indexer.core.serving import Button, Desktop, Pressed
from musicplayer.jobs.library_server import LibraryServer
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player

SOON_MS = 150
"""Several things change at once where a track begins."""

AROUND = 100
"""Items of the queue that are told on each side of the current one."""


class RemoteControl(QObject):
    """Tells the server of the player, then of every change of it, and does what is pressed.

    Who may press is decided by the server; a button that means nothing at this moment does nothing.
    """

    def __init__(self, player: Player, server: LibraryServer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._server = server
        self._first = 0
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._tell)
        changes = (player.track_changed, player.state_changed, player.seeked, player.duration_changed)
        for signal in (*changes, player.volume_changed, player.queue_changed, server.changed):
            signal.connect(lambda *_: self._soon.start())
        server.pressed.connect(self.press)
        self._soon.start()

    @property
    def now(self) -> Desktop:
        """What the player does at this moment, and what is around in its queue."""
        player, items = self._player, self._player.queue.items
        index = player.queue.index
        self._first = max(0, (index or 0) - AROUND)
        return Desktop(
            tuple(item.track for item in items[self._first : (index or 0) + AROUND]),
            -1 if index is None or player.current is None else index - self._first,
            player.state is PlaybackState.PLAYING,
            player.position(),
            player.duration(),
            player.volume / 100,
        )

    def press(self, pressed: Pressed) -> None:
        """Do what a button is for."""
        player, value = self._player, pressed.value
        match pressed.button:
            case Button.PLAY:
                player.play()
            case Button.PAUSE:
                player.pause()
            case Button.NEXT:
                player.next()
            case Button.PREVIOUS:
                player.previous()
            case Button.SEEK:
                player.seek(max(0.0, min(value, player.duration())))
            case Button.VOLUME:
                player.set_volume(round(100 * max(0.0, min(value, 1.0))))
            case Button.JUMP if 0 <= self._first + int(value) < len(player.queue):
                player.jump(self._first + int(value))
            case Button.JUMP:
                return

    def _tell(self) -> None:
        if self._server.state is not None:
            self._server.ask(self.now)
