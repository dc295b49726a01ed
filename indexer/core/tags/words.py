"""Makes of all that a file says in words, in its tags or in a text beside it, something short enough to keep."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.core.tags.encodings import WESTERN, decoded, likely_encoding, text_of
from indexer.core.tags.fields import WORDS, Fields
from indexer.core.text import clean
from indexer.core.tracks import Seconds, Words

MOST_LYRICS = 12_000
MOST_COMMENTS = 2_000
MOST_TAGS = 1_500
"""Bytes in UTF-8 that are kept of each: together less than the 16 KiB that a document may have."""

LARGEST_BESIDE = 1 << 16
"""Bytes of a text beside a track; a larger one is no song."""

_LONGEST_LINE = 500
_LONGEST_TAG = 100
_MOST_TAGS = 50
_MOST_TIMED = 5_000
"""Lines with times: a refrain has several."""
_MOST_EVIDENCE = 50
"""Lines that tell in which encoding a text is."""

_LINES = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_TIME = r"\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?"
_TIMES = re.compile(rf"(?:\s*\[{_TIME}\])+")
_CLOCK = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_OFFSET = re.compile(r"\s*\[offset\s*:\s*([+-]?\d{1,6})\s*\]\s*", re.IGNORECASE)
_TIMES_WITHIN = re.compile(rf"<{_TIME}>")
_ABOUT = re.compile(
    r"\s*\[(?:ar|al|ti|au|by|re|ve|la|lr|id|tool|length|offset|encoding|#)\s*:[^\]]*\]?\s*", re.IGNORECASE
)
_PART = re.compile(
    r"\s*[\[(](?:\d+x\s*)?(?:pre-?chorus|chorus|verse|strophe|bridge|intro|outro|refrain|hook|solo|instrumental|interlude)"
    r"\b[^\])]*[\])]:?\s*",
    re.IGNORECASE,
)
"""A line that says what the next ones are, and is not sung."""

_BETWEEN_TAGS = re.compile(r"[;,|\0\r\n]+")
_NO_WORDS = re.compile(r"[\d\s.:+\-/_]*|(?:[0-9A-Fa-f]{8}\s*)+")
"""Numbers, and what programs keep in hexadecimal digits where people have comments."""


def words_among(fields: Fields) -> tuple[Fields, Fields]:
    """The fields of a file without, and those with, what it says in words, which can be long and of many kinds."""
    return (
        {name: texts for name, texts in fields.items() if name not in WORDS},
        {name: texts for name, texts in fields.items() if name in WORDS},
    )


def words_of(fields: Fields) -> Words:
    """What the fields of a file, all in Unicode, say in words; of lyrics the first there are."""
    lyrics = (plain_lyrics(text) for text in fields.get("lyrics", ()))
    comments = (clean(text, MOST_COMMENTS) for text in fields.get("comments", ()))
    parts = (clean(part, _LONGEST_TAG) for text in fields.get("words", ()) for part in _BETWEEN_TAGS.split(text))
    return Words(
        lyrics=next(filter(None, lyrics), ""),
        comments=_kept(comments, MOST_COMMENTS),
        tags=_kept(parts, MOST_TAGS)[:_MOST_TAGS],
    )


def lyrics_beside(path: Path, encoding: str = "") -> str:
    """What a `.lrc` or `.txt` file holds, empty where that is too much for a song.

    Args:
        path: of the text.
        encoding: which a person expects where the file does not say; empty to find it out.

    Raises:
        OSError: it cannot be read.
    """
    return plain_lyrics(text_beside(path, encoding))


def text_beside(path: Path, encoding: str = "") -> str:
    """The same as it is written there, times and all."""
    with path.open("rb") as file:
        content = file.read(LARGEST_BESIDE + 1)
    return "" if len(content) > LARGEST_BESIDE else text_of(content, partial(_of_old, encoding))


def plain_lyrics(text: str) -> str:
    """Lyrics as they are sung, a line a line: without times, what LRC says about itself, and names of the parts.

    Source: the LRC format, simple and enhanced, as players write it; there is no standard.
    """
    sung: list[str] = []
    left = MOST_LYRICS
    for line in _LINES.split(text):
        if _ABOUT.fullmatch(line) or _PART.fullmatch(line):
            continue
        timed = _TIMES.match(line)
        bare = clean(_TIMES_WITHIN.sub("", line[timed.end() :] if timed else line), _LONGEST_LINE)
        if not bare or _PART.fullmatch(bare):
            continue
        sung.append(_cut(bare, left))
        left -= len(sung[-1].encode()) + 1
        if left <= 0:
            break
    return "\n".join(filter(None, sung))


@dataclass(frozen=True)
class TimedLyrics:
    """Lyrics with the times at which they are sung.

    Attributes:
        lines: seconds from the beginning of the track and what is sung then, in order; empty where nobody sings.
        offset: milliseconds by which all of it is to appear sooner.
    """

    lines: tuple[tuple[Seconds, str], ...] = ()
    offset: int = 0


def timed_lyrics(content: bytes) -> TimedLyrics:
    """What an LRC file, in any encoding, says of when its lines are sung; no lines where it has no times."""
    return timed_text(text_of(content, partial(_of_old, "")))


def timed_text(text: str) -> TimedLyrics:
    """The same of a text; lines that have no time are left out."""
    lines: list[tuple[Seconds, str]] = []
    offset, left = 0, MOST_LYRICS
    for line in _LINES.split(text):
        shifted = _OFFSET.fullmatch(line)
        offset = int(shifted[1]) if shifted else offset
        timed = _TIMES.match(line)
        if timed is None or left <= 0:
            continue
        bare = _cut(clean(_TIMES_WITHIN.sub("", line[timed.end() :]), _LONGEST_LINE), left)
        left -= len(bare.encode()) + 1
        lines += ((_seconds(*found), bare) for found in _CLOCK.findall(timed[0]))
    return TimedLyrics(tuple(sorted(lines[:_MOST_TIMED], key=lambda one: one[0])), offset)


def verses(text: str) -> tuple[str, ...]:
    """The lines of a text without times as they are to be read: verses stay apart by one empty line."""
    lines: list[str] = []
    left = MOST_LYRICS
    for line in _LINES.split(text):
        if left <= 0:
            break
        bare = "" if _ABOUT.fullmatch(line) else _cut(clean(line, _LONGEST_LINE), left)
        if bare or (lines and lines[-1]):
            lines.append(bare)
            left -= len(bare.encode()) + 1
    return tuple(lines[:-1] if lines and not lines[-1] else lines)


def _seconds(minutes: str, seconds: str, parts: str) -> Seconds:
    return 60.0 * int(minutes) + int(seconds) + (int(parts) / 10 ** len(parts) if parts else 0.0)


def _of_old(chosen: str, content: bytes) -> str:
    lines = (line.strip() for line in content.splitlines())
    evidence = list(dict.fromkeys(line for line in lines if not line.isascii()))[:_MOST_EVIDENCE]
    encoding = likely_encoding(evidence, chosen=chosen) if evidence else WESTERN
    return decoded(content, encoding) or decoded(content, WESTERN) or content.decode("latin-1")


def _kept(texts: Iterable[str], most: int) -> tuple[str, ...]:
    """Each once whatever its case, as many as there is room for."""
    kept: dict[str, str] = {}
    for text in texts:
        if not text or _NO_WORDS.fullmatch(text) or text.casefold() in kept:
            continue
        cut = _cut(text, most)
        most -= len(cut.encode())
        if not cut:
            break
        kept[text.casefold()] = cut
    return tuple(kept.values())


def _cut(text: str, most: int) -> str:
    """The beginning of a text, of so many bytes at most."""
    return text if len(text) * 4 <= most else text.encode()[: max(0, most)].decode("utf-8", "ignore")
