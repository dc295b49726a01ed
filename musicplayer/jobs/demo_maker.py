"""Has the demo library made by a process of its own, so that the window stays free."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from indexer.core.beside import indexer_command
from indexer.core.language import tr
from musicplayer.jobs.job_process import environment

END_MS = 2_000
_LAST_LINES = 300


class DemoMaker(QObject):
    """Makes the demo library once; asked again, it hands out the one that is there.

    Signals:
        started: it is being made.
        made: its folder.
        failed: message and advice.
    """

    started = Signal()
    made = Signal(str)
    failed = Signal(str, str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._process: QProcess | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def make(self) -> None:
        """Begin, unless it is under way; `made` comes in either case."""
        if self._process is not None:
            return
        process = QProcess(self)
        process.setProcessEnvironment(environment(None))
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        program, *arguments = indexer_command()
        process.start(program, [*arguments, "demo", str(self._folder)])
        self.started.emit()

    def shutdown(self) -> None:
        """End it; what was made so far is completed the next time."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(END_MS)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        said = bytes(process.readAll().data()).decode("utf-8", "replace").strip()[-_LAST_LINES:]
        process.deleteLater()
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            self.made.emit(str(self._folder))
        else:
            self.failed.emit(
                tr(
                    "The demo library could not be made in {folder}: {reason}.",
                    folder=self._folder,
                    reason=said or tr("exit code {code}", code=code),
                ),
                tr("Check that there is space there, and try again."),
            )

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._process.deleteLater()
            self._process = None
            self.failed.emit(
                tr("The program that makes the demo library could not be started."), tr("Install Segue again.")
            )
