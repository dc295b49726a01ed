"""The process that takes what is played: into the database, and out again as lists, each before its event is done."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Sequence

from indexer.core.errors import SegueError
from indexer.core.files.redaction import nameless
from indexer.core.follow.journal import Note, NoteKind
from indexer.core.home import Home
from indexer.core.kafka.address import EVENTS, Address
from indexer.core.kafka.broker import Inlet, KafkaAway, KafkaLost, Message, Place, make_topics
from indexer.core.kafka.events import MessageRefused, dead_message, list_message, note_of
from indexer.core.plays import ListenerId, Play
from indexer.core.store.records import Matter
from indexer.core.taste.live import LiveList
from indexer.core.tracks import Seconds
from indexer.streaming.database import PatientDatabase, Stopped
from indexer.streaming.figures import Figures
from indexer.streaming.held import Held
from indexer.streaming.keeping import Keeping
from indexer.streaming.library import FollowedLibrary
from indexer.streaming.outgoing import Outgoing, Parcel
from indexer.streaming.progress import Event, Progress
from indexer.streaming.refreshing import Maker, Queue, Waiting

_log = logging.getLogger(__name__)

AT_ONCE = 2_000
"""Events of a batch: a third of a second's work for the database, so that lists are made for as long."""

REFRESHING: Seconds = 0.2
"""Between two looks at what else was played."""

TOGETHER = 16
"""Listeners whose lists are made at once: more of them save little more."""

MOST_OPEN = 100_000
"""Events whose lists are not out: with more, no others are taken until these are fewer."""

TOLD_EVERY: Seconds = 0.5
"""Until the broker is told how far this is."""

NEWS_EVERY: Seconds = 0.2
"""Until other programs are told again that there are plays: who is told a list waits for them."""

_NEWS_LATEST: Seconds = 10.0
_NEWS_SHARE = 20
"""To tell of a thousand listeners takes the database a quarter of a second: it may be one of so many seconds."""

_IDLE: Seconds = 0.2
_BUSY: Seconds = 0.005
_SOON: Seconds = 0.02
_RETRY: Seconds = 0.5
_GOODBYE: Seconds = 5.0
_MAYBE_NEW: Seconds = 15.0
"""After places were given, in which a play that is there may be one that a process took that was ended before it
told anybody."""


def group_of(address: Address) -> str:
    """What the group of all processes is called at the broker."""
    return f"{address.prefix}-plays"


