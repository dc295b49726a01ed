"""Help › Write a report for a bug."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicplayer.ui.window.main_window import MainWindow


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_MONGODB_URI", "mongodb://me:secret@")


def test_a_report_is_written_and_its_place_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.extras.report.write(str(tmp_path / "r.zip"))
    assert not window.shell.actions.report.isEnabled()
    qtbot.waitUntil(lambda: "was written" in window.shell.messages.text, timeout=20_000)
    assert str(tmp_path / "r.zip") in window.shell.messages.text
    assert (tmp_path / "r.zip").is_file()
    assert window.shell.actions.report.isEnabled()


def test_a_place_that_cannot_be_written_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    window.extras.report.write(str(tmp_path / "file" / "r.zip"))
    qtbot.waitUntil(lambda: "cannot be written" in window.shell.messages.text, timeout=20_000)
    assert window.shell.actions.report.isEnabled()


def test_it_is_in_the_help_menu(window: MainWindow) -> None:
    assert window.shell.actions.report in window.menus["Help"].actions()
