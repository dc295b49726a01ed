"""The command that writes the reference features which come with the app."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from indexer.commands.common import ProfileOption, database_of, home_of, profile_named, reported
from indexer.commands.console import out
from indexer.core.errors import SegueError
from indexer.core.model.space.shipped import write_reference


class NothingAnalysed(SegueError):
    """The library has no features of the profile."""


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
