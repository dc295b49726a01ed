"""Reads the tags of an audio file, of any format, into one shape."""

from __future__ import annotations

import errno
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mutagen

from indexer.audio_errors import CorruptFile, EmptyFile, NotAudio, from_os_error
from indexer.cue.sheet import Sheet, SheetRefused
from indexer.library import Seconds
from indexer.payload import looks_like_audio, names_other_files
from indexer.probing import probe
from indexer.replaygain import NO_GAINS, ReplayGain, replay_gain
from indexer.tag_fields import Fields, fields_of
from indexer.tag_kinds import kinds_of
from indexer.tag_limits import LimitedFile, TagsTooHeavy, open_media
from indexer.text import clean

_YEAR = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(?:\d{4})?(?!\d)")
"""A year of recorded music on its own or at the front of eight digits, as in 2009, 11/26/2009, 20091126."""

_NUMBER = re.compile(r"\s*(\d{1,4})(?!\d)")
_MOST_GENRES = 20
_HEAD_BYTES = 16


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says about itself; texts are clean, one line and never long, empty where unknown.

    `sheet` is the cue sheet inside it, or why that cannot be used.
    """

    title: str
    artist: str = ""
    album: str = ""
    album_artist: str = ""
    genre: str = ""
    genres: tuple[str, ...] = ()
    year: int | None = None
    track_number: int | None = None
    disc_number: int | None = None
    seconds: Seconds | None = None
    licence: str = ""
    gains: ReplayGain = NO_GAINS
    sheet: Sheet | SheetRefused | None = None


def read_tags(path: Path) -> Tags:
    """Return the tags of a file; a missing title is made from the file name.

    Raises:
        EmptyFile: the file has no bytes.
        VanishedFile: it is not there.
        UnreadableFile: the system does not let it be read.
        NotAudio: it is something else than sound.
        CorruptFile: it begins like sound and cannot be understood.
    """
    try:
        with LimitedFile(path) as file:
            head = file.read(_HEAD_BYTES)
            if not head:
                raise EmptyFile(path)
            if names_other_files(file):
                raise NotAudio(path)
            file.seek(0)
            media = _parsed(path, file, head)
        seconds = _probed(path, head) if media is None else _length(media)
    except OSError as error:
        raise from_os_error(path, error) from error
    fields = {} if media is None else fields_of(media)
    return _tags(fields, clean(path.stem) or "Untitled", seconds)


def parse_year(text: str) -> int | None:
    """The year in a date of any usual notation, None where there is none after 1800."""
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def parse_number(text: str) -> int | None:
    """The first number of `3`, `03` or `3/12`, None where it is not one from 1 to 9999."""
    found = _NUMBER.match(text)
    return (int(found[1]) or None) if found else None


def tidy_genres(names: Iterable[str]) -> tuple[str, ...]:
    """Clean names of genres, each once whatever its case; several in one text are parted at semicolons."""
    tidy: dict[str, str] = {}
    for name in names:
        for part in name.replace("\x00", ";").split(";"):
            if (genre := clean(part)) and len(tidy) < _MOST_GENRES:
                tidy.setdefault(genre.casefold(), genre)
    return tuple(tidy.values())


def _parsed(path: Path, file: LimitedFile, head: bytes) -> Any:
    """What mutagen makes of a file: None where it does not know it or its headers are damaged."""
    try:
        return open_media(file, kinds=kinds_of(path, head))
    except TagsTooHeavy as error:
        raise CorruptFile(path, "its tags take too long to read") from error
    except mutagen.MutagenError as error:
        cause = error.__context__ or error.__cause__
        if isinstance(cause, OSError) and cause.errno not in {None, errno.EINVAL}:  # those come of sizes that lie
            raise cause from error
        return None
    except OSError:
        raise
    except Exception as error:  # damaged tags raise anything from IndexError to ZeroDivisionError in parsers
        raise CorruptFile(path, "its tags cannot be read") from error


def _probed(path: Path, head: bytes) -> Seconds | None:
    """Ask the decoders about a file that mutagen does not understand.

    FFmpeg takes nearly anything for an mp3 file, and libsndfile grumbles to the terminal about the rest, so they
    are asked only about what begins like audio.
    """
    if not looks_like_audio(head):
        raise NotAudio(path)
    return probe(path)


def _length(media: Any) -> Seconds | None:
    length = getattr(media.info, "length", None)
    usable = isinstance(length, int | float) and math.isfinite(length) and length > 0
    return float(length) if usable and length is not None else None


def _tags(fields: Fields, stem: str, seconds: Seconds | None) -> Tags:
    def text(name: str) -> str:
        return clean(next(iter(fields.get(name, ())), ""))

    def joined(name: str) -> str:
        return clean("; ".join(filter(None, (clean(value) for value in fields.get(name, ())))))

    genres = tidy_genres(fields.get("genre", ()))
    return Tags(
        title=text("title") or stem,
        artist=joined("artist"),
        album=text("album"),
        album_artist=joined("album_artist"),
        genre=genres[0] if genres else "",
        genres=genres,
        year=parse_year(text("date")),
        track_number=parse_number(text("track")),
        disc_number=parse_number(text("disc")),
        seconds=seconds,
        licence=text("licence"),
        gains=replay_gain(fields),
    )
