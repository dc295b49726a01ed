"""Voices without sound or time, for tests of the engine that plays on them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from indexer.library import Stretch
from musicplayer.playback.sound import Equaliser, Output, Preset
from musicplayer.playback.voice import Voice


class SilentVoice(Voice):
    """Remembers what it was told; a test says how long its file lasts yet, and that it ended or failed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = ""
        self.calls: list[str] = []
        self.at = 0.0
        self.left: float | None = None
        self.volume = -1.0
        self.equaliser = Equaliser()
        self.rate = 1.0
        self.output = ""
        self.closed = False

    def load(self, stretch: Stretch, start: float = 0.0, *, ready: bool = False) -> None:
        path = stretch.path
        self.path, self.at, self.left = path, start, None
        self.calls.append(f"{'ready' if ready else 'load'} {path} {start:g}")

    def play(self) -> None:
        self.calls.append("play")

    def pause(self) -> None:
        self.calls.append("pause")

    def unload(self) -> None:
        self.path = ""
        self.calls.append("unload")

    def seek(self, position: float) -> None:
        self.at = position

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def set_equaliser(self, equaliser: Equaliser) -> None:
        self.equaliser = equaliser

    def set_rate(self, rate: float) -> None:
        self.rate = rate

    def set_output(self, name: str) -> None:
        self.output = name

    def position(self) -> float:
        return self.at

    def duration(self) -> float | None:
        return 100.0 if self.path else None

    def remaining(self) -> float | None:
        return self.left

    def close(self) -> None:
        self.closed = True


class SilentVoices:
    """Makes them, and keeps them in the order of making."""

    def __init__(self) -> None:
        self.made: list[SilentVoice] = []
        self.closed = False

    def voice(self, parent: QObject) -> Voice:
        self.made.append(SilentVoice(parent))
        return self.made[-1]

    def outputs(self) -> list[Output]:
        return [Output("one", "The first")]

    def presets(self) -> list[Preset]:
        return [Preset("Rock", Equaliser((1.0,) * 10, -3.0))]

    def frequencies(self) -> list[float]:
        return [31.25 * 2**band for band in range(10)]

    def close(self) -> None:
        self.closed = True
