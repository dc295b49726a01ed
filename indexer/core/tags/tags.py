"""Reads the tags of an audio file, of any format, into one shape."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

from indexer.core.audio.errors import CorruptFile, EmptyFile, NotAudio, from_os_error
from indexer.core.audio.payload import holds_audio, names_other_files
from indexer.core.recordings.artists import stands_alone
from indexer.core.recordings.ids import ID_LENGTH, isrc_in, mbid_in
from indexer.core.tags.coding import Coding
from indexer.core.tags.cue.inside import NAME as SHEET
from indexer.core.tags.cue.inside import sheet_of
from indexer.core.tags.cue.sheet import Sheet, SheetRefused
from indexer.core.tags.encodings import decoded, likely_encoding, undeclared_texts, with_encodings
from indexer.core.tags.fields import Fields, merged
from indexer.core.tags.limits import LimitedFile, TagsTooHeavy, within_limits
from indexer.core.tags.probing import probe
from indexer.core.tags.ratings import stars
from indexer.core.tags.replaygain import NO_GAINS, ReplayGain, replay_gain
from indexer.core.tags.sources import find_tags
from indexer.core.tags.values import NOWHERE, Position, parse_disc, parse_position, parse_year, tidy_genres
from indexer.core.tags.words import words_among, words_of
from indexer.core.text import clean
from indexer.core.tracks import NO_WORDS, Description, Seconds, Words

_JOINED = re.compile(r"\S/\S")
"""So ID3v2.3 joins several names, and so some are written."""

_YES = frozenset({"1", "true", "yes"})
_MOST_ARTISTS = 20
_MOST_NAMES = 100
_UNREADABLE = re.compile("[\udc80-\udcff]")
"""What Python makes of the bytes of a name that are not in UTF-8."""

_MOST_NEIGHBOURS = 12
"""Files of a folder that are read for how one of them is to be read."""

_LONGEST_BESIDE: Seconds = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags(Description):
    """What a file says about itself; texts are clean, one line and never long.

    `sheet` is the cue sheet inside it, or why that cannot be used. `words` may have several lines.
    """

    gains: ReplayGain = NO_GAINS
    words: Words = NO_WORDS
    sheet: Sheet | SheetRefused | None = None


def read_tags(path: Path, encoding: str = "") -> Tags:
    """Return the tags of a file; a missing title is made from the file name.

    Texts that do not say their encoding are read in `encoding`, or in the likeliest one where none is given.

    Raises:
        EmptyFile: the file has no bytes.
        VanishedFile: it is not there.
        UnreadableFile: the system does not let it be read.
        NotAudio: it is something else than sound.
        CorruptFile: it begins like sound and cannot be understood.
    """
    try:
        with LimitedFile(path) as file:
            if not file.read(1):
                raise EmptyFile(path)
            if names_other_files(file):
                raise NotAudio(path)
            try:
                found = within_limits(lambda: find_tags(file))
            except TagsTooHeavy as error:
                raise CorruptFile(path, "its tags take too long to read") from error
            is_audio = found.has_sound and (found.is_known or holds_audio(file))
    except OSError as error:
        raise from_os_error(path, error) from error
    if not is_audio:
        raise NotAudio(path)
    seconds = found.seconds if found.is_known else probe(path)
    beside = partial(_undeclared_beside, str(path.parent), path.suffix)
    named, said = words_among(merged(found.sources))
    fields = with_encodings(named, beside, encoding)
    tags = _tags(fields, clean(_readable(path, encoding)) or "Untitled", seconds, found.coding)
    words = words_of(with_encodings(said, beside, encoding))
    return replace(tags, words=words, sheet=sheet_of(fields.get(SHEET, ()), found.sheet))


@lru_cache(maxsize=64)
def _undeclared_beside(folder: str, suffix: str) -> tuple[bytes, ...]:
    """The texts of undeclared encoding in some files of a folder, as their bytes are.

    They are evidence for each other: an album was tagged by one program on one machine. What cannot be read has none.
    """
    try:
        paths = sorted(path for path in Path(folder).iterdir() if path.suffix == suffix and path.is_file())
    except OSError:
        return ()
    texts: dict[bytes, None] = {}
    begun = time.monotonic()
    for path in paths[:: max(1, len(paths) // _MOST_NEIGHBOURS)][:_MOST_NEIGHBOURS]:
        if time.monotonic() - begun < _LONGEST_BESIDE:
            texts.update(dict.fromkeys(_undeclared_in(path)))
    return tuple(texts)


def _readable(path: Path, encoding: str) -> str:
    """The name of a file without its ending; where it is not in UTF-8, in the likeliest encoding."""
    name = os.fsencode(path.stem)
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        likely = likely_encoding([name], partial(_names_of_old, str(path.parent)), encoding)
        return decoded(name, likely) or path.stem


@lru_cache(maxsize=64)
def _names_of_old(folder: str) -> tuple[bytes, ...]:
    """Some names in a folder that are not in UTF-8: evidence for each other."""
    with suppress(OSError), os.scandir(folder) as entries:
        stems = (os.path.splitext(entry.name)[0] for entry in islice(entries, _MOST_NAMES))  # noqa: PTH122
        return tuple(os.fsencode(stem) for stem in stems if _UNREADABLE.search(stem))
    return ()


def _undeclared_in(path: Path) -> list[bytes]:
    try:
        with LimitedFile(path) as file:
            found = within_limits(lambda: find_tags(file), _LONGEST_BESIDE)
    except (OSError, TagsTooHeavy):  # said where that file itself is read
        return []
    return [text.encode("latin-1") for text in undeclared_texts([words_among(merged(found.sources))[0]])]


def _tags(fields: Fields, stem: str, seconds: Seconds | None, coding: Coding) -> Tags:
    def text(name: str) -> str:
        return clean(next(iter(fields.get(name, ())), ""))

    def several(name: str) -> list[str]:
        parts = (part for each in fields.get(name, ()) for part in each.split("\0"))  # so APEv2 has several in one
        return [value for part in parts if (value := clean(part))][:_MOST_ARTISTS]

    position = _position(fields.get("track", ()), fields.get("disc", ()))
    artist, artists = _credited(several("artist"), several("artists"))
    album_artist, album_artists = _credited(several("album_artist"), several("album_artists"))
    genres = tidy_genres(fields.get("genre", ()))
    return Tags(
        title=text("title") or stem,
        artist=artist,
        album=text("album"),
        album_artist=album_artist,
        genre=genres[0] if genres else "",
        genres=genres,
        year=_first(parse_year, fields.get("date", ())),
        track_number=position.number,
        disc_number=position.disc,
        seconds=seconds,
        licence=text("licence"),
        gains=replay_gain(fields),
        artists=artists,
        album_artists=album_artists,
        compilation=text("compilation").lower() in _YES,
        rating=stars(fields),
        mbid=mbid_in(text("mbid")),
        album_mbid=mbid_in(text("album_mbid")),
        artist_mbid=mbid_in(text("artist_mbid")[:ID_LENGTH]),  # several stand in one text in some formats
        isrc=isrc_in(text("isrc")),
        **coding._asdict(),
    )


def _first(parse: Callable[[str], int | None], texts: Sequence[str]) -> int | None:
    return next((found for text in texts if (found := parse(text)) is not None), None)


def _position(tracks: Sequence[str], discs: Sequence[str]) -> Position:
    """Number and disc of a track; the side of a record tells more than a number of the disc, which has two of them."""
    found = next((found for text in tracks if (found := parse_position(text)) != NOWHERE), NOWHERE)
    said = _first(parse_disc, discs)
    return found if found.is_side or said is None else Position(found.number, said)


def _credited(written: list[str], single: list[str]) -> tuple[str, tuple[str, ...]]:
    """Artists as they are shown, and one by one where the file tells them apart.

    Args:
        written: of the field for artists; where it is repeated each is one.
        single: of the field that programs write beside it for this alone; some put all in one text.
    """
    if len(single) == 1:
        single = [name for part in single[0].split(";") if (name := part.strip())]
    told = single or (written if len(written) > 1 else [])
    shown = clean("; ".join(written or told))
    if len(told) == 1 and (stands_alone(shown) or _JOINED.search(told[0])):
        return shown, ()
    return shown, tuple(dict.fromkeys(told))
