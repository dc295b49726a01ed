"""An audio backend without sound or time, for tests of what listens to one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from indexer.core.tracks import Stretch
from musicplayer.playback.backend import AudioBackend, PlaybackState
from musicplayer.playback.sound import Upcoming


class SilentBackend(AudioBackend):
    """Remembers what it was told; a test says what happens by `end`, `fail` and `at`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.loaded: list[tuple[str, float]] = []
        self.calls: list[str] = []
        self.volume = -1
        self.at = 0.0
        self.closed = False
        self.prepared: list[list[Upcoming]] = []
        self.gains: list[float] = []
        self.rate = 1.0
        self.length: float | None = None
        self.fades = (0, 0)

    def load(self, stretch: Stretch, start: float = 0.0) -> None:
        self.loaded.append((stretch.path, start))
        self.at = start

    def play(self) -> None:
        self.calls.append("play")
        self.state_changed.emit(PlaybackState.PLAYING)

    def pause(self) -> None:
        self.calls.append("pause")
        self.state_changed.emit(PlaybackState.PAUSED)

    def stop(self) -> None:
        self.calls.append("stop")

    def seek(self, position: float) -> None:
        self.at = position

    def set_volume(self, volume: int) -> None:
        self.volume = volume

    def position(self) -> float:
        return self.at

    def duration(self) -> float | None:
        return self.length

    def prepare(self, upcoming: Sequence[Upcoming]) -> None:
        self.prepared.append(list(upcoming))

    def set_gain(self, gain: float) -> None:
        self.gains.append(gain)

    def set_rate(self, rate: float) -> None:
        self.rate = rate

    def set_fades(self, *, rest: int, skip: int) -> None:
        self.fades = (rest, skip)

    def close(self) -> None:
        self.closed = True

    def end(self) -> None:
        self.ended.emit()

    def fail(self) -> None:
        self.failed.emit("x.mp3 cannot be played.", "It is damaged.")
