"""Brings the library up to what its folders hold: what is new, changed, moved, gone or away."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from indexer.analysis.rate import RateMeter
from indexer.core.audio.errors import from_os_error
from indexer.core.audio.walk import FoundFile, Listing, list_audio
from indexer.core.events import EventSink, Notice, Progress, Stage, StageStarted, problem_found
from indexer.core.files import disk
from indexer.core.recordings.heirs import pass_on
from indexer.core.store import Database, DatabaseUnavailable
from indexer.core.store.patience import Patience
from indexer.core.tags.cue.finding import Named, Sheets
from indexer.core.tags.reading import Reading, read_file
from indexer.core.text import shown_path
from indexer.core.tracks import FileRecord, Problem, Seconds, TrackState
from indexer.scanning.folder_notes import FolderNotes
from indexer.scanning.metadata import FolderMetadata
from indexer.scanning.plan import Plan, is_below, make_plan
from indexer.scanning.sheets import find_sheets
from indexer.scanning.writing import ScanWriter

BATCH = 200
"""Files written at once: large enough to be cheap, small enough that the table fills before people's eyes."""

_READERS = 4
"""Threads that open files: no gain from a cache, but a network drive answers several questions at a time."""

_CHUNK = 10
"""Files that a thread opens for one call."""

_AHEAD = 2 * BATCH // _CHUNK
"""Calls under way at most: the next batch is read while one is written, and no more when the database is slow."""

