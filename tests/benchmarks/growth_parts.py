"""`python -m tests.benchmarks.growth_parts PART …`: one measurement of a library of one size, in a process of its own.

Every part prints what it found as one line of JSON, the last of its output.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import typer

from indexer.analysis.control import Control
from indexer.core.events import Event, Notice, Progress
from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.profiles import SONIC
from indexer.core.store import open_database
from tests.benchmarks.grown import Features, grow, real_features, shipped_features, track_ids
from tests.benchmarks.memory_kinds import PeakByKind, held

ASKED = 1_000
WARM_UP = 20
STARTS = 3
K = 10
_LONGEST_SECONDS = 900.0

Found = dict[str, Any]


def fill(home: Path, tracks: int) -> Found:
    """The tracks of the library, through the store; no features."""
    from tests.benchmarks.library import fill_tracks

    began = time.monotonic()
    with open_database(Home.resolve(home)) as database:
        fill_tracks(database, track_ids(tracks), None)
    return {"fill_seconds": time.monotonic() - began}


def build(home: Path, tracks: int, master: str, features: Path | None) -> Found:
    """Model of generated features: seconds, by step, and memory."""
    from indexer.spark.build import build_from
    from tests.benchmarks.generated import generated

    origin = generated(real(features), SONIC, tracks)
    began = time.monotonic()
    with PeakByKind() as memory:
        made = build_from(origin, Home.resolve(home), SONIC, master=master, on_event=_told, control=Control())
    if made is None:
        raise SystemExit("the build was cancelled")
    return {
        "build_seconds": time.monotonic() - began,
        "build_cpu_seconds": memory.cpu_seconds,
        "steps": made.seconds_by_step,
        "jvm_bytes": memory.jvm,
        "python_bytes": memory.python,
        "build_bytes": memory.both,
        "model_bytes": sum(size.size for size in made.files.values()),
        "join": made.join,
        "recall": made.recall,
        "list_recall": made.list_recall,
        "whole_list_recall": made.extra.get("whole_list_recall"),
        "candidate_share": made.candidate_share,
        "tables": f"{made.tables} x {made.hashes}, {made.probes} probes",
        "largest_bucket": made.largest_bucket,
        "skewness": made.hubness["skewness"],
    }


def query(home: Path, features: Path | None) -> Found:
    """A process that does nothing but open the model and answer: times and memory."""
    from indexer.core.model import SimilarityModel

    fresh = np.concatenate(list(grow(real(features), WARM_UP + ASKED, seed=1)))
    before = held(psutil.Process())
    began = time.monotonic()
    model = SimilarityModel.load(current_model_folder(Home.resolve(home), SONIC.name))
    opened = time.monotonic() - began
    tracks = model.tracks()
    asked = [tracks[row] for row in np.random.default_rng(0).choice(len(model), WARM_UP + ASKED)]
    known = _milliseconds(lambda place: model.similar(asked[place], K))
    new = _milliseconds(lambda place: model.similar_to(fresh[place], K))
    return {
        "open_seconds": opened,
        "known_ms": known,
        "new_ms": new,
        "model_process_bytes": held(psutil.Process()) - before,
    }


def player(home: Path) -> Found:
    """Process start to painted table, then the memory of a player in which was searched, scrolled and chosen."""
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    _started("player_start", ["--fill", str(home)], environment)
    _started("player_start", [str(home)], environment)  # so that files are in the page cache: a warm start
    starts = [_started("player_start", [str(home)], environment) for _ in range(STARTS)]
    used = _started("player_use", [str(home)], environment)
    return {
        "start_seconds": statistics.median(start["painted"] for start in starts),
        "scrolled_seconds": statistics.median(start["scrolled"] for start in starts),
        "player_bytes": used["bytes"],
        "search_p95_ms": used["search_p95_ms"],
        "panel_p95_ms": used["panel_p95_ms"],
    }


def real(features: Path | None) -> Features:
    """Features to grow from: those of a home, else those that come with the model."""
    if features is None:
        return shipped_features(SONIC)
    with open_database(Home.resolve(features)) as database:
        return real_features(database, SONIC)


def _milliseconds(ask: Callable[[int], object]) -> list[float]:
    """p50 and p99 of asking once for every place."""
    for place in range(WARM_UP):
        ask(place)
    taken = []
    for place in range(WARM_UP, WARM_UP + ASKED):
        began = time.perf_counter()
        ask(place)
        taken.append(1e3 * (time.perf_counter() - began))
    return [float(np.percentile(taken, share)) for share in (50, 99)]


def _started(module: str, arguments: list[str], environment: dict[str, str]) -> Found:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    environment = {**environment, "SEGUE_BENCHMARK_STARTED": repr(time.time())}
    ran = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=_LONGEST_SECONDS, env=environment
    )
    found: Found = json.loads(ran.stdout.splitlines()[-1])
    return found


def _told(event: Event) -> None:
    if isinstance(event, Notice):
        typer.echo(event.message, err=True)
    elif isinstance(event, Progress) and event.current:
        typer.echo(f"{time.strftime('%H:%M:%S')} {event.current[0]}", err=True)


def _main(part: str, home: str, *rest: str) -> Found:
    place = Path(home)
    if part == "fill":
        return fill(place, int(rest[0]))
    if part == "build":
        return build(place, int(rest[0]), rest[1], _path(rest[2:]))
    if part == "query":
        return query(place, _path(rest))
    return player(place)


def _path(rest: tuple[str, ...]) -> Path | None:
    return Path(rest[0]) if rest else None


if __name__ == "__main__":
    typer.echo(json.dumps(_main(*sys.argv[1:])))
