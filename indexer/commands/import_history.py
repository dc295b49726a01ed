"""The command that brings listening histories from elsewhere: history import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from indexer.commands.common import EXIT_CANCELLED, EventsOption, JsonOption, ListenerOption, ParentOption, print_json
from indexer.commands.console import out
from indexer.commands.job import job
from indexer.core.plays import OWNER, ListenerId
from indexer.history.account import Account
from indexer.history.formats import HistoryFormat
from indexer.history.importing import ImportOptions, import_history


def import_command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="An export, the library of another player, a zip or folder of these.")],
    format: Annotated[  # noqa: A002 - the option's name
        HistoryFormat | None, typer.Option("--format", help="What it is; told by its content where not given.")
    ] = None,
    listener: ListenerOption = OWNER,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and match, and keep nothing.")] = False,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Import a listening history: ListenBrainz, Last.fm, Spotify, Rhythmbox, Clementine, Strawberry, Quod Libet.

    Echo Nest triplets, plays of very many listeners, are kept beside the library, for `evaluate --history`. Words of
    songs, musiXmatch files of the Million Song Dataset, are kept with the tracks of the library.

    All of it is kept: what matches nothing in the library is matched when the music comes. Importing the same again
    changes nothing.
    """
    with job(context, events=events, parent=parent) as work:
        options = ImportOptions(path, work.home.crowds, format, ListenerId(listener), dry_run)
        account = import_history(work.database, options, on_event=work.sink, control=work.control)
    if as_json:
        print_json({**account.summary(), "reasons": dict(account.refused), "artists": account.most_missed()})
    elif not events:
        _print(account, dry_run=dry_run)
    if account.cancelled:
        raise typer.Exit(EXIT_CANCELLED)


def _print(account: Account, *, dry_run: bool) -> None:
    formats = ", ".join(f"{name} ({number:,})" for name, number in sorted(account.formats.items()))
    new = "would be kept" if dry_run else "are new"
    told = account.kept + account.known
    lines = [
        f"Found in {account.files:,} files of {formats}: {told:,} plays and counts, of which {account.kept:,} {new}.",
        f"Matched with the library: {account.matched:,}.",
        f"Missing in the library: {account.missing_number:,}, of which {account.by_artist:,} by artists that it has.",
    ]
    if account.left_out:
        lines.append(f"Left out: {account.left_out:,} podcasts, radio stations, and tracks that were never played.")
    if account.songs:
        got = "would get" if dry_run else "got"
        lines.append(
            f"Words of {account.songs:,} songs, of which {account.songs_matched:,} are in the library: "
            f"{account.words_kept:,} tracks {got} words that are new."
        )
    if account.crowds:
        lines.append(f"Kept for indexer evaluate --history: {', '.join(account.crowds)}.")
    if account.refused_number:
        lines.append(f"Refused: {account.refused_number:,} lines that are no plays.")
    for line in lines:
        out.print(line, highlight=False, markup=False, soft_wrap=True)
