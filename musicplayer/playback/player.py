"""Joins the queue and the sound: the one source of what is playing now."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.language import tr
from indexer.core.playing.listening import SHORTEST_LISTENING, Listening, Sessions, play_heard
from indexer.core.playing.queue import UNKNOWN, PlayQueue, QueueItem, Repeat
from indexer.core.playing.shuffle import Uid
from indexer.core.plays import PlayContext
from indexer.core.tracks import Seconds, Stretch, TrackId
from musicplayer.playback.backend import AudioBackend, PlaybackState
from musicplayer.playback.detour import Detours
from musicplayer.playback.preparing import SKIP_MS, About, Locate, Preparing
from musicplayer.playback.queue_edits import QueueEdits
from musicplayer.playback.sound import held_rate

POLL_MS = 250
RESTART_AFTER = 3.0
"""From this many seconds on, "previous" goes to the start of the track rather than to the one before."""

PREPARE_AHEAD = 8.0
"""Seconds before the end from which on the next file is opened: enough for a drive that has gone to sleep."""

COMING = 32
"""So many tracks are looked at for what is to be prepared: a few seconds of very short ones."""

CLIENT = "desktop"
"""What plays of this program say played them."""


class Player(QueueEdits):
    """Plays the queue. Everything that shows or steers playback listens to this object.

    Signals:
        track_changed: the TrackId that is current now, or None.
        state_changed: a PlaybackState.
        position_changed: seconds, about four times a second while playing.
        seeked: seconds, after someone went to another place in the track.
        duration_changed: seconds, 0 while unknown.
        modes_changed: repeat, shuffle or stop_after_current.
        volume_changed: per cent.
        rate_changed: how many times as fast as it was recorded it plays.
        failed: message and advice, for a person to read.
        wanted: someone pressed "play" and the queue has nothing to give.
        length_measured: TrackId and its seconds, exactly, once all of it was decoded for playing.
        played: a Play, when a track is left of which so much was heard that it is worth a record.
    """

    track_changed = Signal(object)
    state_changed = Signal(object)
    position_changed = Signal(float)
    seeked = Signal(float)
    duration_changed = Signal(float)
    modes_changed = Signal()
    volume_changed = Signal(int)
    rate_changed = Signal(float)
    failed = Signal(str, str)
    wanted = Signal()
    length_measured = Signal(object, float)
    played = Signal(object)

    def __init__(
        self,
        backend: AudioBackend,
        queue: PlayQueue,
        locate: Locate,
        parent: QObject | None = None,
        *,
        clock: Callable[[], Seconds] = time.monotonic,
    ) -> None:
        """Play `queue` through `backend`; `locate` says where a track's sound lies, None for one that is not found.

        By `clock` it is measured how much of a track was heard.
        """
        super().__init__(queue, parent)
        self._backend = backend
        self._locate = locate
        self._state = PlaybackState.STOPPED
        self._track: TrackId | None = None
        self._loaded = False
        self._start: Seconds = 0.0
        self._duration: Seconds = 0.0
        self._volume = 80
        self._dimming = 1.0
        self._rate = 1.0
        self._stop_after_current = False
        self._is_chosen = False
        self._at: Seconds = 0.0
        self._detours = Detours(locate)
        self._listening = Listening(clock)
        self._sessions = Sessions()
        self._origin = UNKNOWN
        self._begun_at = 0.0
        self.elsewhere: Callable[[], bool] = lambda: False
        """Whether who listens to `wanted` has something to play."""
        self._preparing = Preparing(backend, locate)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look)
        backend.ended.connect(self._on_ended)
        backend.failed.connect(self._on_failed)
        backend.unavailable.connect(self._on_unavailable)
        backend.interrupted.connect(self._on_interrupted)
        backend.state_changed.connect(self._on_backend_state)
        backend.duration_changed.connect(self._set_duration)
        backend.length_measured.connect(self._on_length_measured)
        self.queue_changed.connect(self._keep_ready)
        self.modes_changed.connect(self._keep_ready)

    @property
    def sound(self) -> AudioBackend:
        """To set how it sounds and where it comes out; what plays is the player's."""
        return self._backend

    @property
    def about(self) -> About:
        """What is asked about tracks, as `ask` gave it."""
        return self._preparing.about

    @property
    def current(self) -> TrackId | None:
        """The track that plays, or would on `play`."""
        return self._track

    @property
    def state(self) -> PlaybackState:
        return self._state

    @property
    def under_way(self) -> TrackId | None:
        """The current track while it plays or is paused, None while it is stopped."""
        return None if self._state is PlaybackState.STOPPED else self._track

    @property
    def can_play(self) -> bool:
        """Whether `play` would do something."""
        return self._track is not None or len(self._queue) > 0 or self.elsewhere()

    @property
    def volume(self) -> int:
        return self._volume

    @property
    def rate(self) -> float:
        return self._rate

    @property
    def stop_after_current(self) -> bool:
        return self._stop_after_current

    @stop_after_current.setter
    def stop_after_current(self, on: bool) -> None:
        self._stop_after_current = on
        self.modes_changed.emit()

    def position(self) -> Seconds:
        return self._backend.position() if self._loaded else self._start

    def duration(self) -> Seconds:
        """Length of the current track in seconds, 0 while unknown."""
        return self._duration

    def look(self) -> None:
        """Tell where in the track it is by now and have ready what comes near, as is done every POLL_MS by itself."""
        position = self.position()
        if self._loaded and position > 0:
            self._at = position
            self._detours.plays()
            self.position_changed.emit(position)
            self._keep_ready()

    # Transport

    def play(self) -> None:
        if self._loaded and self._state is PlaybackState.PAUSED:
            self._set_state(PlaybackState.PLAYING)
            self._backend.play()
        elif self._state is not PlaybackState.PLAYING:
            item = self._queue.current or self._queue.advance(by_user=True)
            if item is not None:
                self._begin(item, start=self._start)
            else:
                self.wanted.emit()

    def pause(self) -> None:
        if self._state is PlaybackState.PLAYING:
            self._set_state(PlaybackState.PAUSED)
            self._backend.pause()

    def toggle(self) -> None:
        if self._state is PlaybackState.PLAYING:
            self.pause()
        else:
            self.play()

    def stop(self) -> None:
        """End the sound; the current track stays current and would play from its start."""
        self._leave()
        self._unload()
        self._set_state(PlaybackState.STOPPED)
        self.position_changed.emit(0.0)

    def next(self) -> None:
        item = self._queue.advance(by_user=True)
        if item is not None:
            self._follow(item)
            self._is_chosen = False

    def previous(self) -> None:
        """Restart the track when it is some seconds in, else go to the one before."""
        item = None if self.position() > RESTART_AFTER else self._queue.back()
        if item is None:
            self.seek(0.0)
        else:
            self._follow(item)

    def jump(self, index: int) -> None:
        """Play the item at `index` of the queue."""
        self._begin(self._queue.jump(index))

    def seek(self, position: Seconds) -> None:
        """Go to `position` seconds, held within the track."""
        position = max(0.0, min(position, self._duration) if self._duration else position)
        if self._loaded:
            self._backend.seek(position)
        else:
            self._start = position
        self.position_changed.emit(position)
        self.seeked.emit(position)
        self._keep_ready()

    def set_volume(self, volume: int) -> None:
        self._volume = max(0, min(volume, 100))
        self._backend.set_volume(round(self._volume * self._dimming))
        self.volume_changed.emit(self._volume)

    def set_dimming(self, share: float) -> None:
        """Play at this share of the volume, 0 to 1, which stays what it is for everyone else."""
        self._dimming = share
        self._backend.set_volume(round(self._volume * share))

    def set_rate(self, rate: float) -> None:
        """Play `rate` times as fast, held within 0.5 and 2, at the same pitch."""
        self._rate = held_rate(rate)
        self._backend.set_rate(self._rate)
        self._listening.set_rate(self._rate)
        self.rate_changed.emit(self._rate)

    def set_fades(self, rest_ms: int, crossfade: Seconds) -> None:
        """Fade for `rest_ms` on pause and stop, and for `crossfade` seconds between tracks of different albums."""
        self._preparing.crossfade = crossfade
        self._backend.set_fades(rest=rest_ms, skip=SKIP_MS if crossfade > 0 else 0)
        self._keep_ready()

    def ask(self, about: About) -> None:
        """Learn about tracks from these from here on."""
        self._preparing.about = about
        self.refresh_gain()

    def refresh_gain(self) -> None:
        """More is known about how loud tracks are, or another evenness is wanted."""
        if self._track is not None and self._loaded:
            self._backend.set_gain(self._preparing.about.gain_of(self._track))
        self._keep_ready()

    def set_repeat(self, repeat: Repeat) -> None:
        self._queue.repeat = repeat
        self.modes_changed.emit()

    def set_shuffle(self, on: bool) -> None:
        self._queue.shuffle = on
        self.modes_changed.emit()

    # The queue

    def play_tracks(self, tracks: Sequence[TrackId], start: int = 0, origin: PlayContext = UNKNOWN) -> None:
        """Play `tracks`, which have this origin, instead of what is in the queue, from the one at `start` on.

        Where the queue holds these very tracks it stays, and only another one of them plays.
        """
        if tracks and self._queue.holds(tracks):
            self._begin(self._queue.begin_at(start))
        elif tracks:
            before = len(self._queue)
            self._queue.replace(tracks, start, origin=origin)
            self._begin(self._queue.items[self._queue.index or 0])
            if before:
                self.queue_swept.emit(before, True)

    def play_now(self, tracks: Sequence[TrackId], origin: PlayContext = UNKNOWN) -> None:
        """Put `tracks` after the current one and play the first of them; the rest of the queue stays."""
        if tracks:
            self._begin(self._queue.jump(self._queue.play_next(tracks, origin=origin)))

    def restore(self, queue: PlayQueue, position: Seconds, duration: Seconds = 0.0) -> None:
        """Take a saved queue, paused at `position` of its current track; nothing is opened before `play`."""
        self._leave()
        self._unload()
        self._queue = queue
        current = queue.current
        self._start = position if current is not None else 0.0
        self._set_track(current.track if current is not None else None)
        self._set_duration(duration if current is not None else 0.0)
        self._set_state(PlaybackState.STOPPED if current is None else PlaybackState.PAUSED)
        self.queue_changed.emit()
        self.modes_changed.emit()
        self.position_changed.emit(self._start)

    def exchange(self, tracks: Mapping[Uid, TrackId]) -> None:
        """Let items of the queue stand for other tracks, copies of the same recordings; what sounds goes on."""
        if not tracks:
            return
        current = self._queue.current
        is_playing_it = current is not None and current.track == self._track
        self._queue.exchange(tracks)
        self.queue_changed.emit()
        after = self._queue.current
        if is_playing_it and after is not None and after.track != self._track:
            self._set_track(after.track)

    def close(self) -> None:
        """Note what was heard and give the sound back; the player is of no use afterwards."""
        self._leave()
        self._poll.stop()
        self.blockSignals(True)  # what is under way, such as going on after a lost file, finds nobody to tell
        self._state = PlaybackState.STOPPED
        self._backend.close()

    # Helpers

    def _follow(self, item: QueueItem) -> None:
        """Go to `item`, and on sounding only if something sounded before."""
        if self._state is PlaybackState.PLAYING:
            self._begin(item)
            return
        self._leave(for_another=True)
        self._unload()
        self._show(item)
        self._set_state(PlaybackState.STOPPED)

    def _begin(self, item: QueueItem, start: Seconds = 0.0, *, by_itself: bool = False) -> None:
        self._leave(for_another=not by_itself and item.track != self._track)
        self._origin, self._begun_at = item.origin, time.time()
        self._is_chosen, self._at = not by_itself, start
        stretch = self._locate(item.track)
        if stretch is not None:
            self._preparing.placed(stretch, item.track)
        self._set_state(PlaybackState.PLAYING)
        if stretch is None:
            self._unload()
            self._show(item)
            QTimer.singleShot(0, self, lambda: self._on_lost(item))
            return
        self._sound(item.track, stretch, start)  # before everyone is told, which takes its time
        self._get_ready(item.track, start)  # because a short one may end meanwhile
        self._show(item)
        self._set_duration(self._backend.duration() or self._duration)
        self.position_changed.emit(start)

    def _sound(self, track: TrackId, stretch: Stretch, start: Seconds) -> None:
        self._backend.load(stretch, start)
        self._backend.set_gain(self._preparing.about.gain_of(track))
        self._loaded = True
        self._preparing.taken()
        self._backend.play()

    def _show(self, item: QueueItem) -> None:
        self._start = 0.0
        if item.track != self._track:
            self._set_duration(0.0)
        self._set_track(item.track)
        self.queue_changed.emit()
        self.position_changed.emit(0.0)

    def _leave(self, *, for_another: bool = False) -> None:
        """Report what was heard of the track that is left, by a person's wish `for_another` one or not."""
        heard = self._listening.reset()
        if self._track is not None and heard >= SHORTEST_LISTENING:
            context = replace(self._origin, session=self._sessions.at(self._begun_at, time.time()), client=CLIENT)
            play = play_heard(self._track, self._begun_at, heard, self._duration, context)
            self.played.emit(play if for_another else replace(play, skipped=False))

    def _unload(self) -> None:
        if self._loaded:
            self._loaded = False
            self._preparing.taken()
            self._backend.stop()
        self._start = 0.0

    def _keep_ready(self) -> None:
        """Have the backend get ready what comes next once the end is near, and only that."""
        if self._track is None:
            self._preparing.nothing()
        else:
            self._get_ready(self._track, self.position(), self._duration)

    def _get_ready(self, track: TrackId, position: Seconds, length: Seconds = 0.0) -> None:
        """Do so while `track` plays, `position` seconds in; where no `length` is known yet, as it was known before."""
        length = length or self._preparing.length_of(track) or 0.0
        following = self._coming(position, length)
        if not following:
            self._preparing.nothing()
        else:
            self._preparing.follow(track, length, [item.track for item in following])

    def _coming(self, position: Seconds, length: Seconds) -> list[QueueItem]:
        """What plays next by itself, none while that is far or where nothing does."""
        ahead = self._rate * (PREPARE_AHEAD + self._preparing.crossfade)
        near = 0 < length <= position + ahead
        if not self._loaded or self._state is not PlaybackState.PLAYING or not near or self._stop_after_current:
            return []
        return self._queue.peek(COMING)

    def _set_track(self, track: TrackId | None) -> None:
        self._track = track
        self.track_changed.emit(track)

    def _set_state(self, state: PlaybackState) -> None:
        if state is PlaybackState.PLAYING:
            self._poll.start()
        else:
            self._poll.stop()
            self._listening.hold()
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _set_duration(self, duration: Seconds) -> None:
        if duration != self._duration:
            self._duration = duration
            self.duration_changed.emit(duration)

    def _on_backend_state(self, state: PlaybackState) -> None:
        if not self._loaded:
            return
        if state is PlaybackState.PLAYING and self._state is PlaybackState.PLAYING:
            self._listening.run()
        elif state is PlaybackState.PAUSED and self._state is PlaybackState.PLAYING:
            self._set_state(PlaybackState.PAUSED)  # not by us: a headset that was unplugged, for one

    def _on_ended(self) -> None:
        self._detours.plays()
        stops = self._queue.stops_here()
        item = self._queue.advance(by_user=False)
        if self._stop_after_current or stops:
            self.stop_after_current = False
            self.stop()
            if item is not None:
                self._show(item)
        elif item is None:
            self.stop()
        else:
            self._begin(item, by_itself=True)

    def _on_lost(self, item: QueueItem) -> None:
        if item == self._queue.current and not self._loaded and self._state is PlaybackState.PLAYING:
            self._on_failed(
                tr("A track in the queue is no longer in the library."),
                tr("Add its folder again, or remove it from the queue."),
            )

    def _on_failed(self, message: str, advice: str) -> None:
        """Report a file that does not play, and go on with the next; or wait for it, where its folder is away."""
        at = self._at
        detour = self._detours.after(self._queue, (message, advice), stays=self._is_chosen or at > 0)
        if detour.rests:
            self._unload()
            self._start = at
            self._set_state(PlaybackState.PAUSED)
            self.position_changed.emit(at)
        if detour.told is not None:
            self.failed.emit(*detour.told)
        if detour.item is not None:
            self._begin(detour.item, by_itself=True)
        elif not detour.rests:
            self.stop()

    def _on_length_measured(self, stretch: Stretch, seconds: Seconds) -> None:
        track = self._preparing.track_at(stretch)
        if track is not None:
            self._preparing.measured(track, seconds)
            self.length_measured.emit(track, seconds)
            self._keep_ready()

    def _on_interrupted(self, message: str, advice: str) -> None:
        """Wait for the person: where this cannot be had, nothing else of the queue can."""
        self._set_state(PlaybackState.PAUSED)
        self.position_changed.emit(self.position())
        self.failed.emit(message, advice)

    def _on_unavailable(self, message: str, advice: str) -> None:
        self.stop()
        self.failed.emit(message, advice)
