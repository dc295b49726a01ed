"""Share on the network, on the whole window: one switch, and the dialog that shows what the server says of itself."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from indexer.core.serving import AddListener
from indexer.core.settings import Settings
from indexer.core.store import Database
from musicplayer.app import Application
from musicplayer.jobs.library_server import LibraryServer
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.settings.network import NetworkDialog, QrCode
from tests.unit import jobs

STAND_IN = Path(jobs.__file__).with_name("server_stand_in.py")
WAIT_MS = 40_000
ADDRESS = "http://192.0.2.1:4849/"
LINK = f"{ADDRESS}first?token=once"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser was told to open, which it does not."""
    addresses = list[str]()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda address: addresses.append(address.toString()) or True)
    return addresses


@pytest.fixture
def dialog(segue: Application, qtbot: QtBot, opened: list[str]) -> Iterator[NetworkDialog]:
    segue.services.server.command = [sys.executable, str(STAND_IN), "works"]
    segue.window.shell.actions.network.trigger()
    shown = segue.window.extras.network.dialog
    qtbot.waitExposed(shown)
    yield shown
    segue.services.server.shutdown()


def switch_on(segue: Application, dialog: NetworkDialog, qtbot: QtBot) -> None:
    dialog.on.click()
    qtbot.waitUntil(lambda: segue.services.server.state is not None, timeout=WAIT_MS)


def click(button: QPushButton, qtbot: QtBot) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def add(dialog: NetworkDialog, name: str, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.listeners.name, name)
    qtbot.keyClicks(dialog.listeners.password, "a good password")
    click(dialog.listeners.add_button, qtbot)


def rows(dialog: NetworkDialog) -> list[str]:
    tree = dialog.listeners.tree
    return [item.text(0) for item in (tree.topLevelItem(row) for row in range(tree.topLevelItemCount())) if item]


def test_it_is_off_and_nothing_runs(segue: Application, dialog: NetworkDialog) -> None:
    assert not dialog.on.isChecked()
    assert segue.services.server.process_id is None
    assert not dialog.listeners.isVisible()
    assert not dialog.code.isVisible()
    assert "not on the network" in dialog.state.text()


def test_the_switch_shows_where_the_library_is(segue: Application, dialog: NetworkDialog, qtbot: QtBot) -> None:
    switch_on(segue, dialog, qtbot)
    assert dialog.code.text == ADDRESS
    assert dialog.code.isVisible()
    [button] = [one for one in dialog.findChildren(QPushButton) if one.accessibleName() == f"Copy {ADDRESS}"]
    click(button, qtbot)
    assert QGuiApplication.clipboard().text() == ADDRESS
    dialog.on.click()
    qtbot.waitUntil(lambda: segue.services.server.process_id is None, timeout=WAIT_MS)
    assert not dialog.code.isVisible()
    assert Settings.load(segue.services.preferences.home).serve is False


def test_the_link_of_the_first_account_is_there_until_there_is_one(
    segue: Application, dialog: NetworkDialog, qtbot: QtBot, opened: list[str]
) -> None:
    switch_on(segue, dialog, qtbot)
    click(dialog.first_button, qtbot)
    assert opened == [LINK]
    click(dialog.copy_link_button, qtbot)
    assert QGuiApplication.clipboard().text() == LINK
    add(dialog, "anna", qtbot)
    qtbot.waitUntil(lambda: rows(dialog) == ["anna · this player · 1 device"], timeout=WAIT_MS)
    assert not dialog.first_button.isVisible()


def test_listeners_are_added_and_removed_and_their_devices_too(
    segue: Application, dialog: NetworkDialog, qtbot: QtBot
) -> None:
    switch_on(segue, dialog, qtbot)
    for count, name in enumerate(("anna", "bert"), start=1):
        add(dialog, name, qtbot)
        qtbot.waitUntil(lambda count=count: len(rows(dialog)) == count, timeout=WAIT_MS)
    assert dialog.listeners.password.text() == ""
    tree, remove = dialog.listeners.tree, dialog.listeners.remove_button
    tree.setCurrentItem(tree.topLevelItem(0))
    assert not remove.isEnabled(), "the player's own listener stays"
    tree.setCurrentItem(tree.topLevelItem(1).child(0))
    assert remove.text() == "Take back the key"
    click(remove, qtbot)
    qtbot.waitUntil(lambda: rows(dialog)[1] == "bert", timeout=WAIT_MS)
    tree.setCurrentItem(tree.topLevelItem(1))
    click(remove, qtbot)
    dialog.findChild(ConfirmDialog).yes.click()
    qtbot.waitUntil(lambda: len(rows(dialog)) == 1, timeout=WAIT_MS)


