"""Commands for the database server that Segue manages by itself: start, stop, uri."""

from __future__ import annotations

import typer

from indexer.commands.common import JsonOption, home_of, print_json, reported, warn
from indexer.console import out
from indexer.store import server

app = typer.Typer(help="The database server that Segue manages by itself.", no_args_is_help=True)


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
