"""Tracks that are played without being in the library: read from their files, and kept for as long as they are queued.

A loose track has the id that it would have in the library, which is made from its sound. So a copy of a known track is
that track, and a loose one that is taken into the library later stays the same in the queue.
"""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from PySide6.QtCore import QObject, Signal

from indexer.core.audio.errors import UnreadableFile, from_os_error
from indexer.core.audio.walk import FoundFile, list_audio
from indexer.core.errors import SegueError
from indexer.core.files import disk
from indexer.core.files.atomic import write_atomically
from indexer.core.files.kinds import is_sheet_name
from indexer.core.language import tr
from indexer.core.playlists.files import is_playlist_file
from indexer.core.playlists.matching import import_playlist
from indexer.core.playlists.shelf import Shelf
from indexer.core.tracks import Track, TrackId
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.tags.cue.finding import Named

_log = logging.getLogger(__name__)

_KEPT = frozenset(field.name for field in fields(Track)) - {"root", "state", "rev", "added_at"}
"""What is written of a track; the rest is the library's to say."""

_KINDS = {name: hint for name, hint in get_type_hints(Track).items() if name in _KEPT}
_NAMES = tuple[str, ...]
_LARGEST = 2**53
"""No number of a track comes near; larger ones are damage."""


@dataclass(frozen=True)
class Gathered:
    """What files and folders turned out to be.

    Attributes:
        tracks: in the order that was given.
        loose: those of them that no file of the library at that path stands for, as their files describe them.
        problems: what could not be read.
        unknown: lines of playlist files that mean nothing that is known; nobody looked for them.
    """

    tracks: tuple[TrackId, ...] = ()
    loose: tuple[Track, ...] = ()
    problems: tuple[SegueError, ...] = ()
    unknown: int = 0


class LooseTracks(QObject):
    """Remembers loose tracks by id.

    Signals:
        failed: message and advice; they could not be written down.
    """

    failed = Signal(str, str)

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        """Keep them in `file`."""
        super().__init__(parent)
        self._file = file
        self._tracks: dict[TrackId, Track] = {}
        self._tasks = Tasks(workers=1, parent=self)

    def get(self, track: TrackId) -> Track | None:
        """A track as its file described it; its `root` is empty."""
        return self._tracks.get(track)

    def load(self) -> None:
        """Take up what was kept; a file that is damaged or not there holds nothing."""
        try:
            content = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError) as error:
            _log.warning("%s cannot be read, loose tracks of the last time are not known: %s", self._file, error)
            return
        entries = content if isinstance(content, list) else []
        found = [track for entry in entries if (track := track_of_state(entry)) is not None]
        self._tracks.update((track.id, track) for track in found)

    def add(self, tracks: Iterable[Track]) -> None:
        """Remember tracks, in the file too."""
        self._tracks.update((track.id, track) for track in tracks)
        content = self._encoded()
        self._tasks.run(lambda: write_atomically(self._file, content), lambda _: None, self._on_failed)

    def shutdown(self, keep: Collection[TrackId]) -> None:
        """Forget all tracks but those in `keep`; a failure to write is logged, for there is no window any more."""
        self._tasks.shutdown()
        kept = set(keep)
        before = len(self._tracks)
        self._tracks = {track: about for track, about in self._tracks.items() if track in kept}
        try:
            if self._tracks:
                write_atomically(self._file, self._encoded())
            elif before:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("loose tracks could not be kept in %s: %s", self._file, error)

    def _encoded(self) -> bytes:
        # In ASCII: what is not UTF-8 in a path is kept by characters that only JSON's escapes can stand for.
        return json.dumps([state_of_track(track) for track in self._tracks.values()]).encode("ascii")

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(
            tr(
                "What is played from outside the library cannot be noted in {file}: {error}.",
                file=self._file,
                error=error,
            ),
            tr("Free some space there, or the queue does not know these tracks after the next start."),
        )


