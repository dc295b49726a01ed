"""Edits the play queue, and tells everyone."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from indexer.core.playing.queue import UNKNOWN, PlayQueue
from indexer.core.plays import PlayContext
from indexer.core.tracks import TrackId


class QueueEdits(QObject):
    """The edits that leave alone what plays.

    Signals:
        queue_changed: items, their order or the current place are others.
        queue_swept: number of items that `clear`, or a replacement (True), took away at once; `undo` brings them back.
    """

    queue_changed = Signal()
    queue_swept = Signal(int, bool)

    def __init__(self, queue: PlayQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue

    @property
    def queue(self) -> PlayQueue:
        """To look at. Edit it through the player, which tells everyone."""
        return self._queue

    def enqueue(self, tracks: Iterable[TrackId], origin: PlayContext = UNKNOWN) -> None:
        """Put `tracks`, which have this origin, at the end."""
        self._queue.append(tracks, origin=origin)
        self.queue_changed.emit()

    def extend(self, tracks: Iterable[TrackId], origin: PlayContext) -> None:
        """Put `tracks` where they play last, which is no edit that could be undone."""
        self._queue.extend(tracks, origin=origin)
        self.queue_changed.emit()

    def play_next(self, tracks: Iterable[TrackId], origin: PlayContext = UNKNOWN) -> None:
        self._queue.play_next(tracks, origin=origin)
        self.queue_changed.emit()

    def insert(self, at: int, tracks: Iterable[TrackId]) -> None:
        self._queue.insert(at, tracks)
        self.queue_changed.emit()

    def remove(self, indexes: Iterable[int]) -> None:
        """Take items out of the queue; the one that plays goes on to its end."""
        self._queue.remove(indexes)
        self.queue_changed.emit()

    def move(self, indexes: Iterable[int], to: int) -> None:
        self._queue.move(indexes, to)
        self.queue_changed.emit()

    def clear(self) -> None:
        """Empty the queue; what plays goes on to its end."""
        before = len(self._queue)
        self._queue.clear()
        self.queue_changed.emit()
        if before:
            self.queue_swept.emit(before, False)

    def mark_stop(self, index: int | None) -> None:
        """Stop after the item at `index` has played, once; None takes the mark away.

        Raises:
            IndexError: there is no such item.
        """
        self._queue.stop_after = None if index is None else self._queue.items[index].uid
        self.queue_changed.emit()

    def undo(self) -> bool:
        undone = self._queue.undo()
        if undone:
            self.queue_changed.emit()
        return undone
