"""Brings the database up to what a scan found, in batches that can be cut off anywhere without harm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import cached_property

from indexer.core.audio.errors import AudioError, UnreadableFile
from indexer.core.audio.walk import FoundFile
from indexer.core.files import disk
from indexer.core.recordings.heirs import note_pending
from indexer.core.store import Database
from indexer.core.store.patience import Patience
from indexer.core.tags.reading import Reading
from indexer.core.tracks import FileRecord, Problem, Track, TrackId, TrackState, Words
from indexer.scanning.plan import Plan

_BATCH = 500
"""Tracks that are written at once when they are shown with another file."""


class FileState(Enum):
    """What is known about a file of a track."""

    HERE = auto()
    AWAY = auto()  # its folder or drive is not there, or it cannot be opened
    LOST = auto()  # its folder is there and the file, or what it held, is not
    UNREAD = auto()  # it changed and has not been read yet


class ScanWriter:
    """Knows which files hold which track, and writes what changes.

    Tracks are always written before the files that name them, and file records are the last thing to be forgotten:
    whatever a killed scan left undone looks new or missing to the next one. So every write may be done twice, and a
    database that does not answer is waited for.

    Attributes:
        new: files never seen before, copies of known tracks among them.
        changed: files whose bytes or times changed.
        moved: files of known tracks at a new place, the old one being empty.
        divided: files that cue sheets divide, of those that were read.
        parts: the tracks in these.
    """

    def __init__(self, database: Database, plan: Plan, records: dict[str, FileRecord], patience: Patience) -> None:
        """Begin with what is known.

        Args:
            database: what is written to.
            plan: what the folders hold.
            records: the known files by path; the writer goes on with them.
            patience: how the database is waited for.
        """
        self.new = self.changed = self.moved = self.divided = self.parts = 0
        self._database = database
        self._patiently = patience
        self._records = records
        self._plan = plan
        self._lost = {record.path for record in plan.lost}
        self._touched = {track for record in (*plan.away, *plan.lost) for track in record.tracks}
        self._recut: set[TrackId] = set()
        self._wholes: set[TrackId] = set()
        self._noted = False
        self._gone: set[TrackId] = set()
        self._away: set[TrackId] = set()

    @property
    def gone(self) -> int:
        """Tracks that have no file any more since this scan; not those that became parts or a whole of the same."""
        return len(self._gone)

    @property
    def wholes(self) -> int:
        """Tracks of before that were all of a file and are shown as the parts of it."""
        return len(self._wholes)

    @property
    def away(self) -> int:
        """Tracks whose files cannot be seen now."""
        return len(self._away)

    def take(self, readings: Sequence[Reading], mended: Collection[str] = ()) -> list[Problem]:
        """Write one batch of files that were opened; returns the problems among them.

        Args:
            readings: the files.
            mended: keys of problems that there were with them and are no more.

        Raises:
            DatabaseError: the database failed; the next scan does what this one did not.
        """
        read = [(reading.tracks, reading.record, reading.words) for reading in readings if reading.record]
        ids = [track.id for tracks, *_ in read for track in tracks]
        existing = self._patiently(lambda: self._database.tracks.get(ids))
        fresh: dict[TrackId, Track] = {}
        said: dict[TrackId, Words] = {}
        displaced: set[TrackId] = set()
        for tracks, record, words in read:
            self._count(record, existing.get(record.tracks[0]))
            for track in tracks:
                known = fresh.get(track.id) or existing.get(track.id)
                if not self._has_main_file(track.id, known, besides=record.path):
                    fresh[track.id], said[track.id] = track, words
            displaced |= self._hold(record)
        problems = [self._reject(reading.file, reading.error) for reading in readings if reading.error]
        problems += [problem for reading in readings for problem in reading.problems]

        returned = any(track.state is TrackState.GONE for track in existing.values())

        def write() -> None:
            if displaced or returned:
                self._note_pending()
            self._database.tracks.upsert(fresh.values())
            self._database.words.keep(said)
            self._restate(displaced)
            self._database.problems.clear(mended)
            self._database.problems.put(problems)
            self._database.files.upsert([record for _, record, _ in read])

        self._patiently(write)
        return problems

    def settle(self) -> None:
        """Give every track its state after all files were seen, and forget the files that are no more.

        Raises:
            DatabaseError: as for `take`.
        """
        absent = self._patiently(self._absent)
        back = absent & {track for record in self._plan.unchanged for track in record.tracks}
        if self._lost or back or (absent and self.new + self.changed + self.moved):
            self._patiently(self._note_pending)
        self._patiently(lambda: self._restate(self._touched | back))
        lost = [path for path in self._lost if path in self._records]
        self._patiently(lambda: self._database.files.remove(lost))

    @cached_property
    def _places(self) -> dict[str, FileState]:
        """What is known about the files; made when it is first asked for, since most scans change nothing."""
        plan = self._plan
        return {
            **{record.path: FileState.HERE for record in plan.unchanged},
            **{file.path: FileState.UNREAD for file in plan.to_read},
            **{record.path: FileState.AWAY for record in plan.away},
            **{record.path: FileState.LOST for record in plan.lost},
        }

    @cached_property
    def _holders(self) -> dict[TrackId, tuple[str, ...]]:
        """The files of each track, by path; made as the places are."""
        holders: dict[TrackId, tuple[str, ...]] = {}
        for record in self._records.values():
            for track in record.tracks:
                holders[track] = (*holders.get(track, ()), record.path)
        return holders

    def _note_pending(self) -> None:
        """Tracks may have left for copies, or come back to stand for themselves; noted before they do."""
        if not self._noted:
            note_pending(self._database)
            self._noted = True

    def _absent(self) -> set[TrackId]:
        """Tracks that the database takes for away or gone."""
        states = (TrackState.AWAY, TrackState.GONE)
        tracks = self._database.tracks
        return tracks.ids(states) if any(tracks.count(state) for state in states) else set()

    def _count(self, record: FileRecord, known: Track | None) -> None:
        places = self._places_of(record.tracks[0], besides=record.path)
        self.divided += bool(record.parts)
        self.parts += len(record.parts)
        if record.path in self._records:
            self.changed += 1
        elif FileState.HERE in places or FileState.AWAY in places or known is None or known.path == record.path:
            self.new += 1
        else:
            self.moved += 1

    def _has_main_file(self, track: TrackId, known: Track | None, *, besides: str) -> bool:
        """Whether a track is already known by another file, which is there: then a copy changes nothing about it."""
        if known is None or known.path == besides or known.path not in self._holders.get(track, ()):
            return False
        return self._place(known.path) is FileState.HERE

    def _hold(self, record: FileRecord) -> set[TrackId]:
        """Note which tracks a file holds now; returns those that it held before and holds no more."""
        path, holders = record.path, self._holders
        before = self._records.get(path)
        self._records[path] = record
        self._places[path] = FileState.HERE
        self._lost.discard(path)
        self._gone.difference_update(record.tracks)
        for track in record.tracks:
            if path not in holders.get(track, ()):
                holders[track] = (*holders.get(track, ()), path)
        left = set() if before is None else set(before.tracks).difference(record.tracks)
        for track in left:
            holders[track] = tuple(other for other in holders[track] if other != path)
        if before is not None and before.track == record.track:
            self._recut |= left
            self._wholes |= left & {record.track}
        return left

    def _reject(self, file: FoundFile, error: AudioError) -> Problem:
        """Note that a file holds no track: it cannot be seen, or it is no music any more."""
        if file.path in self._records:
            self._touched.update(self._records[file.path].tracks)
        if isinstance(error, UnreadableFile):
            self._places[file.path] = FileState.AWAY
        else:
            self._places[file.path] = FileState.LOST
            self._lost.add(file.path)
        return error.problem(size=file.size, mtime_ns=file.mtime_ns)

    def _restate(self, tracks: Collection[TrackId]) -> None:
        """Write the states of `tracks` that are not what their files say."""
        changed: dict[TrackState, list[TrackId]] = {state: [] for state in TrackState}
        repointed: list[TrackId] = []
        for track in self._database.tracks.each(tracks):
            state = self._state_of(track)
            self._note(track, state)
            if state is TrackState.PRESENT and not self._has_main_file(track.id, track, besides=""):
                repointed.append(track.id)
            elif state is not track.state:
                changed[state].append(track.id)
        for at in range(0, len(repointed), _BATCH):
            shown = self._database.tracks.get(repointed[at : at + _BATCH])
            self._database.tracks.upsert(map(self._repointed, shown.values()))
        for state, ids in changed.items():
            self._database.tracks.set_state(ids, state)

    def _state_of(self, track: Track) -> TrackState:
        places = self._places_of(track.id)
        if FileState.HERE in places:
            return TrackState.PRESENT
        if FileState.UNREAD in places:
            return track.state
        return TrackState.AWAY if FileState.AWAY in places else TrackState.GONE

    def _note(self, track: Track, state: TrackState) -> None:
        if state is TrackState.AWAY:
            self._away.add(track.id)
        elif state is TrackState.GONE and track.state is not TrackState.GONE and track.id not in self._recut:
            self._gone.add(track.id)

    def _repointed(self, track: Track) -> Track:
        """The track with the path of a file that is there in place of one that is not."""
        path = min(path for path in self._holders[track.id] if self._place(path) is FileState.HERE)
        return replace(track, path=path, root=self._records[path].root, state=TrackState.PRESENT)

    def _places_of(self, track: TrackId, *, besides: str = "") -> set[FileState]:
        return {self._place(path) for path in self._holders.get(track, ()) if path != besides}

    def _place(self, path: str) -> FileState:
        """What is known about a file; those outside the scanned folders are looked at when they matter."""
        place = self._places.get(path)
        if place is None:
            place = self._places[path] = self._look(path)
        return place

    def _look(self, path: str) -> FileState:
        there = _is_there(path)
        if there:
            return FileState.HERE
        is_lost = there is False and _is_there(self._records[path].root)
        return FileState.LOST if is_lost else FileState.AWAY


def _is_there(path: str) -> bool | None:
    """Whether there is something at a path; None where its drive does not tell."""
    try:
        disk.look(path)
    except OSError as error:
        return False if disk.is_absent(error) else None
    return True
