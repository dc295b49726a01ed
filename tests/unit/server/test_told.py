"""What a real broker tells the server of a listener: For you follows, in the page and in an app's playlist."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from indexer.core.follow import changes
from indexer.core.home import Home
from indexer.core.kafka.events import ModelMade
from indexer.core.plays import OWNER, ListenerId
from indexer.core.store import Database
from indexer.core.taste.model import TASTE
from indexer.core.tracks import Track, TrackId
from musicplayer.server import learning
from tests.brokers import Broker, needed
from tests.conftest import empty_database
from tests.opensonic import Opensonic
from tests.plays import play_of
from tests.served_library import make_library, make_taste
from tests.serving import Served, serving
from tests.told_lists import tell, told_list
from tests.waiting import wait_until

pytestmark = pytest.mark.database

LATER = 3_600.0
"""Until the looks at what is new that nobody tells of: what is seen before was told."""

EARLY_LIST = [1, 2, 3]
NAMES = ("ada", "bert", "cleo")


class Heard:
    """What an open page of a listener was told, in another thread."""

    def __init__(self, served: Served, listener: ListenerId) -> None:
        self.kinds: list[str] = []
        self._client = served.client(listener)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        wait_until(lambda: "hello" in self.kinds, "an open page")
        self.kinds.clear()

    def _listen(self) -> None:
        with contextlib.suppress(httpx.HTTPError), self._client.stream("GET", "/api/events", timeout=None) as answer:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    self.kinds.append(line.removeprefix("event: "))


class Household:
    """A served library with a broker; `bert` is one of three listeners."""

    def __init__(self, served: Served, database: Database, home: Home, tracks: list[Track], broker: Broker) -> None:
        self.served, self.database, self.home, self.tracks, self.broker = served, database, home, tracks, broker
        self.bert, self.cleo = (listener for listener in served.keys if listener != OWNER)

    def ids(self, *numbers: int) -> list[TrackId]:
        return [self.tracks[number].id for number in numbers]

    def tell(self, *numbers: int, listener: ListenerId, after: str = "") -> None:
        tell(self.broker.where, told_list(self.ids(*numbers), listener=listener, after=after))

    def ahead(self, client: httpx.Client, count: int) -> list[str]:
        shelves = client.get("/api/for-you").json()["shelves"]
        return [row["id"] for row in shelves[0]["rows"][:count]] if shelves else []


@pytest.fixture(scope="module")
def household(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """A library whose owner was told a list before the server began."""
    needed()
    folder = tmp_path_factory.mktemp("told")
    home = Home.resolve(folder / "home")
    broker = Broker(folder / "broker")
    broker.start()
    with pytest.MonkeyPatch.context() as patch, empty_database(database_server, home) as database:
        patch.setenv("SEGUE_KAFKA", broker.address)
        patch.setattr(learning, "LOOK_SECONDS", LATER)
        patch.setattr(changes, "NEWS_SECONDS", LATER)
        tracks = make_library(database, home, folder / "music")
        make_taste(home, tracks)
        tell(broker.where, told_list([tracks[number].id for number in EARLY_LIST]))
        with serving(home, database.uri, names=NAMES, only_songs=False) as served:
            yield Household(served, database, home, tracks, broker)
    broker.stop()


def plays_of(client: httpx.Client, track: TrackId) -> int:
    rows = client.get("/api/tracks", params={"size": 100}).json()["tracks"]
    return next(int(row["plays"]) for row in rows if row["id"] == track)


def test_a_list_of_the_last_day_is_taken_up_at_the_start_and_is_nobody_elses(household: Household) -> None:
    with household.served.client(OWNER) as ada, household.served.client(household.cleo) as cleo:
        wait_until(lambda: household.ahead(ada, 3) == household.ids(*EARLY_LIST), "the list of before")
        assert cleo.get("/api/for-you").json()["shelves"] == []


def test_a_list_that_comes_is_ahead_until_something_later_is_known(household: Household) -> None:
    with household.served.client(household.bert) as bert:
        for number in range(0, 12, 2):
            told = {"id": secrets.token_hex(12), "track": household.tracks[number].id, "heard": 6.0}
            assert bert.post("/api/plays", json=told).status_code == 200
        page = Heard(household.served, household.bert)
        household.tell(15, 13, 17, listener=household.bert)
        wait_until(lambda: household.ahead(bert, 3) == household.ids(15, 13, 17), "the list")
        wait_until(lambda: "foryou" in page.kinds, "the open page to be told")
        why = bert.get("/api/why", params={"track": household.tracks[15].id}).json()["why"]
        assert "Song 15" in why
        assert bert.post("/api/opinions", json={"track": household.tracks[15].id, "thumb": -1}).status_code == 200
        assert household.tracks[15].id not in household.ahead(bert, 30)
        household.tell(15, 19, listener=household.bert)
        wait_until(lambda: household.ahead(bert, 1) == household.ids(19), "a list without what is disliked")


def test_with_a_list_come_the_plays_that_it_counts(household: Household) -> None:
    with household.served.client(household.bert) as bert:
        track = household.tracks[21].id
        assert plays_of(bert, track) == 0
        play = replace(play_of(track), listener=household.bert)
        household.database.plays.add([play])
        household.tell(23, listener=household.bert, after=play.id)
        wait_until(lambda: household.ahead(bert, 1) == household.ids(23), "the list")
        wait_until(lambda: plays_of(bert, track) == 1, "the play that it counts")


def test_an_app_has_it_as_a_playlist_that_it_cannot_change(household: Household) -> None:
    port = int(household.served.address.rsplit(":", 1)[1])
    app = Opensonic(api_key=household.served.keys[household.bert], port=port, app_name="a phone")
    app.create_playlist(name="Mine", song_ids=household.ids(4))
    household.tell(*range(5, 15), listener=household.bert)
    wait_until(lambda: [each.id for each in app.get_playlists()][:1] == ["for-you"], "the list")
    wait_until(lambda: [song.id for song in app.get_playlist("for-you").entry] == household.ids(*range(5, 15)))
    shown, mine = app.get_playlists()
    assert (shown.id, mine.name) == ("for-you", "Mine")
    assert (shown.name, shown.owner, shown.public, shown.song_count) == ("For you", "bert", False, 10)
    assert (
        abs(shown.changed.timestamp() - time.time()) < LATER if hasattr(shown.changed, "timestamp") else shown.changed
    )
    login = {"apiKey": household.served.keys[household.bert], "v": "1.16.1", "c": "test", "f": "json"}
    asked: dict[str, dict[str, Any]] = {
        "updatePlaylist": {"playlistId": "for-you", "name": "Other"},
        "createPlaylist": {"playlistId": "for-you", "songId": household.ids(1)},
        "deletePlaylist": {"id": "for-you"},
    }
    with household.served.client(None) as client:
        for endpoint, values in asked.items():
            answer = client.get(f"/rest/{endpoint}", params={**login, **values}).json()["subsonic-response"]
            assert answer["error"]["code"] == 50
    assert len(app.get_playlist("for-you").entry) == 10
    app.close()


def test_a_model_that_is_announced_is_taken_up_long_before_the_next_look(household: Household) -> None:
    page = Heard(household.served, household.bert)
    make_taste(household.home, household.tracks, seed=1)
    tell(household.broker.where, ModelMade(TASTE, "another", time.time()))
    wait_until(lambda: "foryou" in page.kinds, "open pages to be told")


def test_a_broker_that_comes_back_is_followed_again(household: Household) -> None:
    with household.served.client(household.bert) as bert:
        household.broker.kill()
        assert bert.get("/api/for-you").status_code == 200
        household.broker.start()
        household.tell(9, 11, listener=household.bert)
        wait_until(lambda: household.ahead(bert, 2) == household.ids(9, 11), "what was told since")
