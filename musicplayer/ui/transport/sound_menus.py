"""Playback › Speed and Playback › Sleep timer, and what is said of both where they are on."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from indexer.core.language import short_number, tr, trn
from indexer.core.phrases import clock
from indexer.core.tracks import Seconds
from musicplayer.playback.player import Player
from musicplayer.playback.sleep import Sleep, SleepTimer

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
MINUTES = (15, 30, 45, 60, 90)
_STEP = 0.05


class SpeedMenu(QMenu):
    """Sets and shows how fast the player plays."""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(tr("Speed"), parent)
        self._player = player
        self._group = QActionGroup(self)
        self.speeds = {speed: self._entry(speed) for speed in SPEEDS}
        player.rate_changed.connect(self._show_rate)
        self._show_rate(player.rate)

    def faster(self) -> None:
        self._player.set_rate(self._player.rate + _STEP)

    def slower(self) -> None:
        self._player.set_rate(self._player.rate - _STEP)

    def _entry(self, speed: float) -> QAction:
        words = tr("Normal") if speed == 1.0 else speed_words(speed)
        action = self.addAction(words)
        action.setCheckable(True)
        action.triggered.connect(lambda: self._player.set_rate(speed))
        self._group.addAction(action)
        return action

    def _show_rate(self, rate: float) -> None:
        self._group.setExclusive(False)  # a speed between them has no mark
        for speed, action in self.speeds.items():
            action.setChecked(speed == rate)
        self._group.setExclusive(True)


class SleepMenu(QMenu):
    """Sets, shows and calls off the sleep timer."""

    def __init__(self, sleep: SleepTimer, parent: QWidget | None = None) -> None:
        super().__init__(tr("Sleep timer"), parent)
        self._sleep = sleep
        self._group = QActionGroup(self)
        self.minutes = [self._minutes(minutes) for minutes in MINUTES]
        self.addSeparator()
        self.track = self._ending(tr("At the end of this track"))
        self.queue = self._ending(tr("At the end of the queue"))
        self.addSeparator()
        self.off = self.addAction(tr("Off"))
        self.off.triggered.connect(sleep.cancel)
        self.track.triggered.connect(sleep.at_end_of_track)
        self.queue.triggered.connect(sleep.at_end_of_queue)
        self.show_kind()

    def show_kind(self) -> None:
        """Mark what is set; a time has no mark, for what is left of it is another."""
        self._group.setExclusive(False)
        self.track.setChecked(self._sleep.kind is Sleep.TRACK)
        self.queue.setChecked(self._sleep.kind is Sleep.QUEUE)
        self._group.setExclusive(True)
        self.off.setEnabled(self._sleep.kind is not None)

    def _minutes(self, minutes: int) -> QAction:
        action = self.addAction(trn("In {number} minute", "In {number} minutes", minutes))
        action.triggered.connect(lambda: self._sleep.after(minutes))
        return action

    def _ending(self, words: str) -> QAction:
        action = self.addAction(words)
        action.setCheckable(True)
        self._group.addAction(action)
        return action


def speed_words(rate: float) -> str:
    """`1.25×`, nothing for the normal speed."""
    return "" if rate == 1.0 else f"{short_number(rate)}×"


def sleep_words(kind: Sleep | None, remaining: Seconds | None) -> str:
    """When the music ends, nothing where no timer is set."""
    if kind is Sleep.TIME:
        return clock(remaining)
    if kind is Sleep.TRACK:
        return tr("after this track")
    return tr("after the queue") if kind is Sleep.QUEUE else ""
