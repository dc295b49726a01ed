"""Commands about what is known of a listener: history show, export, erase, import."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

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
from indexer.core.files.atomic import replacing
from indexer.core.plays import OWNER, ListenerId, Play
from indexer.core.store import Database
from indexer.core.text import clean, shown_text
from indexer.core.tracks import TrackId

app = typer.Typer(
    help="What was listened to, and what listeners said: shown, exported, erased, imported.", no_args_is_help=True
)
app.command("import")(import_command)


_SHOWN = 20
_DATE = len("2026-01-31")


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
        known = _known_of(database, who, plays)
        if as_json:
            print_json({**known, "latest": list(_entries(database, plays[len(plays) - last :]))})
            return
        for name, value in known.items():
            _print(f"{name.replace('_', ' '):22} {value}")
        for entry in _entries(database, plays[len(plays) - last :]):
            told = "skipped" if entry.get("skipped") else "" if entry["finished"] else "in part"
            _print(f"{_when(entry['at'])}  {entry['artist']} – {entry['title']}  {told}".rstrip())
        _warn_of_nobody(database, who, known)


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
    number = 0
    with ExitStack() as stack:
        stack.enter_context(reported())
        database = stack.enter_context(database_of(home_of(context)))
        target = stack.enter_context(replacing(file))
        for record in _records(database, ListenerId(listener)):
            target.write(json.dumps(record).encode("ascii") + b"\n")
            number += 1
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
        erased = {"plays": database.plays.erase(who, before=until)}
        if before is None:
            erased["tallies"] = database.tallies.erase(who)
            erased["opinions"] = database.opinions.erase(who)
            erased["lists shown"] = database.impressions.erase(who)
            if who == OWNER:
                erased["hidden"] = database.feedback.erase()
    _print(", ".join(f"{number} {name}" for name, number in erased.items()) + " erased")


def _known_of(database: Database, who: ListenerId, plays: list[Play]) -> dict[str, Any]:
    days = {_when(play.at)[:_DATE] for play in plays}
    return {
        "listener": who,
        "plays": len(plays),
        "plays_that_count": sum(play.finished for play in plays),
        "skips": sum(play.skipped for play in plays),
        "tracks": len({play.track for play in plays if play.track is not None}),
        "waiting_for_music": sum(play.track is None for play in plays),
        "days": len(days),
        "tallies": sum(1 for _ in database.tallies.of(who)),
        "opinions": len(database.opinions.of(who)),
        "lists_shown": sum(1 for _ in database.impressions.of(who)),
        "hidden": sum(map(len, database.feedback.hidden().values())) if who == OWNER else 0,
        "sources": dict(Counter(play.context.source.value for play in plays).most_common()),
    }


def _entries(database: Database, plays: list[Play]) -> Iterator[dict[str, Any]]:
    """Plays with the names of what was played, by the library where it knows the track."""
    tracks = database.tracks.get([play.track for play in plays if play.track is not None])
    for play in plays:
        yield {"id": play.id, **_names(tracks.get(play.track or TrackId("")), play), **play.as_record()}


def _names(known: Any, play: Play) -> dict[str, str]:
    named = known or play.named
    return {name: clean(shown_text(getattr(named, name, ""))) or "?" for name in ("artist", "title", "album")}


def _when(at: float) -> str:
    """Local day and minute; "?" for a time that is none, which another program put there."""
    try:
        return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return "?"


def _warn_of_nobody(database: Database, who: ListenerId, known: dict[str, Any]) -> None:
    """A name that was mistyped looks like somebody who never played anything."""
    if who != OWNER and not any(known[name] for name in ("plays", "tallies", "opinions", "lists_shown")):
        others = ", ".join(clean(shown_text(name)) for name in sorted(database.plays.listeners()))
        warn(f"Nothing is known of {who}. There are plays of: {others or 'nobody'}.")


def _records(database: Database, who: ListenerId) -> Iterator[dict[str, Any]]:
    batch: list[Play] = []
    for play in database.plays.of(who):
        batch.append(play)
        if len(batch) >= 1_000:  # noqa: PLR2004 - names are fetched for so many at once
            yield from ({"kind": "play", **entry} for entry in _entries(database, batch))
            batch = []
    yield from ({"kind": "play", **entry} for entry in _entries(database, batch))
    for tally in database.tallies.of(who):
        yield {"kind": "tally", "id": tally.id, **tally.as_record()}
    for opinion in database.opinions.of(who).values():
        yield {"kind": "opinion", **opinion.as_record()}
    for impression in database.impressions.of(who):
        yield {"kind": "shown", "id": impression.id, **impression.as_record()}
    if who == OWNER:  # more like this hides tracks for whoever sits at the desktop
        for seed, tracks in sorted(database.feedback.hidden().items()):
            yield {"kind": "hidden", "seed": seed, "tracks": sorted(tracks)}


def _print(line: str) -> None:
    out.print(line, highlight=False, markup=False, soft_wrap=True)
