"""Gives the tags of every format the same field names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mutagen.asf import ASFTags
from mutagen.id3 import ID3, Encoding
from mutagen.mp4 import MP4Tags

from indexer.core.tags.cue.inside import NAME as SHEET
from indexer.core.tags.cue.inside import sheet_texts
from indexer.core.tags.encodings import Undeclared
from indexer.core.tags.ratings import OF_SOMEBODY, POPULARIMETER, RATING_NAMES
from indexer.core.tags.replaygain import GAIN_NAMES

Fields = Mapping[str, Sequence[str]]
"""Texts by name: title, artist, artists, album, album_artist, album_artists, compilation, genre, date, track, disc,
licence, mbid, album_mbid, artist_mbid, isrc, and the names of gain and rating tags; those of `WORDS`; under `SHEET`
whole cue sheets."""

_MOST_VALUES = 20
"""Values kept of one field."""

_LONGEST_VALUE = 4096
"""Characters looked at of one value, before cleaning."""

_LONGEST_WORDS = 1 << 16
"""The same of lyrics and the like."""

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
    "isrc": ("TSRC",),
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
    "mbid": ("MusicBrainz/Track Id",),
    "album_mbid": ("MusicBrainz/Album Id",),
    "artist_mbid": ("MusicBrainz/Artist Id",),
    "isrc": ("WM/ISRC",),
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
    "mbid": ("musicbrainz_trackid", "musicbrainz track id"),
    "album_mbid": ("musicbrainz_albumid", "musicbrainz album id"),
    "artist_mbid": ("musicbrainz_artistid", "musicbrainz artist id"),
    "isrc": ("isrc",),
}
"""Vorbis comments, APEv2, Matroska, Core Audio, and what people add to other formats under names of their own; the
names are the same whatever their case."""

WORDS = {
    "lyrics": ("lyrics", "unsyncedlyrics", "unsynced lyrics", "syncedlyrics", "synced lyrics"),
    "comments": ("comment", "comments", "description"),
    "words": (
        *("grouping", "content group", "contentgroup", "mood", "moods", "style", "styles", "theme", "themes"),
        *("occasion", "keyword", "keywords", "tag", "tags", "subgenre", "lastfm_tags", "lastfm tags", "last.fm tags"),
    ),
}
"""What is said about a track in words that are no names: all values of all these names. `words` are those by which
people sort music, in folksonomies such as Last.fm's for one."""

_ID3_WORDS = {"words": ("TIT1", "GRP1", "TMOO")}
_MP4_WORDS = {"lyrics": ("\xa9lyr",), "comments": ("\xa9cmt", "desc", "ldes"), "words": ("\xa9grp", "keyw")}
_ASF_WORDS = {
    "lyrics": ("WM/Lyrics",),
    "comments": ("Description", "WM/Text"),
    "words": ("WM/ContentGroupDescription", "WM/Mood", "WM/Category"),
}

_OF_PROGRAMS = re.compile(
    r"itun|songs-db_(?!occasion|custom)|musicmatch_(?!mood)|c0$|rio_|xmp|cddb|rgad|replaygain", re.IGNORECASE
)
"""How the names of comments begin that programs write for themselves: iTunes its loudness, for one."""

RIFF_NAMES = {
    "title": ("INAM", "TITL"),
    "artist": ("IART",),
    "album": ("IPRD", "IALB"),
    "genre": ("IGNR",),
    "date": ("ICRD", "YEAR"),
    "track": ("ITRK", "IPRT", "TRCK", "PRT1"),
    "licence": ("ICOP",),
    "comments": ("ICMT",),
    "words": ("IKEY",),
}
"""Entries of LIST INFO chunks in WAVE files."""

AIFF_NAMES = {"title": ("NAME",), "artist": ("AUTH",), "licence": ("(c) ",), "comments": ("ANNO",)}

_IN_MILLISECONDS = 2
"""What a frame of timed lyrics has times in; otherwise it counts frames of MPEG."""

_MUSICBRAINZ = "http://musicbrainz.org"
"""Whose ids are in a frame of ID3."""

_SEVERAL_TRIED = frozenset({"date", "track", "disc"})
"""Of these all notations are kept: where the first one makes no sense, the next one may."""

