"""The play queue as a list model: rows follow the player, drops become edits of the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Qt, Signal

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.shown import Column, format_length
from indexer.core.language import mark, tr
from indexer.core.playing.queue import QueueItem, Repeat
from indexer.core.tracks import Seconds, Track, TrackId, TrackOf
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.look.mime import FILES, QUEUE_ROWS, TRACKS, files_of, queue_rows_of, queue_rows_to_mime, tracks_of
from musicplayer.ui.look.ordered_rows import OrderedList
from musicplayer.ui.look.track_rows import OUTSIDE, UNKNOWN, Index, Role, catalogue_fact, nobody

_NOW = {PlaybackState.PLAYING: mark("Playing now: "), PlaybackState.PAUSED: mark("Paused: ")}
_NO_UIDS: NDArray[np.int64] = np.empty(0, dtype=np.int64)
_SOURCES = {"radio": mark("Chosen by the radio"), "journey": mark("A step of the journey")}


class QueueModel(OrderedList):
    """One row per item of the queue, less those that were played and are folded. Keys are the items' own numbers.

    Signals:
        files_dropped: list of paths, and the row before which to put their tracks.
        repaint_needed: names or marks may be others, sizes are not. Qt's own signal for it lays every row out again,
            which takes half a second for fifty thousand.
    """

    takes_drops = True
    files_dropped = Signal(object, int)
    repaint_needed = Signal()

    def __init__(
        self, player: Player, catalogue: Catalogue, parent: QObject | None = None, *, loose: TrackOf = nobody
    ) -> None:
        """Show the queue of `player` in the names of `catalogue`; `loose` knows tracks that are not in it."""
        super().__init__(parent)
        self._loose = loose
        self._player = player
        self._catalogue = catalogue
        self._items: dict[int, QueueItem] = {}
        self._shown: tuple[QueueItem, ...] = ()
        self._current: int | None = None
        self._played: frozenset[int] = frozenset()
        self._folded: frozenset[int] = frozenset()
        self._uids = _NO_UIDS
        self._places = _NO_UIDS
        self._seconds: NDArray[np.float64] | None = None
        self._about: dict[int, Callable[[QueueItem, int], object]] = {
            Role.TRACK: lambda item, _: item.track,
            Role.CURRENT: lambda _, row: row == self._current,
            Role.STATE: lambda _, row: self._player.state.value if row == self._current else None,
            Role.SOURCE: lambda item, _: item.origin.source.value,
            Role.STOPS: self._stops_after,
            Role.PLAYED: lambda item, row: item.uid in self._played and row != self._current,
            Qt.ItemDataRole.ToolTipRole: self._marks,
        }
        player.queue_changed.connect(self.refresh)
        player.modes_changed.connect(self._on_modes)
        player.state_changed.connect(lambda _: self.repaint_needed.emit())
        self.refresh()

    def refresh(self) -> None:
        """Show the queue as it is."""
        items = self._player.queue.items
        if items != self._shown:
            self._items.update((item.uid, item) for item in items)
            self._uids = np.array([item.uid for item in items], dtype=np.int64)
            self._shown = items
            self._seconds = None
        self._on_modes()
        if len(self._items) > len(items):
            self._items = {item.uid: item for item in items}

    def fold(self, on: bool) -> None:
        """Leave out what was played so far, or show it again; what comes to be played later is shown until then."""
        folded = self._player.queue.played if on else frozenset()
        if folded != self._folded:
            self._folded = folded
            self._on_modes()

    @property
    def folded(self) -> int:
        """How many items are not shown."""
        return len(self._shown) - len(self._places)

    @property
    def played(self) -> int:
        """How many items were played, shown or not."""
        return len(self._played)

    def place_of(self, row: int) -> int:
        """Where in the queue a row is; behind the last row is the end of the queue."""
        return int(self._places[row]) if row < len(self._places) else len(self._shown)

    def places_of(self, rows: Iterable[int]) -> list[int]:
        """The same of several."""
        return [self.place_of(row) for row in rows]

    def on_catalogue_changed(self) -> None:
        """Names and lengths may be others."""
        self._seconds = None
        self.repaint_needed.emit()

    @property
    def current_row(self) -> int | None:
        """The row of the current item."""
        return self._current

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._items[key].track for key in self._keys[list(rows)].tolist()]

    def total_seconds(self) -> Seconds:
        """Length of everything in the queue; tracks of unknown length count nothing."""
        return float(self._lengths().sum())

    def seconds_to_come(self) -> Seconds | None:
        """Length of what comes after the current item; None where there is no end to it, or nothing is current."""
        if self._current is None or self._player.queue.repeat is not Repeat.OFF:
            return None
        coming = [item.uid for item in self._player.queue.upcoming()]
        return float(self._lengths()[np.isin(self._uids, coming)].sum())

    # Qt's side

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._items[int(self._keys[index.row()])]
        about = self._about.get(role)
        if about is not None:
            return about(item, index.row())
        loose = self._loose(item.track)
        if loose is not None:
            return self._of_loose(loose, role, index)
        row = self._catalogue.row_of(item.track)
        if row is None:
            return tr(UNKNOWN) if role == Qt.ItemDataRole.DisplayRole else role == Role.AWAY or None
        return self._of_catalogue(row, role, index)

    def _of_catalogue(self, row: int, role: int, index: Index) -> Any:
        catalogue = self._catalogue
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(
                f"{catalogue.title(row)}, {catalogue.artist(row)}, {catalogue.text(row, Column.LENGTH)}", index.row()
            )
        return catalogue_fact(catalogue, row, role)

    def _of_loose(self, track: Track, role: int, index: Index) -> Any:
        length = format_length(track.seconds)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(f"{track.title}, {track.artist}, {length}", index.row())
        facts: dict[int, str] = {
            Qt.ItemDataRole.DisplayRole: track.title,
            Role.ARTIST: track.artist,
            Role.LENGTH: length,
        }
        return True if role == Role.LOOSE else facts.get(role)

    def _spoken(self, names: str, row: int) -> str:
        now = tr(_NOW.get(self._player.state, "")) if row == self._current else ""
        marks = self._marks(self._items[int(self._keys[row])], row)
        return f"{now}{names}, {marks}" if marks else f"{now}{names}"

    def mimeTypes(self) -> list[str]:
        return [QUEUE_ROWS, TRACKS, FILES]

    def dragged(self, rows: list[int]) -> QMimeData:
        return queue_rows_to_mime(self.places_of(rows), self.tracks_at(rows))

    def dropMimeData(
        self,
        data: QMimeData,
        action: Qt.DropAction,  # noqa: ARG002 - rows of the queue move, others are copied, whatever key is held
        row: int,
        column: int,  # noqa: ARG002
        parent: Index,
    ) -> bool:
        at = self.place_of(self.drop_place(row, parent))
        if places := queue_rows_of(data):
            self._player.move(places, at)
        elif tracks := tracks_of(data):
            self._player.insert(at, tracks)
        elif paths := files_of(data):
            self.files_dropped.emit(paths, at)
        else:
            return False
        return True

    # Helpers

    def _on_modes(self) -> None:
        queue = self._player.queue
        self._played = queue.played
        self._current = None
        self._show()
        index = queue.index
        row = 0 if index is None else int(np.searchsorted(self._places, index))
        self._current = row if index is not None and self.place_of(row) == index else None
        self.repaint_needed.emit()

    def _show(self) -> None:
        """Bring the rows up to date: all but the folded ones that are still played, or all where that were none."""
        folded = self._folded & self._played
        shown = ~np.isin(self._uids, list(folded)) if folded else np.ones(len(self._uids), dtype=bool)
        if not shown.any():
            shown[:] = True
        self._places = np.flatnonzero(shown)
        self.show_keys(self._uids[shown])

    def _stops_after(self, item: QueueItem, row: int) -> bool:
        marked = self._player.queue.stop_after == item.uid
        return marked or (row == self._current and self._player.stop_after_current)

    def _marks(self, item: QueueItem, row: int) -> str:
        """What the glyphs of a row mean."""
        parts = [tr(_SOURCES[item.origin.source])] if item.origin.source in _SOURCES else []
        if self._loose(item.track) is not None:
            parts.append(tr(OUTSIDE))
        if self._stops_after(item, row):
            parts.append(tr("Playing stops after this"))
        return ". ".join(parts)

    def _lengths(self) -> NDArray[np.float64]:
        """Shape (items,): seconds, 0 where nobody knows; kept until items or names change."""
        if self._seconds is None:
            rows = [self._catalogue.row_of(item.track) for item in self._shown]
            known = np.append(np.nan_to_num(self._catalogue.numbers("seconds").array), 0.0)
            lengths = known[[-1 if row is None else row for row in rows]]
            for place, row in enumerate(rows):
                if row is None and (track := self._loose(self._shown[place].track)) is not None:
                    lengths[place] = track.seconds or 0.0
            self._seconds = lengths
        return self._seconds
