"""Reads Echo Nest triplets, who played which song how often, as a stream: the published file has 48 million lines.

Formats: http://millionsongdataset.com/tasteprofile/ for the triplets, and for songs that were taken for the wrong track
http://millionsongdataset.com/blog/12-2-12-fixing-matching-errors/.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute, csv

from indexer.core.plays import Named
from indexer.history.lines import LONGEST_LINE, as_bytes, lines_of
from indexer.history.reading import MOST_PLAYS, Refused
from indexer.history.values import text_of

TRIPLETS_FILE = "train_triplets.txt"
TRACKS_FILE = "unique_tracks.txt"
SONGS_FILE = "taste_profile_song_to_tracks.txt"
MISMATCHES_FILE = "sid_mismatches.txt"

BLOCK = 1 << 25
"""Bytes that are parsed at a time: half a million lines, of which every listener and song is looked up once."""

EXAMPLES = 3
"""Lines that are named of each reason; the others are counted."""

_COLUMNS = ("listener", "song", "plays")
_ID = re.compile(rb"[!-~]{1,64}")
_COUNT = re.compile(rb"[0-9]{1,12}")
_MISMATCH = re.compile(r"ERROR: <(\S+) (\S+)>")
_PLAIN = bytes(range(128)) + b"\x7f" * 128
_SEPARATOR = "<SEP>"
_TRACK_FIELDS = 4


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


class _Parsed(NamedTuple):
    """Rows of three columns, of bytes, and the numbers of the other lines, from 1 on."""

    rows: pa.Table
    bad: list[int]


class Triplets:
    """A file of triplets, read once; every line of it is accepted or refused.

    Memory grows with listeners and songs, about 200 bytes each, and not with lines.

    Attributes:
        lines: how many there were so far.
        accepted: of these.
        refused: the others by the code of the sentence that says why; the sum of both is `lines`.
        examples: the first few that were refused for each reason, in ascending order of lines.
        listeners: their ids and places.
    """

    def __init__(self, mismatched: Collection[bytes] = frozenset()) -> None:
        """`mismatched` are songs whose plays are refused, since nobody knows which music was played."""
        self.lines = 0
        self.accepted = 0
        self.refused: Counter[str] = Counter()
        self.examples: list[Refused] = []
        self.listeners: dict[bytes, int] = {}
        self._songs = pa.array([], pa.binary())
        self._mismatched = mismatched

    @property
    def songs(self) -> dict[bytes, int]:
        """Ids of the songs, and their places."""
        return {song: place for place, song in enumerate(self._songs.to_pylist())}

    def blocks(self, stream: BinaryIO) -> Iterator[Block]:
        """What the lines say, some hundred thousand at a time; the next are parsed meanwhile by a thread."""
        with ThreadPoolExecutor(1, "triplets") as parser:
            ahead: deque[Future[_Parsed | None]] = deque()
            for text in _blocks(stream):
                ahead.append(parser.submit(_parsed, text))
                if len(ahead) > 1:
                    yield self._read(ahead.popleft().result())
            yield from (self._read(parsed.result()) for parsed in ahead)

    def _read(self, parsed: _Parsed | None) -> Block:
        if parsed is None:
            self._refuse("history-long", [1])
            self.lines += 1
            return Block(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))
        listeners, songs, plays = (parsed.rows.column(name).combine_chunks() for name in _COLUMNS)
        names, owners = listeners.dictionary.to_pylist(), listeners.indices.to_numpy()
        counts, why = _counts(plays.dictionary.to_pylist())
        told = plays.indices.to_numpy()
        heard = compute.index_in(songs, self._songs).fill_null(-1).to_numpy().copy()
        strange = np.flatnonzero(heard < 0)
        new = songs.take(pa.array(strange)).dictionary_encode()
        which, titles = new.indices.to_numpy(), new.dictionary.to_pylist()
        reasons = np.where(_fit(names, self.listeners)[owners], why[told], _NO_ID)
        of_songs = np.fromiter(map(self._against, titles), np.int8, len(titles))[which]
        reasons[strange] = np.where(reasons[strange] == _FINE, of_songs, reasons[strange])
        self._refuse("history-columns", parsed.bad)
        for reason, code in _REASONS.items():
            self._refuse(code, _numbers(np.flatnonzero(reasons == reason), parsed.bad))
        fine = reasons == _FINE
        self.lines += owners.size + len(parsed.bad)
        self.accepted += int(np.count_nonzero(fine))
        used = np.unique(which[fine[strange]])
        places = np.full(len(titles), -1, np.int32)
        places[used] = len(self._songs) + np.arange(used.size)
        heard[strange] = places[which]
        self._songs = pa.concat_arrays([self._songs, new.dictionary.take(pa.array(used))])
        return Block(_places(names, owners[fine], self.listeners), heard[fine], counts[told[fine]])

    def _against(self, song: bytes) -> int:
        """What speaks against plays of a song that was not met before."""
        if _ID.fullmatch(song) is None:
            return _NO_ID
        return _MISMATCHED if song in self._mismatched else _FINE

    def _refuse(self, code: str, numbers: Sequence[int] | NDArray[np.int64]) -> None:
        """Count lines of the block that is being read, the first of which has the number 1."""
        if len(numbers):
            room = max(EXAMPLES - self.refused[code], 0)
            self.examples += [Refused(self.lines + int(number), code) for number in numbers[:room]]
            self.refused[code] += len(numbers)


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
    songs: Mapping[bytes, int], tracks: BinaryIO, of_songs: BinaryIO | None, mismatches: BinaryIO | None
) -> list[Named | None]:
    """What songs are called, by their places; None where no line tells."""
    found: list[Named | None] = [None] * len(songs)
    wrong = set(_mismatches(mismatches)) if mismatches is not None else set()
    by_track: dict[str, int] = {}
    for song, of_song in _tracks_of_songs(of_songs) if of_songs is not None else ():
        place = songs.get(song.encode())
        if place is not None:
            by_track |= {track: place for track in of_song if (song, track) not in wrong}
    for _, line in lines_of(tracks):
        parts = (line or "").split(_SEPARATOR)
        if len(parts) != _TRACK_FIELDS:
            continue
        track, song, artist, title = parts
        place = by_track.get(track)
        if place is None and (song, track) not in wrong:
            place = songs.get(song.encode())
        if place is not None and found[place] is None:
            found[place] = Named(artist=text_of(artist), title=text_of(title))
    return found


_FINE, _NO_ID, _NO_COUNT, _MISMATCHED = range(4)
_REASONS = {_NO_ID: "history-id", _NO_COUNT: "history-count", _MISMATCHED: "history-mismatched"}


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


def _parsed(text: bytes | None) -> _Parsed | None:
    if text is None:
        return None
    bad: list[int] = []

    def note(row: csv.InvalidRow) -> str:
        bad.append(row.number)
        return "skip"

    plain = text if text.isascii() else text.translate(_PLAIN)  # rows that are left out are decoded as UTF-8
    few = pa.dictionary(pa.int32(), pa.binary())
    rows = csv.read_csv(
        pa.BufferReader(plain),
        csv.ReadOptions(use_threads=False, block_size=len(plain) + 1, column_names=_COLUMNS),
        csv.ParseOptions(
            delimiter="\t", quote_char=False, double_quote=False, escape_char=False, newlines_in_values=False,
            ignore_empty_lines=False, invalid_row_handler=note,
        ),
        csv.ConvertOptions(
            column_types={"listener": few, "song": pa.binary(), "plays": few}, null_values=[],
            strings_can_be_null=False,
        ),
    )  # fmt: skip
    return _Parsed(rows, bad)


def _fit(values: Sequence[bytes], known: Mapping[bytes, int]) -> NDArray[np.bool_]:
    """Which of some values are ids."""
    fits = (value in known or _ID.fullmatch(value) is not None for value in values)
    return np.fromiter(fits, bool, len(values))


def _counts(values: Sequence[bytes]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """The numbers of plays that some values are, and what speaks against each."""
    numbers = [int(value) if _COUNT.fullmatch(value) else 0 for value in values]
    counts = np.array(numbers, np.float64)
    return counts.astype(np.float32), np.where((counts >= 1) & (counts <= MOST_PLAYS), _FINE, _NO_COUNT).astype(np.int8)


def _places(values: Sequence[bytes], used: NDArray[np.int32], known: dict[bytes, int]) -> NDArray[np.int32]:
    """Places of ids, by where they are in `values`; those that were not known get the next ones."""
    places = np.zeros(len(values), np.int32)
    is_used = np.zeros(len(values), bool)
    is_used[used] = True
    which = np.flatnonzero(is_used)
    places[which] = [known.setdefault(values[place], len(known)) for place in which.tolist()]
    return places[used]


def _numbers(rows: NDArray[np.intp], bad: Sequence[int]) -> NDArray[np.int64]:
    """The numbers of lines, from 1 on, of rows that are counted without bad lines."""
    if not rows.size or not bad:
        return rows + 1
    skipped = np.asarray(bad, np.int64) - np.arange(len(bad)) - 1  # rows before each bad line
    return rows + 1 + np.searchsorted(skipped, rows, side="right")


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
