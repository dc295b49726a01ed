"""Chooses what makes the sound: VLC where it works, else a stand-in that says why not."""

from __future__ import annotations

from PySide6.QtCore import QObject

from musicplayer.playback.backend import AudioBackend, BackendUnavailable, NullBackend
from musicplayer.playback.engine import Engine
from musicplayer.playback.vlc_backend import Vlc


def choose_backend(parent: QObject | None = None) -> AudioBackend:
    """Return a backend in every case, so that the window opens on a machine without VLC."""
    try:
        return Engine(Vlc(), parent)
    except BackendUnavailable as reason:
        return NullBackend(reason, parent)
