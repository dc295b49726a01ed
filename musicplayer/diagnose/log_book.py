"""Writes into the log what the player does and says, without the names of what it plays."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QObject, Signal, qVersion

from indexer.core.events import Failed, Finished, StageStarted
from indexer.core.files.redaction import nameless
from indexer.core.follow.changes import LibraryCounts
from indexer.core.plays import PlaySource
from indexer.core.store import LibraryFolder
from indexer.core.tracks import TrackId
from musicplayer.discover.similar import Similar
from musicplayer.playback.player import Player

log = logging.getLogger("player")
_shown = logging.getLogger("shown")


def note_start(seconds: float) -> None:
    """What runs here, and how long it took until its window was there."""
    try:
        segue = version("segue-player")
    except PackageNotFoundError:
        segue = "from source"
    system = f"{platform.system()} {platform.machine()}"
    log.info(
        "Segue %s, Python %s, Qt %s, %s; window after %.2f s",
        segue, platform.python_version(), qVersion(), system, seconds,
    )  # fmt: skip


class LogBook(QObject):
    """Notes the story of a session, one line a thing: the library, jobs, models, and what plays from where.

    Tracks go by their ids, places by their kind; see `indexer.core.files.logs`.
    """

    def __init__(self, player: Player, similar: Similar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._similar = similar
        self._counts = LibraryCounts()
        self._folders: int | None = None
        self._noted: object = None
        self._model = ""
        self._job, self._since = "", 0.0
        self._is_running = False

    def on_connected(self) -> None:
        log.info("connected to the database")

    def on_job(self, kind: str) -> None:
        self._job, self._since, self._is_running = kind, time.monotonic(), True
        log.info("job %s begins", kind)

    def on_stage(self, stage: StageStarted) -> None:
        log.info("stage %s begins, %s to do", stage.stage.value, _known(stage.total))

    def on_paused(self, paused: bool) -> None:
        log.info("job %s", "paused" if paused else "goes on")

    def on_finished(self, event: Finished) -> None:
        ended = "was cancelled" if event.cancelled else "ended"
        log.info("job %s %s after %.1f s: %s", self._job, ended, self._seconds(), _listed(event.summary))

    def on_failed(self, event: Failed) -> None:
        log.warning(
            "job %s failed after %.1f s: %s: %s", self._job, self._seconds(), event.code, nameless(event.english)
        )

    def on_idle(self) -> None:
        self._is_running = False
        self._note_library()

    def on_counts(self, counts: LibraryCounts) -> None:
        self._counts = counts
        self._note_library()

    def on_folders(self, folders: Sequence[LibraryFolder]) -> None:
        self._folders = len(folders)
        self._note_library()

    def on_similar(self) -> None:
        manifest = self._similar.manifest
        if manifest is None or manifest.id == self._model:
            return
        self._model = manifest.id
        kind = "provisional model" if manifest.provisional else "model"
        log.info("%s %s of %d tracks in %d dimensions", kind, manifest.id, manifest.tracks, manifest.dims)

    def on_track(self, track: TrackId | None) -> None:
        current = self._player.queue.current
        if track is not None:
            by_itself = current is not None and current.origin.source in {PlaySource.RADIO, PlaySource.JOURNEY}
            whom = current.origin.source if current is not None and by_itself else "a person"
            log.info("plays %s of the queue, put there by %s", track, whom)

    def _seconds(self) -> float:
        return time.monotonic() - self._since

    def _note_library(self) -> None:
        """Once for what it holds; a job changes it with every file, so then when the job ended.

        The folders are told after the counts: before they are known nothing is noted.
        """
        found = (self._counts, self._folders)
        if self._is_running or self._folders is None or found in (self._noted, (LibraryCounts(), 0)):
            return
        self._noted = found
        log.info(
            "library: %d tracks in %d folders, %d analysed, %d files with problems",
            self._counts.tracks, self._folders, self._counts.analysed, self._counts.problems,
        )  # fmt: skip


def note_shown(message: str, advice: str, warning: bool) -> None:
    """Note what the window tells a person."""
    _shown.log(logging.WARNING if warning else logging.INFO, "%s", nameless(f"{message} {advice}".strip()))
    _shown.debug("%s %s", message, advice)


class Alarm(QObject):
    """Passes on that something was logged that nobody caught, to the thread that this object lives in.

    Signals:
        raised: there is something to look at in the log.
    """

    raised = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handler = _Bell(self)
        logging.getLogger("unexpected").addHandler(self._handler)

    def close(self) -> None:
        logging.getLogger("unexpected").removeHandler(self._handler)


class _Bell(logging.Handler):
    def __init__(self, alarm: Alarm) -> None:
        super().__init__(logging.CRITICAL)
        self._alarm = alarm

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - that there is one is enough
        self._alarm.raised.emit()


def _known(total: int | None) -> str:
    return "?" if total is None else str(total)


def _listed(summary: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in summary.items()) or "nothing to count"
