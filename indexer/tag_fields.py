"""Gives the tags of every format the same field names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mutagen.asf import ASFTags
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags

Fields = Mapping[str, Sequence[str]]
"""Texts by name: title, artist, artists, album, album_artist, album_artists, compilation, genre, date, track, disc,
licence, and the names of gain tags."""

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
    "date": ("TDRC", "TYER", "TDOR", "TDRL"),
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
    "date": ("date", "year", "originaldate"),
    "track": ("tracknumber", "track"),
    "disc": ("discnumber", "disc"),
    "licence": ("license", "copyright"),
}
"""Vorbis comments and APEv2, whose names are the same whatever their case."""

_GAINS = frozenset(
    {f"replaygain_{kind}_{what}" for kind in ("track", "album") for what in ("gain", "peak")}
    | {"r128_track_gain", "r128_album_gain"}
)
"""The same in every format, behind a prefix in ID3 (`TXXX:`) and MP4; writers disagree about capitals."""


def fields_of(media: Any) -> Fields:
    """The texts of what `mutagen.File` returned."""
    tags = media.tags
    if tags is None:
        return {}
    if isinstance(tags, ID3):
        return {**_collected(_ID3, tags.get, _id3_texts), **_gains(tags, _id3_texts)}
    if isinstance(tags, MP4Tags):
        return {**_collected(_MP4, tags.get, _mp4_texts), **_gains(tags, _mp4_texts)}
    if isinstance(tags, ASFTags):
        return {**_collected(_ASF, tags.get, _texts), **_gains(tags, _texts)}
    return {**_collected(_COMMENTS, lambda name: _lenient(tags, name), _texts), **_gains(tags, _texts)}


def _collected(
    names: Mapping[str, tuple[str, ...]], get: Callable[[str], Any], texts: Callable[[Any], list[str]]
) -> Fields:
    fields = {}
    for field, candidates in names.items():
        for candidate in candidates:
            value = get(candidate)
            if value is not None and (found := texts(value)):
                fields[field] = found
                break
    return fields


def _gains(tags: Any, texts: Callable[[Any], list[str]]) -> Fields:
    """What is said about loudness, by the tags' names in small letters."""
    fields: dict[str, list[str]] = {}
    for key in list(tags.keys()):
        name = str(key).rpartition(":")[2].lower()
        if name in _GAINS and name not in fields and (found := texts(_lenient(tags, key))):
            fields[name] = found
    return fields


def _lenient(tags: Any, name: str) -> Any:
    """Comments refuse names that they cannot hold, APEv2 the one-letter ones for example."""
    try:
        return tags.get(name)
    except (KeyError, ValueError):
        return None


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    texts = [str(item)[:_LONGEST_VALUE] for item in values[:_MOST_VALUES]]
    return [text for text in texts if text.strip()]


def _id3_texts(frame: Any) -> list[str]:
    for attribute in ("genres", "text", "url"):  # TCON has genres and text, and only genres resolves its numbers
        if (value := getattr(frame, attribute, None)) is not None:
            return _texts(value)
    return []


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
