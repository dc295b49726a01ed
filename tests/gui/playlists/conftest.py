"""One application with tracks and no playlists, for all tests of playlists in the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog

from indexer.core.home import Home
from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import Track
from musicplayer.app import Application, compose
from musicplayer.library.playlists import Playlists
from musicplayer.ui.playlists.playlist_control import PlaylistControl


@pytest.fixture(scope="package")
def application(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One application for all tests of playlists: composing it takes longer than any of them."""
    made = compose(qapp, Home.resolve(tmp_path_factory.mktemp("playlists")), theme="light")
    made.window.show()
    yield made
    made.window.close()
    made.shutdown()
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete)


@pytest.fixture
def filled(application: Application, tracks: list[Track]) -> Iterator[Application]:
    """The application with thirty tracks, an empty queue and no playlists."""
    services, window = application.services, application.window
    services.library.catalogue.clear()
    services.library.catalogue.upsert(tracks)
    services.library.reset.emit()
    yield application
    for dialog in window.findChildren(QDialog):
        dialog.close()
        dialog.deleteLater()
    for playlist in services.playlists.all():
        services.playlists.delete(playlist.id)
    services.playlists.forget_edits()
    services.player.stop()
    services.player.restore(PlayQueue(), 0.0)
    window.library.row.show_text("")
    window.shell.messages.clear()
    window.shell.places.go("tracks")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def playlists(filled: Application) -> Playlists:
    return filled.services.playlists


@pytest.fixture
def control(filled: Application) -> PlaylistControl:
    return filled.window.extras.playlists
