"""What a listener marked by way of apps, beyond opinions of tracks: albums, artists, and places in tracks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from anyio import to_thread

from indexer.core.errors import SegueError
from indexer.core.files.json_files import read_object, write_object
from indexer.core.text import as_text
from indexer.core.tracks import TrackId

MOST_BOOKMARKS = 5_000
MOST_MARKED = 50_000
"""Of each kind, so that no app fills a disk."""

T = TypeVar("T")


@dataclass(frozen=True)
class Bookmark:
    """A place in a track; times are seconds since 1970, the position is in milliseconds."""

    track: TrackId
    position: int
    comment: str
    created: float
    changed: float


class Marks:
    """The marks of one listener, in a file that is written whole; for the thread of the event loop."""

    def __init__(self, file: Path) -> None:
        """Read what is kept in `file`; a part of it that is damaged is as if it were not there."""
        self._file = file
        self._lock = asyncio.Lock()
        record = read_object(file)
        self.stars: dict[str, float] = _each(record.get("stars"), _number)
        self.ratings: dict[str, int] = _each(record.get("ratings"), lambda value: min(5, max(1, int(value))))
        self.bookmarks: dict[str, Bookmark] = _each(record.get("bookmarks"), _bookmark)

    async def star(self, ids: list[str], *, starred: bool) -> None:
        """Give albums and artists stars, or take them away.

        Raises:
            SegueError: it cannot be kept.
        """
        for identity in ids:
            if starred:
                self.stars.setdefault(identity, time.time())
            else:
                self.stars.pop(identity, None)
        await self._save()

    async def rate(self, identity: str, rating: int) -> None:
        """Give an album or artist 1 to 5, or 0 to take that back; raises SegueError as `star` does."""
        if rating:
            self.ratings[identity] = rating
        else:
            self.ratings.pop(identity, None)
        await self._save()

    async def remember(self, track: TrackId, position: int, comment: str) -> None:
        """Put a bookmark into a track, in place of one that is there; raises SegueError as `star` does."""
        now = time.time()
        before = self.bookmarks.pop(track, None)
        self.bookmarks[track] = Bookmark(track, position, comment, before.created if before else now, now)
        await self._save()

    async def forget(self, track: str) -> bool:
        """Take a bookmark away; whether there was one. Raises SegueError as `star` does."""
        if self.bookmarks.pop(track, None) is None:
            return False
        await self._save()
        return True

    async def _save(self) -> None:
        for kept in (self.stars, self.ratings):
            _shorten(kept, MOST_MARKED)
        _shorten(self.bookmarks, MOST_BOOKMARKS)
        async with self._lock:  # the later state is written later
            record = {
                "stars": dict(self.stars),
                "ratings": dict(self.ratings),
                "bookmarks": {track: asdict(bookmark) for track, bookmark in self.bookmarks.items()},
            }
            try:
                await to_thread.run_sync(write_object, self._file, record)
            except OSError as error:
                raise SegueError("subsonic-not-kept", detail=error.strerror) from error


def _shorten(kept: dict[str, Any], most: int) -> None:
    """Leave out the oldest of what are too many."""
    for identity in list(kept)[: max(0, len(kept) - most)]:
        del kept[identity]


def _each(record: object, read: Callable[[Any], T]) -> dict[str, T]:
    found = {}
    for key, value in record.items() if isinstance(record, dict) else ():
        try:
            found[as_text(key)] = read(value)
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
    return found


def _number(value: Any) -> float:
    return float(value)


def _bookmark(record: Mapping[str, Any]) -> Bookmark:
    return Bookmark(
        TrackId(as_text(record["track"])),
        int(record["position"]),
        as_text(record["comment"]),
        float(record["created"]),
        float(record["changed"]),
    )
