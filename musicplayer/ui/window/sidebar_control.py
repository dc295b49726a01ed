"""Shows, hides and sizes the side bar, and remembers it and the place that was shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QSplitter

from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.sidebar import DEFAULT_WIDTH

_SETTLE_MS = 300


class SidebarControl(QObject):
    """Joins the side bar with its actions and the settings."""

    def __init__(self, shell: Shell, preferences: Preferences, splitter: QSplitter) -> None:
        super().__init__(shell.window)
        self._window = shell.window
        self._places = shell.places
        self._sidebar = shell.places.sidebar
        self._action = shell.actions.sidebar
        self._splitter = splitter
        self._preferences = preferences
        self._moved = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._moved.timeout.connect(self._remember_width)
        settings, actions = preferences.settings, shell.actions
        splitter.setSizes([settings.sidebar_width or DEFAULT_WIDTH, self._window.width()])
        self._sidebar.setVisible(not settings.sidebar_hidden)
        actions.sidebar.setChecked(not settings.sidebar_hidden)
        actions.sidebar.toggled.connect(self.show)
        actions.focus_sidebar.triggered.connect(self.focus)
        splitter.splitterMoved.connect(lambda *_: self._moved.start())
        shell.places.wish(settings.place)
        shell.places.went.connect(lambda key: preferences.set("place", key))

    def show(self, shown: bool) -> None:
        """Show or hide the side bar; the focus does not stay in what is hidden."""
        if not shown and self._window.focusWidget() is self._sidebar:
            self._places.setFocus(Qt.FocusReason.OtherFocusReason)
        self._sidebar.setVisible(shown)
        self._preferences.set("sidebar_hidden", not shown)

    def focus(self) -> None:
        """Bring the keyboard to the side bar, and from there back to the page."""
        if self._window.focusWidget() is self._sidebar:
            self._places.enter_page()
            return
        self._action.setChecked(True)
        self._sidebar.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _remember_width(self) -> None:
        self._preferences.set("sidebar_width", self._splitter.sizes()[0])
