"""Commands that change the library: build, model, scan, sound, demo."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from indexer.analysis.file_run import FileRunResult
from indexer.analysis.hearing import hear_all
from indexer.build import BuildOptions, BuildResult, ModelPolicy, build, register_folders, scan_and_match, summary_of
from indexer.commands.common import (
    EXIT_CANCELLED,
    EventsOption,
    JsonOption,
    ParentOption,
    ProfileOption,
    WorkersOption,
    home_of,
    print_json,
    profile_named,
    reported,
)
from indexer.commands.console import err, out
from indexer.commands.job import Job, job
from indexer.core.backup import keep_weekly_copy
from indexer.core.errors import SegueError
from indexer.core.events import Finished, Notice
from indexer.core.home import Home
from indexer.core.kafka.announcing import announced
from indexer.core.model import Manifest
from indexer.core.model.embedding.registry import register
from indexer.core.model.profiles import SONIC, Profile
from indexer.core.tracks import Hearing
from indexer.scanning.scan import ScanResult
from indexer.spark.choice import Join

FoldersArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="FOLDER…", help="Folders of music; none means all that the library has.")
]

SoundOption = Annotated[
    bool,
    typer.Option(
        "--sound/--no-sound", help="Hear tracks from end to end, and measure loudness, after everything else."
    ),
]

JoinOption = Annotated[
    Join, typer.Option("--join", help="How neighbours are found: exact, lsh, or auto, whichever costs less.")
]

MasterOption = Annotated[
    str | None,
    typer.Option("--spark-master", metavar="URL", help="Where Spark runs: spark://…, yarn, k8s://…, local[2]."),
]

HearOption = Annotated[
    Hearing | None,
    typer.Option(
        "--hear",
        help="Judge tracks longer than 45 s by parts of them, by all of them once every track was heard quickly, "
        "or so on mains power only; kept for later builds.",
        show_default="as chosen last, at first thorough",
    ),
]


def build_command(
    context: typer.Context,
    folders: FoldersArgument = None,
    profile: ProfileOption = "sonic",
    full: Annotated[bool, typer.Option("--full", help="Analyse every track again, of the folders if named.")] = False,
    model: Annotated[ModelPolicy, typer.Option("--model", help="When to run Spark.")] = ModelPolicy.AUTO,
    join: JoinOption = Join.AUTO,
    embedding: Annotated[
        Path | None,
        typer.Option("--embedding", metavar="MODEL.onnx", help="Add a network's block to sonic, as sonic+NAME."),
    ] = None,
    embedding_manifest: Annotated[
        Path | None, typer.Option("--embedding-manifest", help="Its manifest; default: MODEL.json beside it.")
    ] = None,
    workers: WorkersOption = None,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
    sound: SoundOption = True,
    spark_master: MasterOption = None,
    hear: HearOption = None,
) -> None:
    """Scan folders, analyse what is new, build the similarity model where it pays, then hear whole tracks.

    With --spark-master, files are analysed there, too, by as many machines as it has.
    """
    home = home_of(context)
    chosen = profile_named(profile) if embedding is None else _embedded(home, embedding, embedding_manifest, profile)
    options = BuildOptions(
        folders=tuple(folders or ()),
        profile=chosen,
        full=full,
        model=model,
        join=join,
        workers=workers,
        sound=sound,
        master=spark_master,
        hearing=hear,
    )
    with job(context, events=events, parent=parent) as work:
        result = build(work.database, home, options, on_event=work.sink, control=work.control)
        if result.model is not None:
            announced(home, chosen.name, result.model.id, work.sink)
        if not result.cancelled:
            _keep_weekly_copy(work)
    if as_json:
        print_json(summary_of(result))
    elif not events:
        _print_build(result)
    if result.cancelled:
        raise typer.Exit(EXIT_CANCELLED)


def model_command(
    context: typer.Context,
    profile: ProfileOption = "sonic",
    join: JoinOption = Join.AUTO,
    seed: Annotated[int, typer.Option(help="Of projections and samples; the same seed gives the same model.")] = 0,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
    spark_master: MasterOption = None,
) -> None:
    """Build the similarity model of what is analysed, without looking at the folders."""
    from indexer.spark.build import build_model  # noqa: PLC0415 - pyspark takes a second to import

    chosen = profile_named(profile)
    with job(context, events=events, parent=parent) as work:
        manifest = build_model(
            work.database, work.home, chosen,
            join=join, seed=seed, master=spark_master, on_event=work.sink, control=work.control,
        )  # fmt: skip
        if manifest is not None:
            announced(work.home, chosen.name, manifest.id, work.sink)
        work.sink(Finished(summary={} if manifest is None else {"recall": manifest.recall}, cancelled=manifest is None))
    if manifest is None:
        raise typer.Exit(EXIT_CANCELLED)
    if as_json:
        print_json({**asdict(manifest), "files": sorted(manifest.files)})
    elif not events:
        _print_model(manifest)


def scan_command(
    context: typer.Context,
    folders: FoldersArgument = None,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Look for new, changed, moved and missing files, without analysing them."""
    with job(context, events=events, parent=parent) as work:
        known = register_folders(work.database, folders or ())
        result = scan_and_match(work.database, known, on_event=work.sink, control=work.control)
        work.sink(Finished(summary=scan_counts(result), cancelled=work.control.is_cancelled))
    if as_json:
        print_json(scan_counts(result))
    elif not events:
        _print_scan(result)
    if work.control.is_cancelled:
        raise typer.Exit(EXIT_CANCELLED)


