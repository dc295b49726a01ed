"""The evaluation of taste as tables of a terminal, and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from indexer.evaluation.report import page_template
from indexer.evaluation.result import Figure
from indexer.evaluation.tables import figure_cell, figure_table, groups_table, titled
from indexer.evaluation.taste.result import Grid, Judged, TasteResult


def taste_page(result: TasteResult, command: str) -> str:
    """The same as one HTML file that needs nothing else, with drawings."""

    def figures(judged: Sequence[Judged], measure: str) -> list[tuple[str, Figure]]:
        found = [(each.name, getattr(each, measure)) for each in judged]
        return [(name, figure) for name, figure in found if figure is not None]

    return page_template("taste/report.html.jinja", figures=figures).render(result=result, command=command)


def taste_tables(result: TasteResult) -> Iterable[RenderableType]:
    """What was measured, with 95 % intervals over listeners."""
    learnt, asked = result.listeners
    seeds = ", ".join(map(str, result.seeds))
    if result.strong:
        yield Text(
            f"{result.name}: {learnt} listeners to learn from, {asked} to ask about, {result.items} items, all of them "
            f"ranked; seeds {seeds}; settings chosen by other listeners"
        )
    for reason, number in result.refused.items():
        yield Text(f"left out: {number} lines of {reason}")
    for note in result.notes:
        yield Text(f"Not judged: {note}.")
    for title, judged in result.tables():
        yield _judged_table(title, judged)
    for artists in result.artists:
        yield groups_table(artists)
    for note in result.artist_notes:
        yield Text(note)
    for name, grid in result.grids.items():
        yield _grid_table(name, grid)
    if result.curve:
        yield _curve_table(result)


def _judged_table(title: str, judged: Sequence[Judged]) -> RenderableType:
    """Two tables, since one with all intervals is wider than a terminal."""
    ranks = figure_table("NDCG@100", f"{judged[0].name} minus it", "seconds")
    finds = figure_table("recall@20", "recall@50", "coverage", "top 1 %")
    for each in judged:
        if each.missing:
            ranks.add_row(each.name, "not run")
            continue
        ranks.add_row(each.name, _cell(each.ndcg), _cell(each.ahead, signed=True), f"{each.seconds:.1f}")
        shares = (f"{share:.0f} %" for share in (each.coverage, each.popular))
        finds.add_row(each.name, _cell(each.recall20), _cell(each.recall50), *shares)
    notes = [f"{each.name}: {each.missing}" for each in judged if each.missing]
    chosen = [f"{each.name} chose {'; '.join(dict.fromkeys(each.chosen))}" for each in judged if any(each.chosen)]
    return Group(titled(title, ranks), Text(), finds, Text("\n".join([*notes, *chosen]), style="dim"))


def _grid_table(name: str, grid: Grid) -> RenderableType:
    """The settings by NDCG, the best first, with their place by RMSE."""
    table = figure_table("NDCG@100", "RMSE", "its place", "seconds")
    by_rmse = sorted(grid.tried, key=lambda tried: tried.rmse)
    for tried in sorted(grid.tried, key=lambda tried: -tried.ndcg):
        place = str(by_rmse.index(tried) + 1)
        table.add_row(tried.setting, f"{100 * tried.ndcg:.1f}", f"{tried.rmse:.3f}", place, f"{tried.seconds:.1f}")
    return Group(titled(f"Settings of {name}, on listeners who judge nothing", table), Text(grid.verdict, style="dim"))


def _curve_table(result: TasteResult) -> RenderableType:
    table = figure_table(*map(str, result.counts))
    for name, values in result.curve.items():
        table.add_row(name, *(f"{value:.1f}" for value in values))
    return titled("NDCG@100 by how many listeners there are to learn from", table)


def _cell(figure: Figure | None, *, signed: bool = False) -> str:
    return "–" if figure is None else figure_cell(figure, signed=signed)
