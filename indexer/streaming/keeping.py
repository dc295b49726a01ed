"""Puts what a batch of notes says into the database: each once however often it is told, and says what was new."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from indexer.core.errors import SegueError
from indexer.core.follow.journal import Note, NoteKind
from indexer.core.follow.orders import carry_out
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
