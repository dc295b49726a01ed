"""What the engine asks of one of its voices, and of what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from indexer.library import Seconds, Stretch
from musicplayer.playback.sound import Equaliser, Output, Preset


class Voice(QObject):
    """Plays one stretch of a file at a time, beside other voices; its signals arrive through the event loop.

    Places and lengths are those of the stretch.

    Signals:
        ended: the file was played to its end.
        failed: message naming the file, and advice.
        sounding: the file that was to play does.
        paused: the file rests, whoever wanted it.
        length_known: seconds.
        ticked: where it is was told anew, a few times a second while it plays and after every seek.
    """

    ended = Signal()
    failed = Signal(str, str)
    sounding = Signal()
    paused = Signal()
    length_known = Signal(float)
    ticked = Signal()

    def load(self, stretch: Stretch, start: Seconds = 0.0, *, ready: bool = False) -> None:
        """Take `stretch` instead of what there is; `ready` opens it at once, held before its first sound."""
        raise NotImplementedError

    def play(self) -> None:
        raise NotImplementedError

    def pause(self) -> None:
        raise NotImplementedError

    def unload(self) -> None:
        """End the sound and let the file go; no signal about it comes afterwards."""
        raise NotImplementedError

    def seek(self, position: Seconds) -> None:
        raise NotImplementedError

    def set_volume(self, volume: float) -> None:
        """Set the volume in per cent, as a person turns it: its cube is the amplitude."""
        raise NotImplementedError

    def set_equaliser(self, equaliser: Equaliser) -> None:
        raise NotImplementedError

    def set_rate(self, rate: float) -> None:
        raise NotImplementedError

    def set_output(self, name: str) -> None:
        raise NotImplementedError

    def position(self) -> Seconds:
        raise NotImplementedError

    def duration(self) -> Seconds | None:
        raise NotImplementedError

    def remaining(self) -> Seconds | None:
        """Seconds on the clock until the last sound of a file that plays; None where that is not certain."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class Voices(Protocol):
    """Makes voices, and knows what they can come out of and sound like."""

    def voice(self, parent: QObject) -> Voice: ...

    def outputs(self) -> Sequence[Output]: ...

    def presets(self) -> Sequence[Preset]: ...

    def frequencies(self) -> Sequence[float]: ...

    def close(self) -> None: ...
