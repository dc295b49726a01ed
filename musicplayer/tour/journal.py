"""What the tour watches while it acts: when the track changed, whether playing ever stopped, what jobs reported."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from indexer.events import Finished, ModelSwapped, Progress, Stage
from indexer.library import TrackId
from musicplayer.jobs import Jobs
from musicplayer.library.changes import LibraryCounts
from musicplayer.library.library import Library
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player


class Journal(QObject):
    """Notes of the player's and the jobs' signals, in the order in which they came."""

    def __init__(self, player: Player, jobs: Jobs, library: Library, parent: QObject) -> None:
        super().__init__(parent)
        self.tracks: list[tuple[float, TrackId | None]] = []
        self.states: list[PlaybackState] = []
        self.heard: list[Progress] = []
        self.models: list[ModelSwapped] = []
        self.finished: list[Finished] = []
        self.failures: list[str] = []
        self.database_answered = False
        self.problems = 0
        library.link.connected.connect(self._on_connected)
        library.link.counts_changed.connect(self._on_counts)
        player.track_changed.connect(self._on_track)
        player.state_changed.connect(self.states.append)
        player.failed.connect(self._on_failure)
        jobs.progress.connect(self._on_progress)
        jobs.model_swapped.connect(self.models.append)
        jobs.finished.connect(self.finished.append)
        jobs.failed.connect(self._on_failure)

    @property
    def last_change(self) -> float:
        """When the track last changed, by the monotonic clock."""
        return self.tracks[-1][0] if self.tracks else 0.0

    @property
    def last_rate(self) -> float | None:
        """Tracks analysed per second, as last reported."""
        return next((progress.rate for progress in reversed(self.heard) if progress.rate), None)

    def _on_track(self, track: TrackId | None) -> None:
        self.tracks.append((time.monotonic(), track))

    def _on_progress(self, progress: Progress) -> None:
        if progress.stage is Stage.EXTRACT:
            self.heard.append(progress)

    def _on_connected(self) -> None:
        self.database_answered = True

    def _on_counts(self, counts: LibraryCounts) -> None:
        self.problems = counts.problems

    def _on_failure(self, message: str, advice: str) -> None:
        self.failures.append(f"{message} {advice}".strip())