def gather(paths: Sequence[str], shelf: Shelf) -> Gathered:
    """Look files, folders and playlist files up among the tracks of the library, and read those that are not there.

    What a playlist file names is looked up and never opened.
    """
    tracks: list[TrackId] = []
    loose: list[Track] = []
    problems: list[SegueError] = []
    unknown = 0
    for path in paths:
        try:
            if is_playlist_file(path):
                found = import_playlist(Path(path), shelf)
                tracks += found.tracks
                unknown += len(found.missing)
                continue
            if not disk.is_folder(path) and (there := shelf.below(os.path.normpath(path))):
                tracks += there  # of the library, also where its drive is away
                continue
            for file, sheets in _files_at(path, problems):
                known = [shelf.ids[row] for row in shelf.at_path.get(file.path, ())]
                read = [] if known else _read(file, sheets)
                loose += read
                tracks += known or [track.id for track in read]
        except SegueError as error:
            problems.append(error)
    return Gathered(tuple(tracks), tuple(loose), tuple(problems), unknown)


def _files_at(path: str, problems: list[SegueError]) -> Iterator[tuple[FoundFile, Sequence[Named]]]:
    """The file at a path, all music below a folder, or what a cue sheet is about; each with the sheets about it.

    Raises:
        SegueError: there is no such file, or the sheet is about none.
    """
    from indexer.core.tags.cue.finding import sheets_about  # noqa: PLC0415 - in the background, with the first file

    if disk.is_folder(path):
        listing = list_audio(path)
        problems += listing.errors.values()
        sheets = sheets_about(listing)
        for file in listing.files.values():
            yield file, sheets.by_file.get(file.path, ())
        return
    try:
        info = disk.look(path)
    except OSError as error:
        raise from_os_error(path, error) from error
    if not stat.S_ISREG(info.st_mode):  # whoever opens a named pipe waits for ever, and its drive would be blamed
        raise UnreadableFile(Path(path), "not a regular file")
    path = os.path.normpath(path)
    beside = list_audio(os.path.dirname(path), on_folder=partial(next, iter((True,)), False))  # noqa: PTH120
    sheets = sheets_about(beside)
    if not is_sheet_name(path):
        yield FoundFile(path, "", info.st_size, info.st_mtime_ns), sheets.by_file.get(path, ())
        return
    for file in beside.files.values():
        if own := [named for named in sheets.by_file.get(file.path, ()) if named.stamp.path == path]:
            yield file, own
    if (problem := sheets.problems.get(path)) is not None:
        raise SegueError(problem.code, **problem.values)


def _read(file: FoundFile, sheets: Sequence[Named]) -> list[Track]:
    """The tracks of a file as it and the cue sheets about it describe it.

    Raises:
        AudioError: it holds none, or cannot be read.
    """
    from indexer.core.tags.reading import read_file  # noqa: PLC0415 - in the background, with the first file

    outside = FoundFile(file.path, "", file.size, file.mtime_ns)
    try:
        reading = disk.ask(file.path, partial(read_file, outside, sheets), wait=disk.READ_SECONDS)
    except disk.DiskSilent as error:
        raise from_os_error(file.path, error) from error
    if reading.error is not None:
        raise reading.error
    return list(reading.tracks)


def state_of_track(track: Track) -> dict[str, Any]:
    """A loose track in values that JSON takes."""
    return {name: getattr(track, name) for name in sorted(_KEPT)}


def track_of_state(state: Any) -> Track | None:
    """The track that was written down; None for what is none, and without what does not fit."""
    if not isinstance(state, Mapping):
        return None
    track, path = state.get("id"), state.get("path")
    if not isinstance(track, str) or not isinstance(path, str) or not os.path.isabs(path):  # noqa: PTH117 - any bytes
        return None
    fitting = {name: _fitting(kind, state.get(name)) for name, kind in _KINDS.items()}
    values: dict[str, Any] = {name: value for name, value in fitting.items() if value is not None}
    return Track(**{**values, "id": TrackId(track), "path": path, "root": ""})


def _fitting(kind: object, value: Any) -> Any:
    """A value that was written down as one of a kind that a track has; None for what is none."""
    if kind in (bool, str):
        return value if type(value) is kind else None
    if kind == _NAMES:
        return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else None
    is_whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST
    if kind == (int | None):
        return value if is_whole else None
    is_number = is_whole or (isinstance(value, float) and abs(value) < _LARGEST)
    return value if is_number and kind in (float, float | None) else None
