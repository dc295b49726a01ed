"""Measures engines on the same vectors: how much they find, how fast, in how much memory, and how long they build."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from numpy.typing import NDArray

from indexer.core.model.index.exact import Vectors, distances_to, nearest
from indexer.core.model.index.recall import RECALL_AT, recall_of
from indexer.core.politeness import ONE_THREAD, environment
from indexer.engines.engine import ENGINES, Engine, EngineMissing, engine_named
from indexer.engines.grown import grow_vectors

QUERIES = 1_000
"""Vectors that are asked for and are not in the index."""

_WARM_UP = 50


@dataclass(frozen=True)
class EngineResult:
    """One engine at one size.

    Attributes:
        engine: its name.
        tracks, dims: shape of the index.
        recall: share of the true ten nearest that it finds, 0 to 1; NaN where nothing was measured, as are the others.
        queries_per_second: on one thread, one after the other.
        p50_ms, p99_ms: of a single query.
        index_bytes: what the index holds, by its own account.
        process_bytes: by how much building it let a process of its own grow, vectors included.
        build_seconds: on one thread, the choice of the effort included.
        note: why nothing was measured and what to do, empty otherwise.
    """

    engine: str
    tracks: int
    dims: int
    recall: float = float("nan")
    queries_per_second: float = float("nan")
    p50_ms: float = float("nan")
    p99_ms: float = float("nan")
    index_bytes: float = float("nan")
    process_bytes: float = float("nan")
    build_seconds: float = float("nan")
    note: str = ""


def measure_engines(
    vectors: Vectors, sizes: Sequence[int], seed: int, names: Sequence[str] = tuple(ENGINES), queries: int = QUERIES
) -> Iterator[EngineResult]:
    """Grow `vectors` to each of `sizes` and measure every engine there, each in a process of its own.

    Args:
        vectors: shape (given, dims).
        sizes: rows of the index.
        seed: of the growth and of the engines.
        names: which engines.
        queries: further vectors of the same growth, asked for one by one.

    Raises:
        SegueError: a name is not an engine's.
    """
    for size in sizes:
        grown = grow_vectors(vectors, size + queries, seed)
        asked = np.zeros(len(grown), dtype=bool)
        asked[np.random.default_rng(seed).choice(len(grown), size=min(queries, len(grown) // 2), replace=False)] = True
        with TemporaryDirectory(prefix="segue-engines-") as folder:
            _write(Path(folder), grown[~asked], grown[asked])
            for name in names:
                yield _measured(name, Path(folder), (int((~asked).sum()), grown.shape[1]), seed)


def measure_here(name: str, folder: Path, seed: int) -> EngineResult:
    """Measure one engine in this process, made for it, on the arrays that `measure_engines` wrote into `folder`."""
    _hush_native_logs()
    engine_type = engine_named(name)
    before = _resident_bytes()
    vectors = np.load(folder / "vectors.npy")
    shape = vectors.shape
    started = time.perf_counter()
    engine = engine_type.build(vectors, seed)
    build_seconds = time.perf_counter() - started
    del vectors
    gc.collect()
    grown = _resident_bytes() - before
    queries, truth = np.load(folder / "queries.npy"), np.load(folder / "truth.npy")
    rows, seconds = _ask(engine, queries, truth.shape[1])
    found = _exact(np.load(folder / "vectors.npy", mmap_mode="r"), queries, rows, truth.shape[1])
    return EngineResult(
        engine=name,
        tracks=shape[0],
        dims=shape[1],
        recall=recall_of(found, truth),
        queries_per_second=len(seconds) / seconds.sum(),
        p50_ms=1e3 * float(np.percentile(seconds, 50)),
        p99_ms=1e3 * float(np.percentile(seconds, 99)),
        index_bytes=engine.memory_bytes(),
        process_bytes=max(grown, 0),
        build_seconds=build_seconds,
    )


def _write(folder: Path, vectors: Vectors, queries: Vectors) -> None:
    everything = np.arange(len(vectors))
    truth = np.stack([nearest(vectors, everything, query, RECALL_AT)[1] for query in queries])
    for name, array in (("vectors", vectors), ("queries", queries), ("truth", truth)):
        np.save(folder / f"{name}.npy", array)


def _measured(name: str, folder: Path, shape: tuple[int, int], seed: int) -> EngineResult:
    try:
        engine_named(name)
    except EngineMissing as error:
        return EngineResult(name, *shape, note=str(error))
    # Threads are counted when the libraries are loaded, and memory is that of a process that did nothing else.
    with (
        environment(ONE_THREAD),
        ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as process,
    ):
        try:
            return process.submit(measure_here, name, folder, seed).result()
        except BrokenProcessPool:
            return EngineResult(name, *shape, note=f"The engine {name} ended its process.")
        except MemoryError:
            return EngineResult(name, *shape, note=f"The engine {name} ran out of memory.")


def _ask(engine: Engine, queries: Vectors, k: int) -> tuple[list[NDArray[np.intp]], NDArray[np.float64]]:
    """The rows found for each query, and the seconds it took."""
    for query in queries[:_WARM_UP]:
        engine.query(query, k)
    rows, seconds = [], np.empty(len(queries))
    for position, query in enumerate(queries):
        started = time.perf_counter()
        found, _ = engine.query(query, k)
        seconds[position] = time.perf_counter() - started
        rows.append(found)
    return rows, seconds


def _exact(vectors: Vectors, queries: Vectors, rows: Sequence[NDArray[np.intp]], k: int) -> Vectors:
    """Distances of what was found, computed here: no engine is measured by its own estimates."""
    distances = np.full((len(queries), k), np.inf, dtype=np.float32)
    for position, found in enumerate(rows):
        distances[position, : len(found)] = distances_to(vectors[found], queries[position])
    return distances


def _hush_native_logs() -> None:
    """ScaNN logs its progress to standard error from C++, and has no setting for it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())
    os.close(nowhere)


def _resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)
