"""Gives the tags of every format the same field names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mutagen.asf import ASFTags
from mutagen.id3 import ID3, Encoding
from mutagen.mp4 import MP4Tags

from indexer.core.tags.cue.inside import NAME as SHEET
from indexer.core.tags.cue.inside import sheet_texts
from indexer.core.tags.encodings import Undeclared
from indexer.core.tags.replaygain import GAIN_NAMES

Fields = Mapping[str, Sequence[str]]
"""Texts by name: title, artist, artists, album, album_artist, album_artists, compilation, genre, date, track, disc,
licence, and the names of gain tags; under `SHEET` whole cue sheets."""

_MOST_VALUES = 20
"""Values kept of one field."""

_LONGEST_VALUE = 4096
"""Characters looked at of one value, before cleaning."""

_ID3 = {
    "title": ("TIT2",),
    "artist": ("TPE1",),
    "artists": ("TXXX:ARTISTS", "TXXX:Artists", "TXXX:artists"),
    "album": ("TALB",),
    "album_artist": ("TPE2",),
    "album_artists": ("TXXX:ALBUMARTISTS", "TXXX:AlbumArtists", "TXXX:albumartists", "TXXX:ALBUM_ARTISTS"),
    "compilation": ("TCMP", "TXXX:COMPILATION"),
    "genre": ("TCON",),
    "date": ("TDRC", "TYER", "TDRL", "TDOR", "TORY"),
    "track": ("TRCK",),
    "disc": ("TPOS",),
    "licence": ("TXXX:LICENSE", "TXXX:license", "WCOP", "TCOP"),
}

_MP4 = {
    "title": ("\xa9nam",),
    "artist": ("\xa9ART",),
    "artists": ("----:com.apple.iTunes:ARTISTS",),
    "album": ("\xa9alb",),
    "album_artist": ("aART",),
    "album_artists": ("----:com.apple.iTunes:ALBUMARTISTS", "----:com.apple.iTunes:ALBUM_ARTISTS"),
    "compilation": ("cpil",),
    "genre": ("\xa9gen",),
    "date": ("\xa9day",),
    "track": ("trkn",),
    "disc": ("disk",),
    "licence": ("----:com.apple.iTunes:LICENSE", "cprt"),
}

_ASF = {
    "title": ("Title",),
    "artist": ("Author",),
    "artists": ("WM/ARTISTS",),
    "album": ("WM/AlbumTitle",),
    "album_artist": ("WM/AlbumArtist",),
    "album_artists": ("WM/ALBUMARTISTS",),
    "compilation": ("WM/IsCompilation",),
    "genre": ("WM/Genre",),
    "date": ("WM/Year",),
    "track": ("WM/TrackNumber",),
    "disc": ("WM/PartOfSet",),
    "licence": ("Copyright",),
}

_COMMENTS = {
    "title": ("title",),
    "artist": ("artist",),
    "artists": ("artists",),
    "album": ("album",),
    "album_artist": ("albumartist", "album artist", "album_artist"),
    "album_artists": ("albumartists", "album_artists", "album artists"),
    "compilation": ("compilation",),
    "genre": ("genre",),
    "date": ("date", "year", "originaldate", "originalyear", "recorded date"),
    "track": ("tracknumber", "track", "track number", "trackno"),
    "disc": ("discnumber", "disc", "disc number", "disknumber", "disk"),
    "licence": ("license", "licence", "copyright"),
}
"""Vorbis comments, APEv2, Matroska, Core Audio, and what people add to other formats under names of their own; the
names are the same whatever their case."""

RIFF_NAMES = {
    "title": ("INAM", "TITL"),
    "artist": ("IART",),
    "album": ("IPRD", "IALB"),
    "genre": ("IGNR",),
    "date": ("ICRD", "YEAR"),
    "track": ("ITRK", "IPRT", "TRCK", "PRT1"),
    "licence": ("ICOP",),
}
"""Entries of LIST INFO chunks in WAVE files."""

AIFF_NAMES = {"title": ("NAME",), "artist": ("AUTH",), "licence": ("(c) ",)}

_SEVERAL_TRIED = frozenset({"date", "track", "disc"})
"""Of these all notations are kept: where the first one makes no sense, the next one may."""


def undeclared(data: bytes) -> str:
    """The text in bytes of an encoding that is not named, up to the first zero: ASCII and UTF-8 name themselves."""
    data = data.partition(b"\0")[0]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return Undeclared(data.decode("latin-1"))


def fields_of(tags: Any) -> Fields:
    """The texts of the tags of what `mutagen.File` returned, or of a kind of tag alone."""
    if tags is None:
        return {}
    sheets = sheet_texts(tags)
    return {**_fields_of(tags), **({SHEET: sheets} if sheets else {})}


def _fields_of(tags: Any) -> Fields:
    if isinstance(tags, ID3):
        own = {str(frame.desc).lower(): frame for frame in tags.getall("TXXX")}
        return {**_collected(_ID3, tags.get, own.get, _id3_texts), **_gains(tags, _id3_texts)}
    if isinstance(tags, MP4Tags):
        own = {str(key).rpartition(":")[2].lower(): value for key, value in tags.items() if key.startswith("----")}
        return {**_collected(_MP4, tags.get, own.get, _mp4_texts), **_gains(tags, _mp4_texts)}
    if isinstance(tags, ASFTags):
        own = {str(key).lower(): tags[key] for key in tags.keys()}  # noqa: SIM118 - a list of pairs, not a mapping
        return {**_collected(_ASF, tags.get, own.get, _texts), **_gains(tags, _texts)}
    return {**_collected({}, tags.get, lambda name: _lenient(tags, name), _texts), **_gains(tags, _texts)}


def named_fields(names: Mapping[str, tuple[str, ...]] | None, texts: Mapping[str, list[str]]) -> Fields:
    """The fields of plain texts by name: by `names`, or where these are None by those of Vorbis comments."""
    if names is None:
        sheets = sheet_texts(texts)
        own = {**_collected({}, texts.get, texts.get, _texts), **_gains(texts, _texts)}
        return {**own, **({SHEET: sheets} if sheets else {})}
    return _collected(names, texts.get, lambda _: None, _texts)


def merged(sources: Sequence[Fields]) -> Fields:
    """One set of fields: each from the first source that has it, and all that is known of numbers and dates."""
    fields: dict[str, list[str]] = {}
    for source in sources:
        for name, values in source.items():
            if name in _SEVERAL_TRIED:
                fields.setdefault(name, []).extend(values)
            else:
                fields.setdefault(name, list(values))
    return fields


def _collected(
    names: Mapping[str, tuple[str, ...]],
    get: Callable[[str], Any],
    get_own: Callable[[str], Any],
    texts: Callable[[Any], list[str]],
) -> Fields:
    """The fields that a format has names for, and else those that people gave the names that Vorbis comments have."""
    fields: dict[str, list[str]] = {}
    for field, common in _COMMENTS.items():
        found: list[str] = []
        for value in (*map(get, names.get(field, ())), *map(get_own, common)):
            if value is None or (found and field not in _SEVERAL_TRIED):
                continue
            found += texts(value)
        if found:
            fields[field] = list(dict.fromkeys(found))
    return fields


def _gains(tags: Any, texts: Callable[[Any], list[str]]) -> Fields:
    """What is said about loudness, by the tags' names in small letters."""
    fields: dict[str, list[str]] = {}
    for key in list(tags.keys()):
        name = str(key).rpartition(":")[2].lower()
        if name in GAIN_NAMES and name not in fields and (found := texts(_lenient(tags, key))):
            fields[name] = found
    return fields


