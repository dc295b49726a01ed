"""What every command shares: its home, its options, and how errors leave the program."""

from __future__ import annotations

import errno
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from indexer.commands.console import err, print_error, print_event_line
from indexer.core.errors import SegueError
from indexer.core.events import Failed
from indexer.core.files.redaction import nameless
from indexer.core.home import Home
from indexer.core.model.profiles import Profile, get_profile
from indexer.core.store import Database, open_database
from indexer.core.store.address import database_uri
from indexer.core.text import clean

log = logging.getLogger(__name__)

EXIT_FAILED = 1
EXIT_CANCELLED = 130

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
ProfileOption = Annotated[
    str, typer.Option("--profile", help="Feature profile: sonic, sonic+NAME, or the baselines classic and rhythm.")
]
EventsOption = Annotated[
    bool, typer.Option("--events", help="Print progress as JSON lines; read pause, resume, cancel.")
]
ParentOption = Annotated[int | None, typer.Option("--parent", hidden=True, help="End when this process does.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes that analyse; default: all cores.")
]


def _listener(name: str) -> str:
    if clean(name, limit=len(name)) != name or not name:
        raise typer.BadParameter("A listener is called by text on one line.")
    return name


ListenerOption = Annotated[
    str, typer.Option("--listener", callback=_listener, help="Whose; the owner of the library where none is named.")
]


def home_of(context: typer.Context) -> Home:
    """The home that `--home` chose, made ready by the root callback."""
    found = context.find_object(Home)
    return found if found is not None else Home.resolve()


def profile_named(name: str) -> Profile:
    """The profile, or the program's end with a sentence naming those there are."""
    try:
        return get_profile(name)
    except SegueError as error:
        print_error(error)
        raise typer.Exit(EXIT_FAILED) from error


@contextmanager
def reported(*, as_events: bool = False) -> Iterator[None]:
    """Turn a Segue error or a lack of disk space into its sentence and a failed exit."""
    try:
        yield
    except SegueError as error:
        _report(error, as_events=as_events)
        raise typer.Exit(EXIT_FAILED) from error
    except OSError as error:
        log.info("operating system error", exc_info=error)
        name = f"{error.filename}: " if error.filename else ""
        _report(SegueError(_code_for(error), what=f"{name}{error.strerror or error}."), as_events=as_events)
        raise typer.Exit(EXIT_FAILED) from error


def _report(error: SegueError, *, as_events: bool) -> None:
    log.info("failed: %s: %s", error.code, nameless(str(error)))
    if as_events:
        print_event_line(Failed(error.code, error.values))
    print_error(error)


def _code_for(error: OSError) -> str:
    return "disk-full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "system-refused"


def database_of(home: Home) -> Database:
    """The database that the settings name; a context that closes it at the end."""
    return open_database(home, uri=database_uri(home))


def print_json(value: Any) -> None:
    """Write a value as JSON; text that is not valid Unicode is escaped, not refused."""
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def warn(message: str) -> None:
    err.print(message, style="yellow", highlight=False, markup=False)
