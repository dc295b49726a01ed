"""Has the backend open what comes next a little ahead, and close it when something else comes."""

from __future__ import annotations

from collections.abc import Callable

from musicplayer.playback.backend import AudioBackend
from musicplayer.playback.queue import QueueItem
from musicplayer.playback.sound import Upcoming

Describe = Callable[[QueueItem], Upcoming | None]


class Preparing:
    """Knows what the backend was asked to prepare, so that it is asked once."""

    def __init__(self, backend: AudioBackend, describe: Describe) -> None:
        """`describe` says how an item is to be played, or None for one that cannot be found."""
        self._backend = backend
        self._describe = describe
        self._asked: Upcoming | None = None

    def keep(self, item: QueueItem | None) -> None:
        """Have `item` ready, as it is to be played at present; None for nothing."""
        wanted = None if item is None else self._describe(item)
        if wanted != self._asked:
            self._asked = wanted
            self._backend.prepare(wanted)

    def taken(self) -> None:
        """The backend was given something to play, and so has nothing ready any more."""
        self._asked = None
