"""Reads all that a file says, and tells whether an edited one says what it should and nothing else differently."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from indexer.core.audio.errors import AudioError
from indexer.core.tags.editing.fields import Field, TagsRefused, Values
from indexer.core.tags.editing.parts import KindUnknown, TakenApart
from indexer.core.tags.fields import Fields, merged
from indexer.core.tags.limits import LimitedFile, within_limits
from indexer.core.tags.sources import find_tags
from indexer.core.tags.tags import Tags, read_tags
from indexer.core.tags.values import parse_position, parse_year, tidy_genres
from indexer.core.text import clean, shown_name

_Value = TypeVar("_Value")

_OF_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "title": (Field.TITLE,),
    "artist": (Field.ARTIST,),
    "artists": (Field.ARTIST,),
    "album": (Field.ALBUM,),
    "album_artist": (Field.ALBUM_ARTIST,),
    "album_artists": (Field.ALBUM_ARTIST,),
    "genre": (Field.GENRE,),
    "date": (Field.DATE,),
    "track": (Field.TRACK, Field.TRACKS),
    "disc": (Field.DISC, Field.DISCS),
    "compilation": (Field.COMPILATION,),
    "comments": (Field.COMMENT,),
}
"""What the reader of tags calls the fields."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the tags of a file say: the fields, all else, and both as the rest of the program reads them."""

    values: Values
    besides: list[object]
    fields: Fields
    tags: Tags


def said_by(path: Path, changes: Values) -> Said:
    """Read all that the tags say; `besides` leaves out what the changes are about.

    Raises:
        TagsRefused: the tags are damaged, or of a kind that is not written.
        AudioError: it is no sound, or cannot be read.
        OSError: the system does not let it be read.
    """
    values, besides, fields = opened(
        path, lambda apart, file: (apart.values(), apart.besides(changes), merged(find_tags(file).sources))
    )
    return Said(values, besides, fields, read_tags(path))


def opened(path: Path, work: Callable[[TakenApart, LimitedFile], _Value]) -> _Value:
    """What comes of a look at a file that was taken apart.

    Raises:
        TagsRefused: its tags are damaged, or of a kind that is not written.
        OSError: the system does not let it be read or written.
    """
    try:
        with LimitedFile(path) as file:
            return within_limits(lambda: work(TakenApart(file), file))
    except (OSError, AudioError, TagsRefused):
        raise
    except KindUnknown as error:
        raise refusal("tags-kind", path) from error
    except Exception as error:  # told to a person, whatever parsers of damaged tags raise
        cause = error.__cause__ or error.__context__
        if isinstance(cause, OSError) and cause.errno not in {None, errno.EINVAL}:
            raise cause from error
        raise refusal("tags-damaged", path) from error


def verify(path: Path, partial: Path, changes: Values, before: Said) -> None:
    """Read back what was written.

    Raises:
        TagsRefused: it does not say what was wanted, or something else than what was wanted has changed.
    """
    after = said_by(partial, changes)
    if not all(_is_said(after.values, name, values) for name, values in changes.items()):
        raise refusal("tags-not-taken", path)
    others = Field.__members__.values() - changes.keys()
    is_kept = all(after.values.get(name, ()) == before.values.get(name, ()) for name in others)
    ungoverned = [
        name for name in {*before.fields, *after.fields}
        if not changes.keys() & set(_OF_FIELDS.get(name, ()))
    ]  # fmt: skip
    is_kept = is_kept and all(before.fields.get(name) == after.fields.get(name) for name in ungoverned)
    if not is_kept or after.besides != before.besides:
        raise refusal("tags-not-kept", path)
    if not _is_read(after, changes):
        raise refusal("tags-not-taken", path)


def _is_said(found: Values, name: Field, wanted: tuple[str, ...]) -> bool:
    there = found.get(name, ())
    if name is Field.DATE and wanted and there:  # ID3v2.3 has no place for a month without a day
        return wanted[0].startswith(there[0])
    return there == wanted


def _is_read(after: Said, changes: Values) -> bool:
    """Whether the reader that the library is made with finds what was wanted; what was taken away it may make up."""
    tags: Any = after.tags
    wanted: dict[str, object] = {}
    for name, values in changes.items():
        wanted |= _wanted(name, values) if values else {}
    if parse_position("".join(after.values.get(Field.TRACK, ()))).is_side:
        wanted.pop("disc_number", None)  # the side of a record tells more
    return all(getattr(tags, name) == value for name, value in wanted.items())


def _wanted(name: Field, values: tuple[str, ...]) -> dict[str, object]:
    """What that reader makes of a field."""
    first, found = values[0], dict[str, object]()
    match name:
        case Field.TITLE | Field.ALBUM:
            found[name.value] = first
        case Field.ARTIST | Field.ALBUM_ARTIST:
            found |= {name.value: clean("; ".join(values))} | ({f"{name.value}s": values} if len(values) > 1 else {})
        case Field.GENRE:
            found["genres"] = tidy_genres(values)
        case Field.DATE:
            found["year"] = parse_year(first)
        case Field.TRACK | Field.DISC:
            found[f"{name.value}_number"] = int(first)
        case Field.COMPILATION:
            found["compilation"] = True
    return found


def refusal(code: str, path: Path | str, **values: object) -> TagsRefused:
    """Why a file is left as it is."""
    return TagsRefused(code, name=shown_name(path), **values)
