"""What the window looks like, kept across starts: theme, docks, columns, size, side bar."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from indexer.core.settings import Theme as ThemeChoice
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.tracks.track_view import TrackView

LAYOUT_VERSION = 2
_SETTLE_MS = 300


class ViewControl(QObject):
    """Connects the theme actions, and restores and saves the layout."""

    def __init__(self, shell: Shell, services: Services, table: TrackView, window: QMainWindow) -> None:
        super().__init__(window)
        theme = services.look.theme
        self._preferences = services.preferences
        self._theme = theme
        self._table = table
        self._window = window
        for mode, action in shell.actions.themes.items():
            action.setChecked(mode == theme.mode)
            action.triggered.connect(lambda _=False, mode=mode: self.set_theme(mode))
        self.restore()
        table.columns_changed.connect(self._on_columns)
        shell.closing.begun.connect(self.remember)

    def set_theme(self, mode: str) -> None:
        """Dress the window at once, and remember."""
        self._theme.set_mode(mode)
        self._preferences.settings.theme = ThemeChoice(mode)
        self._preferences.save_soon()

    def restore(self) -> None:
        settings = self._preferences.settings
        if settings.window_geometry:
            self._window.restoreGeometry(_bytes(settings.window_geometry))
        if settings.window_state and not self._window.restoreState(_bytes(settings.window_state), LAYOUT_VERSION):
            settings.window_state = ""  # of a window with other parts
        self._table.restore_columns(settings.table_state)

    def remember(self) -> None:
        """Take the layout into the settings, before the window goes."""
        settings = self._preferences.settings
        settings.window_geometry = self._window.saveGeometry().toBase64().toStdString()
        settings.window_state = self._window.saveState(LAYOUT_VERSION).toBase64().toStdString()
        settings.table_state = self._table.columns_state()

    def _on_columns(self) -> None:
        self._preferences.settings.table_state = self._table.columns_state()
        self._preferences.save_soon()


class SidebarControl(QObject):
    """Joins the side bar with its actions and the settings, and keeps its width when the window gets another one."""

    def __init__(self, shell: Shell, preferences: Preferences, splitter: QSplitter, side: QWidget) -> None:
        super().__init__(shell.window)
        self._window = shell.window
        self._places = shell.places
        self._sidebar = shell.places.sidebar
        self._side = side
        self._action = shell.actions.sidebar
        self._splitter = splitter
        self._preferences = preferences
        self._moved = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._moved.timeout.connect(self._remember_width)
        self._resized = QTimer(self, singleShot=True, interval=0)  # when page and panels have shared the room
        self._resized.timeout.connect(self._set_width)
        settings, actions = preferences.settings, shell.actions
        self._set_width()
        splitter.installEventFilter(self)
        self._side.setVisible(not settings.sidebar_hidden)
        actions.sidebar.setChecked(not settings.sidebar_hidden)
        actions.sidebar.toggled.connect(self.show)
        actions.focus_sidebar.triggered.connect(self.focus)
        splitter.splitterMoved.connect(lambda *_: self._moved.start())
        shell.places.wish(settings.place)
        shell.places.went.connect(lambda key: preferences.set("place", key))

    def show(self, shown: bool) -> None:
        """Show or hide the side bar; the focus does not stay in what is hidden."""
        focused = self._window.focusWidget()
        if not shown and focused is not None and self._side.isAncestorOf(focused):
            self._places.setFocus(Qt.FocusReason.OtherFocusReason)
        self._side.setVisible(shown)
        self._preferences.set("sidebar_hidden", not shown)

    def focus(self) -> None:
        """Bring the keyboard to the side bar, and from there back to the page."""
        if self._window.focusWidget() is self._sidebar:
            self._places.enter_page()
            return
        self._action.setChecked(True)
        self._sidebar.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._splitter and event.type() == QEvent.Type.Resize:
            self._resized.start()
        return super().eventFilter(watched, event)

    def _set_width(self) -> None:
        if self._moved.isActive():
            return  # a hand has just given it another one
        width = self._preferences.settings.sidebar_width or self._sidebar.usual_width()
        self._splitter.setSizes([width, max(self._splitter.width() - width, 0)])

    def _remember_width(self) -> None:
        self._preferences.set("sidebar_width", self._splitter.sizes()[0])


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))
