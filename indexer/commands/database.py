"""Commands for the database: start, stop and show the server that Segue manages, move the library to another one."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Annotated

import typer

from indexer.analysis.control import Control
from indexer.commands.common import (
    EventsOption,
    JsonOption,
    ParentOption,
    home_of,
    print_json,
    reported,
    warn,
)
from indexer.commands.console import out
from indexer.commands.job import display, only_indexer, stop_with_parent
from indexer.core.backup import move
from indexer.core.events import Finished
from indexer.core.store.address import URI_VARIABLE
from indexer.core.store.managed import server

TARGET_VARIABLE = "SEGUE_MONGODB_NEW_URI"
"""Where the player and scripts put the address to move to: other users can read command lines."""

app = typer.Typer(help="The database: the server that Segue manages, and moving to another one.", no_args_is_help=True)


@app.command("start")
def start_command(context: typer.Context) -> None:
    """Start the server and let it run until `database stop`; without this it ends with its last user."""
    with reported():
        server.hold(home_of(context))
    out.print("The database is running.")


@app.command("stop")
def stop_command(context: typer.Context) -> None:
    """Stop the server, also while it is in use."""
    with reported():
        stopped = server.stop(home_of(context))
    out.print("The database is stopped." if stopped else "No database was running.")


@app.command("uri")
def uri_command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Print the address of the running server, with its password: anyone who has it can read the library."""
    with reported():
        uri = server.running_uri(home_of(context))
    if as_json:
        print_json({"uri": uri})
    elif uri is not None:
        out.print(uri, highlight=False, markup=False, soft_wrap=True)
    if uri is None:
        warn("The database is not running. Start it with: indexer database start")
        raise typer.Exit(1)


UriArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="URI", envvar=TARGET_VARIABLE, help="Where to; - reads it from standard input, away from others' eyes."
    ),
]


@app.command("move")
def move_command(
    context: typer.Context,
    uri: UriArgument = None,
    managed: Annotated[bool, typer.Option("--managed", help="To the server that Segue manages by itself.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Also where another library is.")] = False,
    forget_old: Annotated[bool, typer.Option("--forget-old", help="Delete what the last move left behind.")] = False,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Move the library to another database, compare, and use that one from then on; the old one keeps its copy."""
    home = home_of(context)
    if [bool(uri), managed, forget_old].count(True) != 1:
        warn("Give the address of a MongoDB server, or --managed, or --forget-old.")
        raise typer.Exit(2)
    if parent is not None:
        stop_with_parent(parent, Control())
    with reported(as_events=events), only_indexer(home), display(events) as sink:
        if forget_old:
            move.forget_old(home)
            out.print("What the library left behind is deleted.")
            return
        result = move.move(home, None if managed else _typed(uri), replace=replace, by_player=parent is not None,
                             on_event=sink)  # fmt: skip
        sink(Finished(summary=dict(result.documents)))
    if as_json:
        print_json({"documents": result.documents, "before": str(result.before or "")})
    elif not events:
        _say_moved(result.documents, managed=managed)


def _typed(uri: str | None) -> str:
    """The address; one that is to be read is not shown while it is typed."""
    if uri != "-":
        return uri or ""
    typed = getpass.getpass("MongoDB address: ") if sys.stdin.isatty() else sys.stdin.readline()
    return typed.strip()


def _say_moved(documents: dict[str, int], *, managed: bool) -> None:
    where = "the server that Segue manages" if managed else "that address"
    figures = ", ".join(f"{number:,} {name}" for name, number in documents.items() if number)
    words = [
        f"Moved to {where}, and compared: {figures}.",
        "The old database still has everything; delete it with: indexer database move --forget-old",
    ]
    if URI_VARIABLE in os.environ:
        words.append(f"{URI_VARIABLE} is set and goes before the settings: take it out of your environment.")
    for line in words:
        out.print(line, highlight=False, markup=False, soft_wrap=True)
