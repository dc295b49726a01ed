"""What a real broker tells the window: For you begins with it at once, and plays of other devices come with it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from indexer.core.follow import changes
from indexer.core.home import Home
from indexer.core.kafka.address import Address
from indexer.core.kafka.events import ModelMade
from indexer.core.plays import ListenerId, Thumb
from indexer.core.store import Database
from indexer.core.store.records import Matter
from indexer.core.taste.folder import save_taste
from indexer.core.taste.model import TASTE
from indexer.core.taste.shelves import ShelfKind
from indexer.core.taste.weights import DAY
from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.ui.foryou.foryou_page import ForYouPage
from musicplayer.ui.foryou.shelf_view import WHY
from tests.brokers import Broker, running
from tests.gui.conftest import track
from tests.gui.test_foryou import ITEMS, WAIT_MS, id_of, part, spot
from tests.plays import play_of
from tests.told_lists import tell, told_list
from tests.unit.core.taste.made import made_model

pytestmark = pytest.mark.database

LATER = 3_600.0
"""Until the next look at what nobody tells of."""

NEW = id_of(ITEMS)
"""A track that the model does not know."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running(tmp_path_factory.mktemp("broker")) as made:
        yield made


@pytest.fixture(autouse=True)
def where(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Address:
    """Topics of its own for each test; what comes by way of the database comes late."""
    told = f"{broker.address}/{secrets.token_hex(4)}"
    monkeypatch.setenv("SEGUE_KAFKA", told)
    monkeypatch.setattr(changes, "NEWS_SECONDS", LATER)
    return Address.of(told)


@pytest.fixture
def page(home: Home, segue: Application, database: Database, qtbot: QtBot) -> ForYouPage:
    """The page with shelves of what was played some days ago, while the broker is followed."""
    put_model(home)
    now = time.time()
    database.plays.add([play_of(id_of(6 * number), now - number * DAY) for number in range(4, 12)])
    names = [(id_of(item), f"Title {item}", f"Artist {item}") for item in range(ITEMS + 1)]
    database.tracks.upsert([track(0, id=item, title=title, artist=artist) for item, title, artist in names])
    segue.services.library.move_to(database.uri)
    segue.services.live.start()
    segue.window.resize(1_200, 900)
    segue.window.shell.places.go("for-you")
    found = segue.window.extras.foryou.page
    qtbot.waitUntil(lambda: bool(found.parts), timeout=WAIT_MS)
    return found


def put_model(home: Home, name: str = "made-0") -> None:
    made = made_model(items=ITEMS)
    built = datetime.now(UTC).isoformat()
    save_taste(home, replace(made, manifest=replace(made.manifest, id=name, built_at=built)))


def ahead(page: ForYouPage, count: int) -> tuple[TrackId, ...]:
    return part(page, ShelfKind.FOR_YOU).model.tracks[:count]


def test_a_list_is_ahead_at_once_and_until_the_owner_does_something(
    page: ForYouPage, segue: Application, where: Address, qtbot: QtBot
) -> None:
    tell(where, told_list([id_of(31), NEW, id_of(32)]))
    qtbot.waitUntil(lambda: ahead(page, 3) == (id_of(31), NEW, id_of(32)), timeout=WAIT_MS)
    shelf = part(page, ShelfKind.FOR_YOU)
    qtbot.mouseClick(shelf.view.viewport(), Qt.MouseButton.LeftButton, pos=spot(shelf, 1, WHY))
    told = "which you played 3 times this month"
    qtbot.waitUntil(lambda: told in shelf.about.whole_text, timeout=WAIT_MS)
    assert f"Title {ITEMS}" in shelf.about.whole_text
    assert "Title 31" in shelf.about.whole_text
    segue.services.opinions.set_thumb([id_of(32)], Thumb.DOWN)
    qtbot.waitUntil(lambda: NEW not in shelf.model.tracks, timeout=WAIT_MS)
    tell(where, told_list([id_of(32), NEW]))
    qtbot.waitUntil(lambda: ahead(page, 1) == (NEW,), timeout=WAIT_MS)
    segue.services.player.played.emit(play_of(id_of(31), time.time()))
    qtbot.waitUntil(lambda: NEW not in shelf.model.tracks, timeout=WAIT_MS)


def test_lists_of_others_are_nothing_to_the_window(page: ForYouPage, where: Address, qtbot: QtBot) -> None:
    tell(where, told_list([id_of(31)], listener=ListenerId("ann")), told_list([id_of(32)]))
    qtbot.waitUntil(lambda: ahead(page, 1) == (id_of(32),), timeout=WAIT_MS)
    assert id_of(31) not in ahead(page, 2)


def test_with_a_list_come_the_plays_that_it_counts(
    page: ForYouPage, segue: Application, database: Database, where: Address, qtbot: QtBot
) -> None:
    play = play_of(id_of(45))
    database.plays.add([play])
    with qtbot.waitSignal(segue.services.library.client.news, timeout=WAIT_MS) as news:
        tell(where, told_list([id_of(31)], after=play.id))
    assert news.args == [frozenset({Matter.PLAYS})]
    qtbot.waitUntil(lambda: ahead(page, 1) == (id_of(31),), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: id_of(45) not in ahead(page, 30), timeout=WAIT_MS)


def test_a_model_that_is_announced_is_taken_up(
    page: ForYouPage, segue: Application, home: Home, where: Address, qtbot: QtBot
) -> None:
    assert segue.services.recommended.now.version == "made-0"
    put_model(home, "made-1")
    tell(where, ModelMade(TASTE, "made-1", time.time()))
    qtbot.waitUntil(lambda: segue.services.recommended.now.version == "made-1", timeout=WAIT_MS)
    assert page.parts


def test_another_broker_is_chosen_in_the_settings(
    page: ForYouPage, segue: Application, where: Address, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.delenv("SEGUE_KAFKA")
    other = f"kafka://{where.servers}/other{secrets.token_hex(4)}"
    segue.services.preferences.set("kafka", other)
    tell(Address.of(other), told_list([id_of(33)]))
    qtbot.waitUntil(lambda: ahead(page, 1) == (id_of(33),), timeout=WAIT_MS)
