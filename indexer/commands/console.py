"""How the indexer's events look to a person at a shell: a progress bar, sentences, tables."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from indexer.core import events
from indexer.core.errors import SegueError

out = Console()
err = Console(stderr=True)

_STAGE_TITLES = {
    events.Stage.DATABASE: "Database",
    events.Stage.SCAN: "Scanning",
    events.Stage.EXTRACT: "Analysing",
    events.Stage.MODEL: "Building the model",
    events.Stage.SOUND: "Hearing whole tracks",
    events.Stage.BACKUP: "Backing up",
    events.Stage.VERIFY: "Verifying",
    events.Stage.RESTORE: "Restoring",
    events.Stage.MOVE: "Moving",
    events.Stage.IMPORT: "Importing",
    events.Stage.TASTE: "Learning taste",
}


def print_event_line(event: events.Event) -> None:
    """Write an event as one line of JSON, at once, for the program that reads us."""
    sys.stdout.write(events.encode(event) + "\n")
    sys.stdout.flush()


def print_error(error: SegueError) -> None:
    err.print(f"[bold red]{escape(error.message)}[/] {escape(error.advice)}", highlight=False, soft_wrap=True)


class ProgressDisplay:
    """Shows events as they come; use as a context manager and hand `show` to whatever reports events."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<20}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=err,
        )
        self._tasks: dict[events.Stage, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.__exit__(kind, error, trace)

    def show(self, event: events.Event) -> None:
        """Draw one event."""
        match event:
            case events.StageStarted(stage=stage, total=total):
                self._task(stage, total)
            case events.Progress():
                self._update(event)
            case events.ProblemFound():
                self._say(f"[yellow]{escape(event.message)}[/] {escape(event.advice)}")
            case events.Notice():
                self._say(escape(f"{event.message} {event.advice}".strip()))
            case events.Paused(paused=paused):
                self._say("Paused." if paused else "Going on.")
            case _:
                pass

    def _say(self, markup: str) -> None:
        self._progress.console.print(markup, highlight=False, soft_wrap=True)

    def _task(self, stage: events.Stage, total: int | None) -> TaskID:
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(_STAGE_TITLES[stage], total=total, rate="")
        return self._tasks[stage]

    def _update(self, event: events.Progress) -> None:
        rate = f"{event.rate:,.1f}/s" if event.rate else ""
        self._progress.update(self._task(event.stage, event.total), completed=event.done, total=event.total, rate=rate)
