"""Plays files through libVLC; the only module that knows it."""

from __future__ import annotations

import ctypes
import importlib
import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.backend import AudioBackend, BackendUnavailable, NullBackend
from musicplayer.playback.engine import Engine
from musicplayer.playback.file_trouble import explain
from musicplayer.playback.sound import BANDS, Equaliser, Output, Preset
from musicplayer.playback.studio_link import Feed
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

AFTER_A_SEEK = 0.25
"""Seconds in which VLC may still tell a position of before a seek."""

QUICK_LOOKS, QUICK_LOOK_MS, LOOK_MS = 1.0, 10, 50
"""For so many seconds it is looked every so many milliseconds where VLC is, afterwards less often."""

STREAM_BLOCK = 0.05
"""Seconds of a stream that VLC takes at once; it tells the place behind the block whose beginning is due."""

STEADY = 0.02
"""Seconds by which what VLC tells of a stream may vary: it is told by a thread that may have to wait for its turn."""

STREAM_CACHE_MS = {True: 300, False: 1000}
"""What VLC keeps of a stream before it sounds, by whether it reads it without asking Python, which may be busy."""

STREAM_PREFETCH_KB = 32
"""VLC's own read-ahead, which is 16 MB else: what was read cannot be taken back when the queue changes."""

UNITY_DB = 20 * math.log10(4)
"""Preamp at which VLC's equaliser leaves a sound as loud as it was: it takes a quarter of its input."""

_LEAST_PREAMP, _MOST_PREAMP = -20.0, 20.0


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
        return [Preset(_text(vlc.libvlc_audio_equalizer_get_preset_name(n)), self._preset(n)) for n in range(count)]

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


class _Released:
    """Takes the place of what was given back to libVLC, which crashes when it is called once more by a late timer."""

    def __getattr__(self, name: str) -> Callable[..., int]:
        return lambda *_: 0


