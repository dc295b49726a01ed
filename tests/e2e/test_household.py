"""An evening in a household: two listeners and four ways to play one library; the server is killed in between."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId, PlaySource, Thumb
from indexer.core.settings import Settings
from indexer.core.shared.server import Server, library_home, write_server
from indexer.core.store import Database
from indexer.core.tracks import TrackId
from musicplayer.server.accounts.accounts import Accounts
from tests.faults.watched import Watched, player
from tests.faults.world import says
from tests.opensonic import Opensonic
from tests.served import ServerProcess, started
from tests.served_library import make_library
from tests.serving import free_port
from tests.waiting import wait_until

pytestmark = [pytest.mark.database, pytest.mark.skipif(not hasattr(Path, "chmod"), reason="no POSIX here")]

PLAYS = 200
PASSWORD = "nine good words"
START = 1_760_000_000
WAYS = ("desktop", "page", "app", "window")
"""The player beside the library; a page of its owner; an app of Bert's; a window of Bert's on another computer."""


class Evening:
    """Who plays what by which way, and how often each did."""

    def __init__(
        self, server: ServerProcess, desktop: Watched, window: Watched, keys: dict[str, str], tracks: list[TrackId]
    ) -> None:
        self.players = {"desktop": desktop, "window": window}
        self.tracks = tracks
        self.of: dict[str, Counter[TrackId]] = {name: Counter() for name in WAYS}
        self._keys = keys
        self._clock = START
        self.join(server)

    def join(self, server: ServerProcess) -> None:
        """Use this server from now on."""
        port = int(server.address.rsplit(":", 1)[1].strip("/"))
        self.page = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {self._keys['ada']}"}, timeout=20
        )
        self.app = Opensonic(api_key=self._keys["bert"], port=port, app_name="a phone")

    def shown(self) -> dict[str, int]:
        """How often each track was played, as the page has it."""
        return {row["id"]: row["plays"] for row in self.page.get("/api/tracks?size=100").json()["tracks"]}

    def leave(self) -> None:
        """Close what was opened."""
        self.page.close()
        self.app.close()

    def play(self, way: str, track: TrackId) -> None:
        """One track heard to its end."""
        self.of[way][track] += 1
        self._clock += 300
        if way in self.players:
            self.players[way].tell(f"heard {track} 100.0")
        elif way == "page":
            play = {"id": secrets.token_hex(12), "track": track, "at": float(self._clock), "heard": 6.0}
            for _ in range(2):  # a page that lost the answer tells it again
                assert self.page.post("/api/plays", json=play | {"source": "web"}).status_code == 200
        else:
            self.app.scrobble(track, submission=True, listen_time=self._clock)


def test_every_play_is_kept_once_and_each_taste_is_its_own(database: Database, home: Home, tmp_path: Path) -> None:
    tracks = [track.id for track in make_library(database, home, tmp_path / "music")]
    Settings(database_uri=database.uri, watch_folders=False).save(home)
    keys, ids = _listeners(home)
    chance = random.Random(12)
    place = str(free_port())
    with ExitStack() as players:
        desktop = _player(players, home)
        with started(home, "--port", place, uri=database.uri) as server:
            wait_until(lambda: server.states)
            elsewhere = library_home(Home.resolve(tmp_path / "elsewhere"), server.address.rstrip("/"))
            write_server(elsewhere, Server(server.address.rstrip("/"), keys["bert"], "bert"))
            window = _player(players, elsewhere)
            evening = Evening(server, desktop, window, keys, tracks)
            _listen(evening, chance, PLAYS // 2)
            evening.leave()
            server.process.kill()
            server.process.wait()
        with started(home, "--port", place, uri=database.uri) as server:
            wait_until(lambda: server.states)
            evening.join(server)
            wait_until(lambda: evening.page.get("/api/state").status_code == 200)
            _listen(evening, chance, PLAYS - PLAYS // 2)
            said = evening.page.post("/api/opinions", json={"track": tracks[0], "thumb": int(Thumb.DOWN)})
            assert said.status_code == 200
            evening.app.star([tracks[1]])
            of = evening.of
            wanted = {OWNER: of["desktop"] + of["page"], ids["bert"]: of["app"] + of["window"]}
            wait_until(lambda: {who: _counted(database, who) for who in wanted} == wanted, seconds=60)
            both = {track: wanted[OWNER][track] for track in tracks}  # the page of the owner counts the desktop's, too
            wait_until(lambda: evening.shown() == both, what="the page counts otherwise")
            song = evening.app.get_song(tracks[2])
            assert (song.play_count or 0) == wanted[ids["bert"]][tracks[2]]
            evening.leave()
    assert sum(sum(counts.values()) for counts in wanted.values()) == PLAYS
    by_app = [play for play in database.plays.of(ids["bert"]) if play.context.source is PlaySource.SUBSONIC]
    assert Counter(play.track for play in by_app) == evening.of["app"]
    assert {play.context.client for play in by_app} == {"a phone"}
    wait_until(lambda: len(database.opinions.of(ids["bert"])) == 1)
    assert database.opinions.of(OWNER)[tracks[0]].thumb is Thumb.DOWN
    assert tracks[0] not in database.opinions.of(ids["bert"])
    assert database.opinions.of(ids["bert"])[tracks[1]].favourite


def _player(players: ExitStack, home: Home) -> Watched:
    """A player that has read the library of a home, and ends with the others."""
    made = player(Path(str(home.root)))
    players.callback(made.close)
    made.wait_for(says("ready"), seconds=60)
    return made


def _listeners(home: Home) -> tuple[dict[str, str], dict[str, ListenerId]]:
    accounts = Accounts(home.accounts_file)
    ada = accounts.create_first(str(accounts.first_token), "ada", PASSWORD)
    bert = accounts.add("bert", PASSWORD)
    keys = {each.name: accounts.new_device(each.id, "a device")[1] for each in (ada, bert)}
    return keys, {"ada": ada.id, "bert": bert.id}


def _listen(evening: Evening, chance: random.Random, number: int) -> None:
    for place in range(number):
        evening.play(WAYS[place % len(WAYS)], chance.choice(evening.tracks))


def _counted(database: Database, listener: ListenerId) -> Counter[TrackId]:
    return Counter(play.track for play in database.plays.of(listener) if play.finished and play.track is not None)
