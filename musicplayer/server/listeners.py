"""Listeners as the server knows them: what each played, said and hides, read once and true from then on."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Note, NoteKind
from indexer.core.plays import ListenerId, Opinion, Play, Thumb
from indexer.core.store.records import Matter
from indexer.core.taste.leading import is_of_today
from indexer.core.taste.live import LiveList
from indexer.core.taste.recommending import Known, Recommendations, Stock
from indexer.core.tracks import Seconds, TrackId
from musicplayer.server.client_plays import ClientPlays, Playing, Report
from musicplayer.server.library import ANSWER_SECONDS, DatabaseAway
from musicplayer.server.tastes import ListenerTaste, Tastes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from indexer.core.discover.more_like import MoreLike
    from indexer.core.home import Home
    from indexer.core.store import Database
    from indexer.core.store.records import News
    from indexer.core.taste.model import Reason
    from musicplayer.server.library import SharedLibrary

MOST_LISTENERS = 32
"""Whose plays are held in memory; of more, who asked longest ago is read again when they ask."""

MOST_PLAYS = 300_000
"""Of all listeners in memory together, at half a kilobyte each."""

_READING_SECONDS: Seconds = 60.0
"""That a long history may take."""

_HEAR_SECONDS: Seconds = 0.5
"""That a list waits for the plays that it counts, so that pages ask once for both."""

_RECENT = 2_000
"""Plays among which one that is told again is looked for; the database finds it among all."""

_STEP: Seconds = 1e-3
"""Between two opinions of one track, of which the later one holds."""

_MATTERS = {Matter.PLAYS: "plays", Matter.OPINIONS: "opinions", Matter.HIDDEN: "opinions"}
"""What is held here, and what it is called where it is told of."""

Tell = Callable[[str, ListenerId], None]


@dataclass(frozen=True)
class Record:
    """What the database knows of a listener; `said` has the opinions that say nothing any more, too."""

    history: list[Play]
    said: dict[TrackId, Opinion]
    hidden: dict[TrackId, frozenset[TrackId]]


class ListenerState:
    """One listener; for the thread of the event loop.

    What is said here is true at once, and told to the database through the journal of the library. All of it is of
    this listener, whoever a play or an opinion says that it is of.

    Attributes:
        id: who.
        plays: how often each track was played so far that it counts.
        last_played: when each was last heard, however briefly, seconds since 1970.
        opinions: by track; what says nothing is left out.
        hidden: by seed.
        history: plays, the oldest first, but for those that came late.
        is_read: the database told what it knows; until then all of this is what the journal has.
        taste: what is recommended.
        live: the list that was told last of this listener; None where there is none.
    """

    def __init__(self, who: ListenerId, library: SharedLibrary, tastes: Tastes, tell: Tell) -> None:
        """Know nothing yet; `tell` is told of "plays", "opinions" and "foryou" where these are others."""
        self.id = who
        self.plays: dict[TrackId, int] = {}
        self.last_played: dict[TrackId, float] = {}
        self.opinions: dict[TrackId, Opinion] = {}
        self.hidden: dict[TrackId, frozenset[TrackId]] = {}
        self.history: list[Play] = []
        self.is_read = False
        self.live: LiveList | None = None
        self.taste = ListenerTaste(tastes, self._known)
        self._library = library
        self._tell = tell
        self._said_at: dict[TrackId, float] = {}
        self._unwritten: dict[str, Play] = {}
        self._clients = ClientPlays(who, self._length_of, lambda: self.history[-_RECENT:])

    def take(self, record: Record) -> None:
        """Take up what the database knows, in place of all that was known."""
        self.is_read = True
        self.history = record.history
        self.opinions = {track: said for track, said in record.said.items() if not said.is_empty}
        self._said_at = {track: said.at for track, said in record.said.items()}
        self.hidden = dict(record.hidden)
        self.plays, self.last_played = {}, {}
        for play in record.history:
            self._count(play)
        self.taste.touch(anew=True)

    def catch_up(self, notes: Iterable[Note]) -> None:
        """Take up what the journal has of this listener, which the database may know or not."""
        own = [note for note in notes if note.listener == self.id]
        known = {play.id for play in self.history} if own else set()
        for note in own:
            if note.kind is NoteKind.PLAY and note.id not in known:
                self._append(Play.of_record(note.id, note.content))
            elif note.kind is NoteKind.OPINION:
                self._hear(Opinion.of_record(note.content))
            elif note.kind in {NoteKind.HIDE, NoteKind.RESTORE}:
                self._put_away(note.content["seeds"], note.content["tracks"], hidden=note.kind is NoteKind.HIDE)

    def take_live(self, made: LiveList | None) -> None:
        """Take up a list that was told of this listener."""
        if made is not self.live:
            self.live = made
            self.taste.touch()

    def most_played_first(self, rows: Iterable[int]) -> list[int]:
        """Rows of the catalogue by how often this listener played their tracks; equals stay as given."""
        id_at = self._library.catalogue.id_at
        return sorted(rows, key=lambda row: -self.plays.get(id_at(row), 0))

    def dislikes(self, track: TrackId) -> bool:
        """Whether the thumb of this listener is down on a track."""
        said = self.opinions.get(track)
        return said is not None and said.thumb is Thumb.DOWN

    # What the listener does

    def note_play(self, play: Play) -> bool:
        """Count a play; returns False for one that was told before.

        Raises:
            SegueError: it cannot be written down; see `SharedLibrary.keep`. It counts for as long as the server lives,
                and is to be told again.
        """
        unwritten = self._unwritten.get(play.id)
        if unwritten is None:
            play = self._clients.with_session(replace(play, listener=self.id))
            if any(known.id == play.id for known in self.history[-_RECENT:]):
                return False
            self._append(play)
            self._changed("plays")
        self._write(unwritten or play)
        return unwritten is None

    def time_to_say(self, track: TrackId) -> float:
        """When something is said now, seconds since 1970: after all that was said, also by a clock that is ahead."""
        return max(time.time(), self._said_at.get(track, 0.0) + _STEP)

    def say(self, opinion: Opinion) -> None:
        """Keep an opinion, which takes the place of one that is not later; after a later one nothing is changed.

        Raises:
            SegueError: as for `note_play`.
            DatabaseAway: what was thought of the track before is not known yet, and would be lost.
        """
        self._must_be_read()
        opinion = replace(opinion, listener=self.id)
        if not self._hear(opinion):
            return
        self._changed("opinions")
        self._library.keep(Note(NoteKind.OPINION, opinion.as_record()))

    def hide(
        self, seeds: Sequence[TrackId], tracks: Sequence[TrackId], *, hidden: bool = True, at: float | None = None
    ) -> None:
        """Show tracks no more for these seeds, since a time or now, or again; raises what `note_play` does."""
        self._put_away(seeds, tracks, hidden=hidden)
        self._changed("opinions")
        said = {"seeds": list(seeds), "tracks": list(tracks), "listener": self.id}
        kind = NoteKind.HIDE if hidden else NoteKind.RESTORE
        self._library.keep(Note(kind, said | ({"at": time.time() if at is None else at} if hidden else {})))

    # What the listener's clients say

    def playing(self) -> list[Playing]:
        """What the clients of this listener play now, the latest first."""
        return self._clients.playing()

    def begin(self, track: TrackId, client: str) -> None:
        """A client begins to play a track."""
        self._note_all(self._clients.begin(track, client))

    def submit(self, track: TrackId, client: str, at: float | None = None) -> None:
        """A client has played a track, at a time in seconds since 1970, or now."""
        self._note_all(self._clients.submit(track, client, at))

    def report(
        self, track: TrackId, client: str, report: Report, position: Seconds, *, rate: float = 1.0, counts: bool = True
    ) -> None:
        """A client says what it does with a track, and where in it; see `ClientPlays.report`."""
        self._note_all(self._clients.report(track, client, report, position, rate=rate, counts=counts))

    # What is recommended

    async def recommendations(self) -> Recommendations:
        """The page of now, made anew only where something changed; raises DatabaseAway where nothing is known yet."""
        self._must_be_read()
        return await self.taste.recommendations()

    async def liking(self, tracks: Sequence[TrackId]) -> NDArray[np.float32] | None:
        """How much the listener would like each of these, shape (n,), in spreads of all; None while nobody knows."""
        return await self.taste.liking(tracks)

    async def explain(self, track: TrackId) -> Reason | None:
        """Why a track is recommended; None where nobody knows."""
        return await self.taste.explain(track)

    def _known(self, stock: Stock) -> Known:
        return Known(tuple(self.history), dict(self.opinions), dict(self.hidden), stock, self.id, self.live)

    def _length_of(self, track: TrackId) -> Seconds:
        known = self._library.track(track)
        return (known.seconds if known else None) or 0.0

    def _note_all(self, plays: Sequence[Play]) -> None:
        with ExitStack() as all_of_them:  # also where one cannot be written down; what is last on the stack is first
            for play in reversed(plays):
                all_of_them.callback(self.note_play, play)

    def _must_be_read(self) -> None:
        if not self.is_read:
            raise DatabaseAway("server-database-away")

    def _write(self, play: Play) -> None:
        self._unwritten[play.id] = play
        self._library.keep(Note(NoteKind.PLAY, play.as_record(), play.id))
        del self._unwritten[play.id]

    def _append(self, play: Play) -> None:
        self.history.append(play)
        self._count(play)

    def _count(self, play: Play) -> None:
        track = play.track
        if track is not None:
            if play.finished:
                self.plays[track] = self.plays.get(track, 0) + 1
            self.last_played[track] = max(play.at, self.last_played.get(track, play.at))

    def _hear(self, opinion: Opinion) -> bool:
        """Take an opinion up unless a later one is known; whether it is the one that holds."""
        if self._said_at.get(opinion.track, opinion.at) > opinion.at:
            return False
        self._said_at[opinion.track] = opinion.at
        self.opinions.pop(opinion.track, None)
        if not opinion.is_empty:
            self.opinions[opinion.track] = opinion
        return True

    def _put_away(self, seeds: Iterable[TrackId], tracks: Sequence[TrackId], *, hidden: bool) -> None:
        for seed in seeds:
            before = self.hidden.get(seed, frozenset())
            self.hidden[seed] = before | frozenset(tracks) - {seed} if hidden else before - frozenset(tracks)

    def _changed(self, kind: str) -> None:
        self.taste.touch()
        self._tell(kind, self.id)
        self._tell("foryou", self.id)


class Listeners:
    """Those who ask, each by themselves; for the thread of the event loop.

    Attributes:
        tastes: what their recommendations are made with.
    """

    def __init__(
        self, home: Home, library: SharedLibrary, more_like: MoreLike, tell: Tell = lambda _kind, _who: None
    ) -> None:
        """Of a home and its library; `tell` is told what of whom is other than before."""
        self.tastes = Tastes(home, more_like)
        self._library = library
        self._tell = tell
        self._states: OrderedDict[ListenerId, ListenerState] = OrderedDict()
        self._outdated: set[ListenerId] = set()
        self._live: dict[ListenerId, LiveList] = {}
        self._unshown: set[ListenerId] = set()
        self._hearing: asyncio.Task[None] | None = None
        self._reading: dict[ListenerId, asyncio.Lock] = {}
        library.on_news.append(self._on_news)
        library.on_gap.append(self._read_again)

    def __len__(self) -> int:
        """How many are held in memory."""
        return len(self._states)

    async def of(self, who: ListenerId) -> ListenerState:
        """A listener as they are now; read from the database if they are not known.

        While that is away, one who is not known from before has what the journal knows, and is read when it is back.

        Raises:
            SegueError: it refuses.
        """
        async with self._reading.setdefault(who, asyncio.Lock()):
            state = self._states.get(who)
            if state is None or (who in self._outdated and self._library.is_connected):
                state = await self._read(who, state)
        self._states[who] = state
        self._states.move_to_end(who)
        self._forget_some()
        return state

    def live_of(self, who: ListenerId) -> LiveList | None:
        """What was told last of a listener, while that is of today."""
        made = self._live.get(who)
        return made if made is not None and is_of_today(made, time.time()) else None

    def take_live(self, made: LiveList) -> None:
        """A listener was told a list, by a program that may know of plays that are not known here yet."""
        before = self._live.get(made.listener)
        if before is not None and made.at < before.at:
            return
        self._live[made.listener] = made
        if made.listener in self._states:
            self._states[made.listener].take_live(made)
        self._unshown.add(made.listener)
        if self._hearing is None:
            self._hearing = asyncio.create_task(self._hear())

    def forget(self, who: ListenerId) -> None:
        """Hold nothing of a listener in memory."""
        self._states.pop(who, None)
        self._outdated.discard(who)

    async def _hear(self) -> None:
        """Learn which plays and opinions the lists count, if the database says so at once, and say that lists came."""
        try:
            with suppress(SegueError):
                await self._library.hear(wait=_HEAR_SECONDS)
        finally:
            self._hearing = None
        unshown, self._unshown = self._unshown, set()
        for who in unshown:
            self._tell("foryou", who)

    def _on_news(self, news: Iterable[News]) -> None:
        """Another program, the desktop for one, wrote something of listeners: those who are known are read again."""
        for who, matter in news:
            if who in self._states and matter in _MATTERS:
                self._outdated.add(who)
                self._tell(_MATTERS[matter], who)
                if who not in self._unshown:  # of whom a list came, which is told of in a moment
                    self._tell("foryou", who)

    def _read_again(self) -> None:
        """There may be anything in the database: what is held counts until it is asked for."""
        self._outdated.update(self._states)

    async def _read(self, who: ListenerId, state: ListenerState | None) -> ListenerState:
        """Read a listener, and what the journal had to tell when that began: the database may not have it yet."""
        self._outdated.discard(who)
        waiting = self._library.open_notes()
        wait = _READING_SECONDS if self._library.is_connected else ANSWER_SECONDS
        try:
            record = await self._library.ask(partial(_record_of, who=who), wait=wait)
        except SegueError as error:
            if state is None and not isinstance(error, DatabaseAway):
                raise
            self._outdated.add(who)
            if state is None:
                state = ListenerState(who, self._library, self.tastes, self._tell)
                state.catch_up(self._library.open_notes())
            return state
        if state is None:
            state = ListenerState(who, self._library, self.tastes, self._tell)
        state.take(record)
        state.take_live(self._live.get(who))
        state.catch_up({note.id: note for note in (*waiting, *self._library.open_notes())}.values())
        return state

    def _forget_some(self) -> None:
        """Let those go who asked longest ago, first of all those who play nothing now."""
        while len(self._states) > 1 and (
            len(self._states) > MOST_LISTENERS
            or sum(len(state.history) for state in self._states.values()) > MOST_PLAYS
        ):
            *others, _ = self._states.values()
            self.forget(next((state.id for state in others if not state.playing()), others[0].id))


def _record_of(database: Database, who: ListenerId) -> Record:
    return Record(list(database.plays.of(who)), database.opinions.said(who), database.feedback.hidden(who))
