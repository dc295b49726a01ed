"""Opens one audio file and makes a track of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.audio_errors import AudioError, BusyFile, from_os_error
from indexer.identity import identify
from indexer.library import FileRecord, Track, TrackId
from indexer.scanning.walk import FoundFile
from indexer.tags import Tags, read_tags


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of opening a file: a track and the file as it was then, or else an error."""

    file: FoundFile
    track: Track | None = None
    record: FileRecord | None = None
    error: AudioError | None = None


def read_file(file: FoundFile) -> Reading:
    """Open a file; what is wrong with it is returned, not raised."""
    path = Path(file.path)
    try:
        before = _stamp(path)
        identity, tags = identify(path), read_tags(path)
        if _stamp(path) != before:
            raise BusyFile(path)
    except AudioError as error:
        return Reading(file, error=error)
    track = _track_of(file, identity, tags)
    return Reading(file, track, FileRecord(file.path, file.root, identity, *before))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        info = path.stat()
    except OSError as error:
        raise from_os_error(path, error) from error
    return info.st_size, info.st_mtime_ns


def _track_of(file: FoundFile, identity: TrackId, tags: Tags) -> Track:
    return Track(
        id=identity,
        path=file.path,
        root=file.root,
        title=tags.title,
        artist=tags.artist,
        album=tags.album,
        album_artist=tags.album_artist,
        genre=tags.genre,
        genres=tags.genres,
        year=tags.year,
        track_number=tags.track_number,
        disc_number=tags.disc_number,
        seconds=tags.seconds,
        licence=tags.licence,
        track_gain=tags.gains.track_gain,
        album_gain=tags.gains.album_gain,
        track_peak=tags.gains.track_peak,
        album_peak=tags.gains.album_peak,
        artists=tags.artists,
        album_artists=tags.album_artists,
        compilation=tags.compilation,
    )
