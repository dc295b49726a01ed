"""The catalogue on disk, so that the window opens with the whole library before any database answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.columns import NumberColumn, TextColumn
from indexer.core.catalogue.fields import DERIVED, LATER_NUMBERS, LATER_TEXTS, NUMBER_TYPES, TEXT_FIELDS
from indexer.core.errors import SegueError
from indexer.core.files.array_files import stored_arrays
from indexer.core.files.atomic import replacing
from indexer.core.tracks import TrackId

VERSION = 1
Arrays = Mapping[str, NDArray[Any]]
_BETWEEN = "\0"  # in no path and in no cleaned tag


class SnapshotDamaged(SegueError):
    """The file is not a whole snapshot of this version."""


@dataclass(frozen=True)
class Frozen:
    """A catalogue's content at one moment.

    Attributes:
        rev: the database's revision that it shows.
        ids: of all rows.
        texts: by field: the different values, the codes (rows,) that point at them, and the values' ranks.
        numbers: by field, shape (rows,).
    """

    rev: int
    ids: list[str]
    texts: dict[str, tuple[list[str], NDArray[Any], NDArray[np.int32]]]
    numbers: dict[str, NDArray[Any]]

    @classmethod
    def of(
        cls, rev: int, ids: Sequence[TrackId], texts: dict[str, TextColumn], numbers: dict[str, NumberColumn]
    ) -> Self:
        return cls(
            rev,
            list(ids),
            {name: (list(text.values), text.codes.copy(), text.ranks().copy()) for name, text in texts.items()},
            {name: number.array.copy() for name, number in numbers.items()},
        )

    def columns(self) -> tuple[dict[str, TextColumn], dict[str, NumberColumn]]:
        return (
            {name: TextColumn(*content) for name, content in self.texts.items()},
            {name: NumberColumn(NUMBER_TYPES[name], array) for name, array in self.numbers.items()},
        )


def write(path: Path, frozen: Frozen) -> None:
    """Write a snapshot in place of the one before.

    Raises:
        OSError: the disk is full or the folder may not be written; the one before is as it was.
    """
    arrays: dict[str, NDArray[Any]] = {"version": np.array([VERSION, frozen.rev]), "ids": _packed(frozen.ids)}
    for name, (values, codes, ranks) in frozen.texts.items():
        arrays |= {f"{name}.values": _packed(values), f"{name}.codes": codes, f"{name}.ranks": ranks}
    arrays |= {f"{name}.numbers": array for name, array in frozen.numbers.items()}
    with replacing(path) as file:
        np.savez(file, allow_pickle=False, **arrays)


def read(path: Path) -> Frozen:
    """Read a snapshot.

    Raises:
        FileNotFoundError: there is none.
        SnapshotDamaged: it is truncated, not a snapshot, or not of this version.
    """
    try:
        return _read(stored_arrays(path))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise SnapshotDamaged("snapshot-damaged", file=path) from error


def _read(arrays: Arrays) -> Frozen:
    version, rev = (int(value) for value in arrays["version"])
    if version != VERSION:
        raise ValueError(version)
    ids = _unpacked(arrays["ids"])
    texts = {name: _read_text(arrays, name, len(ids)) for name in sorted(TEXT_FIELDS)}
    numbers = {name: _read_numbers(arrays, name, len(ids)) for name in NUMBER_TYPES}
    if any(len(array) != len(ids) for array in numbers.values()):
        raise ValueError(len(ids))
    return Frozen(rev, ids, texts, numbers)


def _read_numbers(arrays: Arrays, name: str, rows: int) -> NDArray[Any]:
    """What was heard and said is told anew at every start, so that a snapshot without it is as good.

    What a version before did not read from files is not in its snapshots: it comes as changes, once they are read.
    """
    if name in DERIVED and f"{name}.numbers" not in arrays:
        return np.zeros(rows, NUMBER_TYPES[name])
    if name in LATER_NUMBERS and f"{name}.numbers" not in arrays:
        return np.full(rows, LATER_NUMBERS[name], NUMBER_TYPES[name])
    found = arrays[f"{name}.numbers"]
    if found.ndim != 1 or found.dtype != NUMBER_TYPES[name]:
        raise ValueError(name)
    return found


def _read_text(arrays: Arrays, name: str, rows: int) -> tuple[list[str], NDArray[Any], NDArray[np.int32]]:
    if name in LATER_TEXTS and f"{name}.values" not in arrays:
        return [""], np.zeros(rows, np.int32), np.zeros(1, np.int32)
    values, codes, ranks = _unpacked(arrays[f"{name}.values"]), arrays[f"{name}.codes"], arrays[f"{name}.ranks"]
    if codes.shape != (rows,) or ranks.shape != (len(values),) or {codes.dtype.kind, ranks.dtype.kind} != {"i"}:
        raise ValueError(name)
    if rows and not 0 <= codes.min() <= codes.max() < len(values):
        raise ValueError(name)
    return values, codes, ranks


def _packed(texts: Sequence[str]) -> NDArray[Any]:
    """Many texts as one array of bytes, with their count in front so that none and one empty text differ."""
    content = _BETWEEN.join((str(len(texts)), *texts))
    return np.frombuffer(content.encode("utf-8", "surrogatepass"), np.uint8)


def _unpacked(array: NDArray[Any]) -> list[str]:
    count, *texts = array.tobytes().decode("utf-8", "surrogatepass").split(_BETWEEN)
    if len(texts) != int(count):
        raise ValueError(count)
    return texts
