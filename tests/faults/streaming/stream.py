"""A broker, all of Segue that tells it and takes from it, and what keeps them busy; all of it can be killed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from indexer.core.kafka.address import ADDRESS_VARIABLE
from indexer.core.plays import OWNER, ListenerId
from indexer.core.store import open_database
from indexer.core.tracks import Seconds, TrackId
from indexer.streaming.consumer import group_of
from tests.brokers import Broker
from tests.faults.household import Household
from tests.faults.streaming.book import Book, is_at_the_end, plays_on
from tests.faults.streaming.expiry import Expiry
from tests.faults.streaming.foreign import Foreign
from tests.faults.streaming.load import PlayerLoad, ServerLoad
from tests.faults.watched import Record, Watched, indexer
from tests.faults.world import World
from tests.plays import play_of
from tests.served import ServerProcess

CONSUMERS = 2
PAUSE: Seconds = 0.2
"""Between two plays of one listener: five listeners make up to twenty-five a second."""

WORKS_SECONDS: Seconds = 180.0
QUIET_SECONDS: Seconds = 180.0
"""For a machine that does much else."""

LOOK_SECONDS: Seconds = 0.25
OTHERS = ("carla", "dora")
"""Listeners of programs of others."""


@dataclass
class Stream:
    """Everything of one run; `running` starts and ends it.

    Attributes:
        forgotten: confirmed plays of others that the broker had not any more after it was killed.
    """

    world: World
    broker: Broker
    with_spark: bool
    book: Book = field(default_factory=Book)
    consumers: list[Watched] = field(default_factory=list)
    spark: Watched | None = None
    others: list[Foreign] = field(default_factory=list)
    server: ServerProcess | None = None
    _house: Household | None = None
    _serving: ExitStack = field(default_factory=ExitStack)
    _player: PlayerLoad | None = None
    _expiry: Expiry | None = None
    _ready: Watched | None = None
    _listeners: list[ServerLoad] = field(default_factory=list)

    @classmethod
    @contextmanager
    def running(cls, world: World, *, with_spark: bool) -> Iterator[Stream]:
        """Start it all, in a world whose player is restarted for that, and end it all."""
        with cls._opened(world, with_spark=with_spark) as stream:
            stream.start()
            yield stream

    @classmethod
    @contextmanager
    def alone(cls, world: World) -> Iterator[Stream]:
        """The same with a player alone, whom nobody has play anything."""
        with cls._opened(world, with_spark=False) as stream:
            stream.start_player()
            yield stream

    @property
    def forgotten(self) -> int:
        return sum(each.forgotten for each in self.others)

    def kill_broker(self) -> None:
        """Kill the broker and start it again; the programs of others look what it has, as they are advised to."""
        self.broker.kill()
        self.broker.start()
        there = plays_on(self.broker.where)
        for each in self.others:
            each.compare(there)

    def kill_consumer(self, number: int) -> None:
        self.consumers[number].kill()
        self.consumers[number] = self._consumer()

    def kill_spark(self) -> None:
        assert self.spark is not None
        family = self.spark.children()
        self.spark.kill()
        for member in family:
            if member.is_running():
                member.kill()
        self.spark = self._trainer()

    def kill_player(self) -> None:
        assert self.world.player is not None
        self.world.player.kill()
        self.start_player()

    def kill_server(self) -> None:
        assert self.server is not None
        self.server.process.kill()
        self.server.process.wait()
        self._serving.close()
        self._serve()

    def start_player(self) -> None:
        self._ready = None
        player = self.world.start_player(seconds=WORKS_SECONDS)
        player.listeners.append(self._on_said)
        self._ready = player

    def works(self) -> Seconds:
        """Seconds from now until plays of programs of others that are yet to be told are in the database.

        Raises:
            AssertionError: they do not come.
        """
        began = time.monotonic()
        before = [each.last() for each in self.others]
        wanted: dict[ListenerId, tuple[str, float]] = {}

        def told() -> bool:
            for each, last in zip(self.others, before, strict=True):
                if (now := each.last()) != last:
                    wanted.setdefault(each.listener, now)
            return len(wanted) == len(self.others)

        _wait(told, "nothing is confirmed to programs of others", seconds=WORKS_SECONDS)
        with open_database(self.world.home) as database:

            def arrived() -> bool:
                return all(
                    play in {each.id for each in database.plays.of(listener, since=at)}
                    for listener, (play, at) in wanted.items()
                )

            _wait(arrived, f"plays do not come into the database; {self._said()}", seconds=WORKS_SECONDS)
        return time.monotonic() - began

    def come_to_rest(self) -> None:
        """Nothing new is noted; wait until what was noted is everywhere, for so long at the most."""
        for each in (*([self._player] if self._player is not None else []), *self._listeners):
            each.close()
        for other in self.others:
            other.settle()
        home = self.world.home
        journals = [home.journal_file, *([home.server_journal_file] if self.server is not None else [])]
        _wait(lambda: all(each.is_settled for each in self.others), "others wait", seconds=QUIET_SECONDS)
        _wait(lambda: not any(journal.exists() for journal in journals), "journals wait", seconds=QUIET_SECONDS)
        if self.consumers:
            group = group_of(self.broker.where)
            _wait(lambda: is_at_the_end(self.broker.where, group), "consumers wait", seconds=QUIET_SECONDS)
        if self.spark is not None:
            with contextlib.suppress(AssertionError):  # what is missing is named later
                _wait(lambda: not self.book.ungathered(home), "Spark has not gathered all", seconds=QUIET_SECONDS)

    @classmethod
    @contextmanager
    def _opened(cls, world: World, *, with_spark: bool) -> Iterator[Stream]:
        """A broker that runs, and what is known of it; whatever was started ends with it."""
        broker = Broker(world.root.parent / f"{world.root.name}-broker")
        stream = cls(world, broker, with_spark)
        world.close_player()
        world.environment[ADDRESS_VARIABLE] = broker.address
        broker.start()
        try:
            yield stream
        finally:
            stream.end()
            del world.environment[ADDRESS_VARIABLE]

    def start(self) -> None:
        """Start all that tells, all that takes, and those who play."""
        tracks = self.world.tracks
        self._learn(tracks)
        self._house = Household(self.world.home, [TrackId(track) for track in tracks])
        self.start_player()
        self._player = PlayerLoad(lambda: self._ready, tracks, PAUSE)
        self._serve()
        self.consumers = [self._consumer() for _ in range(CONSUMERS)]
        self._expiry = Expiry(self.broker.where, group_of(self.broker.where))
        self._expiry.start()
        self.spark = self._trainer() if self.with_spark else None
        self._listeners = [
            ServerLoad(self._house, listener, tracks, self.book, PAUSE) for listener in self._house.listeners
        ]
        self.others = [Foreign(self.broker.where, ListenerId(name), tracks, self.book, PAUSE) for name in OTHERS]
        for each in (self._player, *self._listeners, *self.others):
            each.start()
        self.works()

    def end(self) -> None:
        """End what this started, but for processes of the world."""
        loads = [*([self._player] if self._player is not None else []), *self._listeners, *self.others]
        for each in loads:
            if each.is_alive():
                each.close()
        if self._expiry is not None:
            self._expiry.close()
        self._serving.close()
        self.broker.stop()

    def _learn(self, tracks: list[str]) -> None:
        """Have a model of taste, which lists are made with: of plays of a year ago."""
        a_year_ago = time.time() - 365 * 86_400
        with open_database(self.world.home) as database:
            for place, name in enumerate((OWNER, *OTHERS)):
                database.plays.add(
                    play_of(TrackId(track), a_year_ago + number + place / 4, listener=ListenerId(name))
                    for number, track in enumerate(tracks[: len(tracks) // 2])
                )
        built = self.world.run("taste", "build")
        assert built.code == 0, built.sentences[-10:]

    def _on_said(self, record: Record) -> None:
        if record.get("say") == "played":
            self.book.keep(OWNER, record["id"], "player")

    def _serve(self) -> None:
        assert self._house is not None
        self.server = self._serving.enter_context(self._house.served(self.world.environment))

    def _consumer(self) -> Watched:
        return self._kept("stream")

    def _trainer(self) -> Watched:
        return self._kept("stream", "train", "--trigger", "continuous")

    def _kept(self, *arguments: str) -> Watched:
        process = indexer(self.world.root, *arguments, environment=self.world.environment)
        self.world.undo.callback(process.close)
        return process

    def _said(self) -> str:
        return " | ".join(" / ".join(each.sentences[-4:]) for each in self.consumers)


def _wait(holds: Callable[[], bool], what: str, seconds: Seconds) -> None:
    """Look as seldom as leaves the machine to those that are waited for."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds:g} s: {what}"
        time.sleep(LOOK_SECONDS)  # other processes work on it, which say nothing
