"""Brings the database up to what a scan found, in batches that can be cut off anywhere without harm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from itertools import islice
from pathlib import Path

from indexer.audio_errors import AudioError, UnreadableFile
from indexer.library import FileRecord, Problem, Track, TrackId, TrackState
from indexer.scanning.plan import Plan
from indexer.scanning.reading import Reading
from indexer.scanning.walk import FoundFile
from indexer.store import Database

_BATCH = 1000
"""Tracks asked for at once when states are settled."""


class Place(Enum):
    """What is known about a file of a track."""

    HERE = auto()
    AWAY = auto()  # its folder or drive is not there, or it cannot be opened
    LOST = auto()  # its folder is there and the file, or what it held, is not
    UNREAD = auto()  # it changed and has not been read yet


class Ledger:
    """Knows which files hold which track, and writes what changes.

    Tracks are always written before the files that name them, and file records are the last thing to be forgotten:
    whatever a killed scan left undone looks new or missing to the next one.

    Attributes:
        new: files never seen before, copies of known tracks among them.
        changed: files whose bytes or times changed.
        moved: files of known tracks at a new place, the old one being empty.
    """

    def __init__(self, database: Database, plan: Plan, records: Mapping[str, FileRecord]) -> None:
        self.new = self.changed = self.moved = 0
        self._database = database
        self._records = dict(records)
        self._holders: defaultdict[TrackId, set[str]] = defaultdict(set)
        for record in records.values():
            self._holders[record.track].add(record.path)
        self._places = {
            **{record.path: Place.HERE for record in plan.unchanged},
            **{file.path: Place.UNREAD for file in plan.to_read},
            **{record.path: Place.AWAY for record in plan.away},
            **{record.path: Place.LOST for record in plan.lost},
        }
        self._unchanged = {record.track for record in plan.unchanged}
        self._touched = {record.track for record in (*plan.away, *plan.lost)}
        self._gone: set[TrackId] = set()
        self._away: set[TrackId] = set()

    @property
    def gone(self) -> int:
        """Tracks that have no file any more since this scan."""
        return len(self._gone)

    @property
    def away(self) -> int:
        """Tracks whose files cannot be seen now."""
        return len(self._away)

    def take(self, readings: Sequence[Reading]) -> list[Problem]:
        """Write one batch of files that were opened; returns the problems among them.

        Raises:
            DatabaseError: the database failed; the next scan does what this one did not.
        """
        read = [(reading.track, reading.record) for reading in readings if reading.track and reading.record]
        existing = self._database.tracks.get([track.id for track, _ in read])
        fresh: dict[TrackId, Track] = {}
        displaced: set[TrackId] = set()
        for track, record in read:
            self._count(track, record, existing.get(track.id))
            if not self._has_main_file(track.id, fresh.get(track.id) or existing.get(track.id), besides=record.path):
                fresh[track.id] = track
            displaced |= self._hold(record)
        problems = [self._reject(reading.file, reading.error) for reading in readings if reading.error]
        self._database.tracks.upsert(fresh.values())
        self._restate(displaced)
        self._database.files.upsert([record for _, record in read])
        self._database.problems.put(problems)
        return problems

    def settle(self) -> None:
        """Give every track its state after all files were seen, and forget the files that are no more.

        Raises:
            DatabaseError: as for `take`.
        """
        absent = self._database.tracks.ids((TrackState.AWAY, TrackState.GONE))
        self._restate(self._touched | (absent & self._unchanged))
        lost = [path for path in self._records if self._places.get(path) is Place.LOST]
        self._database.files.remove(lost)

    def _count(self, track: Track, record: FileRecord, known: Track | None) -> None:
        places = self._places_of(track.id, besides=record.path)
        if record.path in self._records:
            self.changed += 1
        elif Place.HERE in places or Place.AWAY in places or known is None or known.path == record.path:
            self.new += 1
        else:
            self.moved += 1

    def _has_main_file(self, track: TrackId, known: Track | None, *, besides: str) -> bool:
        """Whether a track is already known by another file, which is there: then a copy changes nothing about it."""
        if known is None or known.path == besides or known.path not in self._holders.get(track, ()):
            return False
        return self._place(known.path) is Place.HERE

    def _hold(self, record: FileRecord) -> set[TrackId]:
        """Note which track a file holds now; returns the track that it held before, if that is another one."""
        before = self._records.get(record.path)
        self._records[record.path] = record
        self._places[record.path] = Place.HERE
        self._holders[record.track].add(record.path)
        self._gone.discard(record.track)
        if before is None or before.track == record.track:
            return set()
        self._holders[before.track].discard(record.path)
        return {before.track}

    def _reject(self, file: FoundFile, error: AudioError) -> Problem:
        """Note that a file holds no track: it cannot be seen, or it is no music any more."""
        if file.path in self._records:
            self._touched.add(self._records[file.path].track)
        self._places[file.path] = Place.AWAY if isinstance(error, UnreadableFile) else Place.LOST
        return error.problem(size=file.size, mtime_ns=file.mtime_ns)

    def _restate(self, tracks: Iterable[TrackId]) -> None:
        """Write the states of `tracks` that are not what their files say."""
        waiting = iter(tracks)
        while batch := list(islice(waiting, _BATCH)):
            states: dict[TrackState, list[TrackId]] = {state: [] for state in TrackState}
            repointed = []
            for track in self._database.tracks.get(batch).values():
                state = self._state_of(track)
                self._note(track, state)
                if state is TrackState.PRESENT and not self._has_main_file(track.id, track, besides=""):
                    repointed.append(self._repointed(track))
                elif state is not track.state:
                    states[state].append(track.id)
            self._database.tracks.upsert(repointed)
            for state, ids in states.items():
                self._database.tracks.set_state(ids, state)

    def _state_of(self, track: Track) -> TrackState:
        places = self._places_of(track.id)
        if Place.HERE in places:
            return TrackState.PRESENT
        if Place.UNREAD in places:
            return track.state
        return TrackState.AWAY if Place.AWAY in places else TrackState.GONE

    def _note(self, track: Track, state: TrackState) -> None:
        if state is TrackState.AWAY:
            self._away.add(track.id)
        elif state is TrackState.GONE and track.state is not TrackState.GONE:
            self._gone.add(track.id)

    def _repointed(self, track: Track) -> Track:
        """The track with the path of a file that is there in place of one that is not."""
        path = min(path for path in self._holders[track.id] if self._place(path) is Place.HERE)
        return replace(track, path=path, root=self._records[path].root, state=TrackState.PRESENT)

    def _places_of(self, track: TrackId, *, besides: str = "") -> set[Place]:
        return {self._place(path) for path in self._holders.get(track, ()) if path != besides}

    def _place(self, path: str) -> Place:
        """What is known about a file; those outside the scanned folders are looked at when they matter."""
        place = self._places.get(path)
        if place is None:
            place = self._places[path] = self._look(path)
        return place

    def _look(self, path: str) -> Place:
        if Path(path).exists():
            return Place.HERE
        return Place.LOST if Path(self._records[path].root).is_dir() else Place.AWAY
