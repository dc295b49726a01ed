"""What the real window shows of the similarity model: provisional answers, explanations, the card, the offer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.model.alike import agreement
from indexer.core.model.explain import PairReason
from indexer.core.model.profiles import SONIC
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.store import FeatureRecord
from indexer.core.tracks import Track, TrackId, TrackState
from musicplayer.app import Application
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import run_out
from tests.unit.discover.small_model import KEY, PROFILE, write_small_model

BUILT = 10
VERSION = int(KEY.partition(":")[2])


@pytest.fixture(autouse=True)
def _stocked(segue: Application, tracks: list[Track]) -> None:
    """Thirty tracks, each by an artist of its own."""
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert([replace(track, artist=track.title) for track in tracks]))


def heard(track: Track) -> FeatureRecord:
    """What analysis says of a track: not music, but of the right shape and as different as tracks are."""
    number = int(track.id, 16)
    values = np.random.default_rng(number).normal(size=(SONIC.windows, SONIC.dims)).astype(np.float32)
    values[:, SONIC.slice_of("about")] = 0.0
    known = {"heard_seconds": 10.0, "tempo_bpm": 90.0 + number, "loudness_db": -14.0, "key": 9.0, "key_minor": 1.0}
    for name, value in (known | {"key_strength": 0.8}).items():
        values[:, SONIC.columns.index(name)] = value
    return FeatureRecord(track.id, SONIC.name, SONIC.version, values)


def point(number: int) -> NDArray[np.float32]:
    """On a circle, too far apart to be one recording: the nearer two of the first ten numbers, the nearer they lie."""
    angle = 0.34 * number
    return np.array([[np.cos(angle), np.sin(angle), 0.1]] * 3, np.float32)


def count(segue: Application, tracks: int, analysed: int) -> None:
    """Tell numbers as the link to the database does."""
    segue.services.library.client.counts_changed.emit(LibraryCounts(tracks, analysed, 0))


def provisional(segue: Application, qtbot: QtBot, tracks: list[Track]) -> None:
    """Hear `tracks` without a model having been built, and play the first."""
    similar = segue.services.similar
    with qtbot.waitSignal(similar.wants_features, timeout=20_000):
        similar.start()
    count(segue, 30, len(tracks))
    similar.add_features([heard(track) for track in tracks])
    segue.services.player.track_changed.emit(tracks[0].id)
    qtbot.waitUntil(lambda: segue.window.similar.model.rowCount() == len(tracks) - 1)


def built(segue: Application, home: Home, qtbot: QtBot, tracks: list[Track]) -> None:
    """Take up a model that was built of the first ten tracks."""
    write_small_model(home, {track.id: point(number) for number, track in enumerate(tracks[:BUILT])})
    with qtbot.waitSignal(segue.services.similar.changed, timeout=20_000):
        segue.services.similar.start()


def grow(segue: Application, qtbot: QtBot, tracks: list[Track]) -> None:
    """Hear more tracks than the model was built of."""
    with qtbot.waitSignal(segue.services.similar.changed):
        segue.services.similar.add_features(
            [FeatureRecord(track.id, PROFILE, VERSION, point(int(track.id, 16))) for track in tracks]
        )


def explain_first_row(segue: Application, qtbot: QtBot, tracks: list[Track]) -> TrackId:
    """Ask why the first row is there, with the keyboard, and have the database answer."""
    panel = segue.window.similar
    panel.list.setCurrentIndex(panel.model.index(0, 0))
    other = panel.model.track_at(0)
    panel.why_action.trigger()
    with qtbot.waitSignal(segue.services.similar.explained):
        segue.services.similar.add_features([heard(track) for track in tracks if track.id in {other, tracks[0].id}])
    return other


# Provisional answers


def test_before_the_first_build_the_panel_answers_and_says_of_how_much(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    panel = window.similar
    assert panel.note.isVisible()
    assert panel.note.text == "Provisional, 12 of 30 analysed"
    assert panel.note.accessibleName() == panel.note.text
    assert not panel.page.isVisible()
    count(segue, 8_000, 12)
    assert panel.note.text == "Provisional, 12 of 8,000 analysed"


def test_a_built_model_has_no_such_line(
    segue: Application, window: MainWindow, home: Home, qtbot: QtBot, tracks: list[Track]
) -> None:
    built(segue, home, qtbot, tracks)
    segue.services.player.track_changed.emit(tracks[0].id)
    assert window.similar.model.rowCount() == BUILT - 1
    assert window.similar.note.text == ""
    assert not window.similar.note.isVisible()


def test_what_is_queued_from_the_panel_says_as_like_what_and_by_which_model(
    segue: Application, window: MainWindow, home: Home, qtbot: QtBot, tracks: list[Track]
) -> None:
    built(segue, home, qtbot, tracks)
    segue.services.player.track_changed.emit(tracks[0].id)
    window.similar.delegate.add_requested.emit(1)
    (item,) = segue.services.player.queue.items
    manifest = segue.services.similar.manifest
    assert manifest is not None
    assert item.track == window.similar.model.track_at(1)
    assert item.origin == PlayContext(PlaySource.MORE_LIKE, seed=tracks[0].id, model=manifest.id)


# Why?


def test_a_row_is_explained_in_a_sentence_bars_and_a_table(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    other = explain_first_row(segue, qtbot, tracks)
    dialog = window.similar.why.dialog
    assert dialog.isVisible()
    assert "bring them together" in dialog.text or "brings them together" in dialog.text
    assert len(dialog.bars.lines) == 13
    assert any(line.startswith("timbre: ") for line in dialog.bars.lines)
    assert dialog.sounds.lines[0] == f"Tempo: {90 + int(other, 16)} BPM, 90 BPM"
    assert dialog.sounds.lines[1] == "Key: A minor, A minor"
    assert dialog.accessibleName()


def test_the_explanation_says_what_its_row_says(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    panel = window.similar
    for row in range(panel.model.rowCount()):
        panel.explain_row(row)
        pair = {tracks[0].id, panel.model.track_at(row)}
        with qtbot.waitSignal(segue.services.similar.explained) as explained:
            segue.services.similar.add_features([heard(track) for track in tracks if track.id in pair])
        blocks = explained.args[2].blocks
        agreed = agreement(PairReason(blocks, explained.args[2].one, explained.args[2].other))
        nearness = panel.model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole).splitlines()[0]
        assert nearness in panel.why.dialog.text
        named = panel.why.dialog.text.split(" bring")[0].removeprefix("Their ").replace(" and ", ", ")
        assert named.lower() == agreed.lower()


def test_escape_closes_the_explanation_and_the_list_has_the_focus_again(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    explain_first_row(segue, qtbot, tracks)
    dialog = window.similar.why.dialog
    assert dialog.focusWidget() is dialog.close_button
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert window.focusWidget() is window.similar.list


def test_why_appears_under_the_pointer_and_can_be_pressed(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    view, delegate = window.similar.list, window.similar.delegate
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    option.rect = view.visualRect(window.similar.model.index(0, 0))
    spot = delegate.why_rect(option).center()
    before = view.viewport().grab().toImage()
    QTest.mouseMove(view.viewport(), spot + QPoint(0, 1))
    QTest.mouseMove(view.viewport(), spot)
    qtbot.waitUntil(lambda: view.viewport().grab().toImage() != before)
    with qtbot.waitSignal(segue.services.similar.wants_features_of) as wanted:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert wanted.args == [(tracks[0].id, window.similar.model.track_at(0))]
    assert window.similar.why.dialog.isVisible()


def test_the_context_menu_of_one_row_asks_why_and_that_of_several_does_not(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    panel = window.similar
    panel.list.setCurrentIndex(panel.model.index(2, 0))
    assert "Why is this here?" in [action.text() for action in opened_menu(window, QPoint(5, 5)).actions()]
    panel.list.selectAll()
    assert "Why is this here?" not in [action.text() for action in opened_menu(window, QPoint(5, 5)).actions()]


def opened_menu(window: MainWindow, spot: QPoint) -> QMenu:
    window.similar.list.menu_requested.emit(window.similar.list.mapToGlobal(spot))
    menu = next(top for top in QApplication.topLevelWidgets() if isinstance(top, QMenu) and top.isVisible())
    menu.close()
    return menu


def test_the_shortcut_is_the_lists_own_and_is_told_in_the_help(window: MainWindow) -> None:
    from musicplayer.ui.frame.help_dialogs import IN_LISTS
    from musicplayer.ui.similar.similar_dock import WHY_KEYS

    taken = [key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()]
    assert taken.count(WHY_KEYS) == 1
    assert WHY_KEYS in [keys for _, keys in IN_LISTS]


def test_an_explanation_that_does_not_come_is_not_waited_for(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    why = window.similar.why
    window.similar.explain_row(0)
    assert "Comparing" in why.dialog.text
    run_out(why)
    assert "cannot be read" in why.dialog.text


def test_the_answer_to_an_earlier_question_is_not_shown(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    window.similar.explain_row(0)
    window.similar.explain_row(1)
    first, second = (window.similar.model.track_at(row) for row in (0, 1))
    similar = segue.services.similar
    similar.explained.emit(tracks[0].id, first, None)
    assert "Comparing" in window.similar.why.dialog.text
    similar.add_features([heard(track) for track in tracks if track.id in {second, tracks[0].id}])
    assert "of 11" in window.similar.why.dialog.text


# The model card


def test_the_card_of_a_built_model_can_be_copied(
    segue: Application, window: MainWindow, home: Home, qtbot: QtBot, tracks: list[Track]
) -> None:
    built(segue, home, qtbot, tracks)
    count(segue, 30, BUILT)
    assert window.shell.actions.about_model in window.menus["Library"].actions()
    window.shell.actions.about_model.trigger()
    card = window.model_card
    assert card.isVisible()
    for words in ("Tracks: 10", "Recall@10: 100%", "Tables × hashes × probes: 2 × 2 × 2", "Compared per question"):
        assert words in card.text
    qtbot.mouseClick(card.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == card.text
    assert not card.rebuild_button.isVisible()
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_the_card_of_a_provisional_model_follows_what_is_heard(
    segue: Application, window: MainWindow, qtbot: QtBot, tracks: list[Track]
) -> None:
    provisional(segue, qtbot, tracks[:12])
    window.shell.actions.about_model.trigger()
    assert "A provisional model" in window.model_card.text
    assert "Analysed: 12 of 30 tracks" in window.model_card.text
    assert window.model_card.rebuild_button.isVisible()
    count(segue, 30, 20)
    assert "Analysed: 20 of 30 tracks" in window.model_card.text


def test_without_a_model_the_card_says_so(window: MainWindow) -> None:
    window.shell.actions.about_model.trigger()
    assert "There is no model yet" in window.model_card.text
    assert not window.model_card.copy_button.isVisible()


# The offer to rebuild


def test_an_outgrown_model_is_offered_to_be_rebuilt_and_the_offer_can_be_declined(
    segue: Application, window: MainWindow, home: Home, qtbot: QtBot, tracks: list[Track]
) -> None:
    built(segue, home, qtbot, tracks)
    grow(segue, qtbot, tracks[10:12])
    assert window.shell.messages.text == ""
    grow(segue, qtbot, tracks[12:13])
    assert "has changed by 30%" in window.shell.messages.text
    assert window.shell.messages.action.text() == "Rebuild"
    qtbot.mouseClick(window.shell.messages.dismiss, Qt.MouseButton.LeftButton)
    assert window.shell.messages.text == ""
    grow(segue, qtbot, tracks[13:14])
    assert "has changed by 40%" in window.shell.messages.text


def test_a_declined_offer_stays_declined_until_the_library_grew_by_as_much_again(
    segue: Application, window: MainWindow, home: Home, qtbot: QtBot, tracks: list[Track]
) -> None:
    built(segue, home, qtbot, tracks)
    grow(segue, qtbot, tracks[10:13])
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert segue.services.preferences.settings.rebuild_declined == "one/1"
    window.extras.rebuild.review()
    assert window.shell.messages.text == ""
    segue.services.preferences.settings.rebuild_declined = "another/9"
    window.extras.rebuild.review()
    assert window.shell.messages.text != ""


def test_a_library_that_shrank_is_offered_a_rebuild_too(
    segue: Application, window: MainWindow, home: Home, qtbot: QtBot, tracks: list[Track]
) -> None:
    built(segue, home, qtbot, tracks)
    gone = [replace(track, state=TrackState.GONE) for track in tracks[:3]]
    segue.services.library.client.tracks_changed.emit(gone[:2])
    assert window.shell.messages.text == ""
    segue.services.library.client.tracks_changed.emit(gone[2:])
    assert "has changed by 30%" in window.shell.messages.text


def test_a_running_build_is_not_nagged_and_rebuild_starts_one(
    segue: Application,
    window: MainWindow,
    home: Home,
    qtbot: QtBot,
    tracks: list[Track],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys

    jobs = segue.services.jobs
    monkeypatch.setattr(jobs, "command", [sys.executable, "-c", "input()"])
    built(segue, home, qtbot, tracks)
    grow(segue, qtbot, tracks[10:14])
    qtbot.mouseClick(window.shell.messages.action, Qt.MouseButton.LeftButton)
    assert jobs.kind == "rebuild"
    assert window.shell.messages.text == ""
    grow(segue, qtbot, tracks[14:18])
    assert window.shell.messages.text == ""
    with qtbot.waitSignal(jobs.idle, timeout=20_000):
        jobs.cancel()
    window.shell.messages.clear()
    assert "has changed by 80%" in window.shell.messages.text


def test_an_offer_lets_a_warning_go_first_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    window.shell.messages.warn("The drive is gone.", "Connect it.")
    window.shell.messages.offer("The library has grown.", "", "Rebuild", lambda: None)
    assert window.shell.messages.text == "The drive is gone. Connect it."
    with qtbot.assertNotEmitted(window.shell.messages.offer_declined):
        qtbot.mouseClick(window.shell.messages.dismiss, Qt.MouseButton.LeftButton)
    assert window.shell.messages.text == "The library has grown."
    window.shell.messages.tell("The index is ready.")
    assert window.shell.messages.text == "The index is ready."
    run_out(window.shell.messages)
    assert window.shell.messages.text == "The library has grown."
    window.shell.messages.withdraw_offer()
    assert window.shell.messages.text == ""


def test_a_button_does_what_its_message_is_about_whatever_it_is_called(
    segue: Application, window: MainWindow, qtbot: QtBot
) -> None:
    for words in ("Rebuild", "Show problems", "Take them out"):
        done: list[str] = []
        window.shell.messages.tell("Something else.", "", words, lambda words=words, done=done: done.append(words))
        qtbot.mouseClick(window.shell.messages.action, Qt.MouseButton.LeftButton)
        assert done == [words]
        window.shell.messages.tell("Something else.", "", words)
        qtbot.mouseClick(window.shell.messages.action, Qt.MouseButton.LeftButton)
        assert window.shell.messages.text == ""
        assert not segue.services.jobs.is_running
