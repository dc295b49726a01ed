"""Tells the formats of histories by their content, and finds the files of a history in folders and zips."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO

from indexer.core.files.disk import said
from indexer.history import clementine, lastfm, listenbrainz, quodlibet, rhythmbox, spotify
from indexer.history.lines import CHUNK, texts_of
from indexer.history.reading import Found, HistoryUnreadable, Source, Teller

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Read = Callable[[Source, Teller], Iterator[Found]]


class HistoryFormat(StrEnum):
    """What Segue reads histories from."""

    LISTENBRAINZ = "listenbrainz"
    LASTFM = "lastfm"  # tables with commas
    LASTFM_API = "lastfm-api"
    SPOTIFY = "spotify"
    RHYTHMBOX = "rhythmbox"
    CLEMENTINE = "clementine"  # and Strawberry
    QUODLIBET = "quodlibet"
    ECHONEST = "echonest"  # plays of many listeners, who are strangers here: see `indexer.history.strangers`
    MUSIXMATCH = "musixmatch"  # words of songs, and no plays: see `indexer.history.musixmatch`


READERS: dict[HistoryFormat, tuple[Read, str]] = {
    HistoryFormat.LISTENBRAINZ: (listenbrainz.read, listenbrainz.CLIENT),
    HistoryFormat.LASTFM: (lastfm.read_table, lastfm.CLIENT),
    HistoryFormat.LASTFM_API: (lastfm.read_pages, lastfm.CLIENT),
    HistoryFormat.SPOTIFY: (spotify.read, spotify.CLIENT),
    HistoryFormat.RHYTHMBOX: (rhythmbox.read, rhythmbox.CLIENT),
    HistoryFormat.CLEMENTINE: (clementine.read, clementine.CLIENT),
    HistoryFormat.QUODLIBET: (quodlibet.read, quodlibet.CLIENT),
}
"""By format of one listener, the reader and what plays call their client."""

_HEAD = 1 << 16
"""Bytes by which a format is told."""

_SIGNS: tuple[tuple[HistoryFormat, re.Pattern[str]], ...] = (
    (HistoryFormat.RHYTHMBOX, re.compile(r"<rhythmdb\b|<entry type=\"song\"")),
    (HistoryFormat.LISTENBRAINZ, re.compile(r'"track_metadata"\s*:|"score"\s*:\s*-?[01]\b[^{}]*"recording_m[bs]id"'
                                            r'|"recording_m[bs]id"[^{}]*"score"\s*:')),
    (HistoryFormat.SPOTIFY, re.compile(r'"ms_played"\s*:|"msPlayed"\s*:|"master_metadata_track_name"\s*:')),
    (HistoryFormat.ECHONEST, re.compile(r"(?m)^[!-~]{1,64}\tSO[0-9A-Z]{16}\t[0-9]{1,12}\r?$")),
    (HistoryFormat.MUSIXMATCH, re.compile(r"(?m)^%(?:[^,%\s]{1,64},){9}|^TR[0-9A-Z]{16},[0-9]{1,12},[0-9]{1,5}:[0-9]")),
    (HistoryFormat.LASTFM_API, re.compile(r'"recenttracks"\s*:|"uts"\s*:|"nowplaying"\s*:')),
)  # fmt: skip
_BEGINS_JSON = re.compile(r"\s*[\[{]")
_TABLE_LINES = 20
"""Lines of which one at least is a row of a table, or its header."""

_SQLITE = b"SQLite format 3\0"
_PICKLE = re.compile(rb"\x80[\x01-\x05]|\(lp|\]")
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Chapter:
    """A file of a history and its format."""

    source: Source
    format: HistoryFormat

    def read(self, teller_of: Callable[[str], Teller]) -> Iterator[Found]:
        """What it tells of one listener, which is nothing in some formats; `teller_of` makes plays for a client."""
        if self.format not in READERS:
            return iter(())
        reader, client = READERS[self.format]
        return reader(self.source, teller_of(client))


def chapters_in(
    path: Path, on_trouble: Callable[[HistoryUnreadable], None], only: HistoryFormat | None = None
) -> Iterator[Chapter]:
    """The histories that a file, a zip or a folder with files and zips holds, in the order of their names.

    Args:
        path: where to look.
        on_trouble: is told of what cannot be read; the rest goes on.
        only: take every file for one of this format.

    Raises:
        HistoryUnreadable: there is nothing at the path.
    """
    if not path.exists():
        raise HistoryUnreadable("history-missing", file=path)
    for source in _sources(path, on_trouble):
        try:
            found = only or format_of(_head(source))
        except (HistoryUnreadable, OSError) as error:
            on_trouble(unreadable(source.name, error))
            continue
        if found is not None:
            yield Chapter(source, found)


def source_of(path: Path, names: Sequence[str]) -> Source | None:
    """The first file with one of some names: in a folder, in a zip, or beside these, there also in a zip of its own."""

    def pass_over(_: HistoryUnreadable) -> None:
        """Nothing is said: it is told of where it is read as a history."""

    for name in names:
        beside = (each for file in (name, f"{name}.zip") for each in _of_file(path.parent / file, file, pass_over))
        for source in chain(_sources(path, pass_over), beside):
            if PurePath(source.name).name == name:
                return source
    return None


def unreadable(name: str, error: HistoryUnreadable | OSError) -> HistoryUnreadable:
    """What is said of a file that cannot be read on."""
    if isinstance(error, HistoryUnreadable):
        return error
    return HistoryUnreadable("history-unreadable", file=name, reason=said(error))


def format_of(head: bytes) -> HistoryFormat | None:
    """The format of a file by its first bytes; None where it is no history."""
    if head.startswith(_SQLITE):
        return HistoryFormat.CLEMENTINE
    if _PICKLE.match(head) and b"quodlibet" in head:
        return HistoryFormat.QUODLIBET
    text = "".join(texts_of(io.BytesIO(head)))
    for found, sign in _SIGNS:
        if sign.search(text):
            return found
    return None if _BEGINS_JSON.match(text) or not _is_table(text) else HistoryFormat.LASTFM


def _is_table(text: str) -> bool:
    lines = [line for line in text.splitlines()[:_TABLE_LINES] if line.strip()]
    sign = lastfm.separator_of(lines[0]) if lines else ","
    rows = (lastfm.row_of(line, sign) for line in lines)
    return any(lastfm.columns_of(row) or lastfm.bare_columns(row) for row in rows if row)


def _sources(path: Path, on_trouble: Callable[[HistoryUnreadable], None]) -> Iterator[Source]:
    if not path.is_dir():
        yield from _of_file(path, path.name, on_trouble)
        return
    for folder, folders, names in os.walk(
        path, onerror=lambda error: on_trouble(unreadable(str(error.filename), error))
    ):
        folders.sort()
        for name in sorted(names):
            file = Path(folder, name)
            yield from _of_file(file, str(file.relative_to(path)), on_trouble)


def _of_file(path: Path, name: str, on_trouble: Callable[[HistoryUnreadable], None]) -> Iterator[Source]:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a device or a pipe, of which there is no end
            return
        with path.open("rb") as file:
            is_zip = file.read(len(_ZIP)) == _ZIP
        size = about.st_size
        members = _members(path, name) if is_zip else []
    except OSError as error:
        on_trouble(unreadable(name, error))
        return
    except HistoryUnreadable as error:
        on_trouble(error)
        return
    if is_zip:
        yield from members
    else:
        yield Source(name, size, lambda: path.open("rb"), path)


def _members(path: Path, name: str) -> list[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = sorted(archive.infolist(), key=lambda info: info.filename)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise HistoryUnreadable("history-zip", file=name) from error
    return [
        Source(f"{name}/{info.filename}", info.file_size, partial(_member, path, name, info))
        for info in infos
        if not info.is_dir()
    ]


def _member(path: Path, name: str, info: zipfile.ZipInfo) -> BinaryIO:
    return io.BufferedReader(_Member(path, f"{name}/{info.filename}", info), CHUNK)


class _Member(io.RawIOBase):
    """A file of a zip, whose archive is closed with it and whose faults are said."""

    def __init__(self, path: Path, name: str, info: zipfile.ZipInfo) -> None:
        super().__init__()
        self._name = name
        with self._said():
            self._archive = zipfile.ZipFile(path)
            self._stream = self._archive.open(info)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        with self._said():
            data = self._stream.read(len(memoryview(buffer)))
        memoryview(buffer)[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_stream"):
            self._stream.close()
            self._archive.close()
        super().close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise HistoryUnreadable("history-zip", file=self._name) from error


def _head(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read(_HEAD)
