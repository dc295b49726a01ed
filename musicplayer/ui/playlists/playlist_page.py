"""The page of a playlist: its head, its table, and what is said where there is nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.search import QueryError
from indexer.core.catalogue.smart import SmartRule, find
from indexer.core.language import tr, trn
from indexer.core.phrases import sentence, span
from indexer.core.playlist import Playlist
from indexer.core.tracks import Track, TrackId
from musicplayer.library.library import Library
from musicplayer.library.playlists import Playlists
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.covers import MOST
from musicplayer.ui.look.item_views import choose_rows
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import DropPage
from musicplayer.ui.playlists.playlist_header import PlaylistHeader
from musicplayer.ui.playlists.playlist_model import NAMES, PlaylistModel
from musicplayer.ui.playlists.playlist_view import PlaylistView
from musicplayer.ui.playlists.smart_dialog import rule_in_words

REFRESH_MS = 300
"""While a scan brings tracks, the page takes them in this often."""

_LOOKED_AT_FOR_COVERS = 400
_MOST_KEPT = 1_000
"""Rows of a selection that are found again after a restart."""


class PlaylistPage(QWidget):
    """Shows the playlist that was chosen, and follows it.

    Signals:
        play_requested: list of TrackId, and where in it to start.
        row_activated: the row of a track that was double-clicked.
        shuffle_requested, queue_requested: list of TrackId.
        export_requested, edit_requested: the id of the playlist.
        drop_requested: the id, list of TrackId or of paths, and the position before which to put them.
        removed: the id and how many tracks were taken out of it.
        menu_requested: list of TrackId, the rows that hold them, and where on the screen.
    """

    play_requested = Signal(object, int)
    row_activated = Signal(int)
    shuffle_requested = Signal(object)
    queue_requested = Signal(object)
    export_requested = Signal(str)
    edit_requested = Signal(str)
    tracks_dropped = Signal(str, object, int)
    files_dropped = Signal(str, object, int)
    removed = Signal(str, int)
    menu_requested = Signal(object, object, QPoint)

    def __init__(
        self,
        playlists: Playlists,
        library: Library,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._playlists = playlists
        self._library = library
        self._shown = ""
        self.header = PlaylistHeader(look)
        self.model = PlaylistModel(library.catalogue, look, self, loose=library.loose_track)
        self.table = PlaylistView(self.model, look.theme)
        self.state = DropPage(self.model, look)
        self.sorted_note = ElidedLabel("small")
        self.save_order = push_button(tr("Save this order"))
        self.own_order = push_button(tr("Playlist order"))
        self._later = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._build_ui()
        self._connect()

    @property
    def playlist(self) -> str:
        """Id of the playlist that is shown."""
        return self._shown

    def show_playlist(self, playlist: str) -> None:
        """Show the playlist of an id."""
        self._shown = playlist
        self.refresh()
        self.table.scrollToTop()

    def refresh(self) -> None:
        """Show the playlist as it is."""
        found = self._playlists.get(self._shown)
        if found is None:
            return
        self._later.stop()
        problem = self._fill(found)
        self._show_header(found, problem)
        self._show_state(found, problem)

    def on_library_reset(self) -> None:
        """The library is another one."""
        self.model.forget()
        self.refresh()

    def play_shown(self) -> bool:
        """Play several that are selected, else everything from the selected row on; whether anything is shown."""
        rows = self.table.selected_rows()
        if len(rows) > 1:
            self.play_requested.emit(self.model.tracks_at(rows), 0)
        elif self.model.rowCount():
            self.play_requested.emit(self.model.shown_tracks(), rows[0] if rows else 0)
        return self.model.rowCount() > 0

    def view_state(self) -> dict[str, Any]:
        """Positions in the playlist that are selected, and the row in view, in values that JSON takes."""
        rows = self.table.selected_rows()
        return {"positions": self.model.positions(rows[:_MOST_KEPT]), "top": self.table.rowAt(0)}

    def restore_view(self, state: Mapping[str, Any]) -> None:
        """Select and bring into view what `view_state` named; the playlist is shown in its own order."""
        self.refresh()
        positions, top, end = state.get("positions"), state.get("top"), self.model.rowCount()
        choose_rows(
            self.table, [row for row in (positions if isinstance(positions, list) else []) if row in range(end)]
        )
        if isinstance(top, int) and top in range(end):
            self.table.scrollTo(self.model.index(top, 1), self.table.ScrollHint.PositionAtTop)

    def refresh_soon(self) -> None:
        """The library changed; what is shown may be other tracks or have other names."""
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def edit_name(self) -> None:
        self.header.edit_name()

    def show_tracks_at(self, first: int, last: int) -> None:
        """Select a range of the playlist and bring it into view."""
        self.table.select_rows(first, last)

    # Helpers

    def _fill(self, playlist: Playlist) -> str:
        """Give the model its rows; return what is wrong with the search of a smart one."""
        if not playlist.is_smart:
            self.model.show_tracks(playlist.id, self._playlists.tracks(playlist.id))
            return ""
        try:
            rows = find(self._library.catalogue, SmartRule.of(playlist), playlist.id)
        except QueryError as error:
            self.model.show_found(playlist.id, self._library.catalogue.rows()[:0])
            return sentence(error.message, error.advice)
        self.model.show_found(playlist.id, rows)
        return ""

    def _show_header(self, playlist: Playlist, problem: str) -> None:
        number = self.model.rowCount()
        parts = [trn("{number} track", "{number} tracks", number)] if not problem else []
        if number:
            parts.append(span(self.model.total_seconds()))
        if playlist.is_smart:
            parts.append(rule_in_words(SmartRule.of(playlist)))
        self.header.show_playlist(playlist.name, " · ".join(parts), smart=playlist.is_smart, empty=number == 0)
        self.header.mosaic.show_tracks(self._album_tracks(), "lightning" if playlist.is_smart else "playlist")

    def _show_state(self, playlist: Playlist, problem: str) -> None:
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.table)
            return
        if problem:
            self.state.show_state("warning-circle", tr("This search cannot be understood"), problem)
        elif playlist.is_smart:
            self.state.show_state(
                "lightning", tr("Nothing is found"), tr("Tracks appear here as soon as the search finds some.")
            )
        else:
            self.state.show_state(
                "playlist",
                tr("This playlist is empty"),
                tr("Drag tracks here, or choose “Add to playlist” in the menu of any track."),
            )
        self._stack.setCurrentWidget(self.state)

    def _album_tracks(self) -> list[Track]:
        """One track each of the first four albums."""
        albums: dict[tuple[str, str], Track] = {}
        for track in self.model.tracks_at(range(min(self.model.rowCount(), _LOOKED_AT_FOR_COVERS))):
            found = self._library.track(track)
            if found is not None:
                albums.setdefault((found.album or found.artist, found.album_artist), found)
            if len(albums) == MOST:
                break
        return list(albums.values())

    def _build_ui(self) -> None:
        self._sorted = QWidget()
        self._sorted.setObjectName("panelNote")
        self._sorted.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(self._sorted)
        line.setContentsMargins(14, 6, 12, 6)
        line.setSpacing(8)
        line.addWidget(self.sorted_note, 1)
        line.addWidget(self.own_order)
        line.addWidget(self.save_order)
        self._sorted.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._sorted)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        header, table, model = self.header, self.table, self.model
        header.renamed.connect(lambda name: self._playlists.rename(self._shown, name))
        header.play.clicked.connect(lambda: self.play_requested.emit(model.shown_tracks(), 0))
        header.shuffle.clicked.connect(lambda: self.shuffle_requested.emit(model.shown_tracks()))
        header.queue.clicked.connect(lambda: self.queue_requested.emit(model.shown_tracks()))
        header.export.clicked.connect(lambda: self.export_requested.emit(self._shown))
        header.edit.clicked.connect(lambda: self.edit_requested.emit(self._shown))
        table.row_activated.connect(self.row_activated)
        table.play_requested.connect(lambda tracks: self.play_requested.emit(tracks, 0))
        table.play_from_requested.connect(lambda row: self.play_requested.emit(model.shown_tracks(), row))
        table.menu_requested.connect(
            lambda spot: self.menu_requested.emit(table.selected_tracks(), table.selected_rows(), spot)
        )
        table.remove_requested.connect(self.remove_rows)
        table.move_requested.connect(self._on_move_by_key)
        table.undo_requested.connect(self._playlists.undo)
        model.moved.connect(self._on_moved)
        model.tracks_dropped.connect(lambda tracks, at: self.tracks_dropped.emit(self._shown, tracks, at))
        model.files_dropped.connect(lambda paths, at: self.files_dropped.emit(self._shown, paths, at))
        model.sorted_changed.connect(self._on_sorted)
        self.save_order.clicked.connect(self._on_save_order)
        self.own_order.clicked.connect(self._forget_sorting)
        self._playlists.changed.connect(lambda key: self.refresh() if key == self._shown else None)
        self._later.timeout.connect(self.refresh)

    def remove_rows(self, rows: Sequence[int]) -> None:
        """Take visible rows out of the list."""
        found = self._playlists.get(self._shown)
        if found is None or found.is_smart or not rows:
            return
        self._playlists.remove(self._shown, self.model.positions(rows))
        after = min(rows[0], self.model.rowCount() - 1)
        self.table.select_rows(after, after)
        self.removed.emit(self._shown, len(rows))

    def _on_moved(self, positions: list[int], to: int) -> None:
        self._playlists.move(self._shown, positions, to)
        first = to - sum(position < to for position in positions)
        self.table.select_rows(first, first + len(positions) - 1)

    def _on_move_by_key(self, rows: list[int], step: int) -> None:
        found = self._playlists.get(self._shown)
        if found is None or found.is_smart or self.model.sorted_by is not None:
            return
        to = rows[0] - 1 if step < 0 else rows[-1] + 2
        if 0 <= to <= self.model.rowCount():
            self._on_moved(rows, to)

    def _on_sorted(self) -> None:
        column = self.model.sorted_by
        found = self._playlists.get(self._shown)
        self._sorted.setVisible(column is not None)
        self.save_order.setVisible(found is not None and not found.is_smart)
        if column is not None:
            self.sorted_note.set_whole_text(
                tr("Sorted by “{column}” to look at; the playlist keeps its order.", column=tr(NAMES[column]))
            )

    def _on_save_order(self) -> None:
        tracks: list[TrackId] = self.model.shown_tracks()
        self._forget_sorting()
        self._playlists.set_tracks(self._shown, tracks)

    def _forget_sorting(self) -> None:
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
