"""What a person left is there again after a restart: on the real window, closed and opened anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.shown import Column
from indexer.core.home import Home
from indexer.core.tracks import Track, TrackId
from musicplayer.app import Application, compose
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.tracks.track_table import COLUMNS
from tests.conftest import turn
from tests.gui.conftest import Silence, track

TITLE = COLUMNS.index(Column.TITLE)
Start = Callable[[], Application]


@pytest.fixture
def start(qapp: QApplication, home: Home, qtbot: QtBot) -> Iterator[Start]:
    """Starts the player on one home, ending the one before; its library is a snapshot of 300 tracks."""
    running: list[Application] = []

    def end() -> None:
        made = running.pop()
        made.window.close()
        made.shutdown()
        made.window.deleteLater()
        QCoreApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete)

    def begin() -> Application:
        if running:
            end()
        made = compose(qapp, home, theme="light", backend=Silence())
        running.append(made)
        made.window.resize(1240, 780)
        made.window.show()
        qtbot.waitExposed(made.window)
        library = made.services.library
        library.catalogue.load_snapshot(home.catalogue_snapshot)
        library.reset.emit()
        made.services.playlists.start()
        made.session.restore()
        turn(qtbot)
        return made

    filled: list[Track] = [track(number) for number in range(300)]
    first = compose(qapp, home, theme="light", backend=Silence())
    first.services.library.catalogue.upsert(filled)
    first.services.library.catalogue.save_snapshot(home.catalogue_snapshot)
    running.append(first)
    yield begin
    end()


def ids(*numbers: int) -> list[TrackId]:
    return [track(number).id for number in numbers]


def seen(app: Application) -> list[int]:
    """Places in the queue that are wholly in view."""
    queue = app.window.queue
    area = queue.list.viewport().rect()
    rows = range(queue.model.rowCount())
    whole = [row for row in rows if area.contains(queue.list.visualRect(queue.model.index(row, 0)))]
    return queue.model.places_of(whole)


def test_the_playing_track_and_what_comes_are_in_view(start: Start, qtbot: QtBot) -> None:
    first = start()
    first.services.player.play_tracks(ids(*range(60)), 40)
    qtbot.waitUntil(lambda: 40 in seen(first))
    assert {40, 41, 42} <= set(seen(first))
    second = start()
    assert second.services.player.current == ids(40)[0]
    qtbot.waitUntil(lambda: 40 in seen(second))
    in_view = seen(second)
    assert in_view[0] == 40, "what was played is folded"
    assert second.window.queue.played_button.text().strip() == "40 earlier"


def test_while_playing_the_room_is_for_what_comes(start: Start, qtbot: QtBot) -> None:
    app = start()
    player = app.services.player
    player.play_tracks(ids(*range(30)))
    for _ in range(12):
        player.next()
    qtbot.waitUntil(lambda: 12 in seen(app))
    qtbot.waitUntil(lambda: seen(app)[0] == 12)
    app.window.queue.fold_played(False)
    assert seen(app)[0] == 11, "one row of what was played, and no more"
    assert player.state is PlaybackState.PLAYING
    app.window.queue.fold_played(True)
    app.window.resize(1240, 520)
    qtbot.waitUntil(lambda: seen(app)[:2] == [12, 13])


def test_a_list_that_a_hand_scrolled_stays_until_the_next_track(start: Start, qtbot: QtBot) -> None:
    app = start()
    app.services.player.play_tracks(ids(*range(60)))
    turn(qtbot)
    bar = app.window.queue.list.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderToMaximum)
    app.services.player.queue_changed.emit()
    turn(qtbot)
    assert 59 in seen(app)
    app.services.player.next()
    qtbot.waitUntil(lambda: 1 in seen(app))


def test_place_search_sorting_and_selection_are_back(start: Start, qtbot: QtBot) -> None:
    first = start()
    page = first.window.library
    qtbot.keyClicks(page.search, "artist:boards")
    qtbot.waitUntil(lambda: page.model.rowCount() == 100)
    page.table.sort_by(Column.TITLE, descending=True)
    for row in (60, 62, 63):
        index = page.model.index(row, TITLE)
        page.table.scrollTo(index)
        spot = page.table.visualRect(index).center()
        qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot)
    chosen, top = page.table.selected_tracks(), page.model.track_at(page.table.rowAt(0))
    assert len(chosen) == 3
    second = start()
    page = second.window.library
    assert page.search.text() == "artist:boards"
    assert page.model.rowCount() == 100
    assert page.table.sorting == (Column.TITLE, True)
    assert page.table.selected_tracks() == chosen
    assert page.model.track_at(page.table.rowAt(0)) == top
    page.search.clear()
    third = start()
    assert third.window.library.search.text() == ""
    assert third.window.library.model.rowCount() == 300


def test_a_selection_of_everything_is_one_again(start: Start) -> None:
    first = start()
    first.window.library.table.selectAll()
    second = start()
    assert len(second.window.library.table.selected_rows()) == 300


def test_each_place_keeps_its_own_search_and_sorting(start: Start, qtbot: QtBot) -> None:
    first = start()
    page = first.window.library
    qtbot.keyClicks(page.search, "cave")
    qtbot.waitUntil(lambda: page.model.rowCount() == 100)
    first.window.shell.places.go("recent")
    qtbot.keyClicks(page.search, "album:1")
    page.table.sort_by(Column.YEAR)
    qtbot.waitUntil(lambda: bool(page.model.query.terms))
    second = start()
    assert second.window.shell.places.current_place == "recent"
    page = second.window.library
    assert (page.search.text(), page.table.sorting) == ("album:1", (Column.YEAR, False))
    second.window.shell.places.go("tracks")
    assert (page.search.text(), page.model.rowCount()) == ("cave", 100)


def test_chosen_artists_and_their_rows_are_back(start: Start, qtbot: QtBot) -> None:
    first = start()
    first.window.shell.places.go("artists")
    page = first.window.shell.places.page
    page.choose("cave")
    page.table.selectRow(7)
    chosen = page.table.selected_tracks()
    second = start()
    page = second.window.shell.places.page
    qtbot.waitUntil(lambda: page.tree.keys() == ["cave"])
    assert page.model.rowCount() == 100
    assert page.table.selected_tracks() == chosen


def test_the_open_album_and_the_selected_covers_are_back(start: Start, qtbot: QtBot) -> None:
    first = start()
    first.window.shell.places.go("albums")
    albums = first.window.shell.places.page
    qtbot.waitUntil(lambda: albums.model.rowCount() == 30)
    qtbot.keyClicks(albums.row.search, "album:1")
    qtbot.waitUntil(lambda: albums.model.rowCount() < 30)
    albums.grid.select_rows([2])
    chosen = albums.model.key_at(2)
    second = start()
    albums = second.window.shell.places.page
    qtbot.waitUntil(lambda: albums.grid.selected_rows() != [])
    assert [albums.model.key_at(row) for row in albums.grid.selected_rows()] == [chosen]
    assert albums.row.search.text() == "album:1"
    albums.open_album(chosen)
    albums.album.table.selectRow(3)
    third = start()
    albums = third.window.shell.places.page
    qtbot.waitUntil(lambda: albums.currentWidget() is albums.album)
    assert albums.album.key == chosen
    assert albums.album.table.selected_rows() == [3]


def test_rows_of_a_playlist_are_back(start: Start, qtbot: QtBot) -> None:
    first = start()
    made = first.services.playlists.create("L", ids(*range(80)))
    control = first.window.extras.playlists
    control.places.go(made.id)
    control.page.table.select_rows(50, 51)
    second = start()
    qtbot.waitUntil(lambda: second.window.shell.places.current_place.endswith(made.id))
    page = second.window.extras.playlists.page
    qtbot.waitUntil(lambda: page.table.selected_rows() == [50, 51])


def test_pinned_seeds_are_back_and_give_way_when_they_left(start: Start) -> None:
    first = start()
    first.services.player.play_tracks(ids(1))
    first.window.shell.commands.more_like_these(ids(5, 6))
    second = start()
    panel = second.window.similar
    assert panel.seeds == tuple(ids(5, 6))
    assert panel.is_pinned
    assert panel.header.title == "2 tracks"
    panel.pin_action.trigger()
    assert not panel.is_pinned
    third = start()
    assert not third.window.similar.is_pinned
    third.window.similar.choose(TrackId("f" * 32))
    assert third.window.similar.header.title == "Title 001"
