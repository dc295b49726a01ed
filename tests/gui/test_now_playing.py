"""The view of what plays, the links of the bar and the mini player, in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from indexer.core.plays import PlayContext, PlaySource
from indexer.core.tags.sung import Lyrics
from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.ui.playing.playing_control import PlayingControl
from musicplayer.ui.window.main_window import MainWindow

from .conftest import track

LRC = "".join(f"[00:{second:02}.00]line {second}\n" for second in range(0, 58, 2))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def music(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    soundfile.write(path, np.zeros(2_205, np.float32), 22_050)
    return path


@pytest.fixture
def shown(segue: Application, tracks: list[Track], music: Path) -> Iterator[Track]:
    """The first track, which plays, lies on disk; four more come after it."""
    first = track(0, path=str(music), root=str(music.parent), title="A title " * 30)
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert([first, *tracks[1:]]))
    segue.services.player.play_tracks([first.id, *(each.id for each in tracks[1:5])])
    yield first
    segue.services.player.stop()


@pytest.fixture
def view(segue: Application) -> PlayingControl:
    return segue.window.extras.playing


def test_the_view_comes_by_key_and_goes_by_escape_with_all_that_was_there(
    window: MainWindow, shown: Track, view: PlayingControl, qtbot: QtBot
) -> None:
    actions, places = window.shell.actions, window.shell.places
    actions.now_playing.trigger()
    assert view.is_open
    assert view.page.title.whole_text == shown.title
    assert not window.similar.isVisible()
    assert not window.queue.isVisible()
    assert not places.sidebar.isVisible()
    assert not window.side.isVisible(), "its foot goes with it"
    assert not window.transport.cover.isVisible()
    assert window.transport.seek.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not view.is_open
    for part in (window.similar, window.queue, places.sidebar, window.transport.cover):
        assert part.isVisible()
    assert not actions.now_playing.isChecked()


def test_going_anywhere_leaves_it(window: MainWindow, shown: Track, view: PlayingControl) -> None:
    for leave in (window.shell.actions.search, window.shell.actions.show_playing, window.shell.actions.focus_sidebar):
        view.open()
        leave.trigger()
        assert not view.is_open
    view.open()
    window.shell.places.go("albums")
    assert not view.is_open


def test_full_screen_has_neither_menu_nor_side_bar_and_escape_goes_back_one_step(
    window: MainWindow, shown: Track, view: PlayingControl, qtbot: QtBot
) -> None:
    window.shell.actions.full_screen.trigger()
    assert view.is_open
    assert view.is_full
    assert not window.menuBar().isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert (view.is_open, view.is_full) == (True, False)
    assert window.menuBar().isVisible()
    window.shell.actions.full_screen.trigger()
    window.shell.places.go("albums")
    assert not view.is_full


def test_what_is_remembered_of_the_window_is_how_it_is_without_the_view(
    window: MainWindow, segue: Application, view: PlayingControl
) -> None:
    view.open()
    window.close()
    assert not view.is_open
    assert not window.similar.isHidden()


def test_lyrics_beside_the_music_follow_it_and_a_click_goes_to_a_line(
    window: MainWindow, segue: Application, shown: Track, view: PlayingControl, music: Path, qtbot: QtBot
) -> None:
    music.with_suffix(".lrc").write_text(LRC, "utf-8")
    lyrics = view.page.lyrics
    with qtbot.waitSignal(view.lyrics.arrived):
        view.open()
    assert lyrics.line == 0
    segue.services.player.position_changed.emit(41.0)
    assert lyrics.line == 20
    place = lyrics.visualRect(lyrics.model().index(20, 0)).center().y()
    assert abs(place - lyrics.viewport().height() / 2) < lyrics.viewport().height() / 4
    spot = lyrics.visualRect(lyrics.model().index(19, 0)).center()
    with qtbot.waitSignal(lyrics.seek_requested) as asked:
        qtbot.mouseClick(lyrics.viewport(), LEFT, pos=spot)
    assert asked.args == [38.0]
    assert segue.services.player.position() == 38.0


def test_a_track_without_lyrics_says_so_and_how_to_add_some(shown: Track, view: PlayingControl, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.lyrics.arrived):
        view.open()
    assert "No lyrics are known" in view.page.notice
    assert ".lrc" in view.page.notice


def test_text_without_times_is_read_from_the_top(shown: Track, view: PlayingControl) -> None:
    view.open()
    view.page.show_words(Lyrics(("one", "", "two")), "")
    view.page.lyrics.follow(50.0)
    assert view.page.lyrics.line is None
    assert view.page.notice == ""


def test_what_comes_next_is_listed_and_a_double_click_goes_on_with_it(
    segue: Application, shown: Track, view: PlayingControl, tracks: list[Track]
) -> None:
    view.open()
    rows = view.page.coming.rows
    assert rows.tracks_at(range(rows.rowCount())) == [each.id for each in tracks[1:5]]
    view.page.coming.activated_row.emit(1)
    assert segue.services.player.current == tracks[2].id
    assert view.page.title.whole_text == tracks[2].title
    assert rows.rowCount() == 2


def test_why_the_radio_chose_a_track_is_said(
    segue: Application, shown: Track, view: PlayingControl, tracks: list[Track]
) -> None:
    view.open()
    assert not view.page.why.isVisible()
    segue.services.player.play_tracks([tracks[5].id], 0, PlayContext(PlaySource.RADIO, seed=tracks[3].id))
    assert tracks[3].title in view.page.why.text()
    assert view.page.why.isVisible()


def test_nothing_playing_is_shown_calmly(window: MainWindow, view: PlayingControl) -> None:
    view.open()
    assert view.page.title.whole_text == "Nothing is playing"
    assert view.page.why.text() == ""


def test_names_in_the_bar_lead_to_their_pages(window: MainWindow, shown: Track, qtbot: QtBot) -> None:
    places, bar = window.shell.places, window.transport
    artist, album = (link for link in bar.artist.links)
    qtbot.mouseClick(artist, LEFT)
    assert places.current_place == "artists"
    qtbot.mouseClick(bar.cover, LEFT)
    assert places.current_place == "albums"
    places.go("tracks")
    qtbot.mouseClick(album, LEFT)
    assert places.current_place == "albums"


def test_a_long_album_leaves_a_short_artist_whole(segue: Application, window: MainWindow, tracks: list[Track]) -> None:
    long = track(0, album="An album of a very long name " * 5)
    segue.services.library.changed.emit(segue.services.library.catalogue.upsert([long, *tracks[1:]]))
    segue.services.player.play_tracks([long.id])
    window.resize(900, 600)
    artist, album = window.transport.artist.links
    assert artist.text() == artist.whole_text
    assert album.text() != album.whole_text
    assert album.geometry().right() <= window.transport.artist.width()
    segue.services.player.stop()


def test_the_bar_has_the_menu_of_the_track(window: MainWindow, shown: Track, qtbot: QtBot) -> None:
    window.transport.menu_requested.emit(QPoint(5, 5))
    menus = [top for top in QApplication.topLevelWidgets() if isinstance(top, QMenu) and top.isVisible()]
    assert any("More like this" in [action.text() for action in menu.actions()] for menu in menus)
    for menu in menus:
        menu.close()


def test_long_names_do_not_widen_anything(window: MainWindow, shown: Track, view: PlayingControl) -> None:
    window.resize(900, 600)
    view.open()
    assert window.width() == 900
    assert view.page.title.width() < 450


def test_the_mini_player_takes_the_place_of_the_window_and_gives_it_back(
    window: MainWindow, segue: Application, shown: Track, tracks: list[Track], qtbot: QtBot
) -> None:
    control = window.extras.mini
    window.shell.actions.mini_player.trigger()
    mini = control.player
    assert (mini.isVisible(), window.isVisible()) == (True, False)
    assert mini.title.whole_text == shown.title
    qtbot.mouseClick(mini.next, LEFT)
    assert segue.services.player.current == tracks[1].id
    assert mini.title.whole_text == tracks[1].title
    qtbot.mouseClick(mini.heart, LEFT)
    assert segue.services.opinions.of(tracks[1].id).favourite
    assert mini.heart.isChecked()
    mini.close()
    assert (mini.isVisible(), window.isVisible()) == (False, True)
    qtbot.mouseClick(window.transport.mini, LEFT)
    window.extras.desktop.raise_window()
    assert (mini.isVisible(), window.isVisible()) == (False, True)