def sound_command(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Measure every track again.")] = False,
    workers: WorkersOption = None,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Measure how loud the tracks of the library are and draw their waveforms, where that was not done yet."""
    with job(context, events=events, parent=parent) as work:
        result = hear_all(work.database, workers=workers, on_event=work.sink, control=work.control, full=full)
        work.sink(Finished(summary=sound_counts(result), cancelled=work.control.is_cancelled))
    if as_json:
        print_json(sound_counts(result))
    elif not events:
        out.print(f"{result.done:,} measured in {result.seconds:.1f} s, {result.failed:,} failed", highlight=False)
    if work.control.is_cancelled:
        raise typer.Exit(EXIT_CANCELLED)


def demo_command(
    folder: Annotated[Path, typer.Argument(help="Where the demo library goes.")],
    tracks: Annotated[int, typer.Option(help="How many tracks.")] = 60,
) -> None:
    """Synthesise a small library in several styles, to try everything without music of one's own."""
    from indexer.demo import make_demo  # noqa: PLC0415 - synthesis is of no use to any other command

    with reported():
        paths = make_demo(folder, tracks=tracks)
    out.print(f"{len(paths)} tracks in {folder}", highlight=False, markup=False)


def _embedded(home: Home, model: Path, manifest: Path | None, profile: str) -> Profile:
    """Register a network and return its profile, which the same name finds from then on."""
    with reported():
        if profile.partition("+")[0] != SONIC.name:
            raise SegueError("network-for-sonic", sonic=SONIC.name, name=profile)
        from indexer.features.embedding.network import examine  # noqa: PLC0415 - few have a network

        registered = register(home, examine(model, manifest))
    err.print(f"{model.name} analyses as profile {registered.name}.", highlight=False, markup=False, soft_wrap=True)
    return registered


def scan_counts(result: ScanResult) -> dict[str, float]:
    """What a scan found, by name."""
    return {
        name: getattr(result, name)
        for name in ("new", "changed", "moved", "gone", "away", "unchanged", "problems", "unknown", "tracks")
    }


def sound_counts(result: FileRunResult) -> dict[str, float]:
    """What was measured, by name."""
    return {
        "measured": result.done,
        "failed": result.failed,
        "seconds": round(result.seconds, 3),
        "cpu_seconds": round(result.cpu_seconds, 3),
    }


def _keep_weekly_copy(work: Job) -> None:
    """Where it fails the build has not: it is said, and the build is as good as done."""
    try:
        keep_weekly_copy(work.database, work.home)
    except SegueError as error:
        work.sink(Notice(error.code, error.values))


def _print_scan(result: ScanResult) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in scan_counts(result).items() if name != "tracks")
    out.print(f"{result.tracks:,} tracks: {counts}", highlight=False)


def _print_build(result: BuildResult) -> None:
    _print_scan(result.scan)
    extraction = result.extraction
    rate = extraction.done / extraction.seconds if extraction.seconds else 0.0
    speed = f"{extraction.seconds:.1f} s ({rate:.1f} tracks/s)"
    out.print(f"{extraction.done:,} analysed in {speed}, {extraction.failed:,} failed", highlight=False)
    if result.model is not None:
        _print_model(result.model)
    else:
        out.print("no new model needed", highlight=False)
    if result.heard.done or result.heard.failed:
        out.print(f"{result.heard.done:,} heard from end to end in {result.heard.seconds:.1f} s", highlight=False)


def _print_model(manifest: Manifest) -> None:
    figures = f"recall@10 {manifest.recall:.3f}, {manifest.join} join"
    out.print(f"model {manifest.id} of {manifest.tracks:,} tracks, {figures}", highlight=False)
