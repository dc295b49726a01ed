from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
)
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QHeaderView, QStyleOptionViewItem
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import parse
from indexer.core.catalogue.shown import Column
from indexer.core.tracks import Track
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_of
from musicplayer.ui.look.ordered_rows import OrderedList, OrderedTable
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.tracks.column_widths import shared_widths
from musicplayer.ui.tracks.track_table import COLUMNS, TrackTableModel
from musicplayer.ui.tracks.track_view import TrackView
from tests.conftest import turn

from .conftest import track

TITLE = COLUMNS.index(Column.TITLE)
YEAR = COLUMNS.index(Column.YEAR)


class Numbers(OrderedTable):
    def columnCount(self, parent: object = None) -> int:  # noqa: N802
        return 1

    def data(self, index: object, role: int = 0) -> object:
        return int(self._keys[index.row()]) if role == 0 else None  # type: ignore[attr-defined]


@pytest.fixture
def model(catalogue: Catalogue, look: Look) -> TrackTableModel:
    return TrackTableModel(catalogue, look)


@pytest.fixture
def view(model: TrackTableModel, qtbot: QtBot) -> TrackView:
    made = TrackView(model)
    qtbot.addWidget(made)
    made.resize(1000, 500)
    made.show()
    return made


def titles(model: TrackTableModel) -> list[str]:
    return [model.index(row, TITLE).data() for row in range(model.rowCount())]


def typed(qtbot: QtBot, view: TrackView, keys: str, column: Column, *, rested: bool = True) -> str:
    """The cell of `column` that typing goes to, which begins anew after a rest."""
    interval = QApplication.keyboardInputInterval()
    if rested:
        QApplication.setKeyboardInputInterval(0)
        before = QElapsedTimer()
        before.start()
        qtbot.waitUntil(lambda: before.hasExpired(1))
    qtbot.keyClicks(view, keys[:1])
    QApplication.setKeyboardInputInterval(interval)
    qtbot.keyClicks(view, keys[1:])
    return str(view.currentIndex().siblingAtColumn(COLUMNS.index(column)).data())


def test_typing_goes_to_what_the_sorted_column_starts_with(
    view: TrackView, model: TrackTableModel, catalogue: Catalogue, qtbot: QtBot
) -> None:
    model.on_changed(catalogue.upsert([track(50, artist="Zulu", title="Another", year=None)]))
    view.setFocus()
    assert typed(qtbot, view, "bo", Column.ARTIST) == "Boards"
    assert view.selected_rows() == [view.currentIndex().row()]
    assert typed(qtbot, view, "a", Column.ARTIST) == "Äther"
    first = view.currentIndex().row()
    assert typed(qtbot, view, "a", Column.ARTIST, rested=False) == "Äther"
    assert view.currentIndex().row() == first + 1
    view.sort_by(Column.TITLE)
    assert typed(qtbot, view, "another", Column.TITLE) == "Another"
    view.sort_by(Column.YEAR, descending=True)
    assert typed(qtbot, view, "1998", Column.YEAR) == "1998"
    view.sort_by(Column.ADDED)
    found = typed(qtbot, view, "title 01", Column.TITLE)
    assert found.startswith("Title 01")
    assert typed(qtbot, view, "xyz", Column.TITLE) == found


def test_model_keeps_qts_rules_while_rows_come_go_and_move(
    model: TrackTableModel, catalogue: Catalogue, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(model)
    model.sort(YEAR, Qt.SortOrder.DescendingOrder)
    model.set_query(parse("artist:boards"))
    model.on_changed(catalogue.upsert([track(40), track(41)]))
    model.set_query(parse(""))
    qtmodeltester.check(model)


@pytest.mark.parametrize("kind", [Numbers, OrderedList])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(st.lists(st.integers(0, 40), unique=True), min_size=2, max_size=5))
def test_persistent_indexes_follow_their_rows(
    qapp: object, kind: type[Numbers | OrderedList], orders: list[list[int]]
) -> None:
    model = kind()
    model.show_keys(np.array(orders[0], np.int64))
    kept = {key: QPersistentModelIndex(model.index(row, 0)) for row, key in enumerate(orders[0])}
    alive = set(orders[0])
    for order in orders[1:]:
        model.show_keys(np.array(order, np.int64))
        alive &= set(order)
        assert model.keys.tolist() == order
        assert model.rowCount() == len(order)
        assert all(kept[key].row() == order.index(key) for key in alive)
        assert not any(kept[key].isValid() for key in set(kept) - alive)


