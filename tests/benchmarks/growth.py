"""What everything costs at one size of library after another, as a table and a plot, with the exponents between."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.benchmarks.growth_plot import plot
from tests.benchmarks.machine import machine_line

Say = Callable[[str], None]
Found = dict[str, Any]

_PARTS = ("fill", "build", "query", "player")
_GIB, _MIB = 2.0**30, 2.0**20


@dataclass(frozen=True)
class Column:
    """One curve: its name with the unit, and its value among the figures of a size."""

    name: str
    value: Callable[[Found], float]
    digits: int = 1


COLUMNS = (
    Column("build, s", lambda found: found["build_seconds"]),
    Column("build, s of processors", lambda found: found["build_cpu_seconds"]),
    Column("peak memory of the build, GiB", lambda found: found["build_bytes"] / _GIB, 2),
    Column("of it the JVM, GiB", lambda found: found["jvm_bytes"] / _GIB, 2),
    Column("of it Python, GiB", lambda found: found["python_bytes"] / _GIB, 2),
    Column("model on disk, MiB", lambda found: found["model_bytes"] / _MIB),
    Column("opening the model, s", lambda found: found["open_seconds"], 2),
    Column("known track p50, ms", lambda found: found["known_ms"][0], 3),
    Column("known track p99, ms", lambda found: found["known_ms"][1], 3),
    Column("new file p50, ms", lambda found: found["new_ms"][0], 2),
    Column("new file p99, ms", lambda found: found["new_ms"][1], 2),
    Column("model in memory after 2,000 answers, MiB", lambda found: found["model_process_bytes"] / _MIB),
    Column("player: start to painted table, s", lambda found: found["start_seconds"], 2),
    Column("player: memory after use, MiB", lambda found: found["player_bytes"] / _MIB),
    Column("player: key to repaint p95, ms", lambda found: found["search_p95_ms"]),
    Column("player: panel p95, ms", lambda found: found["panel_p95_ms"]),
)


def run(sizes: Sequence[int], out: Path, features: Path | None, master: str, *, again: bool, say: Say) -> None:
    """Measure, part by part, what `growth.json` in `out` does not hold yet, and draw up everything it holds.

    Every part of every size runs in a process of its own and is kept as soon as it is known, so that an interrupted
    run goes on where it was. The library of a size is deleted when its last part is done.

    Args:
        sizes: numbers of tracks.
        out: folder of the results and, meanwhile, of the libraries.
        features: a home with features of real tracks; else those that come with the model are grown from.
        master: where Spark runs.
        again: forget what was measured of these sizes.
        say: told of every figure.
    """
    out.mkdir(parents=True, exist_ok=True)
    kept = Kept(out / "growth.json")
    if again:
        kept.forget(sizes)
    say(machine_line())
    for size in sizes:
        home = out / f"library-{size}"
        for part in _PARTS:
            if not kept.has(size, part):
                found = _measured(part, home, size, features, master)
                kept.put(size, part, found)
                say(f"{size:,} tracks, {part}: {_told(found)}")
        shutil.rmtree(home, ignore_errors=True)
    table = markdown(kept.complete(), master)
    (out / "growth.md").write_text(table, encoding="utf-8")
    plot(kept.complete(), out / "growth.svg")
    say(table)


def markdown(measured: Mapping[int, Found], master: str) -> str:
    """The table: one line a figure, one column a size, and the exponents from size to size.

    The exponent between sizes m and n is log(cost of n / cost of m) / log(n / m): 1 is linear.
    """
    sizes = sorted(measured)
    steps = [f"{one:,} → {other:,}" for one, other in pairwise(sizes)]
    head = ["tracks", *(f"{size:,}" for size in sizes), *(f"exponent {step}" for step in steps)]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for column in COLUMNS:
        values = [column.value(measured[size]) for size in sizes]
        slopes = [f"{slope:.2f}" for slope in exponents(sizes, values)]
        lines.append(f"| {' | '.join([column.name, *(f'{value:,.{column.digits}f}' for value in values), *slopes])} |")
    return "\n".join([*lines, "", *_seconds_by_step(measured, sizes), "", f"{machine_line()}; Spark at {master}", ""])


def exponents(sizes: Sequence[int], values: Sequence[float]) -> list[float]:
    """The slope of each piece of a curve whose axes are both logarithmic."""
    steps = zip(pairwise(sizes), pairwise(values), strict=True)
    return [math.log(more / less) / math.log(large / small) for (small, large), (less, more) in steps]


def _seconds_by_step(measured: Mapping[int, Found], sizes: Sequence[int]) -> list[str]:
    names = list(dict.fromkeys(name for size in sizes for name in measured[size]["steps"]))
    lines = [f"| step of the build, s | {' | '.join(f'{size:,}' for size in sizes)} |", "|" + "---|" * (len(sizes) + 1)]
    for name in names:
        values = [f"{measured[size]['steps'].get(name, 0):,.1f}" for size in sizes]
        lines.append(f"| {name} | {' | '.join(values)} |")
    return lines + [
        f"| {name.replace('_', ' ')} | {' | '.join(str(measured[size][name]) for size in sizes)} |"
        for name in ("join", "tables", "recall", "list_recall", "whole_list_recall", "candidate_share", "skewness")
    ]


class Kept:
    """What was measured, in a file: by size, by part."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, dict[str, Found]] = json.loads(path.read_text()) if path.is_file() else {}

    def has(self, size: int, part: str) -> bool:
        return part in self._found.get(str(size), {})

    def put(self, size: int, part: str, found: Found) -> None:
        self._found.setdefault(str(size), {})[part] = found
        self._write()

    def forget(self, sizes: Sequence[int]) -> None:
        for size in sizes:
            self._found.pop(str(size), None)
        self._write()

    def complete(self) -> dict[int, Found]:
        """The figures of every size of which all parts are known."""
        done = {int(size): parts for size, parts in self._found.items() if set(_PARTS) <= set(parts)}
        return {size: {name: figure for part in done[size].values() for name, figure in part.items()} for size in done}

    def _write(self) -> None:
        self._path.write_text(json.dumps(self._found, indent=1, sort_keys=True) + "\n")


def _measured(part: str, home: Path, tracks: int, features: Path | None, master: str) -> Found:
    arguments = {"fill": [str(tracks)], "build": [str(tracks), master], "query": [], "player": []}[part]
    origin = [str(features)] if features is not None and part in {"build", "query"} else []
    command = [sys.executable, "-m", "tests.benchmarks.growth_parts", part, str(home), *arguments, *origin]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Found = json.loads(ran.stdout.splitlines()[-1])
    return found


def _told(found: Found) -> str:
    return ", ".join(f"{name} {figure:,.3g}" for name, figure in found.items() if isinstance(figure, float | int))
