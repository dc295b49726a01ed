"""What a program is told by a broker, where one is set: whether it is, and the thread that follows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from indexer.core.home import Home
from indexer.core.kafka.address import AddressRefused, kafka_address
from indexer.core.plays import OWNER, ListenerId
from indexer.core.tracks import Seconds

if TYPE_CHECKING:
    from indexer.core.kafka.events import ModelMade
    from indexer.core.kafka.following import Following
    from indexer.core.taste.live import LiveList

STOP_SECONDS: Seconds = 1.0
"""That the end of a program waits for a broker."""


class Inbox:
    """Lists of what is recommended, and models, as others tell of them. For the thread that made it."""

    def __init__(
        self,
        home: Home,
        kafka: str,
        *,
        recommended: Callable[[LiveList], None],
        model: Callable[[ModelMade], None],
        wanted: Callable[[ListenerId], bool] = lambda listener: listener == OWNER,
    ) -> None:
        """Follow nothing before `start`.

        Args:
            home: of whose library it is. The window on one that another machine shares has what that machine shows.
            kafka: the broker's address as the settings have it.
            recommended: is called with lists of listeners that are wanted, in another thread.
            model: likewise, with a model that is in use.
            wanted: whose lists; the owner's, if nothing else is said. Called in that thread, too.
        """
        self._home = home
        self._kafka = kafka
        self._recommended = recommended
        self._model = model
        self._wanted = wanted
        self._following: Following | None = None
        self._ending: Following | None = None

    def start(self) -> None:
        """Follow the broker, if there is one. An address with a slip is said by who tells the broker something."""
        if self._following is not None or self._home.server_file.exists():
            return
        try:
            address = kafka_address(self._home, self._kafka)
        except AddressRefused:
            return
        if address is not None:
            from indexer.core.kafka.following import Following  # noqa: PLC0415 - only where a broker is set

            self._following = Following(address, recommended=self._recommended, model=self._model, wanted=self._wanted)
            self._following.start()

    def choose(self, kafka: str) -> None:
        """Follow this broker from now on, or none."""
        self._kafka = kafka
        self.stop()
        self.start()

    def stop(self) -> None:
        """Have it end; it may be started again."""
        self._ending, self._following = self._following, None
        if self._ending is not None:
            self._ending.stop()

    def join(self) -> None:
        """Wait until it has ended, but not for long."""
        if self._ending is not None:
            self._ending.join(STOP_SECONDS)
