"""Commands that change the library: build, scan, model, demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from indexer.build import BuildOptions, BuildResult, ModelPolicy, build, register_folders, summary_of
from indexer.commands.common import (
    EXIT_CANCELLED,
    EventsOption,
    JsonOption,
    ParentOption,
    ProfileOption,
    WorkersOption,
    database_of,
    home_of,
    print_json,
    profile_named,
    reported,
)
from indexer.console import ProgressDisplay, out, print_event_line
from indexer.control import Control
from indexer.events import EventSink, Finished
from indexer.lock import only_indexer
from indexer.parent import stop_with_parent
from indexer.scan import ScanResult, scan

FoldersArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="FOLDER…", help="Folders of music; none means all that the library has.")
]


def build_command(
    context: typer.Context,
    folders: FoldersArgument = None,
    profile: ProfileOption = "sonic",
    full: Annotated[bool, typer.Option("--full", help="Analyse every track again.")] = False,
    model: Annotated[ModelPolicy, typer.Option("--model", help="When to run Spark.")] = ModelPolicy.AUTO,
    workers: WorkersOption = None,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Scan folders, analyse what is new, and build the similarity model where it pays."""
    home = home_of(context)
    options = BuildOptions(
        folders=tuple(folders or ()), profile=profile_named(profile), full=full, model=model, workers=workers
    )
    control = _control(events=events, parent=parent)
    with reported(as_events=events), only_indexer(home), database_of(home) as database, _display(events) as sink:
        result = build(database, home, options, on_event=sink, control=control)
    if as_json:
        print_json(summary_of(result))
    elif not events:
        _print_build(result)
    if result.cancelled:
        raise typer.Exit(EXIT_CANCELLED)


def scan_command(
    context: typer.Context,
    folders: FoldersArgument = None,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Look for new, changed, moved and missing files, without analysing them."""
    home = home_of(context)
    control = _control(events=events, parent=parent)
    with reported(as_events=events), only_indexer(home), database_of(home) as database, _display(events) as sink:
        known = register_folders(database, folders or ())
        result = scan(database, known, on_event=sink, cancelled=lambda: control.is_cancelled)
        sink(Finished(summary=scan_counts(result), cancelled=control.is_cancelled))
    if as_json:
        print_json(scan_counts(result))
    elif not events:
        _print_scan(result)
    if control.is_cancelled:
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


def scan_counts(result: ScanResult) -> dict[str, float]:
    """What a scan found, by name."""
    return {
        name: getattr(result, name)
        for name in ("new", "changed", "moved", "gone", "away", "unchanged", "problems", "tracks")
    }


def _control(*, events: bool, parent: int | None) -> Control:
    control = Control.from_stdin() if events else Control()
    if parent is not None:
        stop_with_parent(parent, control)
    return control


def _display(events: bool) -> AbstractContextManager[EventSink]:
    """A context that gives the event sink: JSON lines for a program, a progress display for a person."""
    return nullcontext(print_event_line) if events else _progress_display()


@contextmanager
def _progress_display() -> Iterator[EventSink]:
    with ProgressDisplay() as display:
        yield display.show


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
        out.print(
            f"model {result.model.id} of {result.model.tracks:,} tracks, recall@10 {result.model.recall:.3f}",
            highlight=False,
        )
    else:
        out.print("no new model needed", highlight=False)
