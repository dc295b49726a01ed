"""The status bar: the job that runs, what the library holds, and the state of the database."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import number, tr, trn
from indexer.core.phrases import sentence
from musicplayer.jobs.jobs import Jobs
from musicplayer.library.database_client import DatabaseClient
from musicplayer.ui.frame.job_status import JobStatus
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.icons import Icons

_AIR = "  "  # before the edge of the window


class StatusBar(QStatusBar):
    """Listens to the jobs and the database."""

    def __init__(
        self, jobs: Jobs, client: DatabaseClient, icons: Icons, machine: str = "", parent: QWidget | None = None
    ) -> None:
        """`machine` is the one that has the library, empty for this one."""
        super().__init__(parent)
        self._machine = machine
        self.setSizeGripEnabled(False)
        self.job = JobStatus(jobs, icons)
        self.database = _note()
        self.counts = _note()
        self.problems = worded_button(icons.icon("warning"), "", tip=tr("Show the files with problems"))
        self.addWidget(self.job)
        for part in (self.database, self.problems, self.counts):
            self.addPermanentWidget(part)
        self.problems.setAccessibleName(tr("Files with problems"))
        self.problems.hide()
        connecting = tr("Asking {machine}…", machine=machine) if machine else tr("Connecting to the database…")
        self.database.setText(connecting)
        client.connected.connect(self._on_connected)
        client.unavailable.connect(self._on_unavailable)
        client.counts_changed.connect(self.set_counts)

    def set_counts(self, counts: LibraryCounts) -> None:
        """Say how much there is and how much of it was analysed."""
        analysed = min(counts.analysed, counts.tracks)
        if not counts.tracks:
            self.counts.setText("")
        elif analysed == counts.tracks:
            self.counts.setText(
                trn("{number} track, all analysed", "{number} tracks, all analysed", counts.tracks) + _AIR
            )
        elif counts.is_complete:
            tracks = trn("{number} track", "{number} tracks", counts.tracks)
            left = trn("{number} cannot be compared", "{number} cannot be compared", counts.tracks - analysed)
            self.counts.setText(tr("{tracks}, {left}", tracks=tracks, left=left) + _AIR)
        else:
            tracks = trn("{number} track", "{number} tracks", counts.tracks)
            self.counts.setText(tr("{tracks}, {number} analysed", tracks=tracks, number=number(analysed)) + _AIR)
        self.problems.setText(" " + trn("{number} problem", "{number} problems", counts.problems))
        self.problems.setAccessibleName(
            trn("{number} file with problems", "{number} files with problems", counts.problems)
        )
        self.problems.setVisible(counts.problems > 0)

    def _on_connected(self) -> None:
        self.database.setText("")
        self.database.setToolTip("")

    def _on_unavailable(self, message: str, advice: str) -> None:
        self.database.setText(
            tr("{machine} does not answer: showing the library as last seen", machine=self._machine)
            if self._machine
            else tr("No database: showing the library as last seen")
        )
        self.database.setToolTip(sentence(message, advice))


def _note() -> QLabel:
    label = QLabel()
    label.setProperty("tone", "small")
    return label
