"""Keeps the columns of a table across starts."""

from __future__ import annotations

from PySide6.QtCore import QObject

from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.tracks.track_view import TrackView


class TableKeeper(QObject):
    """Restores and saves what a person chose of one table's columns."""

    def __init__(self, table: TrackView, name: str, preferences: Preferences) -> None:
        """Keep it in the settings under `name`."""
        super().__init__(table)
        self._table = table
        self._name = name
        self._preferences = preferences
        table.restore_columns(preferences.settings.table_states.get(name, ""))
        table.columns_changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._preferences.settings.table_states[self._name] = self._table.columns_state()
        self._preferences.save_soon()
