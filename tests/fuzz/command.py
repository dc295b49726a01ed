"""Runs targets in processes of their own and counts what came of them; a process that dies is a failure, too."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.engine import Tally, kept

_PATIENCE = 90.0
"""Seconds beyond its time after which a process is stuck where nothing in it can tell."""


@dataclass(frozen=True)
class Result:
    """A target's tally, and the most memory, in MB, that its process held until then."""

    tally: Tally
    peak_mb: float


@dataclass
class Totals:
    """What a whole run comes to."""

    tried: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)


def fuzz(
    names: Sequence[str], *, seconds: float, examples: int, seed: int, failures: Path, together: bool = False
) -> Iterator[Result]:
    """Fuzz targets one after the other, each in a process of its own, or `together` in one."""
    waiting = list(names)
    while waiting:
        group = waiting if together else waiting[:1]
        orders = {"targets": group, "seconds": seconds, "examples": examples, "seed": seed}
        results = _run(orders, failures)
        yield from results
        waiting = waiting[len(results) :]  # a process that died did so of the last of them


def table(results: Iterable[Result], totals: Totals) -> Iterator[str]:
    """The lines of a table of `results`, as they come; `totals` is added to."""
    heads = ("inputs", "refused", "inputs/s", "slowest ms", "peak MB", "failures")
    yield f"{'target':<16} " + " ".join(f"{head:>11}" for head in heads)
    for result in results:
        tally = result.tally
        totals.tried += tally.tried
        totals.failed += tally.failed
        totals.failures += tally.failures
        pace = tally.tried / tally.seconds if tally.seconds else 0.0
        figures = (tally.tried, tally.refused, pace, 1_000 * tally.slowest, result.peak_mb, tally.failed)
        yield f"{tally.target:<16} " + " ".join(f"{figure:>11,.0f}" for figure in figures)
    yield f"{'all':<16} {totals.tried:>11,} {'':>47} {totals.failed:>11,}"


def child_command(orders: dict[str, object]) -> list[str]:
    return [sys.executable, "-m", "tests.fuzz.child", json.dumps(orders)]


def _run(orders: dict[str, object], failures: Path) -> list[Result]:
    """The results of one process; where it died, its last input is a failure of the target it was at."""
    orders = {**orders, "failures": str(failures)}
    names = orders["targets"]
    assert isinstance(names, list)
    patience = (float(str(orders["seconds"])) + _PATIENCE) * len(names)
    try:
        done = subprocess.run(child_command(orders), capture_output=True, text=True, timeout=patience, check=False)
        output, status, said = done.stdout, str(done.returncode), done.stderr
    except subprocess.TimeoutExpired as error:
        output, status, said = _text(error.stdout), "no end", _text(error.stderr)
    messages = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    results = [Result(Tally(**each["tally"]), each["peak_mb"]) for each in messages if "tally" in each]
    if len(results) == len(names):
        return results
    name = names[len(results)]
    return [*results, Result(_death(name, status, said, orders, failures), 0.0)]


def _death(name: str, status: str, said: str, orders: dict[str, object], failures: Path) -> Tally:
    current = failures / "current.input"
    data = current.read_bytes() if current.is_file() else b""
    path = kept(failures, name, data)
    path.with_suffix(".txt").write_text(said, encoding="utf-8")
    last = said.strip().splitlines()[-1:] or [""]
    return Tally(
        name, int(str(orders["seed"])), 1, failed=1, failures=[f"{path}: the process ended with {status}: {last[0]}"]
    )


def _text(output: bytes | str | None) -> str:
    return output.decode("utf-8", "replace") if isinstance(output, bytes) else output or ""
