"""An evaluation as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from indexer.evaluation.result import Cost, EvaluationResult, Figure, GroupsJudged, MethodResult, TaskFigures


def renderables(result: EvaluationResult) -> Iterator[RenderableType]:
    """Everything that is worth seeing, in order."""
    yield Text(_head(result))
    for task in result.tasks:
        yield _task_table(result, task)
    for task in result.tasks:
        if result.differences:
            yield _difference_table(result, task)
    for judged in result.groups:
        yield groups_table(judged)
    yield _hub_table(result)
    yield _robustness_table(result)
    for line in _searches(result):
        yield Text(line)
    for line in result.absences():
        yield Text(line, style="yellow")
    yield Text("\n".join((*result.notes, _foot(result))), style="dim")


def _head(result: EvaluationResult) -> str:
    skipped = f", {len(result.skipped)} could not be decoded" if result.skipped else ""
    return f"{len(result.clips):,} clips of {result.labels}{skipped}. Figures in percent, [95 % intervals]."


def _task_table(result: EvaluationResult, task: str) -> RenderableType:
    info = result.tasks[task]
    title = f"{info.title}: {info.queries} queries, {info.artists} artists, {info.relevant:.1f} right on average"
    table = figure_table("P@5", "P@10", "MAP")
    for method in result.methods:
        figures = method.of_task(task)
        table.add_row(method.name, *(_three(figures, signed=False) if figures else ("not run", "", "")))
    return titled(title, table)


def _difference_table(result: EvaluationResult, task: str) -> RenderableType:
    table = figure_table("P@5", "P@10", "MAP")
    for difference in result.differences:
        figures = next(found for found in difference.tasks if found.task == task)
        table.add_row(difference.other, *_three(figures, signed=True))
    return titled(f"Paired differences, {result.tasks[task].title}: {result.differences[0].method} minus …", table)


def groups_table(judged: GroupsJudged) -> RenderableType:
    """Ways to tell which groups are alike, two tables since one with all intervals is wider than a terminal."""
    info = judged.info
    head = (
        f"{judged.title}, {info.title}: {info.queries:,} of {judged.groups:,} ask, {info.relevant:.1f} right on average"
    )
    finds = figure_table("P@5", "P@10", "MAP")
    hubs = figure_table("MAP behind the first", "skew S10", "biggest hub", "never found")
    for way in judged.ways:
        finds.add_row(way.name, *(figure_cell(figure) for figure in (way.p5, way.p10, way.map)))
        ahead = "–" if way.ahead is None else figure_cell(way.ahead, signed=True)
        hubs.add_row(way.name, ahead, f"{way.skewness:.2f}", str(way.biggest), f"{way.never:.1%}")
    return Group(titled(head, finds), Text(), hubs)


def _hub_table(result: EvaluationResult) -> RenderableType:
    table = figure_table(
        "skew S10", "biggest hub", "never found", "part found", "decode s", "features s", no_wrap=False
    )
    for method in result.methods:
        table.add_row(method.name, *_hub_cells(method))
    return titled("Hubs of the first 10 · parts that find their clip · CPU seconds in one thread", table)


def _hub_cells(method: MethodResult) -> tuple[str, ...]:
    hubs, windows, cost = method.hubs, method.windows, method.cost
    return (
        *((f"{hubs.skewness:.2f}", str(hubs.biggest), f"{hubs.never:.1%}") if hubs else ("not run", "", "")),
        f"{windows.first:.1%}" if windows else "",
        *(_cost_cells(cost) if cost else ("", "")),
    )


def _cost_cells(cost: Cost) -> tuple[str, str]:
    if not cost.counts:
        return "–", "–"
    return (f"{cost.decode:.3f}" if cost.decode else "its own", f"{cost.features:.3f}")


def _robustness_table(result: EvaluationResult) -> RenderableType:
    clips = max((found.clips for method in result.methods for found in method.robustness), default=0)
    changes = list(dict.fromkeys(found.change for method in result.methods for found in method.robustness))
    table = figure_table(*changes)
    for method in result.methods:
        cells = {
            found.change: f"{found.first:.0%} · {found.mean_rank:.1f} · {found.overlap:.0%}"
            for found in method.robustness
        }
        table.add_row(method.name, *(cells.get(change, "not run") for change in changes))
    return titled(f"Robustness, {clips} altered clips: original found first · mean rank · first 10 kept", table)


def _searches(result: EvaluationResult) -> Iterator[str]:
    for method in result.methods:
        if method.search is not None:
            yield (
                f"Hash tables over {method.name}: recall@10 {method.search.recall:.3f}"
                f" from {method.search.candidate_share:.1%} of the clips."
            )


def _foot(result: EvaluationResult) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in result.versions.items())
    run = f"Seed {result.seed}, {result.resamples:,} resamples, {result.seconds:.0f} s"
    return f"Command: {result.command}\n{run}\n{versions}"


def _three(figures: TaskFigures, *, signed: bool) -> tuple[str, str, str]:
    p5, p10, mean_precision = (figure_cell(figure, signed=signed) for figure in (figures.p5, figures.p10, figures.map))
    return p5, p10, mean_precision


def figure_cell(figure: Figure, *, signed: bool = False) -> str:
    """A figure with its interval."""
    sign = "+" if signed else ""
    if not figure.bounded:
        return f"{figure.value:{sign}.1f} [–]"
    return f"{figure.value:{sign}.1f} [{figure.low:{sign}.1f} … {figure.high:{sign}.1f}]"


def figure_table(*columns: str, no_wrap: bool = True) -> Table:
    """A table whose first column, without a title, is for names; the others are for figures."""
    table = Table("", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=no_wrap)
    return table


def titled(title: str, table: Table) -> RenderableType:
    """A table's own title would be wrapped to the width of the table."""
    return Group(Text(title, style="bold"), table)
