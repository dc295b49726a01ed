"""Commands that keep a library: backup, restore."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from indexer.analysis.control import Control
from indexer.commands.common import (
    EXIT_FAILED,
    EventsOption,
    JsonOption,
    ParentOption,
    database_of,
    home_of,
    print_json,
    reported,
    warn,
)
from indexer.commands.console import out
from indexer.commands.job import display, only_indexer, stop_with_parent
from indexer.core.backup import (
    BackupManifest,
    Copy,
    RestoreMode,
    RestoreResult,
    copies_in,
    folder_of,
    keep_weekly_copy,
    read_manifest,
    restore,
    write_backup,
)
from indexer.core.backup.places import own_folder
from indexer.core.errors import SegueError
from indexer.core.events import Finished
from indexer.core.home import Home
from indexer.core.politeness import lower_priority

_MEGABYTE = 1e6


def backup_command(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The backup to write; ends in .zip.")] = None,
    features: Annotated[bool, typer.Option("--features", help="With the analysis: large, and quick to use.")] = False,
    automatic: Annotated[bool, typer.Option("--automatic", help="The weekly copy, if it is due.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show the copies that Segue made by itself.")] = False,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Write the library, plays, playlists and settings to one file, and verify it."""
    home = home_of(context)
    if listed:
        _show_copies(_copies_of(home), as_json=as_json)
        return
    if (file is None) == (not automatic):
        warn("Give either the file to write, or --automatic, or --list.")
        raise typer.Exit(2)
    _end_with(parent)
    if file is None:
        _weekly(home, events=events)
        return
    with reported(as_events=events), database_of(home) as database, display(events) as sink:
        manifest = write_backup(database, home, file, features=features, on_event=sink)
        sink(Finished(summary=_summary_of(manifest, file)))
    if as_json:
        print_json({"file": str(file), **_described(manifest)})
    elif not events:
        _print(f"{_contents(manifest)} in {file}, {file.stat().st_size / _MEGABYTE:.1f} MB, verified")


def restore_command(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    merge: Annotated[bool, typer.Option("--merge", help="Add to the library what it lacks.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Have the backup in place of the library.")] = False,
    events: EventsOption = False,
    as_json: JsonOption = False,
    parent: ParentOption = None,
) -> None:
    """Bring a backup back: verified first, then added to the library or put in its place."""
    home = home_of(context)
    if merge and replace:
        warn("Give --merge or --replace, not both.")
        raise typer.Exit(2)
    mode = RestoreMode.MERGE if merge else RestoreMode.REPLACE if replace else None
    _end_with(parent)
    with (
        reported(as_events=events), only_indexer(home), database_of(home) as database, display(events) as sink,
    ):  # fmt: skip
        if mode is None and sys.stdin.isatty() and not database.transfer.is_empty():
            mode = _ask(read_manifest(file), database.tracks.count())
        result = restore(database, home, file, mode, on_event=sink)
        sink(Finished(summary=_summary_of(result.manifest, file) | _changes(result)))
    if as_json:
        print_json({**_described(result.manifest), **_changes(result), "before": str(result.before or "")})
    elif not events:
        _print_restored(result)


def _weekly(home: Home, *, events: bool) -> None:
    lower_priority()
    with reported(as_events=events), database_of(home) as database, display(events) as sink:
        made = keep_weekly_copy(database, home, on_event=sink)
        sink(Finished(summary={"made": float(made is not None)}))
    if not events:
        _print(f"The weekly copy is {made}" if made else "No copy is due.")


def _end_with(parent: int | None) -> None:
    """A backup needs no farewell: what is half written is beside the file, and taken away later."""
    if parent is not None:
        stop_with_parent(parent, Control())


def _ask(manifest: BackupManifest, tracks: int) -> RestoreMode:
    _print(f"The library has {tracks:,} tracks. The backup is of {_date(manifest.created)}: {_contents(manifest)}.")
    answer = typer.prompt("merge, replace or cancel", default="cancel")
    if answer in {mode.value for mode in RestoreMode}:
        return RestoreMode(answer)
    raise SegueError("restore-nothing")


def _copies_of(home: Home) -> list[Copy]:
    folders = {folder_of(home), own_folder(home)}
    return sorted((copy for folder in folders for copy in copies_in(folder)), reverse=True)


def _show_copies(copies: Iterable[Copy], *, as_json: bool) -> None:
    listed = list(copies)
    if as_json:
        print_json([{**asdict(copy), "path": str(copy.path)} for copy in listed])
        return
    for copy in listed:
        _print(f"{_date(copy.at)}  {copy.size / _MEGABYTE:8.1f} MB  {copy.path}")
    if not listed:
        warn("There is no copy yet. The first is made at the end of a build, or by the player.")
        raise typer.Exit(EXIT_FAILED)


def _print_restored(result: RestoreResult) -> None:
    _print(f"Restored the backup of {_date(result.manifest.created)}: {_contents(result.manifest)}.")
    _print(", ".join(f"{number:,.0f} {what}" for what, number in _changes(result).items()))
    if result.before is not None:
        _print(f"What was there before is in {result.before}")
    if not result.manifest.features:
        _print("Run `indexer build` to analyse what is not analysed yet.")


def _changes(result: RestoreResult) -> dict[str, float]:
    return {"added": result.added, "changed": result.changed, "removed": result.removed}


def _summary_of(manifest: BackupManifest, file: Path) -> dict[str, float]:
    size = file.stat().st_size
    return {**manifest.counts, "playlists": manifest.playlists, "created": manifest.created, "bytes": size}


def _described(manifest: BackupManifest) -> dict[str, object]:
    return {"created": manifest.created, "features": manifest.features, "counts": dict(manifest.counts)}


def _contents(manifest: BackupManifest) -> str:
    shown = {**manifest.counts, "playlists": manifest.playlists}
    names = ("tracks", "plays", "playlists", *(("features",) if manifest.features else ()))
    return ", ".join(f"{shown.get(name, 0):,} {name}" for name in names)


def _date(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _print(words: str) -> None:
    out.print(words, highlight=False, markup=False, soft_wrap=True)
