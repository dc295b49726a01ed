"""Playback › Share on the network: runs the server while the settings say so, and tells what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from indexer.core.events import Failed, Notice
from musicplayer.jobs.library_server import SETTINGS
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell

if TYPE_CHECKING:
    from musicplayer.desktop.remote import RemoteControl
    from musicplayer.ui.settings.network import NetworkDialog


class NetworkControl(QObject):
    """The server follows the settings; the dialog is made when it is first wanted, the remote with a first server."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._server = services.server
        self._player = services.player
        self._preferences = services.preferences
        self._dialog: NetworkDialog | None = None
        self._remote: RemoteControl | None = None
        shell.actions.network.triggered.connect(self.open)
        services.preferences.changed.connect(self._on_setting)
        services.server.changed.connect(self._on_server)
        services.server.failed.connect(self._on_failed)
        services.server.refused.connect(self._on_refused)

    @property
    def dialog(self) -> NetworkDialog:
        """Playback › Share on the network."""
        if self._dialog is None:
            from musicplayer.ui.settings.network import NetworkDialog  # noqa: PLC0415 - no start needs it

            self._dialog = NetworkDialog(self._server, self._preferences, self._shell.window)
        return self._dialog

    def open(self) -> None:
        """Show where the library is and who may listen."""
        self.dialog.open_fresh()

    def start(self) -> None:
        """Have the server run if it did when the player was left."""
        if self._preferences.settings.serve:
            self._server.start()

    def _on_setting(self, name: str) -> None:
        is_on = self._preferences.settings.serve
        if name == "serve" and not is_on:
            self._server.stop()
        elif name == "serve" or (name in SETTINGS and is_on):
            self._server.start()

    def _on_server(self) -> None:
        if self._remote is None and self._server.state is not None:
            from musicplayer.desktop.remote import RemoteControl  # noqa: PLC0415 - for those who share only

            self._remote = RemoteControl(self._player, self._server, self)

    def _on_refused(self, notice: Notice) -> None:
        """In the dialog where that is open."""
        if self._dialog is None or not self._dialog.isVisible():
            self._shell.messages.warn(notice.message, notice.advice)

    def _on_failed(self, event: Failed) -> None:
        """The switch shows what is the case."""
        self._preferences.set("serve", False)
        self._shell.messages.warn(event.message, event.advice)
