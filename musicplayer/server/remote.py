"""The desktop player that started this server: what it does, and what a listener elsewhere may ask of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from indexer.core.serving import Button, Desktop, Pressed
from musicplayer.server.errors import NotThere


class Remote:
    """Knows what the desktop player told last; for the thread of the event loop.

    Attributes:
        press: asks the player for something; None where no player started this server.
        on_change: is told that the player does something else.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.press: Callable[[Pressed], None] | None = None
        self.on_change = on_change
        self._told: Desktop | None = None
        self._told_at = 0.0

    @property
    def now(self) -> Desktop | None:
        """What the player does, its position as it is by now; None while nobody knows."""
        if self._told is None or self.press is None:
            return None
        passed = time.monotonic() - self._told_at if self._told.playing else 0.0
        position = self._told.position + passed
        return replace(self._told, position=min(position, self._told.seconds) if self._told.seconds else position)

    def take(self, told: Desktop) -> None:
        """Know what the player says that it does."""
        self._told, self._told_at = told, time.monotonic()
        self.on_change()

    def ask(self, button: Button, value: float = 0.0) -> None:
        """Have the player do something; it tells what it does then.

        Raises:
            NotThere: no player is there.
        """
        if self.press is None or self._told is None:
            raise NotThere("server-no-desktop")
        self.press(Pressed(button, value))
