"""Tells what begins to play, while the window is not looked at: one notification, replaced by the next."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.language import tr
from indexer.core.tracks import Track, TrackId
from musicplayer.desktop import DESKTOP_ID
from musicplayer.desktop.bus import SessionBus, sendable
from musicplayer.desktop.file_urls import file_url
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player

if TYPE_CHECKING:
    import asyncio

    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

SETTLE_MS = 600
"""A track that is skipped within this is not worth a word; its cover has come by then."""

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_MATCH = f"type='signal',interface='{_SERVICE}',path='{_PATH}',member='ActionInvoked'"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """What is told: a title, a line below it, and a picture if there is one."""

    title: str
    text: str
    cover: Path | None = None


class TrackNotices(QObject):
    """Decides when there is something to tell.

    Signals:
        told: a Notice.
    """

    told = Signal(object)

    def __init__(
        self,
        player: Player,
        track_of: Callable[[TrackId], Track | None],
        is_looked_at: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`is_looked_at` says whether the window is in front, where everything can be seen anyway."""
        super().__init__(parent)
        self.enabled = False
        self._player = player
        self._track_of = track_of
        self._is_looked_at = is_looked_at
        self._cover: tuple[TrackId, Path] | None = None
        self._told: tuple[TrackId | None, int] = (None, 0)
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self._tell)
        player.track_changed.connect(self._on_change)
        player.state_changed.connect(self._on_change)

    def set_cover(self, track: TrackId, cover: Path) -> None:
        self._cover = (track, cover)

    def _on_change(self) -> None:
        self._soon.start()

    def _tell(self) -> None:
        current = self._player.current
        item = self._player.queue.current
        place = (current, item.uid if item is not None else 0)
        if self._player.state is not PlaybackState.PLAYING or current is None or place == self._told:
            return
        self._told = place
        track = self._track_of(current)
        if self.enabled and track is not None and not self._is_looked_at():
            cover = self._cover[1] if self._cover is not None and self._cover[0] == current else None
            self.told.emit(notice_of(track, cover))


class BusNotifications(QObject):
    """Shows notices through the desktop's own service, which is asked by way of the session bus.

    Signals:
        window_requested: the notification was clicked.
        next_requested: its button was pressed.
    """

    window_requested = Signal()
    next_requested = Signal()

    def __init__(self, bus: SessionBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._connection: MessageBus | None = None  # this and what follows belongs to the bus's thread
        self._turn: asyncio.Lock | None = None
        self._markup: bool | None = None
        self._shown = 0

    async def attach(self, bus: MessageBus) -> None:
        """Listen for clicks; called in the bus's thread."""
        import asyncio  # noqa: PLC0415 - in the bus's thread, see SessionBus

        from dbus_fast import Message  # noqa: PLC0415 - the same

        self._connection = bus
        self._turn = asyncio.Lock()
        bus.add_message_handler(self._on_message)
        daemon = "org.freedesktop.DBus"
        await bus.call(
            Message(destination=daemon, path="/org/freedesktop/DBus", interface=daemon, member="AddMatch",
                    signature="s", body=[_MATCH])
        )  # fmt: skip

    def show(self, notice: Notice) -> None:
        """Show a notice in place of the one before."""
        self._bus.post_task(lambda: self._in_turn(notice))

    async def _in_turn(self, notice: Notice) -> None:
        if self._turn is not None:
            async with self._turn:  # the number to replace comes with the answer
                await self._notify(notice)

    async def _notify(self, notice: Notice) -> None:
        if self._markup is None:
            found = await self._call("GetCapabilities", "", [])
            self._markup = found is not None and "body-markup" in found[0]
        text = html.escape(notice.text, quote=False) if self._markup else notice.text
        actions = ["default", tr("Show window"), "next", tr("Next")]
        body = ["Segue", self._shown, DESKTOP_ID, notice.title, text, actions, _hints(notice), -1]
        answer = await self._call("Notify", "susssasa{sv}i", body)
        self._shown = answer[0] if answer is not None else 0

    async def _call(self, method: str, signature: str, body: list[Any]) -> list[Any] | None:
        """The answer of the desktop's service, None where there is none or it refuses."""
        from dbus_fast import Message, MessageType  # noqa: PLC0415 - in the bus's thread

        if self._connection is None:
            return None
        reply = await self._connection.call(
            Message(destination=_SERVICE, path=_PATH, interface=_SERVICE, member=method, signature=signature, body=body)
        )
        if reply.message_type is MessageType.ERROR:
            _log.info("no notification: %s", reply.body[0] if reply.body else reply.error_name)
            return None
        return list(reply.body)

    def _on_message(self, message: Message) -> None:
        if message.interface != _SERVICE or message.member != "ActionInvoked" or message.body[0] != self._shown:
            return
        if message.body[1] == "next":
            self.next_requested.emit()
        else:
            self.window_requested.emit()


def notice_of(track: Track, cover: Path | None) -> Notice:
    """The title, and who it is by and on what."""
    text = " – ".join(part for part in (track.artist, track.album) if part)
    return Notice(sendable(track.title or Path(track.path).stem), sendable(text), cover)


def _hints(notice: Notice) -> dict[str, Any]:
    from dbus_fast import Variant  # noqa: PLC0415 - in the bus's thread

    hints = {
        "desktop-entry": Variant("s", DESKTOP_ID),
        "suppress-sound": Variant("b", True),
        "transient": Variant("b", True),
    }
    if notice.cover is not None:
        hints["image-path"] = Variant("s", file_url(str(notice.cover)))
    return hints
