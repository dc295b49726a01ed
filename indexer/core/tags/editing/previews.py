"""What an edit of tags would do to each file, and which files are left alone."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from indexer.core.audio.errors import AudioError
from indexer.core.audio.walk import list_audio
from indexer.core.errors import SegueError
from indexer.core.files import disk
from indexer.core.files.kinds import is_sheet_name
from indexer.core.tags.cue.finding import sheets_about
from indexer.core.tags.cue.sheet import Sheet
from indexer.core.tags.editing.fields import Field, TagsRefused, Values, checked
from indexer.core.tags.editing.replacing import refusal_of
from indexer.core.tags.editing.verifying import said_by
from indexer.core.text import shown_name


@dataclass(frozen=True)
class Preview:
    """What an edit would do to one file.

    Attributes:
        path: the file; where a link was named, what it points to.
        before: what its tags say.
        after: what they would say.
        stamp: its size and time of change when it was looked at.
        refusal: why it would be left as it is.
        others: so many other names of the same file, hard links, would keep the tags that it has.
    """

    path: str
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    stamp: tuple[int, int] = (0, 0)
    refusal: SegueError | None = None
    others: int = 0

    @property
    def changed(self) -> dict[Field, tuple[str, ...]]:
        """The fields that would say something else, with what they would say."""
        return {
            name: self.after.get(name, ()) for name in Field if self.after.get(name, ()) != self.before.get(name, ())
        }


def preview(paths: Sequence[str], changes: Mapping[Field, Sequence[str]]) -> list[Preview]:
    """What an edit would do, each file once; nothing is written.

    Raises:
        TagsRefused: a field may not have such a value.
    """
    wanted = checked(changes)
    real = dict.fromkeys(os.path.realpath(path) for path in paths)
    albums = _Albums()
    return [_previewed(path, wanted, albums) for path in real]


def with_changes(previews: Sequence[Preview], changes: Mapping[Field, Sequence[str]]) -> list[Preview]:
    """The same files as they were looked at, with other changes; no file is looked at again.

    Raises:
        TagsRefused: a field may not have such a value.
    """
    wanted = checked(changes)
    return [each if each.refusal else replace(each, after=_after(each.before, wanted)) for each in previews]


def _previewed(path: str, wanted: Values, albums: _Albums) -> Preview:
    try:
        info = disk.look(path)
        said = disk.ask(path, partial(said_by, Path(path), wanted), wait=disk.READ_SECONDS)
        if albums.has(path) or (isinstance(said.tags.sheet, Sheet) and _divides(said.tags.sheet)):
            raise TagsRefused("tags-album", name=shown_name(path))
    except OSError as error:
        return Preview(path, refusal=refusal_of(path, error))
    except AudioError as error:
        return Preview(path, refusal=TagsRefused(error.code, **error.values))
    except TagsRefused as error:
        return Preview(path, refusal=error)
    return Preview(
        path, said.values, _after(said.values, wanted), (info.st_size, info.st_mtime_ns), others=info.st_nlink - 1
    )


def _after(before: Values, wanted: Values) -> Values:
    return {name: values for name, values in {**before, **wanted}.items() if values}


def _divides(sheet: Sheet) -> bool:
    return any(len(file.tracks) > 1 for file in sheet.files)


class _Albums:
    """Which files are albums that a cue sheet beside or above them divides; each folder is looked at once."""

    def __init__(self) -> None:
        self._found: dict[str, set[str]] = {}

    def has(self, path: str) -> bool:
        folder = os.path.dirname(path)  # noqa: PTH120 - any bytes
        return any(path in self._divided_in(one) for one in {folder, os.path.dirname(folder)})  # noqa: PTH120

    def _divided_in(self, folder: str) -> set[str]:
        if folder not in self._found:
            self._found[folder] = disk.ask(folder, partial(_divided_below, folder), wait=disk.READ_SECONDS)
        return self._found[folder]


def _divided_below(folder: str) -> set[str]:
    with os.scandir(folder) as entries:
        if not any(is_sheet_name(entry.name) for entry in entries):
            return set()
    about = sheets_about(list_audio(folder)).by_file
    return {path for path, named in about.items() if any(len(each.file.tracks) > 1 for each in named)}
