"""Converts tracks to files in a cache, each once, a few at a time, in processes of their own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

import anyio
from anyio.to_thread import run_sync

from indexer.core.files import disk
from indexer.core.files.atomic import replacing
from indexer.core.playing.gain import Levels, gain_db
from indexer.core.settings import Gain
from indexer.core.text import shown_name
from indexer.core.tracks import Seconds, Stretch, Track
from musicplayer.server.streams.children import ChildLost, Children
from musicplayer.server.streams.errors import FULL_DISK, NoRoom, StreamError
from musicplayer.server.streams.keeping import KeptFiles, Once
from musicplayer.server.streams.opening import Found, LibraryFiles
from musicplayer.server.streams.profiles import VERSION, Order, Profile

MOST_PROCESSES = 2
MOST_QUEUED = 8
MOST_BYTES = 2 << 30

_SHORTEST_LIMIT: Seconds = 120.0
_LONGEST_LIMIT: Seconds = 3_600.0
"""Whatever length a header promises."""

_SLOWEST = 4
"""Times real time; what is slower than that stands still."""

_UNKNOWN_LENGTH: Seconds = 3_600.0
_USUAL_SECONDS: Seconds = 4.0
"""For a track, until some were converted."""

_MOST_DECIBELS = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Amplified:
    """By how many dB a track is made louder or softer, as `indexer.core.playing.gain.gain_db` says.

    `peak` is its greatest sample, 1.0 being full scale: nothing is amplified beyond that, and what has no known peak
    is not made louder.
    """

    decibels: float = 0.0
    peak: float | None = None

    @classmethod
    def by_tags(cls, track: Track, mode: Gain) -> Self:
        """What evens out the loudness of a track, by what its tags say."""
        levels = Levels(track.track_gain, track.track_peak, track.album_gain, track.album_peak)
        of_album = mode is Gain.ALBUM and track.album_gain is not None
        return cls(gain_db(mode, levels), track.album_peak if of_album else track.track_peak)

    @property
    def factor(self) -> float:
        """What samples are multiplied by; in steps of a tenth of a decibel, so that files in the cache serve again."""
        decibels = max(-_MOST_DECIBELS, min(self.decibels, _MOST_DECIBELS)) if math.isfinite(self.decibels) else 0.0
        factor = math.pow(10, round(decibels, 1) / 20)
        return min(factor, max(1.0, 1 / self.peak) if self.peak else 1.0)


UNCHANGED = Amplified()


class Transcoder:
    """The cache of converted tracks, and who fills it."""

    def __init__(
        self,
        folder: Path,
        files: LibraryFiles,
        readers: anyio.CapacityLimiter,
        *,
        most_processes: int = MOST_PROCESSES,
        most_queued: int = MOST_QUEUED,
        most_bytes: int = MOST_BYTES,
        shortest_limit: Seconds = _SHORTEST_LIMIT,
    ) -> None:
        """Keep files in `folder`, which may be deleted at any time.

        Args:
            folder: for the converted files alone.
            files: what may be converted.
            readers: the threads that ask drives.
            most_processes: so many tracks are converted at once.
            most_queued: so many wait for it; what is asked for beyond them is refused.
            most_bytes: of the cache; what was not asked for longest goes first.
            shortest_limit: a track has this long at least; long ones have a quarter of their length.
        """
        self._files = files
        self._readers = readers
        self._kept = KeptFiles(folder, most_bytes)
        self._shortest_limit = shortest_limit
        self._children = Children(most_processes)
        self._once: Once[Path] = Once(
            "segue-transcode", at_once=most_processes, waiting=most_queued, usual=_USUAL_SECONDS
        )

    async def file_of(
        self,
        track: Track,
        profile: Profile,
        *,
        stretch: Stretch | None = None,
        offset: Seconds = 0.0,
        amplified: Amplified = UNCHANGED,
    ) -> Path:
        """The file of a track as a profile has it, made now where it is not there.

        Args:
            track: its tags go into the file.
            profile: how it is encoded.
            stretch: where its sound lies, where that is elsewhere than the track says.
            offset: so many seconds of it are left out at the beginning, in whole seconds.
            amplified: what its samples are multiplied by.

        Raises:
            StreamError: the file cannot be read or converted.
            Busy: too much is converted already; it says when to ask again.
        """
        where = from_offset(stretch or track.stretch, offset)
        ask = partial(self.request, track, where, profile, amplified)
        making = asyncio.wrap_future(await run_sync(ask, limiter=self._readers))
        return await asyncio.shield(making)  # who leaves does not end it for the others, and may come back

    def request(self, track: Track, stretch: Stretch, profile: Profile, amplified: Amplified) -> Future[Path]:
        """What `file_of` waits for; for a worker thread, since the drive of the file is asked.

        Raises:
            StreamError: as for `file_of`.
        """
        found = self._files.find(stretch.path)
        order = Order(
            stretch=replace(stretch, path=found.path),
            profile=profile,
            target="",
            factor=amplified.factor,
            tags=tags_of(track, amplified.factor),
            most_bytes=self._kept.most_bytes,
        )
        path = self._kept.folder / f"{_name_of(order, found)}{profile.suffix}"
        if self._kept.has(path):
            return _done(path)
        return self._once.run(path, partial(self._make, path, order, self._limit(stretch, track)))

    def close(self) -> None:
        """End all of it at once; what is half done is removed."""
        self._once.stop()
        self._children.close()
        self._once.join()

    def _make(self, path: Path, order: Order, limit: Seconds) -> Path:
        began = time.monotonic()
        try:
            with replacing(path) as file:
                seconds = self._children.run(_encode, replace(order, target=file.name), seconds=limit)
            self._kept.added(path)
        except ChildLost as error:
            raise StreamError("stream-given-up", name=shown_name(order.stretch.path)) from error
        except OSError as error:
            detail = {} if error.errno in FULL_DISK else {"detail": disk.said(error)}
            raise NoRoom("stream-disk-full", **detail) from error
        log.info("converted %.0f s of sound to %s in %.1f s", seconds, order.profile.name, time.monotonic() - began)
        return path

    def _limit(self, stretch: Stretch, track: Track) -> Seconds:
        end = stretch.end if stretch.end is not None else track.seconds
        length = max(0.0, end - stretch.start) if end is not None else _UNKNOWN_LENGTH
        return max(self._shortest_limit, min(length / _SLOWEST, _LONGEST_LIMIT))


def from_offset(stretch: Stretch, offset: Seconds) -> Stretch:
    """The stretch without so many of its seconds at the beginning; whole ones, so that files in the cache serve again.

    Raises:
        StreamError: it ends before.
    """
    start = stretch.start + max(0, math.floor(offset)) if math.isfinite(offset) else math.inf
    if not start < (math.inf if stretch.end is None else stretch.end):
        raise StreamError("stream-beyond-end", name=shown_name(stretch.path))
    return replace(stretch, start=start)


def tags_of(track: Track, factor: float) -> dict[str, str]:
    """What is written into a converted file about its track, whose samples are multiplied by `factor`."""
    said = {
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "album_artist": track.album_artist,
        "genre": track.genre,
        "date": track.year,
        "track": track.track_number,
        "disc": track.disc_number,
    }
    tags = {name: str(value) for name, value in said.items() if value}
    less = 20 * math.log10(factor)
    for kind, gain, peak in (
        ("TRACK", track.track_gain, track.track_peak),
        ("ALBUM", track.album_gain, track.album_peak),
    ):
        if gain is not None:
            tags[f"REPLAYGAIN_{kind}_GAIN"] = f"{gain - less:.2f} dB"
        if peak is not None:
            tags[f"REPLAYGAIN_{kind}_PEAK"] = f"{peak * factor:.6f}"
    return tags


def _encode(order: Order) -> Seconds:
    """In the child alone, since what it imports is heavy."""
    from musicplayer.server.streams.encoding import encode  # noqa: PLC0415 - as said

    return encode(order)


def _name_of(order: Order, found: Found) -> str:
    """A name for all that makes the file what it is: another one as soon as the source changes."""
    state = [found.tag, order.stretch.start, order.stretch.end, order.profile.name, VERSION, order.factor]
    content = json.dumps([*state, sorted(order.tags.items())]).encode()
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _done(path: Path) -> Future[Path]:
    future: Future[Path] = Future()
    future.set_result(path)
    return future
