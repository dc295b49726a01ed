"""Commands that ask the library: similar, explain, neighbours, export, reference, status, problems."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.table import Table

from indexer.commands.common import (
    JsonOption,
    ProfileOption,
    database_of,
    home_of,
    print_json,
    profile_named,
    reported,
    warn,
)
from indexer.commands.console import out
from indexer.commands.tables import printable_path, write_features, write_neighbours
from indexer.core.discover.ask import Answer, Comparison, compare, open_model, provisional_note, similar
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model import ModelError, current_model_folder, read_manifest
from indexer.core.model.profiles import Profile, all_profiles
from indexer.core.model.space.shipped import write_reference
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import Problem, TrackState

NeighbourCount = Annotated[int, typer.Option("--k", min=1, help="How many neighbours.")]
AllVersions = Annotated[
    bool, typer.Option("--all-versions", help="Show live, remastered and other versions of one recording, too.")
]


class NothingAnalysed(SegueError):
    """The library has no features of the profile."""


def similar_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FILE_OR_ID", help="A music file, or the id of a track.")],
    k: NeighbourCount = 10,
    profile: ProfileOption = "sonic",
    all_versions: AllVersions = False,
    as_in_player: Annotated[
        bool, typer.Option("--as-in-player", help="Leave out what the player's panel leaves out with its settings.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what sounds like a track."""
    home, chosen = home_of(context), profile_named(profile)
    settings = Settings.load(home) if as_in_player else None
    with reported(), database_of(home) as database:
        model = open_model(database, home, chosen)
        analyse = partial(_analysed, chosen)
        answer = similar(database, model, name, k, analyse=analyse, all_versions=all_versions, settings=settings)
        note = provisional_note(database, model)
    if as_json:
        print_json({**_answer_record(answer, name), "provisional": note is not None})
    else:
        _print_answer(answer, name)
    if note is not None:
        warn(note.message)


def explain_command(
    context: typer.Context,
    one: Annotated[str, typer.Argument(metavar="A", help="A music file of the library, or the id of a track.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    profile: ProfileOption = "sonic",
    as_json: JsonOption = False,
) -> None:
    """Show why two tracks are near or far: what brings them together, what keeps them apart."""
    home, chosen = home_of(context), profile_named(profile)
    with reported(), database_of(home) as database:
        model = open_model(database, home, chosen)
        compared = compare(database, model, chosen, one, other)
        note = provisional_note(database, model)
    if as_json:
        print_json({**_compared_record(compared), "provisional": note is not None})
    else:
        _print_compared(compared)
    if note is not None:
        warn(note.message)


def neighbours_command(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", help="The CSV file to write.")],
    k: NeighbourCount = 10,
    profile: ProfileOption = "sonic",
    all_versions: AllVersions = False,
) -> None:
    """Write the nearest tracks of every analysed track as CSV: query_path,rank,neighbour_path,distance."""
    home, chosen = home_of(context), profile_named(profile)
    with reported(), database_of(home) as database:
        model = open_model(database, home, chosen)
        rows = write_neighbours(database, model, k, output, all_versions=all_versions)
        note = provisional_note(database, model)
    out.print(f"{rows:,} rows in {output}", highlight=False, markup=False)
    if note is not None:
        warn(note.message)


def export_command(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="FILE.csv|FILE.parquet")],
    profile: ProfileOption = "sonic",
) -> None:
    """Write every analysed track's features: a row a track, a named column a feature."""
    home, chosen = home_of(context), profile_named(profile)
    with reported(), database_of(home) as database:
        rows = write_features(database, chosen, output)
    out.print(f"{rows:,} tracks in {output}", highlight=False, markup=False)


def reference_command(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="FILE.npz", help="The file to write.")],
    tracks: Annotated[int, typer.Option("--tracks", min=2, help="How many tracks, at most.")] = 300,
    profile: ProfileOption = "sonic",
) -> None:
    """Write features of this library, nameless and rounded, in the form in which they come with the app."""
    home, chosen = home_of(context), profile_named(profile)
    with reported(), database_of(home) as database:
        analysed = database.analysed(chosen.key)
        kept = (record.values for record in database.features.iterate(chosen.key) if record.track in analysed)
        found = list(islice(filter(chosen.audible, kept), tracks))
        if not found:
            raise NothingAnalysed("profile-not-analysed", name=chosen.name)
        write_reference(output, chosen, np.stack(found))
    out.print(f"{len(found):,} tracks in {output}", highlight=False, markup=False)


def status_command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show what the library holds and which models there are."""
    home = home_of(context)
    with reported(), database_of(home) as database:
        status = _status(database, home)
    if as_json:
        print_json(status)
        return
    table = Table(show_header=False, box=None)
    for name, value in _flat(status):
        table.add_row(name, value)
    out.print(table)


def problems_command(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the files that could not be taken in or analysed, each with its reason and what to do."""
    with reported(), database_of(home_of(context)) as database:
        problems = sorted(database.problems.all(), key=lambda problem: problem.path)
    if as_json:
        print_json([_printable(problem) for problem in problems])
        return
    for problem in problems:
        out.print(
            f"{printable_path(problem.path)}\n    {problem.message} {problem.advice}", highlight=False, markup=False
        )
    out.print(f"{len(problems):,} problems", highlight=False)


