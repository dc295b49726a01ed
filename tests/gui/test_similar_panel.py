"""The panel "More like this" in the real window: rows, reasons, hiding, the same artist, several seeds, the pin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QMenu,
    QSlider,
    QStyle,
    QStyleOptionViewItem,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from indexer.core.discover.nearness import NearByTaste
from indexer.core.home import Home
from indexer.core.model.explain import BlockShare, Character, PairReason
from indexer.core.phrases import isolated
from indexer.core.settings import NearBy, SameArtist
from indexer.core.tracks import Track, TrackId
from musicplayer.app import Application
from musicplayer.ui.frame.recommending import RecommendingPopover
from musicplayer.ui.look.track_rows import Role
from musicplayer.ui.similar.similar_delegate import HEIGHT, WIDE
from musicplayer.ui.similar.similar_dock import SimilarDock
from musicplayer.ui.similar.similar_rows import SimilarRole
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import run_out
from tests.unit.core.taste.made import made_model
from tests.unit.discover.small_model import write_small_model

BUILT = 12
REASON = PairReason(
    (BlockShare("mfcc", 0.5, 0.8), BlockShare("chroma", 0.3, 0.9), BlockShare("rhythm", -0.2, -0.5)),
    Character(120.2, "C major", -14.0),
    Character(127.8, "A minor", -12.0),
)


@pytest.fixture
def panel(segue: Application, home: Home, qtbot: QtBot, tracks: list[Track]) -> SimilarDock:
    """Twelve tracks on an arc, the first of them playing; each by an artist of its own but for 0, 1 and 2."""
    artists = dict.fromkeys(range(3), "Trio")
    named = [replace(track, artist=artists.get(number, track.title)) for number, track in enumerate(tracks)]
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert(named))
    angles = 0.34 * np.arange(BUILT)
    points = np.stack([np.cos(angles), np.sin(angles), np.full(BUILT, 0.1)], axis=1).astype(np.float32)
    write_small_model(home, {tracks[number].id: np.stack([points[number]] * 3) for number in range(BUILT)})
    with qtbot.waitSignal(segue.services.similar.changed, timeout=20_000):
        segue.services.similar.start()
    segue.services.player.track_changed.emit(tracks[0].id)
    return segue.window.similar


def shown(panel: SimilarDock) -> list[int]:
    return [int(track, 16) for track in panel.model.tracks()]


def text(panel: SimilarDock, row: int, role: int) -> str:
    return str(panel.model.index(row, 0).data(role))


def reason(segue: Application, panel: SimilarDock, row: int) -> None:
    """Have why a row is there arrive, as from the database."""
    assert panel.seed is not None
    segue.services.reasons.arrived.emit({(panel.seed, panel.model.track_at(row)): REASON})


def press(panel: SimilarDock, qtbot: QtBot, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Press a key in the list, in a window that has the focus, without which shortcuts do nothing."""
    window = panel.window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, key, *modifiers)


def hover(panel: SimilarDock, spot: QPoint) -> None:
    QTest.mouseMove(panel.list.viewport(), spot + QPoint(0, 1))
    QTest.mouseMove(panel.list.viewport(), spot)


# Rows


def test_a_row_tells_names_and_its_place_in_the_library(panel: SimilarDock) -> None:
    assert shown(panel)[:3] == [1, 2, 3]
    assert text(panel, 0, SimilarRole.NAMES) == f"{isolated('Trio')} – {isolated('Album 0')}"
    told = text(panel, 0, Qt.ItemDataRole.AccessibleTextRole)
    assert told.startswith("Title 001, Trio, Album 0, 1:41. 1st")


def test_the_nearest_has_the_fullest_bar(panel: SimilarDock) -> None:
    fills = [float(panel.model.index(row, 0).data(Role.NEARNESS)) for row in range(panel.model.rowCount())]
    assert fills == sorted(fills, reverse=True)
    assert 0 <= fills[-1] < fills[0] == 1


