"""Shows, hides and sizes the side bar, and remembers it and the place that was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.sidebar import DEFAULT_WIDTH

if TYPE_CHECKING:
    from musicplayer.ui.window.main_window import MainWindow

_SETTLE_MS = 300


class SidebarControl(QObject):
    """Joins the side bar with its actions and the settings."""

    def __init__(self, window: MainWindow, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._moved = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._moved.timeout.connect(self._remember_width)
        settings, actions = preferences.settings, window.actions_by_name
        window.splitter.setSizes([settings.sidebar_width or DEFAULT_WIDTH, window.width()])
        window.sidebar.setVisible(not settings.sidebar_hidden)
        actions.sidebar.setChecked(not settings.sidebar_hidden)
        actions.sidebar.toggled.connect(self.show)
        actions.focus_sidebar.triggered.connect(self.focus)
        window.splitter.splitterMoved.connect(lambda *_: self._moved.start())
        window.centre.wish(settings.place)
        window.centre.went.connect(lambda key: preferences.set("place", key))

    def show(self, shown: bool) -> None:
        """Show or hide the side bar; the focus does not stay in what is hidden."""
        sidebar = self._window.sidebar
        if not shown and self._window.focusWidget() is sidebar:
            self._window.centre.setFocus(Qt.FocusReason.OtherFocusReason)
        sidebar.setVisible(shown)
        self._preferences.set("sidebar_hidden", not shown)

    def focus(self) -> None:
        """Bring the keyboard to the side bar, and from there back to the page."""
        sidebar = self._window.sidebar
        if self._window.focusWidget() is sidebar:
            self._window.centre.enter_page()
            return
        self._window.actions_by_name.sidebar.setChecked(True)
        sidebar.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _remember_width(self) -> None:
        self._preferences.set("sidebar_width", self._window.splitter.sizes()[0])
