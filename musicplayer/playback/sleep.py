"""Ends the music after a while, at the end of the track or at the end of the queue."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.playing.shuffle import Uid
from indexer.core.tracks import Seconds
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player

FADE_SECONDS = 10.0
"""The music fades away for so long before it rests."""

_MINUTE = 60.0
_TICK_MS = 1_000
_FADE_TICK_MS = 100


class Sleep(StrEnum):
    """What the music is to end with."""

    TIME = "time"
    TRACK = "track"
    QUEUE = "queue"


class SleepTimer(QObject):
    """One of three kinds at a time.

    Signals:
        changed: it was set, called off or went off, or the time that is left is another.
    """

    changed = Signal()

    def __init__(
        self, player: Player, parent: QObject | None = None, clock: Callable[[], Seconds] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._clock = clock
        self._kind: Sleep | None = None
        self._until = 0.0
        self._left: set[Uid] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        player.state_changed.connect(self._on_state)
        player.modes_changed.connect(self._on_modes)
        player.queue_changed.connect(self._on_queue)

    @property
    def kind(self) -> Sleep | None:
        """What it waits for, None while it is off."""
        return self._kind

    @property
    def remaining(self) -> Seconds | None:
        """Seconds until the music rests, None where it does not go by the clock."""
        return max(0.0, self._until - self._clock()) if self._kind is Sleep.TIME else None

    def after(self, minutes: float) -> None:
        """Rest in so many minutes."""
        self.cancel()
        self._kind = Sleep.TIME
        self._until = self._clock() + minutes * _MINUTE
        self._timer.start(_TICK_MS)
        self.changed.emit()

    def at_end_of_track(self) -> None:
        self.cancel()
        self._kind = Sleep.TRACK
        self._player.stop_after_current = True
        self.changed.emit()

    def at_end_of_queue(self) -> None:
        """Stop when what is in the queue has played, although it repeats itself or something is added to it."""
        self.cancel()
        self._kind = Sleep.QUEUE
        self._left = {item.uid for item in self._player.queue.upcoming()}
        self._on_queue()
        self.changed.emit()

    def cancel(self) -> None:
        """Let the music go on."""
        kind, self._kind = self._kind, None
        if kind is None:
            return
        self._timer.stop()
        self._player.set_dimming(1.0)
        if kind is not Sleep.TIME:
            self._player.stop_after_current = False
        self.changed.emit()

    def tick(self) -> None:
        """Do what the time asks for."""
        remaining = self.remaining
        if remaining is None:
            return
        if remaining <= 0:
            self._rest()
        elif remaining <= FADE_SECONDS:
            self._timer.setInterval(_FADE_TICK_MS)
            self._player.set_dimming(remaining / FADE_SECONDS)
        self.changed.emit()

    def _rest(self) -> None:
        """Pause, so that the music can be taken up where it was; it comes back at its volume when it is played."""
        self._kind = None
        self._timer.stop()
        if self._player.state is PlaybackState.PLAYING:
            self._player.set_dimming(0.0)
            self._player.pause()
        else:
            self._player.set_dimming(1.0)

    def _on_state(self, state: PlaybackState) -> None:
        if state is PlaybackState.PLAYING and self._kind is not Sleep.TIME:
            self._player.set_dimming(1.0)

    def _on_modes(self) -> None:
        waits = self._kind is Sleep.TRACK or (self._kind is Sleep.QUEUE and not self._left)
        if waits and not self._player.stop_after_current:
            self._kind = None  # it went off, or someone called the stop off
            self.changed.emit()

    def _on_queue(self) -> None:
        if self._kind is not Sleep.QUEUE:
            return
        queue = self._player.queue
        current = queue.current
        self._left &= {item.uid for item in queue.items} - ({current.uid} if current else set())
        if not self._left and not self._player.stop_after_current:
            self._player.stop_after_current = True
