"""Plays files through libVLC; the only module that knows it."""

from __future__ import annotations

import importlib
import os
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.library import Seconds
from musicplayer.playback.backend import AudioBackend, BackendUnavailable, PlaybackState

AUDIO_OUTPUT_VARIABLE = "SEGUE_AOUT"
"""Names VLC's audio output module; "dummy" plays in real time without a sound card."""

CERTAINLY_SOUNDED = 2.0
"""Seconds after which a file without a known length that comes to its end was music all the same."""

SETTLE_MS = 200
"""Time in which VLC carries out a pause and a play that follow each other."""

_ADVICE = (
    "Install VLC with its plugins, then start Segue again "
    "(Debian and Ubuntu: sudo apt install libvlc5 vlc-plugin-base; others: videolan.org)."
)


class VlcBackend(AudioBackend):
    """One libVLC player.

    libVLC is not re-entrant and calls back from threads of its own: a callback only emits `_happened`, which
    arrives here through the event loop. Each carries the number of the file it is about, because an event of
    the file before may still be under way when the next one is loaded.
    """

    _happened = Signal(int, str, float)

    def __init__(self, parent: QObject | None = None) -> None:
        """Open libVLC.

        Raises:
            BackendUnavailable: libVLC or its plugins are not there, or it finds no way to start.
        """
        super().__init__(parent)
        self._vlc = _import_vlc()
        self._instance = self._vlc.Instance(_options())
        if self._instance is None:
            raise BackendUnavailable("VLC is installed, but could not be started.", _ADVICE)
        self._player = self._instance.media_player_new()
        self._path = ""
        self._file = 0
        self._volume = 80
        self._duration: Seconds | None = None
        self._sounding_since: float | None = None
        self._paused_by_us = False
        self._happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)
        self._listen()

    def load(self, path: str, start: Seconds = 0.0) -> None:
        media = self._instance.media_new_location(_location(path))
        if start > 0:
            media.add_option(f":start-time={start:.3f}")
        self._player.set_media(media)  # joins VLC's thread of the file before: none of its events comes later
        media.release()
        self._file += 1
        self._path = path
        self._duration = None
        self._sounding_since = None

    def play(self) -> None:
        self._paused_by_us = False
        self._player.set_pause(0)
        if not self._player.is_playing():
            self._player.play()

    def pause(self) -> None:
        self._paused_by_us = True
        self._player.set_pause(1)

    def stop(self) -> None:
        self._file += 1  # whatever is under way is about a file that is not wanted any more
        self._player.stop()

    def seek(self, position: Seconds) -> None:
        self._player.set_time(round(position * 1000))

    def set_volume(self, volume: int) -> None:
        self._volume = volume
        self._player.audio_set_volume(volume)

    def position(self) -> Seconds:
        return max(0.0, float(self._player.get_time()) / 1000)

    def duration(self) -> Seconds | None:
        return self._duration

    def close(self) -> None:
        self._file += 1
        self._player.stop()
        self._player.release()
        self._instance.release()

    def _listen(self) -> None:
        events = self._player.event_manager()
        kinds = self._vlc.EventType
        events.event_attach(kinds.MediaPlayerEndReached, self._call, "ended")
        events.event_attach(kinds.MediaPlayerEncounteredError, self._call, "failed")
        events.event_attach(kinds.MediaPlayerPlaying, self._call, "playing")
        events.event_attach(kinds.MediaPlayerPaused, self._call, "paused")
        events.event_attach(kinds.MediaPlayerLengthChanged, self._call, "length")

    def _call(self, event: Any, what: str) -> None:
        """Run in a thread of VLC's."""
        value = float(event.u.new_length) if what == "length" else 0.0
        self._happened.emit(self._file, what, value)

    def _on_happened(self, file: int, what: str, value: float) -> None:
        if file != self._file:
            return
        if what == "ended":
            self._on_ended()
        elif what == "failed":
            self._fail()
        elif what == "length" and value > 0:
            self._duration = value / 1000
            self.duration_changed.emit(self._duration)
        elif what == "playing":
            self._sounding_since = self._sounding_since or time.monotonic()
            self._player.audio_set_volume(self._volume)  # some outputs start at a volume of their own
            self.state_changed.emit(PlaybackState.PLAYING)
        elif what == "paused":
            # The news of our own pause may come after the play that followed it.
            QTimer.singleShot(0 if self._paused_by_us else SETTLE_MS, self, lambda: self._tell_if_paused(file))

    def _tell_if_paused(self, file: int) -> None:
        if file == self._file and self._player.get_state() == self._vlc.State.Paused:
            self.state_changed.emit(PlaybackState.PAUSED)

    def _on_ended(self) -> None:
        if self._duration is None and not self._has_sounded():
            self._fail()  # VLC reports an end, not an error, for a file in which it found nothing to play
        else:
            self.ended.emit()

    def _has_sounded(self) -> bool:
        """Whether it played for a while; a few formats do not tell their length."""
        return self._sounding_since is not None and time.monotonic() - self._sounding_since > CERTAINLY_SOUNDED

    def _fail(self) -> None:
        self.failed.emit(*_explain(self._path))


def _import_vlc() -> Any:
    """Import python-vlc, which looks for the library as it is imported and fails in many ways without it."""
    try:
        return importlib.import_module("vlc")
    except (ImportError, OSError, NameError, NotImplementedError, AttributeError, TypeError) as error:
        raise BackendUnavailable("VLC was not found, so nothing can be played.", _ADVICE) from error


def _options() -> list[str]:
    options = ["--no-video", "--quiet", "--no-xlib", "--no-volume-save", "--no-lua"]
    output = os.environ.get(AUDIO_OUTPUT_VARIABLE)
    return [*options, f"--aout={output}"] if output else options


def _location(path: str) -> str:
    """The file's address, percent-encoded from its bytes, so that every name a disk can hold is one VLC can open."""
    return Path(path).absolute().as_uri()


def _explain(path: str) -> tuple[str, str]:
    name = os.fsencode(Path(path).name).decode("utf-8", "replace")
    file = Path(path)
    if not file.exists():
        return f"{name} is not there any more.", "Mount its drive, or rescan the library if the file was moved."
    if not os.access(file, os.R_OK):
        return f"{name} may not be read.", "Change its permissions so that you can read it."
    return f"{name} cannot be played.", "It is damaged or not audio; see whether another program opens it."
