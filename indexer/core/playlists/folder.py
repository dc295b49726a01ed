"""Looks in a folder for the files that lines of a playlist mean, by the same rules as in the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.audio.errors import AudioError
from indexer.core.audio.walk import list_audio
from indexer.core.playlists.entries import Entry, Listing
from indexer.core.playlists.matching import Line, matched
from indexer.core.playlists.shelf import Shelf
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.tags.tags import Tags

MOST_READ = 3_000
"""Files of a folder whose tags are all read: so many take some seconds. In a larger one names of files decide first."""


def look_in(
    folder: str, entries: Sequence[Entry], near: Sequence[str], goes_on: Callable[[], bool] = lambda: True
) -> list[Line]:
    """What each of `entries` is among the files below a folder; the ids of what is found are their paths.

    Args:
        folder: where to look, at any depth.
        entries: lines of a playlist file.
        near: folders that relative paths start from.
        goes_on: asked for every folder on the way; False from it ends the search with what was found.
    """
    paths = list(list_audio(folder, on_folder=goes_on).files)
    listing = Listing("", tuple(entries))
    if len(paths) > MOST_READ:
        unread = Shelf(paths, [TrackId(path) for path in paths])
        paths = sorted({line.path for line in matched(listing, near, unread).lines if line.path})
    tags = {path: found for path in paths if goes_on() and (found := _tags_of(path)) is not None}
    return list(matched(listing, near, _shelf(tags)).lines)


def _shelf(files: dict[str, Tags]) -> Shelf:
    tags = list(files.values())
    return Shelf(
        list(files),
        [TrackId(path) for path in files],
        [each.artist for each in tags],
        [each.album_artist for each in tags],
        [each.title for each in tags],
        [each.album for each in tags],
        [float("nan") if each.seconds is None else each.seconds for each in tags],
    )


def _tags_of(path: str) -> Tags | None:
    """None for what is no music, whatever its name says."""
    from indexer.core.tags.tags import read_tags  # noqa: PLC0415 - parsers of all formats, which the player starts without

    try:
        return read_tags(Path(path))
    except AudioError:
        return None
