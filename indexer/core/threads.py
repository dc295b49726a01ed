"""How many threads the libraries of arithmetic take: they read it from the environment when they are loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}
"""One process per core does better than one process on all cores. A window does, too: where its answer takes half a
millisecond, threads on cores that are busy with something else are waited for ten times as long."""

_inherited: dict[str, str | None] = {}


def calculate_in_one_thread() -> None:
    """Have what this process loads from now on take one thread; nothing changes for what is loaded already."""
    for name, value in ONE_THREAD.items():
        _inherited.setdefault(name, os.environ.get(name))
        os.environ[name] = value


def inherited() -> Mapping[str, str | None]:
    """What `calculate_in_one_thread` has changed, as it was: for processes that may take what they like."""
    return dict(_inherited)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the processes started inside, then put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
