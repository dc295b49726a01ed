"""Answers who asks for a cover: a square JPEG at a size, found with the music or drawn, kept for the next one."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from indexer.core.catalogue.chosen_covers import ChosenCovers
from indexer.core.catalogue.covers import folders_for, names_for
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
        chosen: ChosenCovers | None = None,
        most_bytes: int = MOST_BYTES,
        longest: Seconds = LONGEST,
        wait: Seconds = _ANSWER,
    ) -> None:
        """Keep covers in `folder`, which may be deleted at any time.

        Args:
            folder: for the covers alone.
            folders: those of the library, as they are when asked.
            readers: the threads that ask drives.
            chosen: what a person chose in place of what lies with the music.
            most_bytes: of all that is kept.
            longest: a picture that takes longer is left, and one is drawn.
            wait: the same of drives.
        """
        self._files = LibraryFiles(folders, wait=wait)
        self._folders = folders
        self._readers = readers
        self._chosen = chosen
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
        found = None if track is None else await run_sync(partial(self._find, track), limiter=self._readers)
        wanted = _Wanted(found, said, "" if track is None else track.genre, side)
        path = self._kept.folder / f"{wanted.key}.jpg"
        if not await run_sync(partial(self._kept.has, path), limiter=self._readers):
            making = self._once.run(path, partial(self._make, path, wanted))
            content = await asyncio.shield(asyncio.wrap_future(making))
            if not path.exists():  # the disk is full
                return Response(content, media_type=_JPEG, headers=_PASSING)
        file = await run_sync(partial(opened, str(path)), limiter=self._readers)
        headers = _FRESH if found is not None and found.stays else _PASSING
        return file_answer(request, file, _JPEG, self._readers, headers=headers)

    def close(self) -> None:
        self._once.stop()
        self._children.close()
        self._once.join()

    def _find(self, track: Track) -> _Origin:
        """Where the cover of a track may come from, as that is now."""
        chosen = None if self._chosen is None else self._chosen.picture_of(track.id)
        try:
            found = self._files.find(track.path)
            beside = tuple(disk.look(folder).st_mtime_ns for folder in folders_for(Path(found.path)))
        except (SegueError, OSError):
            return _Origin(chosen)
        return _Origin(chosen, found, beside, names_for(track))

    def _make(self, path: Path, wanted: _Wanted) -> bytes:
        origin = wanted.origin
        content = None if origin is None or not origin.stays else self._found(origin, wanted.size)
        if content is None:
            content = self._drawn(wanted)
        try:
            write_atomically(path, content)
            self._kept.added(path)
        except OSError as error:
            log.info("a cover is not kept: %s", disk.said(error))
        return content

    def _found(self, origin: _Origin, size: int) -> bytes | None:
        chosen, path = origin.chosen, "" if origin.file is None else origin.file.path
        about = (str(chosen or ""), path, size, tuple(self._folders()), origin.names)
        try:
            return self._children.run(_cover_of, *about, seconds=self._longest)
        except ChildLost:
            log.info("a cover could not be decoded in time, and is drawn")
            return None

    def _drawn(self, wanted: _Wanted) -> bytes:
        try:
            return self._children.run(_drawn, wanted.name, wanted.size, wanted.genre, seconds=LONGEST)
        except ChildLost as error:
            raise StreamError("stream-given-up", name=wanted.name) from error


@dataclass(frozen=True)
class _Origin:
    """Where a cover may come from.

    Attributes:
        chosen: the picture that was chosen; None for none.
        file: of the music; None where it cannot be read now.
        beside: when something was last put beside it, or taken away.
        names: what a picture there may be called.
    """

    chosen: Path | None
    file: Found | None = None
    beside: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether it is the same as long as nobody changes it, and no stand-in for what cannot be read now."""
        return self.chosen is not None or self.file is not None


@dataclass(frozen=True)
class _Wanted:
    """A cover that is to be made: from its origin, else drawn of a name in the colour of a genre."""

    origin: _Origin | None
    name: str
    genre: str
    size: int

    @property
    def key(self) -> str:
        """Another one as soon as the file, what lies beside it or the choice changes."""
        state = [self.name, self.genre, str(self.size)]
        if self.origin is not None:
            chosen, file = self.origin.chosen, self.origin.file
            state += [chosen.name if chosen else "", file.tag if file else "", repr(self.origin.beside)]
            state += self.origin.names
        return hashlib.blake2b(os.fsencode("\0".join(state)), digest_size=16).hexdigest()


def fitting(size: int | None) -> int:
    """The pixels a side of what is sent to who asks for so many."""
    wanted = USUAL_SIZE if size is None else size
    return next((each for each in SIZES if each >= wanted), SIZES[-1])


def _cover_of(chosen: str, path: str, size: int, folders: tuple[str, ...], names: tuple[str, ...]) -> bytes | None:
    """In the child alone, since what it imports is heavy."""
    from musicplayer.server.streams.pictures import chosen_cover, cover_of  # noqa: PLC0415 - as said

    made = chosen_cover(chosen, size) if chosen else None
    return cover_of(path, size, folders, names) if made is None and path else made


def _drawn(name: str, size: int, genre: str) -> bytes:
    """As before."""
    from musicplayer.server.streams.pictures import drawn  # noqa: PLC0415 - as said

    return drawn(name, size, genre)
