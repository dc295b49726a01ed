"""How an engine sounds, whatever plays: its volume with fades, its equaliser, its speed, and where it comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from musicplayer.playback.backend import AudioBackend
from musicplayer.playback.ramp import Ramp, slider_place
from musicplayer.playback.sound import Equaliser, Output, Preset
from musicplayer.playback.voice import VoiceMaker


class EngineSound(AudioBackend):
    """What is set about the sound of one voice, and holds for everything from then on."""

    def __init__(self, sound: VoiceMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sound = sound
        self._voice = sound.voice(self)
        self._ramp = Ramp(self._on_level, self)
        self._volume, self._told = 80, -1
        self._equaliser = Equaliser()
        self._rate = 1.0
        self._rest, self._skip = 0.0, 0.0

    def set_volume(self, volume: int) -> None:
        self._volume = volume
        self._on_level(self._ramp.level)

    def set_equaliser(self, equaliser: Equaliser) -> None:
        self._equaliser = equaliser
        self._shape()

    def set_rate(self, rate: float) -> None:
        self._voice.set_rate(rate)
        self._rate = rate

    def set_fades(self, *, rest: int, skip: int) -> None:
        self._rest, self._skip = rest / 1000, skip / 1000

    def set_output(self, name: str) -> None:
        self._voice.set_output(name)

    def outputs(self) -> Sequence[Output]:
        return self._sound.outputs()

    def presets(self) -> Sequence[Preset]:
        return self._sound.presets()

    def frequencies(self) -> Sequence[float]:
        return self._sound.frequencies()

    def _gain_of_voice(self) -> float:
        """DB that the voice is to add by itself: nothing where the stream has them already."""
        return 0.0

    def _shape(self) -> None:
        preamp = self._equaliser.preamp + self._gain_of_voice()
        self._voice.set_equaliser(replace(self._equaliser, preamp=preamp))

    def _on_level(self, level: float) -> None:
        volume = round(slider_place(self._volume, level))
        if volume != self._told:
            self._told = volume
            self._voice.set_volume(volume)
