"""What is sung in a track, for the window: read beside the main thread, or asked of whoever keeps it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from indexer.core.files import disk
from indexer.core.shared.server import is_address
from indexer.core.tags.sung import NO_LYRICS, Lyrics
from indexer.core.tracks import NO_WORDS, Track, TrackId
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.store import Database

_log = logging.getLogger(__name__)

Ask = Callable[[Callable[["Database"], Any], Callable[[Any], None] | None], None]


class LyricsReader(QObject):
    """Reads a file, and the texts beside it, each time: who adds lyrics sees them the next time.

    Where the file is away, or on another machine, what was read of it before is asked for.

    Signals:
        arrived: a TrackId and its `Lyrics`; of the track that was asked for last.
    """

    arrived = Signal(object, object)

    def __init__(self, ask: Ask, parent: QObject | None = None) -> None:
        """`ask` has the database asked in its own thread."""
        super().__init__(parent)
        self._ask = ask
        self._wanted: TrackId | None = None
        self._tasks = Tasks(workers=1, parent=self)

    def request(self, track: Track) -> None:
        """Have `arrived` emitted; nothing comes while the drive or the server does not answer."""
        self._wanted = track.id
        if is_address(track.path):
            self._ask_for(track.id)
        elif track.stretch.is_part:  # what the file has is of all its tracks together
            self._tell(track.id, NO_LYRICS)
        else:
            self._read(track)

    def forget(self) -> None:
        """Nobody waits any more."""
        self._wanted = None

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _read(self, track: Track) -> None:
        def read() -> Lyrics:
            if self._wanted != track.id:
                return NO_LYRICS  # somebody skips through tracks on a slow drive
            from indexer.core.tags.lyrics import read_lyrics  # noqa: PLC0415 - in the background, with the first file

            return disk.ask(track.path, lambda: read_lyrics(Path(track.path)))

        def failed(error: Exception) -> None:
            if not isinstance(error, OSError):
                _log.warning("lyrics cannot be read: %s", error, exc_info=error)
            self._ask_for(track.id)

        self._tasks.run(read, lambda found: self._tell(track.id, found), failed)

    def _ask_for(self, track: TrackId) -> None:
        def kept(database: Database) -> Lyrics:
            from indexer.core.tags.lyrics import lyrics_of  # noqa: PLC0415 - in the database's thread

            return lyrics_of(database.words.get([track]).get(track, NO_WORDS).lyrics)

        self._ask(kept, lambda found: self._tell(track, found))

    def _tell(self, track: TrackId, lyrics: Lyrics) -> None:
        if track == self._wanted:
            self.arrived.emit(track, lyrics)
