"""The tools of the map: a row above it, and a bar at its foot for what is inside a lasso."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from indexer.core.discover.map_colours import ColourBy
from indexer.core.language import mark, number, tr, trn
from indexer.core.phrases import MINUS
from musicplayer.ui.look.buttons import push_button, tool_button, worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import mark_as
from musicplayer.ui.tracks.search_box import SearchBox

COLOUR_NAMES = {
    ColourBy.GENRE: mark("Genre"),
    ColourBy.ARTIST: mark("Artist"),
    ColourBy.YEAR: mark("Year"),
    ColourBy.ADDED: mark("Date added"),
    ColourBy.PLAYS: mark("Plays"),
}
_SEARCH_WIDTH = 320
_WORDY = 640
"""Pixels of width from which there is room for the words of buttons."""

_SMALLEST = 360


class MapTools(QWidget):
    """Buttons and the search field.

    Signals:
        colour_chosen: a ColourBy.
    """

    colour_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search = SearchBox(icons)
        self.search.setPlaceholderText(tr("Find on the map"))
        self.search.setAccessibleName(tr("Find on the map"))
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setProperty("tone", "small")
        self.colour = self._colour_button(icons)
        self.lasso = self._lasso_button(icons)
        self.playing = tool_button(icons.icon("crosshair-simple"), tr("Show what is playing"))
        self.farther = tool_button(
            icons.icon("magnifying-glass-minus"), tr("Zoom out"), tip=tr("Zoom out ({key})", key=MINUS)
        )
        self.nearer = tool_button(icons.icon("magnifying-glass-plus"), tr("Zoom in"), tip=tr("Zoom in (+)"))
        self.whole = tool_button(icons.icon("frame-corners"), tr("Show the whole map"), tip=tr("The whole map (0)"))
        self._build_ui()

    def say(self, words: str, *, wrong: bool = False) -> None:
        """Say beside the field what was found."""
        self.summary.setText(words)
        mark_as(self.summary, "tone", "danger" if wrong else "small")
        self._fit()

    def show_colour(self, by: ColourBy) -> None:
        """Name what the colours say."""
        name = tr(COLOUR_NAMES[by])
        self.colour.setText(" " + tr("Colour: {what}", what=name))
        self.colour.setAccessibleName(tr("Colour: {what}", what=name))
        self.colours[by].setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Small enough for the buttons without their words."""
        return QSize(_SMALLEST, super().minimumSizeHint().height())

    def _fit(self) -> None:
        """Leave away what there is no room for: the words of buttons, and the number of tracks until one searches."""
        style = Qt.ToolButtonStyle
        wordy = self.width() >= _WORDY
        for button in (self.colour, self.lasso):
            button.setToolButtonStyle(style.ToolButtonTextBesideIcon if wordy else style.ToolButtonIconOnly)
        self.summary.setVisible(wordy or bool(self.search.text()))

    def _colour_button(self, icons: Icons) -> QToolButton:
        button = worded_button(icons.icon("palette"), tr("Colour"), tip=tr("Choose what the colours say"))
        menu = QMenu(button)
        group = QActionGroup(menu)
        self.colours: dict[ColourBy, QAction] = {}
        for by in ColourBy:
            action = menu.addAction(tr(COLOUR_NAMES[by]))
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, by=by: self.colour_chosen.emit(by))
            group.addAction(action)
            self.colours[by] = action
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _lasso_button(self, icons: Icons) -> QToolButton:
        button = worded_button(
            icons.icon("selection"),
            tr("Lasso"),
            tip=tr("Draw around tracks to queue them. Holding Shift while dragging does the same."),
        )
        button.setIcon(icons.icon("selection", name_on="selection"))
        button.setCheckable(True)
        button.setIconSize(QSize(16, 16))
        return button

    def _build_ui(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(4)
        line.addWidget(self.search, 3)
        line.addSpacing(8)
        line.addWidget(self.summary, 2)
        for widget in (self.colour, self.lasso):
            line.addWidget(widget)
        line.addSpacing(8)
        for widget in (self.playing, self.farther, self.nearer, self.whole):
            line.addWidget(widget)


class MapBar(QFrame):
    """Says how many tracks were chosen and offers to play and queue them.

    Signals:
        play_requested, queue_requested, dismissed: as the buttons say.
        more_requested: where on the screen the menu goes.
    """

    play_requested = Signal()
    queue_requested = Signal()
    more_requested = Signal(QPoint)
    dismissed = Signal()

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mapBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.count = QLabel()
        self.count.setProperty("tone", "strong")
        self.queue = push_button(tr("Add to queue"), primary=True, icon=icons.icon("queue", "on_strong"))
        self.play = push_button(tr("Play"), icon=icons.icon("play"))
        self.more = push_button(tr("More…"))
        self.dismiss = tool_button(icons.icon("x"), tr("Drop the selection"), tip=tr("Drop the selection (Esc)"))
        self._build_ui()
        self.hide()

    def show_count(self, tracks: int, kept: int) -> None:
        """Say how many tracks are inside, and how many of them are taken where that is fewer."""
        words = trn("{number} track", "{number} tracks", tracks)
        if kept < tracks:
            words = tr("{tracks}, of which {kept} are taken", tracks=words, kept=number(kept))
        self.count.setText(words)
        self.queue.setAccessibleName(trn("Add {number} track to the queue", "Add {number} tracks to the queue", kept))
        self.play.setAccessibleName(trn("Play {number} track", "Play {number} tracks", kept))
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Go to the middle of the parent's foot."""
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            self.move(max((parent.width() - self.width()) // 2, 0), max(parent.height() - self.height() - 16, 0))

    def _build_ui(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.count)
        layout.addSpacing(8)
        for button in (self.queue, self.play, self.more, self.dismiss):
            layout.addWidget(button)
        self.queue.clicked.connect(self.queue_requested)
        self.play.clicked.connect(self.play_requested)
        self.more.clicked.connect(lambda: self.more_requested.emit(self.more.mapToGlobal(self.more.rect().topLeft())))
        self.dismiss.clicked.connect(self.dismissed)
