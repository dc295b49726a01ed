"""File › Open a library on the network, before a real server: what is typed, asked, refused, remembered, forgotten."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.settings import Settings, Theme
from indexer.core.shared.server import Server, library_home, read_server, write_server
from musicplayer.app import Application
from musicplayer.desktop.instance import claim
from musicplayer.desktop.visit import Visit
from musicplayer.library.nearby import Found
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.settings.shared import SharedDialog
from tests.waiting import wait_until

from .conftest import PASSWORD, Kitchen, kitchen_in

pytestmark = pytest.mark.database

WAIT_MS = 40_000
NOTE = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(' '.join(sys.argv[2:]))"


@pytest.fixture
def launched(segue: Application, tmp_path: Path) -> Path:
    """Where the window that would open writes what it was started with."""
    file = tmp_path / "launched"
    segue.window.extras.shared.command = [sys.executable, "-c", NOTE, str(file)]
    return file


@pytest.fixture
def dialog(segue: Application, launched: Path, qtbot: QtBot) -> Iterator[SharedDialog]:
    segue.window.shell.actions.open_shared.trigger()
    shown = segue.window.extras.shared.dialog
    qtbot.waitExposed(shown)
    yield shown
    shown.close()


def fill_in(dialog: SharedDialog, qtbot: QtBot, address: str, name: str = "anna", password: str = PASSWORD) -> None:
    for field, text in ((dialog.address, address), (dialog.name, name), (dialog.password, password)):
        field.clear()
        qtbot.keyClicks(field, text)
    assert dialog.open_button.isEnabled()
    qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)


def question(dialog: SharedDialog, qtbot: QtBot) -> ConfirmDialog:
    qtbot.waitUntil(lambda: bool(dialog.findChildren(ConfirmDialog)), timeout=WAIT_MS)
    [found] = dialog.findChildren(ConfirmDialog)
    return found


def rows(dialog: SharedDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_nothing_can_be_opened_before_all_is_typed(dialog: SharedDialog, qtbot: QtBot) -> None:
    assert not dialog.open_button.isEnabled()
    qtbot.keyClicks(dialog.address, "kitchen")
    qtbot.keyClicks(dialog.name, "anna")
    assert not dialog.open_button.isEnabled()
    qtbot.keyClicks(dialog.password, "x")
    assert dialog.open_button.isEnabled()


def test_name_and_password_open_a_window_of_its_own(
    segue: Application, dialog: SharedDialog, qtbot: QtBot, home: Home, kitchen: Kitchen, launched: Path
) -> None:
    segue.services.preferences.set("theme", Theme.DARK)
    fill_in(dialog, qtbot, kitchen.address)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=WAIT_MS)
    made = library_home(home, kitchen.address)
    wait_until(launched.exists, "the window")
    wait_until(launched.read_text, "what it was started with")
    assert launched.read_text() == f"--home {made.root}"
    server = read_server(made)
    assert server is not None
    assert (server.address, server.listener, server.profile) == (kitchen.address, "Anna", SONIC.key)
    assert PASSWORD not in made.server_file.read_text()
    settings = Settings.load(made)
    assert (settings.profile, settings.theme) == ("sonic", Theme.DARK)
    assert [dialog.address.text(), dialog.name.text(), dialog.password.text()] == ["", "", ""]


def test_a_wrong_password_is_said_and_what_was_typed_stays(
    dialog: SharedDialog, qtbot: QtBot, home: Home, kitchen: Kitchen
) -> None:
    fill_in(dialog, qtbot, kitchen.address, password="wrong password")
    qtbot.waitUntil(lambda: "is wrong" in dialog.outcome.text(), timeout=WAIT_MS)
    assert dialog.isVisible()
    assert (dialog.address.text(), dialog.name.text()) == (kitchen.address, "anna")
    assert dialog.password.text() == "wrong password"
    assert dialog.open_button.isEnabled()
    assert not library_home(home, kitchen.address).root.exists()


@pytest.mark.parametrize(
    ("address", "said"), [("127.0.0.1:9", "does not answer"), ("no such machine!", "is no address of a machine")]
)
def test_what_cannot_be_asked_is_said(dialog: SharedDialog, qtbot: QtBot, address: str, said: str) -> None:
    fill_in(dialog, qtbot, address)
    qtbot.waitUntil(lambda: said in dialog.outcome.text(), timeout=WAIT_MS)
    assert dialog.address.text() == address


def test_a_certificate_that_the_server_made_is_asked_about_once(
    segue: Application,
    dialog: SharedDialog,
    qtbot: QtBot,
    home: Home,
    database_server: str,
    tmp_path: Path,
    launched: Path,
) -> None:
    with kitchen_in(tmp_path, database_server, "--tls-self-signed") as kitchen:
        fill_in(dialog, qtbot, kitchen.address.removeprefix("https://"))
        asked = question(dialog, qtbot)
        shown = " ".join(label.text() for label in asked.findChildren(type(dialog.outcome)))
        assert kitchen.server.states[-1].fingerprint in shown.replace("\n", "")
        asked.no.click()
        qtbot.waitUntil(lambda: not dialog.findChildren(ConfirmDialog), timeout=WAIT_MS)
        assert dialog.open_button.isEnabled()
        dialog.open_button.click()
        question(dialog, qtbot).yes.click()
        wait_until_closed(dialog, qtbot)
        server = read_server(library_home(home, kitchen.address))
        assert server is not None
        assert server.certificate.startswith("-----BEGIN CERTIFICATE-----")


def wait_until_closed(dialog: SharedDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=WAIT_MS)


@pytest.fixture
def known(home: Home) -> Home:
    """A library that was opened before."""
    made = library_home(home, "http://kitchen:4849")
    write_server(made, Server("http://kitchen:4849", "a-key", "Anna"))
    return made


def test_what_was_opened_before_opens_without_a_password(
    known: Home, dialog: SharedDialog, qtbot: QtBot, launched: Path
) -> None:
    assert rows(dialog) == ["Anna's library on kitchen · http://kitchen:4849"]
    dialog.list.setCurrentRow(0)
    qtbot.mouseClick(dialog.again_button, Qt.MouseButton.LeftButton)
    wait_until(lambda: launched.exists() and launched.read_text() == f"--home {known.root}", "the window")
    assert not dialog.isVisible()


def test_a_start_that_names_an_address_opens_what_is_known_there(
    known: Home, segue: Application, launched: Path, qtbot: QtBot
) -> None:
    desktop = segue.window.extras.desktop
    desktop.open(Visit(library="kitchen"))
    wait_until(launched.exists, "the window")
    desktop.open(Visit(library="cellar"))
    dialog = segue.window.extras.shared.dialog
    qtbot.waitUntil(dialog.isVisible, timeout=WAIT_MS)
    assert dialog.address.text() == "cellar"


def test_a_library_is_forgotten_after_a_question_unless_its_window_is_open(
    known: Home, dialog: SharedDialog, qtbot: QtBot
) -> None:
    dialog.list.setCurrentRow(0)
    window = claim(known)
    assert window is not None
    dialog.forget_button.click()
    question(dialog, qtbot).yes.click()
    qtbot.waitUntil(lambda: "A window is open" in dialog.outcome.text(), timeout=WAIT_MS)
    window.close()
    qtbot.waitUntil(lambda: not dialog.findChildren(ConfirmDialog), timeout=WAIT_MS)
    dialog.forget_button.click()
    question(dialog, qtbot).yes.click()
    qtbot.waitUntil(lambda: not rows(dialog), timeout=WAIT_MS)
    assert known.root is not None
    assert not known.root.exists()


def test_a_server_nearby_fills_the_address_in(dialog: SharedDialog, qtbot: QtBot) -> None:
    dialog.show_found(Found("kitchen", "https://192.168.1.20:4849"))
    assert rows(dialog) == ["Found: kitchen · https://192.168.1.20:4849"]
    dialog.list.setCurrentRow(0)
    assert dialog.address.text() == "https://192.168.1.20:4849"
    assert not dialog.again_button.isEnabled()
    assert not dialog.forget_button.isEnabled()


def test_one_that_was_opened_before_is_not_listed_twice(known: Home, dialog: SharedDialog) -> None:
    dialog.show_found(Found("kitchen", "http://kitchen:4849"))
    assert rows(dialog) == ["Anna's library on kitchen · http://kitchen:4849"]


def test_who_has_no_music_here_is_offered_that_of_another_machine(segue: Application, qtbot: QtBot) -> None:
    welcome = segue.window.library.welcome
    assert welcome.shared.isVisibleTo(welcome)
    qtbot.mouseClick(welcome.shared, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(segue.window.extras.shared.dialog.isVisible, timeout=WAIT_MS)
