"""Plays that were gathered from a broker, as far as they count: what the database has not, of who did not erase it.

Three rules hold. Where both know a play, the database's record is taken. What a listener erased stays erased: gathered
plays count only from the time on before which all was erased last, whoever told them and whenever they came. And who
may be learnt of is asked of the household, as with plays of the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.core.home import Home
from indexer.core.plays import ListenerId, Named, Play, PlayContext, PlaySource
from indexer.core.store import Database
from indexer.core.tracks import TrackId
from indexer.history.matching import Matcher

if TYPE_CHECKING:
    import pyarrow as pa


class Streamed:
    """Gathered plays of all listeners; none where nothing was ever gathered."""

    def __init__(self, database: Database, home: Home) -> None:
        """Read the files; raises OSError, GatheredDamaged or DatabaseError."""
        self._database = database
        self._rows: dict[ListenerId, slice] = {}
        self._plays: pa.Table | None = None
        self._matcher: Matcher | None = None
        self._heirs: Mapping[TrackId, TrackId] = {}
        if (home.stream / "plays").is_dir():
            self._read(home)

    def __len__(self) -> int:
        """How many plays were gathered."""
        return 0 if self._plays is None else int(self._plays.num_rows)

    @property
    def listeners(self) -> set[ListenerId]:
        """Whose there are."""
        return set(self._rows)

    def beside(self, who: ListenerId, known: Iterable[Play]) -> Iterator[Play]:
        """The plays that the database knows of a listener, and those that were gathered besides; in no order."""
        gathered = self._rows.get(who)
        if gathered is None or self._plays is None:
            yield from known
            return
        ids = set()
        for play in known:
            ids.add(play.id)
            yield play
        for record in self._plays.slice(gathered.start, gathered.stop - gathered.start).to_pylist():
            if record["id"] not in ids:
                play = self._play(record)
                yield play if play.track is None else replace(play, track=self._heirs.get(play.track, play.track))

    def _read(self, home: Home) -> None:
        # Whoever never gathered anything need not load Arrow.
        from indexer.spark.stream.files import GatheredFiles  # noqa: PLC0415

        self._heirs = self._database.heirs.standing()
        self._plays = GatheredFiles(home).read(self._database.plays.erased())
        start = 0
        for run in self._plays.column("listener").combine_chunks().value_counts().to_pylist() if len(self) else ():
            self._rows[ListenerId(run["values"])] = slice(start, start + run["counts"])
            start += run["counts"]

    def _play(self, record: dict[str, Any]) -> Play:
        named = None if record["named"] is None else Named.of_record(json.loads(record["named"]))
        track = None if record["track"] is None else TrackId(record["track"])
        if track is None and named is not None:
            self._matcher = self._matcher or Matcher.of(self._database)
            track = self._matcher.find(named).track
        return Play(
            record["id"],
            record["at"],
            track=track,
            named=named,
            seconds_heard=record["seconds_heard"],
            seconds=record["seconds"],
            finished=record["finished"],
            skipped=record["skipped"],
            listener=ListenerId(record["listener"]),
            context=PlayContext(PlaySource(record["source"])),
        )
