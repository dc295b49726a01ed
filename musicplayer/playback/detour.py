"""Says where a queue goes on after a track that does not play: where a whole folder is away, nothing of it is tried."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.core.files import disk
from indexer.core.language import tr
from indexer.core.playing.queue import PlayQueue, QueueItem, Repeat
from indexer.core.shared.server import is_address
from indexer.core.text import shown_text
from musicplayer.playback.preparing import Locate

MOST_FAILURES = 5
"""So many files in a row that cannot be played mean something else is wrong: stop instead of racing on."""

MOST_ASKED = 200
"""So many folders are asked for at most to find a track that is there."""


@dataclass(frozen=True)
class Detour:
    """Where it goes on.

    Attributes:
        item: what plays instead, which is current by now; None for nothing.
        rests: what did not play stays current and waits, since its folder may come back.
        told: message and advice, None where a person knows already.
    """

    item: QueueItem | None
    rests: bool
    told: tuple[str, str] | None


class Detours:
    """Remembers how much failed in a row, and which folder was told of."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self._failures = 0
        self._told_of: str | None = None

    def plays(self) -> None:
        """Something is heard."""
        self._failures = 0

    def after(self, queue: PlayQueue, told: tuple[str, str], *, stays: bool) -> Detour:
        """Leave the current item of `queue`, of which `told` says why it does not play.

        Where its folder is away the next that is elsewhere becomes current. Nothing does if it `stays`, being what a
        person chose or was listening to, or if there is no other.
        """
        folder = self._folder_away(queue.current)
        if folder is None:
            self._failures += 1
            item = queue.advance(by_user=True) if self._failures < MOST_FAILURES else None
            self._failures = 0 if item is None else self._failures
            return Detour(item, False, told)
        self._failures = 0
        item = None if stays else self._next_elsewhere(queue, folder)
        message = tr("The folder {folder} is away.", folder=shown_text(folder))
        if item is None:
            self._told_of = None
            return Detour(None, True, (message, tr("Connect its drive, then press play: it goes on where it was.")))
        queue.jump(next(place for place, one in enumerate(queue.items) if one.uid == item.uid))
        known, self._told_of = self._told_of == folder, folder
        return Detour(item, False, None if known else (message, tr("What is elsewhere plays on. Connect its drive.")))

    def _folder_away(self, item: QueueItem | None) -> str | None:
        stretch = None if item is None else self._locate(item.track)
        return None if stretch is None or is_address(stretch.path) else folder_away(stretch.path)

    def _next_elsewhere(self, queue: PlayQueue, folder: str) -> QueueItem | None:
        away = [_below(folder)]
        for item in _coming(queue):
            stretch = self._locate(item.track)
            if stretch is None or stretch.path.startswith(tuple(away)):
                continue
            gone = None if is_address(stretch.path) else folder_away(stretch.path)
            if gone is None:
                return item
            away.append(_below(gone))
            if len(away) > MOST_ASKED:
                break
        return None


def folder_away(path: str) -> str | None:
    """The topmost folder on the way to a file that is not there or does not answer; None where the file's own is."""
    away = None
    for folder in Path(path).parents:
        if disk.is_folder(folder, wait=disk.GLANCE_SECONDS):
            break
        away = str(folder)
    return away


def _below(folder: str) -> str:
    return folder.rstrip(os.sep) + os.sep


def _coming(queue: PlayQueue) -> Iterator[QueueItem]:
    """What comes after the current item, and in another round."""
    yield from queue.upcoming()
    if queue.repeat is Repeat.ALL:
        yield from queue.items