class VlcVoice(Voice):
    """One libVLC player.

    libVLC is not re-entrant and calls back from threads of its own: a callback only emits `_happened`, which arrives
    here through the event loop. Each carries the number of what it is about, because an event of the file or stream
    before may still be under way when the next one is loaded.

    Both are let go by taking nothing instead of by stopping: a player that was stopped has no output, and forgets the
    volume that it is told before it opens the next.
    """

    _happened = Signal(int, str, float, float)

    def __init__(self, vlc: Any, instance: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vlc = vlc
        self._instance = instance
        self._player = instance.media_player_new()
        self._filter = vlc.AudioEqualizer()
        self._file = 0
        self._stretch = Stretch("")
        self._wanted = False
        self._rate = 1.0
        self._volume: int | None = None
        self._readers: list[Any] = []
        self._looking = QTimer(self, interval=LOOK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._looking.timeout.connect(self._look)
        self._last, self._looked, self._quick_until = -1, 0.0, 0.0
        self._forget()
        self._happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)
        self._listen()

    def load(self, stretch: Stretch, start: Seconds = 0.0) -> None:
        options = []
        if stretch.start + start > 0:
            options.append(f":start-time={stretch.start + start:.3f}")
        if stretch.end is not None:
            options.append(f":stop-time={stretch.end:.3f}")
        self._take(lambda: self._instance.media_new_location(_location(stretch.path)), options)
        self._stretch, self._at = stretch, start

    def load_stream(self, feed: Feed, rate: int) -> None:
        options = [
            ":demux=rawaud",
            ":rawaud-channels=2",
            f":rawaud-samplerate={rate}",
            ":rawaud-fourcc=f32l",
            f":file-caching={STREAM_CACHE_MS[feed.descriptor is not None]}",
            f":prefetch-buffer-size={STREAM_PREFETCH_KB}",
            ":prefetch-read-size=4096",
        ]
        self._take(lambda: self._stream_media(feed), options)
        self._streams = True

    def play(self) -> None:
        self._wanted = True
        self._player.set_pause(0)
        if self._sounding_since is not None:
            self._running, self._since = True, time.monotonic()  # VLC says nothing of a pause that was taken back
            self._look_closely()
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
        self._wanted = False

    def seek(self, position: Seconds) -> None:
        self._player.set_time(round((self._stretch.start + position) * 1000))
        self._at, self._since = position, time.monotonic()
        self._sought = self._since

    def set_volume(self, volume: float) -> None:
        self._volume = round(volume)
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
        if self._running:
            self._look_closely()

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

    def close(self) -> None:
        self._file += 1
        self._looking.stop()
        self._player.stop()
        self._player.release()
        self._filter.release()
        self._player = self._filter = _Released()

    def _forget(self) -> None:
        """Know nothing of the file yet."""
        self._duration: Seconds | None = None
        self._streams = False
        self._sounding_since: float | None = None
        self._running = False
        self._told = self._behind = False
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

    def _call(self, event: Any, what: str) -> None:
        """Run in a thread of VLC's."""
        stamp = time.monotonic()
        value = event.u.new_length if what == "length" else 0
        self._happened.emit(self._file, what, float(value), stamp)

    def _on_happened(self, file: int, what: str, value: float, stamp: float) -> None:
        if file != self._file:
            return
        if what == "ended":
            self._on_ended()
        elif what == "failed":
            self._fail()
        elif what == "length" and value > 0:
            self._on_length((self._stretch.end or value / 1000) - self._stretch.start)
        elif what == "playing":
            self._on_playing(stamp)
        elif what == "paused":
            self._on_paused(file)

    def _look_closely(self) -> None:
        self._quick_until = time.monotonic() + QUICK_LOOKS
        self._looking.start(QUICK_LOOK_MS)

    def _look(self) -> None:
        """See where VLC is. It tells that anew about every 0.3 s; an event for it would have VLC wait for Python."""
        now, told = time.monotonic(), self._player.get_time()
        looked, self._looked = self._looked, now
        if not self._running:
            self._looking.stop()
        elif told >= 0 and told != self._last:
            self._last = told
            self._on_time(told / 1000 - self._stretch.start, now, now - looked)
        if now > self._quick_until:
            self._looking.setInterval(LOOK_MS)

    def _on_time(self, at: Seconds, stamp: float, slack: Seconds) -> None:
        """Take a position that can be true: in the last second of an Ogg file VLC tells 0."""
        if self._streams:
            self._on_stream_time(at - STREAM_BLOCK, stamp, slack)
            return
        from_before = stamp < self._sought + AFTER_A_SEEK and at - self._at > AFTER_A_SEEK
        if at > self._at - BACKWARDS and not from_before:
            self._at, self._since = at, stamp

    def _on_stream_time(self, at: Seconds, stamp: float, slack: Seconds) -> None:
        """Keep to what was seen earliest: a place is seen up to `slack` seconds after VLC told it."""
        guess = self._at + self._rate * (stamp - self._since)
        is_behind, was_behind = at < guess - (slack + STEADY) * self._rate, self._behind
        self._behind = is_behind
        believed = not self._told or at > guess or (is_behind and was_behind)
        self._at, self._since, self._told = at if believed else guess, stamp, True

    def _on_length(self, length: Seconds) -> None:
        if not self._streams:
            self._duration = length
            self.length_known.emit(length)

    def _on_playing(self, stamp: float) -> None:
        if not self._wanted:
            # VLC heeds no pause before it has opened the file.
            file = self._file
            QTimer.singleShot(0, self, lambda: self._rest(file))
            return
        self._sounding_since = self._sounding_since or time.monotonic()
        self._running, self._since = True, stamp
        self._told, self._last, self._looked = False, -1, stamp
        self._look_closely()
        self._tell_volume()  # some outputs start at a volume of their own
        self.sounding.emit()

    def _on_paused(self, file: int) -> None:
        # The news of our own pause may come after the play that followed it.
        QTimer.singleShot(SETTLE_MS if self._wanted else 0, self, lambda: self._tell_if_paused(file))

    def _rest(self, file: int) -> None:
        if file == self._file and not self._wanted:
            self._player.set_pause(1)

    def _take(self, make: Callable[[], Any], options: Sequence[str]) -> None:
        """Take a media instead of what there is."""
        if isinstance(self._player, _Released):
            return
        media = make()
        for option in options:
            media.add_option(option)
        self._player.set_media(media)  # joins VLC's thread of what was before: none of its events comes later
        media.release()
        self._file += 1
        self._stretch = Stretch("")
        self._forget()
        self._wanted = False

    def _stream_media(self, feed: Feed) -> Any:
        if feed.descriptor is not None:
            return self._instance.media_new_location(f"fd://{feed.descriptor}")
        vlc = self._vlc

        def opened(_: Any, __: Any, size: Any) -> int:
            size.contents.value = (1 << 64) - 1  # that there is no end in sight
            return 0

        def read(_: Any, buffer: Any, most: int) -> int:
            block = feed.read(most)
            ctypes.memmove(buffer, block, len(block))
            return len(block)

        readers = vlc.CallbackDecorators
        made = [
            ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint64))(opened),
            ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)(read),
        ]
        self._readers = [*self._readers[-4:], made]  # VLC may call those of the stream before until that has ended
        return self._instance.media_new_callbacks(
            ctypes.cast(made[0], readers.MediaOpenCb),
            ctypes.cast(made[1], readers.MediaReadCb),
            readers.MediaSeekCb(),  # there is no going to a place
            readers.MediaCloseCb(),
            None,
        )

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
        raise BackendUnavailable("vlc-missing") from error


def _options() -> list[str]:
    options = ["--no-video", "--quiet", "--no-xlib", "--no-volume-save", "--no-lua"]
    output = os.environ.get(AUDIO_OUTPUT_VARIABLE)
    return [*options, f"--aout={output}"] if output else options


def _location(path: str) -> str:
    """The file's address, percent-encoded from its bytes, so that every name a disk can hold is one VLC can open."""
    return Path(path).absolute().as_uri()


def _text(given: bytes | str | None) -> str:
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else given or ""
