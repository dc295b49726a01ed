"""Arrays that all of Spark's workers read: mapped from one file on this machine, broadcast to a cluster's machines.

A broadcast is copied into every worker; a mapped file is in memory once, however many read it.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pyspark.broadcast import Broadcast
from pyspark.sql import SparkSession

from indexer.spark.masters import is_in_process

Arrays = tuple[NDArray[Any], ...]

_OPEN_AT_ONCE = 4
"""Sets of arrays that a worker keeps open; what it opened for jobs before is of no use any more."""


class Shared(Protocol):
    """What is sent to the workers in place of the arrays."""

    @property
    def value(self) -> Arrays:
        """The arrays, read-only, in the order in which they were shared."""
        ...


@contextmanager
def shared(spark: SparkSession, *arrays: NDArray[Any]) -> Iterator[Shared]:
    """Arrays that kernels can read in Spark's workers within the block."""
    if not is_in_process(str(spark.sparkContext.master)):
        sent: Broadcast[Arrays] = spark.sparkContext.broadcast(arrays)
        try:
            yield sent
        finally:
            sent.destroy()
        return
    folder = Path(spark.sparkContext.getConf().get("spark.local.dir") or "") / f"arrays-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        for place, array in enumerate(arrays):
            np.save(folder / f"{place}.npy", array, allow_pickle=False)
        yield MappedArrays(str(folder), len(arrays))
    finally:
        with contextlib.suppress(OSError):  # where a worker still maps them, they go with Spark's own files
            shutil.rmtree(folder)


@dataclass(frozen=True)
class MappedArrays:
    """So many arrays in files of a folder."""

    folder: str
    count: int

    @property
    def value(self) -> Arrays:
        return _opened(self.folder, self.count)


@lru_cache(maxsize=_OPEN_AT_ONCE)
def _opened(folder: str, count: int) -> Arrays:
    mapped = (np.load(Path(folder, f"{place}.npy"), mmap_mode="r", allow_pickle=False) for place in range(count))
    # Plain views: slices of a memmap are several times slower to make than those of an array.
    return tuple(array.view(np.ndarray) for array in mapped)
