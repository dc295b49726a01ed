"""The radio: keeps a few tracks ahead in the queue for as long as it is on, of what sounds like its seeds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from enum import StrEnum
from random import Random

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.discover.radio_rules import (
    REACHES,
    SKIP_REACH,
    AskedOnce,
    Aversions,
    Candidates,
    Line,
    choose,
)
from indexer.core.playing.listening import is_skip
from indexer.core.playing.queue import QueueItem
from indexer.core.plays import Play, PlayContext, PlaySource
from indexer.core.recordings.same import Song
from indexer.core.tracks import Seconds, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player

AHEAD = 5
"""Tracks that the queue holds after the current one while the radio is on, whoever put them there."""

REMEMBERED = 200
"""Tracks played last that do not come again."""

LIKED = 5
"""Tracks of the radio that were heard out last: it drifts along with them."""

MOST_SEEDS = 50
"""Of a longer selection as many are drawn."""


SongOf = Callable[[TrackId], Song]


class RadioState(StrEnum):
    OFF = "off"
    PLAYING = "playing"
    WAITING = "waiting"  # nothing is known about the seeds: there is no model yet, or they are not analysed
    USED_UP = "used-up"  # everything that could come is in the queue already


class Radio(QObject):
    """Appends to the queue, and changes nothing else in it.

    Attributes:
        aversions: what it learnt from skips.

    Signals:
        changed: it was switched on or off, has other seeds, or another state.
    """

    changed = Signal()

    def __init__(
        self,
        player: Player,
        candidates: Candidates,
        song_of: SongOf,
        parent: QObject | None = None,
        *,
        chance: Random | None = None,
    ) -> None:
        """Fill the queue of `player` from `candidates`; `song_of` gives a track with its names."""
        super().__init__(parent)
        self._player = player
        self._candidates = candidates
        self._song_of = song_of
        self._chance = chance or Random()  # noqa: S311 - for ears, not for secrets
        self._seeds: tuple[TrackId, ...] = ()
        self._state = RadioState.OFF
        self._heard: deque[TrackId] = deque(maxlen=REMEMBERED)
        self._given: dict[TrackId, TrackId] = {}
        self._liked: deque[TrackId] = deque(maxlen=LIKED)
        self._unheard: set[TrackId] = set()
        self._coming: set[int] = set()
        self.aversions = Aversions()
        self._turn = _Turn()
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self.refill)
        player.queue_changed.connect(self._on_queue)
        player.modes_changed.connect(self._on_queue)
        player.track_changed.connect(self._on_track)
        player.played.connect(self._on_played)
        player.failed.connect(self._on_failed)

    @property
    def is_on(self) -> bool:
        return self._state is not RadioState.OFF

    @property
    def state(self) -> RadioState:
        return self._state

    @property
    def seeds(self) -> tuple[TrackId, ...]:
        """What it sounds like, while it is on."""
        return self._seeds

    def start(self, seeds: Sequence[TrackId]) -> None:
        """Switch on, or go on with other seeds; does nothing without any.

        What was skipped before in this session still counts.
        """
        if not seeds:
            return
        distinct = list(dict.fromkeys(seeds))
        self._seeds = tuple(distinct if len(distinct) <= MOST_SEEDS else self._chance.sample(distinct, MOST_SEEDS))
        self._liked.clear()
        self._unheard.clear()
        self._state = RadioState.PLAYING
        self.changed.emit()
        self._soon.start()

    def stop(self) -> None:
        """Switch off; what it has put into the queue stays there."""
        if self.is_on:
            self._soon.stop()
            self._seeds = ()
            self._state = RadioState.OFF
            self.changed.emit()

    def own_ahead(self) -> int:
        """How many tracks that others put into the queue come before the first one of the radio."""
        coming = self._player.queue.upcoming()
        return next((place for place, item in enumerate(coming) if item.origin.source is PlaySource.RADIO), len(coming))

    def refill(self) -> None:
        """Append what is missing, now rather than at the next turn of the event loop."""
        self._soon.stop()
        if not self.is_on:
            return
        missing = max(0, AHEAD - len(self._player.queue.upcoming()))
        chosen = self._chosen(missing) if missing else []
        self._set_state(self._state_with(missing - len(chosen)))
        if chosen:
            self._player.extend(chosen, PlayContext(PlaySource.RADIO, seed=self._seeds[0]))

    def avoid(self, tracks: Sequence[TrackId]) -> None:
        """Take tracks out that it put ahead; whoever calls this sees to it that they do not come again."""
        unwanted = set(tracks)
        ahead = {item.uid for item in self._player.queue.upcoming() if item.origin.source is PlaySource.RADIO}
        places = [
            place for place, item in enumerate(self._player.queue.items) if item.uid in ahead and item.track in unwanted
        ]
        if places:
            self._player.remove(places)

    def _chosen(self, count: int) -> list[TrackId]:
        past, coming = self._order_of_play()
        candidates = AskedOnce(self._candidates)
        tracks: list[TrackId] = []
        while len(tracks) < count:
            line = Line(past, coming, self._seeds, tuple(self._liked), self._unheard, self.aversions)
            choice = choose(candidates, line, self._chance)
            if choice is not None:
                self._given[choice.song.track] = choice.direction
                coming.append(choice.song)
                tracks.append(choice.song.track)
            elif self._unheard:
                self._unheard.clear()  # what was taken out of the queue is asked for again before it falls silent
            else:
                break
        self._unheard.update(tracks)
        return tracks

    def _order_of_play(self) -> tuple[list[Song], list[Song]]:
        """What was heard, the longest ago first, with all else that lies behind in the queue; and what is to come."""
        queue = self._player.queue
        ahead = queue.upcoming()
        coming = [item.track for item in ([queue.current] if queue.current else [])] + [item.track for item in ahead]
        still = {item.uid for item in ahead}
        behind = dict.fromkeys(item.track for item in queue.items if item.uid not in still)
        for track in self._heard:  # once more, at the end: in the order in which they were heard
            behind.pop(track, None)
            behind[track] = None
        for track in coming:
            behind.pop(track, None)
        return [self._song_of(track) for track in behind], [self._song_of(track) for track in coming]

    def _state_with(self, missing: int) -> RadioState:
        if not missing:
            return RadioState.PLAYING
        known = any(self._candidates.near(seed, REACHES[0]) for seed in self._seeds)
        return RadioState.USED_UP if known else RadioState.WAITING

    def _set_state(self, state: RadioState) -> None:
        if state is not self._state:
            self._state = state
            self.changed.emit()

    # What is heard

    def _on_queue(self) -> None:
        if self.is_on:
            self._coming = {item.uid for item in self._player.queue.upcoming()}
            self._soon.start()

    def _on_track(self, track: TrackId | None) -> None:
        current = self._player.queue.current
        left, heard = self._turn.item, self._turn
        if current is not None and left is not None and current.uid == left.uid:
            return
        self._turn = _Turn(current)
        if track is not None:
            self._heard.append(track)
            self._unheard.discard(track)
        if left is not None and left.origin.source is PlaySource.RADIO:
            self._judge(left, heard, current)
        self._on_queue()

    def _on_played(self, play: Play) -> None:
        if self._turn.item is not None and self._turn.item.track == play.track:
            self._turn.heard += play.seconds_heard or 0.0
            self._turn.counts |= play.finished
            self._turn.duration = self._player.duration()

    def _on_failed(self) -> None:
        self._turn.excused = True

    def _judge(self, left: QueueItem, turn: _Turn, current: QueueItem | None) -> None:
        """Learn from how long a track of the radio was heard."""
        if turn.counts:
            self._liked.append(left.track)
        elif not turn.excused and self._went_on(current) and is_skip(turn.heard, turn.duration):
            neighbours = [song.track for song in self._candidates.near(left.track, SKIP_REACH)]
            self.aversions.skip(left.track, neighbours, self._given.get(left.track))

    def _went_on(self, current: QueueItem | None) -> bool:
        """Whether someone who was listening went to what was to come, not back or elsewhere."""
        playing = self._player.state is PlaybackState.PLAYING
        return playing and current is not None and current.uid in self._coming


class _Turn:
    """How long the current item was heard."""

    def __init__(self, item: QueueItem | None = None) -> None:
        self.item = item
        self.heard: Seconds = 0.0
        self.duration: Seconds = 0.0
        self.counts = False
        self.excused = False
