from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QLineEdit,
    QMenu,
    QScrollBar,
)
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.search import QueryError, parse
from indexer.core.events import Progress, Stage
from indexer.core.home import Home
from indexer.core.sentences.told import plain
from indexer.core.tracks import Problem, ProblemKind, Track
from musicplayer.app import Application, compose
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.frame.dropped import sort_paths
from musicplayer.ui.frame.job_status import progress_words
from musicplayer.ui.indexing.problems_dialog import ProblemsModel
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import give_keyboard

INTERACTIVE = (QAbstractButton, QLineEdit, QAbstractItemView, QAbstractSlider)


@pytest.fixture
def filled(segue: Application, tracks: list[Track]) -> MainWindow:
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert(tracks))
    return segue.window


def test_an_empty_library_invites_and_a_filled_one_shows_itself(window: MainWindow, segue: Application) -> None:
    assert window.library.welcome.isVisible()
    library = segue.services.library
    from .conftest import track

    library.changed.emit(library.catalogue.upsert([track(1)]))
    assert window.library.table.isVisible()
    assert not window.library.welcome.isVisible()


def test_every_interactive_widget_has_a_name_and_can_be_reached(filled: MainWindow) -> None:
    parts = [part for kind in INTERACTIVE for part in filled.findChildren(kind) if not isinstance(part, QScrollBar)]
    own = [
        part
        for part in parts
        if not part.objectName().startswith("qt_") and type(part).__module__ != "PySide6.QtWidgets"
    ]
    assert len(own) > 15
    assert [type(part).__name__ for part in own if not part.accessibleName().strip()] == []
    assert [part.accessibleName() for part in own if part.focusPolicy() == Qt.FocusPolicy.NoFocus] == []


