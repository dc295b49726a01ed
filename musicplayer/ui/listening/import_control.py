"""File › Import listening history: a file is chosen and imported; what was found, matched and missing is told."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from indexer.core.events import Notice, Progress
from indexer.core.language import number, tr, trn
from indexer.core.phrases import rate, sentence
from musicplayer.jobs.errands import IMPORT
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import text_label

MOST_NOTICES = 8
"""Sentences about single lines that the report has room for."""

_WIDTH = 460


class ImportControl(QObject):
    """One import at a time.

    Signals:
        imported: plays and opinions of elsewhere are in the database.
    """

    imported = Signal()

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._learning = services.learning
        self._notices: list[str] = []
        self._action = shell.actions.import_history
        self._action.triggered.connect(self.choose)
        self._learning.started.connect(self._on_started)
        self._learning.progress.connect(self._on_progress)
        self._learning.noticed.connect(self._on_noticed)
        self._learning.done.connect(self._on_done)
        self._learning.failed.connect(self._on_failed)

    def choose(self) -> None:
        """Let an export be chosen, and import it."""
        dialog = QFileDialog(self._shell.window, tr("Import listening history"), self._services.preferences.folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [
                tr(
                    "Listening histories ({endings})", endings="*.json *.jsonl *.csv *.tsv *.txt *.zip *.xml *.db songs"
                ),
                tr("All files (*)"),
            ]
        )
        dialog.fileSelected.connect(self.start)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, path: str) -> None:
        """Import an export: a file, a zip or a folder."""
        self._services.preferences.remember_folder(path)
        self._learning.import_history(path)

    def _on_started(self, kind: str) -> None:
        if kind == IMPORT:
            self._notices = []
            self._action.setEnabled(False)
            self._announce(tr("Importing the listening history…"))

    def _on_progress(self, event: Progress) -> None:
        if self._learning.kind == IMPORT:
            words = tr("Importing the listening history · {number} plays", number=number(event.done))
            self._announce(" · ".join(part for part in (words, rate(event.rate)) if part))

    def _on_noticed(self, event: Notice) -> None:
        if self._learning.kind == IMPORT and len(self._notices) < MOST_NOTICES:
            self._notices.append(sentence(event.message, event.advice))

    def _on_done(self, kind: str, summary: Mapping[str, float]) -> None:
        if kind == IMPORT:
            self._end()
            self.imported.emit()
            ImportReport(summary, self._notices, self._shell.window).open()

    def _on_failed(self, kind: str, message: str, advice: str) -> None:
        if kind == IMPORT:
            self._end()
            self.imported.emit()  # what was kept until then is there
            if message:
                self._shell.messages.warn(message, advice)

    def _end(self) -> None:
        self._action.setEnabled(True)
        self._shell.foot.job.settle()

    def _announce(self, words: str) -> None:
        """In the foot of the side bar, unless it tells of the indexer's own work."""
        if not self._services.jobs.is_running:
            self._shell.foot.job.announce(words)


class ImportReport(QDialog):
    """What an import found, what of it is in the library, and what is missing there."""

    def __init__(self, summary: Mapping[str, float], notices: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("importReport")
        self.setWindowTitle(tr("Listening history imported"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.lines = report_lines(summary)
        self.close_button = push_button(tr("Close"), primary=True)
        self.close_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(10)
        layout.addWidget(text_label(tr("Listening history imported"), "title"))
        layout.addLayout(self._grid())
        for words in notices:
            layout.addWidget(text_label(words, "small"))
        layout.addLayout(button_line(right=[self.close_button]))
        self.setMinimumWidth(_WIDTH)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (figure, words) in enumerate(self.lines):
            value = QLabel(figure)
            value.setProperty("tone", "strong")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 0)
            grid.addWidget(text_label(words, ""), row, 1)
        return grid


def report_lines(summary: Mapping[str, float]) -> list[tuple[str, str]]:
    """A number and what it is of, for everything that an import has to tell."""
    count = {name: int(value) for name, value in summary.items()}
    found, missing, near = (count.get(name, 0) for name in ("kept", "missing", "missing_by_known_artists"))
    known, matched, left_out, refused = (count.get(name, 0) for name in ("known", "matched", "left_out", "refused"))
    files = trn("found in {number} file", "found in {number} files", count.get("files", 0))
    waits = tr("missing in your library: they wait, and are matched when the music comes")
    by_artist = trn("{number} of them by an artist that you have", "{number} of them by artists that you have", near)
    lines = [
        (number(found + known), f"{files}, {_known_words(known)}" if known else files),
        (number(matched), tr("matched with your library")),
        (number(missing), f"{waits}; {by_artist}" if near else waits),
        (number(count.get("songs_matched", 0)), tr("words of songs in your library")),
        (number(left_out), tr("left out: podcasts, radio stations, and what was never played")),
        (number(refused), tr("refused: lines that are no plays")),
    ]
    always = 3
    return lines[:always] + [line for line in lines[always:] if line[0] != number(0)]


def _known_words(known: int) -> str:
    return trn("{number} of them was there already", "{number} of them were there already", known)
