"""Ears in the settings: what they cost is said first, and what becomes of adding and removing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from indexer.core.events import Failed, Finished
from indexer.core.home import Home
from indexer.core.model.embedding.ears import MUSICNN, added, ear_file
from indexer.core.model.embedding.registry import Registration, file_sha256, register
from indexer.core.settings import Settings
from musicplayer.jobs.jobs import Job, Jobs
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.settings.ears import EarsSection
from musicplayer.ui.settings.pages import indexing_page, offer_profiles


class Recorder(Jobs):
    """Takes jobs down instead of starting a process."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.taken: list[Job] = []

    def run(self, kind: str, *arguments: str, secrets: Mapping[str, str] | None = None) -> None:
        self.taken.append(Job(kind, arguments))


@pytest.fixture(autouse=True)
def _own_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.core.model.profiles.ADDED", {})


@pytest.fixture
def jobs(qapp: object, home: Home) -> Recorder:
    return Recorder(home)


@pytest.fixture
def preferences(qapp: object, home: Home) -> Preferences:
    return Preferences(home, Settings())


@pytest.fixture
def section(preferences: Preferences, jobs: Recorder, qtbot: QtBot) -> EarsSection:
    made = EarsSection(preferences, jobs=jobs)
    qtbot.addWidget(made)
    made.show()
    return made


def put_there(home: Home) -> Path:
    """What the indexer does."""
    path = ear_file(home, MUSICNN)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    register(home, Registration(MUSICNN.name, str(path), file_sha256(path), "{}", 3))
    return path


def asked(section: EarsSection, qtbot: QtBot) -> ConfirmDialog:
    section.buttons["musicnn"].click()
    qtbot.waitUntil(lambda: bool(section.window().findChildren(ConfirmDialog)))
    return section.window().findChildren(ConfirmDialog)[-1]


def test_nothing_is_fetched_before_it_was_said_what_it_is(
    section: EarsSection, jobs: Recorder, home: Home, qtbot: QtBot
) -> None:
    assert section.buttons["musicnn"].text() == "Add…"
    dialog = asked(section, qtbot)
    words = " ".join(label.text() for label in dialog.findChildren(type(section.outcome)))
    assert all(part in words for part in ("Licence: ISC", "29.3 MB", "0.2 s longer", "pypi.org"))
    dialog.no.click()
    assert jobs.taken == []
    asked(section, qtbot).yes.click()
    assert jobs.taken == [Job("ear", ("ears", "add", "musicnn", "--yes"))]
    assert not section.buttons["musicnn"].isEnabled()
    put_there(home)
    with qtbot.waitSignal(section.changed):
        jobs.finished.emit(Finished())
    assert section.buttons["musicnn"].text() == "Remove"
    assert section.buttons["musicnn"].isEnabled()
    assert "choose its profile under Indexing" in section.outcome.text()


def test_what_goes_wrong_is_told_and_can_be_tried_again(section: EarsSection, jobs: Recorder, qtbot: QtBot) -> None:
    asked(section, qtbot).yes.click()
    jobs.failed.emit(Failed("ear-hears-wrong", {"name": "musicnn"}))
    assert "does not hear a known sound" in section.outcome.text()
    assert (section.buttons["musicnn"].text(), section.buttons["musicnn"].isEnabled()) == ("Add…", True)


def test_removing_the_one_in_use_goes_back_to_sonic(
    home: Home, preferences: Preferences, jobs: Recorder, qtbot: QtBot
) -> None:
    path = put_there(home)
    preferences.set("profile", MUSICNN.profile)
    section = EarsSection(preferences, jobs=jobs)
    qtbot.addWidget(section)
    with qtbot.waitSignal(section.changed):
        section.buttons["musicnn"].click()
    assert preferences.settings.profile == "sonic"
    assert added(home, MUSICNN) is None
    assert not path.exists()
    assert "go on by the profile sonic" in section.outcome.text()
    path.parent.rmdir()


def test_a_network_of_the_users_own_by_that_name_is_told(home: Home, preferences: Preferences, qtbot: QtBot) -> None:
    register(home, Registration(MUSICNN.name, "/own.onnx", "0" * 64, "{}", 3))
    section = EarsSection(preferences)
    qtbot.addWidget(section)
    assert "of your own" in section.outcome.text()


def test_profiles_are_offered_as_they_come_and_go(home: Home, preferences: Preferences, qtbot: QtBot) -> None:
    form, box = indexing_page(preferences)
    qtbot.addWidget(form)

    def names() -> list[str]:
        return [box.itemData(row) for row in range(box.count())]

    assert isinstance(box, QComboBox)
    assert names() == ["sonic", "classic", "rhythm"]
    put_there(home)
    offer_profiles(box, preferences)
    assert names() == ["sonic", "classic", "rhythm", "sonic+musicnn"]
    assert box.currentData() == "sonic"
    assert preferences.settings.profile == "sonic"
