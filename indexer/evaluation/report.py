"""The evaluation as one HTML file that needs nothing else: tables with intervals, drawings, lists to listen to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from indexer.engines.benchmark import EngineResult
from indexer.evaluation import report_plots as drawn
from indexer.evaluation.report_examples import examples_section
from indexer.evaluation.report_parts import Cell, Section, drawing, grid, page, paragraph, table
from indexer.evaluation.report_plots import CostPoint
from indexer.evaluation.result import EvaluationResult, Figure, MethodResult, TaskFigures

_MEASURES = (("p5", "P@5"), ("p10", "P@10"), ("map", "MAP"))
_NOTHING = 0.0005
"""CPU seconds below which a method does not hear at all."""


def write_report(
    result: EvaluationResult,
    path: Path,
    *,
    engines: Sequence[EngineResult] = (),
    tuning: Mapping[str, Sequence[CostPoint]] | None = None,
) -> Path:
    """Write the report of an evaluation to `path`.

    Args:
        result: what was measured.
        path: of the HTML file; clips are linked relative to it.
        engines: index engines, where they were measured too.
        tuning: points of a grid search by series, cost in candidates per track, where there was one.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(result, path, engines=engines, tuning=tuning), encoding="utf-8")
    return path


def report(
    result: EvaluationResult,
    path: Path,
    *,
    engines: Sequence[EngineResult] = (),
    tuning: Mapping[str, Sequence[CostPoint]] | None = None,
) -> str:
    """The HTML of `write_report`; the same measurements give the same text."""
    ran = [method for method in result.methods if not method.missing]
    numbers = iter(range(10_000))
    found = [
        _retrieval(result, ran, numbers),
        _differences(result, numbers),
        _distances(ran, numbers),
        _hubs(ran, numbers),
        _robustness(ran),
        _cost(ran, engines, tuning or {}, numbers),
        examples_section(ran, result.clips_folder, path),
        _run(result),
    ]
    return page(
        "How alike it sounds", _header(result, ran), [section for section in found if section.body], _footer(result)
    )


def _header(result: EvaluationResult, ran: Sequence[MethodResult]) -> str:
    first = ran[0] if ran else None
    facts = [f"<li><b>{value}</b><span>{escape(name)}</span></li>" for name, value in _facts(result, first)]
    lead = (
        f"{len(result.clips):,} clips, {len(ran)} ways to find what sounds alike. Labels come from a file; "
        "tags inside the music are not read."
    )
    return f'<h1>How alike it sounds</h1>\n{paragraph(lead, "lead")}\n<ul class="facts">{"".join(facts)}</ul>'


def _facts(result: EvaluationResult, first: MethodResult | None) -> Iterator[tuple[str, str]]:
    if first is None:
        return
    for figures in first.tasks[:2]:
        title = result.tasks[figures.task].title.lower()
        yield f"P@5 of {first.name}, {title}", f"{figures.p5.value:.1f} %"
        yield f"MAP of {first.name}, {title}", f"{figures.map.value:.1f} %"
    if first.hubs is not None:
        yield "skewness of hubs, 0 is none", f"{first.hubs.skewness:.2f}"
    if first.cost is not None:
        yield "CPU seconds to hear a clip", f"{first.cost.total:.3f}"


def _retrieval(result: EvaluationResult, ran: Sequence[MethodResult], numbers: Iterator[int]) -> Section:
    body = [
        paragraph(
            "Every clip asks for its neighbours among all others. P@5 and P@10 are the shares of right clips among the "
            "first five and ten, MAP is the mean average precision over the whole ranking; all in percent, with 95 % "
            f"intervals from {result.resamples:,} resamples of whole artists."
        )
    ]
    for task, info in result.tasks.items():
        told = [(method.name, figures) for method in ran if (figures := method.of_task(task)) is not None]
        if not told:
            continue
        asked = f"{info.queries:,} queries by {info.artists:,} artists, {info.relevant:.1f} right clips on average."
        body += [f"<h3>{escape(_capital(info.title))}</h3>"]
        body.append(paragraph(f"Right is {info.meaning.rstrip('.')}. {asked}", "note"))
        body.append(_task_table(_capital(info.title), told))
        body.append(
            grid(
                (
                    drawing(
                        drawn.intervals([(name, getattr(figures, key)) for name, figures in told], f"{label}, percent"),
                        f"{label}, {info.title}.",
                        "Points are values, bars their 95 % intervals.",
                        next(numbers),
                    )
                    for key, label in (_MEASURES[0], _MEASURES[2])
                ),
                "wide",
            )
        )
    return Section("retrieval", "Retrieval", body)


