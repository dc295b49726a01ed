"""A page of tracks: search over the table, or a page that says why there is no table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.search import Query, match
from indexer.core.catalogue.search_reasons import why_nothing
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark, number, tr, trn
from indexer.core.phrases import span
from indexer.core.tracks import Seconds, TrackId
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.track_commands import pop_up
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.item_views import choose_rows
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.tracks.empty_state import EmptyState
from musicplayer.ui.tracks.scope import Scope
from musicplayer.ui.tracks.search_row import SearchRow
from musicplayer.ui.tracks.track_table import TrackTableModel
from musicplayer.ui.tracks.track_view import LIBRARY_COLUMNS, TrackView

_COUNT_MS = 250
_SIDE_WIDTH = 230
_MOST_KEPT = 1_000
"""Tracks of a selection that are found again after a restart; of a larger one only the first, unless it is all."""


class LibraryPage(QWidget):
    """Search and table, of the whole library or of a part of it.

    Signals:
        play_requested: list of TrackId.
        row_activated: the row of a track that was double-clicked or found.
        searched: key of the scope, and what is typed.
        sorted_by: key of the scope, the column it is sorted by, and whether descending.
    """

    play_requested = Signal(object)
    row_activated = Signal(int)
    searched = Signal(str, str)
    sorted_by = Signal(str, object, bool)

    def __init__(
        self,
        catalogue: Catalogue,
        look: Look,
        columns: Sequence[Column] = LIBRARY_COLUMNS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._busy = False
        self._searches: dict[str, str] = {}
        self._sortings: dict[str, tuple[Column, bool]] = {}
        self.model = TrackTableModel(catalogue, look, self)
        self.table = TrackView(self.model, columns)
        self.row = SearchRow(look.icons)
        self.search = self.row.search
        self.summary = self.row.summary
        self.welcome = EmptyState(look.icons)
        self.page = StatePage(look)
        self._clear = push_button(tr("Clear the search"))
        self._count_later = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._build_ui()
        self._connect()
        self._on_refreshed()

    def set_indexing(self, running: bool) -> None:
        """An empty library is being filled, so it does not invite to fill it."""
        self._busy = running
        self._choose_page()

    def focus_search(self) -> None:
        self.row.focus()

    def play_shown(self) -> bool:
        """Play several that are selected, else everything from the selected row on; whether anything is shown."""
        rows = self.table.selected_rows()
        if len(rows) > 1:
            self.play_requested.emit(self.model.tracks_at(rows))
        elif self.model.rowCount():
            self.table.play_from_requested.emit(rows[0] if rows else 0)
        return self.model.rowCount() > 0

    def restore_searches(self, texts: Mapping[str, str]) -> None:
        """Search each scope as it was searched when Segue ended."""
        self._searches = dict(texts)
        text = self._searches.get(self.model.scope.key, "")
        if text != self.search.text():
            self.row.set_text(text)
            self.model.set_query(self.row.query)
            self._show_sorting()

    def view_state(self) -> dict[str, Any]:
        """What is selected and in view, in values that JSON takes."""
        rows, shown = self.table.selected_rows(), self.model.rowCount()
        kept = rows if len(rows) <= _MOST_KEPT else rows[:1]
        top = self.table.rowAt(0)
        return {
            "selected": self.model.tracks_at(kept),
            "everything": 1 < len(rows) == shown,
            "top": self.model.track_at(top) if 0 <= top < shown else "",
        }

    def restore_view(self, state: Mapping[str, Any]) -> None:
        """Select and bring into view what `view_state` named, as far as it is shown."""
        named = state.get("selected")
        tracks = [TrackId(track) for track in (named if isinstance(named, list) else []) if isinstance(track, str)]
        rows = [row for track in tracks if (row := self.model.row_of(track)) is not None]
        if state.get("everything") is True:
            self.table.selectAll()
        elif rows:
            choose_rows(self.table, rows)
        top = self.model.row_of(TrackId(str(state.get("top"))))
        if top is not None:
            self.table.scrollTo(self.model.index(top, 1), self.table.ScrollHint.PositionAtTop)

    def show_scope(self, scope: Scope) -> None:
        """Show a part of the library, as it was searched and sorted when it was shown last."""
        before = self.model.scope.key
        if scope.key == before:
            self.model.set_scope(scope)
            return
        self._searches[before] = self.search.text()
        self.row.set_text(self._searches.get(scope.key, ""))
        self.table.tell(scope.told)
        column, descending = self._sortings.get(scope.key, (scope.column, scope.descending))
        self.table.show_sorting(column, descending=descending)
        self.model.set_scope(scope, self.row.query, (column, descending))
        self._show_sorting()
        self.table.scrollToTop()

    def set_sorting(self, key: str, column: Column, *, descending: bool) -> None:
        """How a scope was sorted when it was shown last."""
        self._sortings[key] = (column, descending)
        if key == self.model.scope.key:
            self.table.sort_by(column, descending=descending)

    def set_header(self, header: QWidget) -> None:
        """Put a widget over the search."""
        self._layout.insertWidget(0, header)

    def set_head(self, head: QWidget) -> None:
        """Put a widget over the table, beside what stands left of it."""
        self._main.insertWidget(0, head)

    def set_foot(self, foot: QWidget) -> None:
        """Put a widget under the table."""
        self._main.addWidget(foot)

    def set_side(self, side: QWidget) -> None:
        """Put a widget left of the table."""
        self.splitter.insertWidget(0, side)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_SIDE_WIDTH, 4 * _SIDE_WIDTH])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the search from the rows, too."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.model.set_active(False)
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self.model.set_active(True)
        super().showEvent(event)

    def _build_ui(self) -> None:
        self.page.add_button(self._clear)
        self._stack = QStackedWidget()
        for page in (self.table, self.page):
            self._stack.addWidget(page)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self._main = QVBoxLayout()
        self._main.setContentsMargins(0, 0, 0, 0)
        self._main.setSpacing(0)
        self._main.addWidget(self._stack, 1)
        beside = QWidget()
        beside.setLayout(self._main)
        self.splitter.addWidget(beside)
        self._whole = QStackedWidget()
        self._whole.addWidget(self.splitter)
        self._whole.addWidget(self.welcome)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.row)
        self._layout.addWidget(self._whole, 1)

    def _connect(self) -> None:
        self.row.queried.connect(self._on_queried)
        self.search.entered.connect(self._on_entered)
        self.search.left_downwards.connect(self._enter_table)
        self.model.refreshed.connect(self._on_refreshed)
        self.table.play_requested.connect(self.play_requested)
        self.table.row_activated.connect(self.row_activated)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._on_sorted)
        self._clear.clicked.connect(self.search.clear)
        self._count_later.timeout.connect(self._show_summary)

    def _on_queried(self, query: Query) -> None:
        rows = match(self._catalogue, query)
        self._on_found(rows)
        self.model.set_query(query, rows)
        self._show_sorting()
        self._bring_into_view(query)
        self._on_refreshed()
        self.searched.emit(self.model.scope.key, self.search.text())

    def _bring_into_view(self, query: Query) -> None:
        """What was found begins at the top; without a search, what was chosen is seen among what lies around it."""
        chosen = self.table.selected_rows()
        if chosen and not query.narrows:
            self.table.scrollTo(self.model.index(chosen[0], 1), self.table.ScrollHint.PositionAtCenter)
        else:
            self.table.scrollToTop()

    def _show_sorting(self) -> None:
        """Show in the header what is sorted by: what the search asks for is not kept as what was clicked."""
        column, descending = self.model.sorting
        if self.table.sorting != (column, descending):
            self.table.show_sorting(column, descending=descending)

    def _on_found(self, rows: Rows) -> None:
        """A search is about to be shown that finds `rows` in the whole library; for pages that show more of it."""

    def _on_sorted(self) -> None:
        self._sortings[self.model.scope.key] = self.table.sorting
        self.sorted_by.emit(self.model.scope.key, *self.table.sorting)

    def _on_entered(self) -> None:
        """Play the selection if the search left any of it, else from the first track that was found."""
        rows = self.table.selected_rows()
        if self.row.is_wrong or not self.model.rowCount():
            return
        if len(rows) > 1:
            self.play_requested.emit(self.model.tracks_at(rows))
        else:
            self.row_activated.emit(rows[0] if rows else 0)

    def _enter_table(self) -> None:
        if self.model.rowCount():
            self.table.setFocus(Qt.FocusReason.TabFocusReason)
            self.table.selectRow(0)

    def _on_refreshed(self) -> None:
        self._choose_page()
        if not self._count_later.isActive():
            self._count_later.start()

    def _choose_page(self) -> None:
        listed = len(self._catalogue)
        self.row.setVisible(listed > 0 or self._busy)
        query = self.model.query
        searched = query.narrows
        self._clear.setVisible(listed > 0 and searched)
        if self.model.rowCount():
            self._show(self.table)
        elif listed and query.refused is not None:
            self._say("magnifying-glass", query.refused.message, query.refused.advice)
        elif listed and searched and self.model.scope_size():
            self._say(
                "magnifying-glass",
                tr("Nothing found for “{words}”", words=self.search.text()),
                query.hint or why_nothing(self._catalogue, query, self.model.scope_rows()) or tr(_SEARCH_HINT),
            )
        elif listed:
            empty = self.model.scope.empty
            self._say(empty.glyph, tr(empty.headline), tr(empty.detail))
        elif self._busy:
            self._say("folder-open", tr("Looking for music…"), tr("Tracks appear here as they are found."), busy=True)
        else:
            self._whole.setCurrentWidget(self.welcome)

    def _say(self, glyph: str, headline: str, detail: str, *, busy: bool = False) -> None:
        self.page.show_state(glyph, headline, detail, busy=busy)
        self._show(self.page)

    def _show(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        self._whole.setCurrentWidget(self.splitter)

    def _show_summary(self) -> None:
        keys = self.model.keys
        lengths = self._catalogue.numbers("seconds").array[keys]
        total: Seconds = float(lengths[lengths > 0].sum())
        shown, listed = len(keys), self.model.scope_size()
        if not shown and listed:
            words = tr("{shown} of {all} tracks", shown=number(0), all=number(listed))
        elif shown != listed:
            words = tr(
                "{shown} of {all} tracks · {length}", shown=number(shown), all=number(listed), length=span(total)
            )
        else:
            tracks = trn("{number} track", "{number} tracks", shown)
            words = tr("{tracks} · {length}", tracks=tracks, length=span(total)) if listed else ""
        self.row.say(words)


_SEARCH_HINT = mark("Try fewer words, or look in one place: artist:  album:  title:  genre:  year>1998")


def join_page(page: LibraryPage, shell: Shell) -> None:
    """Let the rows of `page` be played, queued and asked about, and what it offers where it is empty be done."""
    model = page.model

    def menu(tracks: list[TrackId], rows: list[int], spot: QPoint) -> None:
        pop_up(shell.commands.list_menu(tracks, rows, page, model.shown_tracks), spot)

    page.play_requested.connect(shell.commands.play)
    page.row_activated.connect(lambda row: shell.commands.play_in_list(model.shown_tracks(), row))
    page.table.play_from_requested.connect(lambda row: shell.commands.play(model.shown_tracks(), row))
    page.table.menu_requested.connect(menu)
    page.table.stars_chosen.connect(shell.commands.stars_chosen)
    page.table.heart_clicked.connect(shell.commands.heart_clicked)
    if shell.actions.add_folder in shell.actions.left_out:
        page.welcome.invite_to_nothing()
    page.welcome.add_requested.connect(shell.actions.add_folder.trigger)
    page.welcome.demo_requested.connect(shell.actions.open_demo.trigger)
    page.welcome.shared_requested.connect(shell.actions.open_shared.trigger)
