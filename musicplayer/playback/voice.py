"""What the engine asks of its voice, and of what makes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from musicplayer.playback.sound import Equaliser, Output, Preset
from musicplayer.playback.sounding import Sounding
from musicplayer.playback.studio_link import Feed


class Voice(Sounding):
    """Plays one stream, or one stretch of a file by itself; of a stream the place is how much of it was heard.

    Signals:
        sounding: what was to play does.
        paused: it rests, whoever wanted it.
        length_known: seconds of the file.
    """

    sounding = Signal()
    paused = Signal()
    length_known = Signal(float)

    def load_stream(self, feed: Feed, rate: int) -> None:
        """Take a stream of stereo float32 samples at `rate` frames a second instead of what there is."""
        raise NotImplementedError

    def unload(self) -> None:
        """End the sound and let go of what there is; no signal about it comes afterwards."""
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


class VoiceMaker(Protocol):
    """Makes a voice, and knows what it can come out of and sound like."""

    def voice(self, parent: QObject) -> Voice: ...

    def outputs(self) -> Sequence[Output]: ...

    def presets(self) -> Sequence[Preset]: ...

    def frequencies(self) -> Sequence[float]: ...

    def close(self) -> None: ...
