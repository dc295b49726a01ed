"""Commands of taste: `indexer taste build`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from indexer.commands.common import (
    EXIT_CANCELLED,
    EventsOption,
    JsonOption,
    ParentOption,
    ProfileOption,
    print_json,
    profile_named,
)
from indexer.commands.console import out
from indexer.commands.job import job
from indexer.commands.work import MasterOption
from indexer.core.events import Finished
from indexer.core.kafka.announcing import announced
from indexer.core.taste.model import TASTE, TasteManifest
from indexer.history.build import build_taste

app = typer.Typer(help="What Segue learns from listening, for the place For you.", no_args_is_help=True)


@app.callback()
def taste() -> None:
    """What Segue learns from listening, for the place For you."""


@app.command("build")
def build_command(
    context: typer.Context,
    profile: ProfileOption = "sonic",
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
    spark_master: MasterOption = None,
) -> None:
    """Learn from plays, opinions, words and the similarity model; Spark helps where there are very many listeners."""
    chosen = profile_named(profile)
    with job(context, events=events, parent=parent) as work:
        manifest = build_taste(
            work.database, work.home, chosen.name, master=spark_master, on_event=work.sink, control=work.control
        )
        if manifest is not None:
            announced(work.home, TASTE, manifest.id, work.sink)
        work.sink(Finished(summary={} if manifest is None else _summary(manifest), cancelled=manifest is None))
    if manifest is None:
        raise typer.Exit(EXIT_CANCELLED)
    if as_json:
        print_json(asdict(manifest) | {"files": sorted(manifest.files)})
    elif not events:
        _print(manifest)


def _summary(manifest: TasteManifest) -> dict[str, float]:
    return {**manifest.figures, "listeners": manifest.listeners, "half_life": manifest.half_life}


def _print(manifest: TasteManifest) -> None:
    figures: dict[str, Any] = manifest.figures
    blocks = ", ".join(f"{size} of {name}" for name, size in (*manifest.parts, *manifest.blocks))
    chosen = "the defaults, for nobody has plays enough to choose by."
    if "ndcg" in figures:
        chosen = f"NDCG@100 of later plays {figures['ndcg']:.3f}, with the defaults {figures['default_ndcg']:.3f}."
    strength = f"strength {figures['strength']:g}, λ {manifest.regularisation:g}"
    learnt = f"Learnt from {figures['plays']:,.0f} plays in {figures['seconds']:.1f} s: {blocks}."
    for line in (learnt, f"A play counts half after {manifest.half_life:g} days, {strength}: {chosen}"):
        out.print(line, highlight=False, markup=False, soft_wrap=True)
