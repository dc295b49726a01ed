"""How fast histories of other listeners are read, beside merely reading the file, and in how much memory.

The file is made in the form of Echo Nest's `train_triplets.txt`, with as many lines a listener and songs a library as
the published one has on average, and with lines that are broken in known ways.
"""

from __future__ import annotations

import csv
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
from numpy.typing import NDArray

from indexer.history.crowd import counts_of, read_crowd
from indexer.history.echonest import MISMATCHES_FILE, SONGS_FILE, TRACKS_FILE, TRIPLETS_FILE, Triplets
from indexer.history.strangers import write_crowd
from tests.benchmarks.machine import machine_line
from tests.benchmarks.peak_memory import PeakMemory

SONGS = 384_546
LINES_OF_A_LISTENER = 47
"""Of the published file, which has 48,373,586 lines of 1,019,318 listeners."""

_LISTENERS_AT_ONCE = 10_000
_BROKEN = (
    b"half a li",
    b"\t\t\t",
    b"",
    b"listener\tSOAAAAA12AAAAAAAAA\tmany",
    b"a listener\tSOAAAAA12AAAAAAAAA\t1",
    b"\xff\xfe",
)
_MISMATCHED = 100
"""Songs that were taken for the wrong track."""

_CHUNK = 1 << 18
_DIGITS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A made file: how many lines it has, and how many of these say nothing that can be used."""

    lines: int
    unusable: int


class Spent(NamedTuple):
    """Seconds that went by, and those of the processor in this process, all threads together."""

    seconds: float
    processor: float

    @classmethod
    def until_here(cls) -> Spent:
        """Since some moment, always the same."""
        return cls(time.perf_counter(), time.process_time())

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.seconds - other.seconds, self.processor - other.processor)


def run(lines: int, folder: Path | None, say: Say) -> bool:
    """Make a file, read it, and say how that went; False where lines are unaccounted for."""
    say(machine_line())
    with tempfile.TemporaryDirectory(dir=folder, prefix="history-") as place:
        music = Path(place, "echonest")
        with ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn")
        ) as maker:  # what it leaves in memory ends with it
            made = maker.submit(make_triplets, music, lines).result()
        size = (music / TRIPLETS_FILE).stat().st_size
        say(f"{made.lines:,} lines, {size / 1e6:,.0f} MB, {made.unusable:,} of them unusable")
        say(_line("plain read", _timed(music, _read_plainly), made.lines, size))
        say(_line("csv.reader, every row made", _timed(music, _read_by_csv), made.lines, size))
        peaks: list[tuple[Spent, float]] = []
        before = psutil.Process().memory_info().rss / 2**20
        with PeakMemory() as memory:

            def goes_on(_: Triplets) -> bool:
                peaks.append((Spent.until_here() - began, memory.megabytes))
                return True

            crowd = Path(place, "crowd")
            began = Spent.until_here()
            spent = _timed(music, lambda file: write_crowd(lambda: file.open("rb"), music, crowd, goes_on=goes_on))
        say(_line("triplets read, checked and written", peaks[-1][0], made.lines, size))
        say(_line("the same, with names of the songs", spent, made.lines, size))
        quarter, whole = peaks[len(peaks) // 4][1], peaks[-1][1]
        say(f"memory {before:,.0f} MiB before it began")
        say(f"peak memory {quarter:,.0f} MiB after a quarter of the lines, {whole:,.0f} after all of them")
        say(f"peak memory with names of the songs {memory.megabytes:,.0f} MiB")
        return _is_whole(crowd, made, say)


def make_triplets(folder: Path, lines: int, *, songs: int = SONGS, seed: int = 0) -> Made:
    """Write triplets of `lines` lines or a few more, and the files beside them, from a seed."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(seed)
    ids = _song_ids(songs, generator)
    _write_songs(folder, ids)
    written, unusable, listeners = 0, 0, 0
    with (folder / TRIPLETS_FILE).open("wb") as file:
        while written < lines:
            count = min(_LISTENERS_AT_ONCE, max((lines - written) // LINES_OF_A_LISTENER, 1))
            heard, rows = _rows(ids, count, listeners, generator)
            file.write(rows)
            file.write(b"".join(line + b"\n" for line in _BROKEN))
            written += heard.size + len(_BROKEN)
            unusable += int(np.count_nonzero(heard < min(_MISMATCHED, songs // 10))) + len(_BROKEN)
            listeners += count
        file.flush()
        os.fsync(file.fileno())
    return Made(written, unusable)


def _rows(
    ids: NDArray[np.uint8], listeners: int, first: int, generator: np.random.Generator
) -> tuple[NDArray[np.int64], bytes]:
    """Songs that some listeners heard, none twice by the same, and the lines that say so."""
    lengths = generator.geometric(1 / LINES_OF_A_LISTENER, listeners)
    owners = np.repeat(np.arange(listeners), lengths)
    heard = (len(ids) * generator.random(owners.size) ** 3).astype(np.int64)  # few songs are heard by most
    keys = np.unique(owners * len(ids) + heard)
    owners, heard = np.divmod(keys, len(ids))
    plays = np.minimum(generator.geometric(0.35, keys.size), 999)
    names = generator.integers(0, 16, (listeners, 40))
    names[:, :8] = (first + np.arange(listeners))[:, None] >> np.arange(28, -4, -4) & 15  # no two are the same
    tab, end = (np.full((keys.size, 1), sign, np.uint8) for sign in b"\t\n")
    digits = _DIGITS[plays[:, None] // np.array([100, 10, 1]) % 10]
    lower = np.frombuffer(b"0123456789abcdef", np.uint8)[names]
    whole = np.concatenate([lower[owners], tab, ids[heard], tab, digits, end], axis=1)
    shown = np.ones(whole.shape, bool)
    shown[:, 60] = plays >= 100
    shown[:, 61] = plays >= 10
    return heard, whole[shown].tobytes()


def _song_ids(songs: int, generator: np.random.Generator) -> NDArray[np.uint8]:
    """Shape (songs, 18)."""
    ids = _DIGITS[generator.integers(0, 36, (songs, 18))]
    ids[:, :2] = np.frombuffer(b"SO", np.uint8)
    ids[:, 2:8] = _DIGITS[np.arange(songs)[:, None] // 10 ** np.arange(5, -1, -1) % 10]  # no two are the same
    return ids


def _write_songs(folder: Path, ids: NDArray[np.uint8]) -> None:
    names = [song.tobytes().decode("ascii") for song in ids]
    tracks = [f"TR{name[2:]}" for name in names]
    pairs = list(zip(names, tracks, strict=True))
    table = "".join(f"{t}<SEP>{s}<SEP>Artist {n // 10}<SEP>Title {n}\n" for n, (s, t) in enumerate(pairs))
    (folder / TRACKS_FILE).write_text(table, encoding="utf-8")
    (folder / SONGS_FILE).write_text("".join(f"{song}\t{track}\n" for song, track in pairs), encoding="utf-8")
    wrong = pairs[: min(_MISMATCHED, len(pairs) // 10)]
    errors = "".join(f"ERROR: <{song} {track}> A  -  B  !=  C  -  D\n" for song, track in wrong)
    (folder / MISMATCHES_FILE).write_text(errors, encoding="utf-8")


def _timed(music: Path, read: Callable[[Path], object]) -> Spent:
    """What it takes to read the triplets, of which nothing lies in the memory of the system where it can be told so."""
    file = music / TRIPLETS_FILE
    if hasattr(os, "posix_fadvise"):
        with file.open("rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    began = Spent.until_here()
    read(file)
    return Spent.until_here() - began


def _read_plainly(file: Path) -> int:
    with file.open("rb", buffering=0) as opened:
        return sum(map(len, iter(lambda: opened.read(_CHUNK), b"")))


def _read_by_csv(file: Path) -> int:
    with file.open(encoding="latin-1", newline="") as opened:
        return sum(1 for _ in csv.reader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


def _line(what: str, spent: Spent, lines: int, size: int) -> str:
    seconds, processor = spent
    rates = f"{lines / seconds:13,.0f} lines/s {size / seconds / 1e6:8,.0f} MB/s"
    return f"{what:35} {seconds:7.1f} s {rates}; {processor:7.1f} s of processor"


def _is_whole(crowd: Path, made: Made, say: Say) -> bool:
    counts = counts_of(crowd)
    refused = sum(counts.refused.values())
    say(f"{counts.accepted:,} accepted + {refused:,} refused of {made.lines:,}: " + ", ".join(_told(counts.refused)))
    histories = read_crowd(crowd)
    kept = f"{len(histories):,} listeners, {histories.item_count:,} songs, {histories.items.size:,} entries"
    whole = counts.accepted + refused == made.lines == counts.lines and refused == made.unusable
    whole = whole and histories.items.size == counts.accepted
    say(f"{kept}; {'every line is accounted for' if whole else 'LINES ARE MISSING'}")
    return whole


def _told(refused: dict[str, int]) -> Iterator[str]:
    return (f"{code} {number:,}" for code, number in sorted(refused.items()))
