"""The plays that were gathered, in files below `home.stream`: one for each batch, put together when they are many.

    plays/batch-QUERY-NUMBER.parquet    the plays of a batch, by listener; a batch that is repeated takes its own place
    plays/whole-ID.parquet              of batches before, half a million plays or more but in the last one
    learnt.json                         what of it was learnt from

A play may lie in two files, after a program was killed or because a producer told it again much later. Whoever reads
gets it once, by its id.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from indexer.core.errors import SegueError
from indexer.core.files.atomic import PARTIAL, replacing
from indexer.core.home import Home
from indexer.core.plays import ListenerId

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("listener", pa.string()),
        ("track", pa.string()),
        ("named", pa.string()),
        ("at", pa.float64()),
        ("seconds_heard", pa.float64()),
        ("seconds", pa.float64()),
        ("finished", pa.bool_()),
        ("skipped", pa.bool_()),
        ("source", pa.string()),
        ("told", pa.float64()),
    ]
)
"""A play in each row: as `indexer.core.plays.Play` has it, `named` as JSON; `told` is when it came to the broker."""

MOST_BATCHES = 64
"""Files of batches that may lie beside each other."""

_WHOLE_ROWS = 500_000
_BATCH, _WHOLE = "batch-", "whole-"
_TRIES = 5


class GatheredDamaged(SegueError):
    """A file of gathered plays cannot be read."""


class GatheredFiles:
    """What was gathered for a home; written by one process, read by any. Safe to share between threads."""

    def __init__(self, home: Home) -> None:
        self._folder = home.stream / "plays"
        self._lock = threading.Lock()

    @property
    def number(self) -> int:
        """How many files there are."""
        return len(self._files())

    def write(self, query: str, batch: int, plays: pa.Table) -> None:
        """Keep the plays of a batch, in place of what was kept of it before; not even a loss of power takes them back.

        Args:
            query: letters and digits that tell the query from others, whose batches are counted anew.
            batch: its number.
            plays: with the columns of SCHEMA, in any order of rows.

        Raises:
            OSError: they cannot be written.
        """
        if plays.num_rows:
            with self._lock:
                self._put(f"{_BATCH}{query}-{batch:010d}", plays)

    def read(self, erased: Mapping[ListenerId, float] | None = None) -> pa.Table:
        """All plays, each once, by listener and time.

        Args:
            erased: by listener, before when nothing counts.

        Raises:
            GatheredDamaged: a file cannot be read.
        """
        for _ in range(_TRIES):
            with suppress(FileNotFoundError):  # another process put some together meanwhile
                return _ordered(_once(_without(_table(self._files()), erased or {})))
        return _ordered(_once(_without(_table(self._files()), erased or {})))

    def put_together(self) -> None:
        """Make few files of many, once there are more than MOST_BATCHES.

        Raises:
            OSError, GatheredDamaged: they cannot be written or read; what was there before is still there.
        """
        with self._lock:
            batches = self._files(_BATCH)
            if len(batches) > MOST_BATCHES:
                small = [file for file in self._files(_WHOLE) if pq.read_metadata(file).num_rows < _WHOLE_ROWS]
                self._replace([*small, *batches], _once(_table([*small, *batches])))

    def take_out(self, erased: Mapping[ListenerId, float]) -> None:
        """Write files anew without what was erased; raises OSError, GatheredDamaged."""
        with self._lock:
            for file in self._files() if erased else ():
                before = _table([file])
                kept = _without(before, erased)
                if kept.num_rows < before.num_rows:
                    self._replace([file], kept)

    def tidy(self) -> None:
        """Take away what a process left that was killed; only while no other one writes."""
        for left in self._folder.glob(f"{PARTIAL}*"):
            left.unlink(missing_ok=True)

    def _replace(self, files: Iterable[Path], plays: pa.Table) -> None:
        """A process that is killed in between leaves plays in two files, which does no harm."""
        if plays.num_rows:
            self._put(f"{_WHOLE}{secrets.token_hex(8)}", plays)
        for file in files:
            file.unlink(missing_ok=True)

    def _put(self, name: str, plays: pa.Table) -> None:
        with replacing(self._folder / f"{name}.parquet", durable=True) as target:
            pq.write_table(_ordered(plays.select(SCHEMA.names).cast(SCHEMA)), target, compression="zstd")

    def _files(self, beginning: str = "") -> list[Path]:
        """The wholes before the batches, both by name."""
        return sorted(
            (file for file in self._folder.glob(f"{beginning}*.parquet") if not file.name.startswith(PARTIAL)),
            key=lambda file: (not file.name.startswith(_WHOLE), file.name),
        )


def _table(files: Iterable[Path]) -> pa.Table:
    tables = [_opened(file) for file in files]
    return pa.concat_tables(tables) if tables else SCHEMA.empty_table()


def _opened(file: Path) -> pa.Table:
    try:
        return pq.read_table(file, schema=SCHEMA)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise GatheredDamaged("stream-damaged", file=file, reason=str(error).partition("\n")[0]) from error


def _once(plays: pa.Table) -> pa.Table:
    """The first of all rows with an id."""
    ids: NDArray[np.bytes_] = np.array(plays.column("id").to_pylist(), "S24")
    first = np.unique(ids, return_index=True)[1]
    return plays if first.size == plays.num_rows else plays.take(pa.array(np.sort(first)))


def _ordered(plays: pa.Table) -> pa.Table:
    return plays.sort_by([("listener", "ascending"), ("at", "ascending"), ("id", "ascending")])


def _without(plays: pa.Table, erased: Mapping[ListenerId, float]) -> pa.Table:
    for listener, before in erased.items():
        gone = pc.and_(pc.equal(plays.column("listener"), listener), pc.less(plays.column("at"), before))
        plays = plays.filter(pc.invert(gone))
    return plays
