"""The command that measures the methods against labels."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import KW_ONLY, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from indexer.commands.common import ProfileOption, WorkersOption, database_of, home_of, profile_named, reported
from indexer.commands.console import err, out
from indexer.core.files.atomic import write_atomically
from indexer.core.model.profiles import all_profiles
from indexer.engines.benchmark import EngineResult
from indexer.evaluation.bootstrap import RESAMPLES
from indexer.evaluation.labels import default_clips_folder
from indexer.evaluation.methods import Hears
from indexer.evaluation.result import EvaluationResult
from indexer.evaluation.run import ALTERED_CLIPS, SEED, EvaluationOptions, evaluate
from indexer.evaluation.tables import renderables
from indexer.spark.choice import tuned_points

if TYPE_CHECKING:
    from indexer.evaluation.report_plots import CostPoint
    from indexer.evaluation.taste.artists import LibraryArtists
    from indexer.evaluation.taste.data import Data
    from indexer.evaluation.taste.methods import Method


def evaluate_command(
    context: typer.Context,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="CSV with the columns clip, artist, album, genre; tags are never used."),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option("--clips", help="Folder of the clips; default: clips beside the CSV, else its own folder."),
    ] = None,
    profiles: Annotated[
        str | None, typer.Option("--profiles", help="Profiles to compare, with commas between; default: all.")
    ] = None,
    hears: Annotated[
        list[Hears] | None,
        typer.Option("--hears", help="How profiles hear what is longer than 45 s; may be given repeatedly."),
    ] = None,
    peers: Annotated[bool, typer.Option("--peers/--no-peers", help="Run bliss and musly too.")] = True,
    altered: Annotated[
        int, typer.Option("--altered", min=0, help="Clips to measure robustness with; 0 leaves it out.")
    ] = ALTERED_CLIPS,
    resamples: Annotated[int, typer.Option("--resamples", min=100, help="Bootstrap resamples.")] = RESAMPLES,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of ties, resamples and samples.")] = SEED,
    workers: WorkersOption = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Write everything measured as JSON.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", "--html", dir_okay=False, help="Write an HTML report with plots.")
    ] = None,
    engines: Annotated[
        bool, typer.Option("--engines", help="Measure index engines: recall, speed, memory, build time.")
    ] = False,
    tracks: Annotated[
        list[int] | None, typer.Option("--tracks", min=20, help="Sizes to measure engines at; may be given repeatedly.")
    ] = None,
    profile: ProfileOption = "sonic",
    history: Annotated[
        Path | None,
        typer.Option(
            "--history",
            help="Measure what is learnt from listeners: lastfm-2k, Echo Nest triplets, or a history a listener.",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, help="With --history: so many ways to deal listeners out.")
    ] = 3,
    spark: Annotated[bool, typer.Option("--spark/--no-spark", help="With --history: what Spark learns, too.")] = True,
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method", help="With --history: only this method, als-explicit for one; may be given repeatedly."
        ),
    ] = None,
) -> None:
    """Measure how well the profiles and other programs find music by the same artist, album or genre.

    With --history: how well ways of learning from listening find what listeners turn out to like.
    """
    if history is not None:
        if labels or engines:
            raise typer.BadParameter("--history is measured by itself: leave --labels and --engines out.")
        chosen = range(seed, seed + seeds)
        asked = _HistoryOptions(history, chosen, method or (), spark=spark, peers=peers, resamples=resamples)
        _evaluate_history(context, asked, json_file, report)
        return
    measured = _evaluate_engines(context, profile, tracks, seed) if engines else []
    if labels is None:
        if engines:
            return
        raise typer.BadParameter("Name a label file with --labels, a history with --history, or give --engines.")
    from indexer.evaluation.registry import methods_for  # noqa: PLC0415

    with reported():
        names = [name.strip() for name in profiles.split(",") if name.strip()] if profiles else None
        options = EvaluationOptions(
            labels=labels,
            clips_folder=clips or default_clips_folder(labels),
            methods=methods_for(names, peers=peers, hears=hears or (Hears.THOROUGH,)),
            altered=altered,
            seed=seed,
            resamples=resamples,
            workers=workers,
            command=_command_line(),
        )
        result = _evaluate(options)
        for renderable in renderables(result):
            out.print(renderable, highlight=False, soft_wrap=isinstance(renderable, Text))
            out.print()
        _write(result, json_file, report, measured, _tunings(context))


def _evaluate_engines(
    context: typer.Context, profile: str, tracks: list[int] | None, seed: int
) -> Sequence[EngineResult]:
    from indexer.commands.engines import SIZES, run_engines  # noqa: PLC0415 - needs packages that labels do not

    with reported():
        return run_engines(home_of(context), profile_named(profile), tracks or SIZES, seed=seed)


@dataclass(frozen=True)
class _HistoryOptions:
    """What was asked of `--history`."""

    path: Path
    seeds: Sequence[int]
    methods: Sequence[str]
    _: KW_ONLY
    spark: bool
    peers: bool
    resamples: int


def _evaluate_history(
    context: typer.Context, asked: _HistoryOptions, json_file: Path | None, report: Path | None
) -> None:
    from indexer.evaluation.taste.files import read_data  # noqa: PLC0415 - what labels do not need
    from indexer.evaluation.taste.run import evaluate_taste  # noqa: PLC0415
    from indexer.evaluation.taste.tables import taste_page, taste_tables  # noqa: PLC0415

    with ExitStack() as stack:
        stack.enter_context(reported())
        data = read_data(asked.path)
        methods = _taste_methods(context, asked, data, stack)
        result = evaluate_taste(
            data, methods, asked.seeds, resamples=asked.resamples,
            say=lambda what: err.print(what, style="dim"), library=_library_artists(context),
        )  # fmt: skip
        for renderable in taste_tables(result):
            out.print(renderable, highlight=False, soft_wrap=isinstance(renderable, Text))
            out.print()
        if json_file is not None:
            _write_json(result.to_json(), json_file)
        if report is not None:
            report.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(report, taste_page(result, _command_line()).encode(), shared=True)
            out.print(f"The report is {report}", highlight=False, markup=False)


def _library_artists(context: typer.Context) -> LibraryArtists | None:
    """The artists of the home that was named; None where it has no model that was built."""
    from indexer.core.catalogue.artists import artists_of  # noqa: PLC0415 - what labels do not need
    from indexer.core.catalogue.catalogue import Catalogue  # noqa: PLC0415
    from indexer.core.discover.like_groups import LikeGroups, heard_in  # noqa: PLC0415
    from indexer.core.model import ModelMissing, SimilarityModel, current_model_folder  # noqa: PLC0415
    from indexer.evaluation.taste.artists import LibraryArtists  # noqa: PLC0415

    home, profile = home_of(context), profile_named("sonic")
    try:
        model = SimilarityModel.load(current_model_folder(home, profile.name))
    except ModelMissing:
        return None
    catalogue = Catalogue()
    with database_of(home) as database:
        catalogue.upsert(list(database.tracks.all()))
    artists = artists_of(catalogue)
    return LibraryArtists(artists.labels, LikeGroups.of_artists(artists, heard_in(catalogue, model)).apart)


def _taste_methods(context: typer.Context, asked: _HistoryOptions, data: Data, stack: ExitStack) -> list[Method]:
    """What was asked for; Spark starts with the first method that needs it, and ends with `stack`."""
    from indexer.evaluation.taste.by_time import RECENCY  # noqa: PLC0415
    from indexer.evaluation.taste.methods import chosen_of  # noqa: PLC0415
    from indexer.evaluation.taste.ours import OURS  # noqa: PLC0415
    from indexer.evaluation.taste.peers import peers  # noqa: PLC0415

    methods = [*OURS, RECENCY, *(peers() if asked.peers else ())]
    if asked.spark:
        from indexer.evaluation.taste.by_spark import by_spark  # noqa: PLC0415
        from indexer.evaluation.taste.splits import never_judging  # noqa: PLC0415
        from indexer.spark.session import spark_session  # noqa: PLC0415

        session = cache(lambda: stack.enter_context(spark_session(home_of(context))))
        methods += by_spark(session, never_judging(data, asked.seeds))
    try:
        return chosen_of(methods, asked.methods)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _tunings(context: typer.Context) -> dict[str, list[CostPoint]]:
    """What `indexer tune` measured in this home, by profile; what it could not have found is left out."""
    from indexer.evaluation.report_plots import CostPoint  # noqa: PLC0415

    home = home_of(context)
    found = {profile.name: tuned_points(home, profile) for profile in all_profiles()}
    return {
        f"indexer tune, {name}": [CostPoint(label, cost, recall) for label, cost, recall in points if cost > 0]
        for name, points in found.items()
        if points
    }


def _evaluate(options: EvaluationOptions) -> EvaluationResult:
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(TextColumn("Analysing"), *columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=None)
        return evaluate(options, lambda done, total: progress.update(task, completed=done, total=total))


def _command_line() -> str:
    return shlex.join(["segue-indexer", *sys.argv[1:]])


def _write(
    result: EvaluationResult,
    json_file: Path | None,
    report: Path | None,
    engines: Sequence[EngineResult],
    tunings: Mapping[str, Sequence[CostPoint]],
) -> None:
    if json_file is not None:
        _write_json(result.to_json(), json_file)
    if report is not None:
        from indexer.evaluation.report import write_report  # noqa: PLC0415

        write_report(result, report, engines=engines, tuning=tunings)
        out.print(f"The report is {report}", highlight=False, markup=False)


def _write_json(measured: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, (json.dumps(measured, indent=1) + "\n").encode(), shared=True)
    out.print(f"Everything measured is in {file}", highlight=False, markup=False)
