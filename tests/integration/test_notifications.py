"""Notices over a real session bus, shown by a service of the test's own that keeps what it is sent."""

# Real annotations, not strings: dbus-fast reads the types of the service off them.
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from indexer.core.tracks import Track, TrackId
from musicplayer.desktop.bus import SessionBus
from musicplayer.desktop.notifications import BusNotifications, Notice, notice_of

if sys.platform != "linux":
    pytest.skip("notifications go over D-Bus on Linux", allow_module_level=True)

from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

WAIT_MS = 5_000
Texts = Annotated[list[str], DBusSignature("as")]


class Service(ServiceInterface):
    def __init__(self, board: "Board") -> None:
        super().__init__("org.freedesktop.Notifications")
        self._board = board
        self._number = 40

    @dbus_method("GetCapabilities")
    def capabilities(self) -> Texts:
        return ["body", "body-markup", "actions"]

    @dbus_method("Notify")
    def notify(
        self,
        name: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        title: DBusStr,
        text: DBusStr,
        actions: Texts,
        hints: DBusDict,
        timeout: DBusInt32,
    ) -> DBusUInt32:
        self._number += 0 if replaces == self._number else 1
        self._board.sent.emit({"replaces": replaces, "icon": icon, "title": title, "text": text, "hints": hints})
        return self._number

    @dbus_signal("ActionInvoked")
    def invoked(self, number: int, action: str) -> Annotated[tuple[int, str], DBusSignature("us")]:
        return number, action


class Board(QObject):
    """The desktop's side: a service on the bus that says what it was sent."""

    sent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.service = Service(self)

    async def attach(self, bus: MessageBus) -> None:
        bus.export("/org/freedesktop/Notifications", self.service)
        await bus.request_name("org.freedesktop.Notifications")


@pytest.fixture
def desktop(qtbot: QtBot, bus_address: str) -> Iterator[tuple[Board, SessionBus]]:
    board, bus = Board(), SessionBus()
    with qtbot.waitSignal(bus.connected, timeout=WAIT_MS):
        bus.start(bus_address, [board])
    yield board, bus
    bus.close()


@pytest.fixture
def notifications(qtbot: QtBot, bus_address: str) -> Iterator[BusNotifications]:
    bus = SessionBus()
    made = BusNotifications(bus)
    with qtbot.waitSignal(bus.connected, timeout=WAIT_MS):
        bus.start(bus_address, [made])
    yield made
    bus.close()


def shown(qtbot: QtBot, board: Board, notifications: BusNotifications, notice: Notice) -> dict[str, Any]:
    with qtbot.waitSignal(board.sent, timeout=WAIT_MS) as sent:
        notifications.show(notice)
    assert sent.args is not None
    return dict(sent.args[0])


def test_a_notice_is_shown_with_its_cover_and_replaces_the_one_before(
    qtbot: QtBot, desktop: tuple[Board, SessionBus], notifications: BusNotifications
) -> None:
    board, _ = desktop
    first = shown(qtbot, board, notifications, Notice("One", "Tom & <b>Jerry</b>", Path("/covers/a b.jpg")))
    assert first["replaces"] == 0
    assert first["icon"] == first["hints"]["desktop-entry"].value == "app.segue.Segue"
    assert (first["title"], first["text"]) == ("One", "Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;")
    assert first["hints"]["image-path"].value == "file:///covers/a%20b.jpg"
    second = shown(qtbot, board, notifications, Notice("Two", ""))
    assert second["replaces"] == 41
    assert "image-path" not in second["hints"]


def test_clicks_come_back(qtbot: QtBot, desktop: tuple[Board, SessionBus], notifications: BusNotifications) -> None:
    board, bus = desktop
    shown(qtbot, board, notifications, Notice("One", ""))
    shown(qtbot, board, notifications, Notice("One", ""))  # so that the answer to the first has arrived
    with qtbot.waitSignal(notifications.next_requested, timeout=WAIT_MS):
        bus.post(lambda: board.service.invoked(41, "next"))
    with (
        qtbot.waitSignal(notifications.window_requested, timeout=WAIT_MS),
        qtbot.assertNotEmitted(notifications.next_requested),
    ):
        bus.post(lambda: board.service.invoked(7, "next"))  # another program's
        bus.post(lambda: board.service.invoked(41, "default"))


def test_without_a_service_nothing_is_shown_and_nothing_breaks(
    qtbot: QtBot, notifications: BusNotifications, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="musicplayer.desktop.notifications"):
        notifications.show(Notice("One", "two"))
        qtbot.waitUntil(lambda: "no notification" in caplog.text, timeout=WAIT_MS)


def test_a_notice_says_what_a_track_is() -> None:
    track = Track(id=TrackId("0" * 32), path="/music/a\udcff.mp3", root="/", artist="Äther", album="Dawn")
    assert notice_of(track, None) == Notice("a\ufffd", "Äther – Dawn")
