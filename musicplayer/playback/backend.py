"""What the player asks of whatever makes the sound."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.errors import SegueError
from indexer.library import Seconds


class PlaybackState(StrEnum):
    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"


class BackendUnavailable(SegueError):
    """Nothing on this machine can make the sound."""


class AudioBackend(QObject):
    """Plays one file at a time. Its signals arrive in the thread it lives in, never inside a call to it.

    Signals:
        ended: the file was played to its end.
        failed: message naming the file, and advice. The file plays no further.
        unavailable: message and advice. No file at all can be played.
        state_changed: a PlaybackState.
        duration_changed: seconds, once known.
    """

    ended = Signal()
    failed = Signal(str, str)
    unavailable = Signal(str, str)
    state_changed = Signal(object)
    duration_changed = Signal(float)

    def load(self, path: str, start: Seconds = 0.0) -> None:
        """Take `path` as the file to play from `start` on, ending what plays now; makes no sound yet."""
        raise NotImplementedError

    def play(self) -> None:
        raise NotImplementedError

    def pause(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def seek(self, position: Seconds) -> None:
        raise NotImplementedError

    def set_volume(self, volume: int) -> None:
        """Set the volume in per cent, 0 to 100; it holds for everything loaded from now on."""
        raise NotImplementedError

    def position(self) -> Seconds:
        raise NotImplementedError

    def duration(self) -> Seconds | None:
        """Length of the file in seconds, None while unknown."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop and give everything back; nothing may be called afterwards."""
        raise NotImplementedError


class NullBackend(AudioBackend):
    """Stands in where there is no way to make sound: everything else works, playing says why it does not."""

    def __init__(self, reason: BackendUnavailable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reason = reason

    def load(self, path: str, start: Seconds = 0.0) -> None:
        """Accept the file; only playing it reports."""

    def play(self) -> None:
        QTimer.singleShot(0, self, self._report)

    def pause(self) -> None:
        """Nothing plays."""

    def stop(self) -> None:
        """Nothing plays."""

    def seek(self, position: Seconds) -> None:
        """Nothing plays."""

    def set_volume(self, volume: int) -> None:
        """Nothing is heard at any volume."""

    def position(self) -> Seconds:
        return 0.0

    def duration(self) -> Seconds | None:
        return None

    def close(self) -> None:
        """Nothing to give back."""

    def _report(self) -> None:
        self.unavailable.emit(self.reason.message, self.reason.advice)
