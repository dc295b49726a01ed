"""Answers who asks for the sound of a track: with its file, or with a converted one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path, PurePath

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from indexer.core.tracks import Seconds, Track
from musicplayer.server.streams.errors import FileAway
from musicplayer.server.streams.opening import READ_SECONDS, LibraryFiles, OpenFile, opened
from musicplayer.server.streams.profiles import Profile, bit_rate, instead_of_part, media_type_of
from musicplayer.server.streams.ranges import file_answer
from musicplayer.server.streams.transcode import UNCHANGED, Amplified, Transcoder

MOST_READERS = 64
"""Threads that may wait for drives at once; a block takes a thousandth of a second where none is silent."""

_ATTEMPTS = 3
"""A converted file may be removed by another one that needs its room, just before it is opened."""


class Streams:
    """The sound of a library's tracks for who may hear it, which is for the caller to know."""

    def __init__(
        self, folder: Path, folders: Callable[[], Iterable[str]], *, wait: Seconds = READ_SECONDS, **limits: int
    ) -> None:
        """Answer with files below `folders`, those of the library as they are when asked, and nothing else.

        Args:
            folder: for converted files alone; see `Transcoder`, which `limits` are for too.
            folders: the library's.
            wait: for a drive that does not answer.
            limits: `most_processes`, `most_queued`, `most_bytes`.
        """
        self.readers = anyio.CapacityLimiter(MOST_READERS)
        self.files = LibraryFiles(folders, wait=wait)
        self.transcoder = Transcoder(folder, self.files, self.readers, **limits)

    async def answer(
        self,
        request: Request,
        track: Track,
        profile: Profile | None = None,
        *,
        offset: Seconds = 0.0,
        amplified: Amplified = UNCHANGED,
        download: bool = False,
    ) -> Response:
        """The answer to a GET or HEAD, with ranges.

        Args:
            request: its method and headers are heeded, its parameters are the caller's.
            track: what is to be heard.
            profile: what it is converted to; None for the file as it is. A track that is a part of its file, begins
                later or is amplified is converted all the same, without loss where the file is.
            offset: seconds of it to leave out at the beginning.
            amplified: how much louder it is to be.
            download: to be saved under a name.

        Raises:
            StreamError, Busy: each with the status to answer; see `musicplayer.server.streams.errors`.
        """
        is_whole = not (track.stretch.is_part or offset >= 1 or amplified.factor != 1)
        if profile is None and is_whole:
            file, kind = await run_sync(partial(self._original, track.path), limiter=self.readers)
            name = PurePath(track.path).name if download else None
            return file_answer(request, file, kind, self.readers, download=name)
        if profile is None:
            profile = instead_of_part(await run_sync(partial(self._kind, track.path), limiter=self.readers))
        file = await self._converted(track, profile, offset, amplified)
        name = f"{' - '.join(filter(None, (track.artist, track.title)))}{profile.suffix}" if download else None
        return file_answer(request, file, profile.media_type, self.readers, download=name)

    async def kbps(self, track: Track) -> float | None:
        """Thousands of bits a second of the file of a track; None where it is a part, or its length is not known.

        Raises:
            StreamError: the file cannot be read.
        """
        if track.stretch.is_part:
            return None
        found = await run_sync(partial(self.files.find, track.path), limiter=self.readers)
        return bit_rate(found.size, track.seconds)

    def close(self) -> None:
        self.transcoder.close()

    async def _converted(self, track: Track, profile: Profile, offset: Seconds, amplified: Amplified) -> OpenFile:
        for _ in range(_ATTEMPTS - 1):
            path = await self.transcoder.file_of(track, profile, offset=offset, amplified=amplified)
            try:
                return await run_sync(partial(opened, str(path)), limiter=self.readers)
            except FileAway:
                continue
        path = await self.transcoder.file_of(track, profile, offset=offset, amplified=amplified)
        return await run_sync(partial(opened, str(path)), limiter=self.readers)

    def _original(self, path: str) -> tuple[OpenFile, str]:
        file = self.files.open(path)
        try:
            return file, media_type_of(file.head(), path)
        except BaseException:
            file.close()
            raise

    def _kind(self, path: str) -> str:
        file, kind = self._original(path)
        file.close()
        return kind
