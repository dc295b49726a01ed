"""The side bar, the places of the library, and the pages of tracks behind them."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QToolButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.folder_tree import folders_of
from indexer.core.catalogue.search import parse
from indexer.core.catalogue.shown import Column
from indexer.core.events import Progress, Stage
from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.tracks import Genre, Track, TrackId
from musicplayer.app import Application, compose
from musicplayer.library.database_client import DatabaseClient
from musicplayer.library.groupings import Groupings
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.sidebar import Sidebar
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_of, tracks_to_mime
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.tracks.browse_page import BrowsePage, Browsing
from musicplayer.ui.tracks.group_model import GroupModel, GroupWords
from musicplayer.ui.tracks.library_page import LibraryPage
from musicplayer.ui.tracks.scope import EVERYTHING, most_played, recently_added
from musicplayer.ui.tracks.search_help import EXAMPLES, SearchHelp
from musicplayer.ui.tracks.track_table import COLUMNS
from musicplayer.ui.tracks.views import Views
from musicplayer.ui.window.main_window import MainWindow
from tests.conftest import turn
from tests.plays import play_of

from .conftest import track

LIBRARY = ["tracks", "albums", "artists", "genres", "folders", "browser", "recent", "most-played", "never-played"]


def some_tracks() -> list[Track]:
    """Thirty tracks in three folders and genres."""
    return [
        track(
            number,
            path=f"/music/{'abc'[number % 3]}/{number:03}.flac",
            genre=("Punk", "Rock", "Jazz")[number % 3],
            added_at=1_000.0 + number,
        )
        for number in range(30)
    ]


PLAYS = {track(number).id: 9 - number for number in range(5)}


@pytest.fixture
def catalogue() -> Catalogue:
    """The first five tracks were played, the first the most."""
    made = Catalogue()
    made.upsert(some_tracks())
    made.set_plays(PLAYS)
    return made


@pytest.fixture
def filled(segue: Application) -> MainWindow:
    """The same in a whole window."""
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert(some_tracks()))
    library.client.plays_changed.emit(PLAYS)
    return segue.window


@pytest.fixture
def views(filled: MainWindow) -> Views:
    return filled.extras.views


@pytest.fixture
def page(catalogue: Catalogue, look: Look, qtbot: QtBot) -> LibraryPage:
    made = LibraryPage(catalogue, look)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    return made


@pytest.fixture
def groupings(catalogue: Catalogue) -> Groupings:
    return Groupings(catalogue)


@pytest.fixture
def browse(
    catalogue: Catalogue, groupings: Groupings, commands: TrackCommands, look: Look, qtbot: QtBot
) -> Callable[[str], BrowsePage]:
    """Makes a page of one kind of groups."""

    def make(kind: str) -> BrowsePage:
        browsing = Browsing(kind, kind.title(), GroupWords(), getattr(groupings, kind), nested=kind != "artists")
        made = BrowsePage(catalogue, browsing, commands, look)
        groupings.changed.connect(made.on_groups_changed)
        qtbot.addWidget(made)
        made.resize(900, 500)
        made.show()
        return made

    return make


@pytest.fixture
def sidebar(look: Look, qtbot: QtBot) -> Sidebar:
    made = Sidebar(look)
    qtbot.addWidget(made)
    for key, section in (("tracks", Section.LIBRARY), ("playlist:1", Section.PLAYLISTS)):
        made.add(Place(key, key.title(), "folder", section, QLabel()))
    made.resize(200, 300)
    made.show()
    return made


def drop(sidebar: Sidebar, key: str, tracks: list[TrackId]) -> bool:
    """Drag tracks onto a place as the mouse does; whether they are taken."""
    [item] = sidebar.findItems(key.title(), Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    spot = sidebar.visualItemRect(item).center()
    data = tracks_to_mime(tracks)
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    sidebar.dragEnterEvent(QDragEnterEvent(spot, *how))
    move = QDragMoveEvent(spot, *how)
    move.ignore()
    sidebar.dragMoveEvent(move)
    sidebar.grab()
    event = QDropEvent(QPointF(spot), *how)
    event.ignore()
    sidebar.dropEvent(event)
    return move.isAccepted() and event.isAccepted()


# The side bar


def test_the_keyboard_walks_through_the_places(filled: MainWindow, qtbot: QtBot) -> None:
    assert filled.shell.places.sidebar.keys(Section.LIBRARY)[: len(LIBRARY)] == LIBRARY
    filled.shell.actions.focus_sidebar.trigger()
    assert filled.focusWidget() is filled.shell.places.sidebar
    qtbot.keyClick(filled.shell.places.sidebar, Qt.Key.Key_Down)
    assert filled.shell.places.current_place == "albums"
    filled.shell.actions.focus_sidebar.trigger()
    assert filled.focusWidget() is not filled.shell.places.sidebar
    assert filled.shell.places.isAncestorOf(filled.focusWidget())


def test_f6_leads_round_the_window_in_the_order_seen(filled: MainWindow, segue: Application) -> None:
    tracks = [track(number).id for number in range(3)]
    segue.services.player.enqueue(tracks)
    filled.shell.places.sidebar.setFocus()
    parts = [filled.shell.places, filled.similar, filled.queue, filled.transport, filled.splitter.widget(0)]
    for action, order in (
        (filled.shell.actions.next_part, parts),
        (filled.shell.actions.previous_part, [*parts[-2::-1], parts[-1]]),
    ):
        for part in order:
            action.trigger()
            focused = filled.focusWidget()
            assert focused is not None
            assert part.isAncestorOf(focused), part
    filled.similar.hide()
    filled.shell.places.enter_page()
    filled.shell.actions.next_part.trigger()
    assert filled.focusWidget() is filled.queue.list, "what is hidden is passed by"
    assert filled.queue.list.currentIndex().row() == 0


def test_discover_comes_first_and_indexing_stands_at_the_foot(filled: MainWindow, qtbot: QtBot) -> None:
    sidebar, foot = filled.shell.places.sidebar, filled.shell.foot
    assert sidebar.keys(Section.DISCOVER)[:3] == ["for-you", "journey", "map"]
    assert sidebar.visualItemRect(sidebar.head(Section.DISCOVER)).top() < 10
    [indexing] = [button for button in foot.findChildren(QToolButton) if button.text().strip() == "Indexing"]
    qtbot.mouseClick(indexing, Qt.MouseButton.LeftButton)
    assert filled.shell.places.current_place == "indexing"
    assert indexing.isChecked()
    [tracks] = sidebar.findItems("Tracks", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    spot = sidebar.visualItemRect(tracks).center()
    qtbot.mouseClick(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert filled.shell.places.current_place == "tracks"
    assert not indexing.isChecked()


def test_problems_and_progress_are_a_badge_at_the_foot(filled: MainWindow, segue: Application, qtbot: QtBot) -> None:
    foot, client, jobs = filled.shell.foot, segue.services.library.client, segue.services.jobs
    assert not foot.problems.isVisible()
    client.counts_changed.emit(LibraryCounts(tracks=30, analysed=20, problems=3))
    assert (foot.problems.text().strip(), foot.problems.accessibleName()) == ("3", "3 files with problems")
    assert foot.counts.whole_text == "30 tracks, 20 analysed"
    jobs.started.emit("scan")
    jobs.progress.emit(Progress(Stage.EXTRACT, 12, 30, 4.0, 5.0, 0))
    assert foot.job.isVisible()
    assert foot.job.said.startswith("Analysing your music · 12 of 30")
    jobs.idle.emit()
    assert not foot.job.isVisible()
    qtbot.mouseClick(foot.problems, Qt.MouseButton.LeftButton)
    assert filled.problems.isVisible()
    filled.problems.close()


def test_the_side_bar_hides_and_shows(filled: MainWindow, segue: Application) -> None:
    action = filled.shell.actions.sidebar
    assert action in filled.menus["View"].actions()
    assert action.shortcut() == QKeySequence("F9")
    action.trigger()
    assert not filled.shell.places.sidebar.isVisible()
    assert segue.services.preferences.settings.sidebar_hidden
    filled.shell.actions.focus_sidebar.trigger()
    assert filled.shell.places.sidebar.isVisible()


def test_width_place_and_sorting_are_back_at_the_next_start(qapp: QApplication, home: Home, qtbot: QtBot) -> None:
    first = compose(qapp, home, theme="light")
    first.window.show()
    qtbot.waitExposed(first.window)
    first.window.library.table.sort_by(Column.YEAR, descending=True)
    first.window.shell.places.go("recent")
    first.window.splitter.setSizes([230, 600])
    first.window.splitter.splitterMoved.emit(230, 1)
    qtbot.waitUntil(lambda: first.services.preferences.settings.sidebar_width == 230)
    first.window.close()
    first.shutdown()
    second = compose(qapp, home, theme="light")
    second.window.show()
    qtbot.waitExposed(second.window)
    assert second.window.shell.places.current_place == "recent"
    assert second.window.library.table.sorting == (Column.ADDED, True)
    assert second.window.splitter.sizes()[0] == 230
    second.window.shell.places.go("tracks")
    assert second.window.library.table.sorting == (Column.YEAR, True)
    second.window.close()
    second.shutdown()


def test_a_place_that_comes_later_is_shown_if_it_was_wished(filled: MainWindow) -> None:
    filled.shell.places.wish("playlist:9")
    page = QLabel("later")
    filled.shell.places.add(Place("playlist:9", "Later", "folder", Section.PLAYLISTS, page))
    assert filled.shell.places.currentWidget() is page
    filled.shell.places.remove("playlist:9")
    filled.shell.places.wish("playlist:9")
    filled.shell.places.go("artists")
    filled.shell.places.add(Place("playlist:9", "Later", "folder", Section.PLAYLISTS, page), at=0)
    assert filled.shell.places.current_place == "artists", "somebody went elsewhere in between"
    assert filled.shell.places.sidebar.keys(Section.PLAYLISTS)[0] == "playlist:9"


def test_tracks_are_dropped_only_where_they_are_taken(sidebar: Sidebar, qtbot: QtBot) -> None:
    tracks = [TrackId("a"), TrackId("b")]
    assert not drop(sidebar, "playlist:1", tracks)
    sidebar.accepts = lambda key: key.startswith("playlist:")
    with qtbot.waitSignal(sidebar.dropped) as taken:
        assert drop(sidebar, "playlist:1", tracks)
    assert taken.args == ["playlist:1", tracks]
    assert not drop(sidebar, "tracks", tracks)


def test_a_playlist_is_renamed_in_place_and_other_places_are_not(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.select("playlist:1")
    qtbot.keyClick(sidebar, Qt.Key.Key_F2)
    editor = sidebar.findChild(QLineEdit)
    assert editor is not None
    with qtbot.waitSignal(sidebar.renamed) as renamed:
        editor.selectAll()
        qtbot.keyClicks(editor, "Morning")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == ["playlist:1", "Morning"]
    sidebar.select("tracks")
    qtbot.keyClick(sidebar, Qt.Key.Key_F2)
    assert sidebar.state() != Sidebar.State.EditingState


def test_renaming_by_program_tells_nobody(sidebar: Sidebar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(sidebar.renamed):
        sidebar.rename("playlist:1", "Evening")


# Lists


def shown(page: LibraryPage) -> list[TrackId]:
    return page.model.tracks_at(range(page.model.rowCount()))


def test_the_places_of_lists_share_a_table(filled: MainWindow, segue: Application) -> None:
    page, go = filled.library, filled.shell.places.go
    go("recent")
    assert shown(page)[0] == track(29).id
    assert len(shown(page)) == 30
    go("most-played")
    assert shown(page) == [track(number).id for number in range(5)]
    go("never-played")
    assert len(shown(page)) == 25
    segue.services.library.client.plays_changed.emit({track(20).id: 1})
    assert track(20).id not in shown(page), "a play takes it out"
    go("most-played")
    assert shown(page) == [track(20).id]


def test_a_list_without_tracks_says_why(page: LibraryPage, catalogue: Catalogue) -> None:
    catalogue.set_plays({})
    page.show_scope(most_played(catalogue))
    assert page.page.isVisible()
    assert "Nothing has been played yet" in page.page.text


def test_a_click_on_albums_leads_from_one_back_to_all(filled: MainWindow, views: Views, qtbot: QtBot) -> None:
    sidebar = filled.shell.places.sidebar
    views.go_to_album(filled.library.model.track_at(0))
    assert views.albums.currentWidget() is views.albums.album
    item = sidebar.currentItem()
    assert item is not None
    qtbot.mouseClick(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=sidebar.visualItemRect(item).center())
    assert views.albums.currentWidget() is not views.albums.album


def test_each_list_keeps_its_search_and_its_order(page: LibraryPage, catalogue: Catalogue, qtbot: QtBot) -> None:
    buttons = page.search.findChildren(QToolButton)
    [cross] = [each for each in buttons if each.defaultAction().text() == "Clear the search"]
    page.row.show_text("artist:cave")
    qtbot.waitUntil(cross.isVisible)
    page.show_scope(recently_added(catalogue))
    assert page.search.text() == ""
    qtbot.waitUntil(lambda: not cross.isVisible())
    assert page.model.rowCount() == 30
    page.table.sort_by(Column.TITLE)
    page.show_scope(EVERYTHING)
    assert page.search.text() == "artist:cave"
    assert page.model.rowCount() == 10
    assert page.table.sorting == (Column.ARTIST, False)
    page.show_scope(recently_added(catalogue))
    assert page.table.sorting == (Column.TITLE, False)


def test_the_search_looks_only_inside_the_list(page: LibraryPage, catalogue: Catalogue, qtbot: QtBot) -> None:
    page.show_scope(most_played(catalogue))
    page.row.show_text("artist:cave")
    assert shown(page) == [track(2).id]
    qtbot.waitUntil(lambda: page.summary.whole_text.startswith("1 of 5 tracks"))
    page.row.show_text("nothing")
    qtbot.waitUntil(lambda: page.summary.whole_text == "0 of 5 tracks")


# Groups


@pytest.fixture
def groups(catalogue: Catalogue) -> GroupModel:
    return GroupModel(catalogue, lambda: folders_of(catalogue), GroupWords())


def test_the_tree_of_groups_keeps_qts_rules(
    groups: GroupModel, catalogue: Catalogue, qtmodeltester: ModelTester
) -> None:
    catalogue.upsert([track(number, path=f"/music/{number % 4}/{number % 2}/x{number}.flac") for number in range(30)])
    groups.refresh(catalogue.rows())
    qtmodeltester.check(groups)
    groups.refresh(catalogue.rows()[:3])
    qtmodeltester.check(groups)
    groups.refresh(np.empty(0, np.intp))
    assert groups.rowCount() == 0


def names(page: BrowsePage) -> list[str]:
    return [page.groups.index(row, 0).data() for row in range(page.groups.rowCount())]


def test_artists_show_their_tracks(browse: Callable[[str], BrowsePage]) -> None:
    page = browse("artists")
    assert names(page) == ["All tracks", "Äther", "Boards", "Cave"]
    assert page.model.rowCount() == 30
    assert page.choose("boards")
    assert set(shown(page)) == {track(number).id for number in range(1, 30, 3)}
    assert not page.choose("nobody")


def test_a_search_leaves_only_the_groups_that_have_something(browse: Callable[[str], BrowsePage]) -> None:
    page = browse("artists")
    page.choose("cave")
    page.row.show_text("title:002")
    assert names(page) == ["All tracks", "Cave"]
    assert shown(page) == [track(2).id]
    page.search.clear()
    assert page.tree.keys() == ["cave"], "what was chosen stays chosen"
    assert page.model.rowCount() == 10


def test_genres_are_a_tree_once_it_is_known(browse: Callable[[str], BrowsePage], groupings: Groupings) -> None:
    page = browse("genres")
    assert names(page) == ["All tracks", "Jazz", "Punk", "Rock"]
    groupings.know_genres([Genre(1, "Rock"), Genre(2, "Punk", 1)])
    groupings.reset()
    assert names(page) == ["All tracks", "Jazz", "Rock"]
    assert page.choose("rock")
    assert page.model.rowCount() == 20
    assert page.choose("punk")
    assert page.model.rowCount() == 10


def test_folders_are_chosen_several_at_a_time(browse: Callable[[str], BrowsePage], qtbot: QtBot) -> None:
    page = browse("folders")
    page.choose("/music/a")
    qtbot.keyClick(page.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.tree.keys() == ["/music/a", "/music/b"]
    assert page.model.rowCount() == 20


def test_groups_follow_the_library(
    browse: Callable[[str], BrowsePage], groupings: Groupings, catalogue: Catalogue
) -> None:
    page = browse("artists")
    page.choose("cave")
    catalogue.upsert([track(40, artist="Zoo")])
    groupings.reset()
    assert names(page)[-1] == "Zoo"
    assert page.tree.keys() == ["cave"]


def test_many_changes_of_the_library_are_one_of_the_groups(groupings: Groupings, qtbot: QtBot) -> None:
    before = groupings.artists()
    told: list[bool] = []
    groupings.changed.connect(lambda: told.append(True))
    with qtbot.waitSignal(groupings.changed):
        for _ in range(20):
            groupings.invalidate()
    assert told == [True]
    assert groupings.artists() is not before
    assert groupings.artists() is groupings.artists()


def test_a_group_is_played_asked_about_and_dragged_whole(browse: Callable[[str], BrowsePage], qtbot: QtBot) -> None:
    page = browse("artists")
    page.choose("cave")
    with qtbot.waitSignal(page.play_requested) as played:
        qtbot.keyClick(page.tree, Qt.Key.Key_Return)
    assert len(played.args[0]) == 10
    assert len(tracks_of(page.groups.mimeData([page.groups.index_of("boards")]))) == 10
    with qtbot.waitSignal(page.tree.menu_requested) as asked:
        page.tree.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    assert asked.args[0] == played.args[0]
    for menu in page.findChildren(QMenu):
        menu.close()


def test_go_to_artist_and_album_from_any_row(views: Views, filled: MainWindow) -> None:
    menu = filled.shell.commands.menu([track(4).id], filled)
    entries = {action.text(): action for action in menu.actions()}
    entries["Go to artist"].trigger()
    assert filled.shell.places.current_place == "artists"
    assert views.artists.tree.keys() == ["boards"]
    assert filled.focusWidget() is views.artists.table
    entries["Go to album"].trigger()
    assert filled.shell.places.current_place == "albums"
    assert track(4).id in views.albums.album.tracks()
    menu.deleteLater()


def test_a_track_of_several_artists_is_under_each_and_shown_as_written(views: Views, filled: MainWindow) -> None:
    catalogue = views.groupings.catalogue
    catalogue.upsert(
        [
            track(50, artist="Duet One; Duet Two", artists=("Duet One", "Duet Two")),
            track(51, artist="Duet One feat. !!!"),
            track(52, artist="duet ONE"),
        ]
    )
    views.groupings.reset()
    filled.shell.places.go("artists")
    page = views.artists
    assert {"Duet One", "Duet Two", "!!!"} <= set(names(page))
    for key, tracks in {"duet one": {50, 51, 52}, "duet two": {50}, "!!!": {51}}.items():
        assert page.choose(key)
        assert set(shown(page)) == {track(number).id for number in tracks}
    assert page.choose("duet two")
    column = page.model.index(0, 0).siblingAtColumn(COLUMNS.index(Column.ARTIST))
    assert column.data() == "Duet One; Duet Two"
    views.go_to_artist(track(51).id)
    assert page.tree.keys() == ["duet one"]


def test_hidden_pages_do_not_follow_every_change(views: Views, filled: MainWindow, segue: Application) -> None:
    filled.shell.places.go("artists")
    page = views.artists
    filled.shell.places.go("tracks")
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert([track(50)]))
    assert page.model.rowCount() == 30
    filled.shell.places.go("artists")
    assert page.model.rowCount() == 31


# Columns


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (Column.ALBUM_ARTIST, "Host"),
        (Column.NUMBER, "3"),
        (Column.DISC, "2"),
        (Column.GENRES, "Rock, Punk"),
        (Column.LICENCE, "CC BY"),
        (Column.LAST_PLAYED, ""),
        (Column.RATING, "★★★★½"),
    ],
)
def test_further_columns(catalogue: Catalogue, column: Column, shown: str) -> None:
    numbers = {"track_number": 3, "disc_number": 2, "rating": 4.4}
    catalogue.upsert([track(0, album_artist="Host", genres=("Rock", "Punk"), licence="CC BY", **numbers)])
    assert column in COLUMNS
    assert catalogue.text(0, column) == shown
    order = catalogue.sort_order(catalogue.rows(), column).tolist()
    assert (order[0] == 0) == bool(shown), "what is missing comes last"


def test_last_played_is_shown_and_sorted_by(catalogue: Catalogue) -> None:
    catalogue.set_last_played({track(3).id: 1_700_000_000.0, track(5).id: 1_600_000_000.0})
    assert catalogue.text(3, Column.LAST_PLAYED).startswith("2023-11-1")
    assert catalogue.sort_order(catalogue.rows(), Column.LAST_PLAYED, descending=True)[:2].tolist() == [3, 5]


def test_last_played_of_another_database_does_not_stay(catalogue: Catalogue) -> None:
    catalogue.set_last_played({track(3).id: 1_700_000_000.0, track(5).id: 1_600_000_000.0})
    catalogue.set_last_played({track(4).id: 1_650_000_000.0})
    catalogue.note_last_played({track(2).id: 1_660_000_000.0})
    played = [row for row in range(6) if catalogue.text(row, Column.LAST_PLAYED)]
    assert played == [2, 4]


def test_a_play_is_noted_at_once(home: Home, qtbot: QtBot) -> None:
    client = DatabaseClient(home)
    before = time.time()
    with qtbot.waitSignal(client.last_played_changed) as told:
        client.record_play(play_of(track(3).id, heard=10.0, finished=False))
    (times,) = told.args
    assert before <= times[track(3).id] + 10.0 <= time.time()


def test_a_header_of_fewer_columns_is_not_taken(page: LibraryPage) -> None:
    table = page.table
    before = table.columns_state()
    table.restore_columns(f"4:{before.partition(':')[2]}")
    assert table.columns_state() == before


# Search


def test_what_was_found_has_a_soft_ground(page: LibraryPage, theme: Theme, qtbot: QtBot) -> None:
    page.row.show_text("artist:ather")
    page.table.clearSelection()
    turn(qtbot)
    image = page.table.viewport().grab().toImage()
    cell = page.table.visualRect(page.model.index(0, COLUMNS.index(Column.ARTIST)))
    title = page.table.visualRect(page.model.index(0, COLUMNS.index(Column.TITLE)))
    found = theme.colour("found").name()
    ratio = image.devicePixelRatio()

    def colours(area: object) -> set[str]:
        part: QImage = image.copy(
            round(area.x() * ratio),
            round(area.y() * ratio),
            round(area.width() * ratio),
            round(area.height() * ratio),  # type: ignore[attr-defined]
        )
        return {part.pixelColor(x, y).name() for x in range(part.width()) for y in range(part.height())}

    assert found in colours(cell)
    assert found not in colours(title), "only the artist was searched"


def test_the_help_lists_the_language_and_searches_for_an_example(page: LibraryPage) -> None:
    page.row.help.click()
    popover = page.findChild(SearchHelp)
    assert popover is not None
    assert [button.text() for button in popover.buttons] == [example for example, _ in EXAMPLES]
    next(button for button in popover.buttons if button.text() == "plays:0").click()
    assert page.search.text() == "plays:0"
    assert page.model.rowCount() == 25


@pytest.mark.parametrize("example", [example for example, _ in EXAMPLES])
def test_every_example_of_the_help_is_a_search(example: str) -> None:
    assert parse(example).terms


def test_ctrl_f_searches_the_page_that_is_shown(filled: MainWindow, views: Views) -> None:
    filled.shell.places.go("artists")
    filled.shell.actions.search.trigger()
    assert filled.focusWidget() is views.artists.search
    filled.shell.places.go("tracks")
    filled.shell.actions.search.trigger()
    assert filled.focusWidget() is filled.library.search
