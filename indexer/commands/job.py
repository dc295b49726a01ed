"""How a command works on the library: alone, with the database open, its events told, and ended with its parent."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psutil
import typer

from indexer.analysis.control import Control
from indexer.commands.common import database_of, home_of, reported
from indexer.commands.console import ProgressDisplay, print_event_line
from indexer.core import events
from indexer.core.errors import SegueError
from indexer.core.events import EventSink, Notice
from indexer.core.files.locks import holding
from indexer.core.files.redaction import nameless
from indexer.core.home import Home
from indexer.core.store import Database
from indexer.core.tags.editing.edits import tidy

_POLL_SECONDS = 1.0
_GRACE_SECONDS = 20.0
"""Time for files in flight and a running Spark stage to end after the parent went."""

log = logging.getLogger(__name__)


class IndexerBusy(SegueError):
    """Another indexer works on the same library."""


@dataclass(frozen=True)
class Job:
    """A command at work: on which home and database, whom it tells, and how it is stopped."""

    home: Home
    database: Database
    sink: EventSink
    control: Control


@contextmanager
def job(context: typer.Context, *, events: bool, parent: int | None) -> Iterator[Job]:
    """Work on the library as its only indexer while the block runs; what goes wrong is said, and ends the program.

    Args:
        context: of the command, which knows the home.
        events: print events as lines of JSON, and obey lines on standard input.
        parent: the process to end with, if any.
    """
    home, control = home_of(context), control_of(events=events, parent=parent)
    with (
        reported(as_events=events), only_indexer(home) as was_cut_short, database_of(home) as database,
        display(events) as sink,
    ):  # fmt: skip
        if was_cut_short:
            sink(Notice("interrupted"))
        tidy(home)
        yield Job(home, database, sink, control)


def control_of(*, events: bool, parent: int | None) -> Control:
    control = Control.from_stdin() if events else Control()
    if parent is not None:
        stop_with_parent(parent, control)
    return control


def stop_with_parent(pid: int, control: Control) -> None:
    """Watch process `pid` from a daemon thread; cancel when it ends, and exit hard if that takes too long."""
    threading.Thread(target=_watch, args=(pid, control), name="parent-watch", daemon=True).start()


@contextmanager
def only_indexer(home: Home) -> Iterator[bool]:
    """Hold the indexer's lock while the block runs; gives whether the indexer before did not come to its end.

    Raises:
        IndexerBusy: another process holds it.
    """
    mark = home.locks / "indexer.running"
    with holding(home, "indexer") as is_only:
        if not is_only:
            raise _busy(home, mark)
        was_cut_short = mark.exists()
        with contextlib.suppress(OSError):  # A disk that is full is not for us to report.
            mark.write_text(str(os.getpid()), encoding="ascii")
        try:
            yield was_cut_short
        finally:
            with contextlib.suppress(OSError):
                mark.unlink(missing_ok=True)


def display(events: bool) -> AbstractContextManager[EventSink]:
    """A context that gives the event sink: JSON lines for a program, a progress display for a person."""
    return nullcontext(_logged(print_event_line)) if events else _progress_display()


@contextmanager
def _progress_display() -> Iterator[EventSink]:
    with ProgressDisplay() as display:
        yield _logged(display.show)


def _logged(sink: events.EventSink) -> events.EventSink:
    """`sink`, and the log before it."""

    def both(event: events.Event) -> None:
        _note(event)
        sink(event)

    return both


def _note(event: events.Event) -> None:
    """Log one event; progress is not logged."""
    match event:
        case events.StageStarted(stage=stage, total=total):
            log.info("stage %s begins, %s to do", stage.value, "?" if total is None else total)
        case events.ProblemFound(problem=problem, path=path):
            log.info("a file has a problem: %s", problem)
            log.debug("%s: %s", problem, path)
        case events.Notice(code=code):
            log.info("notice %s: %s", code, nameless(event.english))
        case events.ModelSwapped(model=model, tracks=tracks, recall=recall):
            log.info("model %s of %d tracks, recall %s", model, tracks, recall)
        case events.Paused(paused=paused):
            log.info("paused" if paused else "going on")
        case events.Finished(summary=summary, cancelled=cancelled):
            log.info("%s: %s", "cancelled" if cancelled else "finished", summary)
        case _:
            pass


def _busy(home: Home, mark: Path) -> IndexerBusy:
    """Which process works, as far as it can be told."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        number = mark.read_text(encoding="ascii")
        if number.isdecimal():
            return IndexerBusy("indexer-busy-process", process=number, folder=home.data)
    return IndexerBusy("indexer-busy", folder=home.data)


def _watch(pid: int, control: Control) -> None:
    try:
        psutil.Process(pid).wait()
    except psutil.NoSuchProcess:
        pass
    except (psutil.AccessDenied, psutil.TimeoutExpired):
        _poll_until_gone(pid)
    control.cancel()
    time.sleep(_GRACE_SECONDS)
    os._exit(1)


def _poll_until_gone(pid: int) -> None:
    while psutil.pid_exists(pid):
        time.sleep(_POLL_SECONDS)
