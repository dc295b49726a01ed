"""The music map in the real window, with a real model: what is played, queued and lit, and why there is no map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from indexer.core.discover.near_words import near_sentence
from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.store import FeatureRecord
from indexer.core.tracks import Track, TrackId, TrackState
from musicplayer.app import Application
from musicplayer.ui.map.map_page import MapPage
from tests.gui.map_hand import around, at_once, drag, grid, hover, on_the_map, spot
from tests.unit.discover.small_model import KEY, write_small_model


def features_of(number: int) -> NDArray[np.float32]:
    """On an arc: numbers that follow each other sound alike, and are far enough apart to be different recordings."""
    angle = 0.09 * number
    return np.array([[np.cos(angle), np.sin(angle), 0.1]] * 3, np.float32)


@pytest.fixture
def stocked(segue: Application, tracks: list[Track]) -> list[Track]:
    library = segue.services.library
    named = on_the_map(tracks)
    library.changed.emit(library.catalogue.upsert(named))
    return named


@pytest.fixture
def page(segue: Application, home: Home, qtbot: QtBot, stocked: list[Track]) -> MapPage:
    write_small_model(home, {track.id: features_of(n) for n, track in enumerate(stocked)}, layout=grid(len(stocked)))
    shown = opened(segue)
    qtbot.waitUntil(lambda: shown.has_map, timeout=20_000)
    QApplication.processEvents()
    return shown


def opened(segue: Application) -> MapPage:
    shown: MapPage = segue.window.extras.map.page
    at_once(shown.canvas)
    segue.window.resize(1300, 800)
    segue.window.shell.places.go("map")
    segue.services.similar.start()
    return shown


def test_a_click_plays_and_keeps_the_queue(segue: Application, page: MapPage, stocked: list[Track]) -> None:
    player = segue.services.player
    player.enqueue([stocked[0].id])
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=spot(page.canvas, 13, 2, 2))
    assert player.current == stocked[13].id
    assert stocked[0].id in [item.track for item in player.queue.items]
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=spot(page.canvas, 13, 45, 45))
    assert player.current == stocked[13].id, "a click beside all tracks plays nothing"


def test_a_lasso_is_queued(segue: Application, page: MapPage, stocked: list[Track]) -> None:
    drag(page.canvas, around(page.canvas, [7, 8, 13, 14]), Qt.KeyboardModifier.ShiftModifier)
    assert page.enclosed.tolist() == [7, 8, 13, 14]
    assert page.bar.isVisible()
    assert page.bar.count.text() == "4 tracks"
    page.bar.queue.click()
    queued = [item.track for item in segue.services.player.queue.items]
    assert sorted(queued) == [stocked[number].id for number in (7, 8, 13, 14)]
    assert segue.services.player.current is None
    page.bar.play.click()
    assert segue.services.player.current in queued
    page.bar.dismiss.click()
    assert not page.bar.isVisible()
    assert not len(page.enclosed)


def test_the_playing_track_and_what_sounds_like_it_are_lit(
    segue: Application, page: MapPage, stocked: list[Track]
) -> None:
    segue.window.shell.commands.play([stocked[10].id])
    assert page.canvas.playing == 10
    answer = segue.services.similar.for_track(stocked[10].id, 14)
    assert page.canvas.neighbours.tolist() == [page.canvas.map.point_of(row.track) for row in answer.rows]
    assert len(page.canvas.neighbours)
    hover(page.canvas, int(page.canvas.neighbours[0]), 1, 1)
    assert near_sentence(answer.rows[0]).removesuffix(".") in page.card.about.whole_text
    assert page.tools.playing.isEnabled()


def test_a_track_has_the_menu_that_it_has_everywhere(page: MapPage, qtbot: QtBot) -> None:
    page.canvas.menu_requested.emit(5, QPoint(5, 5))
    menu = next(each for each in page.findChildren(QMenu) if each.isVisible())
    assert "Play next" in [action.text() for action in menu.actions()]
    menu.close()


def test_tracks_that_come_and_go_do_so_on_the_map(
    segue: Application, page: MapPage, stocked: list[Track], qtbot: QtBot
) -> None:
    library = segue.services.library
    gone = replace(stocked[4], state=TrackState.GONE)
    new = replace(stocked[4], id=TrackId("e" * 32), title="New")
    library.changed.emit(library.catalogue.upsert([gone, new]))
    version = int(KEY.partition(":")[2])
    segue.services.similar.add_features([FeatureRecord(new.id, SONIC.name, version, features_of(40))])
    qtbot.waitUntil(lambda: page.canvas.map.point_of(new.id) is not None)
    assert page.canvas.map.point_of(stocked[4].id) is None
    assert len(page.canvas.map) == 30


def test_nothing_is_read_before_the_page_is_shown(
    segue: Application, home: Home, stocked: list[Track], qtbot: QtBot
) -> None:
    places = np.zeros((len(stocked), 2), np.float32)
    write_small_model(home, {track.id: features_of(n) for n, track in enumerate(stocked)}, layout=places)
    with qtbot.waitSignal(segue.services.similar.changed, timeout=20_000):
        segue.services.similar.start()
    assert not segue.window.extras.map.page.has_map
    assert not len(segue.window.extras.map.page.canvas.map)


def test_a_model_without_a_picture_says_how_to_get_one(
    segue: Application, home: Home, stocked: list[Track], qtbot: QtBot
) -> None:
    write_small_model(home, {track.id: features_of(n) for n, track in enumerate(stocked)})
    page = opened(segue)
    qtbot.waitUntil(lambda: "no map yet" in page.page.text, timeout=20_000)
    assert "Rebuild" in page.page.text
    assert page.rebuild_button.isVisible()


def test_before_the_first_build_the_map_is_announced(segue: Application, stocked: list[Track], qtbot: QtBot) -> None:
    page = opened(segue)
    assert "Getting" in page.page.text
    qtbot.waitUntil(lambda: "No map yet" in page.page.text, timeout=20_000)
    segue.services.jobs.started.emit(object())
    segue.services.library.client.counts_changed.emit(LibraryCounts(30, 12, 0))
    qtbot.waitUntil(lambda: "on its way" in page.page.text)


def test_an_empty_library_is_told_what_the_map_will_be(segue: Application, qtbot: QtBot) -> None:
    page = opened(segue)
    segue.services.library.client.caught_up.emit(0)
    qtbot.waitUntil(lambda: "Nothing to map yet" in page.page.text, timeout=20_000)
