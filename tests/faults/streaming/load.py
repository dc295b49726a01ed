"""What keeps a stream busy: the player of the owner, the server of a household, and programs of others."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Sequence

import httpx

from indexer.core.plays import ListenerId, stable_id
from indexer.core.tracks import Seconds
from tests.faults.household import Household, Listener
from tests.faults.streaming.book import Book
from tests.faults.watched import Watched


class PlayerLoad(threading.Thread):
    """Has whichever player is ready note a play, again and again; it says which it noted."""

    def __init__(self, player: Callable[[], Watched | None], tracks: Sequence[str], pause: Seconds) -> None:
        super().__init__(name="load of the player", daemon=True)
        self._player = player
        self._tracks = tracks
        self._pause = pause
        self._chance = random.Random(1)
        self._ended = threading.Event()

    def run(self) -> None:
        number = 0
        while not self._ended.wait(self._pause):
            running = self._player()
            if running is not None and running.is_running:
                number += 1
                running.tell(f"heard {self._chance.choice(self._tracks)} {10 + number / 1_000!r}")

    def close(self) -> None:
        self._ended.set()
        self.join()


class ServerLoad(threading.Thread):
    """A device of a listener that tells the server a play, again and again until it is taken, and then the next."""

    def __init__(self, house: Household, listener: Listener, tracks: Sequence[str], book: Book, pause: Seconds) -> None:
        super().__init__(name=f"load of {listener.id}", daemon=True)
        self._house = house
        self._listener = listener
        self._tracks = tracks
        self._book = book
        self._pause = pause
        self._chance = random.Random(listener.id)
        self._ended = threading.Event()

    @property
    def listener(self) -> ListenerId:
        return self._listener.id

    def run(self) -> None:
        play = self._house.some_play(self._chance.choice(self._tracks))
        while not self._ended.is_set():
            with contextlib.suppress(httpx.HTTPError), self._house.client(self._listener) as client:
                while not self._ended.wait(self._pause):
                    answer = client.post("/api/plays", json=play)
                    if answer.is_success:
                        who = self._listener.id
                        self._book.keep(who, stable_id("web", who, play["id"]), "server")
                        play = self._house.some_play(self._chance.choice(self._tracks))
            time.sleep(self._pause)  # the server is away, and comes back at another port

    def close(self) -> None:
        self._ended.set()
        self.join()
