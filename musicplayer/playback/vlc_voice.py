"""The voice: one player of libVLC, told what to do from the UI thread, and heard through the event loop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.file_trouble import explain
from musicplayer.playback.place_heard import PlaceHeard
from musicplayer.playback.sound import Equaliser, Output
from musicplayer.playback.studio_link import Feed
from musicplayer.playback.vlc_media import Readers, file_media, stream_media
from musicplayer.playback.voice import Voice

CERTAINLY_SOUNDED = 2.0
"""Seconds after which a file without a known length that comes to its end was music all the same."""

SETTLE_MS = 200
"""Time in which VLC carries out a pause and a play that follow each other."""

QUICK_LOOKS, QUICK_LOOK_MS, LOOK_MS = 1.0, 10, 50
"""For so many seconds it is looked every so many milliseconds where VLC is, afterwards less often."""

UNITY_DB = 20 * math.log10(4)
"""Preamp at which VLC's equaliser leaves a sound as loud as it was: it takes a quarter of its input."""

_LEAST_PREAMP, _MOST_PREAMP = -20.0, 20.0


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
        self._place = PlaceHeard()
        self._volume: int | None = None
        self._readers: list[Readers] = []
        self._looking = QTimer(self, interval=LOOK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._looking.timeout.connect(self._look)
        self._last, self._looked, self._quick_until = -1, 0.0, 0.0
        self._forget()
        self._happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)
        self._listen()

    def load(self, stretch: Stretch, start: Seconds = 0.0) -> None:
        self._take(lambda: file_media(self._instance, stretch, start))
        self._stretch = stretch
        self._place.begin(start)

    def load_stream(self, feed: Feed, rate: int) -> None:
        self._take(lambda: self._stream_media(feed, rate))
        self._place.begin(of_stream=True)

    def play(self) -> None:
        self._wanted = True
        self._player.set_pause(0)
        if self._sounding_since is not None:
            self._place.run(time.monotonic())  # VLC says nothing of a pause that was taken back
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
        self._place.seek(position)

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
        self._place.set_rate(rate, self.position())
        self._player.set_rate(rate)
        if self._place.running:
            self._look_closely()

    def set_output(self, name: str) -> None:
        self._player.audio_output_device_set(None, name or None)

    def outputs(self) -> Sequence[Output]:
        """What VLC's output module offers, without its own word for the system's choice."""
        first = self._player.audio_output_device_enum()
        found, entry = [], first
        while entry:
            found.append(Output(text_of(entry.contents.device), text_of(entry.contents.description)))
            entry = entry.contents.next
        if first:
            self._vlc.libvlc_audio_output_device_list_release(first)
        return [output for output in found if output.name]

    def position(self) -> Seconds:
        at = self._place.now()
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
        self._sounding_since: float | None = None
        self._place.begin()

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
        if not self._place.running:
            self._looking.stop()
        elif told >= 0 and told != self._last:
            self._last = told
            self._place.tell(told / 1000 - self._stretch.start, now, now - looked)
        if now > self._quick_until:
            self._looking.setInterval(LOOK_MS)

    def _on_length(self, length: Seconds) -> None:
        if not self._place.of_stream:
            self._duration = length
            self.length_known.emit(length)

    def _on_playing(self, stamp: float) -> None:
        if not self._wanted:
            # VLC heeds no pause before it has opened the file.
            file = self._file
            QTimer.singleShot(0, self, lambda: self._rest(file))
            return
        self._sounding_since = self._sounding_since or time.monotonic()
        self._place.run_anew(stamp)
        self._last, self._looked = -1, stamp
        self._look_closely()
        self._tell_volume()  # some outputs start at a volume of their own
        self.sounding.emit()

    def _on_paused(self, file: int) -> None:
        # The news of our own pause may come after the play that followed it.
        QTimer.singleShot(SETTLE_MS if self._wanted else 0, self, lambda: self._tell_if_paused(file))

    def _rest(self, file: int) -> None:
        if file == self._file and not self._wanted:
            self._player.set_pause(1)

    def _take(self, make: Callable[[], Any]) -> None:
        """Take a media instead of what there is."""
        if isinstance(self._player, _Released):
            return
        media = make()
        self._player.set_media(media)  # joins VLC's thread of what was before: none of its events comes later
        media.release()
        self._file += 1
        self._stretch = Stretch("")
        self._forget()
        self._wanted = False

    def _stream_media(self, feed: Feed, rate: int) -> Any:
        media, readers = stream_media(self._vlc, self._instance, feed, rate)
        if readers:
            self._readers = [*self._readers[-4:], readers]  # VLC may call those of the stream before until it ended
        return media

    def _tell_volume(self) -> None:
        if self._volume is not None:
            self._player.audio_set_volume(self._volume)

    def _tell_if_paused(self, file: int) -> None:
        if file == self._file and self._player.get_state() == self._vlc.State.Paused:
            self._hold_still()
            self.paused.emit()

    def _hold_still(self) -> None:
        self._place.hold(self.position())

    def _on_ended(self) -> None:
        self._place.end(self._duration)
        if self._duration is None and not self._has_sounded():
            self._fail()  # VLC reports an end, not an error, for a file in which it found nothing to play
        else:
            self.ended.emit()

    def _has_sounded(self) -> bool:
        """Whether it played for a while; a few formats do not tell their length."""
        return self._sounding_since is not None and time.monotonic() - self._sounding_since > CERTAINLY_SOUNDED

    def _fail(self) -> None:
        self.failed.emit(*explain(self._stretch.path))


def text_of(given: bytes | str | None) -> str:
    """What libVLC calls something."""
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else given or ""


class _Released:
    """Takes the place of what was given back to libVLC, which crashes when it is called once more by a late timer."""

    def __getattr__(self, name: str) -> Callable[..., int]:
        return lambda *_: 0
