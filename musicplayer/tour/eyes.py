"""What a person sees in the window: what plays, how many rows there are, and when each of it came."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from indexer.core.events import Finished, ModelSwapped, Progress, Stage
from indexer.core.follow.changes import LibraryCounts
from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.playback.backend import PlaybackState
from musicplayer.tour.hands import check, wait_until
from musicplayer.ui.frame.services import Services
from musicplayer.ui.similar.similar_dock import SimilarDock

PANEL_SECONDS = 5
PLAY_SECONDS = 15


class Journal(QObject):
    """Notes of the player's and the jobs' signals, in the order in which they came."""

    def __init__(self, services: Services, panel: SimilarDock, parent: QObject) -> None:
        super().__init__(parent)
        player, jobs, library = services.player, services.jobs, services.library
        self.tracks: list[TrackId | None] = []
        self.states: list[PlaybackState] = []
        self.heard: list[Progress] = []
        self.models: list[ModelSwapped] = []
        self.finished: list[Finished] = []
        self.failures: list[str] = []
        self.database_answered = False
        self.problems = 0
        self.panel_at: float | None = None
        self._panel = panel
        panel.model.modelReset.connect(self._on_panel)
        panel.model.layoutChanged.connect(self._on_panel)
        library.client.connected.connect(self._on_connected)
        library.client.counts_changed.connect(self._on_counts)
        player.track_changed.connect(self._on_track)
        player.state_changed.connect(self.states.append)
        player.failed.connect(self._on_failure)
        jobs.progress.connect(self._on_progress)
        jobs.model_swapped.connect(self.models.append)
        jobs.finished.connect(self.finished.append)
        jobs.failed.connect(lambda event: self.failures.append(event.english))

    def _on_track(self, track: TrackId | None) -> None:
        self.tracks.append(track)
        self.panel_at = None
        self._on_panel()

    def _on_panel(self) -> None:
        """Note the first moment at which the panel has rows about the track that plays."""
        track = self.tracks[-1] if self.tracks else None
        if self.panel_at is None and track is not None and self._panel.seed == track and self._panel.model.rowCount():
            self.panel_at = time.monotonic()

    def _on_progress(self, progress: Progress) -> None:
        if progress.stage is Stage.EXTRACT:
            self.heard.append(progress)

    def _on_connected(self) -> None:
        self.database_answered = True

    def _on_counts(self, counts: LibraryCounts) -> None:
        self.problems = counts.problems

    def _on_failure(self, message: str, advice: str) -> None:
        self.failures.append(f"{message} {advice}".strip())


class Eyes:
    """Looks at the window of an application, and at the journal of what happened in it."""

    def __init__(self, application: Application) -> None:
        self.segue = application.services
        self.window = application.window
        self.journal = Journal(self.segue, self.window.similar, self.window)

    def is_playing(self) -> bool:
        return self.segue.player.state is PlaybackState.PLAYING and self.segue.player.position() > 0

    def rows(self) -> int:
        """Rows of the library table."""
        return self.window.library.table.model().rowCount()

    def similar_rows(self) -> int:
        return self.window.similar.list.model().rowCount()

    def queue_rows(self) -> int:
        return self.window.queue.list.model().rowCount()

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

    def panel_delay(self, clicked_at: float) -> str:
        """How long after a click the panel had its rows."""
        journal = self.journal
        wait_until(lambda: journal.panel_at is not None, PANEL_SECONDS, "the panel follows")
        return f"the panel had its rows {1000 * ((journal.panel_at or 0) - clicked_at):.0f} ms after the click"
