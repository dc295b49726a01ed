"""Keeps histories of many listeners who are strangers here: written as a stream, read as arrays, not play by play.

A crowd is a folder of two tables in Parquet, which NumPy and Spark read alike, and of what was counted.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ArrowInvalid, parquet

from indexer.core.plays import Named
from indexer.core.taste.histories import Histories
from indexer.history.reading import HistoryUnreadable

PLAYS_FILE = "plays.parquet"
ITEMS_FILE = "items.parquet"
COUNTS_FILE = "counts.json"

_SCHEMA = pa.schema([("listener", pa.int32()), ("item", pa.int32()), ("plays", pa.float32())])
_ITEM_BITS = 32


@dataclass(frozen=True)
class Counts:
    """What a crowd was made of.

    Attributes:
        lines: that were read.
        accepted: of these.
        refused: the others, by reason.
        listeners: how many.
        items: how many different ones they played.
    """

    lines: int
    accepted: int
    refused: dict[str, int] = field(default_factory=dict)
    listeners: int = 0
    items: int = 0


class CrowdWriter:
    """Writes a crowd in place of the one that is there, once it is whole; a thread does so while more rows are read.

    Rows of a listener that follow each other are put in the order of their items, and of the same item added. Where
    listeners come back later in the file, all is put in order at the end, in memory: 40 bytes a line.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._part = folder.with_name(f"{folder.name}.part")
        self._thread = ThreadPoolExecutor(1, "crowd")
        self._adding: Future[None] | None = None
        self._held = _Rows.empty()
        self._in_order = True
        self.plays_of_items: NDArray[np.int64] = np.zeros(0, np.int64)
        """Shape (items so far,): lines of each; whole once it is finished."""

    def __enter__(self) -> Self:
        shutil.rmtree(self._part, ignore_errors=True)
        self._part.mkdir(parents=True)
        self._file = parquet.ParquetWriter(
            self._part / PLAYS_FILE, _SCHEMA, compression="zstd", compression_level=1, use_dictionary=["plays"],
            column_encoding={"listener": "DELTA_BINARY_PACKED", "item": "PLAIN"}, write_statistics=False,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        self._file.close()
        shutil.rmtree(self._part, ignore_errors=True)

    def add(self, listeners: NDArray[np.int32], items: NDArray[np.int32], plays: NDArray[np.float32]) -> None:
        """Append rows, all of shape (rows,).

        Raises:
            OSError: these, or those before, cannot be written.
        """
        self._wait()
        if items.size:
            self._adding = self._thread.submit(self._add, _Rows(listeners, items, plays))

    def finish(self, counts: Counts, names: Sequence[Named | None], *, keep: bool = True) -> None:
        """Put it in place; `keep=False` leaves everything as it was."""
        self._wait()
        self._write(self._held)
        self._file.close()
        if not self._in_order:
            self._put_in_order()
        told = [name or Named(artist="") for name in names]
        texts = {"artist": [name.artist for name in told], "title": [name.title for name in told]}
        table = pa.Table.from_arrays(list(map(_texts, texts.values())), names=list(texts))
        parquet.write_table(table, self._part / ITEMS_FILE)
        (self._part / COUNTS_FILE).write_text(json.dumps(asdict(counts)), encoding="utf-8")
        if keep:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._part.rename(self._folder)

    def _wait(self) -> None:
        if self._adding is not None:
            self._adding.result()

    def _add(self, rows: _Rows) -> None:
        lines = np.bincount(rows.items, minlength=self.plays_of_items.size)
        lines[: self.plays_of_items.size] += self.plays_of_items
        self.plays_of_items = lines
        rows = self._held.and_then(rows)
        self._in_order = self._in_order and bool(np.all(np.diff(rows.listeners) >= 0))
        if self._in_order:
            rows = rows.ordered()
            whole = int(np.searchsorted(rows.listeners, rows.listeners[-1]))  # its last listener may go on
            self._write(rows.part(slice(0, whole)))
            self._held = rows.part(slice(whole, None))
        else:
            self._write(rows)
            self._held = _Rows.empty()

    def _write(self, rows: _Rows) -> None:
        if rows.items.size:
            self._file.write_table(rows.table())

    def _put_in_order(self) -> None:
        path = self._part / PLAYS_FILE
        rows = _Rows.of(parquet.read_table(path)).ordered()
        parquet.write_table(rows.table(), path, compression="zstd", compression_level=1)


def is_crowd(folder: Path) -> bool:
    """Whether a folder is a crowd."""
    return (folder / PLAYS_FILE).is_file() and (folder / COUNTS_FILE).is_file()


def counts_of(folder: Path) -> Counts:
    """What the crowd of a folder was made of.

    Raises:
        HistoryUnreadable: it cannot be read.
    """
    try:
        return Counts(**json.loads((folder / COUNTS_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise HistoryUnreadable("history-unreadable", file=folder, reason=error) from error


def read_crowd(folder: Path) -> Histories:
    """The histories of a crowd.

    Raises:
        HistoryUnreadable: it cannot be read.
    """
    counts = counts_of(folder)
    try:
        rows = _Rows.of(parquet.read_table(folder / PLAYS_FILE))
    except (OSError, ArrowInvalid) as error:
        raise HistoryUnreadable("history-unreadable", file=folder, reason=error) from error
    offsets = np.searchsorted(rows.listeners, np.arange(counts.listeners + 1)).astype(np.int64)
    return Histories(offsets, rows.items, rows.plays, counts.items)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Listeners, items and plays, all of shape (rows,)."""

    listeners: NDArray[np.int32]
    items: NDArray[np.int32]
    plays: NDArray[np.float32]

    @classmethod
    def empty(cls) -> Self:
        return cls(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))

    @classmethod
    def of(cls, table: pa.Table) -> Self:
        listeners, items, plays = (table.column(name).to_numpy() for name in _SCHEMA.names)
        return cls(listeners.astype(np.int32, copy=False), items.astype(np.int32, copy=False), plays)

    def table(self) -> pa.Table:
        columns = zip(_SCHEMA.types, (self.listeners, self.items, self.plays), strict=True)
        return pa.Table.from_arrays([_column(kind, values) for kind, values in columns], schema=_SCHEMA)

    def and_then(self, other: _Rows) -> _Rows:
        if not self.items.size:
            return other
        return _Rows(
            np.concatenate([self.listeners, other.listeners]),
            np.concatenate([self.items, other.items]),
            np.concatenate([self.plays, other.plays]),
        )

    def part(self, which: slice | NDArray[np.intp]) -> _Rows:
        return _Rows(self.listeners[which], self.items[which], self.plays[which])

    def ordered(self) -> _Rows:
        """By listener and item, each pair once with its plays added."""
        keys = (self.listeners.astype(np.int64) << _ITEM_BITS) | self.items
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], self.part(order)
        first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if keys.size else order
        if first.size == keys.size:
            return rows
        return _Rows(rows.listeners[first], rows.items[first], np.add.reduceat(rows.plays, first))


# Of buffers and not of arrays and lists: for these pyarrow imports pandas, which takes a while and 50 MB.


def _column(kind: pa.DataType, values: NDArray[np.generic]) -> pa.Array:
    return pa.Array.from_buffers(kind, values.size, [None, pa.py_buffer(np.ascontiguousarray(values))])


def _texts(values: Sequence[str]) -> pa.Array:
    ends = np.cumsum([0, *(len(value.encode()) for value in values)], dtype=np.int64)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer("".join(values).encode())]
    return pa.Array.from_buffers(pa.large_string(), len(values), buffers)
