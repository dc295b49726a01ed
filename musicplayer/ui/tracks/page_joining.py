"""Joins a page of tracks to the library, the player and the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from indexer.core.tracks import TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.frame.services import Services
from musicplayer.ui.tracks.library_page import LibraryPage

if TYPE_CHECKING:
    from musicplayer.ui.window.main_window import MainWindow


def join_page(page: LibraryPage, window: MainWindow, services: Services) -> None:
    """Let `page` follow the library and what plays, and its rows be played, queued and asked about."""
    library, player, model = services.library, services.player, page.model

    def mark_playing() -> None:
        model.set_playing(player.under_way, paused=player.state is PlaybackState.PAUSED)

    def menu(tracks: list[TrackId], rows: list[int], spot: QPoint) -> None:
        window.show_track_menu(page, tracks, rows, spot)

    library.changed.connect(model.on_changed)
    library.changed.connect(mark_playing)
    library.reset.connect(model.on_reset)
    library.reset.connect(mark_playing)
    library.plays_changed.connect(model.on_plays_changed)
    player.track_changed.connect(mark_playing)
    player.state_changed.connect(mark_playing)
    page.play_requested.connect(window.commands.play)
    page.row_activated.connect(lambda row: window.commands.play_in_list(model.shown_tracks(), row))
    page.table.play_from_requested.connect(lambda row: window.commands.play(model.shown_tracks(), row))
    page.table.menu_requested.connect(menu)
    page.welcome.add_requested.connect(window.library_control.choose_folder)
    page.welcome.demo_requested.connect(window.library_control.open_demo)
    services.jobs.started.connect(lambda _: page.set_indexing(True))
    services.jobs.idle.connect(lambda: page.set_indexing(False))
    page.set_indexing(services.jobs.is_running)
    mark_playing()
