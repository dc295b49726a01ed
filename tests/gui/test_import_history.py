"""A listening history is imported from the window by the real indexer, into a real database."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.language import number
from indexer.core.plays import OWNER
from indexer.core.settings import Settings
from indexer.core.store import Database
from musicplayer.app import Application, compose
from musicplayer.playback.backend import AudioBackend
from musicplayer.ui.listening.import_control import ImportReport, report_lines
from tests.gui.conftest import track
from tests.histories import HEARD, listenbrainz


@pytest.mark.database
def test_an_export_is_imported_and_the_report_tells_what_is_missing(
    home: Home, database: Database, backend: AudioBackend, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    database.tracks.upsert([track(1, artist=HEARD[0].artist, title=HEARD[0].title, album=HEARD[0].album), track(2)])
    segue = compose(qapp, home, theme="light", backend=backend, settings=Settings(database_uri=database.uri))
    try:
        segue.window.show()
        segue.services.library.start()
        qtbot.waitUntil(lambda: len(segue.services.library.catalogue) == 2, timeout=20_000)
        export = tmp_path / "listens.jsonl"
        export.write_bytes(listenbrainz())
        assert segue.window.shell.actions.import_history in segue.window.menus["File"].actions()
        control = segue.window.extras.imports
        with qtbot.waitSignal(control.imported, timeout=60_000):
            control.start(str(export))
        qtbot.waitUntil(lambda: bool(reports(segue)))
        lines = {words: figure for figure, words in reports(segue)[0].lines}
        assert lines["found in 1 file"] == "3"
        assert lines["matched with your library"] == "1"
        assert sum(1 for _ in database.plays.of(OWNER)) == 3
        qtbot.waitUntil(lambda: segue.services.library.catalogue.plays_of(0) == 1, timeout=10_000)
        with qtbot.waitSignal(control.imported, timeout=60_000):
            control.start(str(tmp_path / "there is none.json"))
        assert "there is none.json" in segue.window.shell.messages.text
    finally:
        segue.window.close()
        segue.shutdown()
        segue.window.deleteLater()


def reports(segue: Application) -> list[ImportReport]:
    return segue.window.findChildren(ImportReport)


def test_the_report_tells_what_matters_and_the_rest_where_there_is_any() -> None:
    lines = report_lines({"files": 2, "kept": 1_000, "known": 234, "matched": 1_000, "missing": 234, "refused": 0})
    assert [figure for figure, _ in lines] == [number(1_234), number(1_000), "234"]
    assert "234 of them were there already" in lines[0][1]
    assert report_lines({"songs": 9, "songs_matched": 2})[-1] == ("2", "words of songs in your library")
    assert report_lines({"refused": 3})[-1] == ("3", "refused: lines that are no plays")
