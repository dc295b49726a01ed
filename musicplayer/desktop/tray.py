"""The icon in the tray: what plays, the transport, and the way back to a window that is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from indexer.core.language import tr

_Reason = QSystemTrayIcon.ActivationReason


class Tray(QObject):
    """There while it is wanted and the desktop has a place for it.

    Attributes:
        has_place: whether the desktop has one at present.

    Signals:
        window_requested: the window is to be shown, or hidden where it is in front.
        play_pause_requested: the icon was clicked with the middle button.
        quit_requested: the application is to end.
        message_clicked: the notification that the icon shows was clicked.
    """

    window_requested = Signal()
    play_pause_requested = Signal()
    quit_requested = Signal()
    message_clicked = Signal()

    def __init__(
        self,
        icon: QIcon,
        transport: Sequence[QAction],
        parent: QObject | None = None,
        *,
        has_place: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        """`transport` goes to the top of the menu; `has_place` says whether the desktop has a tray."""
        super().__init__(parent)
        self._picture = icon
        self.has_place = has_place
        self._icon: QSystemTrayIcon | None = None
        self._about = "Segue"
        self.menu = QMenu()
        self.menu.addActions(list(transport))
        self.menu.addSeparator()
        self.window_action = self.menu.addAction(tr("Hide window"))
        self.window_action.triggered.connect(self.window_requested)
        self.menu.addSeparator()
        self.menu.addAction(tr("Quit")).triggered.connect(self.quit_requested)

    @property
    def is_there(self) -> bool:
        """Whether there is an icon that a person can click."""
        return self._icon is not None and self.has_place()

    def set_wanted(self, wanted: bool) -> None:
        """Show the icon, as soon as there is a place for it, or take it away."""
        if wanted and self._icon is None:
            self._icon = self._made()
            self._icon.show()
        elif not wanted and self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def set_about(self, about: str) -> None:
        """What plays, for the tool tip; empty for nothing."""
        self._about = about or "Segue"
        if self._icon is not None:
            self._icon.setToolTip(self._about)

    def set_window_shown(self, shown: bool) -> None:
        self.window_action.setText(tr("Hide window") if shown else tr("Show window"))

    def show_message(self, title: str, text: str, picture: QIcon | None) -> None:
        """A notification from the icon, for desktops without another way."""
        if self._icon is not None:
            self._icon.showMessage(title, text, picture or self._picture)

    def close(self) -> None:
        self.set_wanted(False)
        self.menu.deleteLater()

    def _made(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self._picture, self)
        icon.setContextMenu(self.menu)
        icon.setToolTip(self._about)
        icon.activated.connect(self._on_activated)
        icon.messageClicked.connect(self.message_clicked)
        return icon

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == _Reason.Trigger:
            self.window_requested.emit()
        elif reason == _Reason.MiddleClick:
            self.play_pause_requested.emit()
