"""Joins the window with the desktop: media controls, notifications, tray, and what a second start hands over."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from indexer.core.tracks import Track, TrackId
from musicplayer.desktop.bus import SessionBus, bus_address
from musicplayer.desktop.mpris import Mpris
from musicplayer.desktop.notifications import BusNotifications, Notice, TrackNotices
from musicplayer.desktop.tray import Tray
from musicplayer.desktop.visit import ACTIVATION_VARIABLE, Command, Visit
from musicplayer.library.library import Library
from musicplayer.playback.player import Player
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.indexing.library_control import LibraryControl
from musicplayer.ui.window.shared_control import SharedControl


class DesktopControl(QObject):
    """Everything outside the window that shows or steers the player."""

    def __init__(
        self, shell: Shell, services: Services, library_control: LibraryControl, shared: SharedControl
    ) -> None:
        window = shell.window
        super().__init__(window)
        self._window = window
        self._visitors = shell.visitors
        self._open_demo = library_control.open_demo
        self._open_library = shared.open
        self._services = services
        self._leaving = False
        self._on_bus = False
        known = _Known(services.library)
        self.bus = SessionBus(self)
        self.mpris = Mpris(services.player, known, self.bus, self)
        self.notifications = BusNotifications(self.bus, self)
        self.notices = TrackNotices(services.player, known.track, window.isActiveWindow, self)
        actions = shell.actions
        self.tray = Tray(window.windowIcon(), [actions.play_pause, actions.next, actions.previous], self)
        add_media_keys(window, services.player)
        self._connect()
        shell.closing.then(self._shutdown)
        self.on_setting()

    def start(self) -> None:
        """Appear on the session bus, in the background, where there is one."""
        address = bus_address() if sys.platform == "linux" else None
        if address is not None:
            self.bus.start(address, [self.mpris, self.notifications])
        self.on_track(self._services.player.current)

    def receive(self, visit: Visit) -> None:
        """Do what another start of Segue was asked for."""
        player = self._services.player
        steps = {
            Command.PLAY_PAUSE: player.toggle,
            Command.NEXT: player.next,
            Command.PREVIOUS: player.previous,
            Command.STOP: player.stop,
        }
        if visit.command in steps:
            steps[visit.command]()
            return
        self.raise_window(visit.activation)
        self.open(visit)

    def open(self, visit: Visit) -> None:
        """Take the files and folders of a start, and the library that it names."""
        if visit.library:
            self._open_library(visit.library)
        if visit.command is Command.DEMO:
            self._open_demo()
        if visit.paths:
            self._visitors.take(visit.paths)

    def raise_window(self, activation: str = "") -> None:
        """Show the window in front of others; `activation` is the desktop's permission, where it gives one."""
        window = self._window
        if activation:
            os.environ[ACTIVATION_VARIABLE] = activation  # read and taken by Qt when it asks for activation
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        self._on_shown(shown=True)
        window.raise_()
        window.activateWindow()

    def stays_in_tray(self) -> bool:
        """Whether closing the window is to hide it: wanted, and there is an icon to bring it back."""
        return not self._leaving and self._services.preferences.settings.close_to_tray and self.tray.is_there

    def hide_window(self) -> None:
        """Leave the music on, and the icon in the tray."""
        self._window.hide()
        self._on_shown(shown=False)

    def quit(self) -> None:
        """End the application, also from a hidden window."""
        self._leaving = True
        if self._window.close():
            QApplication.quit()
        else:
            self._leaving = False

    # Joining

    def _connect(self) -> None:
        player = self._services.player
        self.mpris.opened.connect(lambda path: self._visitors.take([path]))
        self.mpris.raised.connect(self.raise_window)
        self.mpris.quitted.connect(self.quit)
        self.bus.connected.connect(lambda: self._on_bus_changed(there=True))
        self.bus.lost.connect(lambda: self._on_bus_changed(there=False))
        self.notices.told.connect(self._tell)
        self.notifications.window_requested.connect(self.raise_window)
        self.notifications.next_requested.connect(player.next)
        self.tray.window_requested.connect(self._toggle_window)
        self.tray.play_pause_requested.connect(player.toggle)
        self.tray.message_clicked.connect(self.raise_window)
        self.tray.quit_requested.connect(self.quit)
        if isinstance(application := QApplication.instance(), QGuiApplication):
            application.commitDataRequest.connect(self._on_session_ends)

    # Slots

    def on_track(self, track: TrackId | None) -> None:
        found = None if track is None else self._services.library.track(track)
        self.tray.set_about(" – ".join(part for part in (found.title, found.artist) if part) if found else "")
        if found is not None:
            self._services.cover_file.request(found)

    def on_setting(self, _name: str = "") -> None:
        settings = self._services.preferences.settings
        self.notices.enabled = settings.notifications
        self.tray.set_wanted(settings.tray or (settings.notifications and not self._has_bus()))

    def _on_bus_changed(self, *, there: bool) -> None:
        self._on_bus = there
        self.on_setting()

    def _has_bus(self) -> bool:
        return self._on_bus or sys.platform == "linux"  # there, nothing but the bus shows them properly

    def _tell(self, notice: Notice) -> None:
        if self._on_bus:
            self.notifications.show(notice)
        else:
            self.tray.show_message(notice.title, notice.text, QIcon(str(notice.cover)) if notice.cover else None)

    def _toggle_window(self) -> None:
        if self._window.isVisible() and not self._window.isMinimized():
            self.hide_window()
        else:
            self.raise_window()

    def _on_shown(self, *, shown: bool) -> None:
        self.tray.set_window_shown(shown)
        QApplication.setQuitOnLastWindowClosed(shown)  # a dialog that closes is not the end while it is hidden

    def _on_session_ends(self) -> None:
        self._leaving = True

    def _shutdown(self) -> None:
        self.tray.close()
        self.bus.close()


class _Known:
    """What the catalogue knows, one track at a time."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def track(self, track: TrackId) -> Track | None:
        return self._library.track(track)

    def plays(self, track: TrackId) -> int:
        row = self._library.catalogue.row_of(track)
        return 0 if row is None else self._library.catalogue.plays_of(row)


def add_media_keys(window: QWidget, player: Player) -> None:
    """Connect the media keys of a keyboard with the player, while the window has the keyboard.

    On Linux the desktop takes them first, and sends them through the media controls (`musicplayer.desktop.mpris`).
    """
    keys: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_MediaPlay: player.toggle,
        Qt.Key.Key_MediaTogglePlayPause: player.toggle,
        Qt.Key.Key_MediaPause: player.pause,
        Qt.Key.Key_MediaStop: player.stop,
        Qt.Key.Key_MediaNext: player.next,
        Qt.Key.Key_MediaPrevious: player.previous,
    }
    for key, act in keys.items():
        shortcut = QShortcut(QKeySequence(key), window)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
        shortcut.activated.connect(act)
