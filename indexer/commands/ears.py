"""Commands for ears: networks that others trained, added to the home by one command and taken away by another."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from indexer.commands.common import JsonOption, home_of, print_json, reported, warn
from indexer.commands.console import err, out
from indexer.core.home import Home
from indexer.core.model.embedding.ears import EARS, Ear, added, ear_file, ear_named, remove_ear
from indexer.core.model.embedding.errors import EarError, NetworkChanged, NetworkMissing

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
) -> None:
    """Fetch what others trained, make a network of it, check that it hears right, and register it."""
    home = home_of(context)
    with reported():
        ear = ear_named(name)
        if _is_ready(home, ear):
            _say(f"{ear.title} is added already, as the profile {ear.profile}.")
            return
        _say(_about(ear))
        _say(_steps(ear, source))
        if not yes and not typer.confirm("Add it?"):
            warn("Nothing was changed.")
            raise typer.Exit(1)
        from indexer.ears.making import add_ear  # noqa: PLC0415 - onnxruntime, an extra

        profile = add_ear(home, ear, lambda: _package(ear, source))
    _say(f"{ear.title} is added; {ear_file(home, ear)} hears a known sound as it should.")
    _say("The sound model stays in use until tracks are heard again:")
    _say(f"  indexer build --profile {profile.name}")
    _say(f"and then the profile {profile.name} in the player, under Settings › Indexing.")


@app.command("remove")
def remove_command(context: typer.Context, name: NameArgument) -> None:
    """Take an ear away; what was analysed with it is kept, for when it comes back."""
    with reported():
        ear = ear_named(name)
        remove_ear(home_of(context), ear)
    _say(f"{ear.title} is removed. Recommendations go on by the profile sonic.")


def _about(ear: Ear) -> str:
    return (
        f"{ear.title} ({ear.name} {ear.version}). {ear.about}\n"
        f"  by {ear.makers}; licence {ear.licence}\n"
        f"  download {ear.size / _MEGABYTE:.0f} MB; each minute of music that is heard costs {ear.cost:.1f} s more "
        "of a processor core"
    )


def _steps(ear: Ear, source: Path | None) -> str:
    if source is not None:
        return f"  {source} is read, no network is used."
    return f"  {ear.file} is downloaded from pypi.org, and compared with a checksum that Segue knows."


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


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
