"""Histories of files: lastfm-2k, or any format that is imported or exported, each file or folder one listener."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from indexer.core.plays import Named, Play, Tally
from indexer.core.taste.histories import Histories
from indexer.core.taste.weights import Plays, plays_of
from indexer.core.text import identity
from indexer.core.tracks import TrackId
from indexer.evaluation.taste.data import NOBODY, Data
from indexer.history.crowd import counts_of, is_crowd, read_crowd
from indexer.history.formats import HistoryFormat, chapters_in, unreadable
from indexer.history.lastfm2k import is_lastfm2k, read_lastfm2k
from indexer.history.reading import LEFT_OUT, HistoryUnreadable, Refused, Teller
from indexer.history.strangers import write_crowd

_KIND = '"kind": "play"'
"""What every play of `indexer history export` has."""


def read_data(path: Path) -> Data:
    """The histories of lastfm-2k and of crowds, which have no times, or of files that are imported or were exported.

    Raises:
        HistoryUnreadable: it is not there, or nothing in it tells of plays.
    """
    if not path.exists():
        raise HistoryUnreadable("history-missing", file=path)
    if is_lastfm2k(path):
        read = read_lastfm2k(path)
        refused = {f"{file}: {reason}": number for (file, reason), number in sorted(read.refused.items())}
        return Data(path.name, read.histories, read.taggings, refused, names=read.names)
    if is_crowd(path):
        return _of_crowd(path, path.name)
    for chapter in chapters_in(path, lambda _: None):  # told by `_read_listened` where it is none of a crowd
        if chapter.format is HistoryFormat.ECHONEST:
            with TemporaryDirectory(prefix="segue-crowd-") as place:
                crowd = Path(place, "crowd")
                write_crowd(chapter.source.open, (chapter.source.path or path).parent, crowd)
                return _of_crowd(crowd, path.name)
    return _read_listened(path)


def _of_crowd(folder: Path, name: str) -> Data:
    return Data(name, read_crowd(folder), np.empty((0, 3), np.int64), counts_of(folder).refused)


@dataclass
class _Read:
    """What one listener played.

    Attributes:
        plays: with times; their track is what stands for the item.
        counts: how often something was played, where only that is known.
        names: of every item.
    """

    plays: list[Play] = field(default_factory=list)
    counts: Counter[TrackId] = field(default_factory=Counter)
    names: dict[TrackId, Named] = field(default_factory=dict)

    def add(self, found: Play | Tally) -> None:
        """Take a play or tally of named music."""
        if found.named is None:
            return
        item = TrackId(f"{identity(found.named.artist)}\t{identity(found.named.title)}")
        self.names.setdefault(item, found.named)
        if isinstance(found, Play):
            self.plays.append(replace(found, track=item))
        elif found.plays:
            self.counts[item] += found.plays


def _read_listened(path: Path) -> Data:
    """Every file and folder within a folder as one listener, or a file as the only one; what is refused is counted.

    Raises:
        HistoryUnreadable: nothing there tells of plays.
    """
    refused: Counter[str] = Counter()
    places = sorted(path.iterdir()) if path.is_dir() else [path]
    read = [listener for place in places if (listener := _read(place, refused)).names]
    if not read:
        raise HistoryUnreadable("history-format", file=path)
    items = {item: number for number, item in enumerate(sorted({item for each in read for item in each.names}))}
    dated = tuple(plays_of(each.plays, items) for each in read)
    taggings = _by_names({item: named for each in read for item, named in each.names.items()}, items)
    return Data(path.name, _counted(read, dated, items), taggings, dict(refused), dated)


def _read(path: Path, refused: Counter[str]) -> _Read:
    read = _Read()
    for found in _told(path, refused):
        if isinstance(found, Refused):
            refused[f"{path.name}: {found.code}"] += found.code not in LEFT_OUT
        else:
            read.add(found)
    return read


def _told(path: Path, refused: Counter[str]) -> Iterator[Play | Tally | Refused]:
    """Broken files are counted, and the rest goes on."""

    def on_trouble(error: HistoryUnreadable) -> None:
        refused[f"{path.name}: {error.code}"] += 1

    if _is_export(path):
        yield from _exported(path)
        return
    for chapter in chapters_in(path, on_trouble):
        try:
            yield from chapter.read(Teller)
        except (HistoryUnreadable, OSError) as error:
            on_trouble(unreadable(chapter.source.name, error))


def _is_export(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return _KIND in file.readline(10_000)


def _exported(path: Path) -> Iterator[Play | Refused]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if _KIND not in line:
                continue
            try:
                record = json.loads(line)
                named = Named(artist=str(record["artist"]), title=str(record["title"]), album=str(record["album"]))
                yield replace(Play.of_record(str(record["id"]), record), named=named)
            except (KeyError, TypeError, ValueError, OverflowError):
                yield Refused(number, "history-record")


def _counted(read: Iterable[_Read], dated: Iterable[Plays], items: dict[TrackId, int]) -> Histories:
    """How often each listener played each item; what was skipped is no play."""
    rows = []
    for each, plays in zip(read, dated, strict=True):
        counts = np.bincount(plays.items[plays.heard >= 0], minlength=len(items)).astype(np.float64)
        for item, number in each.counts.items():
            counts[items[item]] += number
        played = np.flatnonzero(counts)
        rows.append((played.astype(np.int32), counts[played].astype(np.float32)))
    return Histories.of_rows(rows, len(items))


def _by_names(
    names: dict[TrackId, Named], items: dict[TrackId, int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Artists and albums as tags that nobody gave: known of every item, whoever played it."""
    tags: dict[tuple[str, ...], int] = {}
    found: list[tuple[int, int, int]] = []
    for item, named in names.items():
        artist, album = identity(named.artist), identity(named.album)
        given = [(artist,), (artist, album)] if album else [(artist,)]
        found += [(NOBODY, items[item], tags.setdefault(tag, len(tags))) for tag in given]
    return np.array(found, np.int64).reshape(-1, 3)
