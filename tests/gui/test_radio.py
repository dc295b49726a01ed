"""The radio in the window: started from anywhere, seen while it is on, off with one click."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.discover.more_like import SimilarState
from indexer.core.home import Home
from indexer.core.plays import PlaySource
from indexer.core.settings import Settings
from indexer.core.tracks import Track, TrackId
from musicplayer.app import Application, compose
from musicplayer.discover.radio import AHEAD
from musicplayer.ui.queue.radio_control import RadioControl
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import track
from tests.unit.discover.small_model import write_small_model

COUNT = 30


def id_of(number: int) -> TrackId:
    return track(number).id


@pytest.fixture
def model(home: Home) -> None:
    """Thirty tracks on a quarter circle."""
    angles = np.arange(COUNT) / COUNT * np.pi / 2
    points = np.stack([np.cos(angles), np.sin(angles), np.full(COUNT, 0.1)], axis=1).astype(np.float32)
    write_small_model(home, {id_of(number): np.repeat(points[[number]], 3, axis=0) for number in range(COUNT)})


@pytest.fixture
def heard(model: None, segue: Application, qtbot: QtBot) -> MainWindow:
    """The window with its model loaded, and no sound."""
    services = segue.services
    fresh: list[Track] = [track(number, artist=f"Artist {number}", album="") for number in range(COUNT)]
    services.library.catalogue.upsert(fresh)
    with qtbot.waitSignal(services.similar.changed, timeout=60_000):
        services.similar.reload()
    assert services.similar.for_track(id_of(0), 3).state is SimilarState.READY
    return segue.window


def control(window: MainWindow) -> RadioControl:
    return window.extras.radio


def sources(segue: Application) -> list[str]:
    return [item.origin.source for item in segue.services.player.queue.items]


def test_start_radio_from_here_plays_it_and_keeps_five_ahead(
    heard: MainWindow, qtbot: QtBot, segue: Application
) -> None:
    menu = heard.shell.commands.menu([id_of(3)], heard)
    next(action for action in menu.actions() if action.text() == "Start radio from here").trigger()
    player = segue.services.player
    assert player.current == id_of(3)
    qtbot.waitUntil(lambda: sources(segue) == [PlaySource.UNKNOWN, *[PlaySource.RADIO] * AHEAD])
    assert "Title 003" in control(heard).chip.said
    assert "Artist 3" in control(heard).chip.said
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert([track(3, artist="", album="")]))
    assert " by " not in control(heard).chip.said, "of an artist that nobody knows nothing is said"


def test_the_chip_is_there_while_it_is_on_and_one_click_ends_it(
    heard: MainWindow, qtbot: QtBot, segue: Application
) -> None:
    chip = control(heard).chip
    assert not chip.isVisible()
    control(heard).start([id_of(3)])
    assert chip.isVisible()
    assert heard.shell.actions.radio.isChecked()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert not chip.isVisible()
    assert not heard.shell.actions.radio.isChecked()
    assert not segue.services.radio.is_on


def test_without_the_queue_a_lamp_in_the_bar_shows_and_ends_it(
    heard: MainWindow, qtbot: QtBot, segue: Application
) -> None:
    control(heard).start([id_of(3)])
    lamp = control(heard).lamp
    assert not lamp.isVisible()
    heard.queue.hide()
    qtbot.waitUntil(lamp.isVisible)
    qtbot.mouseClick(lamp, Qt.MouseButton.LeftButton)
    assert not segue.services.radio.is_on
    assert not lamp.isVisible()


def test_the_menu_starts_it_from_what_plays_and_stops_it(heard: MainWindow, segue: Application) -> None:
    action, radio = heard.shell.actions.radio, segue.services.radio
    assert not action.isEnabled()
    segue.services.player.play_tracks([id_of(5)])
    action.trigger()
    assert radio.seeds == (id_of(5),)
    action.trigger()
    assert not radio.is_on


def test_the_panels_button_starts_it_from_its_seeds(heard: MainWindow, segue: Application) -> None:
    heard.similar.radio_requested.emit([id_of(4), id_of(9)])
    assert segue.services.radio.seeds == (id_of(4), id_of(9))
    assert segue.services.player.current == id_of(4)
    assert "1 more" in control(heard).chip.said


def test_what_is_still_in_the_queue_comes_first_and_can_be_taken_out(
    heard: MainWindow, qtbot: QtBot, segue: Application
) -> None:
    player = segue.services.player
    player.play_tracks([id_of(number) for number in range(10, 18)])
    control(heard).toggle(on=True)
    assert "7 tracks" in heard.shell.messages.text
    assert "7 tracks of yours" in control(heard).chip.said
    qtbot.mouseClick(heard.shell.messages.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sources(segue) == [PlaySource.UNKNOWN, *[PlaySource.RADIO] * AHEAD])
    assert player.current == id_of(10)
    assert player.undo()
    assert [item.track for item in player.queue.items[:8]] == [id_of(number) for number in range(10, 18)]


def test_toggling_does_not_start_the_sound(heard: MainWindow, segue: Application) -> None:
    player = segue.services.player
    player.play_tracks([id_of(5)])
    player.pause()
    control(heard).toggle(on=True)
    assert player.state.value == "paused"


def test_where_the_music_has_ended_it_plays(heard: MainWindow, segue: Application) -> None:
    player = segue.services.player
    player.play_tracks([id_of(5)])
    player.stop()
    control(heard).toggle(on=True)
    assert (player.state.value, player.current) == ("playing", id_of(5))


def test_with_an_empty_queue_it_plays_what_it_starts_from_and_no_list(
    heard: MainWindow, segue: Application, qtbot: QtBot
) -> None:
    player = segue.services.player
    player.play_tracks([id_of(5)])
    player.stop()
    player.clear()
    heard.library.table.selectRow(3)
    control(heard).toggle(on=True)
    qtbot.waitUntil(lambda: sources(segue) == [PlaySource.UNKNOWN, *[PlaySource.RADIO] * AHEAD])
    assert (player.state.value, player.current) == ("playing", id_of(5))


def test_a_track_that_was_not_analysed_is_no_start_and_says_why(heard: MainWindow, segue: Application) -> None:
    segue.services.library.catalogue.upsert([track(99)])
    control(heard).start([id_of(99)])
    assert not segue.services.radio.is_on
    assert "analysed" in heard.shell.messages.text
    assert segue.services.player.current is None


def test_without_a_model_it_says_what_to_do(segue: Application, qtbot: QtBot) -> None:
    services = segue.services
    services.library.catalogue.upsert([track(1)])
    with qtbot.waitSignal(services.similar.changed, timeout=60_000):
        services.similar.reload()
    segue.window.extras.radio.start([id_of(1)])
    assert segue.window.shell.messages.text
    assert not services.radio.is_on


def test_it_is_kept_for_the_next_start(heard: MainWindow, segue: Application) -> None:
    settings = segue.services.preferences.settings
    control(heard).start([id_of(3)])
    assert settings.radio == [id_of(3)]
    segue.services.radio.stop()
    assert settings.radio == []


def test_it_takes_up_where_it_was(home: Home, qapp: QApplication, qtbot: QtBot) -> None:
    settings = Settings.load(home)
    settings.radio = [id_of(3)]
    settings.save(home)
    made = compose(qapp, home, theme="light")
    try:
        assert made.services.radio.seeds == (id_of(3),)
    finally:
        made.window.close()
        made.shutdown()
        made.window.deleteLater()
