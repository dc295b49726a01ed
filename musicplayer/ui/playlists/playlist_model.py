"""The tracks of a playlist as a table model: in the playlist's order, or sorted by a column to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Qt, Signal

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.shown import Column, format_length
from indexer.core.language import mark, number, tr
from indexer.core.playlists.placeholders import entry_of
from indexer.core.text import shown_text
from indexer.core.tracks import Seconds, TrackId, TrackOf
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import (
    FILES,
    PLAYLIST_ROWS,
    TRACKS,
    files_of,
    playlist_rows_of,
    playlist_rows_to_mime,
    tracks_of,
)
from musicplayer.ui.look.ordered_rows import Keys
from musicplayer.ui.look.track_rows import OUTSIDE, UNKNOWN, Index, nobody
from musicplayer.ui.tracks import track_table
from musicplayer.ui.tracks.marked_table import ALIGNMENT, DISPLAY, LOOKS, SPOKEN, TOOL_TIP, MarkedTable

MARK, PLACE = "mark", "place"

COLUMNS: tuple[str | Column, ...] = (
    MARK,
    PLACE,
    Column.TITLE,
    Column.ARTIST,
    Column.ALBUM,
    Column.GENRE,
    Column.YEAR,
    Column.LENGTH,
    Column.PLAYS,
)
NAMES: dict[str, str] = {PLACE: mark("#")} | dict(track_table.NAMES.items())
_AWAITED = mark("An entry without a name")
_BITS = 24
"""A key is the row of a track in the catalogue, below zero for one it never heard of, and how often it came before."""


class PlaylistModel(MarkedTable):
    """Shows one playlist at a time. Drops are told, not carried out.

    Signals:
        moved: positions in the playlist, and the position before which they are to go.
        tracks_dropped: list of TrackId, and the position before which to put them.
        files_dropped: list of paths, and the position before which to put them.
        sorted_changed: another column sorts what is seen.
    """

    takes_drops = True
    moved = Signal(object, int)
    tracks_dropped = Signal(object, int)
    files_dropped = Signal(object, int)
    sorted_changed = Signal()

    def __init__(
        self,
        catalogue: Catalogue,
        look: Look,
        parent: QObject | None = None,
        *,
        loose: TrackOf = nobody,
    ) -> None:
        """Show tracks in the names of `catalogue`; `loose` knows tracks that are not in it."""
        super().__init__(NAMES, COLUMNS, {PLACE, *track_table.NUMBERS}, look, parent)
        self._loose = loose
        self._catalogue = catalogue
        self._playlist = ""
        self._editable = False
        self._unknown: list[TrackId] = []
        self._codes: Rows = np.empty(0, np.int64)  # in the playlist's order
        self._positions: Rows = np.empty(0, np.int64)  # in the playlist, of each visible row
        self._column: Column | None = None
        self._descending = False
        self._playing: TrackId | None = None

    # What it shows

    def show_tracks(self, playlist: str, tracks: Sequence[TrackId]) -> None:
        """Show a list, which drops can edit."""
        self._unknown = []
        places: dict[TrackId, int] = {}
        found = list(map(self._catalogue.row_of, tracks))
        codes = [self._strange(track, places) if row is None else row for track, row in zip(tracks, found, strict=True)]
        self._show(playlist, np.asarray(codes, np.int64), editable=True)

    def show_found(self, playlist: str, rows: Rows) -> None:
        """Show what a smart playlist finds."""
        self._unknown = []
        self._show(playlist, np.asarray(rows, np.int64), editable=False)

    def forget(self) -> None:
        """The rows of the catalogue mean other tracks: show nothing until the next playlist."""
        self._show("", np.empty(0, np.int64), editable=False)

    def set_playing(self, track: TrackId | None, *, paused: bool = False) -> None:
        """Mark the track that plays or is paused."""
        self._playing, self._paused = track, paused
        self.repaint_all()

    @property
    def sorted_by(self) -> Column | None:
        """The column that sorts what is seen, None in the playlist's own order."""
        return self._column

    def positions(self, rows: Iterable[int]) -> list[int]:
        """Places in the playlist of visible rows."""
        return [int(position) for position in self._positions[list(rows)]]

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._track(int(key) >> _BITS) for key in self._keys[list(rows)]]

    def shown_tracks(self) -> list[TrackId]:
        """All, in the order that is seen."""
        return self.tracks_at(range(len(self._keys)))

    def total_seconds(self) -> Seconds:
        """Length of everything; tracks of unknown length count nothing."""
        lengths = self._catalogue.numbers("seconds").array[self._codes[self._codes >= 0]]
        return float(np.nansum(lengths))

    # Qt's side

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        column, row = COLUMNS[index.column()], index.row()
        code = int(self._keys[row]) >> _BITS
        if role == DISPLAY:
            return self._text(code, column, row)
        if role == ALIGNMENT:
            return self._sides[index.column()]
        if role in LOOKS:
            return self._look(code, column, role)
        if role == SPOKEN:
            return self.spoken(index, self._state(code))
        if role == TOOL_TIP and column == MARK:
            return self._state(code)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == TOOL_TIP and section == COLUMNS.index(PLACE):
            return tr("The order of the playlist")
        return super().headerData(section, orientation, role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort what is seen; the first columns, and none, bring back the playlist's own order."""
        chosen = COLUMNS[column] if 0 <= column < len(COLUMNS) else PLACE
        self._column = chosen if isinstance(chosen, Column) else None
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._refresh()
        self.sorted_changed.emit()

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [PLAYLIST_ROWS, TRACKS, FILES]

    def dragged(self, rows: list[int]) -> QMimeData:
        return playlist_rows_to_mime(self._playlist, self.positions(rows), self.tracks_at(rows))

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:  # noqa: ARG002
        """Whether a drop makes sense: rows of this list cannot be put in order while a column sorts them."""
        if not self._editable or not any(map(data.hasFormat, self.mimeTypes())):
            return False
        return self._column is None or not playlist_rows_of(data, self._playlist)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        at = self.drop_place(row, parent)
        if self._column is not None:
            at = len(self._keys)  # a place among sorted rows is none in the playlist
        if rows := playlist_rows_of(data, self._playlist):
            self.moved.emit(rows, at)
        elif tracks := tracks_of(data):
            self.tracks_dropped.emit(tracks, at)
        elif paths := files_of(data):
            self.files_dropped.emit(paths, at)
        else:
            return False
        return True

    # Helpers

    def _show(self, playlist: str, codes: Rows, *, editable: bool) -> None:
        other = playlist != self._playlist
        self._playlist, self._editable, self._codes = playlist, editable, codes
        if other:
            self._column = None
            self.beginResetModel()
            self._positions = np.arange(len(codes))
            self._keys = _distinct(codes)
            self.endResetModel()
            self.sorted_changed.emit()
        else:
            self._refresh()

    def _refresh(self) -> None:
        self._positions = self._sorted()
        self.show_keys(_distinct(self._codes)[self._positions])
        self.repaint_all()

    def _sorted(self) -> Rows:
        if self._column is None:
            return np.arange(len(self._codes))
        known = np.unique(self._codes[self._codes >= 0]).astype(np.intp)
        ranks = np.full(self._catalogue.row_count + 1, self._catalogue.row_count)  # the last one for what is unknown
        ranks[self._catalogue.sort_order(known, self._column, self._descending)] = np.arange(len(known))
        return np.argsort(ranks[np.maximum(self._codes, -1)], kind="stable")

    def _strange(self, track: TrackId, places: dict[TrackId, int]) -> int:
        if track not in places:
            self._unknown.append(track)
            places[track] = -len(self._unknown)
        return places[track]

    def _track(self, code: int) -> TrackId:
        return self._catalogue.id_at(code) if code >= 0 else self._unknown[-code - 1]

    def _text(self, code: int, column: str | Column, row: int) -> str | None:
        if column == PLACE:
            return number(self._positions[row] + 1) if row < len(self._positions) else ""
        if column == MARK:
            return None
        if code < 0:
            return self._text_of_unknown(self._track(code), column)
        return self._catalogue.text(code, Column(column))

    def _text_of_unknown(self, track: TrackId, column: str | Column) -> str:
        """What a line says that waits for its music, or whose music lies outside the library."""
        loose = self._loose(track)
        if loose is not None:
            shown = {Column.TITLE: loose.title, Column.ARTIST: loose.artist, Column.ALBUM: loose.album}
            return format_length(loose.seconds) if column == Column.LENGTH else shown.get(Column(column), "")
        entry = entry_of(track)
        if entry is None:
            return tr(UNKNOWN) if column == Column.TITLE else ""
        if column == Column.TITLE:
            name = entry.place if entry.is_address else PurePath(entry.place.replace("\\", "/")).name
            return shown_text(entry.title or name or tr(_AWAITED))
        texts = {Column.ARTIST: entry.artist, Column.ALBUM: entry.album, Column.LENGTH: format_length(entry.seconds)}
        return shown_text(texts.get(Column(column), ""))

    def _look(self, code: int, column: str | Column, role: int) -> Any:
        playing = self._playing is not None and self._track(code) == self._playing
        away = code < 0 or self._catalogue.is_away(code) or not self._catalogue.is_listed(code)
        return self.look(role, playing=playing, away=away or column == PLACE, marks=column == MARK)

    def _state(self, code: int) -> str:
        if self._playing is not None and self._track(code) == self._playing:
            return self.meaning(playing=True, away=False)
        if code < 0 and self._loose(self._track(code)) is not None:
            return tr(OUTSIDE)
        if code < 0 and (entry := entry_of(self._track(code))) is not None:
            return tr("Not in your library: {place}", place=shown_text(entry.place))
        if code < 0 or not self._catalogue.is_listed(code):
            return tr(UNKNOWN)
        return self.meaning(playing=False, away=self._catalogue.is_away(code))


def _distinct(codes: NDArray[np.int64]) -> Keys:
    """One distinct number per entry: that of its track, and how often the track came before."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(codes) else order
    runs = np.diff(np.append(starts, len(codes)))
    before = np.empty(len(codes), np.int64)
    before[order] = np.arange(len(codes)) - np.repeat(starts, runs)
    return (codes << _BITS) + before
