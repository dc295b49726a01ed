"""The command that measures loudness and waveforms, without looking at the folders."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.analysis.file_run import FileRunResult
from indexer.analysis.measuring import measure_all
from indexer.commands.common import (
    EXIT_CANCELLED,
    EventsOption,
    JsonOption,
    ParentOption,
    WorkersOption,
    database_of,
    home_of,
    print_json,
    reported,
)
from indexer.commands.console import out
from indexer.commands.lock import only_indexer
from indexer.commands.work import control_of, display
from indexer.core.events import Finished


def sound_command(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Measure every track again.")] = False,
    workers: WorkersOption = None,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Measure how loud the tracks of the library are and draw their waveforms, where that was not done yet."""
    home = home_of(context)
    control = control_of(events=events, parent=parent)
    with reported(as_events=events), only_indexer(home), database_of(home) as database, display(events) as sink:
        result = measure_all(database, workers=workers, on_event=sink, control=control, full=full)
        sink(Finished(summary=sound_counts(result), cancelled=control.is_cancelled))
    if as_json:
        print_json(sound_counts(result))
    elif not events:
        out.print(f"{result.done:,} measured in {result.seconds:.1f} s, {result.failed:,} failed", highlight=False)
    if control.is_cancelled:
        raise typer.Exit(EXIT_CANCELLED)


def sound_counts(result: FileRunResult) -> dict[str, float]:
    """What was measured, by name."""
    return {
        "measured": result.done,
        "failed": result.failed,
        "seconds": round(result.seconds, 3),
        "cpu_seconds": round(result.cpu_seconds, 3),
    }
