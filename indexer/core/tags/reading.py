"""Opens one audio file and makes a track of it, named by its sound: renamed, moved or retagged it stays the same."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import BinaryIO

from indexer.core.audio.errors import AudioError, BusyFile, EmptyFile, from_os_error
from indexer.core.audio.payload import Payload, locate, page_bodies
from indexer.core.audio.truncation import counts_its_frames
from indexer.core.audio.walk import FoundFile
from indexer.core.tags.cue.finding import Named, tracks_of
from indexer.core.tags.tags import Tags, read_tags
from indexer.core.tags.words import lyrics_beside
from indexer.core.tracks import NO_WORDS, Description, FileRecord, Problem, Seconds, Stamp, Track, TrackId, Words

log = logging.getLogger(__name__)

BLOCK = 256 * 1024
"""Bytes of one of the three places that are hashed: a disc reads them in one go."""

_ID_BYTES = 16

_GUESSED = frozenset({".mp3", ".mp2", ".mpga", ".aac", ".adts"})
"""Endings of streams without a length, but for a header that some MPEG files have."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of opening a file: its track or tracks and the file as it was then, or else an error.

    `problems` are those of the cue sheets that are about it. `words` are those of each of the tracks.
    """

    file: FoundFile
    tracks: tuple[Track, ...] = ()
    record: FileRecord | None = None
    error: AudioError | None = None
    problems: tuple[Problem, ...] = ()
    words: Words = NO_WORDS


def read_file(file: FoundFile, sheets: Sequence[Named] = ()) -> Reading:
    """Open a file that cue `sheets` may be about; what is wrong with it is returned, not raised."""
    path = Path(file.path)
    try:
        before = _stamp(path)
        identity, tags = identify(path), read_tags(path, file.encoding)
        if _stamp(path) != before:
            raise BusyFile(path)
    except AudioError as error:
        return Reading(file, error=error)
    whole = _track_of(file, identity, tags)
    length = _certain_length(path, tags) if sheets or tags.sheet is not None else None
    tracks, problems = tracks_of(whole, tags.sheet, sheets, length)
    parts = tuple(track.id for track in tracks) if tracks[0].id != identity else ()
    stamps = tuple(sorted(named.stamp for named in sheets))
    # What is sung in an album in one file is of all its tracks together.
    words, text = (replace(tags.words, lyrics=""), file.words) if parts else _with_text(file, tags.words)
    record = FileRecord(file.path, file.root, identity, *before, parts=parts, sheets=stamps, words=text)
    return Reading(file, tracks, record, problems=tuple(problems), words=words)


def identify(path: Path) -> TrackId:
    """Return the id of the track in a file.

    It is BLAKE2b-128 of the size of the sound and of three blocks of it, at its beginning, in its middle and at its
    end; all of it where it is no larger than they are. Tags of every usual kind are skipped.

    Raises:
        EmptyFile: there are no bytes, or tags and nothing else.
        VanishedFile: the file is not there.
        UnreadableFile: the system does not let it be read.
    """
    try:
        with path.open("rb") as file:
            payload = locate(file)
            if payload.size == 0:
                raise EmptyFile(path)
            return TrackId(_digest(file, payload))
    except OSError as error:
        raise from_os_error(path, error) from error


def _with_text(file: FoundFile, words: Words) -> tuple[Words, Stamp | None]:
    """The words of a file, with those of the text beside it where it has no lyrics, and that text once it was seen."""
    if file.words is None or words.lyrics:
        return words, file.words
    try:
        return replace(words, lyrics=lyrics_beside(Path(file.words.path), file.encoding)), file.words
    except OSError as error:  # no concern of the music, and tried again by the next scan
        log.info("a text beside music cannot be read: %s", error.strerror)
        return words, None


def _certain_length(path: Path, tags: Tags) -> Seconds | None:
    """How long a file lasts; None where its header may only guess it."""
    is_guessed = path.suffix.lower() in _GUESSED and not counts_its_frames(path)
    return None if is_guessed else tags.seconds


def _stamp(path: Path) -> tuple[int, int]:
    try:
        info = path.stat()
    except OSError as error:
        raise from_os_error(path, error) from error
    return info.st_size, info.st_mtime_ns


def _track_of(file: FoundFile, identity: TrackId, tags: Tags) -> Track:
    said = {field.name: getattr(tags, field.name) for field in fields(Description)}
    return Track(identity, file.path, file.root, **said, **asdict(tags.gains))


def _digest(file: BinaryIO, payload: Payload) -> str:
    digest = hashlib.blake2b(payload.size.to_bytes(8, "little"), digest_size=_ID_BYTES)
    for block in _blocks(file, payload):
        if payload.paged:
            for body in page_bodies(block):
                digest.update(body)
        else:
            digest.update(block)
    return digest.hexdigest()


def _blocks(file: BinaryIO, payload: Payload) -> Iterator[bytes]:
    if payload.size <= 3 * BLOCK:
        file.seek(payload.start)
        yield file.read(payload.size)
        return
    for at in (0, (payload.size - BLOCK) // 2, payload.size - BLOCK):
        file.seek(payload.start + at)
        yield file.read(BLOCK)