def _task_table(title: str, told: Sequence[tuple[str, TaskFigures]]) -> str:
    best = {key: max(getattr(figures, key).value for _, figures in told) for key, _ in _MEASURES}
    rows = [
        (name, [_cell(getattr(figures, key), best=getattr(figures, key).value == best[key]) for key, _ in _MEASURES])
        for name, figures in told
    ]
    return table(title, ["Method", *(label for _, label in _MEASURES)], rows)


def _differences(result: EvaluationResult, numbers: Iterator[int]) -> Section:
    body: list[str] = []
    for task, info in result.tasks.items():
        told = [
            (difference.other, figures)
            for difference in result.differences
            for figures in difference.tasks
            if figures.task == task
        ]
        if not told:
            continue
        first = result.differences[0].method
        rows = [
            (f"{first} – {name}", [_cell(getattr(figures, key), sign="+") for key, _ in _MEASURES])
            for name, figures in told
        ]
        body.append(table(f"{_capital(info.title)}: points ahead", ["Pair", *(label for _, label in _MEASURES)], rows))
        body.append(
            grid(
                (
                    drawing(
                        drawn.intervals(
                            [(name, getattr(figures, key)) for name, figures in told], f"points of {label}", zero=True
                        ),
                        f"{first} minus each other method, {label}, {info.title}.",
                        "Right of the line it is ahead; where an interval crosses the line, chance would do.",
                        next(numbers),
                    )
                    for key, label in (_MEASURES[0], _MEASURES[2])
                ),
                "wide",
            )
        )
    if body:
        body.insert(
            0, paragraph("Both methods of a pair answer the same resamples, so chance that is common to both cancels.")
        )
    return Section("differences", "Differences", body)


def _distances(ran: Sequence[MethodResult], numbers: Iterator[int]) -> Section:
    parts = [
        drawing(
            drawn.distances(method.same_artist, method.other_pairs),
            method.name,
            f"Distances of {len(method.same_artist):,} pairs by one artist (line) and {len(method.other_pairs):,} "
            "other pairs (area).",
            next(numbers),
        )
        for method in ran
        if len(set(method.other_pairs)) > 1 and method.same_artist
    ]
    told = paragraph(
        "The farther the line lies left of the area, the better distance tells an artist's music from other."
    )
    return Section("distances", "Distances", [told, grid(parts)] if parts else [])


def _hubs(ran: Sequence[MethodResult], numbers: Iterator[int]) -> Section:
    counted = [(method.name, method.hubs) for method in ran if method.hubs is not None]
    if not counted:
        return Section("hubs", "Hubs")
    rows = [
        (
            name,
            [
                Cell(f"{hubs.skewness:.2f}"),
                Cell(f"{hubs.biggest}"),
                Cell(f"{hubs.never:.1%}"),
            ],
        )
        for name, hubs in counted
    ]
    k, most = counted[0][1].k, max(hubs.biggest for _, hubs in counted)
    parts = [
        drawing(
            drawn.hub_histogram(hubs, most),
            name,
            f"Most often found: in {hubs.biggest} lists; never found: {hubs.never:.1%}. Dotted: a fair share.",
            next(numbers),
        )
        for name, hubs in counted
    ]
    told = (
        f"A hub is in far more lists of {k} than its share, and hides what belongs there. Skewness is that of the "
        "number of lists a clip is in: 0 is fair."
    )
    head = ["Method", "Skewness", "Biggest hub", "Never found"]
    return Section("hubs", "Hubs", [paragraph(told), table("Hubs", head, rows), grid(parts)])


def _robustness(ran: Sequence[MethodResult]) -> Section:
    changes = list(dict.fromkeys(found.change for method in ran for found in method.robustness))
    body: list[str] = []
    if changes:
        rows = []
        for method in ran:
            by_change = {found.change: found for found in method.robustness}
            cells = [
                Cell(f"{found.first:.0%}", f"rank {found.mean_rank:.1f} · {found.overlap:.0%} kept")
                if (found := by_change.get(change))
                else Cell("–")
                for change in changes
            ]
            rows.append((method.name, cells))
        body = [
            paragraph(
                "Some clips are altered and asked with. The share whose nearest clip is their own original, its mean "
                "rank, and the share of the first ten that stay."
            ),
            table("The same music, altered", ["Method", *changes], rows),
        ]
    parts = [(method.name, method.windows) for method in ran if method.windows is not None]
    if parts:
        rows = [(name, [Cell(f"{found.first:.1%}"), Cell(f"{found.chance:.1%}")]) for name, found in parts]
        body.append(table("A part of a clip finds another part of it first", ["Method", "Found", "By chance"], rows))
    return Section("robustness", "Robustness", body)


