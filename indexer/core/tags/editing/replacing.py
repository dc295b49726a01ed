"""Has one file say something else: beside it, read back, and renamed over it, so that it is the old or the new one."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from indexer.core.audio.errors import AudioError
from indexer.core.files.atomic import sync_folder
from indexer.core.files.disk import said
from indexer.core.tags.editing.fields import Field, TagsRefused, Values
from indexer.core.tags.editing.parts import KindUnknown, Piece, TakenApart, write_pieces
from indexer.core.tags.editing.recipes import SoundDiffers, Step, digest_of, made_of, recipe
from indexer.core.tags.fields import Fields, merged
from indexer.core.tags.limits import LimitedFile, within_limits
from indexer.core.tags.reading import identify
from indexer.core.tags.sources import find_tags
from indexer.core.tags.tags import Tags, read_tags
from indexer.core.tags.values import parse_position, parse_year, tidy_genres
from indexer.core.text import clean, shown_name
from indexer.core.tracks import TrackId

_Value = TypeVar("_Value")

_RESERVE = 1 << 20
"""Bytes of a drive that an edit leaves free."""

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
class Written:
    """A file that is ready to take the place of the one before.

    Attributes:
        before, after: hashes of the whole files.
        back: how to make the file before of the new one.
        mtime_ns: when the file before was changed.
        track: what both sound like.
    """

    before: str
    after: str
    back: list[Step]
    mtime_ns: int
    track: TrackId


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
        TagsRefused: the tags are damaged, of a kind that is not written, or those of an album in one file.
        OSError: it cannot be read.
    """
    return _opened(path, lambda apart, file: _said(path, apart, file, changes))


def rewrite(path: Path, partial: Path, changes: Values, stamp: tuple[int, int], ready: Callable[[Written], None]) -> None:
    """Put a file with other tags in the place of `path`; its owner, rights and attributes stay.

    Args:
        path: no link.
        partial: where it is written, in the same folder; nothing is there afterwards.
        changes: what it is to say.
        stamp: size and time of change that it must have.
        ready: is told before the file takes its place.

    Raises:
        TagsRefused: it is left as it was.
    """
    with _refusing(path, partial):
        info = _looked_at(path, stamp)
        before = said_by(path, changes)
        pieces = _opened(path, lambda apart, _: apart.pieces(changes))
        _want_space(path, pieces)
        with path.open("rb") as source, partial.open("x+b") as target:
            write_pieces(source, target, pieces)
        _opened(path, lambda apart, _: apart.finish(str(partial), changes))
        _verify(path, partial, changes, before)
        try:
            written = Written(digest_of(path), digest_of(partial), recipe(path, partial), info.st_mtime_ns, identify(path))
        except SoundDiffers as error:
            raise _refusal("tags-sound", path) from error
        _keep_attributes(path, partial, info)
        _take_place(path, partial, info, lambda: ready(written))


def put_back(path: Path, partial: Path, written: Written) -> None:
    """Have the file before an edit again, to the last byte; one that is it already stays.

    Raises:
        TagsRefused: the file is neither the one before nor the one that the edit made; it is left as it is.
    """
    with _refusing(path, partial):
        info = path.stat()
        found = digest_of(path)
        if found == written.before:
            return
        if found != written.after:
            raise _refusal("tags-changed-since", path)
        _looked_at(path, (info.st_size, info.st_mtime_ns))
        _want_space(path, [(0, info.st_size)])
        with path.open("rb") as source, partial.open("x+b") as target:
            for part in made_of(source, written.back):
                target.write(part)
        if digest_of(partial) != written.before:
            raise _refusal("tags-changed-since", path)
        _keep_attributes(path, partial, info)
        os.utime(partial, ns=(info.st_atime_ns, written.mtime_ns))
        _take_place(path, partial, info, lambda: None)


