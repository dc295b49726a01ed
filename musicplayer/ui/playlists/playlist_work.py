"""What is done with playlists off the UI thread, one thing after the other, and told in the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from musicplayer.threads import Tasks
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell

T = TypeVar("T")


class PlaylistWork(QObject):
    """Has one thread of its own.

    Signals:
        folder_wanted: a folder to add to the library.
    """

    folder_wanted = Signal(object)

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._playlists = services.playlists
        self._library = services.library
        self._preferences = services.preferences
        self._is_shared = services.shared is not None
        self._messages = shell.messages
        self._window = shell.window
        self._tasks = Tasks(workers=1, parent=self)

    def shutdown(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._tasks.shutdown()

    def _run(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Do `work` off the UI thread; `then` gets its result."""
        self._tasks.run(work, lambda result: (then(result), None)[1], self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        raise error
