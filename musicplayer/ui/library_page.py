"""The centre of the window: search field over the table, or a page that says why there is no table."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from indexer.library import Seconds
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.search import QueryError, parse
from musicplayer.ui.buttons import push_button
from musicplayer.ui.empty_state import EmptyState
from musicplayer.ui.icons import Icons
from musicplayer.ui.search_box import SearchBox
from musicplayer.ui.state_page import StatePage
from musicplayer.ui.theme import Theme
from musicplayer.ui.track_table import TrackTableModel
from musicplayer.ui.track_view import TrackView
from musicplayer.ui.words import count, sentence, span

_SEARCH_WIDTH = 460
_COUNT_MS = 250


class LibraryPage(QWidget):
    """Search and table.

    Signals:
        play_requested: list of TrackId.
    """

    play_requested = Signal(object)

    def __init__(self, catalogue: Catalogue, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._busy = False
        self.model = TrackTableModel(catalogue, theme, icons, self)
        self.table = TrackView(self.model)
        self.search = SearchBox(icons)
        self.welcome = EmptyState(icons)
        self.page = StatePage(theme, icons)
        self.summary = QLabel()
        self._clear = push_button("Clear the search")
        self._count_later = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._build_ui()
        self._connect()
        self._on_refreshed()

    def set_indexing(self, running: bool) -> None:
        """An empty library is being filled, so it does not invite to fill it."""
        self._busy = running
        self._choose_page()

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _build_ui(self) -> None:
        self.summary.setProperty("tone", "small")
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.page.add_button(self._clear)
        self._row = QWidget()
        self._row.setObjectName("searchRow")
        self._row.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(self._row)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(12)
        line.addWidget(self.search, 3)
        line.addStretch(0)
        line.addWidget(self.summary, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._stack = QStackedWidget()
        for page in (self.table, self.welcome, self.page):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._row)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.search.searched.connect(self._on_searched)
        self.search.entered.connect(self._on_entered)
        self.search.left_downwards.connect(self._enter_table)
        self.model.refreshed.connect(self._on_refreshed)
        self.table.play_requested.connect(self.play_requested)
        self._clear.clicked.connect(self.search.clear)
        self._count_later.timeout.connect(self._show_summary)

    def _on_searched(self, text: str) -> None:
        try:
            query = parse(text)
        except QueryError as error:
            self.search.mark_wrong(True)
            self._say_summary(sentence(error.message, error.advice), wrong=True)
            return
        self.search.mark_wrong(False)
        self.model.set_query(query)
        self.table.scrollToTop()
        self._on_refreshed()

    def _on_entered(self) -> None:
        """Play the selection if the search left any of it, else the first track that was found."""
        tracks = self.table.selected_tracks() or (self.model.tracks_at([0]) if self.model.rowCount() else [])
        if tracks and not self.search.property("wrong"):
            self.play_requested.emit(tracks)

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
        self._row.setVisible(listed > 0 or self._busy)
        self._clear.setVisible(listed > 0)
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.table)
        elif listed:
            self.page.show_state("magnifying-glass", f"Nothing found for “{self.search.text()}”", _SEARCH_HINT)
            self._stack.setCurrentWidget(self.page)
        elif self._busy:
            self.page.show_state(
                "folder-open", "Looking for music…", "Tracks appear here as they are found.", busy=True
            )
            self._stack.setCurrentWidget(self.page)
        else:
            self._stack.setCurrentWidget(self.welcome)

    def _show_summary(self) -> None:
        if self.search.property("wrong"):
            return
        keys = self.model.keys
        lengths = self._catalogue.numbers("seconds").array[keys]
        total: Seconds = float(lengths[lengths > 0].sum())
        shown, listed = len(keys), len(self._catalogue)
        of_all = f" of {listed:,}" if shown != listed else ""
        words = f"{shown:,}{of_all} tracks · {span(total)}" if of_all else f"{count(shown, 'track')} · {span(total)}"
        self._say_summary(words if listed else "", wrong=False)

    def _say_summary(self, words: str, *, wrong: bool) -> None:
        self.summary.setText(words)
        self.summary.setProperty("tone", "danger" if wrong else "small")
        self.summary.style().unpolish(self.summary)
        self.summary.style().polish(self.summary)


_SEARCH_HINT = "Try fewer words, or look in one place: artist:  album:  title:  genre:  year>1998"
