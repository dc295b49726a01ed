"""The lines around the panel's list: what is to be known of it, its tools, and what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from indexer.core.language import mark, tr, trn
from indexer.core.phrases import isolated
from indexer.core.settings import NearBy
from indexer.core.tracks import TrackId
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel, GlyphLabel
from musicplayer.ui.look.look import Look

_GLYPH = 14

_NEAR_BY = {
    NearBy.SOUND: (mark("Sound"), "waves"),
    NearBy.WORDS: (mark("Words"), "tag"),
    NearBy.LISTENERS: (mark("Listeners"), "users"),
    NearBy.ALL: (mark("All of it"), "circles-three"),
}

TOLD_MS = 10_000
"""For so long the last one can be undone with one click; after that it is brought back by name."""

NameOf = Callable[[TrackId], str]


class PanelNote(QWidget):
    """A glyph and a line of small text; hidden while there is nothing to say."""

    def __init__(self, look: Look, glyph: str, about: str, parent: QWidget | None = None) -> None:
        """`about` explains in the tool tip, whatever the line says."""
        super().__init__(parent)
        self.setObjectName("panelNote")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._about = about
        self._glyph = GlyphLabel(look, _GLYPH)
        self._glyph.show_glyph(glyph, "soft")
        self._line = ElidedLabel("small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.setSpacing(7)
        layout.addWidget(self._glyph)
        layout.addWidget(self._line, 1)
        self.setToolTip(about)
        self.hide()

    def say(self, words: str, about: str | None = None) -> None:
        """Show `words`, explained by `about` or as always; hide for none."""
        about = self._about if about is None else about
        self._line.set_whole_text(words)
        self.setToolTip(about)
        self.setAccessibleName(words)
        self.setAccessibleDescription(about)
        self.setVisible(bool(words))

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else self._line.whole_text


class SimilarTools(QWidget):
    """Buttons over the list that act on all of it; what is done with some of its tracks stands in rows and menus.

    Signals:
        near_by_chosen: a `NearBy`.
    """

    near_by_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelTools")
        self._icons = icons
        self.radio_button = worded_button(
            icons.icon("broadcast"), tr("Start radio"), tip=tr("Play music without end that sounds like this")
        )
        self.all_button = worded_button(
            icons.icon("queue"), tr("Add all"), tip=tr("Add all of these tracks to the queue")
        )
        self.near_button = tool_button(icons.icon("waves"), tr("Alike by"))
        self.near_button.setProperty("worded", True)
        self.settings_button = tool_button(
            icons.icon("sliders-horizontal"), tr("Settings of recommendations"), tip=tr("What this list may hold")
        )
        self._choices = self._make_choices()
        self._build_ui()
        self.show_near_by(NearBy.SOUND)

    def show_near_by(self, choice: NearBy) -> None:
        """Show which of the four the list goes by."""
        words, glyph = _NEAR_BY[choice]
        told = tr("Alike by: {choice}", choice=tr(words))
        self._choices[choice].setChecked(True)
        self.near_button.setIcon(self._icons.icon(glyph))
        self.near_button.setAccessibleName(told)
        self.near_button.setToolTip(told)
        self.near_button.setText(f" {tr(words)}")

    def choice(self, of: NearBy) -> QAction:
        """The entry of the menu for one of its choices."""
        return self._choices[of]

    def _make_choices(self) -> dict[NearBy, QAction]:
        """Give the button a menu of options, one of which holds."""
        about = tr("Alike by")
        menu = QMenu(self)
        menu.setAccessibleName(about)
        heading = menu.addAction(about)
        heading.setEnabled(False)
        group = QActionGroup(menu)
        made: dict[NearBy, QAction] = {}
        for option, (words, _) in _NEAR_BY.items():
            made[option] = menu.addAction(tr(words))
            made[option].setCheckable(True)
            made[option].triggered.connect(lambda _, option=option: self.near_by_chosen.emit(option))
            group.addAction(made[option])
        self.near_button.setMenu(menu)
        self.near_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    def _build_ui(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(7, 4, 7, 4)
        layout.setSpacing(2)
        for button in (self.radio_button, self.all_button):
            layout.addWidget(button)
        layout.addStretch()
        for button in (self.near_button, self.settings_button):
            layout.addWidget(button)

    def minimumSizeHint(self) -> QSize:
        """No words ask for room."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._word()

    def _word(self) -> None:
        """Say words beside the glyphs, of as many as there is room for."""
        buttons = (self.radio_button, self.all_button, self.near_button)
        for worded in reversed(range(len(buttons) + 1)):
            for place, button in enumerate(buttons):
                style = Qt.ToolButtonStyle
                button.setToolButtonStyle(
                    style.ToolButtonTextBesideIcon if place < worded else style.ToolButtonIconOnly
                )
            if self.sizeHint().width() <= self.width():
                break


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
