"""Plays files through libVLC; the only module that knows it."""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.library import Seconds, Stretch
from musicplayer.language import mark, tr
from musicplayer.playback.backend import BackendUnavailable
from musicplayer.playback.file_trouble import explain
from musicplayer.playback.sound import BANDS, Equaliser, Output, Preset
from musicplayer.playback.voice import Voice

AUDIO_OUTPUT_VARIABLE = "SEGUE_AOUT"
"""Names VLC's audio output module; "dummy" plays in real time without a sound card."""

CERTAINLY_SOUNDED = 2.0
"""Seconds after which a file without a known length that comes to its end was music all the same."""

SETTLE_MS = 200
"""Time in which VLC carries out a pause and a play that follow each other."""

LONGEST_GUESS = 3.0
"""Seconds for which a position is carried on by the clock after VLC told it; for Ogg that is late and stops early."""

BACKWARDS = 0.5
"""Seconds by which a position may fall behind the one before, as after a seek that fell between two frames."""

LENGTH_IS_SURE = 0.05
"""Seconds by which a length may still change; one that changes by more is an estimate from the bit rate."""

HOLD_AFTER_MS = 150
"""Time for which a file that is held ready plays unheard, so that everything it needs is there."""

CAN_HOLD = sys.platform != "win32"
"""On Windows all players of a program share one volume, so that none can play unheard beside another."""

AFTER_A_SEEK = 0.25
"""Seconds in which VLC may still tell a position of before a seek."""

UNITY_DB = 12.04
"""Preamp at which VLC's equaliser leaves a sound as loud as it was: it takes a quarter of its input."""

_LEAST_PREAMP, _MOST_PREAMP = -20.0, 20.0
_ADVICE = mark(
    "Install VLC with its plugins, then start Segue again "
    "(Debian and Ubuntu: sudo apt install libvlc5 vlc-plugin-base; others: videolan.org)."
)


class VlcVoices:
    """libVLC itself, and the voices made with it."""

    def __init__(self) -> None:
        """Open libVLC.

        Raises:
            BackendUnavailable: libVLC or its plugins are not there, or it finds no way to start.
        """
        self._vlc = _import_vlc()
        self._instance = self._vlc.Instance(_options())
        if self._instance is None:
            raise BackendUnavailable(tr("VLC is installed, but could not be started."), tr(_ADVICE))
        self._any: VlcVoice | None = None

    def voice(self, parent: QObject) -> Voice:
        made = VlcVoice(self._vlc, self._instance, parent)
        self._any = self._any or made
        return made

    def outputs(self) -> Sequence[Output]:
        return self._any.outputs() if self._any else ()

    def presets(self) -> Sequence[Preset]:
        vlc = self._vlc
        count = vlc.libvlc_audio_equalizer_get_preset_count()
        return [Preset(_text(vlc.libvlc_audio_equalizer_get_preset_name(n)), self._preset(n)) for n in range(count)]

    def frequencies(self) -> Sequence[float]:
        return [float(self._vlc.libvlc_audio_equalizer_get_band_frequency(band)) for band in range(BANDS)]

    def close(self) -> None:
        """Give libVLC back; every voice was closed before."""
        self._instance.release()

    def _preset(self, number: int) -> Equaliser:
        """A preset of VLC's, with its preamp as a change of loudness."""
        made = self._vlc.libvlc_audio_equalizer_new_from_preset(number)
        bands = tuple(round(made.get_amp_at_index(band), 1) + 0.0 for band in range(BANDS))
        preamp = round(made.get_preamp() - UNITY_DB, 1) + 0.0
        self._vlc.libvlc_audio_equalizer_release(made)
        return Equaliser(bands, preamp)


class _Released:
    """Takes the place of what was given back to libVLC, which crashes when it is called once more by a late timer."""

    def __getattr__(self, name: str) -> Callable[..., int]:
        return lambda *_: 0


class _Hold(Enum):
    """How far a file is held ready before its first sound."""

    NO = "no"
    UNHEARD = "plays unheard for a moment"
    READY = "rests at its start"


