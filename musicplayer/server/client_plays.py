"""What the clients of one listener play: told as it plays, submitted when it was heard, and each listening once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from indexer.core.playing.listening import SESSION_PAUSE, SHORTEST_LISTENING, Sessions, enough_of, play_heard
from indexer.core.plays import ListenerId, Play, PlayContext, PlaySource, stable_id
from indexer.core.tracks import Seconds, TrackId

MOST_CLIENTS = 20
"""Of one listener; of more, the one that was silent longest is forgotten."""

UNKNOWN_LENGTH: Seconds = 600.0
"""After which a track plays no more whose length nobody knows."""

GRACE: Seconds = 60.0
"""That a client which plays may be late, buffering for one, before it is taken to have gone."""

RETRY: Seconds = 30.0
"""Submissions of a track that begin less apart than this, or half of a short track, are one that was sent again."""

_FASTEST = 8.0
"""Rate beyond which nobody listens."""

_EARLIEST = 946_684_800.0
"""The year 2000: a time before it is of a clock that was not set, or was given in another unit."""


class Report(StrEnum):
    """What a client says that it does, as OpenSubsonic's `reportPlayback` has it."""

    STARTING = "starting"
    PLAYING = "playing"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Playing:
    """What a client plays now.

    Attributes:
        track: which.
        client: that said so.
        began: seconds since 1970.
        position: where in the track it is, as far as that is known.
        is_paused: it rests there.
    """

    track: TrackId
    client: str
    began: float
    position: Seconds
    is_paused: bool = False


@dataclass(slots=True)
class _Listening:
    """One listening of a client, while it goes on and a little after it has ended.

    Attributes:
        track: which.
        began, at: when it began, and when it was last heard of, seconds since 1970.
        position: in the track, `at` that time; `heard` is how much of it was by then.
        rate: how many seconds of it play in one.
        runs: it does not rest.
        goes_on: it has not ended.
        counts: a play may come of it.
        reported: the client tells where it is.
        told: its play was told.
        submitted: when the client had it counted, None for as long as it did not.
    """

    track: TrackId
    began: float
    at: float
    position: Seconds = 0.0
    heard: Seconds = 0.0
    rate: float = 1.0
    runs: bool = True
    goes_on: bool = True
    counts: bool = True
    reported: bool = False
    told: bool = False
    submitted: float | None = None

    def advance(self, now: float, position: Seconds | None, rest: Seconds) -> None:
        """Time went by; the client says that it came to a position, or does not say where it is.

        What was leapt over was not heard, and what was heard twice was; silence counts up to the end of the track, of
        which `rest` seconds were left.
        """
        passed = max(now - self.at, 0.0) * self.rate if self.runs else 0.0
        if position is None:
            passed = min(passed, rest)
            self.heard, self.position = self.heard + passed, self.position + passed
        else:
            moved = position - self.position
            self.heard += min(moved, passed) if moved >= 0 else min(passed, rest)
            self.position = position
        self.at = now


