"""The tools of the panel: radio, the queue, and what becomes of the seed's own artist."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from indexer.core.language import mark, tr
from indexer.core.settings import SameArtist
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.icons import Icons

_CHOICES = {
    SameArtist.ALLOW: (mark("Allowed"), "user-plus"),
    SameArtist.LIMIT: (mark("At most three"), "user"),
    SameArtist.HIDE: (mark("Hidden"), "user-minus"),
}


class SimilarTools(QWidget):
    """A row of buttons over the list; what they act on is the panel's affair.

    Signals:
        same_artist_chosen: a `SameArtist`.
    """

    same_artist_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelTools")
        self._icons = icons
        self.radio_button = worded_button(
            icons.icon("broadcast"), tr("Start radio"), tip=tr("Play music without end that sounds like this")
        )
        self.next_button = tool_button(
            icons.icon("arrow-bend-down-right"), tr("Play next"), tip=tr("Play the selected tracks next")
        )
        self.add_button = tool_button(
            icons.icon("plus"), tr("Add to queue"), tip=tr("Add the selected tracks to the queue")
        )
        self.all_button = tool_button(
            icons.icon("queue"), tr("Add all"), tip=tr("Add all of these tracks to the queue")
        )
        self.artist_button = tool_button(icons.icon("user"), tr("Same artist"))
        self.artist_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._choices = self._menu()
        self._build_ui()
        self.show_same_artist(SameArtist.LIMIT)

    def show_same_artist(self, choice: SameArtist) -> None:
        """Show which of the three holds."""
        words, glyph = _CHOICES[choice]
        self._choices[choice].setChecked(True)
        self.artist_button.setIcon(self._icons.icon(glyph))
        told = tr("Tracks by the same artist: {choice}", choice=tr(words).lower())
        self.artist_button.setAccessibleName(told)
        self.artist_button.setToolTip(told)

    def choice(self, of: SameArtist) -> QAction:
        """The entry of the menu for one of the three."""
        return self._choices[of]

    def _menu(self) -> dict[SameArtist, QAction]:
        menu = QMenu(self)
        menu.setAccessibleName(tr("Same artist"))
        heading = menu.addAction(tr("Tracks by the same artist"))
        heading.setEnabled(False)
        group = QActionGroup(menu)
        made: dict[SameArtist, QAction] = {}
        for choice, (words, _) in _CHOICES.items():
            made[choice] = menu.addAction(tr(words))
            made[choice].setCheckable(True)
            made[choice].triggered.connect(lambda _on, chosen=choice: self.same_artist_chosen.emit(chosen))
            group.addAction(made[choice])
        self.artist_button.setMenu(menu)
        return made

    def _build_ui(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(7, 4, 7, 4)
        layout.setSpacing(2)
        layout.addWidget(self.radio_button)
        layout.addStretch()
        for button in (self.next_button, self.add_button, self.all_button, self.artist_button):
            layout.addWidget(button)
