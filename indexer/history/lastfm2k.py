"""Reads lastfm-2k: how often listeners of Last.fm played their 50 favourite artists, and what they tagged artists with.

Format: https://files.grouplens.org/datasets/hetrec2011/hetrec2011-lastfm-readme.txt; tab-separated, a header line each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.core.taste.histories import Histories
from indexer.history.reading import HistoryUnreadable

PLAYS_FILE = "user_artists.dat"
ARTISTS_FILE = "artists.dat"
TAGGINGS_FILE = "user_taggedartists.dat"

_BOM = "\ufeff"
_LONGEST_LINE = 10_000
_NUMBER = np.iinfo(np.int64)


@dataclass(frozen=True, eq=False)
class Lastfm2k:
    """What the files say.

    Attributes:
        histories: listeners by artists, in ascending order of their numbers in the files.
        names: of the artists; empty where no line names one.
        taggings: shape (taggings, 3), int64: listener, artist and number of the tag; of those with plays.
        refused: how many lines of each file could not be used, by file and reason.
    """

    histories: Histories
    names: tuple[str, ...]
    taggings: NDArray[np.int64]
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)


def is_lastfm2k(folder: Path) -> bool:
    """Whether a folder holds the plays of lastfm-2k."""
    return (folder / PLAYS_FILE).is_file()


def read_lastfm2k(folder: Path) -> Lastfm2k:
    """Read a folder of lastfm-2k, of which only the file of plays must be there; lines that say nothing are counted.

    Raises:
        HistoryUnreadable: it cannot be read, or no line of plays can be used.
    """
    refused: Counter[tuple[str, str]] = Counter()
    try:
        plays = np.array([row for row in _numbers(folder / PLAYS_FILE, 3, refused) if _plays(row, refused)], np.int64)
        taggings = np.array([*_numbers(folder / TAGGINGS_FILE, 3, refused)], np.int64).reshape(-1, 3)
        named = dict(_names(folder / ARTISTS_FILE, refused))
    except OSError as error:
        raise HistoryUnreadable("history-unreadable", file=folder, reason=error.strerror or error) from error
    if not plays.size:
        raise HistoryUnreadable("history-empty", file=folder / PLAYS_FILE)
    listeners, rows = np.unique(plays[:, 0], return_inverse=True)
    artists, columns = np.unique(plays[:, 1], return_inverse=True)
    shape = (listeners.size, artists.size)
    histories = Histories.of_entries(rows, columns, plays[:, 2].astype(np.float64), shape)
    names = tuple(named.get(int(artist), "") for artist in artists)
    return Lastfm2k(histories, names, _placed(taggings, listeners, artists, refused), refused)


def _lines(path: Path) -> Iterator[str]:
    """All lines but the header, broken UTF-8 as replacement characters, none longer than is sensible."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), "")):
            if number or line.lstrip(_BOM)[:1].isdigit():
                yield line.lstrip(_BOM).rstrip("\r\n")


def _numbers(path: Path, columns: int, refused: Counter[tuple[str, str]]) -> Iterator[list[int]]:
    """The first columns of every line that are whole numbers."""
    for line in _lines(path):
        cells = line.split("\t")
        if len(cells) < columns:
            refused[path.name, "too few columns"] += 1
            continue
        try:
            values = [int(cell) for cell in cells[:columns]]
        except ValueError:
            refused[path.name, "not a number"] += 1
            continue
        if all(0 <= value <= _NUMBER.max for value in values):
            yield values
        else:
            refused[path.name, "a number out of range"] += 1


def _plays(row: list[int], refused: Counter[tuple[str, str]]) -> bool:
    if not row[2]:
        refused[PLAYS_FILE, "no plays"] += 1
    return row[2] > 0


def _names(path: Path, refused: Counter[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    for line in _lines(path):
        number, _, rest = line.partition("\t")
        name = rest.partition("\t")[0].strip()
        if number.isascii() and number.isdigit() and name:
            yield int(number), name
        else:
            refused[path.name, "no name"] += 1


def _placed(
    taggings: NDArray[np.int64],
    listeners: NDArray[np.int64],
    artists: NDArray[np.int64],
    refused: Counter[tuple[str, str]],
) -> NDArray[np.int64]:
    """Taggings by the places of listeners and artists instead of their numbers."""
    known = np.isin(taggings[:, 0], listeners) & np.isin(taggings[:, 1], artists)
    if not known.all():
        refused[TAGGINGS_FILE, "a listener or artist without plays"] += int((~known).sum())
    kept = taggings[known]
    places = (np.searchsorted(listeners, kept[:, 0]), np.searchsorted(artists, kept[:, 1]), kept[:, 2])
    return np.stack(places, axis=1).astype(np.int64)