def test_only_rows_that_are_seen_ask_for_their_cover(
    panel: SimilarDock, segue: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[TrackId] = set()
    monkeypatch.setattr(segue.services.look.artwork, "request", lambda track, _pixels: asked.add(track.id))
    panel.list.resize(panel.list.width(), 3 * 64)
    panel.list.viewport().grab()
    rows = panel.model.tracks()
    assert 0 < len(asked.intersection(rows)) < len(rows)
    assert rows[-1] not in asked


def test_a_cover_appears_when_it_has_been_read(panel: SimilarDock, segue: Application, qtbot: QtBot) -> None:
    before = panel.list.viewport().grab().toImage()
    row = panel.delegate.layout_of(panel.list.visualRect(panel.model.index(0, 0)))
    pixels = round(row.cover.width() * panel.devicePixelRatioF())
    qtbot.waitUntil(lambda: segue.services.look.artwork.image(panel.model.track_at(0), pixels) is not None)
    assert panel.list.viewport().grab().toImage() != before


# Why


def test_why_comes_after_the_row_and_changes_nothing_else(panel: SimilarDock, segue: Application, qtbot: QtBot) -> None:
    assert text(panel, 0, SimilarRole.AGREEMENT) == ""
    panel.list.setCurrentIndex(panel.model.index(0, 0))
    reason(segue, panel, 0)
    assert text(panel, 0, SimilarRole.AGREEMENT) == "Harmony, timbre"
    assert text(panel, 0, SimilarRole.FACTS) == "120→128 BPM · C→Am"
    assert text(panel, 0, SimilarRole.FACTS_IN_SHORT) == "120→128 · C→Am"
    assert text(panel, 1, SimilarRole.AGREEMENT) == ""
    assert panel.list.selected_rows() == [0]
    told = text(panel, 0, Qt.ItemDataRole.AccessibleTextRole)
    assert "Alike in harmony, timbre. Tempo: 120 BPM, here 128 BPM. Key: C major, here A minor." in told


def test_the_head_tells_tempo_and_key_of_the_seed(panel: SimilarDock, segue: Application) -> None:
    reason(segue, panel, 0)
    assert panel.header.byline == f"{isolated('Trio')} · {isolated('120 BPM · C major')}"


def test_reasons_of_another_seed_are_not_shown(panel: SimilarDock, segue: Application, tracks: list[Track]) -> None:
    segue.services.reasons.arrived.emit({(tracks[9].id, panel.model.track_at(0)): REASON})
    assert text(panel, 0, SimilarRole.AGREEMENT) == ""


# Hiding


def test_delete_hides_a_track_for_this_seed_and_says_so(
    panel: SimilarDock, segue: Application, tracks: list[Track], qtbot: QtBot
) -> None:
    panel.list.setCurrentIndex(panel.model.index(1, 0))
    press(panel, qtbot, Qt.Key.Key_Delete)
    assert 2 not in shown(panel)
    assert segue.services.dislikes.hidden(tracks[0].id) == {tracks[2].id}
    assert panel.hidden_bar.text == f"Hidden for this seed: {isolated('Title 002')}"
    assert panel.list.currentIndex().row() == 1
    segue.services.player.track_changed.emit(tracks[4].id)
    assert 2 in shown(panel)
    assert panel.hidden_bar.text == ""


def test_the_thumb_of_a_row_hides_it_and_undo_brings_it_back(panel: SimilarDock, qtbot: QtBot) -> None:
    spot = panel.delegate.hide_rect(panel.list.visualRect(panel.model.index(0, 0))).center()
    hover(panel, spot)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert 1 not in shown(panel)
    qtbot.mouseClick(panel.hidden_bar.undo_button, Qt.MouseButton.LeftButton)
    assert shown(panel)[0] == 1
    assert panel.hidden_bar.text == ""


def test_hidden_tracks_can_be_seen_and_brought_back_later(panel: SimilarDock) -> None:
    panel.hide_rows([0, 1, 2])
    run_out(panel.hidden_bar)
    assert panel.hidden_bar.text == "3 hidden tracks"
    assert panel.hidden_bar.show_button.isVisible()
    panel.hidden_bar.menu.aboutToShow.emit()
    entries = [action for action in panel.hidden_bar.menu.actions() if action.text()]
    assert [action.text() for action in entries][:2] == ["Bring back “Title 001”", "Bring back “Title 002”"]
    entries[0].trigger()
    assert shown(panel)[0] == 1
    assert panel.hidden_bar.text == "2 hidden tracks"
    entries[-1].trigger()
    assert shown(panel)[:3] == [1, 2, 3]


def test_a_list_that_was_hidden_away_says_so_and_can_be_had_back(panel: SimilarDock) -> None:
    panel.hide_rows(range(panel.model.rowCount()))
    assert "is hidden, or by the same artist" in panel.page.text
    assert panel.tools.isVisible()
    panel.hidden_bar.undo_button.click()
    assert panel.model.rowCount() == BUILT - 1


# The same artist


def opened_settings(button: QToolButton, window: MainWindow) -> RecommendingPopover:
    """The settings over the window that a button opens."""
    button.click()
    [popover] = [each for each in window.findChildren(RecommendingPopover) if each.isVisible()]
    return popover


def test_what_the_list_may_hold_is_set_over_it_and_in_the_settings_alike(
    panel: SimilarDock, segue: Application
) -> None:
    preferences = segue.services.preferences
    popover = opened_settings(panel.tools.settings_button, segue.window)
    same = popover.findChild(QComboBox, "same_artist")
    assert shown(panel)[:2] == [1, 2]
    same.setCurrentIndex(same.findData(SameArtist.HIDE.value))
    same.activated.emit(same.currentIndex())
    assert preferences.settings.same_artist is SameArtist.HIDE
    assert shown(panel)[0] == 3
    dialog = segue.window.extras.settings.dialog
    assert dialog.findChild(QComboBox, "same_artist").currentData() == SameArtist.HIDE.value
    preferences.set("same_artist", SameArtist.ALLOW)
    assert same.currentData() == SameArtist.ALLOW.value
    assert shown(panel)[:2] == [1, 2]
    popover.all_button.click()
    assert not popover.isVisible()
    assert dialog.pages.currentWidget().accessibleName() == "Recommendations"


def test_for_you_has_the_settings_that_matter_there(segue: Application) -> None:
    segue.window.shell.places.go("for-you")
    popover = opened_settings(segue.window.extras.foryou.page.settings_button, segue.window)
    popover.findChild(QCheckBox, "only_songs").click()
    popover.findChild(QSlider, "radio_lean").setValue(70)
    settings = segue.services.preferences.settings
    assert (settings.only_songs, settings.radio_lean) == (False, 70)


# What alike means


def test_the_panel_goes_by_words_and_listeners_where_it_is_asked_to(
    panel: SimilarDock, segue: Application, tracks: list[Track], monkeypatch: pytest.MonkeyPatch
) -> None:
    segue.services.preferences.set("same_artist", SameArtist.ALLOW)
    by_sound = shown(panel)
    panel.tools.choice(NearBy.WORDS).trigger()
    assert segue.services.preferences.settings.near_by is NearBy.WORDS
    assert "until your taste is learnt" in panel.note.text
    assert shown(panel) == by_sound
    made = made_model(items=BUILT)
    learnt = replace(made, ids=np.array([tracks[number].id for number in range(BUILT)], "S64"))
    monkeypatch.setattr(segue.services.recommended, "nearness", lambda by: NearByTaste(learnt, by))
    segue.services.recommended.changed.emit()
    assert (panel.note.text, shown(panel)) == ("", [3, 6, 9])
    assert panel.header.overline == "Has words like what is playing"
    panel.tools.choice(NearBy.LISTENERS).trigger()
    assert shown(panel)[0] == 6  # whom the same listener plays
    panel.choose(tracks[5].id)
    assert "Nothing is known of this track but its sound" in panel.page.text
    panel.tools.choice(NearBy.SOUND).trigger()
    assert panel.tools.near_button.accessibleName() == "Alike by: Sound"
    assert panel.header.overline == "Pinned: sounds like your choice"
    assert shown(panel)[:2] in ([4, 6], [6, 4])


# Several seeds


def test_more_like_these_comes_from_any_menu_of_several_tracks(
    panel: SimilarDock, window: MainWindow, tracks: list[Track]
) -> None:
    chosen = [tracks[number].id for number in (0, 4)]
    entry = next(
        action for action in window.shell.commands.menu(chosen, window).actions() if action.text() == "More like these"
    )
    entry.trigger()
    assert panel.seeds == tuple(chosen)
    assert panel.header.title == "2 tracks"
    assert set(shown(panel)[:3]) == {1, 2, 3}
    assert panel.model.index(0, 0).data(SimilarRole.NEAR_SEEDS) == (2, 2)
    assert "Near 2 of these 2 tracks." in text(panel, 0, Qt.ItemDataRole.AccessibleTextRole)
    single = [action.text() for action in window.shell.commands.menu(chosen[:1], window).actions()]
    assert "More like this" in single
    assert "More like these" not in single


def test_a_chip_takes_a_seed_away_and_the_last_one_stays_pinned(panel: SimilarDock, tracks: list[Track]) -> None:
    panel.choose_all([tracks[number].id for number in (0, 4, 8)])
    chips = [chip for chip in panel.header.chips.findChildren(QToolButton) if chip.isVisible()]
    assert [chip.accessibleName() for chip in chips][:1] == ["Take “Title 000” out"]
    chips[0].click()
    assert panel.seeds == (tracks[4].id, tracks[8].id)
    panel.header.seed_removed.emit(tracks[8].id)
    assert panel.seeds == (tracks[4].id,)
    assert panel.header.title == "Title 004"
    assert panel.is_pinned
    assert not panel.header.chips.isVisible()


def test_of_very_many_some_are_asked_and_the_head_says_so(panel: SimilarDock, tracks: list[Track]) -> None:
    panel.choose_all([track.id for track in tracks])
    assert panel.header.title == "24 of 30 tracks"


def test_hiding_beside_several_seeds_hides_for_each(
    panel: SimilarDock, segue: Application, tracks: list[Track]
) -> None:
    panel.choose_all([tracks[0].id, tracks[4].id])
    track = panel.model.track_at(0)
    panel.hide_rows([0])
    assert track not in panel.model.tracks()
    assert track in segue.services.dislikes.hidden(tracks[0].id) & segue.services.dislikes.hidden(tracks[4].id)
    assert panel.hidden_bar.text.startswith("Hidden for these seeds: ")


# Pin and radio


def test_the_pin_holds_while_tracks_change_and_says_so(
    panel: SimilarDock, segue: Application, tracks: list[Track], qtbot: QtBot
) -> None:
    assert panel.header.overline == "Sounds like what is playing"
    panel.header.pin_button.click()
    segue.services.player.track_changed.emit(tracks[6].id)
    assert panel.seed == tracks[0].id
    assert panel.header.overline == "Pinned: sounds like your choice"
    assert panel.header.pin_button.isChecked()
    press(panel, qtbot, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert panel.seed == tracks[6].id
    assert not panel.header.pin_button.isChecked()


def test_radio_starts_from_what_the_panel_is_about(panel: SimilarDock, tracks: list[Track], qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.radio_requested) as asked:
        panel.tools.radio_button.click()
    assert asked.args == [[tracks[0].id]]
    panel.choose_all([tracks[0].id, tracks[4].id])
    with qtbot.waitSignal(panel.radio_requested) as asked:
        panel.tools.radio_button.click()
    assert asked.args == [[tracks[0].id, tracks[4].id]]


def test_the_keys_of_the_panel_are_told_in_the_help(panel: SimilarDock) -> None:
    from musicplayer.ui.frame.help_dialogs import IN_LISTS
    from musicplayer.ui.similar.seed_header import PIN_KEYS
    from musicplayer.ui.similar.similar_dock import HIDE_KEYS

    keys = [keys for _, keys in IN_LISTS]
    assert PIN_KEYS in keys
    assert HIDE_KEYS in keys


def test_the_menu_of_rows_hides_them(panel: SimilarDock) -> None:
    panel.list.setCurrentIndex(panel.model.index(0, 0))
    panel.list.menu_requested.emit(panel.list.mapToGlobal(QPoint(5, 5)))
    menu = next(top for top in QApplication.topLevelWidgets() if isinstance(top, QMenu) and top.isVisible())
    entries: dict[str, QAction] = {action.text(): action for action in menu.actions()}
    menu.close()
    entries["Hide for this seed"].trigger()
    assert 1 not in shown(panel)


@pytest.mark.parametrize("width", [200, 344, 600])
def test_nothing_of_a_row_overlaps_at_any_width(panel: SimilarDock, width: int) -> None:
    box = panel.list.visualRect(panel.model.index(0, 0))
    box.setWidth(width)
    row = panel.delegate.layout_of(box)
    assert row.is_wide is (width == 600)
    parts = [row.cover, row.title, row.names, row.bar, *([row.reason] if row.is_wide else [])]
    assert all(box.contains(part) for part in parts)
    assert not any(one.intersects(other) for place, one in enumerate(parts) for other in parts[place + 1 :])
    assert not row.hide.intersects(row.add)
    over = row.with_buttons()
    assert not any(part.intersects(row.why) for part in (over.title, over.names, over.reason))
    assert not any(row.add.intersects(part) for part in (row.reason, row.title))


def test_a_row_is_two_lines_and_says_why_under_the_pointer(panel: SimilarDock, segue: Application) -> None:
    index = panel.model.index(0, 0)
    assert panel.list.sizeHintForRow(0) == HEIGHT
    option = QStyleOptionViewItem()
    option.initFrom(panel.list)
    option.state = QStyle.StateFlag.State_Enabled

    def painted() -> QImage:
        image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        panel.delegate.paint(painter, option, index)
        painter.end()
        return image

    narrow, wide = QRect(0, 0, 344, HEIGHT), QRect(0, 0, WIDE, HEIGHT)
    before = {}
    for option.rect in (narrow, wide):
        before[option.rect.width()] = painted()
    reason(segue, panel, 0)
    assert painted() != before[WIDE], "a wide row says why, once that is known"
    option.rect = narrow
    assert painted() == before[344], "another has room for the names only"
    option.state |= QStyle.StateFlag.State_MouseOver
    assert painted() != before[344]