_PROGRESS_EVERY: Seconds = 0.25
_WRITE_EVERY: Seconds = 2.0


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found.

    Attributes:
        new: files never seen before, copies of known tracks among them.
        changed: files whose bytes or times changed.
        moved: files of known tracks at a new place, the old one being empty.
        gone: tracks that lost their last file; their history is kept.
        away: tracks whose files cannot be seen now, their drive being elsewhere for one.
        unchanged: known files that did not need to be opened.
        problems: files and folders that could not be taken in, those known before among them.
        unknown: files of kinds that are not known, which may be music; pictures and texts are not counted.
        tracks: tracks of the whole library that can be played now.
        cancelled: the scan was ended early; what it had read is kept.
    """

    new: int = 0
    changed: int = 0
    moved: int = 0
    gone: int = 0
    away: int = 0
    unchanged: int = 0
    problems: int = 0
    unknown: int = 0
    tracks: int = 0
    cancelled: bool = False


def scan(
    database: Database, folders: Sequence[Path], *, on_event: EventSink, cancelled: Callable[[], bool]
) -> ScanResult:
    """Compare `folders` with the library, open what is new or changed, and write the difference.

    Nothing that a file holds can end a scan; it becomes a problem record. A folder that is missing, or bare where
    it was not, keeps its tracks as "away". Files of folders that are neither among `folders` nor part of the library
    any more are forgotten; the history of their tracks is kept. A database that does not answer is waited for.

    Raises:
        DatabaseError: the database failed, or did not answer for ten minutes; what was written until then stands, and
            the next scan goes on from there.
    """
    on_event(StageStarted(Stage.SCAN))
    return _Scan(database, on_event, cancelled).run(_distinct([_absolute(folder) for folder in folders]))


def _absolute(folder: Path) -> str:
    """The folder as the library names it: no dots on the way, and links left as the person chose them."""
    return os.path.abspath(folder)  # noqa: PTH100 - Path.resolve() would follow links


def _distinct(roots: Sequence[str]) -> list[str]:
    """Each folder once, without those that lie inside another one."""
    unique = dict.fromkeys(roots)
    return [root for root in unique if not any(is_below(root, other) for other in unique)]


class _Scan:
    """One scan on its way; `run` tells the story."""

    def __init__(self, database: Database, on_event: EventSink, cancelled: Callable[[], bool]) -> None:
        self._database = database
        self._on_event = on_event
        self._cancelled = cancelled
        self._patiently = Patience(on_event, cancelled)
        self._problems = 0

    def run(self, roots: Sequence[str]) -> ScanResult:
        listings, records = self._look(roots)
        if self._cancelled():
            return self._result(ScanResult(cancelled=True))
        known_problems = self._patiently(self._database.problems.by_path)
        folders = self._patiently(self._database.folders.all)
        registered = {_absolute(Path(folder.path)): folder for folder in folders}
        plan = make_plan(listings, records, known_problems, folders={*roots, *registered})
        sheets = find_sheets(listings, records, known_problems, plan)
        metadata = {root: FolderMetadata(root) for root in roots}

        notes = FolderNotes(self._database, registered, self._on_event, self._patiently)
        notes.presence(listings, records)
        notes.unknown_kinds(listings)
        self._report([error.problem() for listing in listings for error in listing.errors.values()])
        self._report(list(sheets.problems.values()))
        unknown = sum(listing.unknown.total() for listing in listings)
        listings.clear()
        writer = ScanWriter(self._database, plan, records, self._patiently)
        self._read(plan, writer, metadata, known_problems, sheets)
        self._patiently(lambda: self._database.problems.clear(plan.settled))
        writer.settle()
        self._pass_on()
        self._settle_metadata(metadata, plan, known_problems)
        return self._result(
            ScanResult(
                new=writer.new,
                changed=writer.changed,
                moved=writer.moved,
                gone=writer.gone,
                away=writer.away,
                unchanged=len(plan.unchanged),
                problems=self._problems + len(plan.known_bad),
                unknown=unknown,
                cancelled=self._cancelled(),
            )
        )

    def _look(self, roots: Sequence[str]) -> tuple[list[Listing], dict[str, FileRecord]]:
        """What the folders hold and what the library knows, asked for at the same time."""
        with ThreadPoolExecutor(1, thread_name_prefix="scan-known") as pool:
            known = pool.submit(self._known_files)
            listings = self._list(roots)
            try:
                return listings, known.result()
            except DatabaseUnavailable:
                return listings, self._patiently(self._known_files)

    def _known_files(self) -> dict[str, FileRecord]:
        return {record.path: record for record in self._database.files.all()}

    def _list(self, roots: Sequence[str]) -> list[Listing]:
        progress = _ProgressReport(self._on_event)

        def goes_on() -> bool:
            progress.tick()
            return not self._cancelled()

        folders = self._patiently(self._database.folders.all)
        excluded = [path for folder in folders for path in folder.excluded]
        encodings = {_absolute(Path(folder.path)): folder.encoding for folder in folders}
        return [
            list_audio(root, on_folder=goes_on, excluded=excluded, encoding=encodings.get(root, "")) for root in roots
        ]

    def _report(self, problems: Sequence[Problem]) -> None:
        """Keep problems and tell of them."""
        self._patiently(lambda: self._database.problems.put(problems))
        self._tell(problems)

    def _tell(self, problems: Sequence[Problem]) -> None:
        self._problems += len(problems)
        for problem in problems:
            self._on_event(problem_found(problem))

    def _read(
        self,
        plan: Plan,
        writer: ScanWriter,
        metadata: dict[str, FolderMetadata],
        known_problems: dict[str, Problem],
        sheets: Sheets,
    ) -> None:
        known = len(plan.unchanged) + len(plan.known_bad)
        progress = _ProgressReport(self._on_event, done=known, total=known + len(plan.to_read))
        keys_of = _keys_by_path(known_problems)
        troubled = set(sheets.problems)
        for batch in self._batches(plan.to_read, progress, sheets):
            described = [_described(reading, metadata) for reading in batch]
            troubled |= {problem.path for reading in batch for problem in reading.problems}
            fine = [reading.record for reading in batch if reading.record is not None]
            paths = {path for record in fine for path in (record.path, *(stamp.path for stamp in record.sheets))}
            self._tell(writer.take(described, [key for path in paths - troubled for key in keys_of.get(path, ())]))
            progress.failed = self._problems
        progress.tell()
        if writer.divided:
            self._on_event(_divided(writer))

    def _batches(
        self, files: Sequence[FoundFile], progress: _ProgressReport, sheets: Sheets
    ) -> Iterator[list[Reading]]:
        """Open `files` in order and hand them on while they are fresh; ends early when cancelled."""
        batch: list[Reading] = []
        written = time.monotonic()
        for reading in _readings(files, sheets):
            if self._cancelled():
                break
            batch.append(reading)
            progress.step()
            if len(batch) >= BATCH or time.monotonic() - written > _WRITE_EVERY:
                yield batch
                batch, written = [], time.monotonic()
        if batch:
            yield batch

    def _settle_metadata(
        self, metadata: dict[str, FolderMetadata], plan: Plan, known_problems: dict[str, Problem]
    ) -> None:
        """Describe anew what the tables say otherwise now, and report tables that cannot be used."""
        for root, described in metadata.items():
            files = [record for record in plan.unchanged if is_below(record.path, root)]
            self._patiently(partial(described.keep_genres, self._database))
            self._patiently(partial(described.refresh, self._database, files))
            if described.problem is not None:
                self._report([described.problem])
            elif described.path is not None and str(described.path) in known_problems:
                self._patiently(partial(self._database.problems.clear, [str(described.path)]))
            if described.joined and described.path is not None:
                values = {"file": shown_path(described.path), "number": described.joined}
                self._on_event(Notice("table-describes", values))

    def _pass_on(self) -> None:
        """Let new copies of tracks have what was kept of the copies before them."""
        heirs = self._patiently(lambda: pass_on(self._database))
        if heirs:
            self._on_event(Notice("tracks-renewed", {"number": len(heirs)}))

    def _result(self, found: ScanResult) -> ScanResult:
        return replace(found, tracks=self._patiently(lambda: self._database.tracks.count(TrackState.PRESENT)))


def _readings(files: Sequence[FoundFile], sheets: Sheets) -> Iterator[Reading]:
    """Open files in several threads, so many ahead of who asks for them; in order."""
    chunks = (files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK))
    with ThreadPoolExecutor(_READERS, thread_name_prefix="scan") as pool:
        under_way = deque(pool.submit(_read_all, chunk, sheets) for chunk in islice(chunks, _AHEAD))
        try:
            while under_way:
                yield from under_way.popleft().result()
                under_way.extend(pool.submit(_read_all, chunk, sheets) for chunk in islice(chunks, 1))
        finally:
            pool.shutdown(cancel_futures=True)


def _read_all(files: Sequence[FoundFile], sheets: Sheets) -> list[Reading]:
    return [_read_in_time(file, sheets.by_file.get(file.path, ())) for file in files]


def _read_in_time(file: FoundFile, sheets: Sequence[Named]) -> Reading:
    try:
        return disk.ask(file.path, partial(read_file, file, sheets), wait=disk.READ_SECONDS)
    except disk.DiskSilent as error:
        return Reading(file, error=from_os_error(file.path, error))


def _described(reading: Reading, metadata: dict[str, FolderMetadata]) -> Reading:
    if len(reading.tracks) != 1:
        return reading  # tables describe files, not the parts of one
    return replace(reading, tracks=tuple(map(metadata[reading.file.root].describe, reading.tracks)))


def _keys_by_path(problems: Mapping[str, Problem]) -> dict[str, list[str]]:
    """The keys of the problems that there are with each file and with the tracks in it."""
    keys: dict[str, list[str]] = {}
    for key, problem in problems.items():
        keys.setdefault(problem.path, []).append(key)
    return keys


def _divided(writer: ScanWriter) -> Notice:
    if writer.divided == 1:
        return Notice("sheet-divides-played" if writer.wholes else "sheet-divides", {"number": writer.parts})
    values = {"number": writer.parts, "files": writer.divided}
    return Notice("sheets-divide-played" if writer.wholes else "sheets-divide", values)


class _ProgressReport:
    """Tells how far reading is, a few times a second."""

    def __init__(self, on_event: EventSink, *, done: int = 0, total: int | None = None) -> None:
        self.failed = 0
        self._on_event = on_event
        self._done = done
        self._total = total
        self._rate = RateMeter()
        self._told = time.monotonic()

    def step(self) -> None:
        self._done += 1
        self._rate.step()
        self.tick()

    def tick(self) -> None:
        """Tell if it is time to."""
        if time.monotonic() - self._told >= _PROGRESS_EVERY:
            self.tell()

    def tell(self) -> None:
        self._told = time.monotonic()
        left = None if self._total is None else self._rate.seconds_for(self._total - self._done)
        event = Progress(Stage.SCAN, self._done, self._total, self._rate.per_second, left, self.failed)
        self._on_event(event)
