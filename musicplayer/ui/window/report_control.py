"""Help › Write a report for a bug: chooses a file, writes the report off the main thread, says where it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from indexer.core.home import Home
from indexer.core.language import tr
from musicplayer.desktop.reveal import reveal
from musicplayer.threads import Tasks
from musicplayer.ui.frame.shell import Shell

if TYPE_CHECKING:
    from musicplayer.diagnose.report import Report


class ReportControl(QObject):
    """One report at a time; it may wait for a database that does not answer."""

    def __init__(self, shell: Shell, home: Home) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._home = home
        self._action = shell.actions.report
        self._tasks: Tasks | None = None
        self._action.triggered.connect(self.choose)
        shell.closing.then(self.shutdown)

    def choose(self) -> None:
        """Let a file be chosen and write the report to it."""
        from musicplayer.diagnose.report import suggested_name  # noqa: PLC0415 - no start needs it

        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._shell.window, tr("Write a report for a bug"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Reports (*.zip)"))
        dialog.setDefaultSuffix("zip")
        dialog.selectFile(suggested_name())
        dialog.fileSelected.connect(self.write)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: str) -> None:
        """Write the report, and say so."""
        from musicplayer.diagnose.report import write_report  # noqa: PLC0415 - as above

        self._action.setEnabled(False)
        self._shell.messages.tell(tr("Writing the report…"))
        self._tasks = self._tasks or Tasks(1, self)
        self._tasks.run(lambda: write_report(self._home, Path(path)), self._on_written, self._on_failed)

    def shutdown(self) -> None:
        """Not waited for: a report is of no use to someone who left."""
        if self._tasks is not None:
            self._tasks.shutdown(wait=False)

    def _on_written(self, report: Report) -> None:
        self._action.setEnabled(True)
        self._shell.messages.tell(
            tr("The report was written to {file}.", file=report.file),
            tr("It holds no names of people, folders and music. Look through it before you send it."),
            tr("Show in file manager"),
            lambda: reveal(str(report.file), lambda: _open_folder(report.file)),
        )

    def _on_failed(self, error: Exception) -> None:
        from musicplayer.diagnose.report import ReportNotWritten  # noqa: PLC0415 - loaded by now

        self._action.setEnabled(True)
        if not isinstance(error, ReportNotWritten):
            raise error
        self._shell.messages.warn(error.message, error.advice)


def _open_folder(file: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
