"""Plays one file after the other on two voices: one sounds while the other is got ready or fades away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer

from indexer.library import Seconds, Stretch
from musicplayer.playback.backend import AudioBackend, PlaybackState
from musicplayer.playback.channel import Channel
from musicplayer.playback.ramp import Law
from musicplayer.playback.sound import Equaliser, Output, Preset, Upcoming
from musicplayer.playback.voice import Voices

LEAD = 0.008
"""Seconds before the last sound at which the next file is started: what starting takes. See docs/playback.md."""

WATCH = 0.7
"""Seconds before that from which on its time is waited for; a voice tells where it is about every 0.3 s."""

SLACK = 0.15
"""Seconds by which the time was missed, as after a seek, when it is waited for again."""

FADE_IN = 0.12
"""Seconds in which the sound comes back after a pause that was faded."""


class Engine(AudioBackend):
    """An audio backend that prepares, crosses and fades; whatever it plays on makes the sound.

    What was prepared and is then loaded is only let go. Where the end of what plays is known for certain, `ended` comes
    so much earlier that the prepared file follows without a pause, or over the end in a crossfade.
    """

    def __init__(self, voices: Voices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._voices = voices
        self._now, self._other = (self._channel() for _ in range(2))
        self._playing = False
        self._upcoming: Upcoming | None = None
        self._turn: Seconds | None = None  # while `ended` is told: how long the two are to overlap
        self._entry: tuple[Seconds, Law] = (0.0, Law.EVEN)
        self._pausing = False
        self._rests_at: Seconds | None = None
        self._rest, self._skip = 0.0, 0.0
        self._due = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._due.timeout.connect(self._on_due)

    # The file that plays

    def load(self, stretch: Stretch, start: Seconds = 0.0) -> None:
        turn, sounded = self._turn, self._playing and not self._now.free
        before, after = self._now, self._other
        self._forget_rest()
        self._due.stop()
        if not (after.ready and after.stretch == stretch and start == 0.0):
            after.take(stretch, start)
        after.ready = False
        self._let_go(before, turn, sounded=sounded)
        self._entry = self._entrance(turn, sounded=sounded)
        self._now, self._other = after, before
        self._upcoming, self._turn, self._playing = None, None, False

    def play(self) -> None:
        if self._now.leaving:
            return  # it was stopped, and only fades away yet
        self._playing = True
        if self._pausing:
            self._forget_rest()
            self._now.ramp.fade(1.0, FADE_IN)
            return
        if self._rests_at is not None and self._now.over and self._now.stretch:
            self._now.take(self._now.stretch, self._rests_at, gain=self._now.gain)  # it ended while it faded to rest
        self._rests_at = None
        seconds, law = self._entry
        self._entry = (0.0, Law.EVEN)
        self._now.ramp.cut(0.0 if seconds else 1.0)
        self._now.voice.play()
        if seconds:
            self._now.ramp.fade(1.0, seconds, law)

    def pause(self) -> None:
        self._playing = False
        self._due.stop()
        if self._other.leaving:
            self._other.leave(self._rest)
        if self._rest and not self._now.free:
            self._rests_at = self._now.voice.position()
            self._pausing = True
            self._now.ramp.fade(0.0, self._rest)
        else:
            self._now.voice.pause()

    def stop(self) -> None:
        self._due.stop()
        self.prepare(None)
        if self._other.leaving:
            self._other.leave(self._rest)
        if self._rest and self._playing and not self._now.free:
            self._now.leave(self._rest)
        elif not self._now.free:
            self._now.drop()
        self._forget_rest()
        self._playing = False

    def seek(self, position: Seconds) -> None:
        if self._pausing:
            self._now.ramp.cut(0.0)
            self._on_rested(self._now)
        if self._rests_at is not None:
            self._rests_at = position if self._now.over else None
        self._now.voice.seek(position)
        self._watch()

    def position(self) -> Seconds:
        return self._now.voice.position() if self._rests_at is None else self._rests_at

    def duration(self) -> Seconds | None:
        return self._now.voice.duration()

    # What comes

    def prepare(self, upcoming: Upcoming | None) -> None:
        before, self._upcoming = self._upcoming, upcoming
        if self._other.ready and (upcoming is None or upcoming.stretch != self._other.stretch):
            self._other.drop()
        if before is None or upcoming is None or before.stretch != upcoming.stretch:
            self._make_ready()
        elif self._other.ready:
            self._other.set_gain(upcoming.gain)
        self._watch()

    # How it sounds

    def set_volume(self, volume: int) -> None:
        for channel in (self._now, self._other):
            channel.set_volume(volume)

    def set_gain(self, gain: float) -> None:
        self._now.set_gain(gain)

    def set_equaliser(self, equaliser: Equaliser) -> None:
        for channel in (self._now, self._other):
            channel.set_equaliser(equaliser)

    def set_rate(self, rate: float) -> None:
        for channel in (self._now, self._other):
            channel.voice.set_rate(rate)
        self._watch()

    def set_fades(self, *, rest: int, skip: int) -> None:
        self._rest, self._skip = rest / 1000, skip / 1000

    def set_output(self, name: str) -> None:
        for channel in (self._now, self._other):
            channel.voice.set_output(name)

    def outputs(self) -> Sequence[Output]:
        return self._voices.outputs()

    def presets(self) -> Sequence[Preset]:
        return self._voices.presets()

    def frequencies(self) -> Sequence[float]:
        return self._voices.frequencies()

    def close(self) -> None:
        self._due.stop()
        self._upcoming, self._playing = None, False
        self._forget_rest()
        for channel in (self._now, self._other):
            channel.close()
        self._voices.close()

    # Going over

    def _let_go(self, channel: Channel, turn: Seconds | None, *, sounded: bool) -> None:
        """Take leave of what was loaded: in time with a turn, by a short fade out of turn, else at once."""
        if channel.free or channel.leaving:
            return
        if channel.over:
            channel.drop()
        elif turn:
            channel.leave(turn, Law.POWER)
        elif turn is not None:
            channel.run_out()
        elif sounded and self._skip:
            channel.leave(self._skip, Law.POWER)
        else:
            channel.drop()

    def _entrance(self, turn: Seconds | None, *, sounded: bool) -> tuple[Seconds, Law]:
        if turn is not None:
            return turn, Law.POWER
        return (self._skip, Law.POWER) if sounded else (0.0, Law.EVEN)

    def _make_ready(self) -> None:
        if self._upcoming is not None and self._other.free:
            self._other.take(self._upcoming.stretch, ready=True, gain=self._upcoming.gain)

    def _watch(self) -> None:
        """Wait for the moment at which what is prepared has to start, once that is near."""
        remaining = self._now.voice.remaining()
        if remaining is None or not self._playing or self._upcoming is None or not self._other.ready:
            self._due.stop()
            return
        wait = remaining - max(self._upcoming.overlap, LEAD)
        if wait <= WATCH:
            self._due.start(max(0, round(wait * 1000)))
        else:
            self._due.stop()

    def _on_due(self) -> None:
        remaining = self._now.voice.remaining()
        if remaining is None or self._upcoming is None or not self._playing or not self._other.ready:
            return
        if remaining > self._upcoming.overlap + SLACK:
            self._watch()
        else:
            self._tell_end(min(self._upcoming.overlap, remaining))

    def _tell_end(self, turn: Seconds) -> None:
        self._turn = turn
        self.ended.emit()
        self._turn = None

    def _forget_rest(self) -> None:
        self._pausing, self._rests_at = False, None

    # What the voices tell

    def _channel(self) -> Channel:
        channel = Channel(self._voices.voice(self), self)
        voice = channel.voice
        voice.ended.connect(lambda: self._on_ended(channel))
        voice.failed.connect(lambda message, advice: self._on_failed(channel, message, advice))
        voice.sounding.connect(lambda: self._on_state(channel, PlaybackState.PLAYING))
        voice.paused.connect(lambda: self._on_state(channel, PlaybackState.PAUSED))
        voice.length_known.connect(lambda seconds: self._on_length(channel, seconds))
        voice.ticked.connect(lambda: self._on_tick(channel))
        channel.rested.connect(lambda: self._on_rested(channel))
        channel.freed.connect(self._make_ready)
        return channel

    def _on_ended(self, channel: Channel) -> None:
        if channel is self._other and channel.ready:
            self._spoil(channel)
        elif channel is self._now and not channel.free and not channel.leaving:
            self._due.stop()
            if self._pausing:
                channel.ramp.cut(0.0)
                self._pausing = False
            else:
                self._tell_end(0.0)

    def _on_failed(self, channel: Channel, message: str, advice: str) -> None:
        if channel is self._other and channel.ready:
            self._spoil(channel)
        elif channel.leaving:
            channel.drop()
            self._make_ready()
        elif channel is self._now:
            self.failed.emit(message, advice)

    def _spoil(self, channel: Channel) -> None:
        """What was prepared does not play: say so when its turn has come, and leave alone what plays."""
        channel.drop()
        self._due.stop()

    def _on_state(self, channel: Channel, state: PlaybackState) -> None:
        if channel is self._now and not channel.leaving:
            self.state_changed.emit(state)

    def _on_length(self, channel: Channel, seconds: Seconds) -> None:
        if channel is self._now:
            self.duration_changed.emit(seconds)

    def _on_tick(self, channel: Channel) -> None:
        if channel is self._now:
            self._watch()

    def _on_rested(self, channel: Channel) -> None:
        if channel is self._now and self._pausing:
            self._pausing = False
            self._entry = (FADE_IN, Law.EVEN)
            channel.voice.pause()
            channel.voice.seek(self._rests_at or 0.0)
