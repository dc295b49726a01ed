"""The media keys of a keyboard, while the window has it.

On Linux the desktop takes them first, and sends them through the media controls (`musicplayer.desktop.mpris`).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from musicplayer.playback.player import Player


def add_media_keys(window: QWidget, player: Player) -> None:
    """Connect the keys with the player, as long as `window` is there."""
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
