"""What a broker tells the player, brought into the main thread: lists for the owner, and models that are in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from indexer.core.home import Home
from indexer.core.kafka.inbox import Inbox
from indexer.core.taste.model import TASTE
from musicplayer.discover.recommended import Recommended
from musicplayer.discover.similar import Similar

if TYPE_CHECKING:
    from indexer.core.kafka.events import ModelMade
    from indexer.core.taste.live import LiveList


class LiveLists(QObject):
    """Has them taken up as they come; without a broker it does nothing.

    Signals:
        came: a LiveList, once it was taken up.
    """

    came = Signal(object)

    _list = Signal(object)
    _model = Signal(object)

    def __init__(
        self, home: Home, kafka: str, recommended: Recommended, similar: Similar, parent: QObject | None = None
    ) -> None:
        """Have lists taken up by `recommended`, models by whichever has them.

        `kafka` is the broker's address as the settings have it.
        """
        super().__init__(parent)
        self._recommended = recommended
        self._similar = similar
        self._inbox = Inbox(home, kafka, recommended=self._list.emit, model=self._model.emit)
        self._list.connect(self._on_list, Qt.ConnectionType.QueuedConnection)
        self._model.connect(self._on_model, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Follow the broker, if there is one."""
        self._inbox.start()

    def choose(self, kafka: str) -> None:
        """Follow this broker from now on, or none."""
        self._inbox.choose(kafka)

    def shutdown(self) -> None:
        """End it."""
        self._inbox.stop()
        self._inbox.join()

    def _on_list(self, made: LiveList) -> None:
        self._recommended.take_live(made)
        self.came.emit(made)

    def _on_model(self, made: ModelMade) -> None:
        if made.profile == TASTE:
            self._recommended.refresh_later()
        else:
            self._similar.reload()
