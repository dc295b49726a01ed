"""Reads the words of songs that the Million Song Dataset has of musiXmatch, as a stream.

Format: http://millionsongdataset.com/musixmatch/. A list of 5,000 stems, then songs with how often each is sung.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from indexer.core.plays import Named
from indexer.core.text import clean, fold
from indexer.core.tracks import Words
from indexer.history.lines import lines_of
from indexer.history.reading import HistoryUnreadable, Refused, Source
from indexer.history.values import text_of

NAME_FILES = ("mxm_779k_matches.txt", "unique_tracks.txt")
"""Files that say what the tracks of the data set are called; the first knows the names at musiXmatch too."""

MOST_COUNTED = 2_000
"""Bytes in UTF-8 that are kept of the words of a song: 250 stems, where most songs have 80."""

_LONGEST_STEM = 40
_SEPARATOR = "<SEP>"
_TRACK = r"TR[0-9A-Z]{16}"
_SONG = re.compile(rf"({_TRACK}),[0-9]{{1,12}}((?:,[0-9]{{1,6}}:[1-9][0-9]{{0,5}})+)")
_OF_TRACK = re.compile(_TRACK)
_FIELDS_OF_MATCHES, _FIELDS_OF_TRACKS = 6, 4


@dataclass(frozen=True, slots=True)
class Song:
    """The words of a song.

    Attributes:
        track: its id in the data set.
        counts: pairs of a place in the list of stems, from 1 on, and how often that is sung, one after the other.
        stems: the list.
    """

    track: str
    counts: Sequence[int]
    stems: Sequence[str]

    def words(self) -> Words:
        """What is counted, the most frequent first, `MOST_COUNTED` bytes at the most."""
        counts: Counter[str] = Counter()
        for place, count in zip(self.counts[::2], self.counts[1::2], strict=True):
            counts[self.stems[place - 1]] += count
        return Words(counted=tuple(_most_frequent(counts)))


@dataclass(frozen=True, slots=True)
class Called:
    """What a track of the data set is called, by all who name it.

    Attributes:
        track: its id in the data set.
        names: one, or two that may be the same.
    """

    track: str
    names: tuple[Named, ...]


def songs_of(source: Source) -> Iterator[Song | Refused]:
    """Every song, or why its line is refused; comments are passed over.

    Raises:
        HistoryUnreadable: a song comes before the list of words, or there is none.
        OSError: the file cannot be read.
    """
    stems: list[str] = []
    with source.open() as stream:
        for number, line in lines_of(stream):
            if line is None:
                yield Refused(number, "history-long")
            elif line.startswith("%"):
                stems = [fold(clean(stem, _LONGEST_STEM)).replace(" ", "") for stem in line[1:].split(",")]
            elif not line.startswith("#"):
                if not stems:
                    raise HistoryUnreadable("history-vocabulary", file=source.name)
                yield _song(number, line, stems)
    if not stems:
        raise HistoryUnreadable("history-vocabulary", file=source.name)


def names_in(stream: BinaryIO) -> Iterator[Called | Refused]:
    """What tracks are called by one of `NAME_FILES`, or why a line is refused."""
    for number, line in lines_of(stream):
        if line is None:
            yield Refused(number, "history-long")
        elif not line.startswith("#"):
            yield _called(line) or Refused(number, "history-name")


def _song(number: int, line: str, stems: Sequence[str]) -> Song | Refused:
    found = _SONG.fullmatch(line.strip())
    if found is None:
        return Refused(number, "history-bag")
    counts = [int(each) for each in found[2][1:].replace(":", ",").split(",")]
    if not 0 < min(counts[::2]) <= max(counts[::2]) <= len(stems):
        return Refused(number, "history-word")
    return Song(found[1], counts, stems)


def _most_frequent(counts: Counter[str]) -> Iterator[tuple[str, int]]:
    """As many as there is room for; equals go by name."""
    left = MOST_COUNTED
    for stem, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        left -= len(f"{stem} {count} ".encode())
        if left < 0:
            return
        if stem:
            yield stem, count


def _called(line: str) -> Called | None:
    parts = line.split(_SEPARATOR)
    if len(parts) == _FIELDS_OF_MATCHES:
        named = [(parts[1], parts[2]), (parts[4], parts[5])]
    elif len(parts) == _FIELDS_OF_TRACKS:
        named = [(parts[2], parts[3])]
    else:
        return None
    whole = (Named(artist=text_of(artist), title=text_of(title)) for artist, title in named)
    names = tuple(dict.fromkeys(each for each in whole if each.artist and each.title))
    return Called(parts[0], names) if names and _OF_TRACK.fullmatch(parts[0]) else None
