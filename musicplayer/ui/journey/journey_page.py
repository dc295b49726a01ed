"""The page of journeys: wells for the ends, stops between, and the way that was found, to look at and to change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.near_words import size_words
from indexer.core.discover.travel import MOST_STOPS, Wish
from indexer.core.language import tr, trn
from indexer.core.phrases import span
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.discover.journey_planner import JourneyPlanner
from musicplayer.ui.journey.journey_lanes import Lanes, LaneTitles
from musicplayer.ui.journey.journey_list import JourneyModel
from musicplayer.ui.journey.journey_rows import JourneyDelegate
from musicplayer.ui.journey.journey_stops import JourneyStops
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
        self._by: tuple[TrackId, ...] = ()
        self._newest: TrackId | None = None
        self.model = JourneyModel(catalogue, planner.nearness, self)
        self.start = JourneyWell(tr("From"), catalogue, look, search=tr("Search for the start"))
        self.end = JourneyWell(tr("To"), catalogue, look, search=tr("Search for the end"))
        self.swap_button = tool_button(look.icons.icon("arrows-left-right"), tr("Swap start and end"))
        self.stops = JourneyStops(catalogue, look)
        self.tools = JourneyTools(look.icons)
        self.list = TrackList(tr("Tracks of the journey"))
        self.titles = LaneTitles(self.list, look.theme)
        self.state = StatePage(look, width=440)
        self.remove_action = QAction(look.icons.icon("x"), tr("Remove from the journey"), self.list)
        self.pass_action = QAction(look.icons.icon("map-pin"), tr("Pass through here"), self.list)
        self.pass_action.setCheckable(True)
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
    def by(self) -> tuple[TrackId, ...]:
        """The tracks that it goes by way of."""
        return self._by

    @property
    def has_room(self) -> bool:
        """Whether both ends are there, and another track to pass through can be added."""
        return all(self._ends) and len(self._by) < MOST_STOPS

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        """The journey as it is shown."""
        return self.model.tracks

    def set_end(self, which: int, track: TrackId | None) -> None:
        """Choose the start, 0, or the end, 1."""
        self._ends[which] = track
        self._by = tuple(stop for stop in self._by if stop not in self._ends)
        self._show_ends()
        self.look()

    def set_way(self, stops: Sequence[TrackId]) -> None:
        """Go from the first of these to the last, by way of those between, at most `MOST_STOPS`."""
        self._ends = [stops[0], stops[-1]]
        self.go_by(stops[1:-1])

    def go_by(self, stops: Sequence[TrackId]) -> None:
        """Go by way of these, in this order, at most `MOST_STOPS`."""
        wanted = tuple(stop for stop in dict.fromkeys(stops) if stop not in self._ends)[:MOST_STOPS]
        self._newest = next((stop for stop in wanted if stop not in self._by), None)
        self._by = wanted
        self._show_ends()
        self.look()

    def pass_through(self, track: TrackId) -> None:
        """Pass through a track where it makes the way longer by least: beside the nearest that is on it already."""
        if self.has_room and track not in (*self._ends, *self._by):
            self.go_by(self.planner.with_stop(self.tracks, self._by, track))

    def swap(self) -> None:
        """Go the other way."""
        self._ends.reverse()
        self._by = self._by[::-1]
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
        wish = Wish(start, end, self.tools.length, self._by)
        self.planner.plan(wish, other_than=self.tracks if another else ())

    def refresh(self) -> None:
        """The model or names may be others; what is shown stays, what could not be found is looked for again."""
        self._show_ends()
        start, end = self._ends
        if self.tracks:
            self.model.refresh()
            self._fit_titles()
        elif start is not None and end is not None:
            self.planner.plan(Wish(start, end, self.tools.length, self._by))

    def selected_tracks(self) -> list[TrackId]:
        return self.model.tracks_at(self.list.selected_rows())

    def row_actions(self) -> list[QAction]:
        """What can be done with the selected rows beside what is done with tracks."""
        chosen = [track for track in self.selected_tracks() if track not in self._ends]
        self.pass_action.setChecked(bool(chosen) and set(chosen) <= set(self._by))
        self.pass_action.setEnabled(bool(chosen) and (self.pass_action.isChecked() or self.has_room))
        return [self.pass_action, self.remove_action]

    def pass_through_selected(self, pass_through: bool) -> None:
        """Go by way of the selected tracks, or let another way leave them out."""
        chosen = set(self.selected_tracks())
        kept = set(self._by) | chosen if pass_through else set(self._by) - chosen
        self.go_by([track for track in self.tracks if track in kept])

    def remove_selected(self) -> None:
        rows = self.list.selected_rows()
        gone = set(self.selected_tracks())
        self._by = tuple(stop for stop in self._by if stop not in gone)
        self._show_ends()
        self.model.remove(rows)
        after = min(rows[0], self.model.rowCount() - 1) if rows else -1
        if after >= 0:
            self.list.setCurrentIndex(self.model.index(after, 0))

    # Building

    def _build_ui(self) -> None:
        self.list.setModel(self.model)
        self.list.setAcceptDrops(True)
        self.list.setDropIndicatorShown(True)
        self.list.setDragDropMode(TrackList.DragDropMode.DragDrop)
        self.list.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.remove_action.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        self.remove_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.list.addAction(self.remove_action)
        self._stack = QStackedWidget()
        self._way = QWidget()
        way = QVBoxLayout(self._way)
        way.setContentsMargins(0, 0, 0, 0)
        way.setSpacing(0)
        way.addWidget(self.titles)
        way.addWidget(self.list, 1)
        self._stack.addWidget(self._way)
        self._stack.addWidget(self.state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        layout.addWidget(self.stops)
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
        self.stops.added.connect(self.pass_through)
        self.stops.removed.connect(lambda gone: self.go_by([stop for stop in self._by if stop != gone]))
        self.pass_action.triggered.connect(self.pass_through_selected)
        self.remove_action.triggered.connect(self.remove_selected)
        self.list.activated_row.connect(self.play_from_requested)
        self.list.menu_requested.connect(self.menu_requested)
        self.model.joined.connect(self._on_joined)
        self.model.edited.connect(self._on_edited)
        self.planner.found.connect(self._on_found)
        self.planner.failed.connect(self._on_failed)

    # What is shown

    def _show_ends(self) -> None:
        for well, track in zip((self.start, self.end), self._ends, strict=True):
            well.show_track(None if track is None else self._track_of(track))
        self.swap_button.setEnabled(any(self._ends))
        self.stops.setVisible(all(self._ends))
        self.stops.show_stops([known for stop in self._by if (known := self._track_of(stop)) is not None])
        self.model.mark_stops(self._by)

    def _empty(self) -> None:
        detail = tr("Segue finds tracks between the two that lead from one to the other in small steps.")
        self._say("path", tr("Choose where the journey starts and where it ends"), detail)

    def _say(self, glyph: str, headline: str, detail: str = "", *, busy: bool = False) -> None:
        self.model.show_tracks(())
        self.state.show_state(glyph, headline, detail, busy=busy)
        self._stack.setCurrentWidget(self.state)
        self._summarise()

    def _fit_titles(self) -> None:
        self.titles.setVisible(self.model.has_lanes and bool(Lanes.within(self.width()).line))

    def _summarise(self) -> None:
        self._fit_titles()
        steps = [step for row in range(1, self.model.rowCount()) if (step := self.model.step_to(row)) is not None]
        self.tools.set_usable(bool(self.tracks))
        self._foot.setVisible(bool(self.tracks))
        if not self.tracks:
            return
        number = trn("{number} track", "{number} tracks", len(self.tracks))
        words = f"{number} · {span(self.model.total_seconds())}"
        if steps:
            words += " · " + tr("largest step: {step}", step=size_words(min(steps)))
        self._summary.set_whole_text(words)

    def _on_chosen(self, which: int, track: TrackId) -> None:
        """Take a track, and go on with the keyboard where the next thing is to be done."""
        self.set_end(which, track)
        other = (self.end, self.start)[which]
        (self.list if all(self._ends) else other.picker).setFocus()

    def _on_cleared(self, which: int) -> None:
        self.set_end(which, None)
        (self.start, self.end)[which].picker.setFocus()

    def _on_joined(self, joined: list[TrackId]) -> None:
        """What was dropped on the way becomes a stop of it; what is too much stays where it was dropped."""
        stops = {*self._by, *joined}
        if len(stops - set(self._ends)) <= MOST_STOPS:
            self.go_by([track for track in self.tracks if track in stops])

    def _on_found(self, wish: Wish, tracks: tuple[TrackId, ...]) -> None:
        if (wish.start, wish.end, wish.by) == (*self.ends, self._by):
            self.model.show_tracks(tracks)
            self._stack.setCurrentWidget(self._way)
            self._summarise()
            if self._newest in tracks:
                self.list.setCurrentIndex(self.model.index(tracks.index(self._newest), 0))
            self._newest = None

    def _on_failed(self, wish: Wish, message: str, advice: str) -> None:
        if (wish.start, wish.end, wish.by) == (*self.ends, self._by):
            self._say("path", message, advice)

    def _on_edited(self) -> None:
        if self.tracks:
            self._summarise()
        else:
            self._empty()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_titles()