def _cost(
    ran: Sequence[MethodResult],
    engines: Sequence[EngineResult],
    tuning: Mapping[str, Sequence[CostPoint]],
    numbers: Iterator[int],
) -> Section:
    body: list[str] = []
    costs = [(method.name, method.cost) for method in ran if method.cost and method.cost.total > _NOTHING]
    if costs:
        rows = [
            (
                name,
                [
                    Cell(f"{cost.decode:.3f}" if cost.decode else "its own"),
                    Cell(f"{cost.features:.3f}"),
                    Cell(f"{cost.total:.3f}"),
                ],
            )
            for name, cost in costs
        ]
        body.append(table("CPU seconds a clip, one thread", ["Method", "Decoding", "Features", "Together"], rows))
    searched = [(method.name, method.search) for method in ran if method.search is not None]
    if searched:
        rows = [(name, [Cell(f"{found.recall:.3f}"), Cell(f"{found.candidate_share:.1%}")]) for name, found in searched]
        body.append(table("Hash tables against exact search", ["Method", "Recall@10", "Clips compared"], rows))
    body += _engines(engines, numbers)
    if tuning:
        svg = drawn.recall_against_cost(tuning, "candidates a track")
        told = "Every point of the grid; the dotted line is the recall of 0.95 that is asked for."
        body.append(drawing(svg, "Recall against candidates.", told, next(numbers)))
    return Section("cost", "Cost", body)


def _engines(engines: Sequence[EngineResult], numbers: Iterator[int]) -> Iterator[str]:
    head = ["Engine", "Recall@10", "Queries/s", "p50 ms", "p99 ms", "Index MB", "Process MB", "Build s"]
    sizes = list(dict.fromkeys(result.tracks for result in engines))
    series: dict[str, list[CostPoint]] = {}
    for size in sizes:
        rows = [(result.engine, _engine_cells(result)) for result in engines if result.tracks == size]
        yield table(f"Index engines, {size:,} vectors, one thread", head, rows)
        measured = [result for result in engines if result.tracks == size and not result.note]
        series[f"{size:,} vectors"] = [CostPoint(found.engine, found.p50_ms, found.recall) for found in measured]
    for note in dict.fromkeys(result.note for result in engines if result.note):
        yield paragraph(note, "note")
    if any(series.values()):
        svg = drawn.recall_against_cost(series, "milliseconds a query (median)")
        told = "Up is more complete, left is faster; the dotted line is the recall of 0.95 that is asked for."
        yield drawing(svg, "Recall against time.", told, next(numbers))


def _engine_cells(result: EngineResult) -> list[Cell]:
    if result.note:
        return [Cell("not measured"), *(Cell("–") for _ in range(6))]
    return [
        Cell(f"{result.recall:.3f}"),
        Cell(f"{result.queries_per_second:,.0f}"),
        Cell(f"{result.p50_ms:.3f}"),
        Cell(f"{result.p99_ms:.3f}"),
        Cell(f"{result.index_bytes / 1e6:,.1f}"),
        Cell(f"{result.process_bytes / 1e6:,.1f}"),
        Cell(f"{result.build_seconds:.1f}"),
    ]


def _run(result: EvaluationResult) -> Section:
    rows = [(method.name, [Cell(method.about), Cell(method.version or "–")]) for method in result.methods]
    body = [table("What was compared", ["Method", "What it does", "Version"], rows, "list")]
    for method in result.methods:
        if method.missing:
            body.append(paragraph(f"{method.name} was not run: {method.missing}.", "note"))
        if method.failed:
            told = f"{method.name} could not hear {len(method.failed):,} clips; they count as far from everything."
            body.append(paragraph(told, "note"))
    body += [paragraph(f"{clip} takes no part: {reason}", "note") for clip, reason in result.skipped]
    body += [paragraph(note, "note") for note in result.notes]
    return Section("run", "About this run", body)


def _footer(result: EvaluationResult) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in result.versions.items())
    told = f"Seed {result.seed}, {result.resamples:,} resamples, {result.seconds:.0f} s. {versions}."
    return f"<p>Made by <code>{escape(result.command)}</code></p>\n{paragraph(told)}"


def _cell(figure: Figure, *, best: bool = False, sign: str = "") -> Cell:
    if math.isnan(figure.low):
        return Cell(f"{figure.value:{sign}.1f}", best=best)
    return Cell(f"{figure.value:{sign}.1f}", f"{figure.low:{sign}.1f} … {figure.high:{sign}.1f}", best)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
