"""The column browser: three lists that narrow each other and the table, by mouse and keyboard, and what is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.settings import Settings
from musicplayer.app import Application
from musicplayer.library.groupings import Groupings
from musicplayer.playback.player import Player
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.tracks.column_browser import ColumnBrowser
from musicplayer.ui.tracks.group_model import GroupRole
from musicplayer.ui.tracks.pane_list import PaneList

from .conftest import track

GENRES = ("Jazz", "Punk", "Rock")


@pytest.fixture
def catalogue() -> Catalogue:
    """Of each of three artists ten tracks of a genre of the artist's own, but for one Jazz track of each."""
    made = Catalogue()
    made.upsert(
        [track(number, genre="Jazz" if number < 3 else GENRES[number % 3], year=1990 + number) for number in range(30)]
    )
    return made


@pytest.fixture
def groupings(catalogue: Catalogue) -> Groupings:
    return Groupings(catalogue)


@pytest.fixture
def browser(groupings: Groupings, commands: TrackCommands, look: Look, qtbot: QtBot) -> ColumnBrowser:
    made = ColumnBrowser(groupings, commands, look)
    groupings.changed.connect(made.on_groups_changed)
    made.play_requested.connect(commands.play)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def lines(pane: PaneList) -> list[str]:
    model = pane.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def chosen(pane: PaneList) -> list[str]:
    return [index.data() for index in sorted(pane.selectedIndexes())]


def click(pane: PaneList, name: str, qtbot: QtBot, *, more: bool = False) -> None:
    keys = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
    spot = pane.visualRect(pane.model().index(lines(pane).index(name), 0)).center()
    qtbot.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, keys, spot)


def test_each_list_narrows_those_behind_it_and_the_table(browser: ColumnBrowser, qtbot: QtBot) -> None:
    assert lines(browser.genres) == ["Genres (3)", "Jazz", "Punk", "Rock"]
    assert lines(browser.artists) == ["Artists (3)", "Äther", "Boards", "Cave"]
    assert [browser.genres.model().index(row, 0).data(GroupRole.COUNT) for row in range(4)] == [30, 12, 9, 9]
    assert browser.model.rowCount() == 30
    click(browser.genres, "Punk", qtbot)
    assert lines(browser.artists) == ["Artists (1)", "Boards"]
    assert lines(browser.albums) == ["Albums (3)", "Album 0", "Album 1", "Album 2"]
    assert browser.model.rowCount() == 9
    click(browser.genres, "Jazz", qtbot, more=True)
    assert browser.model.rowCount() == 21
    click(browser.artists, "Boards", qtbot)
    click(browser.albums, "Album 0", qtbot)
    click(browser.albums, "Album 2", qtbot, more=True)
    assert browser.model.rowCount() == 6
    assert lines(browser.genres)[0] == "Genres (3)", "what comes before is not narrowed"


def test_all_is_chosen_alone(browser: ColumnBrowser, qtbot: QtBot) -> None:
    genres = browser.genres
    assert chosen(genres) == ["Genres (3)"]
    click(genres, "Rock", qtbot, more=True)
    assert chosen(genres) == ["Rock"]
    click(genres, "Jazz", qtbot, more=True)
    click(genres, "Genres (3)", qtbot, more=True)
    assert chosen(genres) == ["Genres (3)"]
    click(genres, "Punk", qtbot)
    click(genres, "Punk", qtbot, more=True)
    assert chosen(genres) == ["Genres (3)"]
    genres.selectAll()
    assert chosen(genres) == ["Genres (3)"]
    assert browser.model.rowCount() == 30


def test_a_search_gives_back_what_it_hid_and_another_choice_before_does_not(
    browser: ColumnBrowser, qtbot: QtBot
) -> None:
    click(browser.artists, "Cave", qtbot)
    browser.search.setText("artist:boards")
    qtbot.waitUntil(lambda: lines(browser.artists) == ["Artists (1)", "Boards"])
    assert chosen(browser.artists) == ["Artists (1)"]
    assert browser.model.rowCount() == 10
    browser.search.clear()
    qtbot.waitUntil(lambda: chosen(browser.artists) == ["Cave"])
    assert browser.model.rowCount() == 10
    click(browser.genres, "Punk", qtbot)
    click(browser.genres, "Genres (3)", qtbot)
    assert chosen(browser.artists) == ["Artists (3)"]


def test_the_keyboard_goes_through_the_lists_and_plays_what_is_shown(
    browser: ColumnBrowser, player: Player, qtbot: QtBot
) -> None:
    browser.genres.setFocus()
    qtbot.keyClicks(browser.genres, "p")
    assert chosen(browser.genres) == ["Punk"]
    qtbot.keyClick(browser.genres, Qt.Key.Key_Down)
    assert chosen(browser.genres) == ["Rock"]
    qtbot.keyClick(browser.genres, Qt.Key.Key_Right)
    assert browser.focusWidget() is browser.artists
    qtbot.keyClick(browser.artists, Qt.Key.Key_Right)
    qtbot.keyClick(browser.albums, Qt.Key.Key_Right)
    assert browser.focusWidget() is browser.albums
    qtbot.keyClick(browser.albums, Qt.Key.Key_Down)
    qtbot.keyClick(browser.albums, Qt.Key.Key_Return)
    assert [item.track for item in player.queue.items] == browser.model.shown_tracks()
    assert len(player.queue) == browser.model.rowCount() == 2


def test_what_is_dragged_is_what_is_chosen_of_what_is_left(browser: ColumnBrowser, qtbot: QtBot) -> None:
    click(browser.genres, "Jazz", qtbot)
    click(browser.artists, "Cave", qtbot)
    model = browser.artists.model()
    assert tracks_of(model.mimeData(browser.artists.selectedIndexes())) == [track(2).id]


def test_the_model_keeps_qts_rules(browser: ColumnBrowser, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(browser.albums.model())


def test_the_lists_follow_the_library(
    browser: ColumnBrowser, catalogue: Catalogue, groupings: Groupings, qtbot: QtBot
) -> None:
    click(browser.genres, "Rock", qtbot)
    change = catalogue.upsert([track(50, genre="Rock", artist="Dub"), track(51, genre="Ambient")])
    browser.model.on_changed(change)
    groupings.reset()
    assert lines(browser.genres) == ["Genres (4)", "Ambient", "Jazz", "Punk", "Rock"]
    assert chosen(browser.genres) == ["Rock"]
    assert "Dub" in lines(browser.artists)
    assert browser.model.rowCount() == 10


def test_what_is_chosen_and_how_high_the_lists_are_is_found_again(segue: Application, home: Home, qtbot: QtBot) -> None:
    library, preferences = segue.services.library, segue.services.preferences
    library.changed.emit(library.catalogue.upsert([track(number, genre=GENRES[number % 3]) for number in range(30)]))
    segue.window.shell.places.go("browser")
    page = segue.window.extras.views.browser
    flag = QItemSelectionModel.SelectionFlag
    for row in (1, 3):
        page.genres.selectionModel().select(page.genres.model().index(row, 0), flag.Select)
    page.splitter.setSizes([200, 200])
    page.splitter.splitterMoved.emit(200, 1)
    assert preferences.settings.browser["genres"] == ["jazz", "rock"]
    assert 0 < preferences.settings.browser_share < 1
    preferences.settings.save(home)
    kept = Settings.load(home)
    again = ColumnBrowser(segue.window.extras.views.groupings, segue.window.shell.commands, segue.services.look)
    qtbot.addWidget(again)
    again.choose(kept.browser)
    again.show()
    assert chosen(again.genres) == ["Jazz", "Rock"]
    assert again.model.rowCount() == 20
