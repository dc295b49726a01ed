"""Tells whether Segue is being used: music plays, or something was clicked or typed in its windows a moment ago."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player

QUIET_MS = 120_000

_INPUT = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.Drop}
)


class IdleWatch(QObject):
    """Watches input to every window of the program, while it is asked to: it looks at every event of Qt's.

    Signals:
        changed: whether Segue is idle.
    """

    changed = Signal(bool)

    def __init__(self, player: Player, parent: QObject | None = None, *, quiet_ms: int = QUIET_MS) -> None:
        super().__init__(parent)
        self._player = player
        self._is_idle = False
        self._is_watching = False
        self._quiet = QTimer(self, singleShot=True, interval=quiet_ms)
        self._quiet.timeout.connect(self._look)
        player.state_changed.connect(lambda _: self._stir())

    def watch(self, on: bool) -> None:
        """Begin to watch, as if something had just been done, or end it."""
        application = QApplication.instance()
        if on == self._is_watching or application is None:
            return
        self._is_watching, self._is_idle = on, False
        if on:
            application.installEventFilter(self)
            self._quiet.start()
        else:
            application.removeEventFilter(self)
            self._quiet.stop()

    @property
    def is_watching(self) -> bool:
        return self._is_watching

    @property
    def is_idle(self) -> bool:
        return self._is_idle

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._stir()
        return super().eventFilter(watched, event)

    def _stir(self) -> None:
        if self._is_watching:
            self._quiet.start()
            self._set(idle=False)

    def _look(self) -> None:
        if self._player.state is PlaybackState.PLAYING:
            self._quiet.start()
        else:
            self._set(idle=True)

    def _set(self, *, idle: bool) -> None:
        if idle != self._is_idle:
            self._is_idle = idle
            self.changed.emit(idle)
