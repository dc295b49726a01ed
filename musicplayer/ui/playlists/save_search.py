"""The button beside the search that makes a smart playlist of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from indexer.core.catalogue.catalogue import Column
from indexer.core.catalogue.smart import SmartRule
from indexer.core.language import tr
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.tracks.library_page import LibraryPage

_SCOPES = {
    "never-played": SmartRule("plays:0", Column.ADDED, descending=True),
    "most-played": SmartRule("plays>0", Column.PLAYS, descending=True),
    "recent": SmartRule("", Column.ADDED, descending=True),
}
"""What a part of the library is in the language of the search."""


class SaveSearch(QObject):
    """Seen while something is searched for.

    Signals:
        requested: a SmartRule that finds what the page shows.
    """

    requested = Signal(object)

    def __init__(self, page: LibraryPage, icons: Icons) -> None:
        super().__init__(page)
        self._page = page
        self.button = tool_button(icons.icon("lightning"), tr("Save this search as a smart playlist"))
        page.row.add(self.button)
        page.row.queried.connect(lambda _: self._show())
        page.search.textChanged.connect(lambda _: self._show())
        self.button.clicked.connect(lambda: self.requested.emit(self.rule()))
        self._show()

    def rule(self) -> SmartRule:
        """What the page shows, as a rule."""
        part = _SCOPES.get(self._page.model.scope.key, SmartRule(""))
        query = f"{part.query} {self._page.search.text().strip()}".strip()
        return SmartRule(query, part.order, part.descending)

    def _show(self) -> None:
        self.button.setVisible(bool(self._page.search.text().strip()))
        self.button.setEnabled(not self._page.row.is_wrong)
