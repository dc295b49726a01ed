"""The place Listening on a real database: it fills as one plays, and gives away and forgets what is kept."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from indexer.core.plays import OWNER, Opinion, Thumb
from indexer.core.store import Database
from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.ui.listening.listening_page import ListeningPage
from tests.gui.conftest import track
from tests.plays import play_of

pytestmark = pytest.mark.database
DAY = 86_400


@pytest.fixture
def page(segue: Application, database: Database, qtbot: QtBot, tracks: list[Track]) -> ListeningPage:
    """The page, shown, on a real database in which nothing was played."""
    database.tracks.upsert(tracks)
    segue.services.library.move_to(database.uri)
    qtbot.waitUntil(lambda: len(segue.services.library.catalogue) == len(tracks), timeout=20_000)
    segue.window.shell.places.go("listening")
    return segue.window.extras.listening.page


def test_it_says_that_it_fills_and_does_after_a_play(page: ListeningPage, segue: Application, qtbot: QtBot) -> None:
    assert page.currentWidget() is page.empty
    assert "fills as you play" in page.empty.text
    segue.services.library.client.record_play(play_of(track(3).id))
    qtbot.waitUntil(lambda: page.currentWidget() is not page.empty, timeout=10_000)
    assert page.days.reading == "1 play"
    assert "Äther" in page.artists.plot.reading
    page.days.setFocus()
    qtbot.keyClick(page.days, Qt.Key.Key_Left)
    assert page.days.reading.endswith(": 1 play"), "today, read by the keyboard"
    qtbot.keyClick(page.days, Qt.Key.Key_Left)
    assert page.days.reading.endswith(": 0 plays")
    assert page.days.accessibleDescription() == page.days.reading


def test_another_span_has_other_bars(page: ListeningPage, database: Database, qtbot: QtBot) -> None:
    now = time.time()
    database.plays.add([play_of(track(number).id, now - number * 20 * DAY) for number in range(6)])
    page.shown.emit()
    qtbot.waitUntil(lambda: page.days.reading == "2 plays", timeout=10_000)
    page.spans.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.days.reading == "6 plays", timeout=10_000)


def test_the_figures_leave_no_hole(page: ListeningPage, segue: Application, qtbot: QtBot) -> None:
    segue.services.library.client.record_play(play_of(track(3).id))
    qtbot.waitUntil(lambda: page.currentWidget() is not page.empty, timeout=10_000)
    *others, last = page.figures
    for width in (900, 1240):
        segue.window.resize(width, 780)
        segue.window.show()
        qtbot.waitUntil(lambda: last.y() > others[0].y())
        qtbot.waitUntil(lambda: last.geometry().right() == max(figure.geometry().right() for figure in others))


def test_what_is_kept_is_exported_and_erased_after_a_question(
    page: ListeningPage, segue: Application, database: Database, qtbot: QtBot, tmp_path: Path
) -> None:
    database.plays.add([play_of(track(1).id), play_of(track(2).id, finished=False)])
    database.opinions.save([Opinion(track(1).id, thumb=Thumb.UP, at=1.0)])
    page.shown.emit()
    qtbot.waitUntil(lambda: "2 plays" in page.kept.text(), timeout=10_000)
    control, file = segue.window.extras.listening, tmp_path / "mine.jsonl"
    control.export(str(file))
    qtbot.waitUntil(lambda: "3 records" in segue.window.shell.messages.text, timeout=10_000)
    kinds = [json.loads(line)["kind"] for line in file.read_text(encoding="ascii").splitlines()]
    assert sorted(kinds) == ["opinion", "play", "play"]
    control.export(str(file / "inside a file.jsonl"))
    qtbot.waitUntil(lambda: "could not be written" in segue.window.shell.messages.text, timeout=10_000)
    segue.services.preferences.set("sharing", True)
    segue.services.sharing.take(play_of(track(1).id), track(1))
    assert segue.services.sharing.waiting == 1
    question = control.ask_erase()
    assert list(database.plays.of(OWNER)), "nothing goes without a yes"
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.currentWidget() is page.empty, timeout=10_000)
    assert list(database.plays.of(OWNER)) == []
    assert database.opinions.of() == {}
    assert segue.services.library.catalogue.plays_of(1) == 0
    assert not segue.services.opinions.all()
    assert segue.services.sharing.waiting == 0


@pytest.mark.parametrize("width", [460, 1_400])
def test_every_part_is_seen_at_any_width(page: ListeningPage, database: Database, qtbot: QtBot, width: int) -> None:
    database.plays.add([play_of(track(1).id)])
    page.shown.emit()
    qtbot.waitUntil(lambda: page.currentWidget() is not page.empty, timeout=10_000)
    page.resize(width, 500)
    for part in (page.days, page.hours, page.artists, page.genres, page.export_button, page.erase_button):
        right = part.mapTo(page, part.rect().topRight()).x()
        assert part.width() > 60
        assert right <= page.width()
