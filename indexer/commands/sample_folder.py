"""Writes the tracks of a sample into a folder of its own, all of them or nothing: as links, copies or a playlist."""

from __future__ import annotations

import csv
import errno
import io
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from enum import StrEnum
from itertools import count
from pathlib import Path

from indexer.commands.tables import printable_path
from indexer.core.errors import SegueError
from indexer.core.files import disk
from indexer.core.playlists import m3u
from indexer.core.playlists.entries import Entry
from indexer.core.text import path_identity
from indexer.core.tracks import Track

TABLE = "tracks.csv"
PLAYLIST = "tracks.m3u8"
CLIP = "clip"
COLUMNS = (
    *("path", "artist", "album", "title", "genre", "genres", "year", "track_number", "disc_number"),
    *("seconds", "start", "end", "album_artist", "licence", "id"),
)
"""Of the table, with the name in the folder before them where there is one: what `evaluate --labels` calls a clip."""

_NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})
_WINDOWS_NO_LINKS = 1314
"""`ERROR_PRIVILEGE_NOT_HELD`: links are for administrators there."""


class SampleFolderUnusable(SegueError):
    """The folder for a sample holds something already, or is none."""


class Form(StrEnum):
    """How a sample is written."""

    LINKS = "links"  # where the drive has them, else copies
    COPIES = "copies"
    LIST = "list"  # no files, a playlist of those of the library


def require_empty(folder: Path) -> None:
    """Return where a sample may be written: at nothing, or in an empty folder.

    Raises:
        SampleFolderUnusable: something is there.
        OSError: it may not be looked into.
    """
    with suppress(FileNotFoundError):
        if not folder.is_dir():
            if folder.exists() or folder.is_symlink():
                raise SampleFolderUnusable("sample-no-folder", folder=folder)
            return
        if any(folder.iterdir()):
            raise SampleFolderUnusable("sample-folder-used", folder=folder)


def missing_among(tracks: Sequence[Track]) -> list[Track]:
    """Those whose files are not there."""
    return [track for track in tracks if not disk.is_file(Path(track.path))]


def write_sample(tracks: Sequence[Track], folder: Path, form: Form) -> Form:
    """Write tracks and a table of them to a folder that is empty or not there.

    Files lie as they do in the library folder that they are of, in a folder for each where they are of several; names
    that a drive holds for one get a number. The table comes last: where it is, the sample is whole.

    Args:
        tracks: of the library, whose files are there.
        folder: where to.
        form: links that the drive does not have become copies.

    Returns:
        The form that they have there.

    Raises:
        SampleFolderUnusable: something is in the folder.
        OSError: the disk is full, or may not be written; all that was written is taken away again.
    """
    require_empty(folder)
    with ExitStack() as undo:
        if not folder.exists():
            folder.mkdir(parents=True)
            undo.callback(lambda: shutil.rmtree(folder, ignore_errors=True))
        else:
            undo.callback(_clear, folder)
        names: list[str] | None = None
        if form is Form.LIST:
            (folder / PLAYLIST).write_bytes(m3u.made([_entry(track) for track in tracks], folder.absolute()))
        else:
            form, names = _place_all(tracks, folder, form)
        (folder / TABLE).write_bytes(_table(tracks, names))
        undo.pop_all()
    return form


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _place_all(tracks: Sequence[Track], folder: Path, form: Form) -> tuple[Form, list[str]]:
    """Put each file into the folder; returns how, and under which names."""
    tops = _tops([track.root for track in tracks])
    names: list[str] = []
    for track in tracks:
        wanted = tops[track.root] / _below(track)
        if form is Form.LINKS:
            try:
                names.append(_placed(wanted, folder, Path(track.path), _link))
                continue
            except OSError as error:
                if error.errno not in _NO_LINKS and getattr(error, "winerror", None) != _WINDOWS_NO_LINKS:
                    raise
                form = Form.COPIES
        names.append(_placed(wanted, folder, Path(track.path), _copy))
    return form, names


def _placed(wanted: Path, folder: Path, path: Path, put: Callable[[Path, Path], None]) -> str:
    """The name below `folder` at which `put` found nothing yet, and put the file."""
    (folder / wanted).parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        name = wanted if number == 1 else wanted.with_stem(f"{wanted.stem} ({number})")
        try:
            put(path, folder / name)
        except FileExistsError:
            continue
        return name.as_posix()
    raise AssertionError("numbers do not end")


def _link(path: Path, target: Path) -> None:
    target.symlink_to(path)


def _copy(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    with suppress(OSError):  # times are a help to who looks, and no more
        shutil.copystat(path, target)


def _tops(roots: Sequence[str]) -> dict[str, Path]:
    """The folder that the tracks of each library folder go to."""
    unique = list(dict.fromkeys(roots))
    if len(unique) == 1:
        return {unique[0]: Path()}
    taken: set[str] = set()
    tops: dict[str, Path] = {}
    for root in unique:
        base = Path(root).name or "root"
        names = (base if number == 1 else f"{base} ({number})" for number in count(1))
        tops[root] = Path(next(name for name in names if path_identity(name) not in taken))
        taken.add(path_identity(tops[root].name))
    return tops


def _below(track: Track) -> Path:
    path = Path(track.path)
    return path.relative_to(track.root) if path.is_relative_to(track.root) else Path(path.name)


def _entry(track: Track) -> Entry:
    start = track.start if track.stretch.is_part else None
    return Entry((track.path,), track.title, track.artist, track.album, track.seconds, start=start, end=track.end)


def _table(tracks: Sequence[Track], names: Sequence[str] | None) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS if names is None else (CLIP, *COLUMNS))
    for place, track in enumerate(tracks):
        row = [_cell(getattr(track, column)) for column in COLUMNS]
        writer.writerow(row if names is None else [printable_path(names[place]), *row])
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return "; ".join(map(str, value))
        case float():
            return f"{value:.3f}"
        case _:
            return printable_path(str(value))
