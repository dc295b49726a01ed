"""The panel "More like this": follows what plays, and turns what it shows into music with one click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from indexer.library import Track, TrackId
from musicplayer.discover.similar import Similar, SimilarAnswer, SimilarState
from musicplayer.library.artwork import Artwork
from musicplayer.library.catalogue import Catalogue
from musicplayer.library.changes import LibraryCounts
from musicplayer.ui.buttons import push_button, worded_button
from musicplayer.ui.dock_title import DockTitle
from musicplayer.ui.icons import Icons
from musicplayer.ui.panel_note import PanelNote
from musicplayer.ui.seed_header import SeedHeader
from musicplayer.ui.similar_delegate import SimilarDelegate
from musicplayer.ui.similar_model import SimilarModel
from musicplayer.ui.state_page import StatePage
from musicplayer.ui.theme import Theme
from musicplayer.ui.track_commands import TrackCommands, pop_up
from musicplayer.ui.track_list import TrackList
from musicplayer.ui.why import Why
from musicplayer.ui.words import count

TrackOf = Callable[[TrackId], Track | None]
SHOWN = 30
WHY_KEYS = "Ctrl+I"
_PROVISIONAL = (
    "Until the index is built, Segue compares what it has heard so far, by what it learnt from other music. "
    "The answers get better with every track, and once more when the index is built."
)


class SimilarDock(QDockWidget):
    """Shows what sounds like the current track, or like one that was chosen.

    Signals:
        rebuild_requested: the button beside "there is no model" was pressed.
    """

    rebuild_requested = Signal()

    def __init__(
        self,
        similar: Similar,
        catalogue: Catalogue,
        track_of: TrackOf,
        commands: TrackCommands,
        artwork: Artwork,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("More like this", parent)
        self.setObjectName("similarDock")
        self._similar = similar
        self._track_of = track_of
        self._commands = commands
        self._playing: TrackId | None = None
        self._chosen: TrackId | None = None
        self._counts = LibraryCounts()
        self._indexing = False
        self.model = SimilarModel(catalogue, self)
        self.list = TrackList("Tracks that sound alike")
        self.header = SeedHeader(artwork, theme, icons)
        self.note = PanelNote(theme, icons, "ear", _PROVISIONAL)
        self.page = StatePage(theme, icons, width=260)
        self.why = Why(similar, track_of, theme, self)
        self.why_action = QAction(icons.icon("question"), "Why is this here?", self.list)
        self._rebuild = push_button("Rebuild index…")
        self._build_ui(theme, icons)
        self._connect()
        self.refresh()

    @property
    def seed(self) -> TrackId | None:
        """The track that the panel is about."""
        return self._chosen or self._playing

    def set_playing(self, track: TrackId | None) -> None:
        """Follow what plays, unless a track was chosen."""
        self._playing = track
        if self._chosen is None:
            self.refresh()

    def choose(self, track: TrackId) -> None:
        """Stay with one track until the pin is released."""
        self._chosen = track
        self.show()
        self.raise_()
        self.refresh()

    def set_counts(self, counts: LibraryCounts) -> None:
        self._counts = counts
        if self._stack.currentWidget() is self.page or self.note.text:
            self.refresh()

    def set_indexing(self, running: bool) -> None:
        self._indexing = running
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        seed = self.seed
        track = None if seed is None else self._track_of(seed)
        self.header.setVisible(track is not None)
        if seed is None or track is None:
            self._say("waves", "Nothing is playing", "Play a track, and what sounds like it appears here.")
            return
        self.header.show_seed(track, pinned=self._chosen is not None)
        self._show(self._similar.for_track(seed, SHOWN))

    def explain_row(self, row: int) -> None:
        """Say why a row is where it is."""
        if self.seed is not None:
            self.why.ask(self.seed, self.model.track_at(row))

    def selected_tracks(self) -> list[TrackId]:
        """The selection; the first row where there is none, so that the buttons always do something."""
        rows = self.list.selected_rows()
        return self.model.tracks_at(rows) if rows else self.model.tracks()[:1]

    def _show(self, answer: SimilarAnswer) -> None:
        if answer.state is SimilarState.READY and answer.rows:
            self.model.show_rows(answer.rows)
            self._stack.setCurrentWidget(self._answer)
            self.title_bar.set_note(count(len(answer.rows), "track"))
            self.note.say(answer.message)
            return
        self.model.show_rows(())
        if answer.state is SimilarState.LOADING:
            self._say("waves", answer.message or "Getting ready…", busy=True)
        elif answer.state is SimilarState.READY:
            self._say("waves", answer.message or "Nothing in your library sounds like this yet.")
        else:
            self._say_not_ready(answer)

    def _say_not_ready(self, answer: SimilarAnswer) -> None:
        total, done = self._counts.tracks, min(self._counts.analysed, self._counts.tracks)
        complete = total > 0 and done >= total
        share = done / total if total and not complete else None
        if complete and self._indexing:
            self._say("waves", "Comparing your tracks…", "The index is being built.", busy=True)
        elif answer.state is SimilarState.NOT_ANALYSED:
            self._say("ear", answer.message, "Segue will have heard it soon." if self._indexing else "", share=share)
        else:
            self._say(
                "ear-slash", "No index yet", answer.message, share=share, rebuild=total > 0 and not self._indexing
            )

    def _say(
        self,
        glyph: str,
        headline: str,
        detail: str = "",
        *,
        share: float | None = None,
        busy: bool = False,
        rebuild: bool = False,
    ) -> None:
        self.model.show_rows(())
        self.title_bar.set_note("")
        self.note.say("")
        self.page.show_state(glyph, headline, detail, share=share, busy=busy)
        self._rebuild.setVisible(rebuild)
        self._stack.setCurrentWidget(self.page)

    # Building

    def _build_ui(self, theme: Theme, icons: Icons) -> None:
        self.title_bar = DockTitle("More like this")
        self.setTitleBarWidget(self.title_bar)
        self.page.add_button(self._rebuild)
        self.list.setModel(self.model)
        self._delegate = SimilarDelegate(theme, icons, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setDragDropMode(TrackList.DragDropMode.DragOnly)
        self.why_action.setShortcut(QKeySequence(WHY_KEYS))
        self.why_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.list.addAction(self.why_action)
        self._answer = QWidget()
        inner = QVBoxLayout(self._answer)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._tools(icons))
        inner.addWidget(self.list, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._answer)
        self._stack.addWidget(self.page)
        panel = QWidget()
        panel.setObjectName("panel")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.note)
        layout.addWidget(self._stack, 1)
        self.setWidget(panel)

    def _tools(self, icons: Icons) -> QWidget:
        self.add_button = worded_button(icons.icon("plus"), "Add to queue", tip="Add the selected tracks to the queue")
        self.next_button = worded_button(
            icons.icon("arrow-bend-down-right"), "Play next", tip="Play the selected tracks next"
        )
        self.all_button = worded_button(icons.icon("queue"), "Add all", tip="Add all of these tracks to the queue")
        bar = QWidget()
        bar.setObjectName("panelTools")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(7, 4, 7, 4)
        layout.setSpacing(2)
        for button in (self.add_button, self.next_button, self.all_button):
            layout.addWidget(button)
        layout.addStretch()
        return bar

    def _connect(self) -> None:
        self._similar.changed.connect(self.refresh)
        self._rebuild.clicked.connect(self.rebuild_requested)
        self.header.pinned.connect(self._on_pinned)
        self.list.activated_row.connect(lambda row: self._commands.play([self.model.track_at(row)]))
        self.list.menu_requested.connect(self._on_menu)
        self.why_action.triggered.connect(self._on_why)
        self.why.closed.connect(lambda: self.list.setFocus(Qt.FocusReason.PopupFocusReason))
        self._delegate.why_requested.connect(self.explain_row)
        self._delegate.add_requested.connect(lambda row: self._commands.enqueue([self.model.track_at(row)]))
        self.add_button.clicked.connect(lambda: self._commands.enqueue(self.selected_tracks()))
        self.next_button.clicked.connect(lambda: self._commands.play_next(self.selected_tracks()))
        self.all_button.clicked.connect(lambda: self._commands.enqueue(self.model.tracks()))

    def _on_pinned(self, on: bool) -> None:
        self._chosen = self.seed if on else None
        self.refresh()

    def _on_menu(self, spot: QPoint) -> None:
        chosen = self.selected_tracks()
        more = [self.why_action] if len(chosen) == 1 else []
        pop_up(self._commands.menu(chosen, self, more), spot)

    def _on_why(self) -> None:
        rows = self.list.selected_rows()
        current = self.list.currentIndex().row()
        if current >= 0 or rows:
            self.explain_row(current if current in rows or not rows else rows[0])
