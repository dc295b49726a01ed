"""Has one file say something else: beside it, read back, and renamed over it, so that it is the old or the new one."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.core.audio.errors import AudioError
from indexer.core.files.atomic import sync_folder
from indexer.core.files.disk import said
from indexer.core.tags.editing.fields import TagsRefused, Values
from indexer.core.tags.editing.parts import Piece, write_pieces
from indexer.core.tags.editing.recipes import SoundDiffers, Step, digest_of, made_of, recipe
from indexer.core.tags.editing.verifying import opened, refusal, said_by, verify
from indexer.core.tags.reading import identify
from indexer.core.tracks import TrackId

_RESERVE = 1 << 20
"""Bytes of a drive that an edit leaves free."""


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


def rewrite(
    path: Path, partial: Path, changes: Values, stamp: tuple[int, int], ready: Callable[[Written], None]
) -> None:
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
    with _Refusing(path, partial):
        info = _looked_at(path, stamp)
        before = said_by(path, changes)
        pieces = opened(path, lambda apart, _: apart.pieces(changes))
        _want_space(path, pieces)
        with path.open("rb") as source, partial.open("x+b") as target:
            write_pieces(source, target, pieces)
        opened(path, lambda apart, _: apart.finish(str(partial), changes))
        verify(path, partial, changes, before)
        try:
            back, digests = recipe(path, partial), (digest_of(path), digest_of(partial))
        except SoundDiffers as error:
            raise refusal("tags-sound", path) from error
        written = Written(*digests, back, info.st_mtime_ns, identify(path))
        _keep_attributes(path, partial, info)
        _take_place(path, partial, info, lambda: ready(written))


def put_back(path: Path, partial: Path, written: Written) -> None:
    """Have the file before an edit again, to the last byte; one that is it already stays.

    Raises:
        TagsRefused: the file is neither the one before nor the one that the edit made; it is left as it is.
    """
    with _Refusing(path, partial):
        info = path.stat()
        found = digest_of(path)
        if found == written.before:
            return
        if found != written.after:
            raise refusal("tags-changed-since", path)
        _looked_at(path, (info.st_size, info.st_mtime_ns))
        _want_space(path, [(0, info.st_size)])
        with path.open("rb") as source, partial.open("x+b") as target:
            for part in made_of(source, written.back):
                target.write(part)
        if digest_of(partial) != written.before:
            raise refusal("tags-changed-since", path)
        _keep_attributes(path, partial, info)
        os.utime(partial, ns=(info.st_atime_ns, written.mtime_ns))
        _take_place(path, partial, info, lambda: None)


def refusal_of(path: Path | str, error: OSError) -> TagsRefused:
    """What an error of the system means for an edit of a file."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return refusal("file-vanished", path)
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return refusal("tags-no-space", path)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return refusal("tags-unwritable", path, reason=said(error))
    return refusal("tags-drive", path, reason=said(error))


class _Refusing:
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


def _looked_at(path: Path, stamp: tuple[int, int]) -> os.stat_result:
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise refusal("tags-kind", path)
    if (info.st_size, info.st_mtime_ns) != stamp:
        raise refusal("tags-changed", path)
    if not info.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise refusal("tags-read-only", path)
    return info


def _want_space(path: Path, pieces: list[Piece]) -> None:
    size = sum(len(piece) if isinstance(piece, bytes) else piece[1] for piece in pieces)
    if shutil.disk_usage(path.parent).free < size + _RESERVE:
        raise refusal("tags-no-space", path)


def _keep_attributes(path: Path, partial: Path, info: os.stat_result) -> None:
    """Owner, rights, and what file systems keep beside a file; the time is now, so that it is read again."""
    made = partial.stat()
    if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (info.st_uid, info.st_gid):
        try:
            os.chown(partial, info.st_uid, info.st_gid)
        except OSError as error:
            raise refusal("tags-owner", path) from error
    shutil.copystat(path, partial)
    now = time.time_ns()
    os.utime(partial, ns=(info.st_atime_ns, now if now != info.st_mtime_ns else now + 1_000_000_000))


def _take_place(path: Path, partial: Path, info: os.stat_result, ready: Callable[[], None]) -> None:
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    ready()
    now = path.stat()
    if (now.st_ino, now.st_size, now.st_mtime_ns) != (info.st_ino, info.st_size, info.st_mtime_ns):
        raise refusal("tags-changed", path)
    partial.replace(path)
    sync_folder(path.parent)
