"""Plays one stretch of sound after the other as one stream, and by itself each file that only VLC can decode."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

from indexer.core.shared.server import is_address
from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.engine_sound import EngineSound
from musicplayer.playback.file_trouble import explain, explain_break, explain_crash, explain_silence
from musicplayer.playback.ramp import amplitude
from musicplayer.playback.server_trouble import ServerTrouble
from musicplayer.playback.sound import Upcoming
from musicplayer.playback.stream import Part, Place, Stream
from musicplayer.playback.studio_link import SILENT_AFTER, Feed, StudioLink
from musicplayer.playback.voice import VoiceMaker

_log = logging.getLogger(__name__)

Explained = Callable[[str, ServerTrouble | None], tuple[str, str]]

FADE_IN: Seconds = 0.12
"""In so long the sound comes back after a pause that was faded."""

WATCH_MS = 500
"""So often at least it is looked at what is heard while it plays; at the right moment where something is to come."""

HEARD_OUT: Seconds = 0.25
"""Silence after the last sample before the end is told: nobody misses it, and what is heard is known to 0.05 s only."""

OLD_SOUND_MS = 60
"""So long what was heard may go on while what was chosen instead is opened; most files take a tenth of that."""


class Engine(EngineSound):
    """An audio backend on one voice.

    What plays, and what was prepared to follow it, are decoded and joined by the studio; here is known what of it is
    heard. `ended` comes when the first sample of what follows is heard. When that is loaded and played then, the
    stream just goes on; whatever else is loaded begins another stream.
    """

    def __init__(self, sound: VoiceMaker, parent: QObject | None = None, studio: StudioLink | None = None) -> None:
        super().__init__(sound, parent)
        self._studio = studio or StudioLink(self)
        self._ramp.done.connect(self._on_faded)
        self._numbers = 0
        self._banned: set[str] = set()
        self._forgiven: Stretch | None = None
        self._closed = False
        self._silencing = QTimer(self, singleShot=True, interval=OLD_SOUND_MS)
        self._silencing.timeout.connect(self._on_late)
        self._watching = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._watching.timeout.connect(self.watch)
        self._old_feed: Feed | None = None
        self._stream = Stream(self._studio)
        self._part = Part(0, Stretch(""))
        self._has_part = self._by_itself = False
        self._playing = self._sounding = self._adopted = False
        self._pausing = self._stopping = False
        self._rests_at: Seconds | None = None
        self._duration: Seconds | None = None
        self._upcoming: list[Upcoming] = []
        self._turn: Place | None = None
        self._leaving: Part | None = None
        self._listen()

    # What plays

    def load(self, stretch: Stretch, start: Seconds = 0.0) -> None:
        turn, following = self._turn, self._stream.following
        if turn is not None and following and (following[0].stretch, start) == (stretch, 0.0):
            self._adopt(following.pop(0), turn)
            return
        leaving = self._farewell()
        if self._pausing or self._stopping:
            self._fall_silent()
        self._drop_stream()
        self._forget()
        self._part = replace(self._part, stretch=stretch, at=start)
        self._has_part, self._leaving = True, leaving
        self._silencing.start()

    def play(self) -> None:
        if not self._has_part or self._stopping or self._closed:
            return
        self._playing = True
        if self._pausing:
            self._pausing, self._rests_at = False, None
            self._ramp.fade(1.0, FADE_IN)
        elif self._rests_at is not None:
            self._begin(self._rests_at, fade_in=FADE_IN if self._rest else 0.0)
        elif self._adopted:
            self._later(lambda: self.state_changed.emit(PlaybackState.PLAYING))
        elif self._stream.number or self._sounding:
            self._voice.play()
        else:
            self._begin(self._part.at)
        self._adopted = False
        self.watch()

    def pause(self) -> None:
        if not self._has_part:
            return
        self._playing = False
        if not self._sounding:
            self._rests_at = self.position()
            self._fall_silent()
        elif self._rest:
            self._rests_at = self.position()
            self._pausing = True
            self._ramp.fade(0.0, self._rest)
        else:
            self._voice.pause()

    def stop(self) -> None:
        fades = self._rest > 0 and self._playing and self._sounding
        self._playing, self._pausing = False, False
        self._watching.stop()
        if fades:
            self._stopping = True
            self._ramp.fade(0.0, self._rest)
        else:
            self._forget()
            self._fall_silent()

    def seek(self, position: Seconds) -> None:
        if not self._has_part or self._stopping:
            return
        if self._pausing:
            self._on_faded()
        if self._by_itself and self._rests_at is None:
            self._voice.seek(position)
        elif self._playing:
            self._begin(position)
        else:
            self._rests_at = position
            self._fall_silent()

    def position(self) -> Seconds:
        if self._rests_at is not None:
            return self._rests_at
        if self._by_itself:
            return self._voice.position()
        heard = self._voice.position() - self._stream.base if self._stream.loaded else 0.0
        at = self._part.at + max(0.0, heard)
        known = self._part.number in self._stream.decoded and self._duration is not None
        return min(at, self._duration or 0.0) if known else at

    def duration(self) -> Seconds | None:
        return self._duration

    def watch(self) -> None:
        """Tell what is heard by now, and come back when the next thing is."""
        if not self._playing or self._closed:
            return
        if self._stream.number and self._studio.silent_for() > SILENT_AFTER:
            self._studio.restart()
            self._lose(explain_silence, forgiving=True)  # all of it stands still, whatever its files do
            return
        places = self._stream.places
        if self._stream.loaded and places:
            at = places[0].at + (HEARD_OUT if places[0].over else 0.0)
            left = (at - self._voice.position()) / self._rate
            if left <= 0.0:
                self._pass(places.pop(0))
                return
            self._watching.start(min(WATCH_MS, int(left * 1000) + 1))
        else:
            self._watching.start(WATCH_MS)

    # What comes

    def prepare(self, upcoming: Sequence[Upcoming]) -> None:
        self._upcoming = list(upcoming)
        if self._stream.number:
            self._order_following()

    # How it sounds

    def set_gain(self, gain: float) -> None:
        if gain == self._part.gain:
            return
        self._part = replace(self._part, gain=gain)
        if self._by_itself:
            self._shape()
        elif self._stream.number:
            self._studio.set_gain(self._stream.number, self._part.number, amplitude(gain))

    def set_rate(self, rate: float) -> None:
        super().set_rate(rate)
        self.watch()

    def close(self) -> None:
        self._closed = True
        self._silencing.stop()
        self._ramp.close()
        self._forget()
        self._studio.close()
        self._voice.close()
        self._drop_stream()
        self._close_old_feed()
        self._sound.close()

    # Streams

    def _begin(self, at: Seconds, fade_in: Seconds = 0.0) -> None:
        """Begin another stream with the current part, `at` seconds in."""
        self._drop_stream()
        self._rests_at, self._sounding, self._adopted = None, False, False
        self._part = replace(self._part, number=self._number(), at=at)
        path = self._part.stretch.path
        if path in self._banned:
            self._later(lambda: self._fail(*explain_crash(path)))
        elif not self._studio.usable and is_address(path):
            self._later(lambda: self._fail(*explain(path)))  # to VLC no server would give anything
        elif self._by_itself or not self._studio.usable:
            self._begin_by_itself(at)
        else:
            self._begin_stream(fade_in)

    def _begin_stream(self, fade_in: Seconds) -> None:
        leaving, self._leaving = self._leaving, None
        part = self._part if leaving is None else replace(self._part, overlap=self._skip)
        self._stream = Stream(self._studio, self._number())
        self._stream.begin(part, fade_in, leaving)
        self._silencing.start()
        self._order_following()

    def _begin_by_itself(self, at: Seconds) -> None:
        """Have VLC play the file."""
        self._silencing.stop()
        self._by_itself = True
        self._voice.load(self._part.stretch, at)
        self._shape()
        self._voice.play()

    def _order_following(self) -> None:
        """Order what was prepared, up to a file that is not to be decoded."""
        wanted = list(takewhile(lambda one: one.stretch.path not in self._banned, self._upcoming))
        if not self._stream.follow(wanted, self._number):
            self._again()

    def _again(self) -> None:
        """Begin the stream again where it is, because what follows is to be something else."""
        at = self.position()
        if self._playing:
            self._begin(at)
        elif self._has_part:
            self._rests_at = at
            self._fall_silent()

    def _adopt(self, part: Part, turn: Place) -> None:
        """Let what follows in the stream be what plays."""
        self._part, self._turn = part, None
        self._stream.base = turn.at
        self._upcoming = self._upcoming[1:]
        self._duration = self._stream.lengths.get(part.number)
        self._adopted = True

    def _farewell(self) -> Part | None:
        """What is heard now, as it is to fade away into what is chosen instead; None where it is just to end."""
        stretch, at = self._part.stretch, self.position()
        if not (self._skip and self._playing and self._sounding and self._turn is None) or self._by_itself:
            return None
        end = stretch.start + at + self._skip
        end = end if stretch.end is None else min(end, stretch.end)
        return Part(self._number(), replace(stretch, end=end), at, self._part.gain)

    def _drop_stream(self) -> None:
        """Have no stream; what libVLC still plays of one it has a hold on itself."""
        self._close_old_feed()
        self._old_feed = self._stream.feed
        self._stream = Stream(self._studio)

    def _close_old_feed(self) -> None:
        if self._old_feed is not None:
            self._old_feed.close()
            self._old_feed = None

    def _fall_silent(self) -> None:
        """Let nothing be heard, and be ready to be heard at full level."""
        self._silencing.stop()
        self._studio.rest()
        self._voice.unload()
        self._drop_stream()
        self._close_old_feed()
        self._sounding, self._stopping, self._pausing = False, False, False
        self._ramp.cut(1.0)

    def _forget(self) -> None:
        """Have nothing that plays."""
        self._watching.stop()
        self._part = Part(0, Stretch(""))
        self._has_part = self._by_itself = self._adopted = False
        self._playing = self._sounding = self._pausing = self._stopping = False
        self._rests_at, self._duration = None, None
        self._upcoming, self._turn, self._leaving = [], None, None

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    # What is heard

    def _pass(self, place: Place) -> None:
        """A place in the stream has been reached."""
        broken = self._stream.broken
        if place.over and self._part.number in broken:
            trouble, at = broken[self._part.number], self._part.at + place.at - self._stream.base
            if trouble is ServerTrouble.AWAY:
                self._begin(at)  # it may be back; in the stream that ran dry VLC would lose samples and its place
            else:
                self._break(explain_break, trouble, at)
            return
        self._turn = None if place.over else place
        self.ended.emit()
        self._turn = None
        self.watch()

    def _fail(self, message: str, advice: str) -> None:
        self._forget()
        self._fall_silent()
        self.failed.emit(message, advice)

    def _break(self, explained: Explained, trouble: ServerTrouble | None, at: Seconds) -> None:
        """End what plays, `at` seconds in; or let it rest there, where a server gives neither it nor anything else."""
        told = explained(self._part.stretch.path, trouble)
        if trouble is None or not trouble.is_of_all:
            self._fail(*told)
            return
        self._watching.stop()
        self._playing, self._rests_at = False, at
        self._fall_silent()
        self.interrupted.emit(*told)

    def _lose(self, explained: Callable[[str], tuple[str, str]], *, forgiving: bool = False) -> None:
        """The studio is gone: find out what it broke over, and go on without that.

        Where it is to be `forgiving`, no file needs to have been the cause, and what plays goes on once where it was.
        """
        if not self._stream.number or not self._has_part:
            return
        if forgiving and self._forgiven != self._part.stretch:
            self._forgiven = self._part.stretch
            self._again()
            return
        suspect = self._stream.suspect(self._part)
        if suspect is not self._part:
            _log.warning("the decoder broke down over what was to follow")
            self._banned.add(suspect.stretch.path)
            self._again()
        elif self._playing:
            if explained is explain_crash:
                self._banned.add(suspect.stretch.path)
            self._fail(*explained(suspect.stretch.path))
        else:
            self._again()

    def _on_news(self, news: dict[str, Any]) -> None:
        stream, part = self._stream, news["part"]
        if news["stream"] != stream.number:
            return
        kind = news["news"]
        if kind == "opened":
            self._on_opened(part, news["rate"], news["seconds"])
        elif kind == "decoded":
            self._on_decoded(part, news["seconds"])
        elif kind == "broken":
            trouble = ServerTrouble(news["trouble"]) if news.get("trouble") else None
            self._on_broken(part, trouble, begun=news["begun"], unknown=news["unknown"], reason=news["reason"])
        elif kind == "stuck":
            self._studio.restart()
            if is_address(self._part.stretch.path):
                self._break(explain, ServerTrouble.AWAY, self.position())
            else:
                self._lose(explain_silence)
        else:
            self._on_place(Place(part, news["frame"] / news["rate"], kind == "over"))

    def _on_opened(self, part: int, rate: int, seconds: Seconds | None) -> None:
        stream = self._stream
        stream.lengths[part] = seconds
        if not stream.loaded and stream.feed is not None:
            self._silencing.stop()
            stream.loaded = True
            self._shape()
            self._voice.load_stream(stream.feed, rate)
            self._close_old_feed()
            self._voice.play()
        if part == self._part.number:
            self._know_length(seconds)

    def _on_decoded(self, number: int, seconds: Seconds) -> None:
        part = next((part for part in (self._part, *self._stream.following) if part.number == number), None)
        if part is None:
            return
        length = self._stream.measured(part, seconds)
        if part is self._part:
            self._know_length(length)
        if part.at == 0.0 and number not in self._stream.broken:
            self.length_measured.emit(part.stretch, length)

    def _on_broken(self, part: int, trouble: ServerTrouble | None, *, begun: bool, unknown: bool, reason: str) -> None:
        _log.info("a file does not play on: %s", reason)
        path = self._part.stretch.path
        if begun:
            self._stream.broken[part] = trouble
        elif part == self._part.number and unknown and not is_address(path):
            self._drop_stream()
            self._begin_by_itself(self._part.at)
        elif part == self._part.number:
            self._break(explain, trouble, self._part.at)
        elif not self._stream.loaded:
            self._begin(self._part.at)  # what was to fade away cannot be read any more

    def _on_place(self, place: Place) -> None:
        if self._stream.note(place, self._part):
            self.watch()
        else:
            self._again()

    def _on_late(self) -> None:
        """What is to be heard takes its time: let what was heard before end meanwhile."""
        if not self._stream.loaded and not self._by_itself:
            self._voice.unload()
            self._close_old_feed()

    def _know_length(self, seconds: Seconds | None) -> None:
        self._duration = seconds
        if seconds is not None:
            self.duration_changed.emit(seconds)

    # What the voice and the ramp tell

    def _listen(self) -> None:
        self._voice.sounding.connect(self._on_sounding)
        self._voice.paused.connect(self._on_paused)
        self._voice.ended.connect(self._on_voice_ended)
        self._voice.failed.connect(self._on_voice_failed)
        self._voice.length_known.connect(self._on_voice_length)
        self._studio.news.connect(self._on_news)
        self._studio.died.connect(lambda killed: self._lose(explain_crash, forgiving=killed))

    def _on_sounding(self) -> None:
        if self._has_part and not self._stopping:
            self._sounding = True
            self.state_changed.emit(PlaybackState.PLAYING)
            self.watch()

    def _on_paused(self) -> None:
        if self._has_part:
            self.state_changed.emit(PlaybackState.PAUSED)

    def _on_voice_ended(self) -> None:
        if self._by_itself and self._pausing:
            self._on_faded()
        elif self._by_itself and self._has_part and not self._stopping:
            self.ended.emit()

    def _on_voice_failed(self, message: str, advice: str) -> None:
        if self._has_part and (self._by_itself or self._stream.loaded):
            self._fail(message, advice)

    def _on_voice_length(self, seconds: Seconds) -> None:
        if self._by_itself:
            self._know_length(seconds)

    def _on_faded(self) -> None:
        if self._stopping:
            self._forget()
            self._fall_silent()
        elif self._pausing:
            self._pausing = False
            self._fall_silent()
            self.state_changed.emit(PlaybackState.PAUSED)

    def _gain_of_voice(self) -> float:
        return self._part.gain if self._by_itself else 0.0

    def _later(self, what: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, what)
