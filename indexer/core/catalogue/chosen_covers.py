"""Keeps the covers that a person chose in place of those of the music, which stays as it is: by track, in the home."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.core.catalogue.covers import LARGEST_FILE
from indexer.core.errors import SegueError
from indexer.core.files.atomic import write_atomically
from indexer.core.files.disk import said
from indexer.core.files.json_files import read_object, write_object
from indexer.core.tracks import TrackId

INDEX = "chosen.json"
"""Which track has which picture; the pictures lie beside it, named after what is in them."""

PICTURE_NAME = re.compile(r"[0-9a-f]{32}")

_UNUSED_FOR = 30 * 24 * 3600.0
"""Seconds that a picture is kept which no track has any more, for who takes a choice back."""

Choice = Mapping[TrackId, str | None]
"""The name of the picture of tracks; None for those that have none of their own."""


class CoverUnwritable(SegueError):
    """A chosen cover cannot be kept."""


class ChosenCovers:
    """The choices of one home; for any thread, and for programs that share the home."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`, which is made with the first choice."""
        self._folder = folder
        self._lock = threading.Lock()
        self._seen: object = None
        self._names: dict[str, str] = {}

    def picture_of(self, track: TrackId) -> Path | None:
        """The picture that was chosen for a track; None where none was."""
        with self._lock:
            self._read_again()
            name = self._names.get(track)
        return None if name is None else self._folder / name

    def choose(self, tracks: Iterable[TrackId], content: bytes) -> Choice:
        """Have tracks shown with a picture, given as the bytes of its file; returns what they had before.

        Raises:
            CoverUnwritable: it is too large, or cannot be kept; all is as before.
        """
        if len(content) > LARGEST_FILE:
            raise CoverUnwritable("cover-large", megabytes=LARGEST_FILE // 1_000_000)
        name = hashlib.blake2b(content, digest_size=16).hexdigest()
        with _telling(self._folder):
            write_atomically(self._folder / name, content, durable=True)
        return self.put(dict.fromkeys(tracks, name))

    def put(self, wanted: Choice) -> Choice:
        """Have tracks shown with pictures that were chosen before, or with their own; returns what they had before.

        Raises:
            CoverUnwritable: that cannot be kept; all is as before.
        """
        with self._lock, _telling(self._folder):
            self._read_again()
            before = {track: self._names.get(track) for track in wanted}
            merged: dict[str, str | None] = {**self._names}
            merged.update(wanted.items())
            names = {track: name for track, name in merged.items() if name is not None}
            write_object(self._folder / INDEX, names)
            self._names, self._seen = names, self._stamp()
            self._drop_unused()
        return before

    def _read_again(self) -> None:
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            found = read_object(self._folder / INDEX)
            self._names = {
                track: name for track, name in found.items() if isinstance(name, str) and PICTURE_NAME.fullmatch(name)
            }

    def _stamp(self) -> object:
        try:
            info = (self._folder / INDEX).stat()
        except OSError:
            return None
        return info.st_mtime_ns, info.st_size, info.st_ino

    def _drop_unused(self) -> None:
        used, long_ago = set(self._names.values()), time.time() - _UNUSED_FOR
        for path in self._folder.iterdir():
            if PICTURE_NAME.fullmatch(path.name) and path.name not in used:
                with suppress(OSError):  # the next choice tries again
                    if path.stat().st_mtime < long_ago:
                        path.unlink()


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into an error for a person."""
    try:
        yield
    except OSError as error:
        raise CoverUnwritable("cover-unwritable", folder=folder, reason=said(error)) from error
