"""Reads the libraries of Clementine and Strawberry, which are SQLite databases, while these may be running."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from indexer.core.plays import Tally
from indexer.history.reading import Found, HistoryUnreadable, Refused, Source, Teller, told
from indexer.history.values import count_of, named_of, number_of, stars_of

CLIENT = "clementine"

_PATIENCE_SECONDS = 10.0
"""How long the other program may keep its database to itself: it does so while it writes."""

_NEEDED = frozenset({"title", "artist", "playcount"})
_WANTED = ("title", "artist", "album", "playcount", "skipcount", "rating", "lastplayed", "length", "length_nanosec",
           "musicbrainz_recording_id", "musicbrainz_artist_id")  # fmt: skip
_ROWS = 1_000


def read(source: Source, teller: Teller) -> Iterator[Found]:
    """A tally for each song that was played, skipped or rated; the number of a row stands for a line.

    Tables of services within the player, Subsonic for one, have the same columns and are read, too. Nothing is ever
    written: neither to the database nor beside it.

    Raises:
        HistoryUnreadable: it is no such database, or another program keeps it to itself.

    Source: data/schema/schema.sql of Strawberry, data/schema of Clementine: ratings from 0 to 1 or -1, lengths in
    nanoseconds.
    """
    row = 0
    try:
        with _opened(source) as database:
            for table, columns in _tables(database):
                names = ", ".join(f'"{name}"' for name in columns)
                cursor = database.execute(f'SELECT {names} FROM "{table}"')  # noqa: S608 - names of the schema
                while rows := cursor.fetchmany(_ROWS):
                    for values in rows:
                        row += 1
                        said = dict(zip(columns, values, strict=True))
                        yield told(row, lambda said=said: _tally(said, teller))  # type: ignore[misc]
    except sqlite3.OperationalError as error:
        raise HistoryUnreadable("history-busy", file=source.name, reason=str(error)) from error
    except sqlite3.Error:
        yield Refused(row + 1, "history-damaged")


@contextmanager
def _opened(source: Source) -> Iterator[sqlite3.Connection]:
    if source.path is not None:
        with closing(_connection(source.path)) as database:
            yield database
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "library.db"
        with source.open() as stream, copy.open("wb") as file:
            shutil.copyfileobj(stream, file)
        with closing(_connection(copy)) as database:
            yield database


def _connection(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_SECONDS)
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    return database


def _tables(database: sqlite3.Connection) -> list[tuple[str, Sequence[str]]]:
    """Tables of songs with the columns that are wanted of them."""
    names = [str(name) for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: list[tuple[str, Sequence[str]]] = []
    for name in names:
        if '"' in name:
            continue
        columns = {str(each[1]).lower() for each in database.execute(f'PRAGMA table_info("{name}")')}
        if columns >= _NEEDED:
            found.append((name, [each for each in _WANTED if each in columns]))
    return found


def _tally(said: dict[str, Any], teller: Teller) -> Tally:
    nanoseconds = number_of(said.get("length_nanosec") or said.get("length"))
    named = named_of(
        said.get("artist"),
        said.get("title"),
        album=said.get("album"),
        mbid=said.get("musicbrainz_recording_id"),
        artist_mbid=said.get("musicbrainz_artist_id"),
        seconds=None if nanoseconds is None else nanoseconds / 1e9,
    )
    return teller.tally(
        named,
        count_of(said.get("playcount")),
        skips=count_of(said.get("skipcount")),
        last_at=number_of(said.get("lastplayed")),
        rating=stars_of(number_of(said.get("rating")), of=1.0),
    )
