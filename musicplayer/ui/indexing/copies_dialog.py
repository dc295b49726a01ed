"""Lists the copies of tracks that are in the library already, each beside the file that stands for it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from indexer.core.language import mark, tr, trn
from musicplayer.library.copies import Copies, Copy
from musicplayer.ui.look.files_dialog import FilesDialog, FilesModel
from musicplayer.ui.look.look import Look

_WIDTHS = (240, 320)


class CopiesModel(FilesModel[Copy]):
    """One row per copy."""

    heads = (mark("File"), mark("Folder"), mark("In the library as"))

    def texts(self, file: Copy) -> Sequence[str]:
        folder, name = os.path.split(file.path)
        return name, folder, file.of


class CopiesDialog(FilesDialog):
    """Stays open beside the window and follows what is found."""

    def __init__(self, copies: Copies, look: Look, parent: QWidget | None = None) -> None:
        self.model = CopiesModel()
        super().__init__(tr("Copies"), tr("Copies"), self.model, _WIDTHS, look, parent)
        self._copies = copies
        self.empty.show_state("check-circle", tr("No copies"), tr("No two files of the library have the same sound."))
        copies.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known."""
        number = len(self._copies.all)
        self.model.show_files(self._copies.all)
        self.intro.setVisible(number > 0)
        self.say(
            trn(
                "{number} file is a copy of a track that is in the library already. It is not listed a second time.",
                "{number} files are copies of tracks that are in the library already. They are not listed a second "
                "time.",
                number,
            )
        )

    def open_fresh(self) -> None:
        """Show it, and look again."""
        self._copies.refresh()
        self.bring_up()

    def lines(self) -> list[Sequence[str]]:
        return [(copy.path, copy.of) for copy in self._copies.all]
