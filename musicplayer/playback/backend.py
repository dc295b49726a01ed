"""What the player asks of whatever makes the sound."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.errors import SegueError
from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.sound import Equaliser, Output, Preset, Upcoming
from musicplayer.playback.sounding import Sounding


class PlaybackState(StrEnum):
    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"


class BackendUnavailable(SegueError):
    """Nothing on this machine can make the sound."""


class AudioBackend(Sounding):
    """Whatever makes the sound for the player.

    What is set about the sound holds for everything from then on. A backend may leave it out, and preparing too.

    Signals:
        ended: also where the end is so near that what was prepared is to be loaded and played.
        unavailable: message and advice. No file at all can be played.
        interrupted: message and advice. What played rests where it is, since where it comes from is away.
        state_changed: a PlaybackState.
        duration_changed: seconds, once known.
        length_measured: a Stretch and its seconds, exactly, once all of it was decoded.
    """

    unavailable = Signal(str, str)
    interrupted = Signal(str, str)
    state_changed = Signal(object)
    duration_changed = Signal(float)
    length_measured = Signal(object, float)

    def stop(self) -> None:
        raise NotImplementedError

    def set_volume(self, volume: int) -> None:
        """Set the volume in per cent, 0 to 100; it holds for everything loaded from now on."""
        raise NotImplementedError

    def prepare(self, upcoming: Sequence[Upcoming]) -> None:
        """Have what comes next ready before it is loaded and played, in this order; nothing else any more."""

    def set_gain(self, gain: float) -> None:
        """Make the file that is loaded louder or softer by `gain` dB."""

    def set_equaliser(self, equaliser: Equaliser) -> None:
        """Raise and lower bands; what plays follows when what is decoded already was heard, about a second later."""

    def set_rate(self, rate: float) -> None:
        """Play `rate` times as fast, at the same pitch."""

    def set_fades(self, *, rest: int, skip: int) -> None:
        """Fade on pause and stop for `rest` milliseconds, and from one file to another out of turn for `skip`."""

    def set_output(self, name: str) -> None:
        """Let the sound come out of the output of that name; empty for the system's choice."""

    def outputs(self) -> Sequence[Output]:
        """What sound can come out of at the moment, the system's choice left out."""
        return ()

    def presets(self) -> Sequence[Preset]:
        return ()

    def frequencies(self) -> Sequence[float]:
        """Hertz in the middle of each band of the equaliser; empty where there is none."""
        return ()


class NullBackend(AudioBackend):
    """Stands in where there is no way to make sound: everything else works, playing says why it does not."""

    def __init__(self, reason: BackendUnavailable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reason = reason

    def load(self, stretch: Stretch, start: Seconds = 0.0) -> None:
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
