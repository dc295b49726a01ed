"""Two listeners with a device each at a real server: what they were told is kept, and whether that is there, once."""

from __future__ import annotations

import contextlib
import itertools
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from indexer.core.home import Home
from indexer.core.plays import ListenerId
from indexer.core.store import Database, open_database
from indexer.core.tracks import TrackId
from musicplayer.server.accounts.accounts import Accounts
from tests.served import ServerProcess, started
from tests.waiting import wait_until

PASSWORD = "nine good words"
HEARD = 6.0
ANSWER_SECONDS = 10.0
"""Beyond the longest bound of any answer here."""

_EARLIER = 5 * 86_400
"""Plays of the last week are taken with the time that is told."""


@dataclass
class Listener:
    """One listener's device, and what the server said that it has of them.

    Attributes:
        id, key: who, and what the device shows.
        plays: times of the plays that were acknowledged.
        stars: by track, as it was said last.
        list: the id of a playlist, and what is in it.
        open: a play, star or playlist whose answer did not come: it may be kept or not.
    """

    id: ListenerId
    key: str
    plays: list[float] = field(default_factory=list)
    stars: dict[str, bool] = field(default_factory=dict)
    list: tuple[str, list[str]] = ("", [])
    open: tuple[str, Any] = ("", None)


class Household:
    """Those who listen to the library of a home, with what they are told kept apart from Segue."""

    def __init__(self, home: Home, tracks: list[TrackId], uri: str | None = None) -> None:
        """Make their accounts; the database is that at `uri`, None for the managed one of the home."""
        self.home = home
        self.tracks = tracks
        self.uri = uri
        accounts = Accounts(home.accounts_file)
        token = accounts.first_token
        both = (
            accounts.create_first(token, "ada", PASSWORD) if token else accounts.all()[0],
            accounts.add(f"bert {secrets.token_hex(3)}", PASSWORD),
        )
        self.listeners = [Listener(each.id, accounts.new_device(each.id, "a device")[1]) for each in both]
        self._clock = itertools.count(int(time.time()) - _EARLIER, 60)
        self.port = 0

    @contextmanager
    def served(self, environment: Mapping[str, str] | None = None) -> Iterator[ServerProcess]:
        """A server process that answers both."""
        with started(self.home, uri=self.uri, variables=environment) as server:
            wait_until(lambda: server.states or server.process.poll() is not None, "the server")
            assert server.states, server.failures
            self.port = int(server.address.rsplit(":", 1)[1].strip("/"))
            wait_until(lambda: self.ask("/api/tracks?size=1").get("total"), "no tracks are shown")
            yield server

    @contextmanager
    def client(self, listener: Listener, within: float = ANSWER_SECONDS) -> Iterator[httpx.Client]:
        """A client with the key of a listener, which gives up after so many seconds of silence."""
        headers = {"Authorization": f"Bearer {listener.key}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=within) as client:
            yield client

    def get(self, path: str, *, within: float = ANSWER_SECONDS) -> httpx.Response:
        """What the first listener is answered; raises AssertionError where no answer comes so soon."""
        with self.client(self.listeners[0], within) as client:
            try:
                return client.get(path)
            except httpx.TimeoutException as error:
                raise AssertionError(f"no answer within {within:g} s to {path}") from error

    def ask(self, path: str) -> dict[str, Any]:
        """The JSON of the same; nothing where no answer comes."""
        with contextlib.suppress(httpx.HTTPError, AssertionError):
            answer = self.get(path)
            return answer.json() if answer.status_code == httpx.codes.OK else {}
        return {}

    def state(self) -> dict[str, Any]:
        """What is said of the library."""
        return self.ask("/api/state").get("library", {})

    def some_play(self, track: str) -> dict[str, Any]:
        """A play as a page tells it, at a time of its own."""
        at = float(next(self._clock))
        return {"id": secrets.token_hex(12), "track": track, "at": at, "heard": HEARD, "source": "web"}

    # What listeners do; each gives the answer, and keeps what was acknowledged.

    def play(self, listener: Listener, client: httpx.Client, track: str) -> httpx.Response:
        play = self.some_play(track)
        listener.open = ("play", play["at"])
        answer = client.post("/api/plays", json=play)
        if answer.is_success:
            listener.plays.append(play["at"])
        listener.open = ("", None) if answer.is_success else listener.open
        return answer

    def star(self, listener: Listener, client: httpx.Client, track: str) -> httpx.Response:
        wanted = not listener.stars.get(track, False)
        listener.open = ("star", track)
        answer = client.post("/api/opinions", json={"track": track, "favourite": wanted})
        if answer.is_success:
            listener.stars[track] = wanted
            listener.open = ("", None)
        return answer

    def lengthen(self, listener: Listener, client: httpx.Client, track: str) -> httpx.Response:
        """Put a track at the end of the listener's list, which is made where there is none."""
        identity, tracks = listener.list
        listener.open = ("list", [*tracks, track])
        if identity:
            answer = client.put(f"/api/playlists/{identity}", json={"tracks": [*tracks, track]})
        else:
            answer = client.post("/api/playlists", json={"name": "evening", "tracks": [track]})
        if answer.is_success:
            listener.list = (answer.json()["id"], [*tracks, track])
            listener.open = ("", None)
        return answer

    def live(self, chance: random.Random) -> None:
        """Each does each of these once, and is answered."""
        for listener in self.listeners:
            with self.client(listener) as client:
                for do in (self.play, self.star, self.lengthen):
                    answer = do(listener, client, chance.choice(self.tracks))
                    assert answer.is_success, answer.text

    @contextmanager
    def living(self, seed: int) -> Iterator[None]:
        """Both do so all the time, until the block ends or nobody answers them any more."""
        ended = threading.Event()
        threads = [
            threading.Thread(target=self._live_on, args=(listener, random.Random(f"{seed} {listener.id}"), ended))
            for listener in self.listeners
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            for thread in threads:
                thread.join()

    def lost(self, seconds: float = 30.0) -> list[str]:
        """What was acknowledged and is not in the database, or is there twice, once all of it had time to come."""
        found: list[str] = ["nobody looked"]

        def arrived() -> bool:
            with open_database(self.home, uri=self.uri) as database:
                found[:] = [line for listener in self.listeners for line in _amiss(listener, database)]
            return not found

        with contextlib.suppress(AssertionError):
            wait_until(arrived, seconds=seconds)
        return found

    def acknowledged(self) -> int:
        """How many things are watched."""
        return sum(len(each.plays) + len(each.stars) + len(each.list[1]) for each in self.listeners)

    def _live_on(self, listener: Listener, chance: random.Random, ended: threading.Event) -> None:
        deeds = (self.play, self.play, self.star, self.lengthen)
        with contextlib.suppress(httpx.TransportError), self.client(listener) as client:
            while not ended.is_set():
                chance.choice(deeds)(listener, client, chance.choice(self.tracks))


def _amiss(listener: Listener, database: Database) -> Iterator[str]:
    """What of a listener is not as it was acknowledged."""
    kind, what = listener.open
    times = Counter(play.at for play in database.plays.of(listener.id))
    yield from (f"play at {at} of {listener.id}: {times[at]} times" for at in listener.plays if times[at] != 1)
    if kind == "play" and times[what] > 1:
        yield f"play at {what} of {listener.id}: {times[what]} times"
    opinions = database.opinions.of(listener.id)
    for track, starred in listener.stars.items():
        said = opinions.get(TrackId(track))
        if (said is not None and said.favourite) != starred and (kind, what) != ("star", track):
            yield f"star of {track} of {listener.id}"
    identity, tracks = listener.list
    kept = next((list(each.tracks) for each in database.playlists.of(listener.id) if each.id == identity), [])
    if kept != tracks and (kind, what) != ("list", kept):
        yield f"playlist of {listener.id}: {len(kept)} of {len(tracks)} tracks"