class ClientPlays:
    """Makes plays of what clients say; for one thread."""

    def __init__(
        self,
        listener: ListenerId,
        length_of: Callable[[TrackId], Seconds],
        recent: Callable[[], Iterable[Play]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Of one listener.

        Args:
            listener: whose clients these are.
            length_of: a track, in seconds; 0 where it is not known.
            recent: the latest plays of the listener, among which a submission that comes again is found.
            clock: seconds since 1970.
        """
        self._listener = listener
        self._length_of = length_of
        self._recent = recent
        self._clock = clock
        self._sessions = Sessions()
        self._last_end = 0.0
        self._current: dict[str, _Listening] = {}
        self._ended: dict[str, _Listening] = {}

    def playing(self) -> list[Playing]:
        """What plays now, the latest first; what must have ended by now does not."""
        now = self._clock()
        found = [
            Playing(each.track, client, each.began, self._position(each, now), not each.runs)
            for client, each in self._current.items()
            if not self._is_over(each, now)
        ]
        return sorted(found, key=lambda each: -each.began)

    def with_session(self, play: Play) -> Play:
        """A play with the session it belongs to, unless it has one, or is from before the last ones."""
        end = play.at + (play.seconds_heard or 0.0)
        if play.context.session or play.at < self._last_end - SESSION_PAUSE:
            return play
        self._last_end = max(end, self._last_end)
        return replace(play, context=replace(play.context, session=self._sessions.at(play.at, end)))

    def begin(self, track: TrackId, client: str) -> list[Play]:
        """A client says that it begins to play a track: returns what it played before and is over by that."""
        now, current = self._clock(), self._current.get(client)
        if current is not None and current.track == track and (current.reported or self._is_same(current, now)):
            return []
        left = self._leave(client, now)
        self._keep(client, _Listening(track, now, now))
        return left

    def submit(self, track: TrackId, client: str, at: float | None = None) -> list[Play]:
        """A client says that a track was heard so far that it counts, at a time or now: returns a play, or none.

        None comes of what was sent twice, or of a listening whose play its reports have told.
        """
        now, length = self._clock(), self._length_of(track)
        at = at if at is not None and _EARLIEST <= at <= now else None
        when = now if at is None else at
        for listening in (self._current.get(client), self._ended.get(client)):
            if listening is None or listening.track != track or not self._is_of(listening, at):
                continue
            if listening.submitted is None:
                return self._count(listening, client, when)
            if (listening.goes_on and listening.reported) or abs(when - listening.submitted) < _nearness(length):
                return []
        began = now - enough_of(length) if at is None else at
        return [] if self._is_known(track, client, began) else self._new(track, client, began, length or enough_of(0.0))

    def report(
        self,
        track: TrackId,
        client: str,
        report: Report,
        position: Seconds,
        *,
        rate: float = 1.0,
        counts: bool = True,
    ) -> list[Play]:
        """A client says what it does with a track, and where in it: returns what is over by that.

        Args:
            track: which.
            client: that says it.
            report: what it does.
            position: in the track, >= 0.
            rate: how many seconds of it play in one.
            counts: whether a play may come of it.
        """
        now = self._clock()
        left: list[Play] = []
        current, ended = self._current.get(client), self._ended.get(client)
        is_other = current is None or current.track != track
        if is_other and report is Report.STOPPED and _is_again(ended, track, now):
            return []
        if current is None or is_other or (report is Report.STARTING and self._is_back(current, position, now)):
            left = self._leave(client, now)
            before = position if report is Report.STOPPED else 0.0  # all that is known of it is its end
            current = _Listening(track, now - before, now, position, before)
        current.advance(now, position, self._rest(current))
        current.rate = min(rate, _FASTEST) if rate > 0 else 1.0
        current.counts, current.reported = counts, True
        current.runs = report in {Report.STARTING, Report.PLAYING}
        self._keep(client, current)
        return left + self._leave(client, now) if report is Report.STOPPED else left

    def _is_back(self, current: _Listening, position: Seconds, now: float) -> bool:
        """Whether a track begins anew, which was reported to be farther on."""
        return current.reported and position + SHORTEST_LISTENING < self._position(current, now)

    def _count(self, listening: _Listening, client: str, when: float) -> list[Play]:
        """The play of a listening that was submitted; if it goes on, it is not told again when it ends."""
        listening.submitted = when
        if listening.told:
            return []
        listening.told = True
        length = self._length_of(listening.track)
        if listening.goes_on and listening.runs:
            listening.advance(self._clock(), None, self._rest(listening))
        return self._new(listening.track, client, listening.began, max(enough_of(length), listening.heard))

    def _leave(self, client: str, now: float) -> list[Play]:
        """What a client played is over: its play, if it reported enough for one that was not told."""
        left = self._current.pop(client, None)
        if left is None or not left.reported:
            return []  # what is not reported counts when it is submitted
        if left.runs and not self._is_over(left, now):
            left.advance(now, None, self._rest(left))
        left.goes_on = False
        self._ended[client] = left
        if left.told or not left.counts or left.heard < SHORTEST_LISTENING:
            return []
        left.told = True
        return self._new(left.track, client, left.began, left.heard)

    def _new(self, track: TrackId, client: str, began: float, heard: Seconds) -> list[Play]:
        """The play of a listening, which has the same id whenever it is told."""
        context = PlayContext(PlaySource.SUBSONIC, client=client)
        play = play_heard(track, began, heard, self._length_of(track), context)
        identity = stable_id("subsonic", self._listener, client, track, round(began * 1_000))
        return [self.with_session(replace(play, id=identity, listener=self._listener))]

    def _is_known(self, track: TrackId, client: str, began: float) -> bool:
        near = _nearness(self._length_of(track))
        return any(
            play.track == track and play.finished and play.context.client == client and abs(play.at - began) < near
            for play in self._recent()
        )

    def _is_of(self, listening: _Listening, at: float | None) -> bool:
        """Whether a submission, at a time or now, is of a listening."""
        now, end = self._clock(), self._end(listening) if listening.goes_on else listening.at
        if at is not None:
            return listening.began - RETRY <= at <= end + RETRY
        if not listening.goes_on:
            return now <= end + GRACE
        return listening.reported or now <= end + SESSION_PAUSE

    def _is_same(self, listening: _Listening, now: float) -> bool:
        """Whether a track that is told of again, but not reported, is still the same listening."""
        return listening.submitted is None and now < self._end(listening)

    def _keep(self, client: str, listening: _Listening) -> None:
        self._current.pop(client, None)
        self._current[client] = listening
        for kept in (self._current, self._ended):
            while len(kept) > MOST_CLIENTS:
                kept.pop(next(iter(kept)))

    def _rest(self, listening: _Listening) -> Seconds:
        return max((self._length_of(listening.track) or UNKNOWN_LENGTH) - listening.position, 0.0)

    def _end(self, listening: _Listening) -> float:
        """When a listening ends if nothing comes between, seconds since 1970."""
        return listening.at + self._rest(listening) / max(listening.rate, 0.1)

    def _is_over(self, listening: _Listening, now: float) -> bool:
        pause = GRACE if listening.runs else SESSION_PAUSE
        return now > self._end(listening) + (pause if listening.reported else 0.0)

    def _position(self, listening: _Listening, now: float) -> Seconds:
        if not listening.runs:
            return listening.position
        passed = max(now - listening.at, 0.0) * listening.rate
        return listening.position + min(passed, self._rest(listening))


def _nearness(length: Seconds) -> Seconds:
    """Of the beginnings of two listenings of a track, below which they are one."""
    return min(RETRY, length / 2) if length > 0 else RETRY


def _is_again(ended: _Listening | None, track: TrackId, now: float) -> bool:
    """Whether the end of a listening is reported that has ended a moment ago."""
    return ended is not None and ended.track == track and now - ended.at < RETRY
