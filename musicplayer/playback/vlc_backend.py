"""Opens libVLC, or says why there is none; the only module that imports it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject

from musicplayer.playback.backend import AudioBackend, BackendUnavailable, NullBackend
from musicplayer.playback.engine import Engine
from musicplayer.playback.sound import BANDS, Equaliser, Output, Preset
from musicplayer.playback.vlc_voice import UNITY_DB, VlcVoice, text_of
from musicplayer.playback.voice import Voice

AUDIO_OUTPUT_VARIABLE = "SEGUE_AOUT"
"""Names VLC's audio output module; "dummy" plays in real time without a sound card."""


def choose_backend(parent: QObject | None = None) -> AudioBackend:
    """Return a backend in every case, so that the window opens on a machine without VLC."""
    try:
        return Engine(Vlc(), parent)
    except BackendUnavailable as reason:
        return NullBackend(reason, parent)


class Vlc:
    """libVLC itself, and the voice made with it."""

    def __init__(self, options: Sequence[str] = ()) -> None:
        """Open libVLC, with `options` beside our own.

        Raises:
            BackendUnavailable: libVLC or its plugins are not there, or it finds no way to start.
        """
        self._vlc = _import_vlc()
        self._instance = self._vlc.Instance([*_options(), *options])
        if self._instance is None:
            raise BackendUnavailable("vlc-not-started")
        self._voice: VlcVoice | None = None

    def voice(self, parent: QObject) -> Voice:
        self._voice = VlcVoice(self._vlc, self._instance, parent)
        return self._voice

    def outputs(self) -> Sequence[Output]:
        return self._voice.outputs() if self._voice else ()

    def presets(self) -> Sequence[Preset]:
        vlc = self._vlc
        count = vlc.libvlc_audio_equalizer_get_preset_count()
        return [Preset(text_of(vlc.libvlc_audio_equalizer_get_preset_name(n)), self._preset(n)) for n in range(count)]

    def frequencies(self) -> Sequence[float]:
        return [float(self._vlc.libvlc_audio_equalizer_get_band_frequency(band)) for band in range(BANDS)]

    def close(self) -> None:
        """Give libVLC back; the voice was closed before."""
        self._instance.release()

    def _preset(self, number: int) -> Equaliser:
        """A preset of VLC's, with its preamp as a change of loudness."""
        made = self._vlc.libvlc_audio_equalizer_new_from_preset(number)
        bands = tuple(round(made.get_amp_at_index(band), 1) + 0.0 for band in range(BANDS))
        preamp = round(made.get_preamp() - UNITY_DB, 1) + 0.0
        self._vlc.libvlc_audio_equalizer_release(made)
        return Equaliser(bands, preamp)


def vlc_version() -> str | None:
    """What libVLC says of itself, None where it is not there."""
    try:
        return text_of(_import_vlc().libvlc_get_version())
    except BackendUnavailable:
        return None


def _import_vlc() -> Any:
    """Import python-vlc, which looks for the library as it is imported and fails in many ways without it."""
    try:
        return importlib.import_module("vlc")
    except (ImportError, OSError, NameError, NotImplementedError, AttributeError, TypeError, SystemExit) as error:
        raise BackendUnavailable("vlc-missing") from error


def _options() -> list[str]:
    options = ["--no-video", "--quiet", "--no-xlib", "--no-volume-save", "--no-lua"]
    output = os.environ.get(AUDIO_OUTPUT_VARIABLE)
    return [*options, f"--aout={output}"] if output else options
