"""A crowd that cannot be written leaves the one before as it was, although a thread writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from indexer.history.crowd import Counts, CrowdWriter, read_crowd

resource = pytest.importorskip("resource", reason="the size of files is limited as Unix does it")
LISTENERS, ITEMS = 2_000, 50


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What writes more gets the error of a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def write(folder: Path, seed: int) -> None:
    generator = np.random.default_rng(seed)
    with CrowdWriter(folder) as writer:
        for first in range(0, LISTENERS, LISTENERS // 4):
            owners = np.repeat(np.arange(first, first + LISTENERS // 4, dtype=np.int32), ITEMS)
            items = generator.integers(0, 1 << 20, owners.size, np.int32)
            writer.add(owners, items, np.ones(owners.size, np.float32))
        writer.finish(Counts(LISTENERS * ITEMS, LISTENERS * ITEMS, {}, LISTENERS, 1 << 20), [])


def test_a_disk_that_is_full_leaves_the_crowd_before(tmp_path: Path) -> None:
    folder = tmp_path / "crowd"
    write(folder, seed=0)
    before = read_crowd(folder)
    assert before.items.size > LISTENERS
    with files_of_at_most(50_000), pytest.raises(OSError, match="too large"):
        write(folder, seed=1)
    assert np.array_equal(read_crowd(folder).items, before.items)
    assert [path.name for path in tmp_path.iterdir()] == ["crowd"]
