"""The panel "More like this": follows what plays, and turns what it shows into music with one click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.fusion import some_of
from indexer.core.discover.more_like import SimilarAnswer, SimilarState
from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import mark, tr, trn
from indexer.core.settings import NearBy
from indexer.core.tracks import Track, TrackId, TrackOf
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.similar import Similar
from musicplayer.ui.frame.track_commands import TrackCommands, pop_up
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.item_views import TrackList
from musicplayer.ui.look.labels import DockTitle
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.similar.panel_bars import HiddenBar, PanelNote, SimilarTools
from musicplayer.ui.similar.panel_words import EmptyWords, empty_words, nothing_playing, outside
from musicplayer.ui.similar.seed_header import PIN_KEYS, SeedHeader
from musicplayer.ui.similar.similar_delegate import WHY_KEYS, SimilarDelegate
from musicplayer.ui.similar.similar_rows import RowReasons, SimilarRows
from musicplayer.ui.similar.why import Why

if TYPE_CHECKING:
    from musicplayer.discover.reasons import Reasons

SHOWN = 30
HIDE_KEYS = "Del"
_PROVISIONAL = mark(
    "Until the index is built, Segue compares what it has analysed so far, by what it learnt from other music. "
    "The answers get better with every track, and once more when the index is built."
)

_LEFT_OUT = mark("What is not a song is offered only beside its own kind: Settings › Recommendations.")


class SimilarDock(QDockWidget):
    """Shows what sounds like the current track, or like those that were chosen.

    Signals:
        rebuild_requested: the button beside "there is no model" was pressed.
        radio_requested: a list of the tracks that radio is to start from.
        pins_changed: it stays with other tracks, or with none.
    """

    rebuild_requested = Signal()
    radio_requested = Signal(object)
    pins_changed = Signal()

    def __init__(
        self,
        similar: Similar,
        catalogue: Catalogue,
        track_of: TrackOf,
        commands: TrackCommands,
        look: Look,
        parent: QWidget | None = None,
        *,
        dislikes: Dislikes | None = None,
        reasons: Reasons | None = None,
        shared: bool = False,
    ) -> None:
        """Ask `similar`; without `reasons` rows do not say why they are there, without `dislikes` none is kept.

        `shared` says that the library is on another machine, and its index made there.
        """
        super().__init__(tr("More like this"), parent)
        self.setObjectName("similarDock")
        self._similar = similar
        self._track_of = track_of
        self._commands = commands
        self._shared = shared
        self._playing: TrackId | None = None
        self._chosen: tuple[TrackId, ...] = ()
        self._chosen_of = 0
        self._dislikes = dislikes or Dislikes(parent=self)
        self._counts = LibraryCounts()
        self._indexing = False
        self.model = SimilarRows(catalogue, self)
        self.list = TrackList(tr("Tracks that sound alike"))
        self.header = SeedHeader(look)
        self.note = PanelNote(look, "activity", tr(_PROVISIONAL))
        self.page = StatePage(look, width=260)
        self.tools = SimilarTools(look.icons)
        self.tools.near_button.setVisible(not shared)  # taste is learnt where the library is
        self.hidden_bar = HiddenBar(look.icons, self._name_of)
        self.why = Why(similar, track_of, look.theme, self)
        self.why_action = QAction(look.icons.icon("question"), tr("Why is this here?"), self.list)
        self.hide_action = QAction(look.icons.icon("thumbs-down"), tr("Hide for this seed"), self.list)
        self.pin_action = QAction(look.icons.icon("push-pin"), tr("Stay with this track"), self)
        self._covers = RowCovers(look, track_of, self.list)
        self._reasons = RowReasons(reasons, self.model, self.header, self)
        self.rebuild_button = push_button(tr("Rebuild index…"))
        self._build_ui(look)
        self._connect()
        self.refresh()

    @property
    def seed(self) -> TrackId | None:
        """The track that the panel is about, the first of several."""
        return self.seeds[0] if self.seeds else None

    @property
    def seeds(self) -> tuple[TrackId, ...]:
        """The tracks that the panel is about."""
        return self._chosen or (() if self._playing is None else (self._playing,))

    @property
    def is_pinned(self) -> bool:
        """Whether the panel stays with its seeds, whatever plays."""
        return bool(self._chosen)

    def set_playing(self, track: TrackId | None) -> None:
        """Follow what plays, unless tracks were chosen."""
        self._playing = track
        if not self._chosen:
            self.refresh()

    def choose(self, track: TrackId) -> None:
        """Stay with one track until the pin is released."""
        self.choose_all([track])

    def choose_all(self, tracks: Sequence[TrackId]) -> None:
        """Stay with several, and show what they agree about, until the pin is released."""
        self.restore_pins(some_of(tracks), len(set(tracks)))
        self.show()
        self.raise_()
        self.pins_changed.emit()

    def restore_pins(self, tracks: Sequence[TrackId], of: int) -> None:
        """Stay with these, of so many that were chosen, as before a restart."""
        self._chosen, self._chosen_of = tuple(tracks), of
        self.refresh()

    @property
    def pins(self) -> tuple[tuple[TrackId, ...], int]:
        """The tracks that it stays with, none while it follows what plays, and of how many that were chosen."""
        return self._chosen, self._chosen_of

    def show_chip_lines(self, lines: int) -> None:
        """Give the list what the head can do without, in a low window."""
        self.header.chips.show_lines(lines)

    def set_counts(self, counts: LibraryCounts) -> None:
        self._counts = counts
        if self._stack.currentWidget() is self.page or self.note.text:
            self.refresh()

    def set_indexing(self, running: bool) -> None:
        self._indexing = running
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        chosen = self._known(self._chosen)
        tracks = chosen or self._known((self._playing,))
        pinned = bool(chosen)
        nearness = self._similar.more_like.nearness
        by = NearBy.SOUND if nearness is None else nearness.by
        self.header.setVisible(bool(tracks))
        self._show_hidden()
        if not tracks:
            self.tools.hide()
            self._say(nothing_playing())
        elif len(tracks) == 1 and not tracks[0].root:
            self.header.show_seed(tracks[0], pinned=pinned)
            self.tools.hide()
            self._say(outside(shared=self._shared))
        elif len(tracks) == 1:
            self.header.show_seed(tracks[0], pinned=pinned, by=by)
            self._show(self._similar.for_track(tracks[0].id, SHOWN))
        else:
            self.header.show_seeds(tracks, of=max(self._chosen_of, len(tracks)), by=by)
            self._show(self._similar.for_tracks([track.id for track in tracks], SHOWN))

    def explain_row(self, row: int) -> None:
        """Say why a row is where it is."""
        seed = self.model.seed_at(row) or self.seed
        if seed is not None:
            self.why.ask(seed, self.model.track_at(row), self.model.nearness_at(row))

    def hide_rows(self, rows: Sequence[int]) -> None:
        """Keep tracks out of the list for these seeds, say so, and go on with the next row."""
        tracks = self.model.tracks_at(rows)
        if not tracks:
            return
        self._dislikes.hide_for_all(self.seeds, tracks)
        self.hidden_bar.tell(tracks, seeds=len(self.seeds))
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(min(rows[0], self.model.rowCount() - 1), 0))

    def selected_tracks(self) -> list[TrackId]:
        """The selection; the first row where there is none, so that the buttons always do something."""
        rows = self.list.selected_rows()
        return self.model.tracks_at(rows) if rows else self.model.tracks()[:1]

    def _known(self, tracks: Sequence[TrackId | None]) -> list[Track]:
        """Those of the tracks that there are; what was chosen may have left the library."""
        return [found for track in tracks if track is not None and (found := self._track_of(track)) is not None]

    def _show(self, answer: SimilarAnswer) -> None:
        self.tools.setVisible(answer.state is SimilarState.READY)
        if answer.state is SimilarState.READY and answer.rows:
            self.model.show_rows(answer.rows, len(self.seeds))
            by_sound = self._similar.more_like.nearness is None
            explained = answer.rows if by_sound else ()  # what two sound alike in is no reason for anything else
            self._reasons.follow(explained, self.seed if len(self.seeds) == 1 else None)
            self._stack.setCurrentWidget(self.list)
            self.title_bar.set_note(trn("{number} track", "{number} tracks", len(answer.rows)))
            self.note.say(answer.message, None if answer.provisional else answer.advice or tr(_LEFT_OUT))
            return
        self._say(empty_words(answer, self._counts, indexing=self._indexing, shared=self._shared))

    def _say(self, words: EmptyWords) -> None:
        self.model.show_rows(())
        self._reasons.follow((), None)
        self.title_bar.set_note("")
        self.note.say("")
        self.page.show_state(words.glyph, words.headline, words.detail, share=words.share, busy=words.busy)
        self.rebuild_button.setVisible(words.rebuild)
        self._stack.setCurrentWidget(self.page)

    # Building

    def _build_ui(self, look: Look) -> None:
        self.title_bar = DockTitle(tr("More like this"))
        self.setTitleBarWidget(self.title_bar)
        self.page.add_button(self.rebuild_button)
        self._build_list(look)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.page)
        panel = QWidget()
        panel.setObjectName("panel")
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.note)
        layout.addWidget(self.tools)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.hidden_bar)
        for part in (panel, self.tools, self.hidden_bar):
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWidget(panel)

    def _build_list(self, look: Look) -> None:
        self.list.setModel(self.model)
        self.delegate = SimilarDelegate(look, self._covers, self.list)
        self.list.setItemDelegate(self.delegate)
        self.list.setDragDropMode(TrackList.DragDropMode.DragOnly)
        for action, keys in ((self.why_action, WHY_KEYS), (self.hide_action, HIDE_KEYS)):
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.list.addAction(action)
        self.pin_action.setShortcut(QKeySequence(PIN_KEYS))
        self.pin_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(self.pin_action)

    def _connect(self) -> None:
        tools = self.tools
        self.all_button = tools.all_button
        self._similar.changed.connect(self.refresh)
        self._dislikes.changed.connect(self._show_hidden)
        self.rebuild_button.clicked.connect(self.rebuild_requested)
        self.header.pinned.connect(self._on_pinned)
        self.header.seed_removed.connect(self._on_seed_removed)
        self.pin_action.triggered.connect(lambda: self._on_pinned(not self.is_pinned))
        self.list.activated_row.connect(lambda row: self._commands.play_in_list(self.model.tracks(), row, of="similar"))
        self.list.menu_requested.connect(self._on_menu)
        self.why_action.triggered.connect(self._on_why)
        self.hide_action.triggered.connect(lambda: self.hide_rows(self.list.selected_rows()))
        self.why.closed.connect(lambda: self.list.setFocus(Qt.FocusReason.PopupFocusReason))
        self.hidden_bar.restore_requested.connect(self._on_restore)
        self.delegate.why_requested.connect(self.explain_row)
        self.delegate.hide_requested.connect(lambda row: self.hide_rows([row]))
        self.delegate.add_requested.connect(
            lambda row: self._commands.enqueue([self.model.track_at(row)], of="similar")
        )
        tools.radio_button.clicked.connect(lambda: self.radio_requested.emit(list(self.seeds)))
        tools.all_button.clicked.connect(lambda: self._commands.enqueue(self.model.tracks(), of="similar"))

    def _name_of(self, track: TrackId) -> str:
        found = self._track_of(track)
        return tr("A track that is gone") if found is None else found.title

    def _show_hidden(self) -> None:
        hidden = frozenset[TrackId]().union(*map(self._dislikes.hidden, self.seeds))
        self.hidden_bar.show_hidden(sorted(hidden, key=self._name_of))

    def _on_restore(self, tracks: Sequence[TrackId]) -> None:
        self._dislikes.restore_for_all(self.seeds, tracks)

    def _on_pinned(self, on: bool) -> None:
        self._chosen, self._chosen_of = (self.seeds, len(self.seeds)) if on else ((), 0)
        self.refresh()
        self.pins_changed.emit()

    def _on_seed_removed(self, seed: TrackId) -> None:
        self._chosen = tuple(one for one in self._chosen if one != seed)
        self._chosen_of -= 1
        self.refresh()
        self.pins_changed.emit()

    def _on_menu(self, spot: QPoint) -> None:
        chosen = self.selected_tracks()
        more = [self.why_action, self.hide_action] if len(chosen) == 1 else [self.hide_action]
        pop_up(self._commands.list_menu(chosen, self.list.selected_rows(), self, self.model.tracks, more), spot)

    def _on_why(self) -> None:
        rows = self.list.selected_rows()
        current = self.list.currentIndex().row()
        if current >= 0 or rows:
            self.explain_row(current if current in rows or not rows else rows[0])
