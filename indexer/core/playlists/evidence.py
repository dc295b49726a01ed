"""Compares what a line of a playlist says about a track, and the folders of its path, with a track of the library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from indexer.core.playlists.entries import Entry
from indexer.core.tracks import Seconds

_NOT_LETTERS = re.compile(r"[\W_]+")
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_MARKS = re.compile("[\u0300-\u036f]")
"""Accents of Latin, Greek and Cyrillic letters. The marks of kana are others, and make another letter."""
_WITHOUT_PARTS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ß": "ss"})

_GUESTS = re.compile(
    r"\s*(?:[;,/&+×]|\b(?:feat|ft|featuring|with|and|und|et|y|vs|x)\b\.?)\s*", re.IGNORECASE
)  # fmt: skip
_SMALL_WORDS = frozenset(
    ["the", "a", "an", "and", "und", "et", "y", "les", "der", "die", "das", "los", "las", "el", "la"]
)
_NOBODY = frozenset({"", "various", "various artists", "va", "unknown", "unknown artist", "diverse", "verschiedene"})

_DISC = re.compile(
    r"(?:cd|disc|disk|dvd|lp|vinyl|record|side|part|teil|seite|platte) ?(?:\d{1,2}|[a-h]|[ivx]{1,4})(?: .*)?"
    r"|\d{1,2}|[a-h]"
)
_SHELVES = frozenset(
    {
        *("album", "albums", "archive", "audio", "backup", "collection", "data", "desktop", "disk"),
        *("documents", "download", "downloads", "drive", "eigene musik", "files", "flac", "home", "itunes"),
        *("itunes media", "itunes music", "library", "media", "meine musik", "mnt", "mp3", "mp3s", "music"),
        *("music library", "musica", "musik", "musikk", "musique", "muziek", "my music", "nas", "public"),
        *("sdcard", "share", "shared", "song", "songs", "sound", "sounds", "storage", "usb", "user", "users"),
        *("volumes"),
    }
)
"""Names of folders that keep music of all kinds and so name nobody."""
_LIKE_A_DRIVE = re.compile(r"[a-z]|\d{0,2}|(?:disk|drive|hdd|ssd|usb|volume|sd[a-z]) ?\d*")

_GENERIC_TITLE = re.compile(
    r"(?:(?:track|titel|title|piste|pista|song|audio ?track|unknown|part|no|untitled|ohne titel|spur) ?)?"
    r"(?:\d{1,3}|[ivx]{1,5})?"
    r"|intro|outro|interlude|prelude|prologue|epilogue|skit|overture|hidden track|bonus track"
)
_NUMBER_FIRST = re.compile(r"(?:cd ?\d )?(?:\d{1,3}|[a-h]\d{1,2})(?: \d{1,3})? (?=\S)")
_RAW_NUMBER = re.compile(r"\s*\d{1,3}[\s.)_-]+")
_NUMBER = re.compile(r"0\d{1,2}|\d{1,2}")
"""Of a track, where a file's name stands in place of what the line is to say; 311 is an artist."""
_DASHES = re.compile(r"\s+[-–—]\s+")
_MOST_DASHES = 8
_LONGEST = 1_000
"""Characters of what a line says of a track that are looked at."""

CLOSE: Seconds = 3.0
"""Lengths of one recording differ by less: players round them, and encoders add silence."""
FAR: Seconds = 10.0
"""Lengths of one recording do not differ by more, and by a tenth."""


class Says(Enum):
    """What one sign says about two things being the same."""

    YES = auto()
    NO = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class About:
    """What is known about a track of the library; empty where nothing is."""

    artist: str = ""
    album_artist: str = ""
    title: str = ""
    album: str = ""
    seconds: Seconds | None = None


