"""A voice without sound or time and a studio without files, for tests of the engine between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from indexer.core.tracks import Stretch
from musicplayer.playback.sound import Equaliser, Output, Preset
from musicplayer.playback.studio_link import Feed
from musicplayer.playback.voice import Voice


class SilentVoice(Voice):
    """Remembers what it was told; a test says where it is, and that it ended or failed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = ""
        self.feed: Feed | None = None
        self.calls: list[str] = []
        self.at = 0.0
        self.volume = -1.0
        self.equaliser = Equaliser()
        self.rate = 1.0
        self.output = ""
        self.closed = False

    def load(self, stretch: Stretch, start: float = 0.0) -> None:
        self.path, self.feed, self.at = stretch.path, None, start
        self.calls.append(f"load {stretch.path} {start:g}")

    def load_stream(self, feed: Feed, rate: int) -> None:
        self.path, self.feed, self.at = "", feed, 0.0
        self.calls.append(f"stream {rate}")

    def play(self) -> None:
        self.calls.append("play")
        self.sounding.emit()

    def pause(self) -> None:
        self.calls.append("pause")
        self.paused.emit()

    def unload(self) -> None:
        self.path, self.feed, self.at = "", None, 0.0
        self.calls.append("unload")

    def seek(self, position: float) -> None:
        self.at = position
        self.calls.append(f"seek {position:g}")

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

    def close(self) -> None:
        self.closed = True


class SilentSound:
    """Makes one voice."""

    def __init__(self) -> None:
        self.made = SilentVoice()
        self.closed = False

    def voice(self, parent: QObject) -> Voice:
        self.made.setParent(parent)
        return self.made

    def outputs(self) -> list[Output]:
        return [Output("one", "The first")]

    def presets(self) -> list[Preset]:
        return [Preset("Rock", Equaliser((1.0,) * 10, -3.0))]

    def frequencies(self) -> list[float]:
        return [31.25 * 2**band for band in range(10)]

    def close(self) -> None:
        self.closed = True


class SilentFeed:
    """Nothing to read."""

    descriptor: int | None = None

    def __init__(self) -> None:
        self.closed = False

    def read(self, most: int) -> bytes:
        return b""

    def close(self) -> None:
        self.closed = True


class SilentStudio(QObject):
    """Takes orders; a test tells the news. A file opens at once unless its name says that it is `late`."""

    news = Signal(object)
    died = Signal(bool)

    RATE = 1000

    def __init__(self) -> None:
        super().__init__()
        self.usable = True
        self.stream = 0
        self.first: dict[str, Any] = {}
        self.following: list[dict[str, Any]] = []
        self.begun: list[str] = []
        self.gains: list[tuple[int, float]] = []
        self.feeds: list[SilentFeed] = []
        self.silence = 0.0
        self.restarts = 0
        self.closed = False

    def play(self, stream: int, part: dict[str, Any]) -> Feed:
        self.stream, self.first, self.following = stream, part, []
        self.begun.append(f"{part['path']} {part['at']:g}")
        self.feeds.append(SilentFeed())
        return self.feeds[-1]

    def follow(self, stream: int, parts: Sequence[dict[str, Any]]) -> None:
        assert stream == self.stream
        self.following = list(parts)

    def set_gain(self, stream: int, part: int, gain: float) -> None:
        self.gains.append((part, gain))

    def rest(self) -> None:
        self.stream = 0

    def silent_for(self) -> float:
        return self.silence

    def restart(self) -> None:
        self.restarts += 1
        self.silence = 0.0

    def close(self) -> None:
        self.closed = True

    # What a test tells

    def tell(self, kind: str, part: dict[str, Any], **values: Any) -> None:
        self.news.emit({"news": kind, "stream": self.stream, "part": part["number"], **values})

    def open(self, part: dict[str, Any], seconds: float | None = 100.0) -> None:
        self.tell("opened", part, rate=self.RATE, seconds=seconds)

    def mark(self, kind: str, part: dict[str, Any], at: float) -> None:
        self.tell(kind, part, frame=round(at * self.RATE), rate=self.RATE)
