"""The window on a library that a real server shares: browsed, played, compared and answered as one of this machine."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.profiles import SONIC
from indexer.core.plays import Opinion
from indexer.core.shared.introducing import introduce
from indexer.core.shared.server import read_server, write_server
from indexer.core.tracks import TrackId
from musicplayer.app import Application, begin
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import Silence
from tests.unit.discover.small_model import write_small_model

from .conftest import PASSWORD, Kitchen

pytestmark = pytest.mark.database

WAIT_MS = 40_000
PLACES = ("albums", "artists", "genres", "recent", "most-played", "never-played", "journey", "map", "listening")


@pytest.fixture
def home(home: Home, kitchen: Kitchen) -> Home:
    """The home of the kitchen's library, as Bert listens to it, who is not the owner there."""
    write_server(home, introduce(kitchen.address, "bert", PASSWORD, "the window"))
    return home


@pytest.fixture
def living(segue: Application, kitchen: Kitchen, qtbot: QtBot) -> MainWindow:
    """The window, once it shows what the server has."""
    begin(segue)
    model = segue.window.library.model
    qtbot.waitUntil(lambda: model.rowCount() == len(kitchen.tracks), timeout=WAIT_MS)
    return segue.window


@pytest.fixture
def asked(home: Home, kitchen: Kitchen) -> Iterator[httpx.Client]:
    """Asks the server as this listener."""
    server = read_server(home)
    assert server is not None
    key = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=kitchen.address, headers=key, timeout=20) as client:
        yield client


def bert(kitchen: Kitchen) -> str:
    [listener] = [each.id for each in kitchen.server.states[-1].listeners if each.name == "Bert"]
    return listener


def play_first(living: MainWindow) -> TrackId:
    """Double-click the first row of the table."""
    table = living.library.table
    table.doubleClicked.emit(table.model().index(0, 1))
    return living.library.model.track_at(0)


def test_the_table_fills_and_all_places_can_be_gone_to(living: MainWindow, kitchen: Kitchen, qtbot: QtBot) -> None:
    model = living.library.model
    shown = {model.track_at(row) for row in range(model.rowCount())}
    assert shown == {track.id for track in kitchen.tracks}
    for place in PLACES:
        living.shell.places.go(place)
        assert living.shell.places.current_place == place
    assert living.shell.messages.text == ""
    counts = living.shell.foot.counts
    qtbot.waitUntil(lambda: counts.whole_text == "24 tracks, all analysed")


def test_a_double_click_plays_from_the_server(
    living: MainWindow, segue: Application, backend: Silence, kitchen: Kitchen
) -> None:
    track = play_first(living)
    assert segue.services.player.current == track
    assert backend.loaded == f"{kitchen.address}/stream/{track}"
    assert living.windowTitle().endswith(" · Bert's library on 127.0.0.1")


def test_the_panel_shows_what_the_server_says(
    living: MainWindow, segue: Application, home: Home, qtbot: QtBot, asked: httpx.Client
) -> None:
    similar = segue.services.similar
    qtbot.waitUntil(lambda: similar.manifest is not None and not similar.manifest.provisional, timeout=WAIT_MS)
    assert current_model_folder(home, "sonic").is_dir()
    track = play_first(living)
    rows = living.similar.model
    qtbot.waitUntil(lambda: bool(rows.tracks()), timeout=WAIT_MS)
    there = asked.get("/api/similar", params={"seed": track, "size": 30}).json()["rows"]
    assert rows.tracks() == [row["track"]["id"] for row in there]


def test_an_opinion_arrives_and_one_that_is_said_elsewhere_is_shown(
    living: MainWindow, segue: Application, kitchen: Kitchen, qtbot: QtBot, asked: httpx.Client
) -> None:
    track = play_first(living)
    living.shell.actions.favourite.trigger()
    said = lambda: kitchen.database.opinions.said(bert(kitchen)).get(track, Opinion(track))  # noqa: E731 - as above
    qtbot.waitUntil(lambda: said().favourite, timeout=WAIT_MS)
    assert track not in kitchen.database.opinions.said()
    changed = {"track": track, "thumb": 0, "rating": 4, "favourite": True}
    assert asked.post("/api/opinions", json=changed).is_success
    qtbot.waitUntil(lambda: segue.services.opinions.of(track).rating == 4, timeout=WAIT_MS)


def test_a_playlist_is_on_both_sides(
    living: MainWindow, segue: Application, kitchen: Kitchen, qtbot: QtBot, asked: httpx.Client
) -> None:
    tracks = [track.id for track in kitchen.tracks[:3]]
    made = segue.services.playlists.create("For cooking", tracks)
    there = lambda: [each["name"] for each in asked.get("/api/playlists").json()["playlists"]]  # noqa: E731 - as above
    qtbot.waitUntil(lambda: "For cooking" in there(), timeout=WAIT_MS)
    kept = kitchen.database.playlists  # is told in a moment of what the server has said already
    qtbot.waitUntil(lambda: [each.owner for each in kept.all() if each.id == made.id] == [bert(kitchen)])


def test_another_model_of_the_server_is_copied(
    living: MainWindow, segue: Application, kitchen: Kitchen, home: Home, qtbot: QtBot
) -> None:
    similar, features = segue.services.similar, kitchen.database.features
    qtbot.waitUntil(lambda: similar.manifest is not None and not similar.manifest.provisional, timeout=WAIT_MS)
    name = f"{current_model_folder(home, 'sonic').name}-anew"
    sounds = features.get(SONIC.key, [track.id for track in kitchen.tracks])
    write_small_model(kitchen.home, sounds, name, key=SONIC.key)
    qtbot.waitUntil(lambda: similar.manifest is not None and similar.manifest.id == name, timeout=WAIT_MS)
    assert current_model_folder(home, "sonic").name == name


def test_a_copy_that_is_damaged_is_made_anew(
    kitchen: Kitchen, home: Home, living: MainWindow, segue: Application, qtbot: QtBot
) -> None:
    similar = segue.services.similar
    qtbot.waitUntil(lambda: similar.manifest is not None and not similar.manifest.provisional, timeout=WAIT_MS)
    damaged = next(file for file in current_model_folder(home, "sonic").iterdir() if file.suffix == ".npy")
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1])
    copies = segue.services.copies
    assert copies is not None
    with qtbot.waitSignal(copies.copied, timeout=WAIT_MS):
        similar.reload()
    assert (current_model_folder(home, "sonic") / damaged.name).read_bytes() == whole
