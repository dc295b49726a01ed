"""The seek bar with a waveform: the same slider as without, and where it is clicked it goes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from musicplayer.app import Application
from musicplayer.library.waveforms import TrackSound
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.transport.waveform_bar import HEIGHT, WaveformBar, outline
from tests.gui.conftest import track


def waveform(points: int = 800) -> NDArray[np.uint8]:
    """Soft in the first half, loud in the second."""
    peaks = np.repeat([80, 250], points // 2).astype(np.uint8)
    return np.stack((peaks, peaks // 2), axis=1)


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> Iterator[WaveformBar]:
    made = WaveformBar(theme)
    qtbot.addWidget(made)
    made.resize(408, HEIGHT)
    made.set_duration(200.0)
    made.set_waveform(waveform())
    made.show()
    qtbot.waitExposed(made)
    return made


def picture(bar: WaveformBar) -> QImage:
    return bar.grab().toImage()


def coloured(image: QImage, x: int, colour: QColor) -> int:
    """Pixels of a column that are of a colour."""
    return sum(image.pixelColor(x, y).name() == colour.name() for y in range(image.height()))


def heard(bar: WaveformBar) -> list[float]:
    places: list[float] = []
    bar.seek_requested.connect(places.append)
    return places


def test_a_click_goes_to_that_place(qtbot: QtBot, bar: WaveformBar) -> None:
    places = heard(bar)
    for x in (0, 104, 204, 407):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert places == pytest.approx([0.0, 50.0, 100.0, 200.0])


def test_dragging_scrubs_and_seeks_once_when_let_go(qtbot: QtBot, bar: WaveformBar) -> None:
    places, scrubbed = heard(bar), []
    bar.scrubbed.connect(scrubbed.append)
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(104, 10))
    assert bar.isSliderDown()
    qtbot.mouseMove(bar, QPoint(304, 10))
    bar.set_position(10.0)
    assert scrubbed[-1] == pytest.approx(150.0)
    assert places == []
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(304, 10))
    assert places == pytest.approx([150.0])
    assert not bar.isSliderDown()


def turn(widget: QWidget, notches: float, *, place: QPoint | None = None) -> None:
    """A wheel over the middle of a widget, as the window system tells of it."""
    at = QPointF(place or widget.rect().center())
    event = QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("drawn", [True, False])
def test_the_wheel_moves_the_music_and_not_only_the_marker(qtbot: QtBot, bar: WaveformBar, drawn: bool) -> None:
    if not drawn:
        bar.set_waveform(None)
    places = heard(bar)
    bar.set_position(100.0)
    for notches in (1, 1, 0.5, -0.25):  # the last two as a touchpad turns
        turn(bar, notches)
    bar.set_position(100.25)  # the player goes on meanwhile
    assert bar.value() == pytest.approx(111_250, abs=20)
    qtbot.waitUntil(lambda: places != [])
    assert places == pytest.approx([111.25], abs=0.02)
    bar.set_position(112.0)
    assert bar.value() == 112_000


def test_a_wheel_that_turned_for_the_track_before_does_nothing_to_the_next(qtbot: QtBot, bar: WaveformBar) -> None:
    turn(bar, 3)
    with qtbot.assertNotEmitted(bar.seek_requested, wait=300):
        bar.forget_turn()
        bar.set_position(0.0)


def test_the_right_button_does_nothing(qtbot: QtBot, bar: WaveformBar) -> None:
    places = heard(bar)
    qtbot.mouseClick(bar, Qt.MouseButton.RightButton, pos=QPoint(204, 10))
    assert places == []


def test_keys_seek(qtbot: QtBot, bar: WaveformBar) -> None:
    places = heard(bar)
    bar.set_position(100.0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        qtbot.keyClick(bar, key)
    assert places == pytest.approx([105.0, 100.0, 115.0, 0.0])


def test_what_was_played_is_in_the_accent_colour(bar: WaveformBar, theme: Theme) -> None:
    bar.set_position(100.0)
    image = picture(bar)
    accent, edge = theme.colour("accent"), theme.colour("edge")
    assert coloured(image, 50, accent) > 0
    assert coloured(image, 50, edge) == 0
    assert coloured(image, 350, edge) > 0
    assert coloured(image, 350, accent) == 0
    theme.set_mode("dark")
    assert coloured(picture(bar), 50, theme.colour("accent")) > 0
    theme.set_mode("light")


def test_loud_is_higher_than_soft(bar: WaveformBar, theme: Theme) -> None:
    image = picture(bar)
    edge = theme.colour("edge")
    assert coloured(image, 350, edge) > 2 * coloured(image, 100, edge) > 0


def test_from_right_to_left_it_is_mirrored(qtbot: QtBot, bar: WaveformBar, theme: Theme) -> None:
    bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    bar.set_position(50.0)
    assert coloured(picture(bar), 390, theme.colour("accent")) > 0
    places = heard(bar)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(104, 10))
    assert places == pytest.approx([150.0])


def test_playing_repaints_a_strip_and_not_the_bar(qtbot: QtBot, theme: Theme) -> None:
    painted: list[int] = []

    class Watched(WaveformBar):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
            painted.append(event.rect().width())
            super().paintEvent(event)

    watched = Watched(theme)
    qtbot.addWidget(watched)
    watched.resize(408, HEIGHT)
    watched.set_duration(200.0)
    watched.set_waveform(waveform())
    watched.show()
    qtbot.waitExposed(watched)
    qtbot.waitUntil(lambda: bool(painted))
    painted.clear()
    watched.set_position(1.0)
    qtbot.waitUntil(lambda: bool(painted))
    assert max(painted) < 20


def test_without_a_waveform_it_is_a_plain_slider_that_works(qtbot: QtBot, bar: WaveformBar, theme: Theme) -> None:
    bar.set_waveform(None)
    assert not bar.has_waveform
    places = heard(bar)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(204, HEIGHT // 2))
    assert places == [pytest.approx(100.0, abs=2.0)]
    assert bar.isEnabled()
    bar.set_duration(0.0)
    assert not bar.isEnabled()


def test_assistive_programs_see_a_slider_that_says_where_it_is(bar: WaveformBar) -> None:
    bar.set_position(83.4)
    assert QAccessible.queryAccessibleInterface(bar).role() == QAccessible.Role.Slider
    assert bar.accessibleName() == "Position in the track"
    assert bar.accessibleDescription() == "1:23 of 3:20"


def test_leaving_takes_the_line_under_the_pointer_away(bar: WaveformBar) -> None:
    before = picture(bar)
    none, at = Qt.MouseButton.NoButton, QPointF(250, 10)
    event = QMouseEvent(QEvent.Type.MouseMove, at, bar.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bar, event)
    assert picture(bar) != before
    bar.leaveEvent(QEvent(QEvent.Type.Leave))
    assert picture(bar) == before


@pytest.mark.parametrize("columns", [2, 100, 800, 1_700])
def test_the_outline_fits_any_width(columns: int) -> None:
    shape = outline(waveform(), columns)
    assert shape.peaks.shape == shape.body.shape == (columns,)
    assert shape.peaks.max() == pytest.approx(1.0, abs=0.02)
    assert (shape.body <= shape.peaks).all()
    assert shape.peaks[0] < shape.peaks[-1]


def test_a_beat_is_kept_where_columns_are_few_and_silence_is_flat() -> None:
    beat = np.full((800, 2), 60, np.uint8)
    beat[100:120] = 200
    assert outline(beat, 10).peaks[1] == pytest.approx(1.0)
    assert not outline(np.zeros((800, 2), np.uint8), 50).peaks.any()


def test_the_window_shows_the_waveform_of_the_track_that_plays(segue: Application) -> None:
    services, seek = segue.services, segue.window.transport.seek
    assert isinstance(seek, WaveformBar)
    services.library.catalogue.upsert([track(1), track(2)])
    services.player.play_tracks([track(1).id])
    assert not seek.has_waveform
    seek.set_duration(100.0)
    services.sounds.arrived.emit(track(2).id, TrackSound(track(2).id, waveform(), -20.0, 0.5))
    assert not seek.has_waveform
    services.sounds.arrived.emit(track(1).id, TrackSound(track(1).id, waveform(), -20.0, 0.5))
    assert seek.has_waveform
    services.player.clear()
    services.player.stop()
