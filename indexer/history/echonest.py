"""Reads Echo Nest triplets, who played which song how often, as a stream: the published file has 48 million lines.

Formats: http://millionsongdataset.com/tasteprofile/ for the triplets, and for songs that were taken for the wrong track
http://millionsongdataset.com/blog/12-2-12-fixing-matching-errors/.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import BinaryIO, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.core.plays import Named
from indexer.history.ids import Places, Words, words_of
from indexer.history.lines import LONGEST_LINE, as_bytes, lines_of
from indexer.history.reading import Refused
from indexer.history.triplet_lines import Lines, is_id, taken_apart
from indexer.history.values import text_of

TRIPLETS_FILE = "train_triplets.txt"
TRACKS_FILE = "unique_tracks.txt"
SONGS_FILE = "taste_profile_song_to_tracks.txt"
MISMATCHES_FILE = "sid_mismatches.txt"

BLOCK = 1 << 22
"""Bytes that are taken apart at a time: more take more memory, less more time."""

AHEAD = 2
"""Blocks that are taken apart before they are asked for."""

EXAMPLES = 3
"""Lines that are named of each reason; the others are counted."""

_MISMATCH = re.compile(r"ERROR: <(\S+) (\S+)>")
_SEPARATOR = "<SEP>"
_BATCH = 20_000
"""Lines of the files beside that are looked up at once."""

_T = TypeVar("_T")


class Block(NamedTuple):
    """Lines that were accepted, in the order of the file; each of shape (lines,).

    Attributes:
        listeners: int32, counted from 0 in the order in which they come.
        items: int32, songs, likewise.
        plays: float32, at least 1.
    """

    listeners: NDArray[np.int32]
    items: NDArray[np.int32]
    plays: NDArray[np.float32]


class Triplets:
    """A file of triplets, read once; every line of it is accepted or refused.

    Memory grows with listeners and songs, by their ids and some 30 bytes each, and not with lines.

    Attributes:
        lines: how many there were so far.
        accepted: of these.
        refused: the others by the code of the sentence that says why; the sum of both is `lines`.
        examples: the first few that were refused for each reason, in ascending order of lines.
        listeners: their places.
    """

    def __init__(self, mismatched: Collection[bytes] = frozenset()) -> None:
        """`mismatched` are songs whose plays are refused, since nobody knows which music was played."""
        self.lines = 0
        self.accepted = 0
        self.refused: Counter[str] = Counter()
        self.examples: list[Refused] = []
        self.listeners = Places()
        self._songs = Places()
        self._songs.of(words_of([song for song in mismatched if is_id(song)]))
        self._mismatched = len(self._songs)  # they have the first places

    @property
    def song_count(self) -> int:
        """How many songs were accepted."""
        return len(self._songs) - self._mismatched

    def places_of_songs(self, songs: Iterable[str]) -> NDArray[np.int32]:
        """Places of songs by their ids; below 0 for those of which no line was accepted."""
        return self._songs.known(_as_words(songs)) - np.int32(self._mismatched)

    def blocks(self, stream: BinaryIO) -> Iterator[Block]:
        """What the lines say, ten thousands at a time; the next are taken apart meanwhile by a thread."""
        with ThreadPoolExecutor(1, "triplets") as parser:
            ahead: deque[Future[Lines] | None] = deque()
            for text in _blocks(stream):
                ahead.append(None if text is None else parser.submit(taken_apart, text))
                if len(ahead) > AHEAD:
                    yield self._read(ahead.popleft())
            yield from map(self._read, ahead)

    def _read(self, parsed: Future[Lines] | None) -> Block:
        if parsed is None:
            self._refuse("history-long", np.ones(1, np.int64))
            self.lines += 1
            return Block(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))
        lines = parsed.result()
        items = self._songs.of(lines.songs) - np.int32(self._mismatched)
        for code, numbers in lines.refused.items():
            self._refuse(code, numbers)
        self._refuse("history-mismatched", lines.fine[items < 0])
        fine = np.flatnonzero(items >= 0)
        self.lines += lines.total
        self.accepted += fine.size
        owners = lines.owners[fine]
        used = np.unique(owners)
        places = np.zeros(len(lines.listeners), np.int32)
        places[used] = self.listeners.of(lines.listeners.take(used, axis=0))
        return Block(places[owners], items[fine], lines.plays[fine])

    def _refuse(self, code: str, numbers: NDArray[np.int64]) -> None:
        """Count lines of the block that is being read, the first of which has the number 1."""
        if numbers.size:
            room = max(EXAMPLES - self.refused[code], 0)
            self.examples += [Refused(self.lines + number, code) for number in numbers[:room].tolist()]
            self.refused[code] += numbers.size


def mismatched_songs(mismatches: BinaryIO, songs: BinaryIO | None) -> set[bytes]:
    """Songs that were taken for the wrong track, and by `songs`, where it is there, for no other one."""
    wrong: dict[str, set[str]] = {}
    for song, track in _mismatches(mismatches):
        wrong.setdefault(song, set()).add(track)
    if songs is not None:
        for song, tracks in _tracks_of_songs(songs):
            if song in wrong and not wrong[song].issuperset(tracks):
                del wrong[song]
    return {song.encode() for song in wrong}


def names_of_songs(
    triplets: Triplets, tracks: BinaryIO, of_songs: BinaryIO | None, mismatches: BinaryIO | None
) -> list[Named | None]:
    """What songs are called, by their places; None where no line tells."""
    found: list[Named | None] = [None] * triplets.song_count
    wrong = set(_mismatches(mismatches)) if mismatches is not None else set()
    by_track, songs = Places(), np.empty(0, np.int32)
    for some in _batches(_tracks_of_songs(of_songs) if of_songs is not None else iter(())):
        pairs = [
            (song, track)
            for song, of_song in some
            for track in of_song
            if (song, track) not in wrong and is_id(track.encode())
        ]
        places = triplets.places_of_songs(song for song, _ in pairs)
        played = np.flatnonzero(places >= 0)
        which = by_track.of(_as_words(pairs[pair][1] for pair in played.tolist()))
        songs = np.concatenate([songs, np.empty(len(by_track) - songs.size, np.int32)])
        songs[which] = places[played]
    artists: dict[str, str] = {}  # each once, however many songs are theirs
    for rows in _batches(_rows_of_tracks(tracks)):
        which = by_track.known(_as_words(row.track for row in rows))
        own = triplets.places_of_songs(row.song for row in rows)
        for row, at, place in zip(rows, which.tolist(), own.tolist(), strict=True):
            if at >= 0:
                place = int(songs[at])  # noqa: PLW2901 - the file beside knows better
            elif (row.song, row.track) in wrong:
                continue
            if place >= 0 and found[place] is None:
                artist = artists.get(row.artist) or artists.setdefault(row.artist, text_of(row.artist))
                found[place] = Named(artist=artist, title=text_of(row.title))
    return found


class _Row(NamedTuple):
    """A line of the file of tracks."""

    track: str
    song: str
    artist: str
    title: str


def _blocks(stream: BinaryIO) -> Iterator[bytes | None]:
    """Whole lines, many at once; None for one that is too long, which takes no memory."""
    held: list[bytes] = []
    size, is_long = 0, False
    for chunk in as_bytes(stream):
        cut = chunk.rfind(b"\n") + 1
        if is_long and cut:
            yield None
            chunk, is_long = chunk[chunk.find(b"\n") + 1 :], False  # noqa: PLW2901 - what is left of it
            cut = chunk.rfind(b"\n") + 1
        if is_long:
            continue
        if cut and size + cut >= BLOCK:
            yield b"".join((*held, chunk[:cut]))
            held, size, chunk = [], 0, chunk[cut:]  # noqa: PLW2901 - likewise
        held.append(chunk)
        size += len(chunk)
        if size > BLOCK + LONGEST_LINE:  # a block without an end of line at its end
            whole = b"".join(held)
            cut = whole.rfind(b"\n") + 1
            if cut:
                yield whole[:cut]
            held, size, is_long = [], 0, True
    if is_long:
        yield None
    elif size:
        yield b"".join(held)


def _as_words(ids: Iterable[str]) -> Words:
    """Ids of a file beside; what is none is like no other one."""
    return words_of([each if is_id(each) else b"" for each in map(str.encode, ids)])


def _batches(each: Iterator[_T]) -> Iterator[list[_T]]:
    return iter(lambda: list(islice(each, _BATCH)), [])


def _rows_of_tracks(stream: BinaryIO) -> Iterator[_Row]:
    parts = ((line or "").split(_SEPARATOR) for _, line in lines_of(stream))
    return (_Row(*row) for row in parts if len(row) == len(_Row._fields))


def _tracks_of_songs(stream: BinaryIO) -> Iterator[tuple[str, list[str]]]:
    for _, line in lines_of(stream):
        song, *tracks = (line or "").split()
        yield song, tracks


def _mismatches(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    """Songs and tracks that do not belong together."""
    for _, line in lines_of(stream):
        found = _MISMATCH.match(line or "")
        if found:
            yield found[1], found[2]
