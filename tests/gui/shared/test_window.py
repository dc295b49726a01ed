"""The window on a library of another machine: whose it says it is, and what it leaves to that machine."""

from __future__ import annotations

import dataclasses

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC
from indexer.core.shared.server import Server, write_server
from musicplayer.app import Application
from musicplayer.desktop.visit import Command, Visit
from musicplayer.ui.frame.places import Section
from musicplayer.ui.frame.whose import library_name, machine_of
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import track

KITCHEN = Server("http://kitchen.home.arpa:4849", "key-of-this-player", "Anna", profile=CLASSIC.key)
ELSEWHERE = "on another machine"


@pytest.fixture
def home(home: Home) -> Home:
    """The home of a library that is shared by a machine that is off."""
    write_server(home, KITCHEN)
    return home


@pytest.mark.parametrize(
    ("address", "machine"),
    [
        ("http://kitchen:4849", "kitchen"),
        ("https://kitchen.home.arpa:4849/music", "kitchen"),
        ("http://192.168.1.20:4849", "192.168.1.20"),
        ("http://[fe80::1]:4849", "fe80::1"),
    ],
)
def test_a_machine_is_called_by_its_name(address: str, machine: str) -> None:
    assert machine_of(address) == machine


def test_a_library_without_a_listener_is_called_by_its_machine() -> None:
    assert library_name(dataclasses.replace(KITCHEN, listener="")) == "Library on kitchen"


def test_tracks_are_compared_by_the_profile_of_the_server(segue: Application) -> None:
    assert segue.services.preferences.settings.profile == CLASSIC.name


def test_title_and_side_bar_say_whose_library_it_is(window: MainWindow) -> None:
    assert window.windowTitle() == "Anna's library on kitchen"
    head = window.shell.places.sidebar.head(Section.LIBRARY)
    assert (head.text(0), head.toolTip(0)) == ("Anna on kitchen", "Anna's library on kitchen")


def test_places_of_the_other_machine_are_not_there(window: MainWindow) -> None:
    sidebar = window.shell.places.sidebar
    assert sidebar.keys(Section.LIBRARY) == [
        *("tracks", "albums", "artists", "genres", "browser", "recent", "most-played", "never-played")
    ]
    assert sidebar.keys(Section.DISCOVER) == ["journey", "map", "listening"]
    window.shell.places.go("indexing")
    assert window.shell.places.current_place == "tracks"


def test_what_is_done_there_is_in_no_menu_and_has_no_shortcut(window: MainWindow) -> None:
    actions = window.shell.actions
    offered = {action for menu in window.menus.values() for action in menu.actions()}
    for action in (
        *(actions.add_folder, actions.open_demo, actions.open_shared, actions.import_history),
        *(actions.back_up, actions.restore, actions.rescan, actions.rebuild, actions.pause_indexing),
        *(actions.cancel_indexing, actions.indexing, actions.problems, actions.copies, actions.network),
    ):
        assert action not in offered
        assert action not in actions.all()
        assert not action.isEnabled()
    for action in (actions.settings, actions.new_playlist, actions.import_playlist, actions.search, actions.shuffle):
        assert action in offered
        assert action.isEnabled()


def test_settings_are_those_of_this_window_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.shell.actions.settings.trigger()
    dialog = window.extras.settings.dialog
    qtbot.waitUntil(dialog.isVisible)
    topics = [dialog.topics.item(row).text() for row in range(dialog.topics.count())]
    assert topics == ["Playback", "Recommendations", "Appearance", "Sharing"]
    for row in range(len(topics)):
        dialog.topics.setCurrentRow(row)
        assert dialog.pages.currentIndex() == row
    assert not dialog.ears.isVisible()


def test_a_menu_of_tracks_has_nothing_of_files(segue: Application) -> None:
    commands = segue.window.shell.commands
    menu = commands.menu([track(1).id], segue.window)
    words = [action.text() for action in menu.actions()]
    assert {"Play", "Add to queue", "More like this", "Go to artist"} <= set(words)
    assert not {"Show in file manager", "Copy path"} & set(words)


def test_an_empty_library_does_not_invite_to_fill_it(window: MainWindow) -> None:
    welcome = window.library.welcome
    assert not welcome.add.isVisibleTo(welcome)
    assert not welcome.demo.isVisibleTo(welcome)
    assert not welcome.shared.isVisibleTo(welcome)
    assert not welcome.how.isVisibleTo(welcome)
    assert ELSEWHERE in welcome.what.text()
    window.shell.places.go("albums")
    assert "older" not in window.extras.views.albums.how_to_fill


def test_a_folder_is_not_taken_and_it_is_said_where_it_is(window: MainWindow, segue: Application) -> None:
    window.library_control.add_folder("/music")
    assert not segue.services.jobs.is_running
    assert ELSEWHERE in window.shell.messages.text


def test_nothing_of_the_indexer_starts(segue: Application) -> None:
    services = segue.services
    for start in (
        services.jobs.scan,
        services.jobs.rebuild,
        services.learning.build_taste,
        services.backups.make_weekly_copy,
    ):
        start()
    assert not any(part.is_running for part in (services.jobs, services.learning, services.backups))
    services.server.start()
    assert services.server.process_id is None
    segue.window.extras.desktop.open(Visit(Command.DEMO))
    assert not services.demo.is_running


def test_a_server_that_does_not_answer_is_said_in_its_words(window: MainWindow, segue: Application) -> None:
    segue.services.library.client.unavailable.emit("kitchen does not answer.", "It is tried again.")
    assert window.shell.foot.database.text() == "kitchen does not answer: showing the library as last seen"
    segue.services.library.client.connected.emit()
    assert window.shell.foot.database.text() == ""
    assert window.shell.messages.text.startswith("kitchen answers again.")
