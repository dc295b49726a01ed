"""Keeps the settings in their file: a moment after a change, off the UI thread; for good when the window closes."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.settings import Settings, kinds
from musicplayer.threads import Tasks

SAVE_AFTER_MS = 800
_NOT_RESTORED = {"database_uri", "backup_folder", "window_geometry", "window_state", "searches", "sortings",
                 "view", "browser", "pinned", "pinned_of", "sharing_token", "serve", "kafka"}  # fmt: skip
"""Of this machine, or the window's own while it is open."""
_log = logging.getLogger(__name__)


class Preferences(QObject):
    """The settings, and when to save them.

    Signals:
        changed: the name of a field of the settings that has another value.
        failed: message and advice.
    """

    changed = Signal(str)
    failed = Signal(str, str)

    def __init__(self, home: Home, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.home = home
        self._kept = settings.copy()
        self._tasks = Tasks(workers=1, parent=self)
        self._later = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._later.timeout.connect(self._save)

    def set(self, name: str, value: object) -> None:
        """Give a field of the settings a value, save it soon, and tell whoever depends on it.

        Raises:
            Unfit: the field does not take this value; it keeps the one it has.
        """
        before = getattr(self.settings, name)
        setattr(self.settings, name, value)
        if getattr(self.settings, name) != before:
            self.save_soon()
            self.changed.emit(name)

    def reload(self) -> None:
        """Take up settings that another program wrote, from a backup for one; the database stays the one in use."""
        restored = Settings.load(self.home)
        if restored == self._kept:
            return
        self._later.stop()
        for name in set(kinds()) - _NOT_RESTORED:
            self.set(name, getattr(restored, name))

    @property
    def folder(self) -> str:
        """Where files and folders are looked for first: where the last ones were, else at home."""
        return self.settings.last_folder or str(Path.home())

    def remember_folder(self, of: str | Path) -> None:
        """Look for the next ones where this file or folder lies."""
        self.settings.last_folder = str(Path(of).parent)
        self.save_soon()

    def save_soon(self) -> None:
        """Something was changed in `settings`."""
        self._later.start()

    def shutdown(self) -> None:
        """Save at once; the window is gone, so that a failure is logged."""
        self._later.stop()
        self._tasks.shutdown()
        try:
            self.settings.save(self.home)
        except OSError as error:
            _log.warning("the settings could not be saved: %s", error)

    def _save(self) -> None:
        chosen, home = self.settings.copy(), self.home
        self._kept = chosen
        self._tasks.run(lambda: chosen.save(home), lambda _: None, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(
            tr("The settings could not be saved to {file}: {error}.", file=self.home.settings_file, error=error),
            tr("Free some space there; until then the next start uses the settings of before."),
        )