def test_what_the_server_refuses_is_said_there(segue: Application, dialog: NetworkDialog, qtbot: QtBot) -> None:
    switch_on(segue, dialog, qtbot)
    add(dialog, "nobody", qtbot)
    qtbot.waitUntil(lambda: dialog.outcome.text() == "That is no name. Take another.", timeout=WAIT_MS)


def test_a_failure_is_a_message_and_the_switch_is_off(segue: Application, dialog: NetworkDialog, qtbot: QtBot) -> None:
    segue.services.server.command[-1] = "fails"
    dialog.on.click()
    qtbot.waitUntil(lambda: "Another program has port 4849." in segue.window.shell.messages.text, timeout=WAIT_MS)
    assert not dialog.on.isChecked()


def test_other_settings_hold_at_once(segue: Application, dialog: NetworkDialog, qtbot: QtBot) -> None:
    server = segue.services.server
    switch_on(segue, dialog, qtbot)
    dialog.tls.click()
    qtbot.waitUntil(lambda: server.state is not None and "tls" in server.state.addresses[1], timeout=WAIT_MS)


def test_another_port_holds_when_it_was_typed_to_its_end(
    segue: Application, dialog: NetworkDialog, qtbot: QtBot, opened: list[str]
) -> None:
    server, started = segue.services.server, list[int]()
    switch_on(segue, dialog, qtbot)
    segue.services.preferences.changed.connect(lambda name: started.append(1) if name == "serve_port" else None)
    dialog.port.selectAll()
    qtbot.keyClicks(dialog.port, "5151")
    qtbot.keyClick(dialog.port, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: server.state is not None and "5151" in server.state.addresses[1], timeout=WAIT_MS)
    assert started == [1]
    assert opened == [], "Enter presses no button"


def test_a_refusal_is_a_message_where_the_dialog_is_closed(
    segue: Application, dialog: NetworkDialog, qtbot: QtBot
) -> None:
    switch_on(segue, dialog, qtbot)
    dialog.close()
    segue.services.server.ask(AddListener("nobody", "x"))
    qtbot.waitUntil(lambda: "That is no name." in segue.window.shell.messages.text, timeout=WAIT_MS)


def test_a_restored_backup_switches_nothing_on(segue: Application, dialog: NetworkDialog) -> None:
    preferences = segue.services.preferences
    Settings(serve=True, volume=33).save(preferences.home)
    preferences.reload()
    assert preferences.settings.volume == 33
    assert not dialog.on.isChecked()


@pytest.mark.database
def test_the_real_server_is_there_while_the_switch_is_on_and_no_longer(
    segue: Application, database: Database, qtbot: QtBot, opened: list[str]
) -> None:
    server, preferences, messages = segue.services.server, segue.services.preferences, segue.window.shell.messages
    preferences.settings.database_uri, preferences.settings.serve_host = database.uri, "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as free:
        preferences.settings.serve_port = free.getsockname()[1]
    dialog = segue.window.extras.network.dialog
    dialog.open_fresh()
    switch_on(segue, dialog, qtbot)
    assert server.state is not None
    address = server.state.addresses[0]
    assert httpx.get(f"{address}api/events", timeout=20).status_code == 401
    qtbot.keyClicks(dialog.listeners.name, "anna")
    qtbot.keyClicks(dialog.listeners.password, "a good password")
    qtbot.keyClick(dialog.listeners.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(dialog) == ["anna · this player"], timeout=WAIT_MS)
    assert opened == []
    other = LibraryServer(preferences.home, preferences.settings)
    with qtbot.waitSignal(other.failed, timeout=WAIT_MS) as failed:
        other.start()
    assert failed.args is not None
    assert failed.args[0].code == "server-running"
    dialog.on.click()
    qtbot.waitUntil(lambda: server.process_id is None, timeout=WAIT_MS)
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, timeout=20)
    assert messages.text == ""


def test_it_runs_again_at_the_next_start(segue: Application, qtbot: QtBot) -> None:
    server = segue.services.server
    server.command = [sys.executable, str(STAND_IN), "works"]
    segue.services.preferences.settings.serve = True
    segue.window.extras.network.start()
    qtbot.waitUntil(lambda: server.state is not None, timeout=WAIT_MS)
    server.shutdown()


def test_a_code_has_white_around_it_and_three_dark_corners(qtbot: QtBot) -> None:
    code = QrCode()
    qtbot.addWidget(code)
    code.show_text(ADDRESS)
    image = code.grab().toImage()
    size = image.width()
    white, inside = 2, round(size * 4.5 / (25 + 8))
    assert all(image.pixelColor(white, place).lightness() == 255 for place in range(size))
    corners = [(inside, inside), (size - inside, inside), (inside, size - inside)]
    assert [image.pixelColor(*corner).lightness() for corner in corners] == [0, 0, 0]