def test_no_two_actions_share_a_shortcut(window: MainWindow) -> None:
    keys = [key.toString() for action in window.shell.actions.all() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_a_search_without_results_says_so_and_escape_brings_all_back(filled: MainWindow, qtbot: QtBot) -> None:
    page = filled.library
    qtbot.keyClicks(page.search, "nowhere to be found")
    qtbot.waitUntil(page.page.isVisible)
    assert "nowhere to be found" in page.page.text
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.model.rowCount() == 30


def test_escape_in_the_rows_ends_the_search_and_the_chosen_one_stays_in_view(filled: MainWindow, qtbot: QtBot) -> None:
    page = filled.library
    filled.resize(1100, 500)
    page.row.show_text("title:028")
    page.table.selectRow(0)
    chosen = page.table.selected_tracks()
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    assert page.model.rowCount() == 30
    assert page.table.selected_tracks() == chosen
    row = page.table.visualRect(page.model.index(page.table.selected_rows()[0], 1))
    assert page.table.viewport().rect().intersects(row)
    assert page.table.rowAt(0) > 0


def test_keys_queue_what_is_chosen_rows_and_whole_groups(filled: MainWindow, segue: Application, qtbot: QtBot) -> None:
    player, page = segue.services.player, filled.library
    first = page.model.shown_tracks()[:4]
    give_keyboard(page.table, qtbot)
    for row in (0, 1):
        page.table.selectRow(row)
        qtbot.keyClick(page.table, Qt.Key.Key_Insert)
    assert [item.track for item in player.queue.items] == first[:2]
    page.table.selectRow(3)
    qtbot.keyClick(page.table, Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier)
    assert {item.track for item in player.queue.items} == {first[0], first[1], first[3]}
    filled.shell.places.go("artists")
    tree = filled.shell.places.page.tree
    tree.select(tree.model().key_at(tree.model().index(1, 0)))
    give_keyboard(tree, qtbot)
    qtbot.keyClick(tree, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert len(player.queue.items) == 3 + 10


def test_the_menu_of_columns_stays_open_while_they_are_ticked(filled: MainWindow, qtbot: QtBot) -> None:
    table = filled.library.table
    menu = table.columns_menu(filled)
    wanted = [action for action in menu.actions() if action.isCheckable() and not action.isChecked()][:2]
    menu.popup(filled.mapToGlobal(filled.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    for action in wanted:
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    assert menu.isVisible()
    assert all(action.isChecked() for action in wanted)
    qtbot.mouseRelease(menu, Qt.MouseButton.RightButton, pos=menu.actionGeometry(wanted[0]).center())
    assert wanted[0].isChecked(), "the button that opened the menu was let go over it"
    menu.close()


def test_ranges_are_chosen_by_keys_and_clicks(filled: MainWindow, qtbot: QtBot) -> None:
    filled.activateWindow()
    table, shift = filled.library.table, Qt.KeyboardModifier.ShiftModifier
    left, ctrl = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier

    def click(row: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.mouseClick(table.viewport(), left, held, table.visualRect(table.model().index(row, 1)).center())

    click(1)
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Down, shift)
    assert table.selected_rows() == [1, 2, 3]
    click(5, shift)
    assert table.selected_rows() == [1, 2, 3, 4, 5]
    click(3, ctrl)
    assert table.selected_rows() == [1, 2, 4, 5]
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Down, shift)
    assert table.selected_rows() == [0, 1]


def test_what_plays_stays_chosen_however_often_it_is_asked_for_with_keys_held(
    filled: MainWindow, segue: Application, qtbot: QtBot
) -> None:
    player, table = segue.services.player, filled.library.table
    player.play_tracks(filled.library.model.shown_tracks()[5:6])
    give_keyboard(table, qtbot)
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert table.selected_tracks() == [player.current]
    player.stop()


def test_a_key_opens_the_menu_of_the_chosen_row(filled: MainWindow, qtbot: QtBot) -> None:
    filled.library.table.selectRow(2)
    give_keyboard(filled.library.table, qtbot)
    qtbot.keyClick(filled.library.table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    QApplication.activePopupWidget().close()


def test_enter_presses_the_button_that_has_the_keyboard(filled: MainWindow, segue: Application, qtbot: QtBot) -> None:
    button = filled.transport.shuffle
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert segue.services.player.queue.shuffle


@pytest.mark.parametrize("typed", ["title year>soon", 'title "live at', "foo>3", "artist>boards", "title length<4:"])
def test_a_malformed_search_says_what_is_wrong_instead_of_rows_of_its_beginning(
    filled: MainWindow, qtbot: QtBot, typed: str
) -> None:
    page = filled.library
    for letter in typed:  # a search at every key, as by a slow hand
        qtbot.keyClick(page.search, letter)
        page.search.ask_now()
    assert page.search.property("wrong")
    assert page.model.rowCount() == 0
    assert page.page.isVisible()
    with pytest.raises(QueryError) as told:
        parse(typed)
    assert page.page.text == f"{told.value.message} {told.value.advice}"
    assert told.value.message in page.summary.whole_text
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.model.rowCount() == 30
    assert not page.search.property("wrong")


def test_a_field_that_does_not_exist_is_told(filled: MainWindow, qtbot: QtBot) -> None:
    page = filled.library
    qtbot.keyClicks(page.search, "foo:bar")
    qtbot.waitUntil(page.page.isVisible)
    assert "There is no field “foo”" in page.page.text
    assert "There is no field “foo”" in page.summary.text()
    page.row.show_text("title:title")
    assert "field" not in page.summary.text()


def test_albums_and_map_say_what_is_wrong_too(filled: MainWindow, qtbot: QtBot) -> None:
    filled.shell.places.go("albums")
    albums = filled.shell.places.currentWidget().content
    albums.row.show_text("year>soon")
    assert albums.model.rowCount() == 0
    assert "not “soon”" in albums.state.text
    albums.row.show_text("foo:bar")
    assert "There is no field “foo”" in albums.state.text
    albums.row.show_text("")
    assert albums.model.rowCount() > 0


def test_space_types_in_the_search_and_does_not_play(filled: MainWindow, segue: Application, qtbot: QtBot) -> None:
    segue.services.player.enqueue([filled.library.model.track_at(0)])
    filled.library.search.setFocus()
    qtbot.keyClicks(filled.library.search, "a b")
    assert filled.library.search.text() == "a b"
    assert segue.services.player.state is PlaybackState.STOPPED


def test_space_presses_a_button_that_has_the_focus(filled: MainWindow, segue: Application, qtbot: QtBot) -> None:
    segue.services.player.enqueue([filled.library.model.track_at(0)])
    shuffle = filled.transport.shuffle
    shuffle.setFocus()
    qtbot.keyClick(shuffle, Qt.Key.Key_Space)
    assert segue.services.player.queue.shuffle
    assert segue.services.player.state is PlaybackState.STOPPED


def test_rebuild_asks_first_and_cancel_starts_nothing(window: MainWindow, segue: Application, qtbot: QtBot) -> None:
    window.shell.actions.rebuild.trigger()
    dialog = next(top for top in QApplication.topLevelWidgets() if isinstance(top, ConfirmDialog))
    qtbot.mouseClick(dialog.no, Qt.MouseButton.LeftButton)
    assert not segue.services.jobs.is_running


def test_messages_show_one_at_a_time_and_a_notice_does_not_hide_a_warning(window: MainWindow, qtbot: QtBot) -> None:
    window.shell.messages.warn("The drive is gone.", "Connect it.")
    window.shell.messages.tell("The index is ready.")
    assert window.shell.messages.text == "The drive is gone. Connect it."
    qtbot.mouseClick(window.shell.messages.dismiss, Qt.MouseButton.LeftButton)
    assert window.shell.messages.text == ""


def test_a_wide_bar_gives_half_of_it_to_the_seek_bar_and_says_more(
    filled: MainWindow, segue: Application, tracks: list[Track], qtbot: QtBot
) -> None:
    bar, library = filled.transport, segue.services.library
    library.changed.emit(library.catalogue.upsert([replace(tracks[0], tempo=117.6, key="A minor")]))
    segue.services.player.play_tracks([tracks[0].id])
    filled.resize(1920, 900)
    qtbot.waitUntil(lambda: bar.seek.width() >= bar.width() / 2)
    assert bar.facts.whole_text == "118 BPM · A minor · FLAC"
    filled.resize(1240, 780)
    qtbot.waitUntil(lambda: bar.facts.whole_text == "")
    assert bar.cover.mapTo(bar, bar.cover.rect().topLeft()).x() < 20


def test_the_window_title_and_bar_name_what_plays(filled: MainWindow, segue: Application, tracks: list[Track]) -> None:
    segue.services.player.restore(segue.services.player.queue, 0.0)
    segue.services.player.enqueue([tracks[3].id])
    segue.services.player.track_changed.emit(tracks[3].id)
    assert filled.windowTitle() == f"{tracks[3].title} – {tracks[3].artist} · Segue"
    assert filled.transport.title.whole_text == tracks[3].title


def test_layout_and_theme_are_back_at_the_next_start(home: Home, qapp: QApplication) -> None:
    first = compose(qapp, home)
    first.window.shell.actions.themes["dark"].trigger()
    first.window.library.table.setColumnHidden(4, True)
    first.window.show()
    first.window.close()
    first.shutdown()
    second = compose(qapp, home)
    assert second.services.look.theme.is_dark
    assert second.window.library.table.isColumnHidden(4)
    second.window.close()
    second.shutdown()


def test_progress_is_told_in_words() -> None:
    event = Progress(Stage.EXTRACT, 312, 8000, 14.2, 540, 1)
    assert progress_words(event) == "Analysing your music · 312 of 8,000 · 14/s · 9 min left · 1 with problems"


def test_only_where_there_are_problems_files_are_tried_again(window: MainWindow, segue: Application) -> None:
    dialog, client = window.problems, segue.services.library.client
    client.problems_loaded.emit([Problem("/music/odd.mp3", ProblemKind.EMPTY, "It is empty.", "Copy it anew.", 0.0)])
    assert dialog.rescan_button.isEnabled()
    client.problems_loaded.emit([])
    assert not dialog.rescan_button.isEnabled()


def test_problems_list_names_that_are_no_text(qtmodeltester: ModelTester) -> None:
    model = ProblemsModel()
    words = plain("odd.mp3 is empty.", "Delete it.")
    model.show_problems([Problem("/music/\udcffodd.mp3", ProblemKind.EMPTY, *words, 0.0)])
    qtmodeltester.check(model)
    assert model.index(0, 0).data() == "\ufffdodd.mp3"


def test_what_is_dropped_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "a.mp3"
    file.touch()
    found = sort_paths([str(tmp_path), str(file), str(tmp_path / "none")])
    assert (found.folders, found.files, found.missing) == ((str(tmp_path),), (str(file),), (str(tmp_path / "none"),))