@lru_cache(maxsize=65_536)
def words(text: str) -> str:
    """A text as it is compared: without case, accents and signs, but never empty for a name of signs alone.

    >>> words("01 - Zoë_Über!.live")
    '01 zoe uber live'
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split()) or text.strip()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    plain = unicodedata.normalize("NFC", bare).translate(_WITHOUT_PARTS)
    return _NOT_LETTERS.sub(" ", plain).strip() or plain.strip()


def same_artist(entry: Entry, about: About) -> Says:
    """Whether the line names an artist of the track; it says nothing where either does not tell."""
    own = _names(about.artist) | _names(about.album_artist)
    readings = list(_readings(entry))
    if not own or not readings:
        return Says.NOTHING
    if any(own & _names(artist) for artist, _ in readings):
        return Says.YES
    whole = {words(f"{artist} {title}") for artist, title in readings}
    if about.title and words(about.title) in whole:
        return Says.NOTHING  # a dash in the title, and no artist at all
    if any(own & _names(title) and words(artist) == words(about.title) for artist, title in readings):
        return Says.YES  # the other way round
    return Says.NO


def same_title(entry: Entry, about: About) -> Says:
    """Whether the line names the title of the track, or the beginning of it."""
    own = words(about.title)
    told = {words(title) for _, title in _readings(entry)} | {words(entry.title)} - {""}
    if not own or not told:
        return Says.NOTHING
    return Says.YES if any(_begins(each, own) or _begins(own, each) for each in told if each) else Says.NO


def same_length(entry: Entry, about: About) -> Says:
    """Whether the line gives the length of the track."""
    if not entry.seconds or not about.seconds:
        return Says.NOTHING
    apart = abs(entry.seconds - about.seconds)
    if apart <= CLOSE:
        return Says.YES
    return Says.NO if apart > max(FAR, about.seconds / 10) else Says.NOTHING


def same_album(entry: Entry, folders: Iterable[str], about: About) -> Says:
    """Whether the line, or one of its `folders` as words, names the album of the track."""
    own = words(about.album)
    told = [words(entry.album)] if entry.album else [folder for folder in folders if not is_shelf(folder)]
    if not own or not told:
        return Says.NOTHING
    return Says.YES if any(own == each or f" {own} " in f" {each} " for each in told) else Says.NO


def names_artist(folder: str, about: About) -> bool:
    """Whether a folder, as words, is that of the artist of a track."""
    return bool(_names(folder) & (_names(about.artist) | _names(about.album_artist)))


def is_disc(folder: str) -> bool:
    """Whether a folder, as words, is one disc of an album: "cd1", "disc 2 live", "side a"."""
    return _DISC.fullmatch(folder) is not None


def is_shelf(folder: str) -> bool:
    """Whether a folder, as words, is a drive or one for music of all kinds, which tells no artist."""
    return folder in _SHELVES or _LIKE_A_DRIVE.fullmatch(folder) is not None


def is_generic(title: str) -> bool:
    """Whether a title, as words, is one that every second album has."""
    return _GENERIC_TITLE.fullmatch(title) is not None


def names_told(entry: Entry, parts: list[str], stem: str) -> Iterator[tuple[str, str]]:
    """Artists and titles that a line may name, likeliest first: its comment, or else its path.

    Args:
        entry: the line.
        parts: its path as words from the end: the stem of the file, its folder, and so on.
        stem: as it is written.
    """
    told = list(_readings(entry))
    yield from told
    if told or not parts:
        return
    yield from _split(_RAW_NUMBER.sub("", stem))
    folders = [part for part in parts[1:4] if not is_disc(part)][:2]
    artist = next((folder for folder in reversed(folders) if not is_shelf(folder)), "")
    if artist:
        for title in dict.fromkeys((parts[0], _NUMBER_FIRST.sub("", parts[0]))):
            yield artist, title
            if title.startswith(f"{artist} "):
                yield artist, _NUMBER_FIRST.sub("", title.removeprefix(f"{artist} "))


def _readings(entry: Entry) -> Iterator[tuple[str, str]]:
    """Artists and titles as the line may mean them: a dash may be part of either."""
    texts = [f"{entry.artist} - {entry.title}" if entry.artist else entry.title, *entry.readings]
    for text in dict.fromkeys(text[:_LONGEST] for text in texts if text):
        plain = _RAW_NUMBER.sub("", text, count=1) if _RAW_NUMBER.match(text) else text
        for each in dict.fromkeys((plain, text)):
            yield from ((artist, title) for artist, title in _split(each) if not _NUMBER.fullmatch(artist.strip()))


def _split(text: str) -> Iterator[tuple[str, str]]:
    pieces = _DASHES.split(text)
    for at in range(1, min(len(pieces), _MOST_DASHES)):
        artist, title = " - ".join(pieces[:at]), " - ".join(pieces[at:])
        if words(artist) not in _NOBODY and title:
            yield artist, title


@lru_cache(maxsize=16_384)
def _names(artist: str) -> frozenset[str]:
    """An artist as a whole and each of several, as words without small ones, in the order of the alphabet."""
    parts = [artist, *_GUESTS.split(artist)]
    plain = (" ".join(sorted(_telling(words(part)))) for part in parts)
    return frozenset(name for name in plain if name) - _NOBODY


def _telling(name: str) -> list[str]:
    found = [word for word in name.split() if word not in _SMALL_WORDS]
    return found or name.split()


def _begins(text: str, other: str) -> bool:
    return text == other or text.startswith(f"{other} ")