class VlcVoice(Voice):
    """One libVLC player.

    libVLC is not re-entrant and calls back from threads of its own: a callback only emits `_happened`, which arrives
    here through the event loop. Each carries the number of the file it is about, because an event of the file before
    may still be under way when the next one is loaded.

    Files are let go by taking no file instead of by stopping: a player that was stopped has no output, and forgets the
    volume that it is told before it opens the next. A file is held ready by playing it unheard for a moment, pausing it
    and going back to its start: VLC's own way of starting paused lets the first second of an Ogg file be heard.
    """

    _happened = Signal(int, str, float, float)

    def __init__(self, vlc: Any, instance: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vlc = vlc
        self._instance = instance
        self._player = instance.media_player_new()
        self._filter = vlc.AudioEqualizer()
        self._stretch = Stretch("")
        self._file = 0
        self._hold = _Hold.NO
        self._wanted = False
        self._rate = 1.0
        self._volume: int | None = None
        self._forget()
        self._happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)
        self._listen()

    def load(self, stretch: Stretch, start: Seconds = 0.0, *, ready: bool = False) -> None:
        if isinstance(self._player, _Released):
            return
        media = self._instance.media_new_location(_location(stretch.path))
        if stretch.start + start > 0:
            media.add_option(f":start-time={stretch.start + start:.3f}")
        if stretch.end is not None:
            media.add_option(f":stop-time={stretch.end:.3f}")
        self._player.set_media(media)  # joins VLC's thread of the file before: none of its events comes later
        media.release()
        self._file += 1
        self._stretch = stretch
        self._forget()
        self._at = start
        self._wanted = False
        self._hold = _Hold.UNHEARD if ready and CAN_HOLD else _Hold.NO
        if self._hold is _Hold.UNHEARD:
            self._player.audio_set_volume(0)
            self._player.play()

    def play(self) -> None:
        self._wanted = True
        if self._hold is not _Hold.NO:
            self._release()
        self._player.set_pause(0)
        if self._sounding_since is not None:
            self._running, self._since = True, time.monotonic()  # VLC says nothing of a pause that was taken back
        if not self._player.is_playing():
            self._player.play()

    def pause(self) -> None:
        self._hold_still()
        self._wanted = False
        self._player.set_pause(1)

    def unload(self) -> None:
        self._player.set_media(None)
        self._file += 1  # whatever is under way is about a file that is not wanted any more
        self._stretch = Stretch("")
        self._forget()
        self._hold, self._wanted = _Hold.NO, False

    def seek(self, position: Seconds) -> None:
        self._player.set_time(round((self._stretch.start + position) * 1000))
        self._at, self._since = position, time.monotonic()
        self._sought = self._since

    def set_volume(self, volume: float) -> None:
        self._volume = round(volume)
        if self._hold is not _Hold.UNHEARD:
            self._player.audio_set_volume(self._volume)

    def set_equaliser(self, equaliser: Equaliser) -> None:
        """Set it even where it changes nothing: to put VLC's filter in later interrupts the sound for a second."""
        preamp = UNITY_DB + equaliser.preamp
        self._filter.set_preamp(min(max(preamp, _LEAST_PREAMP), _MOST_PREAMP))
        for band, gain in enumerate(equaliser.bands):
            self._filter.set_amp_at_index(gain, band)
        self._player.set_equalizer(self._filter)

    def set_rate(self, rate: float) -> None:
        self._at, self._since = self.position(), time.monotonic()
        self._rate = rate
        self._player.set_rate(rate)

    def set_output(self, name: str) -> None:
        self._player.audio_output_device_set(None, name or None)

    def outputs(self) -> Sequence[Output]:
        """What VLC's output module offers, without its own word for the system's choice."""
        first = self._player.audio_output_device_enum()
        found, entry = [], first
        while entry:
            found.append(Output(_text(entry.contents.device), _text(entry.contents.description)))
            entry = entry.contents.next
        if first:
            self._vlc.libvlc_audio_output_device_list_release(first)
        return [output for output in found if output.name]

    def position(self) -> Seconds:
        at = self._at
        if self._running:
            at += self._rate * min(time.monotonic() - self._since, LONGEST_GUESS)
        return min(at, self._duration) if self._duration else at

    def duration(self) -> Seconds | None:
        return self._duration

    def remaining(self) -> Seconds | None:
        if not self._running or self._duration is None or self._estimated:
            return None
        gone = time.monotonic() - self._since
        return None if gone > LONGEST_GUESS else (self._duration - self._at) / self._rate - gone

    def close(self) -> None:
        self._file += 1
        self._player.stop()
        self._player.release()
        self._filter.release()
        self._player = self._filter = _Released()

    def _forget(self) -> None:
        """Know nothing of the file yet."""
        self._duration: Seconds | None = None
        self._estimated = False
        self._sounding_since: float | None = None
        self._running = False
        self._at = 0.0
        self._since = self._sought = 0.0

    def _listen(self) -> None:
        events = self._player.event_manager()
        kinds = self._vlc.EventType
        events.event_attach(kinds.MediaPlayerEndReached, self._call, "ended")
        events.event_attach(kinds.MediaPlayerEncounteredError, self._call, "failed")
        events.event_attach(kinds.MediaPlayerPlaying, self._call, "playing")
        events.event_attach(kinds.MediaPlayerPaused, self._call, "paused")
        events.event_attach(kinds.MediaPlayerLengthChanged, self._call, "length")
        events.event_attach(kinds.MediaPlayerTimeChanged, self._call, "time")

    def _call(self, event: Any, what: str) -> None:
        """Run in a thread of VLC's."""
        stamp = time.monotonic()
        value = event.u.new_length if what == "length" else event.u.new_time if what == "time" else 0
        self._happened.emit(self._file, what, float(value), stamp)

    def _on_happened(self, file: int, what: str, value: float, stamp: float) -> None:
        if file != self._file:
            return
        if what == "time":
            self._on_time(value / 1000 - self._stretch.start, stamp)
        elif what == "ended":
            self._on_ended()
        elif what == "failed":
            self._fail()
        elif what == "length" and value > 0:
            self._on_length((self._stretch.end or value / 1000) - self._stretch.start)
        elif what == "playing":
            self._on_playing(stamp)
        elif what == "paused":
            self._on_paused(file)

    def _on_time(self, at: Seconds, stamp: float) -> None:
        """Take a position that can be true: in the last second of an Ogg file VLC tells 0."""
        if not self._running:
            return
        from_before = stamp < self._sought + AFTER_A_SEEK and at - self._at > AFTER_A_SEEK
        if at > self._at - BACKWARDS and not from_before:
            self._at, self._since = at, stamp
        self.ticked.emit()

    def _on_length(self, length: Seconds) -> None:
        if self._duration is not None and abs(length - self._duration) > LENGTH_IS_SURE:
            self._estimated = True
        self._duration = length
        self.length_known.emit(length)

    def _on_playing(self, stamp: float) -> None:
        if not self._wanted:
            # VLC heeds no pause before it has opened the file.
            file = self._file
            QTimer.singleShot(HOLD_AFTER_MS if self._hold is _Hold.UNHEARD else 0, self, lambda: self._rest(file))
            return
        self._sounding_since = self._sounding_since or time.monotonic()
        self._running, self._since = True, stamp
        self._tell_volume()  # some outputs start at a volume of their own
        self.sounding.emit()

    def _on_paused(self, file: int) -> None:
        if self._hold is _Hold.UNHEARD:
            self._hold = _Hold.READY
            self._tell_volume()  # before it goes back: what is decoded from there on has it
            self._player.set_time(round(self._stretch.start * 1000))
            return
        # The news of our own pause may come after the play that followed it.
        QTimer.singleShot(SETTLE_MS if self._wanted else 0, self, lambda: self._tell_if_paused(file))

    def _rest(self, file: int) -> None:
        if file == self._file and not self._wanted:
            self._player.set_pause(1)

    def _release(self) -> None:
        """Let a file that is held ready, or is about to be, be heard from its start."""
        if self._hold is _Hold.UNHEARD:
            self._hold = _Hold.NO
            self._player.set_time(round(self._stretch.start * 1000))
            self._tell_volume()
        self._hold = _Hold.NO

    def _tell_volume(self) -> None:
        if self._volume is not None:
            self._player.audio_set_volume(self._volume)

    def _tell_if_paused(self, file: int) -> None:
        if file == self._file and self._player.get_state() == self._vlc.State.Paused:
            self._hold_still()
            self.paused.emit()

    def _hold_still(self) -> None:
        self._at, self._running = self.position(), False

    def _on_ended(self) -> None:
        self._running = False
        if self._duration is None and not self._has_sounded():
            self._fail()  # VLC reports an end, not an error, for a file in which it found nothing to play
        else:
            self._at = self._duration or self._at
            self.ended.emit()

    def _has_sounded(self) -> bool:
        """Whether it played for a while; a few formats do not tell their length."""
        return self._sounding_since is not None and time.monotonic() - self._sounding_since > CERTAINLY_SOUNDED

    def _fail(self) -> None:
        self.failed.emit(*explain(self._stretch.path))


def vlc_version() -> str | None:
    """What libVLC says of itself, None where it is not there."""
    try:
        return _text(_import_vlc().libvlc_get_version())
    except BackendUnavailable:
        return None


def _import_vlc() -> Any:
    """Import python-vlc, which looks for the library as it is imported and fails in many ways without it."""
    try:
        return importlib.import_module("vlc")
    except (ImportError, OSError, NameError, NotImplementedError, AttributeError, TypeError, SystemExit) as error:
        raise BackendUnavailable(tr("VLC was not found, so nothing can be played."), tr(_ADVICE)) from error


def _options() -> list[str]:
    options = ["--no-video", "--quiet", "--no-xlib", "--no-volume-save", "--no-lua"]
    output = os.environ.get(AUDIO_OUTPUT_VARIABLE)
    return [*options, f"--aout={output}"] if output else options


def _location(path: str) -> str:
    """The file's address, percent-encoded from its bytes, so that every name a disk can hold is one VLC can open."""
    return Path(path).absolute().as_uri()


def _text(given: bytes | str | None) -> str:
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else given or ""
