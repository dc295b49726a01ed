"""The settings dialog and the indexing page on the whole window: what is chosen holds at once."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFileDialog, QLabel, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from indexer.core.events import Finished, Progress, Stage, StageStarted
from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.kafka.address import Topic
from indexer.core.kafka.events import note_of
from indexer.core.settings import Gain, IndexWhen, SameArtist, Settings
from indexer.core.store import LibraryFolder
from indexer.core.tracks import Track, TrackId
from musicplayer.app import Application
from musicplayer.jobs.jobs import Jobs
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.frame.idle import IdleWatch
from musicplayer.ui.settings.dialog import SettingsDialog
from musicplayer.ui.settings.pages import appearance_page
from musicplayer.ui.window.main_window import MainWindow
from tests.brokers import Broker, needed
from tests.conftest import REPOSITORY
from tests.gui.conftest import run_out
from tests.integration.kafka.reading import messages_of
from tests.plays import play_of

STAND_IN = REPOSITORY / "tests" / "unit" / "jobs" / "indexer_stand_in.py"
WAIT_MS = 20_000


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> SettingsDialog:
    made = window.extras.settings.dialog
    made.open_at("folders")
    qtbot.waitExposed(made)
    return made


def test_the_action_opens_it_and_topics_change_the_page(window: MainWindow, qtbot: QtBot) -> None:
    window.shell.actions.settings.trigger()
    dialog = window.extras.settings.dialog
    qtbot.waitUntil(dialog.isVisible)
    for row in range(dialog.topics.count()):
        dialog.topics.setCurrentRow(row)
        assert dialog.pages.currentIndex() == row


@pytest.mark.parametrize(
    ("field", "value"),
    [("gain", Gain.ALBUM), ("same_artist", SameArtist.HIDE), ("index_when", IndexWhen.IDLE)],
)
def test_a_choice_holds_at_once_and_is_told(
    segue: Application, dialog: SettingsDialog, field: str, value: object
) -> None:
    preferences, told = segue.services.preferences, []
    preferences.changed.connect(told.append)
    box = dialog.findChild(QComboBox, field)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())
    assert getattr(preferences.settings, field) is value
    assert told == [field]


def test_numbers_and_check_marks_hold_at_once(segue: Application, dialog: SettingsDialog) -> None:
    settings = segue.services.preferences.settings
    dialog.findChild(QDoubleSpinBox, "crossfade_seconds").setValue(4.5)
    dialog.findChild(QCheckBox, "notifications").setChecked(True)
    assert (settings.crossfade_seconds, settings.notifications) == (4.5, True)


def test_what_is_a_song_is_chosen_in_numbers_and_holds_at_once(segue: Application, dialog: SettingsDialog) -> None:
    rules = segue.services.similar.songs.rules
    assert (rules.on, rules.shortest, rules.longest, rules.named) == (True, 20, 80 * 60, 25 * 60)
    dialog.findChild(QSpinBox, "longest_song").setValue(120)
    folders = dialog.findChild(QLineEdit, "no_song_folders")
    folders.setText("Meditations, Yoga")
    folders.editingFinished.emit()
    rules = segue.services.similar.songs.rules
    assert (rules.longest, rules.folders) == (120 * 60, {"meditations", "yoga"})
    dialog.findChild(QCheckBox, "only_songs").setChecked(False)
    assert not segue.services.similar.songs.rules.on
    assert not folders.isEnabled()


def test_staying_in_the_tray_needs_a_tray(segue: Application, qtbot: QtBot) -> None:
    page = appearance_page(segue.services.preferences, has_tray=True)
    qtbot.addWidget(page)
    stays, tray = page.findChild(QCheckBox, "close_to_tray"), page.findChild(QCheckBox, "tray")
    assert tray.isEnabled()
    assert not stays.isEnabled()
    tray.setChecked(True)
    assert stays.isEnabled()


@pytest.mark.parametrize("has_tray", [True, False])
def test_a_desktop_without_a_tray_is_no_place_to_play_on_in(
    segue: Application, qtbot: QtBot, *, has_tray: bool
) -> None:
    page = appearance_page(segue.services.preferences, has_tray=has_tray)
    qtbot.addWidget(page)
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    assert ("the icon brings it back" in words, "no tray" in words) == (has_tray, not has_tray)
    assert page.findChild(QCheckBox, "tray").isEnabled() is has_tray
    assert not page.findChild(QCheckBox, "close_to_tray").isEnabled()


def test_a_change_made_elsewhere_is_shown(segue: Application, dialog: SettingsDialog) -> None:
    segue.services.preferences.set("gain_preamp", -3.0)
    assert dialog.findChild(QDoubleSpinBox, "gain_preamp").value() == -3.0


def test_the_theme_changes_the_window(segue: Application, dialog: SettingsDialog) -> None:
    box = dialog.findChild(QComboBox, "theme")
    box.setCurrentIndex(box.findData("dark"))
    box.activated.emit(box.currentIndex())
    assert segue.services.look.theme.mode == "dark"
    assert segue.window.shell.actions.themes["dark"].isChecked()


def test_settings_are_there_after_a_restart(segue: Application, dialog: SettingsDialog, home: Home) -> None:
    dialog.findChild(QDoubleSpinBox, "crossfade_seconds").setValue(2.0)
    segue.services.preferences.shutdown()
    assert Settings.load(home).crossfade_seconds == 2.0


def test_a_folder_is_chosen_over_the_settings_so_that_the_keyboard_returns_there(dialog: SettingsDialog) -> None:
    QTest.mouseClick(dialog.folders.add_button, Qt.MouseButton.LeftButton)
    files = dialog.findChild(QFileDialog)
    assert files is not None
    assert files.isVisible()
    files.reject()


def test_folders_are_listed_with_what_is_left_out(dialog: SettingsDialog) -> None:
    page = dialog.folders
    page.show_folders([LibraryFolder("/music", 0.0, away=False, excluded=("/music/spoken",))])
    assert page.list.count() == 2
    page.list.setCurrentRow(1)
    assert page.remove_button.text() == "Take in again"
    page.list.setCurrentRow(0)
    assert page.remove_button.text() == "Remove"


def test_a_folder_tells_what_of_it_is_not_known(dialog: SettingsDialog) -> None:
    page = dialog.folders
    page.show_folders([LibraryFolder("/music", 0.0, away=False, unknown=((".mid", 8), (".cdg", 4), ("", 1)))])
    assert page.list.count() == 2
    words = "13 files of kinds that Segue does not know: .mid 8, .cdg 4, without an ending 1"
    assert page.list.item(1).text() == words


def test_the_encoding_of_a_folder_s_tags_can_be_chosen(
    segue: Application, dialog: SettingsDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, ...]] = []
    database = SimpleNamespace(
        folders=SimpleNamespace(set_encoding=lambda path, encoding: done.append((path, encoding))),
        files=SimpleNamespace(read_again=lambda path: done.append((path,))),
    )
    monkeypatch.setattr(segue.services.library.client, "ask", lambda work, then, **_: then(work(database)))
    page = dialog.folders
    page.show_folders([LibraryFolder("/music", 0.0, away=False), LibraryFolder("/other", 0.0, away=False)])
    assert not page.encoding_button.isEnabled()
    page.list.setCurrentRow(0)
    page.encodings.aboutToShow.emit()
    actions = {action.text(): action for action in page.encodings.actions()}
    assert [name for name, action in actions.items() if action.isChecked()] == ["Found out by itself"]
    with qtbot.waitSignal(page.rescan_wanted):
        actions["Cyrillic (Windows-1251)"].trigger()
    assert done == [("/music", "cp1251"), ("/music",)]
    page.show_folders([LibraryFolder("/music", 0.0, away=False, encoding="cp1251")])
    assert "Cyrillic (Windows-1251)" in page.list.item(0).text()


def test_only_a_folder_below_the_library_can_be_left_out(dialog: SettingsDialog, tmp_path: Path) -> None:
    page = dialog.folders
    page.show_folders([LibraryFolder(str(tmp_path), 0.0, away=False)])
    page.exclude(str(tmp_path / "below"))
    assert not page.failure.isVisible()
    page.exclude(str(tmp_path.parent))
    assert str(tmp_path.parent) in page.failure.text()


def test_a_database_that_does_not_answer_is_told_in_words(dialog: SettingsDialog, qtbot: QtBot) -> None:
    page = dialog.database
    dialog.open_at("database")
    page.own.setChecked(True)
    page.address.setText("not an address")
    assert not page.test_button.isEnabled()
    page.address.setText("mongodb://127.0.0.1:1/segue?serverSelectionTimeoutMS=200")
    QTest.mouseClick(page.test_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.test_button.isEnabled, timeout=30_000)
    assert page.outcome.property("tone") == "danger"
    assert "127.0.0.1:1" in page.outcome.text()


def test_the_address_of_a_broker_is_looked_at_before_it_holds(
    segue: Application, dialog: SettingsDialog, qtbot: QtBot
) -> None:
    section, settings = dialog.database.broker, segue.services.preferences.settings
    dialog.open_at("database")
    section.address.setText("kafka:/me:secret-word@host")
    qtbot.keyClick(section.address, Qt.Key.Key_Return)
    assert settings.kafka == ""
    assert section.outcome.property("tone") == "danger"
    assert "secret-word" not in section.outcome.text()
    section.address.setText("kafka://me:secret-word@127.0.0.1:9")
    qtbot.keyClick(section.address, Qt.Key.Key_Return)
    assert settings.kafka == "kafka://me:secret-word@127.0.0.1:9"
    section.address.clear()
    qtbot.keyClick(section.address, Qt.Key.Key_Return)
    assert settings.kafka == ""
    assert not section.test_button.isEnabled()


def test_a_broker_that_is_set_is_told_at_once_what_is_played(
    segue: Application, dialog: SettingsDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed()
    monkeypatch.setenv("SEGUE_MONGODB_URI", "mongodb://127.0.0.1:9/segue?serverSelectionTimeoutMS=200")
    segue.services.library.client.start()
    broker = Broker(tmp_path / "broker")
    broker.start()
    section = dialog.database.broker
    dialog.open_at("database")
    section.address.setText(broker.address)
    qtbot.keyClick(section.address, Qt.Key.Key_Return)
    QTest.mouseClick(section.test_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(section.test_button.isEnabled, timeout=30_000)
    assert section.outcome.property("tone") == "soft"
    assert f"127.0.0.1:{broker.port}" in section.outcome.text()
    play = play_of(TrackId("a" * 32))
    segue.services.library.client.record_play(play)
    (told,) = messages_of(broker.where, (Topic.PLAYS,), until=lambda found: found)
    assert note_of(told).id == play.id
    broker.stop()


def test_a_broker_that_does_not_answer_is_told_in_words(dialog: SettingsDialog, qtbot: QtBot) -> None:
    section = dialog.database.broker
    dialog.open_at("database")
    section.address.setText("kafka://me:secret-word@127.0.0.1:9")
    QTest.mouseClick(section.test_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(section.test_button.isEnabled, timeout=30_000)
    assert section.outcome.property("tone") == "danger"
    assert "127.0.0.1:9" in section.outcome.text()
    assert "secret-word" not in section.outcome.text()


def test_the_indexing_page_follows_a_job(segue: Application, window: MainWindow) -> None:
    window.shell.actions.indexing.trigger()
    page, jobs = window.extras.settings.page, segue.services.jobs
    assert window.shell.places.currentWidget() is page
    jobs.started.emit("scan")
    assert page.cancel_button.isEnabled()
    jobs.stage.emit(StageStarted(Stage.EXTRACT, 10))
    jobs.progress.emit(Progress(Stage.EXTRACT, 3, 10, 2.0, 3.5, 1, ("one.mp3", "two.mp3")))
    assert "3 of 10" in page.words.text()
    assert [label.whole_text for label in page.files if label.isVisible()] == ["one.mp3", "two.mp3"]
    jobs.paused.emit(True)
    assert page.pause_button.text() == "Resume"
    jobs.finished.emit(Finished())
    jobs.idle.emit()
    page.set_counts(LibraryCounts(tracks=10, analysed=9, problems=1, uncomparable=1))
    assert page.words.text() == ("9 of 10 tracks analysed. 1 cannot be compared with others; Problems says why.")
    page.set_counts(LibraryCounts(tracks=10, analysed=9, problems=1))
    assert "9 of 10" in page.words.text()
    assert "1 file" in page.problems.text()
    assert page.retry_button.isEnabled()


def test_the_indexing_page_fits_a_narrow_window(segue: Application, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(900, 600)
    window.shell.places.go("indexing")
    page = segue.window.extras.settings.page
    sheet, buttons = page.widget(), (page.cancel_button, page.speed, page.rebuild_button, page.model_button)
    qtbot.waitUntil(lambda: sheet.width() <= page.viewport().width())
    for button in buttons:
        assert sheet.rect().contains(button.rect().translated(button.mapTo(sheet, QPoint())))
    tops = {button.mapTo(sheet, QPoint()).y() for button in (page.pause_button, page.rebuild_button)}
    assert len(tops) > 1, "in several lines"


def test_one_folder_can_be_listened_to_again(segue: Application, window: MainWindow, qtbot: QtBot) -> None:
    page = window.extras.settings.page
    page.set_folders([LibraryFolder("/music", 0.0, away=False)])
    assert not page.listen_button.isEnabled()
    page.folders.item(0).setSelected(True)
    asked: list[str] = []
    page.folder_requested.disconnect()
    page.folder_requested.connect(asked.append)
    page.listen_button.click()
    assert asked == ["/music"]


@pytest.fixture
def running(segue: Application, qtbot: QtBot) -> Jobs:
    """A job that does nothing but pause and go on as it is told."""
    jobs = segue.services.jobs
    jobs.command = [sys.executable, str(STAND_IN), "obeys"]
    with qtbot.waitSignal(jobs.notice, timeout=WAIT_MS):
        jobs.scan()
    return jobs


def test_idle_only_holds_a_job_while_someone_is_there(
    segue: Application, window: MainWindow, running: Jobs, qtbot: QtBot
) -> None:
    told: list[bool] = []
    running.paused.connect(told.append)
    with qtbot.waitSignal(running.paused, timeout=WAIT_MS):
        segue.services.preferences.set("index_when", IndexWhen.IDLE)
    assert running.is_paused
    with qtbot.waitSignal(running.paused, timeout=WAIT_MS):
        run_out(window.extras.indexing.idle)
    assert not running.is_paused
    with qtbot.waitSignal(running.paused, timeout=WAIT_MS):
        QTest.keyClick(window, Qt.Key.Key_Shift)
    assert told == [True, False, True]


def test_indexing_that_the_end_cut_short_is_taken_up_at_the_next_start(
    segue: Application, window: MainWindow, running: Jobs, qtbot: QtBot
) -> None:
    settings, told = segue.services.preferences.settings, list[str]()
    window.shell.closing.begun.emit()
    assert settings.scan_due
    with qtbot.waitSignal(running.idle, timeout=WAIT_MS):
        running.cancel()
    running.started.connect(told.append)
    for _ in range(2):
        segue.services.library.client.folders_changed.emit([LibraryFolder("/music", 0.0, away=False)])
    assert (told, settings.scan_due) == (["scan"], False)


def test_a_pause_by_hand_is_not_lifted_by_being_idle(
    segue: Application, window: MainWindow, running: Jobs, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(running.paused, timeout=WAIT_MS):
        running.pause()
    with qtbot.assertNotEmitted(running.paused, wait=200):
        segue.services.preferences.set("index_when", IndexWhen.IDLE)
        run_out(window.extras.indexing.idle)
    assert running.is_paused


def test_files_that_change_start_a_scan_once_the_running_job_is_over(
    segue: Application, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, scans, running = segue.services.jobs, [], [True]
    monkeypatch.setattr(type(jobs), "is_running", property(lambda _: running[0]))
    monkeypatch.setattr(jobs, "scan", lambda: scans.append(1))
    watch = window.extras.indexing.watch
    watch.changed.emit()
    watch.changed.emit()
    assert scans == []
    running[0] = False
    jobs.idle.emit()
    assert scans == [1]
    watch.changed.emit()
    assert scans == [1, 1]


def test_watching_follows_the_setting(segue: Application, window: MainWindow, tmp_path: Path) -> None:
    watch = window.extras.indexing.watch
    segue.services.library.client.folders_changed.emit([LibraryFolder(str(tmp_path), 0.0, away=False)])
    assert watch.folders == (str(tmp_path),)
    segue.services.preferences.set("watch_folders", False)
    assert watch.folders == ()


def test_a_folder_whose_drive_is_back_is_scanned_by_itself(
    segue: Application, window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans: list[int] = []
    monkeypatch.setattr(segue.services.jobs, "scan", lambda: scans.append(1))
    segue.services.library.client.folders_changed.emit([LibraryFolder(str(tmp_path), 0.0, away=True)])
    qtbot.waitUntil(lambda: scans == [1], timeout=10_000)


def test_idle_begins_after_a_while_without_input_and_not_while_music_plays(
    window: MainWindow, player: Player, tracks: list[Track], qtbot: QtBot
) -> None:
    idle = IdleWatch(player, window, quiet_ms=60)
    with qtbot.assertNotEmitted(idle.changed, wait=100):  # nobody asked it to watch
        pass
    idle.watch(True)
    qtbot.waitUntil(lambda: idle.is_idle)
    QTest.keyClick(window, Qt.Key.Key_Shift)
    assert not idle.is_idle
    player.play_tracks([tracks[0].id])
    with qtbot.assertNotEmitted(idle.changed, wait=150):
        assert player.state is PlaybackState.PLAYING
    player.stop()
    qtbot.waitUntil(lambda: idle.is_idle)
