"""The panels beside the page in windows of every size: rows in both of them, and a width that suits the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from indexer.core.discover.more_like import SimilarAnswer, SimilarState
from indexer.core.discover.selection import SimilarRow
from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.ui.frame.sidebar import DEFAULT_WIDTH
from musicplayer.ui.window.main_window import MainWindow
from musicplayer.ui.window.panels import NARROWEST, QUEUE_SHARE, WIDEST


@pytest.fixture
def busy(segue: Application, tracks: list[Track], monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """Seeds chosen, radio on, a queue: all that the panels can show at once."""
    services, window = segue.services, segue.window
    services.library.changed.emit(services.library.catalogue.upsert(tracks))
    rows = tuple(SimilarRow(track.id, 0.9, 0.5, 0.9, near=3) for track in tracks[10:20])
    answer = SimilarAnswer(tracks[0].id, SimilarState.READY, rows)
    monkeypatch.setattr(services.similar, "for_tracks", lambda *_: answer)
    services.player.enqueue([track.id for track in tracks[:8]])
    window.similar.choose_all([track.id for track in tracks[20:26]])
    services.radio.start([track.id for track in tracks[20:26]])
    return window


def place_of(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def seen_labels(parent: QWidget) -> list[QLabel]:
    return [label for label in parent.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize("size", [(1110, 520), (1240, 780), (1440, 900)])
def test_both_panels_show_rows_and_cover_nothing_of_each_other(
    busy: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    busy.resize(*size)
    qtbot.waitUntil(lambda: (busy.width(), busy.height()) == size)
    qtbot.waitUntil(lambda: not place_of(busy.similar, busy).intersects(place_of(busy.queue, busy)))
    similar, queue = place_of(busy.similar, busy), place_of(busy.queue, busy)
    assert queue.bottom() <= place_of(busy.transport, busy).top()
    assert place_of(busy.queue.title_bar, busy).top() > similar.bottom()
    for view in (busy.similar.list, busy.queue.list):
        assert view.isVisible()
        assert view.viewport().rect().contains(view.visualRect(view.model().index(0, 0)).adjusted(0, 0, 0, -1))


@pytest.mark.parametrize("size", [(1240, 780), (1440, 900)])
def test_the_queue_has_its_share_of_the_height(busy: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    busy.resize(*size)
    both = lambda: busy.queue.height() + busy.similar.height()  # noqa: E731
    qtbot.waitUntil(lambda: busy.queue.height() >= (QUEUE_SHARE - 0.01) * both())


@pytest.mark.parametrize("width", [300, 360, 640])
def test_the_tools_have_as_many_words_as_there_is_room_for(busy: MainWindow, width: int) -> None:
    tools = busy.similar.tools
    assert busy.similar.minimumSizeHint().width() <= NARROWEST
    tools.resize(width, tools.height())
    buttons = (tools.radio_button, tools.all_button, tools.near_button)
    worded = [button.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonIconOnly for button in buttons]
    assert worded == sorted(worded, reverse=True)
    assert worded[0]
    assert all(worded) is (width > NARROWEST)
    assert tools.sizeHint().width() <= width


def test_the_head_of_the_queue_has_words_where_there_is_room(busy: MainWindow) -> None:
    head, save = busy.queue.title_bar, busy.queue.save_button
    for width, worded in ((640, True), (340, False)):
        head.resize(width, head.height())
        assert (save.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon) is worded
    assert head.minimumSizeHint().width() < NARROWEST


def test_a_wide_window_has_the_panels_side_by_side(busy: MainWindow, qtbot: QtBot) -> None:
    busy.resize(1920, 900)
    qtbot.waitUntil(lambda: place_of(busy.similar, busy).right() < place_of(busy.queue, busy).left())
    assert place_of(busy.similar, busy).top() == place_of(busy.queue, busy).top()
    qtbot.waitUntil(lambda: busy.queue.width() == busy.similar.width() == busy.panels.wanted_width())
    busy.resize(1440, 900)
    qtbot.waitUntil(lambda: place_of(busy.similar, busy).bottom() < place_of(busy.queue, busy).top())


def test_a_narrow_window_has_the_panels_as_tabs(busy: MainWindow, qtbot: QtBot) -> None:
    busy.resize(900, 600)
    qtbot.waitUntil(lambda: busy.queue in busy.tabifiedDockWidgets(busy.similar))
    qtbot.waitUntil(lambda: not busy.similar.visibleRegion().isEmpty() and busy.queue.visibleRegion().isEmpty())
    qtbot.waitUntil(lambda: "More like this" not in [label.text() for label in seen_labels(busy.similar.title_bar)])
    toggle = busy.panels.actions[1]
    toggle.trigger()
    qtbot.waitUntil(lambda: not busy.queue.visibleRegion().isEmpty())
    assert toggle.isChecked(), "what lay behind comes to the front, and is not closed"
    for view in (busy.queue.list, busy.similar.list):
        assert view.viewport().height() > view.sizeHintForRow(0)


def test_a_panel_that_a_hand_took_away_is_left_alone(busy: MainWindow, qtbot: QtBot) -> None:
    busy.queue.setFloating(True)
    busy.resize(1920, 900)
    qtbot.waitUntil(lambda: busy.width() == 1920)
    assert busy.queue.isFloating()
    busy.queue.setFloating(False)


def test_a_head_that_was_not_shown_yet_has_its_chips(busy: MainWindow, qtbot: QtBot, tracks: list[Track]) -> None:
    busy.resize(1110, 600)
    busy.similar.choose(tracks[0].id)
    assert busy.similar.header.chips.isHidden()
    busy.similar.choose_all([track.id for track in tracks[:3]])
    chips = busy.similar.header.chips
    assert chips.height() > 20, "at once, before Qt shows what is new"
    qtbot.waitUntil(lambda: chips.height() > 20 and chips.isVisible())


def test_the_panels_follow_the_width_of_the_window(busy: MainWindow, qtbot: QtBot) -> None:
    widths = []
    for width in (900, 1440, 1400, 900, 1440):
        busy.resize(width, 800)
        qtbot.waitUntil(lambda width=width: busy.similar.width() == busy.panels.wanted_width())
        widths.append(busy.similar.width())
        if not busy.queue.visibleRegion().isEmpty():  # what lies behind is laid out when it comes to the front
            assert busy.queue.width() == busy.similar.width()
    assert widths[0] == widths[3] == NARROWEST
    assert NARROWEST < widths[1] == widths[4] <= WIDEST
    assert busy.library.table.width() + busy.similar.width() < 1440


def test_a_height_that_a_hand_gave_is_kept_as_a_share(busy: MainWindow, qtbot: QtBot, segue: Application) -> None:
    busy.resize(1200, 900)
    qtbot.waitUntil(lambda: busy.similar.width() == busy.panels.wanted_width())
    queue = place_of(busy.queue, busy)
    spot = QPoint(queue.center().x(), queue.top() - 1)
    QTest.mousePress(busy, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(busy, spot + QPoint(0, 80))
    qtbot.waitUntil(lambda: busy.queue.height() < queue.height() - 60)  # Qt moves the edge by a timer
    QTest.mouseRelease(busy, Qt.MouseButton.LeftButton, pos=spot + QPoint(0, 80))
    share = busy.queue.height() / (busy.queue.height() + busy.similar.height())
    assert segue.services.preferences.settings.queue_share == pytest.approx(share, abs=0.01)
    busy.resize(1200, 800)
    both = lambda: busy.queue.height() + busy.similar.height()  # noqa: E731
    qtbot.waitUntil(lambda: busy.height() == 800 and abs(busy.queue.height() - share * both()) <= 3)


def test_the_side_bar_keeps_its_width_in_a_window_that_gets_smaller(busy: MainWindow, qtbot: QtBot) -> None:
    for width in (1440, 1100, 1300):
        busy.resize(width, 800)
        qtbot.waitUntil(lambda width=width: busy.width() == width and busy.side.width() == DEFAULT_WIDTH)


def test_a_width_that_a_hand_gave_is_kept_as_a_share(busy: MainWindow, qtbot: QtBot, segue: Application) -> None:
    busy.resize(1200, 800)
    qtbot.waitUntil(lambda: busy.similar.width() == busy.panels.wanted_width())
    edge = place_of(busy.similar, busy)
    spot = QPoint(edge.left() - 1, edge.center().y() - 150)
    QTest.mousePress(busy, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(busy, spot - QPoint(100, 0))
    qtbot.waitUntil(lambda: busy.similar.width() > edge.width() + 80)  # Qt moves the edge by a timer
    QTest.mouseRelease(busy, Qt.MouseButton.LeftButton, pos=spot - QPoint(100, 0))
    share = busy.similar.width() / 1200
    assert segue.services.preferences.settings.panel_share == pytest.approx(share, abs=0.01)
    busy.resize(1400, 800)
    qtbot.waitUntil(lambda: abs(busy.similar.width() - 1400 * share) <= 3)
