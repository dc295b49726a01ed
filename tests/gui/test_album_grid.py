"""The wall of covers and the page of one album."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.albums import AlbumOrder
from indexer.core.catalogue.catalogue import Catalogue
from musicplayer.library.artwork import Artwork
from musicplayer.library.groupings import Groupings
from musicplayer.playback.player import Player
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.tracks.album_grid import AlbumDelegate, AlbumGrid
from musicplayer.ui.tracks.album_model import AlbumModel, AlbumRole
from musicplayer.ui.tracks.albums_page import AlbumsPage

from .conftest import track

ALBUMS = 60


@pytest.fixture
def catalogue() -> Catalogue:
    """Sixty albums of three tracks each, in reverse order on the disc; every tenth has no year."""
    made = Catalogue()
    made.upsert(
        [
            track(
                number,
                path=f"/nowhere/{number // 3}/{number}.flac",
                artist=f"Artist {number // 3:02}",
                album=f"Album {number // 3:02}",
                track_number=3 - number % 3,
                year=None if number // 3 % 10 == 0 else 1950 + number // 3,
                seconds=60.0,
            )
            for number in range(3 * ALBUMS)
        ]
    )
    return made


@pytest.fixture
def groupings(catalogue: Catalogue) -> Groupings:
    return Groupings(catalogue)


@pytest.fixture
def page(groupings: Groupings, commands: TrackCommands, look: Look, qtbot: QtBot) -> Iterator[AlbumsPage]:
    made = AlbumsPage(groupings, commands, look)
    groupings.changed.connect(made.on_groups_changed)
    qtbot.addWidget(made)
    made.resize(740, 520)
    made.show()
    made.refresh()
    yield made
    for menu in made.findChildren(QMenu):
        menu.close()


@pytest.fixture
def grid(page: AlbumsPage) -> AlbumGrid:
    return page.grid


def titles(model: AlbumModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_the_albums_keep_qts_rules(page: AlbumsPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.model)
    page.row.show_text("artist:05")
    qtmodeltester.check(page.model)


def test_an_album_says_what_it_is(page: AlbumsPage) -> None:
    index = page.model.index(1, 0)
    assert (index.data(), index.data(AlbumRole.ARTIST), index.data(AlbumRole.YEAR)) == ("Album 01", "Artist 01", "1951")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Album 01, Artist 01, 1951, 3 tracks"
    assert page.model.index(0, 0).data(AlbumRole.YEAR) == ""


def test_the_cells_fill_the_width_and_qt_breaks_them_as_reckoned(grid: AlbumGrid) -> None:
    for width in range(640, 1300, 31):
        grid.window().resize(width, 500)
        tops = [grid.visualRect(grid.model().index(row, 0)).top() for row in range(20)]
        assert tops.count(tops[0]) == grid.columns, f"at {width} pixels"
        right = grid.visualRect(grid.model().index(grid.columns - 1, 0)).right()
        assert 0 <= grid.viewport().width() - right <= grid.columns + 8, f"at {width} pixels"


def test_covers_are_asked_for_only_where_one_looks(
    grid: AlbumGrid, page: AlbumsPage, artwork: Artwork, qtbot: QtBot
) -> None:
    pixels = round(148 * grid.devicePixelRatioF())

    def there(row: int) -> bool:
        return artwork.image(page.model.cover_id(row), pixels) is not None

    qtbot.waitUntil(lambda: all(map(there, grid.visible_rows())))
    assert not there(ALBUMS - 1)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert ALBUMS - 1 in grid.visible_rows()
    qtbot.waitUntil(lambda: there(ALBUMS - 1))
    assert not there(ALBUMS // 2), "what flew by was not decoded"


def test_enter_opens_an_album_and_the_way_back_leads_to_the_same_spot(
    page: AlbumsPage, grid: AlbumGrid, qtbot: QtBot
) -> None:
    grid.show_row(40)
    place = grid.verticalScrollBar().value()
    assert place > 0
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert page.currentWidget() is page.album
    assert page.album.header.title.whole_text == "Album 40"
    assert page.album.header.artist.whole_text == "Artist 40"
    assert page.album.header.facts.whole_text == "3 tracks · 3 min"
    assert page.album.model.tracks_at([0, 1, 2]) == [track(number).id for number in (122, 121, 120)]
    qtbot.keyClick(page.album.table, Qt.Key.Key_Backspace)
    assert page.currentWidget() is not page.album
    assert grid.verticalScrollBar().value() == place
    assert grid.currentIndex().row() == 40


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Backspace])
def test_keys_lead_back(page: AlbumsPage, qtbot: QtBot, key: Qt.Key) -> None:
    page.open_album(page.model.key_at(3))
    qtbot.keyClick(page.album.table, key)
    assert page.currentWidget() is not page.album


def test_a_double_click_opens_and_the_button_leads_back(page: AlbumsPage, grid: AlbumGrid, qtbot: QtBot) -> None:
    spot = grid.visualRect(page.model.index(2, 0)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert page.album.header.title.whole_text == "Album 02"
    page.album.header.back.click()
    assert page.currentWidget() is not page.album


def test_an_album_is_played_shuffled_and_queued(page: AlbumsPage, player: Player, qtbot: QtBot) -> None:
    page.open_album(page.model.key_at(5))
    whole = page.album.tracks()
    for button in (page.album.header.play, page.album.header.shuffle):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert page.window().focusWidget() is not button, "Space would begin it anew"
    player.set_shuffle(False)
    page.album.header.play.click()
    assert player.current == whole[0]
    page.album.header.queue.click()
    assert [item.track for item in player.queue.items] == whole * 2
    page.album.header.shuffle.click()
    assert sorted(item.track for item in player.queue.items) == sorted(whole)


def test_albums_are_searched_by_their_tracks(page: AlbumsPage) -> None:
    page.row.show_text("title:007")
    assert titles(page.model) == ["Album 02"]
    page.row.show_text("nowhere")
    assert page.state.isVisible()
    assert "nowhere" in page.state.text
    page.clear.click()
    assert page.model.rowCount() == ALBUMS


def test_albums_are_put_in_order(page: AlbumsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.order_changed) as told:
        page.set_order(AlbumOrder.YEAR)
    assert told.args == ["year"]
    assert titles(page.model)[0] == "Album 59"
    assert titles(page.model)[-1] == "Album 50", "without a year, last"


def test_several_albums_are_dragged_and_asked_about_whole(page: AlbumsPage, grid: AlbumGrid, qtbot: QtBot) -> None:
    dragged = tracks_of(page.model.mimeData([page.model.index(1, 0), page.model.index(3, 0)]))
    assert dragged == page.model.tracks_at([1, 3])
    assert len(dragged) == 6
    grid.show_row(2)
    with qtbot.waitSignal(grid.menu_requested) as asked:
        grid.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    assert asked.args[0] == page.model.tracks_at([2])


def test_ctrl_enter_plays_from_the_grid(grid: AlbumGrid, page: AlbumsPage, qtbot: QtBot) -> None:
    grid.show_row(7)
    with qtbot.waitSignal(page.play_requested) as played:
        qtbot.keyClick(grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert played.args == [page.model.tracks_at([7])]


def test_selection_and_place_survive_a_change_of_the_library(
    page: AlbumsPage, grid: AlbumGrid, groupings: Groupings, catalogue: Catalogue
) -> None:
    grid.show_row(40)
    grid.select_rows([38, 40])
    place = grid.verticalScrollBar().value()
    catalogue.upsert([track(900, artist="Zoo", album="Last", path="/zoo/1.flac")])
    groupings.reset()
    assert page.model.rowCount() == ALBUMS + 1
    assert [page.model.index(row, 0).data() for row in grid.selected_rows()] == ["Album 38", "Album 40"]
    assert grid.verticalScrollBar().value() == place


def test_an_open_album_follows_its_tracks(page: AlbumsPage, groupings: Groupings, catalogue: Catalogue) -> None:
    page.open_album(page.model.key_at(4))
    added = track(901, artist="Artist 04", album="Album 04", year=1954, track_number=9, path="/nowhere/4/x.flac")
    catalogue.upsert([added])
    groupings.reset()
    assert page.album.model.rowCount() == 4
    assert page.album.header.facts.whole_text.startswith("1954 · 4 tracks")


def test_an_open_album_that_goes_says_so(page: AlbumsPage, groupings: Groupings, catalogue: Catalogue) -> None:
    page.open_album(page.model.key_at(4))
    catalogue.clear()
    catalogue.upsert([track(0)])
    groupings.reset()
    assert page.album.tracks() == []
    assert "not there any more" in page.album.page.text


def test_an_empty_library_has_no_wall(page: AlbumsPage, groupings: Groupings, catalogue: Catalogue) -> None:
    catalogue.clear()
    groupings.reset()
    assert page.state.isVisible()
    assert "No albums yet" in page.state.text
    page.set_indexing(True)
    assert "Looking for music" in page.state.text


def test_the_covers_of_a_line_reach_from_edge_to_edge(page: AlbumsPage) -> None:
    grid, columns = page.grid, page.grid.columns
    assert columns > 1
    assert grid.inset(0) == grid.inset(columns) == 12
    assert grid.gridSize().width() - grid.inset(columns - 1) - grid.side == 12


def test_a_grid_of_fifteen_thousand_albums_paints_what_is_in_view(look: Look, qtbot: QtBot) -> None:
    catalogue = Catalogue()
    catalogue.upsert([track(number, artist="A", album=f"Album {number}") for number in range(15_000)])
    albums = Groupings(catalogue).albums()
    model = AlbumModel(catalogue)
    grid = AlbumGrid(model, look)
    qtbot.addWidget(grid)
    grid.resize(800, 600)
    model.show_albums(albums, np.arange(len(albums)))
    grid.show()
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    asked: list[int] = []
    painting = AlbumDelegate(asked.append, look, grid)
    grid.setItemDelegate(painting)
    grid.grab()
    assert asked
    assert set(asked) <= set(grid.visible_rows())
