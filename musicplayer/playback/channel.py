"""A voice with a level and a gain of its own, below the volume that the listener chose."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from indexer.library import Seconds, Stretch
from musicplayer.playback.ramp import Law, Ramp
from musicplayer.playback.sound import Equaliser
from musicplayer.playback.voice import Voice


class Channel(QObject):
    """Fades its voice, and lets the file go when that has faded out for good.

    Signals:
        rested: a fade to silence that was no farewell is over.
        freed: the file was let go, another can be taken.
    """

    rested = Signal()
    freed = Signal()

    def __init__(self, voice: Voice, parent: QObject) -> None:
        super().__init__(parent)
        self.voice = voice
        self.stretch: Stretch | None = None
        self.ready = False
        """Was prepared, and has not been asked to play."""
        self.leaving = False
        """Is to be let go as soon as it has faded out or come to its end."""
        self.over = False
        """Has come to its end, though nobody took leave of it."""
        self.gain = 0.0
        self._volume = 80.0
        self._told = -1.0
        self._equaliser = Equaliser()
        self.ramp = Ramp(self._on_level, self)
        self.ramp.done.connect(self._on_faded)
        voice.ended.connect(self._on_ended)
        self._shape()

    @property
    def free(self) -> bool:
        return self.stretch is None

    def take(self, stretch: Stretch, start: Seconds = 0.0, *, ready: bool = False, gain: float = 0.0) -> None:
        """Take a file, at full level, in place of what there is; `ready` as for `Voice.load`."""
        self.leaving, self.over, self.ready = False, False, ready
        self.stretch = stretch
        self.set_gain(gain)
        self._told = -1.0  # another file may open another output
        self.ramp.cut(1.0)
        self.voice.load(stretch, start, ready=ready)

    def leave(self, seconds: Seconds, law: Law = Law.EVEN) -> None:
        """Fade out and let the file go."""
        self.leaving = True
        self.ramp.fade(0.0, seconds, law)

    def run_out(self) -> None:
        """Let the file go when it has come to its end by itself."""
        self.leaving = True

    def drop(self) -> None:
        """Let the file go at once."""
        self.leaving, self.over, self.ready = False, False, False
        self.stretch = None
        self.voice.unload()
        self.ramp.cut(1.0)

    def close(self) -> None:
        """Be silent and without a file for good; whoever still asks for a fade gets none."""
        self.leaving, self.over, self.ready = False, False, False
        self.stretch = None
        self.ramp.close()
        self.voice.close()

    def set_volume(self, volume: float) -> None:
        self._volume = volume
        self._on_level(self.ramp.level)

    def set_equaliser(self, equaliser: Equaliser) -> None:
        self._equaliser = equaliser
        self._shape()

    def set_gain(self, gain: float) -> None:
        if gain != self.gain:
            self.gain = gain
            self._shape()

    def _shape(self) -> None:
        self.voice.set_equaliser(replace(self._equaliser, preamp=self._equaliser.preamp + self.gain))

    def _on_level(self, level: float) -> None:
        volume = round(self._volume * math.cbrt(level))
        if volume != self._told:
            self._told = volume
            self.voice.set_volume(volume)

    def _on_faded(self) -> None:
        if self.leaving:
            self._free()
        elif self.ramp.level == 0.0:
            self.rested.emit()

    def _on_ended(self) -> None:
        if self.leaving:
            self._free()
        else:
            self.over = True

    def _free(self) -> None:
        self.drop()
        self.freed.emit()
