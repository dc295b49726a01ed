"""Keeps where a person was across starts: what was searched and sorted where, and what was selected and in view."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLineEdit

from indexer.core.catalogue.shown import Column
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.tracks.albums_page import AlbumsPage
from musicplayer.ui.tracks.library_page import LibraryPage
from musicplayer.ui.tracks.scope import EVERYTHING

_COLUMNS = {column.value: column for column in Column}
_DOWN = "-"
"""Before the name of a column that is sorted from its end."""


class PlaceKeeper(QObject):
    """Writes down as things change, and brings back when there is something to see."""

    def __init__(self, shell: Shell, services: Services, page: LibraryPage) -> None:
        super().__init__(shell.window)
        self._window = shell.window
        self._places = shell.places
        self._preferences = services.preferences
        self._library = services.library
        self._to_restore: dict[str, Any] = dict(services.preferences.settings.view)
        self._keep_library(page)
        shell.closing.begun.connect(self._remember)

    def keep_page(self, page: LibraryPage) -> None:
        """Bring back what was searched on a page, and keep what will be."""
        page.restore_searches(self._preferences.settings.searches)
        page.searched.connect(self._on_searched)

    def keep_albums(self, page: AlbumsPage) -> None:
        """The same for the wall of covers."""
        page.restore_search(self._preferences.settings.searches.get("albums", ""))
        page.searched.connect(lambda text: self._on_searched("albums", text))

    def on_library(self) -> None:
        """Go back to what was selected, once, when the first tracks are there and all who show them were told."""
        if self._to_restore and len(self._library.catalogue):
            state, self._to_restore = self._to_restore, {}
            QTimer.singleShot(0, self, lambda: self._restore(state))

    def _keep_library(self, page: LibraryPage) -> None:
        settings = self._preferences.settings
        for key, sorting in settings.sortings.items():
            column = _COLUMNS.get(sorting.removeprefix(_DOWN))
            if column is not None:
                page.set_sorting(key, column, descending=sorting.startswith(_DOWN))
        if settings.sort_column in _COLUMNS:
            page.set_sorting(EVERYTHING.key, _COLUMNS[settings.sort_column], descending=settings.sort_descending)
        page.sorted_by.connect(self._on_sorted)
        self.keep_page(page)

    def _on_searched(self, key: str, text: str) -> None:
        searches = self._preferences.settings.searches
        if text:
            searches[key] = text
        else:
            searches.pop(key, None)
        self._preferences.save_soon()

    def _on_sorted(self, key: str, column: Column, descending: bool) -> None:
        if key == EVERYTHING.key:
            self._preferences.set("sort_column", column.value)
            self._preferences.set("sort_descending", descending)
        else:
            self._preferences.settings.sortings[key] = f"{_DOWN if descending else ''}{column.value}"
            self._preferences.save_soon()

    def _restore(self, state: dict[str, Any]) -> None:
        page = self._places.page
        if state.get("place") == self._places.current_place and hasattr(page, "restore_view"):
            page.restore_view(state)
            if not isinstance(self._window.focusWidget(), QLineEdit):  # where somebody may be typing by now
                self._places.enter_page()

    def _remember(self) -> None:
        page = self._places.page
        found = page.view_state() if hasattr(page, "view_state") else {}
        self._preferences.set("view", {"place": self._places.current_place, **found})
