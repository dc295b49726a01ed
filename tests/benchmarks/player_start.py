"""`python -m tests.benchmarks.player_start HOME`: starts the player and says when its table could be used.

Prints one JSON line: seconds from the start of the process to the first paint of the table with tracks in it, and to
the end of a page-down in it. `--fill HOME` only reads the library once. With `--bare` in place of a home: the same for
an empty Qt table, the least it can take.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView

STARTED_VARIABLE = "SEGUE_BENCHMARK_STARTED"
"""When the process was started, seconds since 1970."""

_SETTLE_MS = 1_500
"""So long the program goes on afterwards, for a database that is starting not to be left half way."""

_LONGEST_MS = 60_000
"""For a library that was read before and has nothing to catch up with."""


class FirstUse(QObject):
    """Waits for a view to paint rows, presses Page Down, and waits for that to be painted."""

    def __init__(self, view: QAbstractItemView, *, rows_wanted: bool) -> None:
        super().__init__(view)
        self._view = view
        self._rows_wanted = rows_wanted
        self.painted = self.scrolled = 0.0
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and (self._view.model().rowCount() or not self._rows_wanted):
            QTimer.singleShot(0, self, self._on_painted)  # when this paint is over
        return super().eventFilter(watched, event)

    def _on_painted(self) -> None:
        if not self.painted:
            self.painted = _age()
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() + bar.pageStep())
            self._view.viewport().update()
        elif not self.scrolled:
            self.scrolled = _age()
            sys.stdout.write(json.dumps({"painted": self.painted, "scrolled": self.scrolled}) + "\n")
            sys.stdout.flush()
            QTimer.singleShot(_SETTLE_MS, QApplication.quit)


def _age() -> float:
    """Seconds since whoever started us did; the system's own record of it is off by up to a second."""
    return time.time() - float(os.environ[STARTED_VARIABLE])


def _bare() -> int:
    application = QApplication([])
    table = QTableView()
    table.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    table.setModel(_empty_model(table))
    first = FirstUse(table, rows_wanted=False)
    table.show()
    code = application.exec()
    return code or int(not first.scrolled)


def _empty_model(parent: QObject) -> QObject:
    from PySide6.QtGui import QStandardItemModel

    return QStandardItemModel(0, 5, parent)


def _player(home: Path) -> int:
    from indexer.core.home import Home
    from musicplayer.app import begin, compose, make_qt_application

    qt = make_qt_application(["segue"])
    application = compose(qt, Home.resolve(home))
    application.window.shell.places.go("tracks")
    first = FirstUse(application.window.library.table, rows_wanted=True)
    application.window.show()
    qt.processEvents()
    begin(application)
    code = qt.exec()
    application.shutdown()
    return code or int(not first.scrolled)


def _fill(home: Path) -> int:
    """Read the whole library once, so that the starts to be measured open from a complete snapshot."""
    from indexer.core.home import Home
    from musicplayer.app import begin, compose, make_qt_application

    qt = make_qt_application(["segue"])
    application = compose(qt, Home.resolve(home))
    client = application.services.library.client
    client.caught_up.connect(lambda _: QTimer.singleShot(_SETTLE_MS, qt.quit))
    QTimer.singleShot(_LONGEST_MS, qt.quit)
    begin(application)
    code = qt.exec()
    application.shutdown()
    sys.stdout.write("{}\n")
    return code


if __name__ == "__main__":
    _, what, *rest = sys.argv
    sys.exit(_bare() if what == "--bare" else _fill(Path(rest[0])) if what == "--fill" else _player(Path(what)))
