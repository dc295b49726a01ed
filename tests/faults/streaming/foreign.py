"""A program of somebody else that tells plays by another client of Kafka, and keeps them until they are safe."""

from __future__ import annotations

import json
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Collection, Sequence
from typing import Any

from indexer.core.kafka.address import Address, Topic
from indexer.core.plays import ListenerId
from indexer.core.tracks import Seconds
from tests.faults.streaming.book import Book

_ANSWER_MS = 3_000


class Foreign(threading.Thread):
    """Tells plays of one listener, one after the other: the next once the one before was confirmed.

    It keeps what it told, and tells what a broker lost again by the same ids.

    Attributes:
        listener: whose plays they are.
        forgotten: how many confirmed plays the broker had not any more after it was killed.
    """

    def __init__(
        self, address: Address, listener: ListenerId, tracks: Sequence[str], book: Book, pause: Seconds
    ) -> None:
        super().__init__(name=f"foreign-{listener}", daemon=True)
        self.listener = listener
        self.forgotten = 0
        self._address = address
        self._tracks = tracks
        self._book = book
        self._pause = pause
        self._chance = random.Random(listener)
        self._at = time.time() - 3 * 86_400 + self._chance.random()
        self._told: list[dict[str, Any]] = []
        self._waiting: deque[dict[str, Any]] = deque()
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._producer: Any = None

    def last(self) -> tuple[str, float]:
        """The id of the play that was confirmed last, and its time."""
        with self._turn:
            return (str(self._told[-1]["id"]), float(self._told[-1]["at"])) if self._told else ("", 0.0)

    def compare(self, there: Collection[str]) -> None:
        """The broker was started again and has these: tell it what it confirmed and lost, before anything else."""
        with self._turn:
            lost = [play for play in self._told if play["id"] not in there]
            self.forgotten += len(lost)
            self._told = [play for play in self._told if play["id"] in there]
            self._waiting.extendleft(reversed(lost))

    def settle(self) -> None:
        """Tell nothing new from now on, but what waits."""
        self._ended.set()

    @property
    def is_settled(self) -> bool:
        """Whether everything was confirmed."""
        return self._ended.is_set() and not self._waiting

    def close(self) -> None:
        self._ended.set()
        with self._turn:
            self._waiting.clear()
        self.join(3 * _ANSWER_MS / 1_000)

    def run(self) -> None:
        known: set[str] = set()
        while not self._ended.is_set() or self._waiting:
            with self._turn:
                if not self._waiting and not self._ended.is_set():
                    self._waiting.append(self._made())
                if self._waiting and self._tell(self._waiting[0]):
                    play = self._waiting.popleft()
                    self._told.append(play)
                    if play["id"] not in known:
                        known.add(play["id"])
                        self._book.keep(self.listener, play["id"])
            self._ended.wait(self._pause)
        self._drop()

    def _made(self) -> dict[str, Any]:
        self._at += 1.0
        track = self._chance.choice(self._tracks)
        return {"version": 1, "id": secrets.token_hex(12), "track": track, "at": self._at, "seconds_heard": 8.0}

    def _tell(self, play: dict[str, Any]) -> bool:
        """Whether the broker confirmed it; where it did not, a new connection asks next time."""
        from kafka import KafkaProducer
        from kafka.errors import KafkaError

        try:
            if self._producer is None:
                self._producer = KafkaProducer(
                    bootstrap_servers=self._address.servers, acks="all", retries=0, enable_idempotence=False,
                    max_in_flight_requests_per_connection=1, request_timeout_ms=_ANSWER_MS,
                    delivery_timeout_ms=2 * _ANSWER_MS, max_block_ms=_ANSWER_MS,
                )  # fmt: skip
            sent = self._producer.send(
                self._address.topic(Topic.PLAYS), json.dumps(play).encode(), key=self.listener.encode()
            )
            sent.get(2 * _ANSWER_MS / 1_000)
        except (KafkaError, OSError, RuntimeError):
            self._drop()
            return False
        return True

    def _drop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=0)
