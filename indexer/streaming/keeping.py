"""Puts what a batch of notes says into the database: each once however often it is told, and says what was new."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Note, NoteKind
from indexer.core.follow.orders import carry_out
from indexer.core.kafka.broker import Message
from indexer.core.plays import Impression, Opinion, Play
from indexer.core.store import Database
from indexer.core.store.faults import DatabaseFailed, NotTaken
from indexer.core.tracks import Seconds
from indexer.streaming.database import PatientDatabase

_log = logging.getLogger(__name__)

TRIES = 3
"""How often the database is told alone what it refuses, before that is set aside."""

_BETWEEN: Seconds = 0.2


class NoteRefused(SegueError):
    """The database does not take what a note says, and never will."""


Refused = dict[str, NoteRefused]


@dataclass(frozen=True)
class Kept:
    """What became of a batch.

    Attributes:
        notes: all of it, with the message of each.
        new: ids of plays that were not there before.
        refused: what the database refuses for good, by id.
        erased: ids of plays of before everything was erased.
    """

    notes: Sequence[tuple[Message, Note]]
    new: set[str]
    refused: Refused
    erased: frozenset[str]


class Keeping:
    """Puts one batch after the other into the database, in a thread of its own: whoever waits for it can do more.

    All of it is for one other thread.
    """

    def __init__(self, database: PatientDatabase) -> None:
        """Keep in this database, which nobody else asks."""
        self._database = database
        self._thread = ThreadPoolExecutor(1, "segue-keeping")
        self._kept: Future[Kept] | None = None

    def make_ready(self) -> None:
        """Have the database open by the time that the first batch comes."""
        self._thread.submit(self._database, lambda database: database.plays.erased())

    @property
    def is_busy(self) -> bool:
        """Whether a batch was begun whose end was not asked for yet."""
        return self._kept is not None

    def begin(self, notes: Sequence[tuple[Message, Note]]) -> None:
        """Begin with a batch; the one before has ended."""
        self._kept = self._thread.submit(_kept, notes, self._database)

    def ended(self, seconds: Seconds) -> Kept | None:
        """What became of the batch, waiting so long at the most; None while it goes on.

        Raises:
            Stopped: the process is to end, and not all of it may be there.
        """
        kept = self._kept
        if kept is None or not wait([kept], seconds).done:
            return None
        self._kept = None
        return kept.result()

    def forget(self) -> None:
        """Wait for the batch that was begun, and say nothing of it; whoever takes it again finds it in the database."""
        kept, self._kept = self._kept, None
        if kept is not None:
            wait([kept])

    def close(self) -> None:
        """End once the batch has, or the database was given up."""
        self._thread.shutdown(wait=True)
        self._database.close()


def without_erased(notes: Sequence[Note], database: PatientDatabase) -> list[Note]:
    """Notes without plays of before all that a listener played was erased: a topic has them for longer, maybe."""
    before = database(lambda database: database.plays.erased(), hears_no=True)
    return [note for note in notes if note.kind is not NoteKind.PLAY or _at(note) >= before.get(note.listener, 0.0)]


def keep(notes: Sequence[Note], database: PatientDatabase) -> tuple[set[str], Refused]:
    """Tell the database what notes say, in their order; news is told of all but plays.

    Args:
        notes: of one batch.
        database: that is waited for.

    Returns:
        The ids of plays that were not there before, and what it refuses for good, by id.

    Raises:
        Stopped: the process is to end, and not all of it may be there.
    """
    new: set[str] = set()
    refused: Refused = {}
    plays = [note for note in notes if note.kind is NoteKind.PLAY]
    _keep_all(plays, lambda some: new.update(database(partial(_plays, notes=some), hears_no=True)), refused)
    opinions = [note for note in notes if note.kind is NoteKind.OPINION]
    _keep_all(opinions, lambda some: database(partial(_opinions, notes=some), hears_no=True), refused)
    shown = [note for note in notes if note.kind is NoteKind.IMPRESSION]
    _keep_all(shown, lambda some: database(partial(_impressions, notes=some), hears_no=True), refused)
    for note in notes:
        if note.kind in {NoteKind.HIDE, NoteKind.RESTORE}:
            _keep_all([note], lambda some: database(partial(carry_out, note=some[0]), hears_no=True), refused)
    return new, refused


def _kept(notes: Sequence[tuple[Message, Note]], database: PatientDatabase) -> Kept:
    told = without_erased([note for _, note in notes], database)
    new, refused = keep(told, database)
    return Kept(notes, new, refused, frozenset(note.id for _, note in notes) - {note.id for note in told})


def _keep_all(notes: Sequence[Note], tell: Callable[[Sequence[Note]], Any], refused: Refused) -> None:
    """All together; where that is refused, each alone."""
    if len(notes) > 1:
        try:
            tell(notes)
        except (NotTaken, DatabaseFailed, ValueError, TypeError, OverflowError) as error:
            _log.info("not taken together: %s", _reason(error))
        else:
            return
    for note in notes:
        _keep_one(note, tell, refused)


def _keep_one(note: Note, tell: Callable[[Sequence[Note]], Any], refused: Refused) -> None:
    for left in reversed(range(TRIES)):
        try:
            tell([note])
        except (NotTaken, DatabaseFailed, ValueError, TypeError, OverflowError) as error:
            if left and isinstance(error, DatabaseFailed):
                time.sleep(_BETWEEN)
                continue
            refused[note.id] = NoteRefused("event-refused", reason=_reason(error))
        return


def _plays(database: Database, notes: Sequence[Note]) -> set[str]:
    return database.plays.record(Play.of_record(note.id, note.content) for note in notes)


def _opinions(database: Database, notes: Sequence[Note]) -> None:
    database.opinions.save(Opinion.of_record(note.content) for note in notes)


def _impressions(database: Database, notes: Sequence[Note]) -> None:
    database.impressions.add(Impression.of_record(note.id, note.content) for note in notes)


def _at(note: Note) -> float:
    return float(note.content["at"])


def _reason(error: Exception) -> str:
    return error.english if isinstance(error, SegueError) else type(error).__name__
