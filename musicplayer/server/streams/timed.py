"""What the text beside a song says of when its lines are sung."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync

from indexer.core.tags.words import LARGEST_BESIDE, TimedLyrics, timed_lyrics
from indexer.core.tracks import Track
from musicplayer.server.streams.errors import StreamError

if TYPE_CHECKING:
    from musicplayer.server.streams.sending import Streams


async def timed_beside(streams: Streams, track: Track) -> TimedLyrics:
    """What is sung when; nothing for a part of a file, and where no such text may be read."""
    path = f"{os.path.splitext(track.path)[0]}.lrc"  # noqa: PTH122 - of a name that may be no text

    def read() -> TimedLyrics:
        file = streams.files.open(path)
        try:
            return timed_lyrics(file.read(0, LARGEST_BESIDE))
        finally:
            file.close()

    if track.stretch.is_part:
        return TimedLyrics()
    try:
        return await run_sync(read, limiter=streams.readers)
    except StreamError:
        return TimedLyrics()
