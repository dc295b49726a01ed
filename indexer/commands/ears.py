"""Commands for ears: networks that others trained, added to the home by one command and taken away by another."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from indexer.analysis.control import Control
from indexer.commands.common import EventsOption, JsonOption, ParentOption, home_of, print_json, reported, warn
from indexer.commands.console import err, out, print_event_line
from indexer.commands.job import stop_with_parent
from indexer.core.events import Finished
from indexer.core.home import Home
from indexer.core.model.embedding.ears import EARS, Ear, added, ear_file, ear_named, remove_ear
from indexer.core.model.embedding.errors import EarError, NetworkChanged, NetworkMissing
from indexer.core.settings import Settings

_MEGABYTE = 1_000_000

app = typer.Typer(help="Ears: networks by others that hear music too, added and removed.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Of the ear, as `ears list` shows it.")]


@app.command("list")
def list_command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show which ears there are: licence, size, what they cost, and whether they are added."""
    home = home_of(context)
    with reported():
        places = {ear.name: _place(home, ear) for ear in EARS.values()}
    if as_json:
        print_json([{**asdict(ear), "profile": ear.profile, "added": places[ear.name]} for ear in EARS.values()])
        return
    for ear in EARS.values():
        _say(_about(ear))
        place = places[ear.name]
        _say(f"  added as {ear.profile}: {place}" if place else f"  not added; indexer ears add {ear.name}")


@app.command("add")
def add_command(
    context: typer.Context,
    name: NameArgument,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.whl", help="The package, fetched before; no network is used.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    events: EventsOption = False,
    parent: ParentOption = None,
) -> None:
    """Fetch what others trained, make a network of it, check that it hears right, and register it."""
    if parent is not None:
        stop_with_parent(parent, Control())
    home = home_of(context)
    with reported(as_events=events):
        ear = ear_named(name)
        if _is_ready(home, ear):
            _end(f"{ear.title} is added already, as the profile {ear.profile}.", events=events)
            return
        if not (yes or _is_wanted(ear, source)):
            warn("Nothing was changed.")
            raise typer.Exit(1)
        from indexer.ears.making import add_ear  # noqa: PLC0415 - onnxruntime, an extra

        add_ear(home, ear, lambda: _package(ear, source))
    _end(
        f"{ear.title} is added; {ear_file(home, ear)} hears a known sound as it should.\n"
        "The sound model stays in use until tracks are heard again:\n"
        f"  indexer build --profile {ear.profile}\n"
        f"and then choose the profile {ear.profile} in the player, under Settings › Indexing.",
        events=events,
    )


@app.command("remove")
def remove_command(context: typer.Context, name: NameArgument) -> None:
    """Take an ear away; what was analysed with it is kept, for when it comes back."""
    with reported():
        ear = ear_named(name)
        home = home_of(context)
        if Settings.load(home).profile == ear.profile:
            # A player that runs would write its own setting over one from here.
            raise EarError("ear-in-use", name=ear.name, profile=ear.profile)
        remove_ear(home, ear)
    _say(f"{ear.title} is removed. Recommendations go on by the profile sonic.")


def _about(ear: Ear) -> str:
    return (
        f"{ear.title} ({ear.name} {ear.version}). {ear.about}\n"
        f"  by {ear.makers}; licence {ear.licence}\n"
        f"  download {ear.size / _MEGABYTE:.0f} MB; each minute of music that is heard costs {ear.cost:.1f} s more "
        "of a processor core"
    )


def _is_wanted(ear: Ear, source: Path | None) -> bool:
    """Say what would be added, and ask."""
    _say(_about(ear))
    if source is None:
        _say(f"  {ear.file} is downloaded from pypi.org, and compared with a checksum that Segue knows.")
    else:
        _say(f"  {source} is read; no network is used.")
    return typer.confirm("Add it?")


def _place(home: Home, ear: Ear) -> str | None:
    """Where it was added, None where it was not."""
    try:
        registration = added(home, ear)
    except EarError:
        return None  # the name is that of a network of the user's own
    return None if registration is None else registration.model


def _is_ready(home: Home, ear: Ear) -> bool:
    """Whether it is added and its file is whole; where that was lost, it is made again."""
    registration = added(home, ear)
    if registration is None:
        return False
    try:
        registration.check()
    except (NetworkMissing, NetworkChanged):
        return False
    return True


def _package(ear: Ear, source: Path | None) -> bytes:
    from indexer.ears.fetching import download_package, read_package  # noqa: PLC0415 - as above

    if source is not None:
        return read_package(ear, source)
    with Progress(TextColumn(ear.file), BarColumn(), DownloadColumn(), console=err, transient=True) as progress:
        task = progress.add_task("", total=ear.size)
        return download_package(ear, lambda done, total: progress.update(task, completed=done, total=total))


def _end(text: str, *, events: bool) -> None:
    """Say what came of it, to a person or to a program."""
    if events:
        print_event_line(Finished())
    else:
        _say(text)


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
