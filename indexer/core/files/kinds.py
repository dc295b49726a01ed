"""The kinds of files that are music here, by the endings of their names, and those that lie beside music."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from indexer.core.language import mark


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of sound file.

    Attributes:
        suffixes: endings of its names, in lower case and with their dots.
        types: MIME types that desktops know it by and that are nothing but sound, the usual one first.
    """

    suffixes: tuple[str, ...]
    types: tuple[str, ...] = ()


KINDS = (
    FileKind((".mp3", ".mpga"), ("audio/mpeg",)),
    FileKind((".mp2", ".mp1", ".m2a"), ("audio/mp2",)),
    FileKind((".flac", ".fla"), ("audio/flac",)),
    FileKind((".ogg", ".oga"), ("audio/ogg", "audio/x-vorbis+ogg", "audio/x-flac+ogg")),
    FileKind((".opus",), ("audio/x-opus+ogg",)),
    FileKind((".spx",), ("audio/x-speex+ogg", "audio/x-speex")),
    FileKind((".m4a", ".mp4", ".m4r", ".3ga"), ("audio/mp4",)),
    FileKind((".m4b",), ("audio/x-m4b",)),
    FileKind((".aac", ".adts"), ("audio/aac",)),
    FileKind((".wma", ".asf"), ("audio/x-ms-wma",)),
    FileKind((".wav", ".wave", ".bwf", ".rf64", ".w64"), ("audio/x-wav", "audio/vnd.wave")),
    FileKind((".aiff", ".aif", ".aifc"), ("audio/x-aiff", "audio/x-aifc")),
    FileKind((".au", ".snd"), ("audio/basic",)),
    FileKind((".caf",), ("audio/x-caf",)),
    FileKind((".voc",)),
    FileKind((".ape",), ("audio/x-ape",)),
    FileKind((".wv",), ("audio/x-wavpack",)),
    FileKind((".mpc", ".mpp", ".mp+"), ("audio/x-musepack",)),
    FileKind((".tta",), ("audio/x-tta",)),
    FileKind((".tak",), ("audio/x-tak",)),
    FileKind((".shn",), ("application/x-shorten",)),
    FileKind((".dsf",), ("audio/x-dsf",)),
    FileKind((".dff",), ("audio/x-dff",)),
    FileKind((".mka",), ("audio/x-matroska",)),
    FileKind((".weba", ".webm"), ("audio/webm",)),
    FileKind((".ac3", ".eac3", ".ec3"), ("audio/ac3", "audio/eac3")),
    FileKind((".dts", ".dtshd"), ("audio/vnd.dts", "audio/vnd.dts.hd")),
    FileKind((".mlp", ".thd"), ("audio/vnd.dolby.mlp",)),
    FileKind((".amr", ".awb"), ("audio/AMR", "audio/AMR-WB")),
    FileKind((".ra", ".rm"), ("audio/vnd.rn-realaudio",)),
)
"""What FFmpeg, as PyAV brings it, decodes, and people keep. Tracker modules (mod, xm, it, s3m) and MIDI are not among
it: VLC plays them, and this FFmpeg has no decoder for them, so that they could not be compared with anything."""

AUDIO_SUFFIXES = frozenset(suffix for kind in KINDS for suffix in kind.suffixes)
"""Endings, in lower case, of files that are taken for music; each is decoded and played."""

MIME_TYPES = [*(mime for kind in KINDS for mime in kind.types), "application/x-cue"]
"""What is offered to desktops. Types that films have too are left out: the player is no place to open a film with."""

_ENDINGS = tuple(AUDIO_SUFFIXES)

_BESIDE_MUSIC = frozenset(
    f".{ending}"
    for endings in (
        "jpg jpeg jpe jfif png gif bmp webp tif tiff svg ico heic heif avif jxl psd xcf",  # pictures
        "txt text nfo diz log md rtf pdf doc docx odt htm html mht epub lrc srt url webloc desktop lnk nzb torrent",
        "m3u m3u8 pls xspf asx wpl zpl b4s cue toc ccd sub",  # lists of music
        "sfv md5 sha1 sha256 ffp st5 accurip par2 sig asc",  # proofs
        "ini db json xml csv tsv plist yml yaml opf bak tmp asd sfk pek peak reapeaks pkf",  # what programs leave
        "py sh bat",
    )
    for ending in endings.split()
)
"""Endings of what is expected beside music and missed by nobody: pictures, texts, lists, proofs."""

WORDS_SUFFIXES = (".lrc", ".txt")
"""Of texts that may be the lyrics of a track, the likelier first."""

NO_ENDING = ""
"""Stands for the ending of a name that has none."""

WITHOUT_ENDING = mark("without an ending")
OTHERS = mark("others")
_MOST_SHOWN = 8

_TEXT_NAMES = frozenset({"readme", "license", "licence", "copying", "authors", "changelog", "makefile", "checksums"})
_LONGEST_ENDING = 8
"""Characters, without the dot: what stands behind the last dot of `Live at St. Something` is no ending."""


def is_audio_name(name: str) -> bool:
    """Whether a file of that name is taken for music."""
    return name.lower().endswith(_ENDINGS)


def is_sheet_name(name: str) -> bool:
    """Whether the name says that this is a cue sheet."""
    return name.lower().endswith(".cue")


def is_words_name(name: str) -> bool:
    """Whether a file of that name may hold the words of the music beside it that has the same name."""
    return name.lower().endswith(WORDS_SUFFIXES)


def unknown_ending(name: str) -> str | None:
    """The ending of a file that may be music of a kind that is not known here; None where it is nothing of the sort."""
    ending = PurePath(name).suffix.lower()
    if ending in AUDIO_SUFFIXES or ending in _BESIDE_MUSIC:
        return None
    word = ending.removeprefix(".")
    if not word.isalnum() or not word.isascii() or len(word) > _LONGEST_ENDING:
        return None if name.lower() in _TEXT_NAMES or name.startswith(".") else NO_ENDING
    return ending


def counted_endings(endings: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Each ending with how often it is there, the most frequent first."""
    return tuple(sorted(endings.items(), key=lambda item: (-item[1], item[0])))


def leading_endings(counted: Sequence[tuple[str, int]]) -> tuple[Sequence[tuple[str, int]], int]:
    """The most frequent endings with how often they are there, and how many files have another one."""
    return counted[:_MOST_SHOWN], sum(count for _, count in counted[_MOST_SHOWN:])


def endings_shown(counted: Sequence[tuple[str, int]], *, without: str = WITHOUT_ENDING, others: str = OTHERS) -> str:
    """`.mid 8, .cdg 4`, of many endings the most frequent."""
    kinds, rest = leading_endings(counted)
    shown = [(ending or without, count) for ending, count in kinds] + ([(others, rest)] if rest else [])
    return ", ".join(f"{ending} {count:,}" for ending, count in shown)
