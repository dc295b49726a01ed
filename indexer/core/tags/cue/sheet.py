"""Reads a cue sheet: which tracks lie where in which files, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from indexer.core.errors import SegueError
from indexer.core.tags.encodings import WESTERN, decoded, likely_encoding, text_of
from indexer.core.tags.replaygain import GAIN_NAMES, NO_GAINS, ReplayGain, replay_gain
from indexer.core.text import clean

LARGEST = 1 << 20
"""Bytes of a sheet that are read: a hundred times what the longest honest one has."""

MOST_TRACKS = 999
"""Of one sheet. A disc has 99 at most; sheets of long mixes go on counting."""

FRAMES_A_SECOND = 75
"""Sectors of an audio CD, the unit of the times in a sheet; at 44.1 kHz one has 588 samples."""

_LINE_ENDS = re.compile(r"\r\n|\n|\r")
_COMMAND = re.compile(r"(\S+)\s*(.*)", re.DOTALL)
_INDEX = re.compile(r"(\d{1,3})\s+(\d{1,6}):(\d{1,2}):(\d{1,2})")
_TRACK = re.compile(r"(\d{1,6})?\s*(\S*)")
_TYPES = frozenset(
    {"WAVE", "WAV", "MP3", "AIFF", "FLAC", "BINARY", "MOTOROLA", "APE", "OGG", "OPUS", "AAC", "M4A", "WV"}
)
_REMARKS = frozenset({"date", "year", "genre", "discnumber", "disc", *GAIN_NAMES})
_DATA = ("MODE", "CDI")
"""How the kinds of tracks begin that hold something else than sound."""

_LINE = re.compile(rb"[^\r\n]+")
_SAID = re.compile(rb"""\s*[A-Za-z]+\s+["']?([^"]{1,300})""")
_LONGEST_EVIDENCE = 300
_MOST_EVIDENCE = 50
"""Texts that are asked for their encoding, and bytes of one; of a disc there are rarely more."""

Frames = Fraction
"""A time in 1/75 s; whole in a text, any fraction in a FLAC block, which counts samples."""


class SheetRefused(SegueError):
    """A sheet that cannot be used; the names of the sheet and of its file are put in by who knows them."""


@dataclass(frozen=True, slots=True)
class CueTrack:
    """A track as a sheet has it.

    Attributes:
        number: as written.
        start: where it begins in its file.
        pregap: where its pregap begins, if that lies in the same file.
        is_sound: no data, of a game for example.
        title, artist: empty where the sheet does not say.
        gains: what the sheet says about loudness; the album's is the sheet's.
    """

    number: int
    start: Frames
    pregap: Frames | None = None
    is_sound: bool = True
    title: str = ""
    artist: str = ""
    gains: ReplayGain = NO_GAINS


@dataclass(frozen=True, slots=True)
class CueFile:
    """A file by the name that the sheet gives it, and the tracks that begin in it, in the order of the sheet."""

    name: str
    tracks: tuple[CueTrack, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet; texts are clean, empty where it does not say."""

    files: tuple[CueFile, ...]
    title: str = ""
    artist: str = ""
    date: str = ""
    genre: str = ""
    disc: str = ""


@dataclass(slots=True)
class _Track:
    number: int
    kind: str
    file: int
    texts: dict[str, str] = field(default_factory=dict)
    start: Frames | None = None
    pregap: tuple[int, Frames] | None = None


def parse_sheet(text: str) -> Sheet:
    """Read the text of a sheet; commands in any case, quotes or none, and nothing that is unknown does harm.

    Raises:
        SheetRefused: it is too large, or has no tracks of sound, too many, or one without a beginning.
    """
    if len(text) > LARGEST:
        raise SheetRefused("sheet-too-large", size=LARGEST >> 20)
    reader = _Reader()
    for number, line in enumerate(_LINE_ENDS.split(text), 1):
        found = _COMMAND.fullmatch(line.strip(" \t\0\ufeff"))
        if found is not None:
            reader.take(found[1].upper(), found[2].strip(), number)
    return reader.sheet()


