"""The page of journeys: two wells for the ends, and the way that was found between them, to look at and to change."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.near_words import step_words
from indexer.core.discover.travel import Wish
from indexer.core.language import tr, trn
from indexer.core.phrases import span
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.discover.journey_planner import JourneyPlanner
from musicplayer.ui.journey.journey_list import JourneyDelegate, JourneyModel
from musicplayer.ui.journey.journey_tools import JourneyTools
from musicplayer.ui.journey.journey_well import JourneyWell
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.covers import RowCovers
from musicplayer.ui.look.item_views import TrackList
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage


class JourneyPage(QWidget):
    """Asks the planner whenever both ends are known and something about the wish has changed.

    Signals:
        playing_wanted: the end, 0 or 1, that is to be what plays now.
        menu_requested: where on the screen; `selected_tracks` is what it is about.
        play_from_requested: the row of a track that was double-clicked.
    """

    playing_wanted = Signal(int)
    menu_requested = Signal(QPoint)
    play_from_requested = Signal(int)

    def __init__(
        self,
        planner: JourneyPlanner,
        catalogue: Catalogue,
        track_of: TrackOf,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.planner = planner
        self._track_of = track_of
        self._ends: list[TrackId | None] = [None, None]
        self.model = JourneyModel(catalogue, planner.nearness, self)
        self.start = JourneyWell(tr("From"), catalogue, look, search=tr("Search for the start"))
        self.end = JourneyWell(tr("To"), catalogue, look, search=tr("Search for the end"))
        self.swap_button = tool_button(look.icons.icon("arrows-left-right"), tr("Swap start and end"))
        self.tools = JourneyTools(look.icons)
        self.list = TrackList(tr("Tracks of the journey"))
        self.state = StatePage(look, width=440)
        self.remove_action = QAction(look.icons.icon("x"), tr("Remove from the journey"), self.list)
        self._summary = ElidedLabel("small")
        covers = RowCovers(look, track_of, self.list)
        self.list.setItemDelegate(JourneyDelegate(covers, look, self.list))
        self._build_ui()
        self._connect()
        self._show_ends()
        self._empty()

    @property
    def ends(self) -> tuple[TrackId | None, TrackId | None]:
        """The start and the end."""
        return self._ends[0], self._ends[1]

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        """The journey as it is shown."""
        return self.model.tracks

    def set_end(self, which: int, track: TrackId | None) -> None:
        """Choose the start, 0, or the end, 1."""
        self._ends[which] = track
        self._show_ends()
        self.look()

    def swap(self) -> None:
        """Go the other way."""
        self._ends.reverse()
        self._show_ends()
        self.look()

    def look(self, *, another: bool = False) -> None:
        """Look for a way; `another` one than is shown."""
        start, end = self._ends
        if start is None or end is None:
            self.planner.forget()
            self._empty()
            return
        if not {start, end} <= set(self.tracks):
            self._say("path", tr("Looking for a way…"), busy=True)
        self.planner.plan(Wish(start, end, self.tools.length), other_than=self.tracks if another else ())

    def refresh(self) -> None:
        """The model or names may be others; what is shown stays, what could not be found is looked for again."""
        self._show_ends()
        start, end = self._ends
        if self.tracks:
            self.list.viewport().update()
        elif start is not None and end is not None:
            self.planner.plan(Wish(start, end, self.tools.length))

    def selected_tracks(self) -> list[TrackId]:
        return self.model.tracks_at(self.list.selected_rows())

    def remove_selected(self) -> None:
        rows = self.list.selected_rows()
        self.model.remove(rows)
        after = min(rows[0], self.model.rowCount() - 1) if rows else -1
        if after >= 0:
            self.list.setCurrentIndex(self.model.index(after, 0))

    # Building

    def _build_ui(self) -> None:
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(False)
        self.list.setAcceptDrops(True)
        self.list.setDropIndicatorShown(True)
        self.list.setDragDropMode(TrackList.DragDropMode.DragDrop)
        self.list.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.remove_action.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        self.remove_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.list.addAction(self.remove_action)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        layout.addWidget(self.tools)
        layout.addWidget(self._stack, 1)
        self._foot = self._made_foot()
        layout.addWidget(self._foot)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 14, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.start, 1)
        row.addWidget(self.swap_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.end, 1)
        return head

    def _made_foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("panelFoot")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 5, 16, 5)
        row.addWidget(self._summary)
        return foot

    def _connect(self) -> None:
        for which, well in enumerate((self.start, self.end)):
            well.chosen.connect(lambda track, which=which: self._on_chosen(which, track))
            well.cleared.connect(lambda which=which: self._on_cleared(which))
            well.playing_requested.connect(lambda which=which: self.playing_wanted.emit(which))
        self.swap_button.clicked.connect(self.swap)
        self.tools.length_chosen.connect(lambda _: self.look())
        self.tools.another_button.clicked.connect(lambda: self.look(another=True))
        self.remove_action.triggered.connect(self.remove_selected)
        self.list.activated_row.connect(self.play_from_requested)
        self.list.menu_requested.connect(self.menu_requested)
        self.model.edited.connect(self._on_edited)
        self.planner.found.connect(self._on_found)
        self.planner.failed.connect(self._on_failed)

    # What is shown

    def _show_ends(self) -> None:
        for well, track in zip((self.start, self.end), self._ends, strict=True):
            well.show_track(None if track is None else self._track_of(track))
        self.swap_button.setEnabled(any(self._ends))

    def _empty(self) -> None:
        detail = tr("Segue finds tracks between the two that lead from one to the other in small steps.")
        self._say("path", tr("Choose where the journey starts and where it ends"), detail)

    def _say(self, glyph: str, headline: str, detail: str = "", *, busy: bool = False) -> None:
        self.model.show_tracks(())
        self.state.show_state(glyph, headline, detail, busy=busy)
        self._stack.setCurrentWidget(self.state)
        self._summarise()

    def _summarise(self) -> None:
        steps = [step for row in range(1, self.model.rowCount()) if (step := self.model.step_to(row)) is not None]
        self.tools.set_usable(bool(self.tracks))
        self._foot.setVisible(bool(self.tracks))
        if not self.tracks:
            return
        number = trn("{number} track", "{number} tracks", len(self.tracks))
        words = f"{number} · {span(self.model.total_seconds())}"
        if steps:
            words += " · " + tr("largest: {step}", step=step_words(min(steps)))
        self._summary.set_whole_text(words)

    def _on_chosen(self, which: int, track: TrackId) -> None:
        """Take a track, and go on with the keyboard where the next thing is to be done."""
        self.set_end(which, track)
        other = (self.end, self.start)[which]
        (self.list if all(self._ends) else other.picker).setFocus()

    def _on_cleared(self, which: int) -> None:
        self.set_end(which, None)
        (self.start, self.end)[which].picker.setFocus()

    def _on_found(self, wish: Wish, tracks: tuple[TrackId, ...]) -> None:
        if (wish.start, wish.end) == self.ends:
            self.model.show_tracks(tracks)
            self._stack.setCurrentWidget(self.list)
            self._summarise()

    def _on_failed(self, wish: Wish, message: str, advice: str) -> None:
        if (wish.start, wish.end) == self.ends:
            self._say("path", message, advice)

    def _on_edited(self) -> None:
        if self.tracks:
            self._summarise()
        else:
            self._empty()
