"""The command that draws a stratified sample of the library, or of labelled clips, into a folder."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from indexer.commands.common import JsonOption, database_of, home_of, print_json, reported, warn
from indexer.commands.console import out
from indexer.commands.sample_folder import PLAYLIST, TABLE, Form, missing_among, require_empty, write_sample
from indexer.commands.tables import printable_path
from indexer.core.text import shown_name
from indexer.core.tracks import Track, TrackId, TrackState
from indexer.evaluation.labels import default_clips_folder, read_labels
from indexer.evaluation.sampling import By, Sample, SampleRefused, draw

_SHOWN = 30
"""Strata in the table at the shell; the others are one line. With `--json` all are told."""

_NAMED = 3
"""Missing files that are named."""

_SEEDS = 1 << 32


def sample_command(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where to; a folder that is empty or not there yet.")
    ],
    size: Annotated[int | None, typer.Option("--size", min=1, help="How many tracks.")] = None,
    fraction: Annotated[
        float | None, typer.Option("--fraction", min=0.0, max=1.0, help="Or which share of all, from 0 to 1.")
    ] = None,
    by: Annotated[By, typer.Option("--by", help="What keeps its share.")] = By.GENRE,
    artists_whole: Annotated[
        bool,
        typer.Option("--artists-whole", help="All tracks of an artist or none; the size is met as nearly as can be."),
    ] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Of the draw; by default another one each time, printed.")
    ] = None,
    as_list: Annotated[
        bool, typer.Option("--list", help=f"Write {PLAYLIST}, a playlist, instead of links to the files.")
    ] = False,
    copies: Annotated[bool, typer.Option("--copies", help="Copy the files instead of linking to them.")] = False,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="Draw from this CSV of clip, artist, album, genre, not the library.")
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option("--clips", help="Folder of the clips; default: clips beside the CSV, else its own folder."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Draw a sample in which every genre has its share and at least one track; write links, and a table beside them."""
    if (size is None) == (fraction is None):
        raise typer.BadParameter("Say how many with either --size or --fraction.")
    if as_list and copies:
        raise typer.BadParameter("Choose either --list or --copies.")
    form = Form.LIST if as_list else Form.COPIES if copies else Form.LINKS
    chosen_seed = secrets.randbelow(_SEEDS) if seed is None else seed
    with reported():
        require_empty(folder)
        tracks = _of_library(context) if labels is None else _of_labels(labels, clips or default_clips_folder(labels))
        whole = [track for track in tracks if form is Form.LIST or not track.stretch.is_part]
        wanted = max(1, round(len(whole) * fraction)) if size is None and fraction is not None else size or 1
        sample, missing = _draw(whole, wanted, by, chosen_seed, artists_whole=artists_whole)
        written = write_sample(sample.tracks, folder, form)
    parts = len(tracks) - len(whole)
    if as_json:
        print_json(_record(sample, by, written, missing, parts))
    else:
        _print(sample, by, folder, written)
    _warn(sample, by, form, written, missing, parts)


def _of_library(context: typer.Context) -> list[Track]:
    with database_of(home_of(context)) as database:
        return list(database.tracks.all(states=(TrackState.PRESENT,)))


def _of_labels(labels: Path, clips: Path) -> list[Track]:
    """Labelled clips as if they were a library; their names stand for the hashes of their sound."""
    root = str(clips.absolute())
    return [
        Track(
            TrackId(clip.name),
            str(clip.path.absolute()),
            root,
            title=clip.title,
            artist=clip.artist,
            album=clip.album,
            genre=clip.genre,
            genres=(clip.genre,) if clip.genre else (),
        )
        for clip in read_labels(labels, clips)
    ]


def _draw(tracks: Sequence[Track], size: int, by: By, seed: int, *, artists_whole: bool) -> tuple[Sample, list[Track]]:
    """A sample whose files are all there, and all the tracks whose files are not, where one of them was drawn first."""
    sample = draw(tracks, size, by, seed, artists_whole=artists_whole)
    if not missing_among(sample.tracks):
        return sample, []
    missing = missing_among(tracks)
    gone = {track.id for track in missing}
    there = [track for track in tracks if track.id not in gone]
    if size > len(there):
        raise SampleRefused("sample-files-missing", size=size, number=len(tracks), missing=len(missing))
    return draw(there, size, by, seed, artists_whole=artists_whole), missing


def _record(sample: Sample, by: By, written: Form, missing: Sequence[Track], parts: int) -> dict[str, Any]:
    return {
        "seed": sample.seed,
        "by": by.value,
        "asked": sample.asked,
        "drawn": len(sample.tracks),
        "total": sample.total,
        "form": written.value,
        "strata": [{"name": each.label, "tracks": each.tracks, "drawn": each.drawn} for each in sample.strata],
        "missing": [printable_path(track.path) for track in missing],
        "parts_left_out": parts,
    }


def _print(sample: Sample, by: By, folder: Path, written: Form) -> None:
    table = Table(box=None)
    table.add_column(by.value.capitalize())
    for column in ("Tracks", "Share", "Drawn", "Share"):
        table.add_column(column, justify="right")
    rows = [(each.label, each.tracks, each.drawn) for each in sample.strata]
    if len(rows) > _SHOWN + 1:
        others = rows[_SHOWN:]
        name = f"({len(others):,} others)"
        rows = [*rows[:_SHOWN], (name, sum(row[1] for row in others), sum(row[2] for row in others))]
    rows.append(("All", sample.total, len(sample.tracks)))
    for label, tracks, drawn in rows:
        shares = f"{tracks / sample.total:.1%}", f"{drawn / max(1, len(sample.tracks)):.1%}"
        table.add_row(label, f"{tracks:,}", shares[0], f"{drawn:,}", shares[1])
    out.print(table, markup=False)
    files = PLAYLIST if written is Form.LIST else written.value
    out.print(
        f"{len(sample.tracks):,} tracks in {folder}: {files} and {TABLE}. Seed {sample.seed}.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _warn(sample: Sample, by: By, form: Form, written: Form, missing: Sequence[Track], parts: int) -> None:
    """What a person might not expect of what was drawn."""
    if sample.absent:
        few = f"{sample.asked:,} tracks are fewer than there are strata by {by.value}: those with the least share"
        warn(f"{few}, {sample.absent:,} of {len(sample.strata):,}, have none.")
    if len(sample.tracks) != sample.asked:
        warn(f"{sample.asked:,} were asked for; artists are whole, so there are {len(sample.tracks):,}.")
    if written is not form:
        warn("This drive has no links, so the files were copied.")
    if missing:
        named = ", ".join(shown_name(track.path) for track in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        warn(f"Not where the library has them, and left out: {named}{more}. Scan their folders again.")
    if parts:
        warn(f"{parts:,} tracks are parts of a file, which a link cannot be: left out. With --list they are drawn.")
