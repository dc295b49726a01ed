"""What the window looks like, kept across starts: theme, docks, columns, size."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWidgets import QMainWindow

from indexer.core.settings import Theme as ThemeChoice
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.tracks.track_view import TrackView

LAYOUT_VERSION = 1


class ViewControl(QObject):
    """Connects the theme actions, and restores and saves the layout."""

    def __init__(self, shell: Shell, services: Services, table: TrackView, window: QMainWindow) -> None:
        super().__init__(window)
        theme = services.theme
        self._preferences = services.preferences
        self._theme = theme
        self._table = table
        self._window = window
        for mode, action in shell.actions.themes.items():
            action.setChecked(mode == theme.mode)
            action.triggered.connect(lambda _=False, mode=mode: self.set_theme(mode))
        self.restore()
        table.columns_changed.connect(self._on_columns)
        shell.closing.begun.connect(self.remember)

    def set_theme(self, mode: str) -> None:
        """Dress the window at once, and remember."""
        self._theme.set_mode(mode)
        self._preferences.settings.theme = ThemeChoice(mode)
        self._preferences.save_soon()

    def restore(self) -> None:
        settings = self._preferences.settings
        if settings.window_geometry:
            self._window.restoreGeometry(_bytes(settings.window_geometry))
        if settings.window_state:
            self._window.restoreState(_bytes(settings.window_state), LAYOUT_VERSION)
        self._table.restore_columns(settings.table_state)

    def remember(self) -> None:
        """Take the layout into the settings, before the window goes."""
        settings = self._preferences.settings
        settings.window_geometry = self._window.saveGeometry().toBase64().toStdString()
        settings.window_state = self._window.saveState(LAYOUT_VERSION).toBase64().toStdString()
        settings.table_state = self._table.columns_state()

    def _on_columns(self) -> None:
        self._preferences.settings.table_state = self._table.columns_state()
        self._preferences.save_soon()


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))
