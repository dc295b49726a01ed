"""Copies of known tracks: how many there are and where is said, with a real database and the real window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.events import Finished
from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.scanning.scan import scan
from musicplayer.app import Application, begin, compose
from musicplayer.library.copies import read_copies

pytestmark = pytest.mark.database


@pytest.fixture
def originals(make_tone: Callable[..., Path]) -> Path:
    """Three tones in a folder."""
    for hertz in (300, 400, 500):
        made = make_tone(f"originals/{hertz}.wav", hertz=hertz)
    return made.parent


def take_in(database: Database, *folders: Path) -> None:
    for folder in folders:
        database.folders.add(str(folder))
    scan(database, folders, on_event=lambda _: None, cancelled=lambda: False)


@pytest.fixture
def running(qapp: QApplication, home: Home, database: Database, originals: Path, qtbot: QtBot) -> Iterator[Application]:
    """The player with the three tones in its library."""
    take_in(database, originals)
    made = compose(qapp, home, theme="light", settings=Settings(database_uri=database.uri, watch_folders=False))
    made.window.show()
    begin(made)
    qtbot.waitUntil(lambda: len(made.services.library.catalogue) == 3, timeout=20_000)
    yield made
    made.window.close()
    made.shutdown()


def test_copies_are_found_wherever_they_lie(database: Database, originals: Path, tmp_path: Path) -> None:
    take_in(database, originals)
    assert read_copies(database) == []
    shutil.copytree(originals, tmp_path / "again")
    shutil.copy(originals / "300.wav", originals / "300 once more.wav")
    take_in(database, originals, tmp_path / "again")
    found = {Path(copy.path).relative_to(tmp_path): Path(copy.of).name for copy in read_copies(database)}
    assert found == {
        Path("again/300.wav"): "300.wav",
        Path("again/400.wav"): "400.wav",
        Path("again/500.wav"): "500.wav",
        Path("originals/300 once more.wav"): "300.wav",
    }


def test_a_folder_of_copies_says_so_and_shows_them(
    running: Application, database: Database, originals: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = running.window
    copies = running.services.library.copies
    with qtbot.waitSignal(copies.changed, timeout=20_000, raising=False):
        copies.refresh()
    assert copies.all == []
    shutil.copytree(originals, tmp_path / "again")
    take_in(database, originals, tmp_path / "again")
    running.services.jobs.finished.emit(Finished())
    qtbot.waitUntil(lambda: "3 files are copies of tracks" in window.shell.messages.text, timeout=20_000)
    assert window.shell.messages.action.text() == "Show copies"
    page = window.extras.settings.page
    folders = page.folders
    qtbot.waitUntil(lambda: folders.count() == 2, timeout=20_000)
    said = [folders.item(row).text().partition("·")[2].strip() for row in range(2)]
    assert sorted(said) == ["0 tracks, 3 copies of tracks in the library", "3 tracks"]
    qtbot.mouseClick(window.shell.messages.action, Qt.MouseButton.LeftButton)
    assert window.copies.isVisible()
    shown = window.copies.model
    assert [shown.index(row, 0).data() for row in range(shown.rowCount())] == ["300.wav", "400.wav", "500.wav"]
    assert shown.index(0, 2).data() == str(originals / "300.wav")
    window.copies.close()


def test_what_is_known_at_the_start_is_no_news(
    qapp: QApplication, home: Home, database: Database, originals: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    shutil.copytree(originals, tmp_path / "again")
    take_in(database, originals, tmp_path / "again")
    made = compose(qapp, home, theme="light", settings=Settings(database_uri=database.uri, watch_folders=False))
    made.window.show()
    begin(made)
    qtbot.waitUntil(lambda: len(made.services.library.copies.all) == 3, timeout=20_000)
    assert made.window.shell.messages.text == ""
    made.window.shell.actions.copies.trigger()
    assert made.window.copies.model.rowCount() == 3
    made.window.copies.close()
    made.window.close()
    made.shutdown()