_Names = Mapping[str, tuple[str, ...]]
_Getter = Callable[[str], Any]


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
        said = _collected(_ID3, tags.get, own.get, _id3_texts)
        return {**said, **_by_own_names(tags, _id3_texts), **_id3_frames(tags, own.get), **_id3_mbid(tags)}
    if isinstance(tags, MP4Tags):
        own = {str(key).rpartition(":")[2].lower(): value for key, value in tags.items() if key.startswith("----")}
        return _all_fields(tags, tags.get, own.get, _MP4, _MP4_WORDS, _mp4_texts)
    if isinstance(tags, ASFTags):
        own = {str(key).lower(): tags[key] for key in tags.keys()}  # noqa: SIM118 - a list of pairs, not a mapping
        return _all_fields(tags, tags.get, own.get, _ASF, _ASF_WORDS, _texts)
    return _all_fields(tags, tags.get, lambda name: _lenient(tags, name), {}, {}, _texts)


def named_fields(names: Mapping[str, tuple[str, ...]] | None, texts: Mapping[str, list[str]]) -> Fields:
    """The fields of plain texts by name: by `names`, or where these are None by those of Vorbis comments."""
    if names is None:
        sheets = sheet_texts(texts)
        own = _all_fields(texts, texts.get, texts.get, {}, {}, _texts)
        return {**own, **({SHEET: sheets} if sheets else {})}
    return {**_collected(names, texts.get, _nothing, _texts), **_word_fields(names, texts.get, _nothing, _texts)}


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


def _all_fields(
    tags: Any, get: _Getter, get_own: _Getter, names: _Names, words: _Names, texts: Callable[[Any, int], list[str]]
) -> Fields:
    said, more = _collected(names, get, get_own, texts), _word_fields(words, get, get_own, texts)
    return {**said, **more, **_by_own_names(tags, texts)}


def _collected(names: _Names, get: _Getter, get_own: _Getter, texts: Callable[[Any, int], list[str]]) -> Fields:
    """The fields that a format has names for, and else those that people gave the names that Vorbis comments have."""
    fields: dict[str, list[str]] = {}
    for field, common in _COMMENTS.items():
        found: list[str] = []
        for value in (*map(get, names.get(field, ())), *map(get_own, common)):
            if value is None or (found and field not in _SEVERAL_TRIED):
                continue
            found += texts(value, _LONGEST_VALUE)
        if found:
            fields[field] = list(dict.fromkeys(found))
    return fields


def _word_fields(names: _Names, get: _Getter, get_own: _Getter, texts: Callable[[Any, int], list[str]]) -> Fields:
    """What is said in words, under all names together."""
    fields: dict[str, list[str]] = {}
    for field, common in WORDS.items():
        values = (*map(get, names.get(field, ())), *map(get_own, common))
        found = [text for value in values if value is not None for text in texts(value, _LONGEST_WORDS)]
        if found:
            fields[field] = list(dict.fromkeys(found))[:_MOST_VALUES]
    return fields


def _id3_frames(tags: ID3, get_own: _Getter) -> Fields:
    """Words and ratings, of which ID3 has frames with more than a text in them."""
    fields = dict(_word_fields(_ID3_WORDS, tags.get, get_own, _id3_texts))
    sung = [text for frame in tags.getall("USLT") for text in _id3_texts(frame, _LONGEST_WORDS)]
    timed = [_timed_text(frame) for frame in tags.getall("SYLT")[:_MOST_VALUES]]
    said = (frame for frame in tags.getall("COMM") if not _OF_PROGRAMS.match(str(frame.desc)))
    comments = [text for frame in said for text in _id3_texts(frame, _LONGEST_WORDS)]
    liked = [f"{frame.rating} {frame.email}" for frame in tags.getall("POPM")]
    for field, found in (("lyrics", [*sung, *timed]), ("comments", comments), (POPULARIMETER, liked)):
        if texts := [text for text in dict.fromkeys([*found, *fields.get(field, ())]) if text.strip()]:
            fields[field] = texts[:_MOST_VALUES]
    return fields


def _id3_mbid(tags: ID3) -> Fields:
    """The id of the recording as MusicBrainz's own programs write it."""
    frame = tags.get(f"UFID:{_MUSICBRAINZ}")
    return {} if frame is None else {"mbid": [undeclared(frame.data[:_LONGEST_VALUE])]}


