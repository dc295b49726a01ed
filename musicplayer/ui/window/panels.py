"""The two panels beside the page: how wide they are, and what is kept of them across starts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow

from indexer.core.language import tr
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.settings import NearBy
from indexer.core.tracks import TrackId
from musicplayer.ui.frame.help_dialogs import HELP
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.similar.similar_dock import SimilarDock

USUAL_SHARE = 0.27
"""Of the width of the window: rows show cover, names, reasons and length, and the page keeps its columns."""

NARROWEST, WIDEST = 300, 520
"""Pixels within which the width follows the window; a hand may make it wider."""

LOW = (560, 700)
"""Pixels of height from which on the window has room for one line of chips of seeds, and for two, besides rows."""

_HEIGHTS = (380, 260)
_ROUNDING = 2
_SAME_ARTIST = "same_artist"
_NEAR_BY = "near_by"


class Panels(QObject):
    """Keeps the panels' share of the width while the window changes its size.

    Qt leaves a panel as wide as it was: narrow in a window that was small once, and half of one that was large.
    """

    def __init__(self, window: QMainWindow, similar: SimilarDock, queue: QueueDock, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._similar = similar
        self._queue = queue
        self._preferences = preferences
        self._window_width = 0
        area = Qt.DockWidgetArea.RightDockWidgetArea
        for dock in (similar, queue):
            window.addDockWidget(area, dock)
        window.resizeDocks([similar, queue], list(_HEIGHTS), Qt.Orientation.Vertical)
        self.actions = self._make_actions()
        similar.installEventFilter(self)

    def fit(self) -> None:
        """Suit the window's size; called when it has changed."""
        self._similar.show_chip_lines(sum(self._window.height() >= height for height in LOW))
        width = self.wanted_width()
        docks: list[QDockWidget] = [self._similar, self._queue]
        self._window.resizeDocks(docks, [width] * len(docks), Qt.Orientation.Horizontal)
        self._window_width = self._window.width()

    def wanted_width(self) -> int:
        """Pixels for a window as wide as this one."""
        share = self._preferences.settings.panel_share
        width = round((share or USUAL_SHARE) * self._window.width())
        return max(NARROWEST, width if share else min(width, WIDEST))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a hand: the panel has another width, and the window has not."""
        if event.type() == QEvent.Type.Resize and self._window_width == self._window.width() and self._is_docked:
            width = self._similar.width()
            if abs(width - self.wanted_width()) > _ROUNDING:
                self._preferences.settings.panel_share = min(width / self._window_width, 1.0)
                self._preferences.save_soon()
        return super().eventFilter(watched, event)

    @property
    def _is_docked(self) -> bool:
        return self._similar.isVisible() and not self._similar.isFloating()

    def _make_actions(self) -> list[QAction]:
        """Show and hide each."""
        actions = [self._similar.toggleViewAction(), self._queue.toggleViewAction()]
        for action, keys in zip(actions, ("Ctrl+1", "Ctrl+2"), strict=True):
            action.setShortcut(keys)
            action.setProperty(HELP, tr("Show or hide “{name}”", name=action.text()))
        return actions


class SimilarControl(QObject):
    """Brings "More like these" to the panel, and keeps the choices: of the same artist, and of what alike means."""

    def __init__(self, shell: Shell, services: Services, panel: SimilarDock) -> None:
        super().__init__(shell.window)
        self._preferences = services.preferences
        self._similar = services.similar
        self._recommended = services.recommended
        self._panel = panel
        shell.commands.more_like_these_requested.connect(self._panel.choose_all)
        self._panel.tools.same_artist_chosen.connect(lambda choice: self._preferences.set(_SAME_ARTIST, choice))
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
            choice = self._preferences.settings.same_artist
            self._panel.tools.show_same_artist(choice)
            self._similar.set_same_artist(choice)
        if name == _NEAR_BY:
            by = self._preferences.settings.near_by
            self._panel.tools.show_near_by(by)
            self._recommended.watch("panel", on=by is not NearBy.SOUND)
            self._go_by()

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
