"""The command that searches for the cheapest hash tables of a profile and shows the trade-off."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from indexer.commands.common import JsonOption, ProfileOption, database_of, home_of, print_json, profile_named, reported
from indexer.commands.console import err, out
from indexer.evaluation.plots import figure, save
from indexer.spark.choice import tuning_file
from indexer.spark.tune import BUCKET_LENGTHS, TABLES, TuneOptions, Tuning, tune

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
    tables: Annotated[str, typer.Option(help="Numbers of hash tables to try, as in 1,3,5; likewise.")] = "",
    recall: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Recall@10 to reach at the smallest cost; default: as builds do."),
    ] = None,
    sample: Annotated[int, typer.Option(min=20, help="Most tracks to try on.")] = 2_000,
    seed: Annotated[int, typer.Option(help="Of the sample and the projections.")] = 0,
    plot: Annotated[Path | None, typer.Option(help="Where the plot goes, .svg or .png.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Try settings of the hash tables on the library's own features and keep the cheapest that is good enough."""
    home, chosen = home_of(context), profile_named(profile)
    lengths, counts = _numbers(bucket_lengths, "--bucket-lengths"), _numbers(tables, "--tables")
    if any(count != int(count) for count in counts):
        raise typer.BadParameter(f"{tables} is not a list of whole numbers, as in 1,3,5", param_hint="--tables")
    options = TuneOptions(lengths or BUCKET_LENGTHS, tuple(map(int, counts)) or TABLES, recall, sample, seed)
    target = plot or tuning_file(home, chosen).with_suffix(".svg")
    if target.suffix.lower() not in {".svg", ".png"}:
        raise typer.BadParameter(f"{target.name} is neither .svg nor .png", param_hint="--plot")
    with reported(), database_of(home) as database, err.status("Trying settings …") as status:
        tuning = tune(database, home, chosen, options, lambda trial: status.update(f"Tried {trial.setting}"))
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


def _table(tuning: Tuning) -> Table:
    table = Table(title=f"{tuning.profile.name}, {tuning.tracks:,} tracks", title_justify="left", box=None)
    table.add_column("Setting", no_wrap=True)
    for heading in ("Recall@10", "Compared", "Join s"):
        table.add_column(heading, justify="right", no_wrap=True)
    for trial in tuning.trials:
        seconds = "–" if trial.seconds is None else f"{trial.seconds:.2f}"
        style = "bold" if trial is tuning.chosen else ""
        table.add_row(str(trial.setting), f"{trial.recall:.3f}", f"{trial.candidate_share:.1%}", seconds, style=style)
    return table


def _sentences(tuning: Tuning) -> list[str]:
    verdict = "the cheapest that reaches" if tuning.reached else "none reaches, this comes nearest to"
    cost = f"comparing {tuning.chosen.candidate_share:.1%} of all pairs"
    sentences = [f"{tuning.chosen.setting}: {verdict} recall {tuning.wanted:g}, {cost}."]
    if tuning.silhouettes:
        scores = ", ".join(f"{score:.3f} for {kind}" for kind, score in tuning.silhouettes.items())
        sentences.append(f"Silhouette score: {scores}. {_SILHOUETTE}")
    return sentences


def _draw(tuning: Tuning, path: Path) -> None:
    """Recall against the share of pairs compared, and against seconds where there are any."""
    trials, chosen = tuning.trials, list(tuning.trials).index(tuning.chosen)
    costs = {"share of all pairs compared, %": [100 * trial.candidate_share for trial in trials]}
    if tuning.chosen.seconds is not None:
        costs["seconds"] = [trial.seconds or 0.0 for trial in trials]
    with figure(len(costs)) as (drawn, axes):
        for plot, (name, values) in zip(axes, costs.items(), strict=True):
            plot.scatter(values, [trial.recall for trial in trials], s=14, label="tried")
            plot.scatter(values[chosen], tuning.chosen.recall, marker="*", s=140, color="C2", label="chosen")
            plot.axhline(tuning.wanted, linewidth=0.8, linestyle="--", color="grey")
            plot.set_xlabel(name)
            plot.set_ylabel("recall@10")
            if max(values) > _WIDE * min(values) > 0:
                plot.set_xscale("log")
            # Plain numbers: powers of ten with small ticks between them are hard to read.
            plot.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
            plot.xaxis.set_minor_formatter("")
        axes[0].legend(loc="lower right")
        drawn.suptitle(f"{tuning.profile.name}: {tuning.tracks:,} tracks")
        save(drawn, path)