class Consumer:
    """One of the processes that share the work; for one thread, but for `stop`."""

    def __init__(self, home: Home, address: Address) -> None:
        """Raises KafkaMissing or KafkaAway, where what is set cannot be."""
        self._address = address
        self._stopping = threading.Event()
        self._progress = Progress()
        self._queue = Queue()
        self._held = Held()
        self._library = FollowedLibrary(home, self._held)
        self._database = PatientDatabase(home, self._pause)
        self._keeping = Keeping(PatientDatabase(home, self._pause))
        self._maker = Maker(home, self._held, self._library, self._database)
        self._outgoing = Outgoing(address)
        self._figures = Figures(home)
        self._inlet: Inlet | None = None
        self._places: frozenset[Place] = frozenset()
        self._before: frozenset[Place] = frozenset()
        self._given_at = 0.0
        self._news: set[ListenerId] = set()
        self._told_at = self._news_at = 0.0
        self._trouble = ""

    def stop(self) -> None:
        """End soon; from any thread or a handler of signals."""
        self._stopping.set()

    def run(self) -> None:
        """Take until told to stop.

        Raises:
            KafkaMissing: the client is not installed.
        """
        self._library.start()
        self._keeping.make_ready()
        try:
            while not self._stopping.is_set():
                try:
                    make_topics(self._address)
                    inlet = self._inlet = Inlet(self._address, EVENTS, group_of(self._address))
                    inlet.join(given=self._on_given, taken=self._on_taken)
                    self._take(inlet)
                except KafkaAway as error:
                    self._complain(error)
                    self._leave(lost=True)
                    self._stopping.wait(_RETRY)
                except Stopped:
                    break
        finally:
            self._end()

    def _take(self, inlet: Inlet) -> None:
        """Take until told to stop, or until the broker cannot be worked with as it is."""
        while not self._stopping.is_set():
            self._library.take_in()
            if self._library.is_read:
                self._maker.make_ready()
            if len(self._progress) < MOST_OPEN:
                self._receive(inlet)
            self._outgoing.work(0.0)
            self._tell_news()  # before the list, so that who is told that reads the play with it
            self._refresh()
            self._tell_how_far()
            self._show()

    def _receive(self, inlet: Inlet) -> None:
        """Take the next batch once the one before is in the database; lists are made meanwhile."""
        if self._keeping.is_busy and not self._take_kept():
            return
        busy = len(self._outgoing) or (len(self._queue) and self._library.is_read)
        try:
            messages = inlet.receive(AT_ONCE, _BUSY if busy else _IDLE)
        except KafkaAway as error:
            self._complain(error)
            make_topics(self._address)
            return
        if inlet.is_lost:  # a broker that was killed may give offsets that were taken to other events
            raise KafkaLost("kafka-lost", address=str(self._address))
        if messages:
            self._relieve()
            self._keep(messages)

    # What comes in

    def _keep(self, messages: Sequence[Message]) -> None:
        """Put what a batch says into the database, bury what says nothing, and see whose lists may be others."""
        understood: list[tuple[Message, Note]] = []
        now = time.monotonic()
        for message in messages:
            self._progress.take(_event(message), now)
            try:
                understood.append((message, _note(message)))
            except MessageRefused as error:
                self._bury(message, error)
        self._keeping.begin(understood)
        self._take_kept()

    def _take_kept(self) -> bool:
        """Count the batch that is in the database by now; whether it is."""
        kept = self._keeping.ended(_SOON)
        if kept is None:
            return False
        new = kept.new
        for message, note in kept.notes:
            if note.id in kept.erased:
                self._progress.finish([_event(message)])
            elif note.id in kept.refused:
                self._bury(message, kept.refused[note.id])
            else:
                self._count(message, note, is_new=note.id in new)
                new.discard(note.id)  # told twice in one batch, the second time it is known
        return True

    def _count(self, message: Message, note: Note, *, is_new: bool) -> None:
        self._figures.counts.taken += 1
        if note.kind is NoteKind.PLAY:
            waits = self._count_play(Play.of_record(note.id, note.content), is_new=is_new)
        else:
            waits = note.kind is not NoteKind.IMPRESSION
            self._held.hear_opinions([note.listener] if note.kind is NoteKind.OPINION else [])
        if waits:
            self._queue.add(note.listener, _event(message), message.at, note.id)
        else:
            self._progress.finish([_event(message)])

    def _count_play(self, play: Play, *, is_new: bool) -> bool:
        """Whether the list of its listener may be another for a play."""
        counts = self._figures.counts
        counts.new, counts.known = counts.new + is_new, counts.known + (not is_new)
        if is_new:
            self._maker.count(play)
        if is_new or time.monotonic() - self._given_at < _MAYBE_NEW:
            self._news.add(play.listener)
        return is_new or not self._maker.knows(play)

    def _bury(self, message: Message, error: SegueError) -> None:
        """Set a message aside with the reason, for a person to look at."""
        _log.warning("refused: %s of %s: %s", message.offset, message.place.topic.value, error.code)
        self._figures.counts.refused += 1
        written, event = dead_message(message, error), _event(message)

        def lost(confirmed: bool) -> None:
            self._outgoing.send(Parcel(written, (lambda: None) if confirmed else arrived, lost))

        def arrived() -> None:
            self._progress.finish([event])

        self._outgoing.send(Parcel(written, arrived, lost))

    # What goes out

    def _refresh(self) -> None:
        """Make lists for a while, of those who wait longest."""
        until = time.monotonic() + REFRESHING
        while len(self._queue) and self._library.is_read and not self._outgoing.is_full:
            some = self._queue.next(TOGETHER)
            made = self._maker.lists((who, waiting.after) for who, waiting in some)
            for (who, waiting), each in zip(some, made, strict=True):
                self._send(who, waiting, each)
            self._outgoing.work(0.0)
            if time.monotonic() >= until or self._stopping.is_set():
                return

    def _send(self, who: ListenerId, waiting: Waiting, made: LiveList | None) -> None:
        if made is None:  # too little is known to tell anybody anything
            self._progress.finish(waiting.events)
            return

        def arrived() -> None:
            self._progress.finish(waiting.events)
            self._figures.arrived(waiting.told_at)

        def lost(confirmed: bool) -> None:
            self._queue.again(who, Waiting(after=waiting.after) if confirmed else waiting)

        self._outgoing.send(Parcel(list_message(made), arrived, lost))

    def _tell_news(self, *, at_once: bool = False) -> None:
        """Tell other programs whose plays are others."""
        began = time.monotonic()
        if self._news and (at_once or began >= self._news_at):
            news, self._news = self._news, set()
            self._database(lambda database: database.news.tell_many(Matter.PLAYS, news))
            took = time.monotonic() - began
            self._news_at = began + min(max(NEWS_EVERY, _NEWS_SHARE * took), _NEWS_LATEST)

    def _tell_how_far(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._told_at >= TOLD_EVERY:
            self._told_at = now
            self._commit()

    def _commit(self) -> None:
        reached = self._progress.reached(time.monotonic())
        if reached and self._inlet is not None:
            try:
                self._inlet.commit(reached)
            except KafkaAway as error:
                _log.info("how far this is could not be told: %s", nameless(error.english))
            else:
                self._progress.told(reached)

    # Who shares the work

    def _on_given(self, places: list[Place]) -> None:
        """Others may have had them, and counted what is not in memory here."""
        self._places |= frozenset(places)
        if self._places != self._before:
            self._held.clear()
        self._given_at = time.monotonic()
        _log.info("this process has %d places", len(self._places))

    def _on_taken(self, places: list[Place]) -> None:
        """Say what is done of them, and forget the rest: whoever gets them takes it again."""
        self._before = self._places
        self._commit()
        self._places -= frozenset(places)
        self._progress.forget(places)
        self._queue.forget(frozenset(places))

    def _leave(self, *, lost: bool = False) -> None:
        """Leave the group; whoever takes over begins where all was done and settled."""
        self._keeping.forget()  # its offsets may be those of other events by the time that this has places again
        if self._inlet is not None:
            if not lost:
                self._commit()
            inlet, self._inlet = self._inlet, None
            inlet.close()
        self._on_taken(list(self._places))

    def _end(self) -> None:
        """Have out what is on its way, say how far this is, and leave the work to the others."""
        self._outgoing.settle(_GOODBYE)
        with contextlib.suppress(Stopped):
            self._tell_news(at_once=True)
            self._tell_how_far(at_once=True)
        self._leave()
        self._outgoing.close()
        self._library.stop()
        self._keeping.close()
        self._database.close()
        self._figures.close()

    def _show(self) -> None:
        if not self._figures.are_due:
            return
        model = self._maker.source.now()[1]
        self._figures.show(
            listeners=len(self._held),
            held_plays=self._held.plays,
            waiting=len(self._queue),
            open=len(self._progress),
            places=len(self._places),
            is_ready=self._library.is_read,
            model="" if model is None else model.version,
        )

    def _pause(self, seconds: Seconds) -> bool:
        return not self._stopping.wait(seconds)

    def _complain(self, error: SegueError) -> None:
        if isinstance(error, KafkaLost):
            _log.info("broker: %s", error.code)
        elif error.code != self._trouble and not self._stopping.is_set():
            self._trouble = error.code
            _log.warning("broker: %s: %s", error.code, nameless(error.english))

    def _relieve(self) -> None:
        if self._trouble:
            self._trouble = ""
            _log.warning("the broker answers again")


def _event(message: Message) -> Event:
    return message.place, message.offset


def _note(message: Message) -> Note:
    note = note_of(message)
    try:
        note.listener.encode()
    except UnicodeEncodeError as error:
        raise MessageRefused("event-incomplete", kind=note.kind.value, field="listener") from error
    return note
