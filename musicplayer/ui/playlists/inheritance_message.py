"""Says that tracks were replaced by new copies and what came along, and takes it back."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QTimer

from indexer.core.language import tr, trn
from musicplayer.discover.heirs import Inheritance
from musicplayer.ui.frame.message_bar import MessageBar
from musicplayer.ui.frame.services import Services

_AGAIN_MS = 5_000


class InheritanceMessage(QObject):
    """Waits behind warnings that were not read yet, since it is told once only."""

    def __init__(self, services: Services, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._messages = messages
        self._waiting: deque[Inheritance] = deque()
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._say)
        services.heirs.inherited.connect(self._on_inherited)

    def _on_inherited(self, inheritance: Inheritance) -> None:
        self._waiting.append(inheritance)
        self._say()

    def _say(self) -> None:
        if not self._waiting:
            return
        inheritance = self._waiting[0]
        message = self._headline(inheritance)
        self._messages.tell(
            message,
            tr("It keeps what there was: {what}.", what=", ".join(_parts(inheritance))),
            tr("Undo"),
            lambda: self._services.heirs.take_back(inheritance),
        )
        if self._messages.text.startswith(message):
            self._waiting.popleft()
        if self._waiting:
            self._again.start()

    def _headline(self, inheritance: Inheritance) -> str:
        found = self._services.library.track(inheritance.heir)
        if len(inheritance.tracks) == 1 and found is not None and found.title:
            return tr("“{title}” was replaced by a new copy.", title=found.title)
        return trn(
            "{number} track was replaced by a new copy.",
            "{number} tracks were replaced by new copies.",
            len(inheritance.tracks),
        )


def _parts(inheritance: Inheritance) -> list[str]:
    told = (
        (inheritance.plays, trn("{number} play", "{number} plays", inheritance.plays)),
        (inheritance.lines, trn("{number} playlist line", "{number} playlist lines", inheritance.lines)),
        (inheritance.queued, trn("{number} place in the queue", "{number} places in the queue", inheritance.queued)),
    )
    return [text for number, text in told if number]
