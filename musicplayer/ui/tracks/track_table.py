"""The library as a table model over the catalogue, which it sorts and filters by arrays of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from indexer.core.catalogue.catalogue import Catalogue, CatalogueChange, Rows
from indexer.core.catalogue.fields import DERIVED
from indexer.core.catalogue.search import Query, match
from indexer.core.catalogue.shown import SHOWN, Column, Kind
from indexer.core.language import mark
from indexer.core.tracks import TrackId
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.ordered_rows import Keys
from musicplayer.ui.look.track_rows import Index
from musicplayer.ui.tracks.marked_table import ALIGNMENT, DISPLAY, LOOKS, SPOKEN, TOOL_TIP, MarkedTable
from musicplayer.ui.tracks.scope import EVERYTHING, Scope

REFRESH_MS = 300
"""While a scan brings tracks, the table takes them in this often; the first change shows at once."""

MARK = 0
"""Number of the narrow first column that marks what plays and what is away."""

COLUMNS: tuple[Column | None, ...] = (None, *Column)


@dataclass(frozen=True)
class Header:
    """The name over a column, and how many pixels wide it is in a new installation."""

    name: str
    width: int


HEADERS = {
    Column.ARTIST: Header(mark("Artist"), 190),
    Column.TITLE: Header(mark("Title"), 240),
    Column.ALBUM: Header(mark("Album"), 190),
    Column.GENRE: Header(mark("Genre"), 110),
    Column.YEAR: Header(mark("Year"), 58),
    Column.LENGTH: Header(mark("Length"), 66),
    Column.PLAYS: Header(mark("Plays"), 58),
    Column.ADDED: Header(mark("Added"), 96),
    Column.PATH: Header(mark("File"), 320),
    Column.ALBUM_ARTIST: Header(mark("Album artist"), 170),
    Column.NUMBER: Header(mark("No."), 58),
    Column.DISC: Header(mark("Disc"), 58),
    Column.GENRES: Header(mark("All genres"), 190),
    Column.LAST_PLAYED: Header(mark("Last played"), 96),
    Column.LICENCE: Header(mark("Licence"), 200),
    Column.RATING: Header(mark("Rating"), 84),
    Column.FAVOURITE: Header(mark("Favourite"), 82),
    Column.BPM: Header(mark("BPM"), 58),
    Column.KEY: Header(mark("Key"), 84),
    Column.LOUDNESS: Header(mark("Loudness"), 84),
    Column.FORMAT: Header(mark("Format"), 80),
    Column.BIT_RATE: Header(mark("kbit/s"), 66),
    Column.SAMPLE_RATE: Header(mark("kHz"), 58),
    Column.CHANNELS: Header(mark("Channels"), 66),
    Column.GAIN: Header(mark("Track gain"), 84),
    Column.RECORDING_ID: Header(mark("Recording at MusicBrainz"), 270),
    Column.ALBUM_ID: Header(mark("Album at MusicBrainz"), 270),
    Column.ARTIST_ID: Header(mark("Artist at MusicBrainz"), 270),
}
NAMES = {column: HEADERS[column].name for column in Column}
NUMBERS = frozenset(column for column in Column if SHOWN[column].kind.is_number)


class TrackTableModel(MarkedTable):
    """What the library table shows. Keys are rows of the catalogue.

    Signals:
        refreshed: other tracks may be shown now, or in another order.
    """

    refreshed = Signal()

    def __init__(self, catalogue: Catalogue, look: Look, parent: QObject | None = None) -> None:
        super().__init__(NAMES, COLUMNS, NUMBERS, look, parent)
        self._catalogue = catalogue
        self._query = Query()
        self._scope = EVERYTHING
        self._needles: dict[int, tuple[str, ...]] = {}
        self._active = True
        self._sort_column = Column.ARTIST
        self._descending = False
        self._by_hand = False  # sorted by a click after the search asked for an order
        self._playing: int | None = None
        self._stale = False
        self._pace = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._pace.timeout.connect(self._on_pace)
        self.refresh()

    # What it shows

    @property
    def query(self) -> Query:
        return self._query

    def set_query(self, query: Query, matched: Rows | None = None) -> None:
        """Show only what `query` finds, which is `matched` where that is known already."""
        if query != self._query:
            self._by_hand = self._by_hand and query.sorting == self._query.sorting
            self._query = query
            self._find_needles()
            self.refresh(matched)

    @property
    def scope(self) -> Scope:
        return self._scope

    def set_scope(self, scope: Scope, query: Query | None = None, sorting: tuple[Column, bool] | None = None) -> None:
        """Show only a part of the library; `sorting` is a column and whether descending."""
        self._scope = scope
        if sorting is not None:
            self._sort_column, self._descending = sorting
        if query is not None:
            self._query, self._by_hand = query, False
            self._find_needles()
        self.refresh()

    @property
    def sorting(self) -> tuple[Column, bool]:
        """The first column that is sorted by and whether descending: as the search asks, else as was clicked."""
        return self._sortings()[0]

    def scope_rows(self) -> Rows:
        """What the scope holds without a search."""
        rows = self._catalogue.rows()
        return rows if self._scope.filter is None else self._scope.filter(rows)

    def scope_size(self) -> int:
        """How many tracks the scope holds without a search."""
        return len(self.scope_rows())

    def needles(self, column: int) -> tuple[str, ...]:
        """The folded texts that the search looks for in a column."""
        return self._needles.get(column, ())

    def set_active(self, active: bool) -> None:
        """Follow the library only while somebody looks."""
        self._active = active
        if active and self._stale:
            self.refresh()

    def set_playing(self, track: TrackId | None, *, paused: bool = False) -> None:
        """Mark the row of the track that plays or is paused."""
        before, self._playing = self._playing, None if track is None else self._catalogue.row_of(track)
        self._paused = paused
        for key in {before, self._playing}:
            if key is not None:
                self._repaint(self.row_showing(key))

    def tracks_at(self, rows: Iterable[int]) -> list[TrackId]:
        return self._catalogue.ids(self._keys[list(rows)].tolist())

    def shown_tracks(self) -> list[TrackId]:
        """All, in the order that is seen."""
        return self._catalogue.ids(self._keys.tolist())

    @property
    def library_size(self) -> int:
        """How many tracks there are, shown or not."""
        return len(self._catalogue)

    def samples(self, column: Column, most: int) -> list[str]:
        """What the cells of a column say, of so many tracks at most, evenly from all over the library."""
        rows = self._catalogue.rows()
        chosen = rows[:: max(len(rows) // most, 1)][:most]
        return [self._catalogue.text(row, column) for row in chosen.tolist()]

    def row_starting(self, typed: str, start: int) -> int | None:
        """The first visible row at or after `start`, and then from the top, whose sorted column starts with `typed`.

        Dates, of which nearly every track has its own, give way to titles.
        """
        sorted_by, _ = self.sorting
        column = Column.TITLE if SHOWN[sorted_by].kind is Kind.DATE else sorted_by
        found = np.flatnonzero(self._catalogue.starting(column, typed)[self._keys])
        if not len(found):
            return None
        return int(found[np.searchsorted(found, start) % len(found)])

    def row_of(self, track: TrackId) -> int | None:
        """The visible row of a track; None where the search hides it."""
        key = self._catalogue.row_of(track)
        return None if key is None else self.row_showing(key)

    # What happens to the catalogue

    def on_changed(self, change: CatalogueChange) -> None:  # noqa: ARG002 - a refresh costs the same whatever changed
        """Take the change in: now, or together with those that follow within a moment."""
        if self._pace.isActive() or not self._active:
            self._stale = True
            return
        self.refresh()
        self._pace.start()

    def on_reset(self) -> None:
        """Rows mean other tracks now."""
        self.beginResetModel()
        self._keys = self._wanted() if self._active else self._keys[:0]
        self._stale = not self._active
        self._playing = None
        self.endResetModel()
        self.refreshed.emit()

    def on_plays_changed(self) -> None:
        if not self._active:
            self._stale = True
            return
        by_what_is_said = any(SHOWN[column].field in DERIVED for column, _ in self._sortings())
        if by_what_is_said or self._query.terms or self._scope.by_plays:
            self.refresh()
        self.repaint_all()

    def refresh(self, matched: Rows | None = None) -> None:
        """Search and sort again; what the search finds is `matched` where that is known already."""
        self._stale = False
        self.show_keys(self._wanted(matched))
        self.repaint_all()
        self.refreshed.emit()

    # Qt's side

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        column = COLUMNS[index.column()]
        if role == DISPLAY:
            return None if column is None else self._catalogue.text(int(self._keys[index.row()]), column)
        if role == ALIGNMENT:
            return self._sides[index.column()]
        if role in LOOKS:
            return self._look(int(self._keys[index.row()]), column, role)
        if role == SPOKEN:
            return self.spoken(index, self._state(int(self._keys[index.row()])))
        if role == TOOL_TIP and column is None:
            return self._state(int(self._keys[index.row()]))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        chosen = COLUMNS[column] if 0 <= column < len(COLUMNS) else None
        if chosen is None:
            return
        self._sort_column, self._by_hand = chosen, True
        self._descending = order == Qt.SortOrder.DescendingOrder
        self.refresh()

    # Helpers

    def _wanted(self, matched: Rows | None = None) -> Keys:
        rows = match(self._catalogue, self._query) if matched is None else matched
        if self._scope.filter is not None:
            rows = self._scope.filter(rows)
        return np.asarray(self._catalogue.sorted_by(rows, self._sortings()), dtype=np.int64)

    def _sortings(self) -> list[tuple[Column, bool]]:
        asked = [] if self._by_hand else [(one.column, one.descending) for one in self._query.sorting]
        return asked or [(self._sort_column, self._descending)]

    def _find_needles(self) -> None:
        self._needles = {}
        for section, column in enumerate(COLUMNS):
            field = None if column is None else SHOWN[column].field
            found = tuple(term.needle for term in self._query.needles if field in term.fields)
            if found:
                self._needles[section] = found

    def _look(self, key: int, column: Column | None, role: int) -> Any:
        playing, away = key == self._playing, self._catalogue.is_away(key)
        if not (playing or away):
            return None
        return self.look(role, playing=playing, away=away, marks=column is None)

    def _state(self, key: int) -> str:
        return self.meaning(playing=key == self._playing, away=self._catalogue.is_away(key))

    def _on_pace(self) -> None:
        if self._stale and self._active:
            self.refresh()
            self._pace.start()

    def _repaint(self, row: int | None) -> None:
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