def _printable(problem: Problem) -> dict[str, Any]:
    """A problem for other programs: its code and values, and the sentences for whoever only shows them."""
    sentences = {"message": problem.message, "advice": problem.advice}
    return {**asdict(problem), "path": printable_path(problem.path), **sentences}


def _status(database: Database, home: Home) -> dict[str, Any]:
    profiles = all_profiles()
    return {
        "folders": [{"path": printable_path(folder.path), "away": folder.away} for folder in database.folders.all()],
        "tracks": {state.value: database.tracks.count(state) for state in TrackState},
        "analysed": {profile.name: database.analysed_number(profile.key) for profile in profiles},
        "problems": database.problems.count(),
        "models": {
            profile.name: model for profile in profiles if (model := _model_status(home, profile.name)) is not None
        },
    }


def _model_status(home: Home, profile: str) -> dict[str, Any] | None:
    try:
        manifest = read_manifest(current_model_folder(home, profile))
    except ModelError:
        return None
    return {"id": manifest.id, "tracks": manifest.tracks, "recall": manifest.recall, "built_at": manifest.built_at}


def _flat(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [row for name, inner in value.items() for row in _flat(inner, f"{prefix}{name} ")]
    if isinstance(value, list):
        return [row for inner in value for row in _flat(inner, prefix)]
    return [(prefix.strip(), f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value))]


def _analysed(profile: Profile, path: Path) -> NDArray[np.float32]:
    # Imported here: a track of the library is answered without librosa, which takes seconds to load.
    from indexer.core.audio.decode import decode  # noqa: PLC0415
    from indexer.features.analyse import analyse  # noqa: PLC0415

    return analyse(decode(path).samples, [profile])[profile.key]


def _answer_record(answer: Answer, name: str) -> dict[str, Any]:
    return {
        "query": printable_path(answer.track.path) if answer.track else name,
        "track": answer.track.id if answer.track else None,
        "neighbours": [
            {
                "rank": rank,
                "track": track.id,
                "path": printable_path(track.path),
                "artist": track.artist,
                "title": track.title,
                "distance": round(found.distance, 6),
                "closeness": round(found.closeness, 4),
                "euclidean": None if found.euclidean is None else round(found.euclidean, 6),
            }
            for rank, (track, found) in enumerate(answer.neighbours, start=1)
        ],
    }


def _print_answer(answer: Answer, name: str) -> None:
    seed = f"{answer.track.artist} – {answer.track.title}" if answer.track else name
    table = Table(title=f"Sounds like {seed}", title_justify="left", box=None)
    table.add_column("")
    for column in ("Artist", "Title", "Album"):
        table.add_column(column)
    table.add_column("Closer than", justify="right")
    table.add_column("Distance", justify="right")
    for rank, (track, found) in enumerate(answer.neighbours, start=1):
        share = f"{found.closeness:.1%}"
        table.add_row(str(rank), track.artist, track.title, track.album, share, f"{found.distance:.3f}")
    out.print(table, markup=False)


def _compared_record(compared: Comparison) -> dict[str, Any]:
    found = compared.explanation
    return {
        "tracks": [
            {"track": track.id, "path": printable_path(track.path), **asdict(sound)}
            for track, sound in ((compared.one, found.one), (compared.other, found.other))
        ],
        "closeness": round(found.closeness, 4),
        "distance": round(found.distance, 6),
        "euclidean": round(found.euclidean, 6),
        "blocks": [
            {"block": block.name, "share": round(block.share, 4), "likeness": round(block.likeness, 4)}
            for block in found.blocks
        ],
    }


def _print_compared(compared: Comparison) -> None:
    found = compared.explanation
    tracks = Table(box=None)
    for column in ("Artist", "Title", "Tempo", "Key", "Loudness"):
        tracks.add_column(column, justify="right" if column in {"Tempo", "Loudness"} else "left")
    for track, sound in ((compared.one, found.one), (compared.other, found.other)):
        tempo = "" if sound.tempo is None else f"{sound.tempo:.0f} BPM"
        loudness = "" if sound.loudness is None else f"{sound.loudness:.1f} dB"
        tracks.add_row(track.artist, track.title, tempo, sound.key or "", loudness)
    out.print(tracks, markup=False)
    out.print(
        f"Closer than {found.closeness:.1%} of random pairs, at a distance of {found.distance:.3f}.", highlight=False
    )
    _print_blocks("Brings them together", [(block.name, block.share, block.likeness) for block in found.together])
    _print_blocks("Keeps them apart", [(block.name, block.share, block.likeness) for block in found.apart])


def _print_blocks(title: str, blocks: list[tuple[str, float, float]]) -> None:
    if not blocks:
        return
    table = Table(title=title, title_justify="left", box=None)
    table.add_column("Block")
    table.add_column("Share", justify="right")
    table.add_column("Alike", justify="right")
    for name, share, likeness in blocks:
        table.add_row(name, f"{abs(share):.0%}", f"{likeness:+.2f}")
    out.print(table, markup=False)
