"""What taste costs at the size of a large library: building it of few and of many listeners, and folding one in.

Everybody is made up: tracks lie around styles in as many dimensions as Segue's vectors have at the most, and listeners
keep to a few styles each. Beside the one solve stand popularity, the cheapest answer there is, and the dense inverse,
which says the same where a matrix of items by items can still be made.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.taste.folder import load_taste, save_taste
from indexer.core.taste.model import TasteModel
from indexer.core.taste.shelves import PageRules, best, page_of
from indexer.core.taste.solve import MOST_ROWS, Block, solve
from indexer.core.taste.weights import DAY, Plays
from indexer.core.taste.words import of_length_one
from indexer.core.tracks import TrackId
from indexer.evaluation import plots
from indexer.history.build import factors_of, model_of, rows_of
from indexer.history.choice import Choice
from indexer.history.gathering import Gathered
from tests.benchmarks.peak_memory import PeakMemory

LISTENERS = (1, 50, 5_000)
FOLD_MS = 20.0
"""What folding a listener in may take: half of all times by the clock, 99 of 100 by the processor, which is no slower
where other programs run."""

DENSE_TRACKS = 3_000
NOW = 1_790_000_000.0
_STYLES, _DIMS = 400, 96
_TERMS = 64
_PLAYS, _OWN_PLAYS = 300, 5_000
_ASKED, _PAGES = 300, 20
_SAME = 1e-4

Found = dict[str, Any]
Say = Callable[[str], None]


def run(tracks: int, out: Path, master: str, say: Say) -> bool:
    """Measure every number of listeners in a process of its own, draw a plot, and tell whether the bar is kept.

    Args:
        tracks: of the library.
        out: .svg or .png; the figures go beside it as .json.
        master: where Spark runs for the most listeners.
        say: told of every figure.
    """
    apart = _apart_from_dense()
    say(f"{DENSE_TRACKS:,} tracks: the dense inverse says the same to {apart['difference']:.1e} of a spread")
    say(f"{tracks:,} tracks: it would take {tracks**2 * 8 / 2**30:,.0f} GiB, and is not made")
    measured: dict[int, Found] = {}
    for listeners in LISTENERS:
        # The work of one size leaves no memory behind for the next.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            measured[listeners] = pool.submit(measure, tracks, listeners, master).result()
        _tell(listeners, measured[listeners], say)
    out.with_suffix(".json").write_text(json.dumps({"dense": apart, "listeners": measured}, indent=2), "utf-8")
    _draw(tracks, measured, out)
    say(f"plot: {out}")
    kept = [found["fold_ms"][0] < FOLD_MS and found["fold_cpu_ms"][1] < FOLD_MS for found in measured.values()]
    return all(kept) and apart["difference"] < _SAME


def measure(tracks: int, listeners: int, master: str) -> Found:
    """Build a model of so many listeners, open it, and ask it."""
    gathered = made_up(tracks, listeners)
    with tempfile.TemporaryDirectory() as folder:
        home = Home.resolve(Path(folder))
        before = _resident()
        began = time.monotonic()
        with PeakMemory() as memory:
            model = _learnt(gathered, home, master)
            save_taste(home, model)
        seconds = time.monotonic() - began
        return {
            "build_seconds": round(seconds, 2),
            "peak_mib": round(memory.megabytes, 1),
            "before_mib": round(before / 2**20, 1),
            "rows": len(model.solve.inverse),
            "folder_mib": round(sum(file.size for file in load_taste(home).manifest.files.values()) / 2**20, 1),
            **_asked(load_taste(home), gathered),
        }


def made_up(tracks: int, listeners: int, seed: int = 0) -> Gathered:
    """A library of made-up tracks, and listeners, the first of whom played most."""
    draw = np.random.default_rng(seed)
    style = draw.integers(0, _STYLES, tracks)
    sound = of_length_one(draw.normal(size=(_STYLES, _DIMS))[style] + 0.8 * draw.normal(size=(tracks, _DIMS)))
    words = np.zeros((tracks, _TERMS), np.float32)
    words[np.arange(tracks), style % _TERMS] = 1.0
    by_style = [np.flatnonzero(style == number) for number in range(_STYLES)]
    who = [OWNER, *(ListenerId(f"listener {number}") for number in range(1, listeners))]
    return Gathered(
        tracks=[TrackId(f"{number:032x}") for number in range(tracks)],
        sound=sound,
        scales=draw.uniform(0.8, 1.2, tracks).astype(np.float32),
        sound_model="made up",
        words=words,
        terms=tuple(f"term {number}" for number in range(_TERMS)),
        listeners={one: _life(draw, by_style, _PLAYS if one != OWNER else _OWN_PLAYS) for one in who},
        opinions={},
    )


def _life(draw: np.random.Generator, by_style: Sequence[NDArray[np.intp]], count: int) -> Plays:
    """Evenings of ten tracks of one style each, of three that the listener likes."""
    liked = draw.choice(len(by_style), 3, replace=False)
    evenings = np.sort(NOW - draw.uniform(0, 700, count // 10) * DAY)
    items = np.concatenate([draw.choice(by_style[draw.choice(liked)], 10) for _ in evenings])
    at = (evenings[:, np.newaxis] + 240.0 * np.arange(10)).ravel()
    order = np.argsort(at, kind="stable")
    heard = np.where(draw.random(items.size) < 0.08, -1.0, draw.uniform(0.3, 1.0, items.size))
    return Plays(items[order].astype(np.int32), at[order], heard.astype(np.float32))


def _learnt(gathered: Gathered, home: Home, master: str) -> TasteModel:
    """As a build does, without the database and with the default settings."""
    items = len(gathered.tracks)
    if len(gathered.listeners) <= MOST_ROWS:
        return model_of(gathered, rows_of(gathered.listeners, {}, items), Choice())
    factors = factors_of(gathered.listeners, items, home, master)
    rows = rows_of({OWNER: gathered.listeners[OWNER]}, {}, items)
    return model_of(gathered, replace(rows, factors=(factors,)), Choice())


def _asked(model: TasteModel, gathered: Gathered) -> Found:
    """Milliseconds of what follows a play, and of a page."""
    plays, draw = gathered.listeners[OWNER], np.random.default_rng(1)
    rules = PageRules((np.arange(len(model)) % 16_000).astype(np.int32), np.zeros(len(model), bool))
    everything = np.ones(len(model), bool)
    popular = np.bincount(
        np.concatenate([each.items for each in gathered.listeners.values()]), minlength=len(model)
    ).astype(np.float32)
    model.for_listener(plays, {}, NOW)  # what is mapped is read, and what is made once is made
    times: dict[str, list[tuple[float, float]]] = {"fold": [], "rank": [], "popularity": [], "explain": [], "page": []}
    for number in range(_ASKED):
        now = NOW + 300.0 * number
        again = plays.items[[draw.integers(len(plays))]]
        later = plays.with_later(Plays(again, np.array([now]), np.ones(1, np.float32)))
        taste = _timed(times["fold"], model.for_listener, later, {}, now)
        shown = _timed(times["rank"], best, taste.scores, ~taste.heard, rules.artists, 2, 100)
        _timed(times["popularity"], best, popular, everything, rules.artists, 2, 100)
        _timed(times["explain"], model.explain, taste, shown[0])
    for seed in range(_PAGES):
        _timed(times["page"], page_of, model, taste, replace(rules, seed=seed))
    found: Found = {}
    for name, some in times.items():
        for kind, values in zip(("ms", "cpu_ms"), zip(*some, strict=True), strict=True):
            found[f"{name}_{kind}"] = [round(float(value), 2) for value in np.percentile(values, [50, 99])]
    return found


def _timed(times: list[tuple[float, float]], ask: Callable[..., Any], *arguments: Any) -> Any:
    """The answer; how many milliseconds it took, by the clock and by the processor, goes to `times`."""
    began, worked = time.perf_counter(), time.thread_time()
    answer = ask(*arguments)
    times.append(((time.perf_counter() - began) * 1_000, (time.thread_time() - worked) * 1_000))
    return answer


def _apart_from_dense() -> Found:
    """How far the scores are from those of the dense inverse, in spreads of the scores, and what that costs."""
    gathered = made_up(DENSE_TRACKS, 20)
    rows = rows_of(gathered.listeners, {}, DENSE_TRACKS)
    began = time.perf_counter()
    solved = solve(rows.histories, [Block("sound", gathered.sound)], 1.0, rows.parts)
    heard = solved.rows.row(0)
    scores = solved.scores(heard)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    z = np.zeros((len(solved.inverse), DENSE_TRACKS))
    z[solved.rows.listeners_of_entries(), solved.rows.items] = solved.rows.plays
    z[len(solved.rows) :] = solved.columns.T
    inverse = np.linalg.inv(np.eye(DENSE_TRACKS) + z.T @ z)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    dense = heard[1] @ weights[heard[0]]
    seconds = {"seconds": round(ours, 3), "dense_seconds": round(time.perf_counter() - began, 3)}
    return {"tracks": DENSE_TRACKS, "difference": float(np.abs(scores - dense).max() / dense.std()), **seconds}


def _resident() -> int:
    import psutil

    return int(psutil.Process(os.getpid()).memory_info().rss)


def _tell(listeners: int, found: Found, say: Say) -> None:
    say(
        f"{listeners:>6,} listeners: built in {found['build_seconds']:.1f} s, peak {found['peak_mib']:,.0f} MiB "
        f"(of which {found['before_mib']:,.0f} before it began), {found['rows']:,} rows, {found['folder_mib']:.0f} MiB"
    )
    for name in ("fold", "rank", "explain", "page", "popularity"):
        (p50, p99), (cpu50, cpu99) = found[f"{name}_ms"], found[f"{name}_cpu_ms"]
        say(f"        {name:<11} p50 {p50:7.2f} ms   p99 {p99:7.2f} ms   CPU {cpu50:7.2f} / {cpu99:7.2f} ms")


def _draw(tracks: int, measured: Mapping[int, Found], path: Path) -> None:
    """Three panels by number of listeners: seconds, memory, milliseconds."""
    counts = list(measured)
    panels: tuple[tuple[str, dict[str, list[float]]], ...] = (
        ("seconds", {"build": [found["build_seconds"] for found in measured.values()]}),
        (
            "MiB",
            {
                "peak of the build, JVM and Python": [found["peak_mib"] for found in measured.values()],
                "model on disk": [found["folder_mib"] for found in measured.values()],
            },
        ),
        (
            "milliseconds",
            {
                f"{shown}, {share}": [found[f"{name}_ms"][place] for found in measured.values()]
                for name, shown in (("fold", "fold in"), ("rank", "rank 100"), ("popularity", "popularity, rank 100"))
                for place, share in enumerate(("p50", "p99"))
            },
        ),
    )
    with plots.figure(len(panels), inches=(4.0, 3.4)) as (drawn, every):
        drawn.set_facecolor("white")
        for axes, (unit, curves) in zip(every, panels, strict=True):
            for number, (name, values) in enumerate(curves.items()):
                axes.plot(counts, values, "o-" if number % 2 == 0 else "s--", color=f"C{number // 2}", label=name)
            axes.set_xscale("log")
            axes.set_ylim(bottom=0)
            axes.set_xlabel("listeners")
            axes.set_ylabel(unit)
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
            axes.legend(fontsize=7)
        every[-1].axhline(FOLD_MS, linewidth=0.8, linestyle=":", color="grey")
        drawn.suptitle(f"Taste, {tracks:,} tracks")
        plots.save(drawn, path)
