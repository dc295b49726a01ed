"""The two panels beside the page: how they lie, how wide they are, and what is kept of them across starts."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from indexer.core.language import tr
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.settings import NearBy
from indexer.core.tracks import TrackId
from musicplayer.ui.frame.help_dialogs import HELP
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.recommending import RecommendingPopover, Row, radio_lean, same_artist, songs_only
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.similar.similar_dock import SimilarDock

USUAL_SHARE = 0.27
"""Of the width of the window: rows show cover, names, reasons and length, and the page keeps its columns."""

NARROWEST, WIDEST = 300, 520
"""Pixels within which the width follows the window; a hand may make it wider."""

BESIDE_FROM, TABS_BELOW = 1800, 1100
"""Widths of the window: from the one the panels stand side by side, below the other one lies behind the other."""

QUEUE_SHARE = 0.45
"""Of the height that both have, the least that the queue gets where it is below the other."""

LOW = (560, 700)
"""Pixels of height from which on the window has room for one line of chips of seeds, and for two, besides rows."""

_BESIDE = 0.7
"""Side by side, each has this much of the width that one above the other would have."""
_ROUNDING = 2
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_SAME_ARTIST = "same_artist"
_NEAR_BY = "near_by"


class Arrangement(Enum):
    """How the panels lie: below each other, in windows of much width beside each other, of little width as tabs."""

    BELOW = auto()
    BESIDE = auto()
    TABS = auto()

    @classmethod
    def of(cls, width: int) -> Arrangement:
        """That of a window of so many pixels."""
        return cls.BESIDE if width >= BESIDE_FROM else cls.TABS if width < TABS_BELOW else cls.BELOW


class Panels(QObject):
    """Arranges the panels as the window's width asks for, and keeps their share of it.

    Qt leaves a panel as wide as it was: narrow in a window that was small once, and half of one that was large. Where
    a hand has put a panel elsewhere, it stays; as wide or high as a hand made it, too.
    """

    def __init__(self, window: QMainWindow, similar: SimilarDock, queue: QueueDock, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._similar = similar
        self._queue = queue
        self._preferences = preferences
        self._window_size = QSize()
        self._front: QDockWidget = similar
        self.arrangement = Arrangement.BELOW
        window.setTabPosition(_RIGHT, QTabWidget.TabPosition.North)
        for dock in self._docks:
            window.addDockWidget(_RIGHT, dock)
            dock.visibilityChanged.connect(lambda seen, dock=dock: self._on_seen(dock, seen))
        self.actions = self._make_actions()
        for dock in self._docks:
            dock.installEventFilter(self)

    def fit(self) -> None:
        """Suit the window's size; called when it has changed."""
        window, first = self._window, self._window_size.isEmpty()
        wanted = Arrangement.of(window.width())
        if first and self._preferences.settings.window_state:
            self.arrangement = wanted  # as they were left in a window of this size
        elif wanted is not self.arrangement:
            self._arrange(wanted)
        self._name_tabs()
        high = self.arrangement is not Arrangement.BELOW
        self._similar.show_chip_lines(len(LOW) if high else sum(window.height() >= height for height in LOW))
        width = self.wanted_width()
        window.resizeDocks(self._docks, [width, width], Qt.Orientation.Horizontal)
        if self.arrangement is Arrangement.BELOW:
            queue = self._preferences.settings.queue_share or QUEUE_SHARE
            shares = [round(100 * share) for share in (1 - queue, queue)]
            window.resizeDocks(self._docks, [share * window.height() for share in shares], Qt.Orientation.Vertical)
        self._window_size = window.size()

    def wanted_width(self) -> int:
        """Pixels of each panel for a window as wide as this one."""
        share = self._preferences.settings.panel_share
        width = round((share or USUAL_SHARE) * self._window.width() * self._part)
        return max(NARROWEST, width if share else min(width, WIDEST))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a hand: the panel has another size, and the window has not."""
        if event.type() == QEvent.Type.Resize and self._window_size == self._window.size() and self._is_in_a_hand:
            width = self._similar.width()
            if abs(width - self.wanted_width()) > _ROUNDING:
                self._preferences.set("panel_share", min(width / self._window.width() / self._part, 1.0))
            elif self.arrangement is Arrangement.BELOW and self._queue.isVisible():
                below = self._queue.height()
                self._preferences.set("queue_share", below / (below + self._similar.height()))
        return super().eventFilter(watched, event)

    @property
    def _docks(self) -> list[QDockWidget]:
        return [self._similar, self._queue]

    @property
    def _part(self) -> float:
        return _BESIDE if self.arrangement is Arrangement.BESIDE else 1.0

    @property
    def _is_in_a_hand(self) -> bool:
        """Whether the edge of a panel may be drawn: Qt sizes panels by itself, too, as parts come and go."""
        pressed = bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        return pressed and self._similar.isVisible() and not self._similar.isFloating()

    def _arrange(self, wanted: Arrangement) -> None:
        """Put the panels as they are wanted, unless a hand took one of them elsewhere."""
        self.arrangement = wanted
        window, (similar, queue) = self._window, self._docks
        if any(dock.isFloating() or window.dockWidgetArea(dock) != _RIGHT for dock in self._docks):
            return
        shown = [not dock.isHidden() for dock in self._docks]
        for dock in self._docks:
            window.removeDockWidget(dock)
        window.addDockWidget(_RIGHT, similar)
        if wanted is Arrangement.TABS:
            window.tabifyDockWidget(similar, queue)
        else:
            beside = wanted is Arrangement.BESIDE
            window.splitDockWidget(similar, queue, Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        for dock, visible in zip(self._docks, shown, strict=True):
            dock.setVisible(visible)
        if wanted is Arrangement.TABS:
            similar.raise_()

    def _name_tabs(self) -> None:
        """Say what the tabs are, and no name twice."""
        tabs = self._queue in self._window.tabifiedDockWidgets(self._similar)
        for title in (self._similar.title_bar, self._queue.title_bar):
            title.show_name(not tabs)
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setAccessibleName(tr("Panels"))
            bar.setDocumentMode(True)
            bar.setExpanding(True)

    def _make_actions(self) -> list[QAction]:
        """Show and hide each; one that lies behind the other comes to the front."""
        actions = [dock.toggleViewAction() for dock in self._docks]
        for action, keys, dock in zip(actions, ("Ctrl+1", "Ctrl+2"), self._docks, strict=True):
            action.setShortcut(keys)
            action.setProperty(HELP, tr("Show or hide “{name}”", name=action.text()))
            action.triggered.connect(lambda on, dock=dock: self._on_toggled(dock, on))
        return actions

    def _on_seen(self, dock: QDockWidget, seen: bool) -> None:
        if seen:
            self._front = dock
        QTimer.singleShot(0, self, self._name_tabs)  # Qt makes the tabs when it next lays out

    def _on_toggled(self, dock: QDockWidget, on: bool) -> None:
        behind = self.arrangement is Arrangement.TABS and self._front is not dock
        if on or behind:
            dock.show()
            dock.raise_()
        self._name_tabs()


class SimilarControl(QObject):
    """Brings "More like these" to the panel, and keeps the choices: of the same artist, and of what alike means.

    Signals:
        settings_requested: all settings of recommendations are wanted.
    """

    settings_requested = Signal()

    def __init__(self, shell: Shell, services: Services, panel: SimilarDock) -> None:
        super().__init__(shell.window)
        self._is_shared = services.shared is not None
        self._popover: RecommendingPopover | None = None
        self._preferences = services.preferences
        self._similar = services.similar
        self._recommended = services.recommended
        self._panel = panel
        shell.commands.more_like_these_requested.connect(self._panel.choose_all)
        self._panel.tools.settings_button.clicked.connect(self._open_settings)
        self._panel.tools.near_by_chosen.connect(lambda choice: self._preferences.set(_NEAR_BY, choice))
        self._recommended.changed.connect(self._go_by)
        settings = self._preferences.settings
        self._panel.restore_pins([TrackId(track) for track in settings.pinned], settings.pinned_of)
        self._panel.pins_changed.connect(self._on_pins)
        shell.commands.origins["similar"] = self._origin
        self.on_setting(_SAME_ARTIST)
        self.on_setting(_NEAR_BY)

    def _origin(self) -> PlayContext:
        """How what is chosen in the panel comes to be played: by which model, as like which track."""
        seeds, manifest = self._panel.seeds, self._similar.manifest
        return PlayContext(
            PlaySource.MORE_LIKE, seed=seeds[0] if seeds else None, model="" if manifest is None else manifest.id
        )

    def on_setting(self, name: str) -> None:
        if name == _SAME_ARTIST:
            self._similar.set_same_artist(self._preferences.settings.same_artist)
        if name == _NEAR_BY:
            by = self._preferences.settings.near_by
            self._panel.tools.show_near_by(by)
            self._recommended.watch("panel", on=by is not NearBy.SOUND)
            self._go_by()

    def _open_settings(self) -> None:
        if self._popover is None:
            preferences = self._preferences
            rows: list[Row[QWidget]] = [same_artist(preferences), songs_only(preferences)]
            if not self._is_shared:  # taste is learnt where the library is
                rows.append(radio_lean(preferences))
            self._popover = RecommendingPopover(rows, self._panel)
            self._popover.all_requested.connect(self.settings_requested)
        self._popover.open_below(self._panel.tools.settings_button)

    def _go_by(self) -> None:
        """Ask whoever knows what is near by what was chosen."""
        by, more_like = self._preferences.settings.near_by, self._similar.more_like
        found = None if by is NearBy.SOUND else self._recommended.nearness(by)
        awaited = by is not NearBy.SOUND and found is None
        if found != more_like.nearness or awaited != more_like.awaits_nearness:
            self._similar.set_nearness(found, awaited=awaited)

    def _on_pins(self) -> None:
        tracks, of = self._panel.pins
        self._preferences.set("pinned", list(tracks))
        self._preferences.set("pinned_of", of)
