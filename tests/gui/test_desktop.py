"""The window and the desktop around it: tray, closing, second starts, notices, media keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.desktop import notifications
from musicplayer.desktop.notifications import Notice, TrackNotices
from musicplayer.desktop.tray import Tray
from musicplayer.desktop.visit import Command, Visit
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.window.desktop_control import DesktopControl, add_media_keys
from musicplayer.ui.window.main_window import MainWindow
from tests.conftest import turn


@pytest.fixture
def desktop(window: MainWindow) -> DesktopControl:
    return window.extras.desktop


@pytest.fixture
def with_tray(segue: Application, desktop: DesktopControl) -> DesktopControl:
    """On a desktop with a tray, and Segue in it."""
    desktop.tray.has_place = lambda: True
    segue.services.preferences.set("tray", True)
    segue.services.preferences.set("close_to_tray", True)
    return desktop


def test_closing_hides_the_window_where_an_icon_brings_it_back(with_tray: DesktopControl, window: MainWindow) -> None:
    assert not window.close()
    assert window.isHidden()
    assert with_tray.tray.window_action.text() == "Show window"
    assert not QApplication.quitOnLastWindowClosed()
    with_tray.tray.window_action.trigger()
    assert window.isVisible()
    assert with_tray.tray.window_action.text() == "Hide window"
    assert QApplication.quitOnLastWindowClosed()


def test_closing_closes_where_nothing_would_bring_the_window_back(
    with_tray: DesktopControl, segue: Application
) -> None:
    assert with_tray.stays_in_tray()
    with_tray.tray.has_place = lambda: False
    assert not with_tray.stays_in_tray()
    with_tray.tray.has_place = lambda: True
    segue.services.preferences.set("tray", False)
    assert not with_tray.stays_in_tray()
    assert segue.window.close()


def test_quitting_ends_it_also_from_the_tray(with_tray: DesktopControl, window: MainWindow, qtbot: QtBot) -> None:
    window.close()
    with qtbot.waitSignal(window.shell.closing.begun):
        with_tray.tray.quit_requested.emit()


def test_the_menu_quits_whatever_closing_does(with_tray: DesktopControl, window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.shell.closing.begun):
        window.shell.actions.quit.trigger()


def test_tray_has_the_transport_and_says_what_plays(window: MainWindow, desktop: DesktopControl) -> None:
    actions = window.shell.actions
    tray = Tray(window.windowIcon(), [actions.play_pause, actions.next], has_place=lambda: True)
    assert not tray.is_there
    tray.set_wanted(True)
    assert tray.is_there
    assert [action.text() for action in tray.menu.actions() if action.text()] == [
        "Play", "Next", "Hide window", "Quit",
    ]  # fmt: skip
    tray.set_about("Song – Artist")
    assert tray.findChild(QSystemTrayIcon).toolTip() == "Song – Artist"
    tray.close()
    assert not tray.is_there


def test_a_second_start_brings_the_window_to_the_front_with_its_files(
    window: MainWindow, desktop: DesktopControl, qtbot: QtBot
) -> None:
    window.hide()
    with qtbot.waitSignal(window.shell.visitors.failed) as failed:
        desktop.receive(Visit(paths=("/nowhere/a\udcff.mp3",)))
    assert window.isVisible()
    assert failed.args is not None
    assert failed.args[0].startswith("There is no file or folder")


def test_a_second_start_can_steer_a_hidden_window(
    segue: Application, desktop: DesktopControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("toggle", "next", "previous", "stop"):
        monkeypatch.setattr(segue.services.player, name, lambda name=name: done.append(name))
    segue.window.hide()
    for command in (Command.PLAY_PAUSE, Command.NEXT, Command.PREVIOUS, Command.STOP):
        desktop.receive(Visit(command))
    assert done == ["toggle", "next", "previous", "stop"]
    assert segue.window.isHidden()


def test_media_keys_steer_the_player(player: Player, tracks: list[Track], qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    add_media_keys(window, player)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    player.enqueue(track.id for track in tracks)
    for key, reached in (
        (Qt.Key.Key_MediaTogglePlayPause, lambda: player.state is PlaybackState.PLAYING),
        (Qt.Key.Key_MediaNext, lambda: player.current == tracks[1].id),
        (Qt.Key.Key_MediaPause, lambda: player.state is PlaybackState.PAUSED),
        (Qt.Key.Key_MediaPrevious, lambda: player.current == tracks[0].id),
        (Qt.Key.Key_MediaPlay, lambda: player.state is PlaybackState.PLAYING),
        (Qt.Key.Key_MediaStop, lambda: player.state is PlaybackState.STOPPED),
    ):
        qtbot.keyClick(window, key)
        qtbot.waitUntil(reached)


@pytest.fixture
def told(player: Player, tracks: list[Track], monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Notice]]:
    """Makes the notices of a player; what they tell is in the list."""
    monkeypatch.setattr(notifications, "SETTLE_MS", 0)
    by_id = {track.id: track for track in tracks}

    def make(*, enabled: bool = True, looked_at: bool = False) -> list[Notice]:
        notices = TrackNotices(player, by_id.get, lambda: looked_at, player)
        notices.enabled = enabled
        heard: list[Notice] = []
        notices.told.connect(heard.append)
        return heard

    return make


def test_a_track_that_begins_is_told_once(
    told: Callable[..., list[Notice]], player: Player, tracks: list[Track], qtbot: QtBot
) -> None:
    heard = told()
    player.play_tracks([tracks[0].id, tracks[1].id])
    qtbot.waitUntil(lambda: len(heard) == 1)
    with qtbot.assertNotEmitted(player.track_changed, wait=20):
        player.pause()
        player.play()
    player.next()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert [notice.title for notice in heard] == ["Title 000", "Title 001"]
    assert heard[0].text == "Äther – Album 0"


@pytest.mark.parametrize("how", [{"enabled": False}, {"looked_at": True}])
def test_nothing_is_told_to_who_looks_or_does_not_want_it(
    told: Callable[..., list[Notice]], player: Player, tracks: list[Track], qtbot: QtBot, how: dict[str, bool]
) -> None:
    heard = told(**how)
    player.play_tracks([tracks[0].id])
    turn(qtbot)
    assert heard == []


def test_settings_take_effect_at_once(segue: Application, desktop: DesktopControl) -> None:
    preferences = segue.services.preferences
    desktop.tray.has_place = lambda: True
    assert not desktop.notices.enabled
    assert not desktop.tray.is_there
    preferences.set("notifications", True)
    preferences.set("tray", True)
    assert desktop.notices.enabled
    assert desktop.tray.is_there
    preferences.set("tray", False)
    assert not desktop.tray.is_there
