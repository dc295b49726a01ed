"""Keeps the model of a shared library the one that its server has, by copies made beside everything else."""

from __future__ import annotations

import threading
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.shared.server import Server, write_server
from musicplayer.library.database_client import DatabaseClient
from musicplayer.threads import Tasks

LOOK_MS = 10_000
"""How often the server is asked which model it has."""


class SharedModel(QObject):
    """Looks once the library answers, and again and again while it does.

    Signals:
        ready: there is a model, or the server was asked and has none: it is time to answer from what there is.
        copied: another model than before is the one in use.
        other_profile: name of the profile that the server has features of by now; used from the next start on.
        failed: message and advice, once for as long as it stays the same; the model before stays.
    """

    ready = Signal()
    copied = Signal()
    other_profile = Signal(str)
    failed = Signal(str, str)

    def __init__(
        self, home: Home, server: Server, profile: str, client: DatabaseClient, parent: QObject | None = None
    ) -> None:
        """Copy the model of the profile of that name into `home`."""
        super().__init__(parent)
        self._home = home
        self._server = server
        self._profile = profile
        self._tasks = Tasks(workers=1, parent=self)
        self._ends = threading.Event()
        self._is_busy = False
        self._is_damaged = False
        self._complaint = ""
        self._is_ready = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        client.connected.connect(self._on_connected)
        client.unavailable.connect(self._timer.stop)

    def start(self) -> None:
        """Say at once that it is time, if there is a model from before."""
        from indexer.core.model import model_stamp  # noqa: PLC0415 - in the background, not before the first paint

        if model_stamp(self._home, self._profile) is not None:
            self._say_ready()

    def look(self) -> None:
        """Copy the model if the server has another one."""
        if not self._is_busy:
            self._is_busy = True
            anew = self._is_damaged
            self._tasks.run(lambda: self._copy(anew=anew), self._on_copied, self._on_failed)

    def mend(self) -> None:
        """The copy that is here cannot be used: make it anew."""
        self._is_damaged = True

    def shutdown(self) -> None:
        """Give up a copy that is under way; nothing of it stays."""
        self._timer.stop()
        self._ends.set()
        self._tasks.shutdown(wait=False)

    def _copy(self, *, anew: bool) -> bool:
        """In the thread; whether the model is another one."""
        # Imported here: in the background, not before the first paint.
        from indexer.core.shared.asking import Asking  # noqa: PLC0415
        from indexer.core.shared.glance import Looks  # noqa: PLC0415
        from indexer.core.shared.model_copy import copy_model  # noqa: PLC0415

        with Asking(self._server) as asking:
            self._follow_profile(Looks(asking).now().profile)
            return copy_model(asking, self._home, self._profile, anew=anew, stopped=self._ends.is_set)

    def _follow_profile(self, key: str) -> None:
        """In the thread: keep the profile that the server has now, for the next start."""
        from indexer.core.shared.profile import know_profile  # noqa: PLC0415 - as above

        if key != self._server.profile:
            name = know_profile(self._server.address, key)
            self._server = replace(self._server, profile=key)
            write_server(self._home, self._server)
            if name != self._profile:
                self.other_profile.emit(name)

    def _on_connected(self) -> None:
        self._timer.start()
        self.look()

    def _on_copied(self, is_other: bool) -> None:
        self._is_busy, self._complaint = False, ""
        if is_other:
            self._is_damaged = False
            self.copied.emit()
        self._say_ready()

    def _on_failed(self, error: Exception) -> None:
        self._is_busy = False
        if not isinstance(error, SegueError):
            raise error
        if error.code in _OF_THE_CONNECTION:
            return  # the way to the library says so
        self._say_ready()
        if error.message != self._complaint:
            self._complaint = error.message
            self.failed.emit(error.message, error.advice)

    def _say_ready(self) -> None:
        if not self._is_ready:
            self._is_ready = True
            self.ready.emit()


_OF_THE_CONNECTION = ("shared-silent", "shared-trouble", "shared-key")
