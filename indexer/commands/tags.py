"""The command about what files say of themselves: shown, edited after a look at what would change, and undone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from indexer.analysis.control import Control
from indexer.build import scan_and_match
from indexer.commands.common import EXIT_FAILED, JsonOption, database_of, home_of, print_json, reported, warn
from indexer.commands.console import out, print_error
from indexer.commands.job import display, only_indexer
from indexer.core.audio.walk import list_audio
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.tags.editing.edits import Outcome, apply, edits, undo
from indexer.core.tags.editing.fields import Field, TagsRefused
from indexer.core.tags.editing.previews import Preview, preview
from indexer.core.text import shown_text

_SHOWN = 40
"""Files whose changes are shown before it is asked whether they may be made."""


def tags_command(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Files, or folders with all that is below them.")
    ] = None,
    said: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="Have the files say this; once for each value; nothing behind = for none.",
        ),
    ] = None,
    undoing: Annotated[bool, typer.Option("--undo", help="Have the files before the latest edit again.")] = False,
    number: Annotated[
        int | None, typer.Option("--edit", min=1, help="With --undo: which edit, if not the latest.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show the edits that can be undone.")] = False,
    sure: Annotated[bool, typer.Option("--yes", help="Without being asked.")] = False,
    rescan: Annotated[
        bool, typer.Option("--rescan/--no-rescan", help="Look through the library's folders of these files afterwards.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Show the tags of files, or edit them: each file is the old or the new one whatever happens, and sounds the same.

    Fields are title, artist, album, album_artist, track, tracks, disc, discs, date, genre, composer, comment and
    compilation.
    """
    home = home_of(context)
    if sum((undoing, listed, bool(files))) != 1 or (number is not None and not undoing) or (said and not files):
        warn("Give files, with --set to edit them, or --undo, or --list.")
        raise typer.Exit(2)
    with reported():
        if listed:
            _list(home, as_json=as_json)
        elif undoing:
            _undo(home, number, sure=sure, rescan=rescan, as_json=as_json)
        else:
            changes = _changes(said or ())
            found = preview(_paths(files or ()), changes)
            if changes:
                _edit(home, found, sure=sure, rescan=rescan, as_json=as_json)
            else:
                _show(found, as_json=as_json)


def _changes(said: Sequence[str]) -> dict[Field, list[str]]:
    """The values of each field.

    Raises:
        TagsRefused: there is no such field.
    """
    changes: dict[Field, list[str]] = {}
    for text in said:
        name, _, value = text.partition("=")
        if name not in set(Field):
            raise TagsRefused("tags-field", field=name, known=", ".join(Field))
        changes.setdefault(Field(name), []).extend([value] if value else [])
    return changes


def _paths(files: Sequence[Path]) -> list[str]:
    return [path for file in files for path in (list_audio(str(file)).files if file.is_dir() else [str(file)])]


def _show(found: Sequence[Preview], *, as_json: bool) -> None:
    if as_json:
        print_json([_record(each) for each in found])
        return
    for each in found:
        _print(shown_text(each.path))
        for name, values in each.before.items():
            _print(f"    {name.value:12}  {'; '.join(values)}")
        if each.refusal is not None:
            print_error(each.refusal)


def _edit(home: Home, found: Sequence[Preview], *, sure: bool, rescan: bool, as_json: bool) -> None:
    changing = [each for each in found if each.refusal is None and each.changed]
    if not as_json:
        _print_changes(found, changing)
    if changing and not sure and not typer.confirm(f"Change the tags of {len(changing):,} files?", err=as_json):
        raise typer.Exit(EXIT_FAILED)
    outcome = apply(home, found)
    _tell(home, outcome, "edited", rescan=rescan, as_json=as_json, previews=found)


def _undo(home: Home, number: int | None, *, sure: bool, rescan: bool, as_json: bool) -> None:
    known = next((each for each in edits(home) if each.undoable and number in {None, each.number}), None)
    if known is not None and not sure:
        question = f"Have the {len(known.undoable):,} files before edit {known.number} again?"
        if not typer.confirm(question, err=as_json):
            raise typer.Exit(EXIT_FAILED)
    _tell(home, undo(home, number), "as before", rescan=rescan, as_json=as_json)


def _tell(
    home: Home, outcome: Outcome, what: str, *, rescan: bool, as_json: bool, previews: Sequence[Preview] = ()
) -> None:
    if rescan and outcome.done:
        _rescan(home, outcome.done, quiet=as_json)
    if as_json:
        refused = [{"path": path, **_told(error)} for path, error in outcome.refused]
        more = {"files": [_record(each) for each in previews]} if previews else {}
        print_json({"edit": outcome.number, "done": outcome.done, "refused": refused, **more})
    else:
        for _, error in outcome.refused:
            print_error(error)
        named = f" (edit {outcome.number})" if outcome.number is not None else ""
        _print(f"{len(outcome.done):,} {what}, {len(outcome.refused):,} left as they were{named}")
    if outcome.refused:
        raise typer.Exit(EXIT_FAILED)


def _rescan(home: Home, paths: Sequence[str], *, quiet: bool) -> None:
    """Have the library read the files again: it looks through those of its folders that hold any of them."""
    with only_indexer(home), database_of(home) as database:
        folders = [
            Path(folder.path) for folder in database.folders.all()
            if any(path.startswith(os.path.join(os.path.realpath(folder.path), "")) for path in paths)  # noqa: PTH118
        ]  # fmt: skip
        if not folders:
            return
        if quiet:
            scan_and_match(database, folders, on_event=lambda _event: None, control=Control())
            return
        with display(events=False) as sink:
            scan_and_match(database, folders, on_event=sink, control=Control())


def _list(home: Home, *, as_json: bool) -> None:
    known = edits(home)
    if as_json:
        print_json(
            [
                {
                    "edit": each.number,
                    "at": each.at,
                    "changes": {name.value: list(values) for name, values in each.changes.items()},
                    "files": [file.path for file in each.undoable],
                }
                for each in known
            ]
        )
        return
    for each in known:
        said = ", ".join(f"{name.value}={'; '.join(values)}" for name, values in each.changes.items())
        _print(f"{each.number:4}  {_date(each.at)}  {len(each.undoable):,} of {len(each.files):,} files  {said}")


def _print_changes(found: Sequence[Preview], changing: Sequence[Preview]) -> None:
    table = Table(box=None)
    for column in ("File", "Field", "Before", "After"):
        table.add_column(column)
    for each in changing[:_SHOWN]:
        for name, values in each.changed.items():
            row = (os.path.basename(each.path), name.value, "; ".join(each.before.get(name, ())), "; ".join(values))  # noqa: PTH119
            table.add_row(*map(shown_text, row))
    if changing:
        out.print(table, markup=False)
    if len(changing) > _SHOWN:
        _print(f"… and {len(changing) - _SHOWN:,} more files")
    linked = sum(each.others > 0 for each in changing)
    if linked:
        warn(f"{linked:,} of them have other names (hard links), which will keep the tags that they have now.")
    for each in found:
        if each.refusal is not None:
            print_error(each.refusal)


def _record(each: Preview) -> dict[str, Any]:
    return {
        "path": each.path,
        "before": {name.value: list(values) for name, values in each.before.items()},
        "after": {name.value: list(values) for name, values in each.after.items()},
        "refused": None if each.refusal is None else _told(each.refusal),
    }


def _told(error: SegueError) -> dict[str, str]:
    return {"code": error.code, "message": error.message, "advice": error.advice}


def _date(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def _print(line: str) -> None:
    out.print(line, highlight=False, markup=False, soft_wrap=True)