def refusal_of(path: Path | str, error: OSError) -> TagsRefused:
    """What an error of the system means for an edit of a file."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return _refusal("file-vanished", path)
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return _refusal("tags-no-space", path)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return _refusal("tags-unwritable", path, reason=said(error))
    return _refusal("tags-drive", path, reason=said(error))


class _refusing:  # noqa: N801 - used as a function
    """Turns what the system refuses into a refusal, and leaves nothing beside the file whatever happens."""

    def __init__(self, path: Path, partial: Path) -> None:
        self._path, self._partial = path, partial

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None:
            with suppress(OSError):
                self._partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise refusal_of(self._path, error) from error
        if isinstance(error, AudioError):
            raise TagsRefused(error.code, **error.values) from error


def _opened(path: Path, work: Callable[[TakenApart, LimitedFile], _Value]) -> _Value:
    try:
        with LimitedFile(path) as file:
            return within_limits(lambda: work(TakenApart(file), file))
    except (OSError, AudioError, TagsRefused):
        raise
    except KindUnknown as error:
        raise _refusal("tags-kind", path) from error
    except Exception as error:  # told to a person, whatever parsers of damaged tags raise
        cause = error.__cause__ or error.__context__
        if isinstance(cause, OSError) and cause.errno not in {None, errno.EINVAL}:
            raise cause from error
        raise _refusal("tags-damaged", path) from error


def _said(path: Path, apart: TakenApart, file: LimitedFile, changes: Values) -> Said:
    found = find_tags(file)
    return Said(apart.values(), apart.besides(changes), merged(found.sources), read_tags(path))


def _looked_at(path: Path, stamp: tuple[int, int]) -> os.stat_result:
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise _refusal("tags-kind", path)
    if (info.st_size, info.st_mtime_ns) != stamp:
        raise _refusal("tags-changed", path)
    if not info.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise _refusal("tags-read-only", path)
    return info


def _want_space(path: Path, pieces: list[Piece]) -> None:
    size = sum(len(piece) if isinstance(piece, bytes) else piece[1] for piece in pieces)
    if shutil.disk_usage(path.parent).free < size + _RESERVE:
        raise _refusal("tags-no-space", path)


def _verify(path: Path, partial: Path, changes: Values, before: Said) -> None:
    """Read back what was written.

    Raises:
        TagsRefused: it does not say what was wanted, or something else than what was wanted has changed.
    """
    after = said_by(partial, changes)
    if not all(_is_said(after.values, name, values) for name, values in changes.items()):
        raise _refusal("tags-not-taken", path)
    others = Field.__members__.values() - changes.keys()
    is_kept = all(after.values.get(name, ()) == before.values.get(name, ()) for name in others)
    ungoverned = [
        name for name in {*before.fields, *after.fields}
        if not changes.keys() & set(_OF_FIELDS.get(name, ()))
    ]  # fmt: skip
    is_kept = is_kept and all(before.fields.get(name) == after.fields.get(name) for name in ungoverned)
    if not is_kept or after.besides != before.besides:
        raise _refusal("tags-not-kept", path)
    if not _is_read(after, changes):
        raise _refusal("tags-not-taken", path)


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
        match name, values:
            case (Field.COMPILATION, _):
                wanted["compilation"] = bool(values)
            case (_, ()):
                continue
            case (Field.TITLE | Field.ALBUM, _):
                wanted[name.value] = values[0]
            case (Field.ARTIST | Field.ALBUM_ARTIST, _):
                wanted[name.value] = clean("; ".join(values))
                if len(values) > 1:
                    wanted[f"{name.value}s"] = values
            case (Field.GENRE, _):
                wanted["genres"] = tidy_genres(values)
            case (Field.DATE, _):
                wanted["year"] = parse_year(values[0])
            case (Field.TRACK, _):
                wanted["track_number"] = int(values[0])
            case (Field.DISC, _) if not parse_position("".join(after.values.get(Field.TRACK, ()))).is_side:
                wanted["disc_number"] = int(values[0])
            case _:
                continue
    return all(getattr(tags, name) == value for name, value in wanted.items())


def _keep_attributes(path: Path, partial: Path, info: os.stat_result) -> None:
    """Owner, rights, and what file systems keep beside a file; the time is now, so that it is read again."""
    made = partial.stat()
    if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (info.st_uid, info.st_gid):
        try:
            os.chown(partial, info.st_uid, info.st_gid)
        except OSError as error:
            raise _refusal("tags-owner", path) from error
    shutil.copystat(path, partial)
    now = time.time_ns()
    os.utime(partial, ns=(info.st_atime_ns, now if now != info.st_mtime_ns else now + 1_000_000_000))


def _take_place(path: Path, partial: Path, info: os.stat_result, ready: Callable[[], None]) -> None:
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    ready()
    now = path.stat()
    if (now.st_ino, now.st_size, now.st_mtime_ns) != (info.st_ino, info.st_size, info.st_mtime_ns):
        raise _refusal("tags-changed", path)
    partial.replace(path)
    sync_folder(path.parent)


def _refusal(code: str, path: Path | str, **values: object) -> TagsRefused:
    return TagsRefused(code, name=shown_name(path), **values)