def _lenient(tags: Any, name: str) -> Any:
    """Comments refuse names that they cannot hold, APEv2 the one-letter ones for example."""
    try:
        return tags.get(name)
    except (KeyError, ValueError):  # text that is not UTF-8 is such an error, too
        return None


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    texts = [_bounded(item) for item in values[:_MOST_VALUES]]
    return [text for text in texts if text.strip()]


def _bounded(item: Any) -> str:
    text = item if isinstance(item, str) else str(item)
    return text if len(text) <= _LONGEST_VALUE else type(text)(text[:_LONGEST_VALUE])


def _id3_texts(frame: Any) -> list[str]:
    for attribute in ("genres", "text", "url"):  # TCON has genres and text, and only genres resolves its numbers
        if (value := getattr(frame, attribute, None)) is not None:
            texts = _texts(value)
            return _recoded(texts) if getattr(frame, "encoding", None) == Encoding.LATIN1 else texts
    return []


def _recoded(texts: list[str]) -> list[str]:
    """Texts that are said to be Latin-1, which few programs kept to: UTF-16 in disguise first, cut at its zeros."""
    if texts and texts[0].startswith(("\xff\xfe", "\xfe\xff")):
        return [text for text in ["\0".join(texts).encode("latin-1").decode("utf-16", "ignore")] if text.strip()]
    return [text if text.isascii() else undeclared(text.encode("latin-1", "ignore")) for text in texts]


def _mp4_texts(value: Any) -> list[str]:
    """Numbers come as pairs of number and total, free-form atoms as bytes."""
    values = value if isinstance(value, list) else [value]
    return _texts([_mp4_text(item) for item in values[:_MOST_VALUES]])


def _mp4_text(item: Any) -> str:
    if isinstance(item, tuple):
        return str(item[0]) if item else ""
    if isinstance(item, bytes):
        return item[:_LONGEST_VALUE].decode("utf-8", "replace")
    return str(item)
