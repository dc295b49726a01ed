"""The page of the music map on a small map: what mouse and keys do, what is dimmed, what it says to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.map import MusicMap
from indexer.core.discover.map_colours import ColourBy
from indexer.core.tracks import Track
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_page import MOST_TAKEN, MapPage
from tests.gui.map_hand import around, at_once, drag, grid, hover, on_the_map, spot

PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stocked(catalogue: Catalogue, tracks: list[Track]) -> list[Track]:
    named = on_the_map(tracks)
    catalogue.upsert(named)
    return named


@pytest.fixture
def page(catalogue: Catalogue, stocked: list[Track], look: Look, qtbot: QtBot) -> Iterator[MapPage]:
    by_id = {track.id: track for track in stocked}
    made = MapPage(catalogue, by_id.get, look)
    qtbot.addWidget(made)
    at_once(made.canvas)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    made.show_map(MusicMap([track.id for track in stocked], grid(len(stocked)), np.arange(len(stocked))))
    yield made
    made.hide()


def test_every_track_of_the_model_has_its_place(page: MapPage, stocked: list[Track], theme: Theme) -> None:
    assert page.canvas.map.tracks == [track.id for track in stocked]
    assert page.tools.summary.text() == "30 tracks"
    picture = page.canvas.grab().toImage()
    ratio = picture.devicePixelRatio()
    for point in range(30):
        colour = picture.pixelColor((page.canvas.spot_of(point) * ratio).toPoint())
        assert colour != theme.colour("surface"), f"point {point} is painted"


def test_the_pointer_over_a_track_shows_its_card(page: MapPage, stocked: list[Track]) -> None:
    hover(page.canvas, 8, 5, 3)
    assert page.canvas.point == 8
    assert page.card.isVisible()
    assert page.card.title.whole_text == stocked[8].title
    assert page.card.artist.whole_text == stocked[8].artist
    assert "Folk" in page.card.about.whole_text
    assert stocked[8].title in page.canvas.accessibleDescription()
    assert not page.card.geometry().contains(spot(page.canvas, 8))
    hover(page.canvas, 8, 40, 0)
    assert not page.card.isVisible()


def test_no_more_than_a_queue_can_show_is_taken(page: MapPage) -> None:
    page.bar.show_count(4_312, MOST_TAKEN)
    assert page.bar.count.text() == "4,312 tracks, of which 1,000 are taken"


def test_the_wheel_comes_nearer_to_what_is_under_it(page: MapPage, qtbot: QtBot) -> None:
    before = spot(page.canvas, 9)
    page.canvas.zoom_by(2.0, QPointF(before))
    assert page.canvas.view.zoom == pytest.approx(2.0)
    assert (spot(page.canvas, 9) - before).manhattanLength() <= 2
    empty = spot(page.canvas, 9, 50, 50)
    QTest.mouseDClick(page.canvas, Qt.MouseButton.LeftButton, pos=empty)
    assert page.canvas.view.is_whole


def test_in_a_narrow_window_the_number_of_tracks_gives_way_to_the_field_until_one_searches(
    page: MapPage, qtbot: QtBot
) -> None:
    assert page.tools.summary.isVisible()
    page.resize(420, 500)
    qtbot.waitUntil(lambda: not page.tools.summary.isVisible())
    page.tools.search.setText("folk")
    qtbot.waitUntil(page.tools.summary.isVisible)


def test_a_search_dims_what_it_does_not_find(page: MapPage, qtbot: QtBot) -> None:
    page.tools.search.setText("year<2000 -genre:folk")
    qtbot.waitUntil(lambda: page.canvas.lit is not None)
    expected = [n for n in range(30) if 1990 + n < 2000 and n % 3 != 2]
    assert np.flatnonzero(page.canvas.lit).tolist() == expected
    assert page.tools.summary.text() == f"{len(expected)} tracks of 30"
    hover(page.canvas, 20, 1, 1)
    assert page.canvas.point == -1, "what is dimmed is not in the way"
    page.canvas.enclose([QPointF(each) for each in around(page.canvas, [0, 29])])
    assert page.enclosed.tolist() == expected
    page.tools.search.setText('"open')
    qtbot.waitUntil(lambda: "quotation" in page.tools.summary.text())
    page.tools.search.clear()
    qtbot.waitUntil(lambda: page.canvas.lit is None)


def test_the_legend_lights_a_genre(page: MapPage) -> None:
    assert [(entry.entry.label, entry.entry.count) for entry in page.legend.entries] == [
        ("Jazz", 10),
        ("Rock", 10),
        ("Folk", 10),
    ]
    page.legend.entries[1].click()
    assert np.flatnonzero(page.canvas.lit).tolist() == list(range(1, 30, 3))
    page.legend.all.click()
    assert page.canvas.lit is None
    page.tools.colours[ColourBy.YEAR].trigger()
    assert {entry.entry.label for entry in page.legend.entries} == {"1990s", "2000s", "2010s"}
    assert "Year" in page.tools.colour.text()


def test_everything_on_the_page_has_a_name(page: MapPage) -> None:
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled() and widget.isVisible():
            assert widget.accessibleName(), widget


def test_a_drag_moves_the_map_and_plays_nothing(page: MapPage, qtbot: QtBot) -> None:
    before = spot(page.canvas, 14)
    with qtbot.assertNotEmitted(page.play_requested):
        drag(page.canvas, [before + QPoint(step, step) for step in (0, 10, 20, 30)], PLAIN)
    moved = spot(page.canvas, 14) - before
    assert abs(moved.x() - 30) <= 1
    assert abs(moved.y() - 30) <= 1
    assert page.canvas.view.zoom == 1.0


def test_the_lasso_button_lets_a_plain_drag_draw(page: MapPage) -> None:
    page.tools.lasso.click()
    before = page.canvas.view
    drag(page.canvas, around(page.canvas, [0, 1]), PLAIN)
    assert page.enclosed.tolist() == [0, 1]
    assert page.canvas.view == before
    QTest.keyClick(page.canvas, Qt.Key.Key_Escape)
    assert not page.bar.isVisible()


def test_a_lasso_around_nothing_leaves_no_bar(page: MapPage) -> None:
    drag(page.canvas, around(page.canvas, [8]), SHIFT)
    assert page.bar.isVisible()
    corner = QPoint(4, 4)
    drag(page.canvas, [corner, corner + QPoint(20, 0), corner + QPoint(20, 20), corner + QPoint(0, 20)], SHIFT)
    assert not page.bar.isVisible()
    assert page.taken() == []


def test_the_whole_map_can_be_walked_by_keys(page: MapPage, stocked: list[Track], qtbot: QtBot) -> None:
    canvas = page.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    page.show_playing(stocked[14].id, {stocked[3].id: "1st nearest of 29.", stocked[27].id: ""})
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.point == 14, "the first step is to what plays"
    for key, point in ((Qt.Key.Key_Right, 15), (Qt.Key.Key_Down, 21), (Qt.Key.Key_Left, 20), (Qt.Key.Key_Up, 14)):
        QTest.keyClick(canvas, key)
        assert canvas.point == point
    for point in (3, 27, 3):
        QTest.keyClick(canvas, Qt.Key.Key_N)
        assert canvas.point == point
    with qtbot.waitSignal(page.play_requested) as played:
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert played.args == [[stocked[3].id]]
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.zoom > 1.2
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.view.is_whole


def test_a_screen_reader_hears_what_is_pointed_at(page: MapPage, stocked: list[Track]) -> None:
    heard = QAccessible.queryAccessibleInterface(page.canvas)
    assert heard.text(QAccessible.Text.Name) == "Music map"
    assert "Arrows" in heard.text(QAccessible.Text.Description)
    page.canvas.point_at(6)
    assert stocked[6].title in heard.text(QAccessible.Text.Description)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_map_follows_the_theme(page: MapPage, theme: Theme, mode: str) -> None:
    theme.set_mode(mode)
    corner = page.canvas.grab().toImage().pixelColor(3, 3)
    assert corner == theme.colour("surface")
