"""What the tour watches while it acts: when the track changed, whether playing ever stopped, what jobs reported."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from indexer.core.events import Finished, ModelSwapped, Progress, Stage
from indexer.core.follow.changes import LibraryCounts
from indexer.core.tracks import TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.frame.services import Services
from musicplayer.ui.similar.similar_dock import SimilarDock


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
