"""Keeps what plays across restarts and crashes: the queue, its place, and the position in the track."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import Seconds
from musicplayer.library.database_client import DatabaseClient
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.threads import Tasks

_log = logging.getLogger(__name__)

SAVE_AFTER_MS = 200
POSITION_EVERY_MS = 2_000
DATABASE_AFTER_MS = 5_000
MOST_IN_DATABASE = 200_000
"""Tracks of a queue that the database keeps a copy of: MongoDB takes 16 MB at once, and a track needs 65 bytes."""
_LONGEST: Seconds = 1e9
"""Of a track; a greater number is none of a position."""


@dataclass(frozen=True)
class Position:
    """Where in which track; kept beside the queue, which may be long, because it changes all the time."""

    track: str | None
    seconds: Seconds
    duration: Seconds


class Session(QObject):
    """Saves a moment after every change, and the position every two seconds while playing.

    Signals:
        was_cut_short: message and advice; the program did not end in order the last time.
        failed: message and advice; the queue could not be saved, or what was saved makes no sense.
    """

    was_cut_short = Signal(str, str)
    failed = Signal(str, str)

    def __init__(
        self, home: Home, player: Player, client: DatabaseClient | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._client = client
        self._queue_file = home.session_file
        self._position_file = home.session_file.with_name("position.json")
        self._writes = Tasks(workers=1, parent=self)
        self._changes = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._changes.timeout.connect(self._save_queue)
        self._positions = QTimer(self, interval=POSITION_EVERY_MS)
        self._positions.timeout.connect(self._save_position)
        self._database = QTimer(self, singleShot=True, interval=DATABASE_AFTER_MS)
        self._database.timeout.connect(self._save_to_database)
        self._complained = False

    def restore(self) -> bool:
        """Put back what was there, paused, and save every change from now on; False where there was nothing."""
        state = read_saved(self._queue_file)
        found = isinstance(state, dict)
        if not _makes_sense(state) and self._queue_file.exists():
            self._set_aside()
        if found:
            self._restore(state)
        elif self._client is not None:
            self._client.queue_loaded.connect(self._on_queue_loaded)
            self._client.load_queue()
        self._watch()
        if _was_running(read_saved(self._position_file)):
            self.was_cut_short.emit(
                tr("Segue ended unexpectedly the last time."),
                tr("The queue and the place in it are back; plays and playlists are kept."),
            )
        if found:
            self._save_position()
        return found

    def _set_aside(self) -> None:
        """Keep a file that was damaged or is of another program, before the next change takes its place."""
        odd = self._queue_file.with_name(f"{self._queue_file.stem}-odd{self._queue_file.suffix}")
        try:
            write_atomically(odd, self._queue_file.read_bytes())
        except OSError as error:
            _log.warning("%s could not be set aside: %s", self._queue_file.name, error)
            odd = self._queue_file
        self.failed.emit(
            tr("Not all of the saved play queue could be understood."),
            tr("What could be is there; the file was set aside as {file}.", file=odd),
        )

    def save_now(self) -> None:
        """Save at once, before the program ends. A failure is logged: there is no window left to show it in."""
        self._changes.stop()
        self._positions.stop()
        self._writes.shutdown()
        try:
            write_atomically(self._queue_file, _encode(self._player.queue.to_state()))
            write_atomically(self._position_file, self._encoded_position(running=False))
        except OSError as error:
            _log.warning("the session could not be saved: %s", error)
        self._save_to_database()

    def _watch(self) -> None:
        for signal in (self._player.queue_changed, self._player.modes_changed):
            signal.connect(self._on_change)
        self._player.state_changed.connect(self._on_state)

    def _restore(self, state: dict[str, Any]) -> None:
        queue = PlayQueue.from_state(state)
        position = position_of(read_saved(self._position_file))
        current = queue.current
        if current is None or position.track != current.track:
            position = Position(None, 0.0, 0.0)
        self._player.restore(queue, position.seconds, position.duration)

    def _on_queue_loaded(self, state: object) -> None:
        """The file was lost but the database has the queue; it is taken only if nothing was begun meanwhile."""
        if isinstance(state, dict) and not len(self._player.queue) and self._player.current is None:
            self._restore(state)

    def _on_change(self) -> None:
        if not self._changes.isActive():
            self._changes.start()
        if self._client is not None and not self._database.isActive():
            self._database.start()

    def _on_state(self, state: PlaybackState) -> None:
        if state is PlaybackState.PLAYING:
            self._positions.start()
        else:
            self._positions.stop()
        self._save_position()

    def _save_queue(self) -> None:
        state = self._player.queue.to_state()
        self._write(self._queue_file, lambda: _encode(state))
        self._save_position()

    def _save_position(self) -> None:
        content = self._encoded_position()
        self._write(self._position_file, lambda: content)

    def _save_to_database(self) -> None:
        """Keep a copy in the database too, for the case that the file is lost."""
        if self._client is not None and len(self._player.queue) <= MOST_IN_DATABASE:
            self._client.save_queue(self._player.queue.to_state())

    def _encoded_position(self, *, running: bool = True) -> bytes:
        """With whether the program runs, which tells the next start how this one ended."""
        player = self._player
        place = {"track": player.current, "seconds": player.position(), "duration": player.duration()}
        return _encode({**place, "running": running})

    def _write(self, path: Path, content: Any) -> None:
        self._writes.run(lambda: write_atomically(path, content()), lambda _: None, self._on_write_failed)

    def _on_write_failed(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            self.failed.emit(
                tr("The play queue could not be saved to {file}: {error}.", file=self._queue_file, error=error),
                tr("Free some space there, or the queue is lost when Segue ends."),
            )


def read_saved(path: Path) -> Any:
    """What a file of a session holds, None for one that is not there or makes no sense."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _encode(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def _was_running(value: Any) -> bool:
    return isinstance(value, dict) and value.get("running") is True


def position_of(value: Any) -> Position:
    """The place that a file of a session holds, at the beginning of no track for what is none."""
    if not isinstance(value, dict):
        return Position(None, 0.0, 0.0)
    track = value.get("track")
    return Position(track if isinstance(track, str) else None, _number(value, "seconds"), _number(value, "duration"))


def _makes_sense(state: object) -> bool:
    """Whether a saved queue names its tracks; the marks beside them that do not fit are left out without a word."""
    tracks = state.get("tracks", []) if isinstance(state, dict) else None
    return isinstance(tracks, list) and all(isinstance(track, str) for track in tracks)


def _number(value: dict[str, Any], name: str) -> float:
    number = value.get(name)
    return float(number) if isinstance(number, int | float) and 0 <= number <= _LONGEST else 0.0
