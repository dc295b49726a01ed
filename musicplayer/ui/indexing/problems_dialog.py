"""Lists the files that could not be played or analysed, each with what to do about it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from indexer.core.language import mark, tr, trn
from indexer.core.tracks import Problem
from musicplayer.library.database_client import DatabaseClient
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.files_dialog import FilesDialog, FilesModel
from musicplayer.ui.look.look import Look

_WIDTHS = (200, 320, 280)
_ROW_PADDING = 12


class ProblemsModel(FilesModel[Problem]):
    """One row per file, in the order of their paths."""

    heads = (mark("File"), mark("What is wrong"), mark("What to do"), mark("Folder"))

    def texts(self, file: Problem) -> Sequence[str]:
        folder, name = os.path.split(file.path)
        return name, file.message, file.advice, folder

    def show_problems(self, problems: Sequence[Problem]) -> None:
        self.show_files(sorted(problems, key=lambda problem: problem.path))


class ProblemsDialog(FilesDialog):
    """Stays open beside the window and follows the list.

    Signals:
        rescan_requested: try the files again.
    """

    rescan_requested = Signal()

    def __init__(self, client: DatabaseClient, look: Look, parent: QWidget | None = None) -> None:
        self.model = ProblemsModel()
        title, name = tr("Problems"), tr("Files with problems")
        super().__init__(title, name, self.model, _WIDTHS, look, parent, row_padding=_ROW_PADDING, wraps=True)
        self._client = client
        self.is_loaded = False
        self.rescan_button = push_button(tr("Try again"))
        self._add_rescan()
        client.problems_loaded.connect(self._on_loaded)
        client.counts_changed.connect(lambda _: self._reload())

    def open_fresh(self) -> None:
        """Show it, with the list read anew."""
        self.wait(tr("Reading the list…"))
        self.is_loaded = False
        self._client.load_problems()
        self.bring_up()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def summary(self) -> str:
        """What the dialog says in words."""
        return self.intro.text() if self.model.rowCount() else self.empty.text

    def _add_rescan(self) -> None:
        self.rescan_button.setEnabled(False)
        self.rescan_button.setToolTip(tr("Look at changed files again (Library › Rescan)"))
        self.rescan_button.clicked.connect(self.rescan_requested)
        self.add_button(self.rescan_button)

    def _reload(self) -> None:
        if self.isVisible():
            self._client.load_problems()

    def _on_loaded(self, problems: list[Problem]) -> None:
        self.is_loaded = True
        self.model.show_problems(problems)
        number = len(problems)
        self.rescan_button.setEnabled(number > 0)
        self.empty.show_state("check-circle", tr("No problems"), tr("Every file was taken in and analysed."))
        self.say(
            trn(
                "{number} file could not be taken in or analysed. Everything else works as usual; "
                "a file is tried again when it changes.",
                "{number} files could not be taken in or analysed. Everything else works as usual; "
                "a file is tried again when it changes.",
                number,
            )
            if number
            else tr("Files that cannot be read, played or analysed are listed here.")
        )