def test_a_list_keeps_rows_that_were_dragged_out_of_its_view(qapp: object) -> None:
    model = OrderedList()
    model.show_keys(np.arange(5))
    assert not model.removeRows(1, 2)  # as a view does after a drag that moved
    assert not model.moveRow(QModelIndex(), 0, QModelIndex(), 3)  # and first tries, instead of a drop
    assert (model.rowCount(), len(model.keys)) == (5, 5)


def test_sorts_by_header_in_both_directions(model: TrackTableModel) -> None:
    model.sort(TITLE, Qt.SortOrder.AscendingOrder)
    assert titles(model) == sorted(titles(model))
    model.sort(TITLE, Qt.SortOrder.DescendingOrder)
    assert titles(model) == sorted(titles(model), reverse=True)


def test_search_folds_case_and_diacritics(model: TrackTableModel) -> None:
    model.set_query(parse("ather"))
    assert model.rowCount() == 10


def test_the_selection_survives_sorting_and_new_tracks(
    view: TrackView, model: TrackTableModel, catalogue: Catalogue, tracks: list[Track]
) -> None:
    view.show_track(tracks[4].id)
    model.sort(YEAR, Qt.SortOrder.DescendingOrder)
    model.on_changed(catalogue.upsert([track(50, artist="Aaa")]))
    assert view.selected_tracks() == [tracks[4].id]


