"""Back up, restore and move on the real window: what is asked, what is started, and what is told afterwards."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from indexer.core.backup.manifest import BackupManifest
from indexer.core.backup.places import own_folder, weekly_copy
from indexer.core.events import Failed, Finished, Progress, Stage
from indexer.core.home import Home
from indexer.core.sentences.told import plain
from indexer.core.settings import Settings
from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.jobs import backups as kinds
from musicplayer.jobs.backups import Backups
from musicplayer.jobs.jobs import Job, Jobs
from musicplayer.ui.frame import services
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.window.backup_control import BackupControl
from musicplayer.ui.window.main_window import MainWindow

MANIFEST = BackupManifest(1_700_000_000.0, False, {"tracks": 1234, "plays": 56, "playlists": 9}, {}, 7)


class Recorder(Jobs):
    """Takes jobs down instead of starting a process."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.taken: list[Job] = []

    def run(self, kind: str, *arguments: str, secrets: Mapping[str, str] | None = None) -> None:
        self.taken.append(Job(kind, arguments, tuple((secrets or {}).items())))
        self.started.emit(kind)

    @property
    def kind(self) -> str:
        return self.taken[-1].kind if self.taken else ""


@pytest.fixture(autouse=True)
def jobs(qapp: object, home: Home, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """What backups have done, with the real indexer left out."""
    made = Recorder(home)
    monkeypatch.setattr(services, "Backups", partial(Backups, jobs=made))
    return made


@pytest.fixture
def old_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that says of itself what MANIFEST says."""
    monkeypatch.setattr("indexer.core.backup.read_manifest", lambda _: MANIFEST)


@pytest.fixture
def control(window: MainWindow) -> BackupControl:
    return window.extras.backup


def dialog_of(window: MainWindow, qtbot: QtBot) -> ConfirmDialog:
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(ConfirmDialog)))
    return next(each for each in window.findChildren(ConfirmDialog) if each.isVisible())


def said_in(dialog: ConfirmDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel))


def test_the_menu_asks_what_goes_in_and_where_to(
    window: MainWindow, jobs: Recorder, qtbot: QtBot, tmp_path: Path
) -> None:
    window.shell.actions.back_up.trigger()
    dialog = dialog_of(window, qtbot)
    dialog.option.setChecked(True)
    QTest.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    files = window.findChild(QFileDialog)
    files.fileSelected.emit(str(tmp_path / "mine.zip"))
    files.reject()
    assert jobs.taken[0].arguments[:3] == ("backup", "--features", str(tmp_path / "mine.zip"))
    jobs.progress.emit(Progress(Stage.BACKUP, 30, 120))
    assert "25" in window.shell.foot.job.said
    jobs.finished.emit(Finished({"tracks": 1234, "bytes": 5e6}))
    assert "1,234 tracks are in the backup." in window.shell.messages.text
    assert "5.0 MB" in window.shell.messages.text
    assert not window.shell.foot.job.isVisible()


@pytest.mark.usefixtures("old_backup")
@pytest.mark.parametrize("replace", [False, True])
def test_restoring_over_a_library_says_what_is_at_stake(
    segue: Application, tracks: list[Track], jobs: Recorder, control: BackupControl, qtbot: QtBot, replace: bool
) -> None:
    segue.services.library.catalogue.upsert(tracks)
    control.examine("/backups/old.zip")
    dialog = dialog_of(segue.window, qtbot)
    words = said_in(dialog)
    for part in ("1,234 tracks", "56 plays", "7 playlists", "30 tracks", "Nov 2023", "copied first"):
        assert part in words
    button = dialog.findChild(QPushButton, "replace") if replace else dialog.yes
    assert button.accessibleName() or button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert jobs.taken[0].arguments[:3] == ("restore", "/backups/old.zip", "--replace" if replace else "--merge")
    jobs.finished.emit(Finished({"added": 3, "changed": 1, "removed": 0, "created": MANIFEST.created}))
    assert "3 entries were added" in segue.window.shell.messages.text


@pytest.mark.usefixtures("old_backup")
def test_an_empty_library_is_only_asked_whether(
    window: MainWindow, jobs: Recorder, control: BackupControl, qtbot: QtBot
) -> None:
    control.examine("/backups/old.zip")
    dialog = dialog_of(window, qtbot)
    assert dialog.findChild(QPushButton, "replace") is None
    QTest.mouseClick(dialog.no, Qt.MouseButton.LeftButton)
    assert jobs.taken == []


def test_a_file_that_is_no_backup_is_told_and_nothing_asked(
    window: MainWindow, jobs: Recorder, control: BackupControl, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "other.zip").write_bytes(b"something else")
    control.examine(str(tmp_path / "other.zip"))
    qtbot.waitUntil(lambda: "is not a backup of Segue" in window.shell.messages.text)
    assert jobs.taken == []


def test_a_failure_is_told(window: MainWindow, jobs: Recorder, control: BackupControl) -> None:
    control.back_up("/backups/x.zip", features=False)
    jobs.failed.emit(Failed(*plain("The disk is full.", "Free some space.")))
    assert window.shell.messages.text == "The disk is full. Free some space."


def test_the_library_moves_and_the_settings_follow(segue: Application, jobs: Recorder) -> None:
    page = segue.window.extras.settings.dialog.database
    page.own.setChecked(True)
    page.address.setText("mongodb://me:secret@127.0.0.1:1/x?serverSelectionTimeoutMS=100")
    QTest.mouseClick(page.move_button, Qt.MouseButton.LeftButton)
    job = jobs.taken[0]
    assert "secret" not in " ".join(job.arguments)
    assert dict(job.secrets)[kinds.TARGET_VARIABLE] == page.address.text()
    assert segue.services.preferences.settings.database_uri is None
    jobs.finished.emit(Finished({"tracks": 3}))
    assert segue.services.preferences.settings.database_uri == page.address.text()
    assert "moved" in page.outcome.text()


def test_a_move_that_failed_leaves_the_database_as_it_was(segue: Application, jobs: Recorder) -> None:
    page = segue.window.extras.settings.dialog.database
    page.own.setChecked(True)
    page.address.setText("mongodb://127.0.0.1:1/x")
    page.move_button.click()
    jobs.failed.emit(Failed("database-silent", {"address": "127.0.0.1:1", "then": "Look at it."}))
    assert segue.services.preferences.settings.database_uri is None
    assert page.outcome.property("tone") == "danger"
    assert page.move_button.isEnabled()


def test_a_due_copy_waits_for_a_quiet_moment_but_not_for_ever(jobs: Recorder, control: BackupControl) -> None:
    control.look_for_weekly_copy()
    assert jobs.taken == []
    control.look_for_weekly_copy()
    assert [job.kind for job in jobs.taken] == [kinds.WEEKLY]


def test_no_copy_is_made_while_the_last_one_is_young(jobs: Recorder, control: BackupControl, home: Home) -> None:
    copy_now(home)
    control.look_for_weekly_copy()
    control.look_for_weekly_copy()
    assert jobs.taken == []


def test_the_settings_show_the_last_copy_and_take_another_folder(
    segue: Application, home: Home, tmp_path: Path
) -> None:
    section = segue.window.extras.settings.dialog.database.backups
    assert "no weekly copy yet" in section.last.text()
    copy_now(home)
    section.refresh()
    assert "12 kB" in section.last.text()
    section.choose_folder()
    files = section.findChild(QFileDialog)
    files.fileSelected.emit(str(tmp_path))
    files.reject()
    assert segue.services.preferences.settings.backup_folder == str(tmp_path)
    assert str(tmp_path) in section.folder.text()


def test_settings_written_by_a_restore_are_taken_up(segue: Application, home: Home) -> None:
    preferences = segue.services.preferences
    preferences.settings.save(home)
    preferences.set("crossfade_seconds", 3.0)
    preferences.reload()
    assert preferences.settings.crossfade_seconds == 3.0  # the file is our own, only older
    restored = Settings(crossfade_seconds=7.0, database_uri="mongodb://elsewhere")
    home.settings_file.write_text(json.dumps(restored.by_name()))
    preferences.reload()
    assert preferences.settings.crossfade_seconds == 7.0
    assert preferences.settings.database_uri is None


def test_the_command_is_given_its_file_and_its_events_come_back(home: Home, qtbot: QtBot, qapp: object) -> None:
    stand_in = Path(__file__).parents[1] / "unit" / "jobs" / "indexer_stand_in.py"
    jobs = Jobs(home, command=[sys.executable, str(stand_in), "works"])
    backups = Backups(home, Settings(), jobs=jobs)
    notices: list[str] = []
    jobs.notice.connect(lambda event: notices.append(event.message))
    with qtbot.waitSignal(backups.done, timeout=15_000) as done:
        backups.back_up("x.zip")
    arguments = json.loads(notices[0])
    assert arguments[2:4] == ["backup", str(Path("x.zip").absolute())]
    assert "--events" in arguments
    assert done.args == [kinds.BACKUP, {"tracks": 2}]
    backups.shutdown()


def copy_now(home: Home) -> None:
    """A file that looks like this week's copy."""
    path = weekly_copy(own_folder(home), time.time())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 12_000)
