"""A tour under way: the window it goes through, what is to be seen there, and the pictures taken of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication, QWidget

from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.playback.backend import PlaybackState
from musicplayer.tour.hands import check, rest, rows, wait_until

_PLAY_SECONDS = 15
_SETTLE_SECONDS = 0.3
"""Time for a window to repaint before its picture is taken."""


class Tour:
    """Through the window of an application, with the music in `folder`, or the demo library where that is None.

    Attributes:
        table, panel, queue: the lists of tracks that are in sight nearly everywhere.
        progress, models, finished, failed: events of the indexer, in the order in which they came.
        tracks, states: what became current, and whether it played, in the same way.
    """

    def __init__(self, application: Application, folder: Path | None, pictures: Path) -> None:
        self.segue, self.window, self.folder = application.services, application.window, folder
        self.table, self.panel = self.window.library.table, self.window.similar.list
        self.queue = self.window.queue.list
        jobs, player = self.segue.jobs, self.segue.player
        self.progress, self.models = _noted(jobs.progress), _noted(jobs.model_swapped)
        self.finished, self.failed = _noted(jobs.finished), _noted(jobs.failed)
        self.tracks, self.states = _noted(player.track_changed), _noted(player.state_changed)
        self._pictures, self._taken = pictures, 0

    def go(self, place: str) -> None:
        """Choose a place of the side bar."""
        places = self.window.shell.places
        places.go(place)
        wait_until(lambda: places.current_place == place, f"{place} is shown")

    def start(self, act: Callable[[], object], track: TrackId) -> str:
        """Do what makes `track` play, wait for it and for the panel to follow, and say how long both took."""
        started, panel = time.monotonic(), self.window.similar
        act()
        wait_until(lambda: self.segue.player.current == track, f"{self.name(track)} is current", _PLAY_SECONDS)
        wait_until(lambda: panel.seed == track and rows(self.panel) > 0, "the panel follows", _PLAY_SECONDS)
        followed = 1000 * (time.monotonic() - started)
        wait_until(self.is_playing, "VLC plays", _PLAY_SECONDS)
        seconds = time.monotonic() - started
        return f"plays after {seconds:.1f} s; the panel had its rows {followed:.0f} ms after the click"

    def is_playing(self) -> bool:
        return self.segue.player.state is PlaybackState.PLAYING and self.segue.player.position() > 0

    def current(self) -> TrackId:
        """The track that plays.

        Raises:
            StepFailed: none does.
        """
        current = self.segue.player.current
        check(current is not None, "no track is current")
        return TrackId(str(current))

    def name(self, track: TrackId) -> str:
        """Artist and title."""
        known = self.segue.library.track(track)
        return " – ".join(filter(None, (known.artist, known.title))) if known else track

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Save what the window, or another widget, looks like now.

        Raises:
            StepFailed: it cannot be saved.
        """
        rest(_SETTLE_SECONDS)
        self._taken += 1
        file = self._pictures / f"{self._taken:02d}-{name.replace(' ', '-')}.png"
        shown = widget or QApplication.activeModalWidget() or self.window
        check(shown.grab().save(str(file)), f"{file} could not be written")


def _noted(signal: SignalInstance) -> list[Any]:
    """What a signal says from now on, each time it does."""
    said: list[Any] = []
    signal.connect(said.append)
    return said
