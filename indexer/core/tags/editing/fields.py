"""The fields of tags that can be edited: what each may hold, and how each kind of tag calls it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from indexer.core.errors import SegueError
from indexer.core.tags.values import parse_year
from indexer.core.text import LONGEST_TEXT, clean


class Field(StrEnum):
    """What can be edited; the values are the names at the shell and in the journal."""

    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    ALBUM_ARTIST = "album_artist"
    TRACK = "track"
    TRACKS = "tracks"  # how many the disc has
    DISC = "disc"
    DISCS = "discs"
    DATE = "date"
    GENRE = "genre"
    COMPOSER = "composer"
    COMMENT = "comment"
    COMPILATION = "compilation"


Values = Mapping[Field, tuple[str, ...]]
"""What is said, by field: of those of `SEVERAL` any number of texts, of the others one; none where nothing is said."""

SEVERAL = frozenset({Field.ARTIST, Field.ALBUM_ARTIST, Field.GENRE, Field.COMPOSER})
NUMBERS = frozenset({Field.TRACK, Field.TRACKS, Field.DISC, Field.DISCS})
_PAIRS = ((Field.TRACK, Field.TRACKS), (Field.DISC, Field.DISCS))

_MOST_VALUES = 20
_NUMBER = re.compile(r"[1-9]\d{0,3}")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_GENRE_CODE = re.compile(r"\d+|RX|CR|\(.*")
"""What ID3 takes for the number of a genre, or for the beginning of one."""


class TagsRefused(SegueError):
    """A file whose tags are left as they are, or a value that no tag may have."""


class Holder(Protocol):
    """One tag of a file, of whatever kind: texts by name."""

    def get(self, name: str) -> list[str]:
        """The texts under a name; none where it is not there."""

    def put(self, name: str, values: Sequence[str]) -> None:
        """Have these texts under a name in place of those that are there; none remove it."""


@dataclass(frozen=True)
class Notation:
    """How one kind of tag calls the fields.

    Attributes:
        names: of each field; where a tag has none of them, the first is written.
        beside: names under which programs keep the single artists; they are kept in step where they are there.
        adds: a field that is not there is added; else only what is there is kept in step.
    """

    names: Mapping[Field, tuple[str, ...]]
    beside: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    adds: bool = True


def checked(changes: Mapping[Field, Sequence[str]]) -> Values:
    """The values as they are written: clean, each once, on one line.

    Raises:
        TagsRefused: one of them is none that the field may have.
    """
    return {each: _checked(each, values) for each, values in changes.items()}


def _checked(name: Field, values: Sequence[str]) -> tuple[str, ...]:
    if any(len(value) > LONGEST_TEXT for value in values):
        raise TagsRefused("tags-value-long", field=name, most=LONGEST_TEXT)
    kept = tuple(dict.fromkeys(text for value in values if (text := clean(value))))
    if len(kept) > (_MOST_VALUES if name in SEVERAL else 1):
        raise TagsRefused("tags-value-many", field=name, most=_MOST_VALUES if name in SEVERAL else 1)
    for text in kept:
        if not _may_have(name, text):
            raise TagsRefused("tags-value", field=name, value=text)
    return kept


def _may_have(name: Field, text: str) -> bool:
    if name in NUMBERS:
        return _NUMBER.fullmatch(text) is not None
    if name is Field.DATE:
        return _DATE.fullmatch(text) is not None and parse_year(text) is not None
    if name is Field.COMPILATION:
        return text == "1"
    if name is Field.GENRE:
        return _GENRE_CODE.fullmatch(text) is None and ";" not in text
    return True


def values_in(tag: Holder, notation: Notation) -> dict[Field, tuple[str, ...]]:
    """What one tag says; a number and its total apart, however they are written."""
    found: dict[Field, tuple[str, ...]] = {}
    for name, known in notation.names.items():
        values = next((values for one in known if (values := tag.get(one))), [])
        found[name] = tuple(dict.fromkeys(text for value in values if (text := clean(value))))
    for number, total in _PAIRS:
        text = next(iter(found.get(number, ())), "")
        first, slash, last = (part.strip() for part in text.partition("/"))
        if slash:
            found[number] = (first,) if first.strip("0") else ()
            found[total] = found.get(total) or ((last,) if last else ())
    if found.get(Field.COMPILATION):
        is_one = found[Field.COMPILATION][0].lower() in {"1", "true", "yes"}
        found[Field.COMPILATION] = ("1",) if is_one else ()
    return {name: values for name, values in found.items() if values}


def put_into(tag: Holder, notation: Notation, changes: Values) -> None:
    """Have a tag say what has changed; all names of a field that are there say the same, nothing else is touched.

    Of comments, of which a tag may hold several, the one that was shown changes; emptied, all of them go.
    """
    before = values_in(tag, notation)
    paired = {each for pair in _PAIRS for each in pair}
    for name, values in changes.items():
        if name not in paired and name in notation.names:
            _put(tag, notation, name, values)
        for one in notation.beside.get(name, ()):
            if tag.get(one):
                tag.put(one, values)
    for number, total in _PAIRS:
        if number not in notation.names or not {number, total} & changes.keys():
            continue
        first, last = ("".join(changes.get(each, before.get(each, ()))) for each in (number, total))
        apart = total in notation.names
        joined = f"{first or 0}/{last}" if last and not apart else first
        _put(tag, notation, number, (joined,) if joined else ())
        if apart:
            _put(tag, notation, total, (last,) if last else ())


def _put(tag: Holder, notation: Notation, name: Field, values: Sequence[str]) -> None:
    names = notation.names[name]
    there = [one for one in names if tag.get(one)]
    if name is Field.COMMENT and values:
        there = there[:1]  # what is under another of its names may be another text: a description
    for one in there or (names[:1] if notation.adds else ()):
        tag.put(one, values)


_F = Field
COMMENTS = Notation(
    {
        _F.TITLE: ("title",),
        _F.ARTIST: ("artist",),
        _F.ALBUM: ("album",),
        _F.ALBUM_ARTIST: ("albumartist", "album artist", "album_artist"),
        _F.TRACK: ("tracknumber", "track", "track number", "trackno"),
        _F.TRACKS: ("tracktotal", "totaltracks"),
        _F.DISC: ("discnumber", "disc", "disc number", "disknumber", "disk"),
        _F.DISCS: ("disctotal", "totaldiscs"),
        _F.DATE: ("date", "year"),
        _F.GENRE: ("genre",),
        _F.COMPOSER: ("composer",),
        _F.COMMENT: ("comment", "description"),  # FFmpeg and programs with TagLib write the latter
        _F.COMPILATION: ("compilation",),
    },
    {_F.ARTIST: ("artists",), _F.ALBUM_ARTIST: ("albumartists", "album_artists", "album artists")},
)
"""Of FLAC and Ogg."""

APE = Notation(
    {
        **{name: names for name, names in COMMENTS.names.items() if name not in {_F.TRACKS, _F.DISCS}},
        _F.TITLE: ("Title", "title"),
        _F.ARTIST: ("Artist",),
        _F.ALBUM: ("Album",),
        _F.ALBUM_ARTIST: ("Album Artist", "albumartist", "album_artist"),
        _F.TRACK: ("Track", "tracknumber", "track number", "trackno"),
        _F.DISC: ("Disc", "discnumber", "disc number", "disknumber", "disk"),
        _F.DATE: ("Year", "date"),
        _F.GENRE: ("Genre",),
        _F.COMPOSER: ("Composer",),
        _F.COMMENT: ("Comment", "description"),
        _F.COMPILATION: ("Compilation",),
    },
    COMMENTS.beside,
)

ID3 = Notation(
    {
        _F.TITLE: ("TIT2", "TXXX:title"),
        _F.ARTIST: ("TPE1", "TXXX:artist"),
        _F.ALBUM: ("TALB", "TXXX:album"),
        _F.ALBUM_ARTIST: ("TPE2", "TXXX:albumartist", "TXXX:album artist", "TXXX:album_artist"),
        _F.TRACK: ("TRCK", *(f"TXXX:{name}" for name in COMMENTS.names[_F.TRACK])),
        _F.DISC: ("TPOS", *(f"TXXX:{name}" for name in COMMENTS.names[_F.DISC])),
        _F.DATE: ("date", "TXXX:date", "TXXX:year"),
        _F.GENRE: ("TCON", "TXXX:genre"),
        _F.COMPOSER: ("TCOM", "TXXX:composer"),
        _F.COMMENT: ("COMM", "TXXX:comment"),
        _F.COMPILATION: ("TCMP", "TXXX:compilation"),
    },
    {
        _F.ARTIST: ("TXXX:artists",),
        _F.ALBUM_ARTIST: ("TXXX:albumartists", "TXXX:album_artists", "TXXX:album artists"),
    },
)

_ITUNES = "----:com.apple.iTunes:"
MP4 = Notation(
    {
        _F.TITLE: ("\xa9nam",),
        _F.ARTIST: ("\xa9ART",),
        _F.ALBUM: ("\xa9alb",),
        _F.ALBUM_ARTIST: ("aART",),
        _F.TRACK: ("trkn",),
        _F.DISC: ("disk",),
        _F.DATE: ("\xa9day",),
        _F.GENRE: ("\xa9gen",),
        _F.COMPOSER: ("\xa9wrt",),
        _F.COMMENT: ("\xa9cmt",),
        _F.COMPILATION: ("cpil",),
    },
    {
        _F.ARTIST: (f"{_ITUNES}ARTISTS",),
        _F.ALBUM_ARTIST: (f"{_ITUNES}ALBUMARTISTS", f"{_ITUNES}ALBUM_ARTISTS"),
    },
)

ASF = Notation(
    {
        _F.TITLE: ("Title", "title"),
        _F.ARTIST: ("Author", "artist"),
        _F.ALBUM: ("WM/AlbumTitle", "album"),
        _F.ALBUM_ARTIST: ("WM/AlbumArtist", *COMMENTS.names[_F.ALBUM_ARTIST]),
        _F.TRACK: ("WM/TrackNumber", *COMMENTS.names[_F.TRACK]),
        _F.TRACKS: ("TotalTracks",),
        _F.DISC: ("WM/PartOfSet", *COMMENTS.names[_F.DISC]),
        _F.DATE: ("WM/Year", *COMMENTS.names[_F.DATE]),
        _F.GENRE: ("WM/Genre", "genre"),
        _F.COMPOSER: ("WM/Composer", "composer"),
        _F.COMMENT: ("Description", "comment"),
        _F.COMPILATION: ("WM/IsCompilation", "compilation"),
    },
    {_F.ARTIST: ("WM/ARTISTS",), _F.ALBUM_ARTIST: ("WM/ALBUMARTISTS",)},
)
"""With what FFmpeg writes under the names that it has itself: the date, and the title once more."""

INFO = Notation(
    {
        _F.TITLE: ("INAM", "TITL"),
        _F.ARTIST: ("IART",),
        _F.ALBUM: ("IPRD", "IALB"),
        _F.TRACK: ("ITRK", "IPRT", "TRCK", "PRT1"),
        _F.DATE: ("ICRD", "YEAR"),
        _F.GENRE: ("IGNR",),
        _F.COMPOSER: ("IMUS",),
        _F.COMMENT: ("ICMT",),
    },
    adds=False,
)
"""Of the list in WAVE files, which has no place for the rest."""

AIFF = Notation({_F.TITLE: ("NAME",), _F.ARTIST: ("AUTH",), _F.COMMENT: ("ANNO",)}, adds=False)
