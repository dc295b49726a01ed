"""Joins the panel "More like this" to what is chosen elsewhere, and to the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject

from indexer.core.settings import SameArtist
from indexer.core.tracks import TrackId
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.similar.similar_dock import SimilarDock

_SAME_ARTIST = "same_artist"


class SimilarControl(QObject):
    """Brings "More like these" to the panel, and keeps the choice about the same artist."""

    def __init__(self, shell: Shell, services: Services, panel: SimilarDock) -> None:
        super().__init__(shell.window)
        self._preferences = services.preferences
        self._similar = services.similar
        self._panel = panel
        shell.commands.more_like_these_requested.connect(self._panel.choose_all)
        self._panel.tools.same_artist_chosen.connect(self._on_chosen)
        settings = self._preferences.settings
        self._panel.restore_pins([TrackId(track) for track in settings.pinned], settings.pinned_of)
        self._panel.pins_changed.connect(self._on_pins)
        self.on_setting(_SAME_ARTIST)

    def _on_pins(self) -> None:
        tracks, of = self._panel.pins
        self._preferences.set("pinned", list(tracks))
        self._preferences.set("pinned_of", of)

    def _on_chosen(self, choice: SameArtist) -> None:
        self._preferences.set(_SAME_ARTIST, choice)

    def on_setting(self, name: str) -> None:
        if name == _SAME_ARTIST:
            choice = self._preferences.settings.same_artist
            self._panel.tools.show_same_artist(choice)
            self._similar.set_same_artist(choice)
