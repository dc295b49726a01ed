"""What the window's answers cost on a busy machine, with as many threads for arithmetic as there are cores, and one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from indexer.core.politeness import ONE_THREAD
from tests.conftest import REPOSITORY

TRACKS = 15_000
"""Few enough that every track is compared, which is where threads are used."""

ASKED = 400
MOST_MS = 3.0
"""At the median, of the window as it is; beyond, it is the system that gives the processor to somebody else."""

Say = Callable[[str], None]


def run(say: Say) -> bool:
    """Measure both in processes of their own beside one busy process a core; whether the window's way keeps its bar."""
    say(f"{ASKED} new files asked about, {TRACKS:,} tracks, {os.cpu_count()} cores, all busy with something else")
    with _busy():
        before = _measured({})
        after = _measured(ONE_THREAD)
    for name, (middle, late) in {"all cores": before, "one thread, as the window": after}.items():
        say(f"{name}: p50 {middle:.2f} ms, p99 {late:.2f} ms")
    return after[0] < MOST_MS


@contextmanager
def _busy() -> Iterator[None]:
    """One process a core that calculates for as long as this is open."""
    code = "while True: sum(range(10_000))"
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _measured(variables: dict[str, str]) -> tuple[float, float]:
    """Milliseconds at the median and at p99."""
    unlimited = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.threads"],
        env={**unlimited, **variables}, cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    middle, late = json.loads(told.stdout)
    return middle, late


def _child() -> None:
    import numpy as np

    from indexer.core.model import SimilarityModel
    from indexer.core.model.profiles import SONIC
    from indexer.core.model.space.shipped import reference, shipped_transform
    from tests.benchmarks.grown import grow, track_ids

    transform = shipped_transform(SONIC)
    assert transform is not None
    real = reference(SONIC)
    assert real is not None
    features = np.concatenate(list(grow(real, TRACKS + ASKED)))
    model = SimilarityModel.provisional(transform, SONIC.key, track_ids(TRACKS), list(features[:TRACKS]))
    times = []
    for asked in features[TRACKS:]:
        before = time.perf_counter()
        model.similar_to(asked, 10)
        times.append(1e3 * (time.perf_counter() - before))
        time.sleep(0.005)  # as a person's questions come: the threads of the library are asleep
    sys.stdout.write(json.dumps(np.percentile(times, [50, 99]).tolist()))


if __name__ == "__main__":
    _child()
