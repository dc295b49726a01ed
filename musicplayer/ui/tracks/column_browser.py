"""The column browser: genres, artists and albums beside each other, each narrowed by those before, over the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from indexer.core.catalogue.catalogue import Rows
from indexer.core.language import mark, tr
from indexer.core.tracks import TrackId
from musicplayer.library.groupings import Groupings
from musicplayer.ui.frame.track_commands import TrackCommands, pop_up
from musicplayer.ui.look.look import Look
from musicplayer.ui.tracks.browse_page import GroupedPage
from musicplayer.ui.tracks.group_model import GroupWords
from musicplayer.ui.tracks.pane_list import PaneList, PaneModel
from musicplayer.ui.tracks.scope import Scope

PLACE = "browser"
_GENRES = GroupWords(mark("Genres ({number})"), mark("No genre"))
_ARTISTS = GroupWords(mark("Artists ({number})"), mark("Unknown artist"))
_ALBUMS = GroupWords(mark("Albums ({number})"), mark("No album"))
_SHARE = 0.4
"""Of the height that the lists have in a new installation."""

_MOST_KEPT = 1_000
"""Groups of one list that are found again after a restart."""


class ColumnBrowser(GroupedPage):
    """The table shows the tracks of what is chosen in the lists, the lists what the search left.

    Signals:
        chosen: keys of what is chosen, by list.
        lists_sized: share of the height that a hand gave the lists, 0 to 1.
    """

    chosen = Signal(object)
    lists_sized = Signal(float)

    def __init__(
        self, groupings: Groupings, commands: TrackCommands, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(groupings.catalogue, look, parent=parent)
        self._commands = commands
        self._scope = Scope(PLACE, self._belong)
        catalogue = groupings.catalogue
        self.genres, self.artists, self.albums = self.panes = tuple(
            PaneList(PaneModel(catalogue, groups, words, self), look.theme, name)
            for groups, words, name in (
                (groupings.genre_names, _GENRES, tr("Genres")),
                (groupings.artists, _ARTISTS, tr("Artists")),
                (groupings.album_titles, _ALBUMS, tr("Albums")),
            )
        )
        self._build_lists()
        self._connect_lists()
        self.model.set_active(False)  # until it is shown
        self.show_scope(self._scope)

    def choose(self, chosen: Mapping[str, Sequence[str]]) -> None:
        """Choose what `chosen` names, by list, as far as there is such; it tells nobody."""
        for name, pane in self._named().items():
            pane.choose(chosen.get(name, ()))
        if self.isVisible():
            self.refresh_groups()

    def size_lists(self, share: float) -> None:
        """Give the lists this share of the height."""
        for place, part in enumerate((share, 1 - share)):
            self.splitter.setStretchFactor(place, round(100 * part))
        self.splitter.setSizes([round(10_000 * part) for part in (share, 1 - share)])

    def narrow(self, rows: Rows) -> None:
        """Show in each list what those before it leave of `rows`."""
        for pane in self.panes:
            pane.refresh(rows)
            rows = pane.rows_left()

    def _belong(self, rows: Rows) -> Rows:
        for pane in self.panes:
            rows = pane.rows_left(rows)
        return rows

    def _build_lists(self) -> None:
        self.lists = QSplitter(Qt.Orientation.Horizontal)
        self.lists.setObjectName("panes")
        self.lists.setHandleWidth(1)
        self.lists.setChildrenCollapsible(False)
        for pane in self.panes:
            self.lists.addWidget(pane)
            self.lists.setStretchFactor(self.lists.count() - 1, 1)
        self.splitter.setOrientation(Qt.Orientation.Vertical)
        self.set_side(self.lists)
        self.size_lists(_SHARE)

    def _connect_lists(self) -> None:
        for place, pane in enumerate(self.panes):
            pane.chosen.connect(partial(self._on_chosen, place))
            pane.play_requested.connect(lambda: self.play_requested.emit(self.model.shown_tracks()))
            pane.menu_requested.connect(self._on_menu)
            pane.stepped.connect(partial(self._on_stepped, place))
        self.splitter.splitterMoved.connect(lambda height, _: self.lists_sized.emit(height / self.splitter.height()))

    def _named(self) -> dict[str, PaneList]:
        return {"genres": self.genres, "artists": self.artists, "albums": self.albums}

    def _on_chosen(self, place: int) -> None:
        """What is chosen in a list before takes away what was chosen behind it, where that is not left."""
        rows = self.panes[place].rows_left()
        for pane in self.panes[place + 1 :]:
            pane.refresh(rows)
            pane.settle()
            rows = pane.rows_left()
        self.model.set_scope(self._scope)
        self.table.scrollToTop()
        wanted = {name: pane.wanted for name, pane in self._named().items()}
        self.chosen.emit({name: keys for name, keys in wanted.items() if 0 < len(keys) <= _MOST_KEPT})

    def _on_stepped(self, place: int, step: int) -> None:
        if 0 <= place + step < len(self.panes):
            self.panes[place + step].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_menu(self, tracks: list[TrackId], spot: QPoint) -> None:
        pop_up(self._commands.menu(tracks, self), spot)
