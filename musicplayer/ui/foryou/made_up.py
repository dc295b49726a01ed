"""Plays that nobody made, for the demo library: there where somebody asks for them, marked, and gone with one click."""

from __future__ import annotations

import os
import time

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from indexer.core.language import tr, trn
from indexer.core.taste.folder import TasteUnwritable, forget_taste
from indexer.core.taste.made_up import MADE_UP, made_up_plays
from indexer.core.taste.recommending import TasteState
from indexer.core.tracks import Track
from musicplayer.jobs.errands import TASTE
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.labels import GlyphLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.tracks.empty_state import EmptyState

_GLYPH = 20


class MadeUpControl(QObject):
    """Puts them into the database and takes them out again; no server and no broker is told of them."""

    def __init__(self, shell: Shell, services: Services, welcome: EmptyState) -> None:
        """`welcome` may ask for them before the demo library is there."""
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._client = services.library.client
        self._welcome = welcome
        self._number = 0
        self._is_learning = self._is_learnt_in_vain = False
        self.bars: list[MadeUpBar] = []
        self.button = push_button("")
        self.button.clicked.connect(self._on_button)
        services.learning.started.connect(self._on_learning)
        services.learning.done.connect(lambda kind, _: self._on_learnt(kind))
        services.learning.failed.connect(lambda kind, *_: self._on_learnt(kind))

    def offer_on(self, page: StatePage) -> None:
        """Offer them on a page that is empty without plays, or to remove them."""
        page.add_button(self.button)
        page.said.connect(self._show)
        self._show()

    def bar(self) -> MadeUpBar:
        """Something for the top of a page, which is there as long as any plays are made up."""
        made = MadeUpBar(self._services.look)
        made.remove_requested.connect(self.remove)
        self.bars.append(made)
        return made

    def look(self) -> None:
        """Find out whether there are any."""
        if self._services.shared is None:
            self._client.ask(lambda database: database.plays.from_client(MADE_UP), self._on_known)

    def on_indexed(self) -> None:
        """The demo library may be there now; whoever opened it with plays is shown what is made of them."""
        if self._welcome.with_plays.isChecked() and not self._number and self._demo_tracks():
            self._welcome.with_plays.setChecked(False)
            self.make_up()
            self._shell.places.go("for-you")
        self._show()

    def make_up(self) -> None:
        """Have the demo library played by somebody that there is not."""
        plays = made_up_plays(self._demo_tracks(), time.time())
        self._client.ask(lambda database: database.plays.add(plays), lambda _: self._on_changed(), must_succeed=True)

    def remove(self) -> None:
        """Take all of these plays away, and what was learnt from them."""
        self._client.ask(lambda database: database.plays.take_back(MADE_UP), self._on_removed, must_succeed=True)

    def _on_button(self) -> None:
        if self._number:
            self.remove()
        else:
            self.make_up()

    def _on_known(self, number: int) -> None:
        self._number = number
        self._show()

    def _on_changed(self) -> None:
        self._client.recount_plays()
        self._services.recommended.reload()
        self.look()

    def _on_removed(self, number: int) -> None:
        self._is_learnt_in_vain = self._is_learning
        if self._is_learnt_in_vain:
            self._services.learning.cancel()
        self._forget()
        self._on_changed()
        words = trn("{number} made-up play is gone.", "{number} made-up plays are gone.", number)
        self._shell.messages.tell(words, tr("What you played yourself is there as before."))

    def _on_learning(self, kind: str) -> None:
        self._is_learning = kind == TASTE

    def _on_learnt(self, kind: str) -> None:
        """What was being learnt as the plays went may have been kept all the same."""
        self._is_learning = self._is_learning and kind != TASTE
        if kind == TASTE and self._is_learnt_in_vain:
            self._is_learnt_in_vain = False
            self._forget()
            self._services.recommended.reload()

    def _forget(self) -> None:
        try:
            forget_taste(self._services.preferences.home)
        except TasteUnwritable as error:
            self._shell.messages.warn(error.message, error.advice)

    def _show(self) -> None:
        for bar in self.bars:
            bar.setVisible(self._number > 0)
        offered = tr("Remove the made-up plays") if self._number else tr("Try it with made-up plays")
        self.button.setText(offered)
        self.button.setAccessibleName(offered)
        too_little = self._services.recommended.now.state is TasteState.TOO_LITTLE
        self.button.setVisible(self._number > 0 or (too_little and bool(self._demo_tracks())))

    def _demo_tracks(self) -> list[Track]:
        """What of the demo library is in the library."""
        folder = self._services.preferences.home.demo
        if self._services.shared is not None or not folder.is_dir():
            return []
        catalogue, above = self._services.library.catalogue, f"{folder}{os.sep}"
        folders = catalogue.folders()
        demo = [place for place, path in enumerate(folders.values) if path.startswith(above)]
        rows = catalogue.rows()
        return [catalogue.track(row) for row in rows[np.isin(folders.codes[rows], demo)].tolist()]


class MadeUpBar(QFrame):
    """Says of a page that what it shows comes from plays that nobody made.

    Signals:
        remove_requested: they are to go.
    """

    remove_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figure")
        glyph = GlyphLabel(look, _GLYPH)
        glyph.show_glyph("flask", "soft")
        self.words = text_label(
            tr(
                "These plays of the demo library are made up, to show what Segue makes of plays. "
                "They stay on this computer."
            ),
            "soft",
        )
        self.remove = push_button(tr("Remove them"))
        self.remove.setAccessibleName(tr("Remove the made-up plays"))
        self.remove.clicked.connect(self.remove_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(glyph)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.remove)
        self.hide()
