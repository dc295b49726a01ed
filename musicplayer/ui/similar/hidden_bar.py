"""The line under the panel's list that says what is hidden for its seeds, and brings it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from indexer.core.language import tr, trn
from indexer.core.tracks import TrackId
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.words import isolated

TOLD_MS = 10_000
"""For so long the last one can be undone with one click; after that it is brought back by name."""

NameOf = Callable[[TrackId], str]


class HiddenBar(QWidget):
    """Hidden while nothing is.

    Signals:
        restore_requested: a list of tracks to bring back.
    """

    restore_requested = Signal(object)

    def __init__(self, icons: Icons, name_of: NameOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelFoot")
        self._icons = icons
        self._name_of = name_of
        self._hidden: tuple[TrackId, ...] = ()
        self._last: tuple[TrackId, ...] = ()
        self._seeds = 1
        self._line = ElidedLabel("small")
        self.undo_button = worded_button(icons.icon("arrow-counter-clockwise"), tr("Undo"))
        self.show_button = worded_button(icons.icon("eye"), tr("Show"), tip=tr("Choose what to bring back"))
        self.show_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.show_button.setMenu(self.menu)
        self._told = QTimer(self, singleShot=True, interval=TOLD_MS)
        self._told.timeout.connect(self._forget_last)
        self.undo_button.clicked.connect(lambda: self.restore_requested.emit(list(self._last)))
        self._build_ui()
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty while there is nothing to say."""
        return "" if self.isHidden() else self._line.whole_text

    def tell(self, tracks: Sequence[TrackId], *, seeds: int = 1) -> None:
        """These were hidden just now, for one seed or several."""
        self._last, self._seeds = tuple(tracks), seeds
        self._told.start()
        self._say()

    def show_hidden(self, tracks: Sequence[TrackId]) -> None:
        """These are hidden for the seeds that the panel shows."""
        if tuple(tracks) != self._hidden:
            self._hidden = tuple(tracks)
            self._last = self._last if self._last and set(self._last) <= set(tracks) else ()
            self._say()

    def _forget_last(self) -> None:
        self._last = ()
        self._say()

    def _say(self) -> None:
        if self._last:
            titles = ", ".join(isolated(self._name_of(track)) for track in self._last)
            words = tr("Hidden for this seed: {titles}", titles=titles)
            if self._seeds > 1:
                words = tr("Hidden for these seeds: {titles}", titles=titles)
        else:
            words = trn("{number} hidden track", "{number} hidden tracks", len(self._hidden))
        self._line.set_whole_text(words)
        self.setAccessibleName(words)
        self.undo_button.setVisible(bool(self._last))
        self.show_button.setVisible(not self._last)
        self.setVisible(bool(self._hidden))

    def _fill_menu(self) -> None:
        self.menu.clear()
        icon = self._icons.icon("arrow-counter-clockwise")
        for track in self._hidden:
            bring = tr("Bring back “{title}”", title=self._name_of(track)).replace("&", "&&")
            self.menu.addAction(icon, bring, lambda one=track: self.restore_requested.emit([one]))
        if len(self._hidden) > 1:
            self.menu.addSeparator()
            self.menu.addAction(tr("Bring all back"), lambda: self.restore_requested.emit(list(self._hidden)))

    def _build_ui(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 3, 7, 3)
        layout.setSpacing(6)
        layout.addWidget(self._line, 1)
        layout.addWidget(self.undo_button)
        layout.addWidget(self.show_button)
