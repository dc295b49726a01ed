"""Pages of tracks narrowed by groups: one with a tree of artists, genres or folders at its left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue, Rows
from indexer.core.catalogue.grouping import Grouping
from indexer.core.catalogue.search import match
from indexer.core.catalogue.shown import Column
from indexer.core.language import mark, tr
from musicplayer.ui.frame.track_commands import TrackCommands, pop_up
from musicplayer.ui.look.look import Look
from musicplayer.ui.tracks.group_model import GroupModel, GroupWords
from musicplayer.ui.tracks.group_tree import GroupTree
from musicplayer.ui.tracks.library_page import LibraryPage
from musicplayer.ui.tracks.scope import Emptiness, Scope
from musicplayer.ui.tracks.track_view import LIBRARY_COLUMNS

_NOTHING = Emptiness(
    "magnifying-glass", mark("Nothing chosen"), mark("Choose something on the left to see its tracks.")
)


@dataclass(frozen=True)
class Browsing:
    """What is browsed.

    Attributes:
        key: of the place.
        title: of the tree, for screen readers.
        words: what the tree says.
        groups: gives the groups as they are now.
        column: what tracks are sorted by at first.
        nested: whether groups lie in groups.
        columns: that a new installation shows of the tracks, in this order.
    """

    key: str
    title: str
    words: GroupWords
    groups: Callable[[], Grouping]
    column: Column = Column.ARTIST
    nested: bool = False
    columns: Sequence[Column] = LIBRARY_COLUMNS


class GroupedPage(LibraryPage):
    """A page whose table is narrowed by groups, which follow the library while somebody looks."""

    def __init__(
        self,
        catalogue: Catalogue,
        look: Look,
        columns: Sequence[Column] = LIBRARY_COLUMNS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(catalogue, look, columns, parent)
        self._stale_groups = True

    def narrow(self, rows: Rows) -> None:
        """Show the groups of `rows`, silently."""
        raise NotImplementedError

    def on_groups_changed(self) -> None:
        """The groups of the library are others; taken in when somebody looks."""
        self._stale_groups = True
        if self.isVisible():
            self.refresh_groups()

    def refresh_groups(self) -> None:
        self._on_found(match(self._catalogue, self.row.query))
        self.model.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale_groups:
            self.refresh_groups()

    def _on_found(self, rows: Rows) -> None:
        """The groups come first: what is chosen of them may be left out by the search."""
        self._stale_groups = False
        self.narrow(rows)


class BrowsePage(GroupedPage):
    """The table shows the tracks of what is chosen in the tree, the tree what the search left."""

    def __init__(
        self,
        catalogue: Catalogue,
        browsing: Browsing,
        commands: TrackCommands,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(catalogue, look, browsing.columns, parent)
        self._commands = commands
        self._scope = Scope(browsing.key, self._chosen, browsing.column, empty=_NOTHING)
        self.groups = GroupModel(catalogue, browsing.groups, browsing.words, self)
        self.groups.sorting = lambda: self.model.sorting  # what plays is what the table shows, from its top
        self.tree = GroupTree(self.groups, look.theme, nested=browsing.nested)
        self.tree.setAccessibleName(tr(browsing.title))
        side = QWidget()
        side.setObjectName("side")
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tree)
        self.set_side(side)
        self.tree.chosen.connect(self._on_chosen)
        self.tree.play_requested.connect(self.play_requested)
        self.tree.menu_requested.connect(self._on_menu)
        self.model.set_active(False)  # until it is shown
        self.show_scope(self._scope)

    def choose(self, key: str) -> bool:
        """Show the tracks of one group, without a search; whether there is such a group."""
        self.search.clear()
        if self._stale_groups:
            self.refresh_groups()
        return self.tree.select(key)

    def view_state(self) -> dict[str, Any]:
        return {**super().view_state(), "groups": self.tree.keys()}

    def restore_view(self, state: Mapping[str, Any]) -> None:
        keys = state.get("groups")
        if self._stale_groups:
            self.refresh_groups()
        self.tree.choose([key for key in (keys if isinstance(keys, list) else []) if isinstance(key, str)])
        super().restore_view(state)

    def narrow(self, rows: Rows) -> None:
        self.tree.refresh(rows)

    def _chosen(self, rows: Rows) -> Rows:
        return self.groups.rows_in(self.tree.groups(), rows)

    def _on_chosen(self) -> None:
        self.model.set_scope(self._scope)
        self.table.scrollToTop()

    def _on_menu(self, tracks: list[object], spot: QPoint) -> None:
        pop_up(self._commands.menu(tracks, self), spot)  # type: ignore[arg-type]
