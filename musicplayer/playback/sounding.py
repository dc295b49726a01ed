"""What a backend and the voice it plays on have in common."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from indexer.core.tracks import Seconds, Stretch


class Sounding(QObject):
    """Plays one stretch of a file after the other; places and lengths are those of the stretch.

    Its signals arrive in the thread it lives in, never inside a call to it.

    Signals:
        ended: the file was played to its end.
        failed: message naming the file, and advice. The file plays no further.
    """

    ended = Signal()
    failed = Signal(str, str)

    def load(self, stretch: Stretch, start: Seconds = 0.0) -> None:
        """Take `stretch` as what to play, from `start` seconds in, instead of what there is; makes no sound yet."""
        raise NotImplementedError

    def play(self) -> None:
        raise NotImplementedError

    def pause(self) -> None:
        raise NotImplementedError

    def seek(self, position: Seconds) -> None:
        raise NotImplementedError

    def position(self) -> Seconds:
        raise NotImplementedError

    def duration(self) -> Seconds | None:
        """Length of the stretch in seconds, None while unknown."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop and give everything back; nothing may be called afterwards."""
        raise NotImplementedError
