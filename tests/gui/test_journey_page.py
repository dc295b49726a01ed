"""The page of journeys: ends chosen in every way there is, the way shown, changed and put to use."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.ui.journey.journey_control import END, PLACE, START, JourneyControl
from musicplayer.ui.journey.journey_lanes import Lanes
from musicplayer.ui.journey.journey_list import JourneyModel, JourneyRole
from musicplayer.ui.journey.journey_page import JourneyPage
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.mime import tracks_to_mime
from musicplayer.ui.tracks.track_picker import TrackPicker
from musicplayer.ui.window.main_window import MainWindow
from tests.gui import conftest
from tests.gui.test_radio import COUNT, heard, id_of, model

__all__ = ["heard", "model"]
FIRST, LAST = id_of(0), id_of(COUNT - 1)


@pytest.fixture
def control(heard: MainWindow) -> JourneyControl:
    return heard.extras.journey


@pytest.fixture
def page(control: JourneyControl, heard: MainWindow) -> JourneyPage:
    heard.shell.places.go(PLACE)
    return control.page


def found(page: JourneyPage, qtbot: QtBot, length: int = 12) -> tuple[TrackId, ...]:
    """The page with a way from the first to the last track."""
    page.set_end(START, FIRST)
    page.set_end(END, LAST)
    qtbot.waitUntil(lambda: len(page.tracks) == length, timeout=60_000)
    return page.tracks


def drop(widget: QWidget, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    widget.dropEvent(event)


def test_empty_it_says_what_to_do_and_offers_nothing_to_press(page: JourneyPage) -> None:
    assert page.state.isVisible()
    assert "Choose where" in page.state.text
    assert not page.tools.play_button.isEnabled()


def test_both_ends_give_a_way_that_can_be_looked_at(page: JourneyPage, qtbot: QtBot) -> None:
    tracks = found(page, qtbot)
    assert (tracks[0], tracks[-1]) == (FIRST, LAST)
    assert page.list.isVisible()
    assert page.tools.play_button.isEnabled()
    assert page.model.step_to(0) is None
    assert all(0 <= (page.model.step_to(row) or -1) <= 1 for row in range(1, 12))
    assert not page.grab().isNull()


def test_a_track_can_be_dropped_on_either_end(page: JourneyPage) -> None:
    drop(page.start, tracks_to_mime([id_of(4), id_of(5)]))
    drop(page.end, tracks_to_mime([id_of(6)]))
    assert page.ends == (id_of(4), id_of(6))
    assert page.start.title == "Title 004"


def test_what_plays_can_be_either_end(page: JourneyPage, heard: MainWindow, qtbot: QtBot, segue: Application) -> None:
    assert not page.end.playing_button.isEnabled()
    segue.services.player.play_tracks([id_of(7)])
    qtbot.mouseClick(page.end.playing_button, Qt.MouseButton.LeftButton)
    assert page.ends == (None, id_of(7))


def test_an_end_is_found_by_typing(page: JourneyPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.start.picker, "title 012")
    qtbot.keyClick(page.start.picker, Qt.Key.Key_Return)
    assert page.ends[0] == id_of(12)
    qtbot.mouseClick(page.start.clear_button, Qt.MouseButton.LeftButton)
    assert page.ends == (None, None)
    assert page.start.picker.text() == ""


def test_the_context_menu_leads_here(control: JourneyControl, heard: MainWindow) -> None:
    for words, track in (("Journey from here", id_of(2)), ("Journey to here", id_of(9))):
        menu = heard.shell.commands.menu([track], heard)
        next(action for action in menu.actions() if action.text() == words).trigger()
    assert heard.shell.places.current_place == PLACE
    assert control.page.ends == (id_of(2), id_of(9))
    menu = heard.shell.commands.menu([id_of(1), id_of(3)], heard)
    next(action for action in menu.actions() if action.text() == "Journey between these").trigger()
    assert control.page.ends == (id_of(1), id_of(3))


def test_the_slider_changes_how_many_there_are(page: JourneyPage, qtbot: QtBot) -> None:
    found(page, qtbot)
    page.tools.slider.setValue(7)
    qtbot.waitUntil(lambda: len(page.tracks) == 7, timeout=60_000)


def test_another_one_is_another_one(page: JourneyPage, qtbot: QtBot) -> None:
    before = found(page, qtbot)
    with qtbot.waitSignal(page.planner.found, timeout=60_000):
        qtbot.mouseClick(page.tools.another_button, Qt.MouseButton.LeftButton)
    assert set(page.tracks) != set(before)
    assert (page.tracks[0], page.tracks[-1]) == (FIRST, LAST)


def test_swapping_goes_the_other_way(page: JourneyPage, qtbot: QtBot) -> None:
    found(page, qtbot)
    with qtbot.waitSignal(page.planner.found, timeout=60_000):
        qtbot.mouseClick(page.swap_button, Qt.MouseButton.LeftButton)
    assert (page.tracks[0], page.tracks[-1]) == (LAST, FIRST)


def test_delete_takes_tracks_out_and_the_steps_are_measured_anew(page: JourneyPage, qtbot: QtBot) -> None:
    before = found(page, qtbot)
    page.list.setCurrentIndex(page.model.index(4, 0))
    page.remove_action.trigger()
    assert page.tracks == (*before[:4], *before[5:])
    assert page.model.step_to(4) == page.planner.nearness([before[3], before[5]])[0]


def test_play_queue_and_playlist_take_it_as_it_is_shown(
    page: JourneyPage, control: JourneyControl, heard: MainWindow, qtbot: QtBot, segue: Application
) -> None:
    tracks = found(page, qtbot)
    player = segue.services.player
    qtbot.mouseClick(page.tools.queue_button, Qt.MouseButton.LeftButton)
    assert [item.track for item in player.queue.items] == list(tracks)
    player.clear()
    qtbot.mouseClick(page.tools.play_button, Qt.MouseButton.LeftButton)
    assert player.current == FIRST
    control.save()
    [kept] = [each for each in segue.services.playlists.all() if each.name == "From Title 000 to Title 029"]
    assert tuple(segue.services.playlists.tracks(kept.id)) == tracks
    assert kept.name in heard.shell.messages.text


def test_it_goes_by_way_of_what_is_typed_and_no_more_once_the_chip_is_clicked(page: JourneyPage, qtbot: QtBot) -> None:
    assert not page.stops.isVisible(), "without ends there is nothing between them"
    found(page, qtbot, 12)
    through = next(id_of(number) for number in range(COUNT) if id_of(number) not in page.tracks)
    qtbot.keyClicks(page.stops.picker, f"title {int(through, 16):03}")
    qtbot.keyClick(page.stops.picker, Qt.Key.Key_Return)
    assert page.by == (through,)
    qtbot.waitUntil(lambda: through in page.tracks, timeout=60_000)
    assert (len(page.tracks), page.tracks[0], page.tracks[-1]) == (12, FIRST, LAST)
    row = page.model.index(page.tracks.index(through), 0)
    assert row.data(JourneyRole.STOP)
    assert "by way of" in row.data(Qt.ItemDataRole.ToolTipRole)
    assert page.list.currentIndex() == row, "what is new is in sight"
    qtbot.mouseClick(page.tools.another_button, Qt.MouseButton.LeftButton)
    assert through in page.tracks
    qtbot.mouseClick(page.stops.chips[0], Qt.MouseButton.LeftButton)
    assert (page.by, page.stops.chips) == ((), [])


def test_a_track_dropped_on_the_way_becomes_a_stop_and_swapping_keeps_it(page: JourneyPage, qtbot: QtBot) -> None:
    tracks = found(page, qtbot)
    through = next(id_of(number) for number in range(COUNT) if id_of(number) not in tracks)
    page.model.dropMimeData(tracks_to_mime([through]), Qt.DropAction.CopyAction, 3, 0, QModelIndex())
    assert page.by == (through,)
    qtbot.waitUntil(lambda: len(page.tracks) == 12 and through in page.tracks, timeout=60_000)
    with qtbot.waitSignal(page.planner.found, timeout=60_000):
        page.swap()
    assert (page.tracks[0], page.tracks[-1]) == (LAST, FIRST)
    assert through in page.tracks


def test_a_track_of_the_way_can_be_kept_and_let_go(page: JourneyPage, qtbot: QtBot) -> None:
    tracks = found(page, qtbot)
    page.list.setCurrentIndex(page.model.index(4, 0))
    assert page.pass_action in page.row_actions()
    page.pass_action.trigger()
    assert page.by == (tracks[4],)

    def is_said_of_it() -> bool:
        """The way is planned anew meanwhile, and its rows are others."""
        page.list.setCurrentIndex(page.model.index(page.tracks.index(tracks[4]), 0))
        return page.row_actions()[0].isChecked()

    qtbot.waitUntil(is_said_of_it)
    page.pass_action.trigger()
    assert page.by == ()


def test_the_menu_leads_by_way_of_a_track_and_through_several(control: JourneyControl, heard: MainWindow) -> None:
    control.page.set_way([id_of(2), id_of(9)])
    menu = heard.shell.commands.menu([id_of(20)], heard)
    next(action for action in menu.actions() if action.text() == "Journey by way of this").trigger()
    assert control.page.by == (id_of(20),)
    menu = heard.shell.commands.menu([id_of(number) for number in (1, 5, 8, 3)], heard)
    next(action for action in menu.actions() if action.text() == "Journey between these").trigger()
    assert (control.page.ends, control.page.by) == ((id_of(1), id_of(3)), (id_of(5), id_of(8)))


def test_rows_are_low_and_have_lines_of_tempo_key_and_energy(
    page: JourneyPage, qtbot: QtBot, segue: Application
) -> None:
    known = [
        conftest.track(number, artist=f"Artist {number}", tempo=90.0 + number, key="A minor") for number in range(COUNT)
    ]
    segue.services.library.catalogue.upsert(known)
    found(page, qtbot)
    row = page.model.index(3, 0)
    assert page.list.visualRect(row).height() == 48
    tempo, key, energy = row.data(JourneyRole.LANES)
    assert (tempo.text, key.text, energy.here) == (f"{90 + int(page.tracks[3], 16)}", "Am", None)
    assert tempo.here is not None
    assert "key Am" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    page.resize(900, 600)
    assert page.titles.titles() == ["Tempo", "Key", "Energy"]
    assert Lanes.within(300).width == 0, "in a narrow list names come first"


def test_where_there_is_no_way_it_says_why(page: JourneyPage, qtbot: QtBot) -> None:
    page.set_end(START, FIRST)
    page.set_end(END, FIRST)
    assert "same track" in page.state.text
    assert not page.tools.play_button.isEnabled()


def test_tracks_move_and_join_by_drag(catalogue: Catalogue) -> None:
    model = JourneyModel(catalogue, lambda tracks: [0.5] * (len(tracks) - 1))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_tracks([id_of(number) for number in (1, 2, 3, 4)])
    dragged = model.mimeData([model.index(3, 0)])
    assert model.dropMimeData(dragged, Qt.DropAction.MoveAction, 1, 0, QModelIndex())
    assert model.tracks == tuple(id_of(number) for number in (1, 4, 2, 3))
    model.dropMimeData(tracks_to_mime([id_of(9)]), Qt.DropAction.CopyAction, -1, -1, QModelIndex())
    assert model.tracks[-1] == id_of(9)
    assert model.step_to(4) == 0.5


def test_the_picker_forgives_what_is_no_search_and_what_is_not_there(
    catalogue: Catalogue, icons: Icons, qtbot: QtBot
) -> None:
    picker = TrackPicker(catalogue, icons, "Search")
    qtbot.addWidget(picker)
    for text in ("year:>", "nothing like it", "  "):
        picker.setText(text)
        picker.look()
        assert picker.offers.rowCount() == 0
        qtbot.keyClick(picker, Qt.Key.Key_Return)
    picker.setText("boards")
    picker.look()
    assert picker.offers.rowCount() == 10