class _Reader:
    """Takes line after line; what stands before the first track is about all of them."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._file = 0
        self._tracks: list[_Track] = []
        self._texts: dict[str, str] = {}
        self._commands: dict[str, Callable[[str, int], None]] = {
            "FILE": self._on_file,
            "TRACK": self._on_track,
            "INDEX": self._on_index,
            "REM": self._on_remark,
            "TITLE": lambda rest, _: self._note("title", rest),
            "PERFORMER": lambda rest, _: self._note("artist", rest),
        }

    def take(self, command: str, rest: str, line: int) -> None:
        if command in self._commands:
            self._commands[command](rest, line)

    def sheet(self) -> Sheet:
        tracks = [self._finished(track) for track in self._tracks]
        if not any(track.is_sound for _, track in tracks):
            raise SheetRefused("sheet-without-tracks")
        files = [
            CueFile(name, tuple(track for at, track in tracks if at == place))
            for place, name in enumerate(self._files or [""])
        ]
        return Sheet(
            tuple(file for file in files if file.tracks),
            title=self._text("title"),
            artist=self._text("artist"),
            date=self._text("date", "year"),
            genre=self._text("genre"),
            disc=self._text("discnumber", "disc"),
        )

    def _text(self, *names: str) -> str:
        """The first of these that is told of all tracks."""
        return next(filter(None, (self._texts.get(name) for name in names)), "")

    def _on_file(self, rest: str, _: int) -> None:
        if len(self._files) >= MOST_TRACKS:
            raise SheetRefused("sheet-many-files", most=MOST_TRACKS)
        self._file = self._files.setdefault(_file_name(rest), len(self._files))

    def _on_track(self, rest: str, _: int) -> None:
        if len(self._tracks) >= MOST_TRACKS:
            raise SheetRefused("sheet-many-tracks", most=MOST_TRACKS)
        found = _TRACK.match(rest)
        number = int(found[1]) if found and found[1] else len(self._tracks) + 1
        kind = found[2].upper() if found else ""
        self._tracks.append(_Track(number, kind, self._file))

    def _on_index(self, rest: str, line: int) -> None:
        if not self._tracks:
            return
        found = _INDEX.match(rest)
        if found is None or int(found[3]) >= 60 or int(found[4]) >= FRAMES_A_SECOND:  # noqa: PLR2004 - seconds
            raise SheetRefused("sheet-without-time", line=str(line))
        track = self._tracks[-1]
        at = Frames((int(found[2]) * 60 + int(found[3])) * FRAMES_A_SECOND + int(found[4]))
        if int(found[1]) == 0:
            track.pregap = self._file, at
        elif track.start is None:
            track.file, track.start = self._file, at

    def _on_remark(self, rest: str, _: int) -> None:
        name, value = ([*rest.split(None, 1), "", ""])[:2]
        if name.lower() in _REMARKS:
            self._note(name.lower(), value)

    def _note(self, name: str, value: str) -> None:
        texts = self._tracks[-1].texts if self._tracks else self._texts
        texts.setdefault(name, _unquoted(value))

    def _finished(self, track: _Track) -> tuple[int, CueTrack]:
        if track.start is None and track.pregap is not None:
            (track.file, track.start), track.pregap = track.pregap, None
        is_sound = not track.kind.startswith(_DATA)
        if track.start is None and is_sound:
            raise SheetRefused("sheet-without-start", track=str(track.number))
        pregap = track.pregap[1] if track.pregap is not None and track.pregap[0] == track.file else None
        told = {name: [value] for name, value in (self._texts | track.texts).items()}
        title, artist = track.texts.get("title", ""), track.texts.get("artist", "")
        start = track.start if track.start is not None else Frames(0)
        return track.file, CueTrack(track.number, start, pregap, is_sound, title, artist, replay_gain(told))


def decode_sheet(content: bytes, chosen: str = "") -> str:
    """The text of a sheet's bytes: by their mark, as UTF-8, or in the older encoding that they look like.

    Args:
        content: all of the sheet.
        chosen: the older encoding that a person expects, empty for none.
    """
    return text_of(content, lambda content: _decoded_as_of_old(content, chosen))


def _decoded_as_of_old(content: bytes, chosen: str) -> str:
    """In the likeliest encoding; what would be Western is Japanese where it makes common kanji throughout."""
    texts = _foreign_texts(content)
    encoding = likely_encoding(texts, chosen=chosen) if texts else WESTERN
    if encoding == WESTERN and (japanese := decoded(content, "cp932")):
        wide = [letter for letter in japanese if letter > "\u2fff"]
        if len(wide) > 1 and sum(map(_is_common_in_japanese, wide)) >= 0.7 * len(wide):
            return japanese
    return decoded(content, encoding) or decoded(content, WESTERN) or content.decode("latin-1")


def _is_common_in_japanese(letter: str) -> bool:
    """Kana, their punctuation, and kanji of the first level, which stand first in Shift-JIS."""
    return "\u3000" <= letter <= "\u30ff" or letter.encode("cp932", "replace") < b"\x98\x73"


def _foreign_texts(content: bytes) -> list[bytes]:
    """What the commands of a sheet say that is more than ASCII, each once, as far as it takes to know the encoding."""
    texts: dict[bytes, None] = {}
    for line in _LINE.finditer(content):
        text = _SAID.match(line[0])
        if text is not None and len(text[1]) < _LONGEST_EVIDENCE and not text[1].isascii():
            texts[text[1].rstrip(b"' \t")] = None
        if len(texts) >= _MOST_EVIDENCE:
            break
    return list(texts)


def _unquoted(text: str) -> str:
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == "'":
        return clean(bare[1:-1])
    bare = bare.removeprefix('"')
    bare = bare.removesuffix('"')
    return clean(bare.replace('\\"', '"'))


def _file_name(rest: str) -> str:
    """The name between quotes, of which one or both may be missing, without the type behind it."""
    if rest.startswith('"') and rest.count('"') > 1:
        return rest[1 : rest.rindex('"')].rstrip()
    name, kind = ([*rest.rsplit(None, 1), "", ""])[:2]
    bare = (name if kind.upper() in _TYPES else rest).strip(" \t")
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == "'" else bare.strip('" \t')