def _timed_text(frame: Any) -> str:
    """Lyrics in pieces with the time of each, as LRC writes them: lines, or syllables among which some begin a line."""
    pieces = [(str(piece[0]), piece[1]) for piece in frame.text]
    if any("\n" in words for words, _ in pieces):
        pieces = _whole_lines(pieces)
    clocks = [_clock(at) if frame.format == _IN_MILLISECONDS else "" for _, at in pieces]
    text = "\n".join(f"{at}{words}" for at, (words, _) in zip(clocks, pieces, strict=True))[:_LONGEST_WORDS]
    recoded = _recoded([text]) if frame.encoding == Encoding.LATIN1 else [text]
    return next(iter(recoded), "")


def _whole_lines(pieces: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Lines with the time of their first syllable."""
    lines: list[tuple[str, int]] = []
    for words, at in pieces:
        first, *others = words.split("\n")
        if lines:
            lines[-1] = (lines[-1][0] + first, lines[-1][1] if lines[-1][0] else at)
        else:
            lines.append((first, at))
        lines += [(other, at) for other in others]
    return lines


def _clock(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds, 60_000)
    return f"[{min(minutes, 999):02}:{rest // 1000:02}.{rest % 1000:03}]"


def _by_own_names(tags: Any, texts: Callable[[Any, int], list[str]]) -> Fields:
    """What is said about loudness and liking, by the tags' names in small letters."""
    fields: dict[str, list[str]] = {}
    for key in list(tags.keys()):
        name = _own_name(str(key))
        is_wanted = name in GAIN_NAMES or name in RATING_NAMES or name.startswith(OF_SOMEBODY)
        if is_wanted and name not in fields and (found := texts(_lenient(tags, key), _LONGEST_VALUE)):
            fields[name] = found
    return fields


def _own_name(key: str) -> str:
    """What a person calls a tag, without what ID3 and MP4 put before that."""
    name = key.lower()
    if name.startswith("----:"):
        return name.split(":", 2)[-1]
    return name.removeprefix("txxx:")


def _nothing(name: str) -> None:  # noqa: ARG001 - of formats in which people cannot name anything
    return None


def _lenient(tags: Any, name: str) -> Any:
    """Comments refuse names that they cannot hold, APEv2 the one-letter ones for example."""
    try:
        return tags.get(name)
    except (KeyError, ValueError):  # text that is not UTF-8 is such an error, too
        return None


def _texts(value: Any, longest: int) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    texts = [_bounded(item, longest) for item in values[:_MOST_VALUES]]
    return [text for text in texts if text.strip()]


def _bounded(item: Any, longest: int) -> str:
    text = item if isinstance(item, str) else str(item)
    return text if len(text) <= longest else type(text)(text[:longest])


def _id3_texts(frame: Any, longest: int) -> list[str]:
    for attribute in ("genres", "text", "url"):  # TCON has genres and text, and only genres resolves its numbers
        if (value := getattr(frame, attribute, None)) is not None:
            texts = _texts(value, longest)
            return _recoded(texts) if getattr(frame, "encoding", None) == Encoding.LATIN1 else texts
    return []


def _recoded(texts: list[str]) -> list[str]:
    """Texts that are said to be Latin-1, which few programs kept to: UTF-16 in disguise first, cut at its zeros."""
    if texts and texts[0].startswith(("\xff\xfe", "\xfe\xff")):
        return [text for text in ["\0".join(texts).encode("latin-1").decode("utf-16", "ignore")] if text.strip()]
    return [text if text.isascii() else undeclared(text.encode("latin-1", "ignore")) for text in texts]


def _mp4_texts(value: Any, longest: int) -> list[str]:
    """Numbers come as pairs of number and total, free-form atoms as bytes."""
    values = value if isinstance(value, list) else [value]
    return _texts([_mp4_text(item, longest) for item in values[:_MOST_VALUES]], longest)


def _mp4_text(item: Any, longest: int) -> str:
    if isinstance(item, tuple):
        return str(item[0]) if item else ""
    if isinstance(item, bytes):
        return item[:longest].decode("utf-8", "replace")
    return str(item)
