"""Answers who asks for a cover: a square JPEG at a size, found with the music or drawn, kept for the next one."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from indexer.core.errors import SegueError
from indexer.core.files import disk
from indexer.core.files.atomic import write_atomically
from indexer.core.tracks import Seconds, Track
from musicplayer.server.streams.children import ChildLost, Children
from musicplayer.server.streams.errors import StreamError
from musicplayer.server.streams.keeping import KeptFiles, Once
from musicplayer.server.streams.opening import Found, LibraryFiles, opened
from musicplayer.server.streams.ranges import file_answer

SIZES = (32, 64, 128, 256, 512, 1200)
"""Pixels a side; a client is given the next larger one."""

USUAL_SIZE = 512
MOST_BYTES = 512 << 20
MOST_WAITING = 500
"""A wall of covers that is scrolled through asks for that many."""

LONGEST: Seconds = 20.0
"""For one cover, of which a usual one takes hundredths."""

_USUAL: Seconds = 0.05
_JPEG = "image/jpeg"
_FRESH = {"cache-control": "private, max-age=86400"}
_PASSING = {"cache-control": "private, no-cache"}
"""For a day a browser does not ask again; for what stands in for a file that cannot be read now it does."""

_ANSWER: Seconds = 5.0
"""For a drive, before a cover is drawn."""

log = logging.getLogger(__name__)


class Covers:
    """The covers of a library's tracks, for who may see them."""

    def __init__(
        self,
        folder: Path,
        folders: Callable[[], Iterable[str]],
        readers: anyio.CapacityLimiter,
        *,
        most_bytes: int = MOST_BYTES,
        longest: Seconds = LONGEST,
        wait: Seconds = _ANSWER,
    ) -> None:
        """Keep covers in `folder`, which may be deleted at any time.

        Args:
            folder: for the covers alone.
            folders: those of the library, as they are when asked.
            readers: the threads that ask drives.
            most_bytes: of all that is kept.
            longest: a picture that takes longer is left, and one is drawn.
            wait: the same of drives.
        """
        self._files = LibraryFiles(folders, wait=wait)
        self._folders = folders
        self._readers = readers
        self._kept = KeptFiles(folder, most_bytes)
        self._children = Children(1)
        self._longest = longest
        self._once: Once[bytes] = Once("segue-covers", at_once=1, waiting=MOST_WAITING, usual=_USUAL)

    async def answer(
        self, request: Request, track: Track | None, size: int | None = None, *, name: str = ""
    ) -> Response:
        """The answer to a GET or HEAD for the cover of a track.

        Args:
            request: what the client has already is heeded.
            track: whose file has the picture, in it or beside it; None to have one drawn.
            size: pixels a side; the next larger of SIZES is sent, or less where the picture has no more.
            name: what the letters of a drawn one are of; the track's album, artist or title where it is empty.

        Raises:
            Busy: too many wait already.
            StreamError: no cover could be made.
        """
        said = name or (track.album or track.artist or track.title if track is not None else "")
        side = fitting(size)
        found = None if track is None else await run_sync(partial(self._find, track.path), limiter=self._readers)
        path = self._kept.folder / f"{_key(found, said, side)}.jpg"
        if not await run_sync(partial(self._kept.has, path), limiter=self._readers):
            making = self._once.run(path, partial(self._make, path, found, said, side))
            content = await asyncio.shield(asyncio.wrap_future(making))
            if not path.exists():  # the disk is full
                return Response(content, media_type=_JPEG, headers=_PASSING)
        file = await run_sync(partial(opened, str(path)), limiter=self._readers)
        return file_answer(request, file, _JPEG, self._readers, headers=_PASSING if found is None else _FRESH)

    def close(self) -> None:
        self._once.stop()
        self._children.close()
        self._once.join()

    def _find(self, path: str) -> tuple[Found, int] | None:
        """The file of a track, and when something was last put beside it; None where it cannot be read now."""
        try:
            found = self._files.find(path)
            return found, disk.look(Path(found.path).parent).st_mtime_ns
        except (SegueError, OSError):
            return None

    def _make(self, path: Path, found: tuple[Found, int] | None, name: str, size: int) -> bytes:
        content = None if found is None else self._found(found[0].path, size)
        if content is None:
            content = self._drawn(name, size)
        try:
            write_atomically(path, content)
            self._kept.added(path)
        except OSError as error:
            log.info("a cover is not kept: %s", disk.said(error))
        return content

    def _found(self, path: str, size: int) -> bytes | None:
        try:
            return self._children.run(_cover_of, path, size, tuple(self._folders()), seconds=self._longest)
        except ChildLost:
            log.info("a cover could not be decoded in time, and is drawn")
            return None

    def _drawn(self, name: str, size: int) -> bytes:
        try:
            return self._children.run(_drawn, name, size, seconds=LONGEST)
        except ChildLost as error:
            raise StreamError("stream-given-up", name=name) from error


def fitting(size: int | None) -> int:
    """The pixels a side of what is sent to who asks for so many."""
    wanted = USUAL_SIZE if size is None else size
    return next((each for each in SIZES if each >= wanted), SIZES[-1])


def _key(found: tuple[Found, int] | None, name: str, size: int) -> str:
    """Another one as soon as the file or what lies beside it changes."""
    state = f"{name}:{size}" if found is None else f"{found[0].tag}:{found[1]}:{name}:{size}"
    return hashlib.blake2b(os.fsencode(state), digest_size=16).hexdigest()


def _cover_of(path: str, size: int, folders: tuple[str, ...]) -> bytes | None:
    """In the child alone, since what it imports is heavy."""
    from musicplayer.server.streams.pictures import cover_of  # noqa: PLC0415 - as said

    return cover_of(path, size, folders)


def _drawn(name: str, size: int) -> bytes:
    """As before."""
    from musicplayer.server.streams.pictures import drawn  # noqa: PLC0415 - as said

    return drawn(name, size)