def test_the_playing_row_is_marked_and_an_away_one_dimmed(
    model: TrackTableModel, tracks: list[Track], theme: Theme
) -> None:
    model.set_playing(tracks[2].id)
    playing, away = model.row_of(tracks[2].id), model.row_of(tracks[7].id)
    assert playing is not None
    assert away is not None
    foreground = Qt.ItemDataRole.ForegroundRole
    assert model.index(playing, TITLE).data(foreground) == theme.colour("accent")
    assert model.index(away, TITLE).data(foreground) == theme.colour("faint")
    assert model.index(playing, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Playing now, ")


def test_double_click_and_enter_play(view: TrackView, model: TrackTableModel, qtbot: QtBot) -> None:
    spot = view.visualRect(model.index(3, TITLE)).center()
    with qtbot.waitSignal(view.row_activated) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert clicked.args == [3]
    view.selectRow(1)
    view.selectionModel().select(
        model.index(2, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    )
    with qtbot.waitSignal(view.play_requested) as entered:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert entered.args == [model.tracks_at([1, 2])]


def test_dragged_rows_carry_their_tracks(model: TrackTableModel) -> None:
    data = model.mimeData([model.index(2, 1), model.index(0, 1), model.index(0, 2)])
    assert tracks_of(data) == model.tracks_at([0, 2])


def test_columns_are_chosen_moved_and_remembered(view: TrackView, model: TrackTableModel, qtbot: QtBot) -> None:
    menu = view.columns_menu(view)
    next(action for action in menu.actions() if action.text() == "Genre").setChecked(False)
    view.horizontalHeader().moveSection(1, 2)
    state = view.columns_state()
    other = TrackView(model)
    qtbot.addWidget(other)
    other.restore_columns(state)
    assert other.isColumnHidden(COLUMNS.index(Column.GENRE))
    assert other.horizontalHeader().visualIndex(1) == 2
    other.restore_columns("rubbish")


def test_a_row_that_plays_keeps_its_colour_where_it_is_selected(view: TrackView, model: TrackTableModel) -> None:
    model.set_playing(model.track_at(0))
    colours = []
    for row in range(2):
        option = QStyleOptionViewItem()
        view.itemDelegate().initStyleOption(option, model.index(row, TITLE))
        colours.append(option.palette.color(option.palette.ColorRole.HighlightedText))
    assert colours[0] == model.theme.colour("accent") != colours[1]


def test_a_column_that_is_told_is_shown_until_another_is_and_is_nobodys_choice(view: TrackView) -> None:
    added, played = COLUMNS.index(Column.ADDED), COLUMNS.index(Column.LAST_PLAYED)
    chosen = [view.columnWidth(section) for section in range(len(COLUMNS))]
    view.tell(Column.ADDED)
    assert not view.isColumnHidden(added)
    assert view.horizontalHeader().length() == view.viewport().width()
    view.tell(Column.LAST_PLAYED)
    assert (view.isColumnHidden(added), view.isColumnHidden(played)) == (True, False)
    view.reset_columns()
    assert not view.isColumnHidden(played)
    view.restore_columns(view.columns_state())
    view.tell(None)
    assert view.isColumnHidden(played)
    assert [view.columnWidth(section) for section in range(len(COLUMNS))] == chosen


def test_a_column_that_a_hand_hid_where_it_is_told_stays_away(
    view: TrackView, model: TrackTableModel, qtbot: QtBot
) -> None:
    added = COLUMNS.index(Column.ADDED)
    view.tell(Column.ADDED)
    next(each for each in view.columns_menu(view).actions() if each.text() == "Added").setChecked(False)
    later = TrackView(model)
    qtbot.addWidget(later)
    later.restore_columns(view.columns_state())
    for shown in (view, later):
        shown.tell(None)
        shown.tell(Column.ADDED)
        assert shown.isColumnHidden(added)
    next(each for each in later.columns_menu(later).actions() if each.text() == "Added").setChecked(True)
    later.tell(None)
    later.tell(Column.ADDED)
    assert not later.isColumnHidden(added)


def test_columns_that_a_hand_sized_stay_and_the_others_fill_the_width(view: TrackView) -> None:
    artist = COLUMNS.index(Column.ARTIST)
    view.resize(1200, 500)
    assert view.horizontalHeader().length() == view.viewport().width()
    before = view.columnWidth(artist)
    view.setColumnWidth(TITLE, 150)
    view.resize(1400, 500)
    assert view.columnWidth(TITLE) == 150
    assert view.columnWidth(artist) > before
    assert view.horizontalHeader().length() == view.viewport().width()
    next(each for each in view.columns_menu(view).actions() if each.text() == "Widths by content").trigger()
    assert view.columnWidth(TITLE) != 150
    assert view.horizontalHeader().length() == view.viewport().width()


def test_columns_of_long_texts_are_wider_and_stay_so_while_one_searches(
    catalogue: Catalogue, look: Look, qtbot: QtBot
) -> None:
    long = "A title that goes on for as long as it likes"
    catalogue.upsert([track(number, title=f"{long} {number}", album="LP") for number in range(30)])
    model = TrackTableModel(catalogue, look)
    view = TrackView(model)
    qtbot.addWidget(view)
    view.resize(1200, 1_100)  # no scroll bar comes or goes
    view.show()
    title, album = view.columnWidth(TITLE), view.columnWidth(COLUMNS.index(Column.ALBUM))
    assert title > view.fontMetrics().horizontalAdvance(long)
    assert title > 2 * album
    model.set_query(parse("7"))
    assert view.columnWidth(TITLE) == title
    model.on_changed(catalogue.upsert([track(number, title="A", album=long) for number in range(100)]))
    assert view.columnWidth(TITLE) < view.columnWidth(COLUMNS.index(Column.ALBUM)), "quite another library"


def test_hiding_a_column_gives_its_room_to_the_others(view: TrackView) -> None:
    for shown in (False, True):
        next(each for each in view.columns_menu(view).actions() if each.text() == "Genre").setChecked(shown)
        assert view.horizontalHeader().length() == view.viewport().width()


@pytest.mark.parametrize(
    ("needs", "room", "shared"),
    [
        ([100, 200], 600, [200, 400]),
        ([100, 400, 400], 600, [100, 250, 250]),
        ([90, 400], 240, [90, 150]),
        ([300, 300, 300], 250, [84, 83, 83]),
    ],
)
def test_room_is_shared_by_need(needs: list[int], room: int, shared: list[int]) -> None:
    assert sorted(shared_widths(needs, room)) == sorted(shared)


def test_rows_have_one_fixed_height(view: TrackView) -> None:
    assert {view.rowHeight(row) for row in range(30)} == {view.verticalHeader().defaultSectionSize()}
    assert view.indexAt(QPoint(50, 5)).row() == 0


def test_selecting_everything_does_not_visit_every_cell(
    catalogue: Catalogue, look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.upsert([track(number) for number in range(100, 5100)])
    view = TrackView(TrackTableModel(catalogue, look))
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    qtbot.waitExposed(view)
    asked: list[int] = []
    counted = TrackTableModel.columnCount
    monkeypatch.setattr(TrackTableModel, "columnCount", lambda *args: asked.append(1) or counted(*args))
    view.selectAll()
    view.grab()
    assert len(view.selected_rows()) == 5030
    assert len(asked) < 5000


@pytest.mark.parametrize("width", [640, 751, 900, 1400])
def test_columns_fill_the_width_and_no_more(view: TrackView, qtbot: QtBot, width: int) -> None:
    view.resize(width, 400)
    view.reset_columns()
    turn(qtbot)
    assert view.horizontalHeader().length() <= view.viewport().width()


def test_a_search_is_painted_once(view: TrackView, model: TrackTableModel, qtbot: QtBot) -> None:
    painted: list[int] = []

    class Counter(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                painted.append(1)
            return False

    counter = Counter(view)
    view.resize(1000, 160)  # so that there is a scroll bar before and after
    qtbot.waitExposed(view)
    turn(qtbot)
    view.viewport().installEventFilter(counter)
    model.set_query(parse("-cave"))
    qtbot.waitUntil(lambda: bool(painted))
    turn(qtbot)
    assert len(painted) == 1


def test_columns_that_filled_a_small_table_fill_a_large_one_after_a_restart(
    view: TrackView, model: TrackTableModel, qtbot: QtBot
) -> None:
    view.resize(420, 300)  # too small for the least widths: the columns reach beyond the table
    qtbot.waitExposed(view)
    assert view.horizontalHeader().length() > view.viewport().width()
    later = TrackView(model)
    qtbot.addWidget(later)
    later.restore_columns(view.columns_state())
    later.resize(420, 300)
    later.show()
    qtbot.waitExposed(later)
    later.resize(1400, 300)
    assert abs(later.horizontalHeader().length() - later.viewport().width()) <= 2


def test_columns_that_filled_a_large_table_are_at_their_least_in_one_that_is_too_small(view: TrackView) -> None:
    view.resize(1800, 300)
    view.resize(420, 300)
    header = view.horizontalHeader()
    shown = [section for section in range(header.count()) if not header.isSectionHidden(section)]
    assert max(header.sectionSize(section) for section in shown) <= 90
    view.resize(1200, 300)
    assert abs(header.length() - view.viewport().width()) <= 2


def test_columns_that_a_hand_sized_stay_so_after_a_restart(
    view: TrackView, model: TrackTableModel, qtbot: QtBot
) -> None:
    view.setColumnWidth(TITLE, 333)
    later = TrackView(model)
    qtbot.addWidget(later)
    later.restore_columns(view.columns_state())
    later.show()
    later.resize(1400, 300)
    assert later.columnWidth(TITLE) == 333


def test_columns_that_came_since_are_hidden_behind_those_that_were_chosen(
    view: TrackView, model: TrackTableModel, qtbot: QtBot
) -> None:
    count = COLUMNS.index(Column.FAVOURITE)
    before = QStandardItemModel(0, count)
    header = QHeaderView(Qt.Orientation.Horizontal)
    qtbot.addWidget(header)
    header.setModel(before)
    header.setSectionsMovable(True)
    for section in range(count):
        header.setSectionHidden(section, section not in (0, TITLE, YEAR))
    header.resizeSection(TITLE, 321)
    header.moveSection(header.visualIndex(YEAR), 1)
    view.restore_columns(f"{count}:{header.saveState().toBase64().toStdString()}:sized")
    shown = [section for section in range(len(COLUMNS)) if not view.isColumnHidden(section)]
    assert shown == [0, TITLE, YEAR]
    assert view.columnWidth(TITLE) == 321
    assert view.horizontalHeader().visualIndex(YEAR) == 1
    later = COLUMNS.index(Column.BPM)
    view.setColumnHidden(later, False)
    assert view.columnWidth(later) >= 58


def test_stars_and_hearts_are_clicked_in_their_cells(view: TrackView, model: TrackTableModel, qtbot: QtBot) -> None:
    stars, heart = COLUMNS.index(Column.RATING), COLUMNS.index(Column.FAVOURITE)
    for section in (stars, heart):
        view.setColumnHidden(section, False)
        view.horizontalHeader().moveSection(view.horizontalHeader().visualIndex(section), 1)
    wide = view.fontMetrics().horizontalAdvance("☆")
    told: list[object] = []
    view.stars_chosen.connect(lambda tracks, number: told.append((tracks, number)))
    view.heart_clicked.connect(told.append)
    spot = view.visualRect(model.index(2, stars))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot.topLeft() + QPoint(wide * 3 + 2, 9))
    assert told == [(model.tracks_at([2]), 4.0)] or told == [(model.tracks_at([2]), 3.0)]
    spot = view.visualRect(model.index(1, heart))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot.topLeft() + QPoint(wide // 2 + 4, 9))
    assert told[1:] == [model.tracks_at([1])]
    spot = view.visualRect(model.index(1, TITLE))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot.topLeft() + QPoint(9, 9))
    assert len(told) == 2, "a title says nothing"
