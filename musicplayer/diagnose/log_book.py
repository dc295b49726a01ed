"""Writes into the log what the player does and says, without the names of what it plays."""

from __future__ import annotations

import logging
import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QObject, Signal, qVersion

from indexer.core.events import Finished, StageStarted
from indexer.core.files.redaction import nameless
from musicplayer.jobs.jobs import Jobs
from musicplayer.library.database_client import DatabaseClient

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


def follow_jobs(jobs: Jobs) -> None:
    """Note when the indexer begins and ends."""
    jobs.started.connect(lambda kind: log.info("job %s begins", kind))
    jobs.stage.connect(_on_stage)
    jobs.paused.connect(lambda paused: log.info("job paused" if paused else "job goes on"))
    jobs.finished.connect(_on_finished)
    jobs.failed.connect(lambda event: log.warning("job failed: %s: %s", event.code, nameless(event.english)))


def follow_link(client: DatabaseClient) -> None:
    """Note when the database comes and goes."""
    client.connected.connect(lambda: log.info("connected to the database"))
    client.unavailable.connect(lambda message, _: log.warning("no database: %s", nameless(message)))


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


def _on_stage(stage: StageStarted) -> None:
    log.info("stage %s begins, %s to do", stage.stage.value, "?" if stage.total is None else stage.total)


def _on_finished(finished: Finished) -> None:
    log.info("job %s: %s", "cancelled" if finished.cancelled else "finished", finished.summary)
