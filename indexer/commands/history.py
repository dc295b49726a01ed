"""Commands about what is known of a listener: history show, export, erase, import."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from indexer.commands.common import (
    EXIT_FAILED,
    JsonOption,
    ListenerOption,
    database_of,
    home_of,
    print_json,
    reported,
    warn,
)
from indexer.commands.console import out
from indexer.commands.import_history import import_command
from indexer.core.files.locks import holding
from indexer.core.follow.journal import Journal
from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId, Play
from indexer.core.store import Database
from indexer.core.store.kept import entries, erase_kept, export_kept, kept_of, moment
from indexer.core.taste.folder import forget_taste
from indexer.core.text import clean, shown_text

app = typer.Typer(
    help="What was listened to, and what listeners said: shown, exported, erased, imported.", no_args_is_help=True
)
app.command("import")(import_command)

GATHERING = "stream-train"
"""The lock that is held by who gathers plays from a broker."""

_SHOWN = 20


@app.command("show")
def show_command(
    context: typer.Context,
    listener: ListenerOption = OWNER,
    last: Annotated[int, typer.Option("--last", min=0, help="So many of the latest plays.")] = _SHOWN,
    as_json: JsonOption = False,
) -> None:
    """Tell what is known of a listener, and the latest plays."""
    with reported(), database_of(home_of(context)) as database:
        who = ListenerId(listener)
        plays = list(database.plays.of(who))
        known = kept_of(database, who, plays)
        if as_json:
            print_json({**known, "latest": list(entries(database, plays[len(plays) - last :]))})
            return
        for name, value in known.items():
            _print(f"{name.replace('_', ' '):22} {value}")
        for entry in entries(database, plays[len(plays) - last :]):
            told = "skipped" if entry.get("skipped") else "" if entry["finished"] else "in part"
            _print(f"{moment(entry['at'])}  {entry['artist']} – {entry['title']}  {told}".rstrip())
        if not any(value for name, value in known.items() if name != "listener"):
            _warn_of_nobody(database, who)


@app.command("export")
def export_command(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", dir_okay=False, help="JSON lines: plays, tallies, opinions, lists shown, hidden tracks."
        ),
    ],
    listener: ListenerOption = OWNER,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write all that is known of a listener to a file."""
    if file.exists() and not force:
        warn(f"{shown_text(str(file))} is there already; choose another name, or give --force.")
        raise typer.Exit(EXIT_FAILED)
    with reported(), database_of(home_of(context)) as database:
        number = export_kept(database, ListenerId(listener), file)
        if not number:
            _warn_of_nobody(database, ListenerId(listener))
    _print(f"{number} records in {shown_text(str(file))}")


@app.command("erase")
def erase_command(
    context: typer.Context,
    listener: ListenerOption = OWNER,
    before: Annotated[
        datetime | None,
        typer.Option("--before", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Only plays before this time."),
    ] = None,
    sure: Annotated[bool, typer.Option("--yes", help="Without being asked.")] = False,
) -> None:
    """Forget what a listener played and said; playlists and the library stay."""
    what = (
        "all plays, tallies, opinions, shown lists and hidden tracks"
        if before is None
        else f"the plays before {before:%Y-%m-%d %H:%M}"
    )
    if not sure and not typer.confirm(f"Erase {what} of {shown_text(listener)} for ever?"):
        raise typer.Exit(EXIT_FAILED)
    who = ListenerId(listener)
    try:
        until = None if before is None else before.timestamp()
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter("Give a date from 1970 on.") from error
    with reported(), database_of(home_of(context)) as database:
        erased = erase_kept(database, who, before=until)
        if who == OWNER:
            for unsent in (home_of(context).sharing_file, home_of(context).refused_plays_file):
                _forget_unsent(unsent, until)
        _forget_gathered(home_of(context), database)
        forget_taste(home_of(context))
    _print(", ".join(f"{number} {name}" for name, number in erased.items()) + " erased")


def _forget_gathered(home: Home, database: Database) -> None:
    """Plays that were gathered from a broker go as well; where a process is at it, that takes them out."""
    if (home.stream / "plays").is_dir():
        from indexer.spark.stream.files import GatheredFiles  # noqa: PLC0415 - whoever never gathered need not load it

        with holding(home, GATHERING) as alone:
            if alone:
                GatheredFiles(home).take_out(database.plays.erased())


def _forget_unsent(file: Path, until: float | None) -> None:
    """What was played waits no more to be shared, or what was played before a time."""
    if until is None:
        file.unlink(missing_ok=True)
        return
    unsent = Journal(file)
    erased = [note for note in unsent.open_notes() if Play.of_record(note.id, note.content).at < until]
    if erased:
        unsent.strike_out(*erased)


def _warn_of_nobody(database: Database, who: ListenerId) -> None:
    """A name that was mistyped looks like somebody who never played anything."""
    if who != OWNER:
        others = ", ".join(clean(shown_text(name)) for name in sorted(database.plays.listeners()))
        warn(f"Nothing is known of {who}. There are plays of: {others or 'nobody'}.")


def _print(line: str) -> None:
    out.print(line, highlight=False, markup=False, soft_wrap=True)
