"""The command that searches for the cheapest hash tables of a profile and shows the trade-off."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from indexer.commands.common import JsonOption, ProfileOption, database_of, home_of, print_json, profile_named, reported
from indexer.commands.console import err, out
from indexer.engines.tune import TuneOptions, Tuning, tune
from indexer.evaluation.plots import figure, save
from indexer.spark.tuned import tuning_file
from indexer.spark.tuning import Point

_SILHOUETTE = (
    "It says how round the clusters are, not whether neighbours sound alike: among the methods measured for this "
    "project it was highest for the worst retriever."
)

_WIDE = 30
"""Costs that differ by more than this factor are drawn on a logarithmic axis."""


def tune_command(
    context: typer.Context,
    profile: ProfileOption = "classic",
    bucket_lengths: Annotated[str, typer.Option(help="To try, as in 1,2,4; of single projections.")] = "",
    tables: Annotated[str, typer.Option(help="Numbers of hash tables to try, as in 1,3,5.")] = "",
    hashes: Annotated[str, typer.Option(help="Projections per table to try; of compound keys.")] = "",
    probes: Annotated[str, typer.Option(help="Neighbouring buckets per table to try; of compound keys.")] = "",
    recall: Annotated[float, typer.Option(min=0, max=1, help="Recall to reach at the smallest cost.")] = 0.95,
    k: Annotated[int, typer.Option(min=1, help="Recall is that of the k nearest.")] = 10,
    sample: Annotated[int, typer.Option(min=20, help="Most tracks to try on.")] = 2_000,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each join; the median counts.")] = 3,
    seed: Annotated[int, typer.Option(help="Of the sample and the projections.")] = 0,
    plot: Annotated[Path | None, typer.Option(help="Where the plot goes, .svg or .png.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Try settings of the hash tables on the library's own features and keep the cheapest that is good enough."""
    home, chosen = home_of(context), profile_named(profile)
    options = TuneOptions(
        bucket_lengths=_numbers(bucket_lengths, "--bucket-lengths"),
        tables=_counts(tables, "--tables", least=1),
        hashes=_counts(hashes, "--hashes", least=1),
        probes=_counts(probes, "--probes", least=0),
        wanted=recall,
        k=k,
        sample=sample,
        repeats=repeats,
        seed=seed,
    )
    target = _plot_file(plot) if plot else tuning_file(home, chosen).with_suffix(".svg")
    with reported(), database_of(home) as database, err.status("Trying settings …") as status:
        tuning = tune(database, home, chosen, options, lambda point: status.update(f"Tried {_named(point)}"))
        _draw(tuning, target)
    if as_json:
        print_json(tuning.as_record() | {"plot": str(target)})
        return
    out.print(_table(tuning))
    for sentence in (*_sentences(tuning), f"Stored for builds of {chosen.name}; plot in {target}"):
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _numbers(text: str, option: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        numbers = (0.0,)
    if not all(0 < number < float("inf") for number in numbers):
        raise typer.BadParameter(f"{text} is not a list of positive numbers, as in 1,2,4", param_hint=option)
    return numbers


def _counts(text: str, option: str, *, least: int) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and int(part) >= least for part in parts):
        raise typer.BadParameter(f"{text} is not a list of whole numbers from {least}, as in 1,3,5", param_hint=option)
    return tuple(map(int, parts))


def _plot_file(path: Path) -> Path:
    if path.suffix.lower() not in {".svg", ".png"}:
        raise typer.BadParameter(f"{path.name} is neither .svg nor .png", param_hint="--plot")
    return path


def _is_compound(tuning: Tuning) -> bool:
    return any(point.setting.hashes > 1 or point.setting.probes for point in tuning.points)


def _table(tuning: Tuning) -> Table:
    title = f"{tuning.profile.name}, {tuning.tracks:,} tracks"
    table = Table(title=title, title_justify="left", box=None)
    compound = _is_compound(tuning)
    headings = ("Hashes", "Tables", "Probes") if compound else ("Bucket", "Tables")
    cost = ("ms a query", "MiB") if compound else ("Join s", "Peak MiB")
    for heading in (*headings, f"Recall@{tuning.options.k}", "Compared", "Fullest", *cost, ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for point in tuning.points:
        setting = point.setting
        single = (f"{setting.bucket_length:g}", str(setting.tables))
        keys = (str(setting.hashes), str(setting.tables), str(setting.probes)) if compound else single
        seconds = f"{1000 * point.seconds:.2f}" if compound else f"{point.seconds:.2f}"
        marks = " ".join(mark for mark, holds in (("chosen", point == tuning.chosen), ("usual", point.usual)) if holds)
        figures = (f"{point.recall:.3f}", f"{point.candidate_share:.1%}", f"{point.largest_bucket:,}")
        table.add_row(
            *keys, *figures, seconds, f"{point.megabytes:,.1f}", marks, style="bold" if point == tuning.chosen else ""
        )
    return table


def _sentences(tuning: Tuning) -> list[str]:
    point = tuning.chosen
    verdict = "the cheapest that reaches" if tuning.reached else "none reaches, this comes nearest to"
    cost = f"comparing {point.candidate_share:.1%} of all pairs"
    sentences = [f"{_named(point)}: {verdict} recall {tuning.options.wanted:g}, {cost}."]
    usual = [point for point in tuning.points if point.usual]
    if usual:
        least, most = min(point.candidate_share for point in usual), max(point.candidate_share for point in usual)
        sentences.append(f"The usual grid (1, 2, 4 × 1, 3, 5) compares {least:.0%} to {most:.0%} of all pairs.")
    if tuning.silhouettes:
        scores = ", ".join(f"{score:.3f} for {kind}" for kind, score in tuning.silhouettes.items())
        sentences.append(f"Silhouette score: {scores}. {_SILHOUETTE}")
    return sentences


def _named(point: Point) -> str:
    setting = point.setting
    if setting.hashes == 1 and not setting.probes:
        return f"bucket length {setting.bucket_length:g} × {setting.tables} tables"
    return f"{setting.hashes} hashes × {setting.tables} tables, {setting.probes} probes"


def _draw(tuning: Tuning, path: Path) -> None:
    """Recall against the share of pairs compared, and against seconds."""
    points = tuning.points
    shares = ("share of all pairs compared, %", [100 * point.candidate_share for point in points])
    seconds = ("seconds", [point.seconds for point in points])
    with figure(2) as (drawn, axes):
        for plot, (name, costs) in zip(axes, (shares, seconds), strict=True):
            plot.scatter(costs, [point.recall for point in points], s=14, label="tried")
            ringed = [place for place, point in enumerate(points) if point.usual]
            if ringed:
                usual = [costs[place] for place in ringed], [points[place].recall for place in ringed]
                plot.scatter(*usual, s=60, facecolors="none", edgecolors="C3", label="usual grid")
            place = list(points).index(tuning.chosen)
            plot.scatter(costs[place], tuning.chosen.recall, marker="*", s=140, color="C2", label="chosen")
            plot.axhline(tuning.options.wanted, linewidth=0.8, linestyle="--", color="grey")
            plot.set_xlabel(name)
            plot.set_ylabel(f"recall@{tuning.options.k}")
            if max(costs) > _WIDE * min(costs) > 0:
                plot.set_xscale("log")
            # Plain numbers: powers of ten with small ticks between them are hard to read.
            plot.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
            plot.xaxis.set_minor_formatter("")
        axes[0].legend(loc="lower right")
        drawn.suptitle(f"{tuning.profile.name}: {tuning.tracks:,} tracks")
        save(drawn, path)
