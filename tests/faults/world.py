"""A home of its own with music, an indexer, a player and the managed database, all of them the real programs."""

from __future__ import annotations

import contextlib
import json
import math
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from indexer.core.home import Home
from indexer.core.store.managed.layout import ServerFolder, ServerState
from indexer.core.store.managed.server import stop
from tests.faults.answers import answers_of
from tests.faults.ledger import Ledger
from tests.faults.music import make_clips
from tests.faults.watched import Record, Watched, indexer, player

WORKERS = 2
READY_SECONDS = 60.0


@dataclass
class World:
    """Everything below one folder; leaving the context ends every process of it.

    Attributes:
        root: the home.
        music: the folder that is in its library.
        environment: variables that every process gets.
        uri: where the database is, None for the managed one.
        through: a module, with its arguments, that runs the programs.
        player, build: those that were started last.
        undo: what is to be done once no process is left.
    """

    root: Path
    music: Path
    environment: dict[str, str] = field(default_factory=dict)
    uri: str | None = None
    through: tuple[str, ...] = ()
    player: Watched | None = None
    build: Watched | None = None
    undo: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _processes: list[Watched] = field(default_factory=list)
    _clips: int = 0
    _ledger: Ledger | None = None

    @classmethod
    def below(cls, folder: Path, **options: object) -> Self:
        """A world in `folder`, or the one that is there already."""
        world = cls(folder / "home", folder / "music", **options)  # type: ignore[arg-type]
        settings = world.home.settings_file
        if not settings.exists():
            settings.parent.mkdir(parents=True)
            settings.write_text(json.dumps({"watch_folders": False}), encoding="utf-8")
        world._clips = len(list(world.music.glob("*.wav"))) if world.music.is_dir() else 0
        return world

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def home(self) -> Home:
        return Home.resolve(self.root)

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            self._ledger = Ledger(self.home, self.uri)
        return self._ledger

    @property
    def tracks(self) -> list[str]:
        """The ids of the tracks that the ledger knows."""
        return sorted(self.ledger.seen.tracks)

    def add_clips(self, count: int) -> None:
        """Put further recordings into the music folder."""
        make_clips(self.music, count, first=self._clips)
        self._clips += count

    def clips_for(self, seconds: float, *, at_least: int) -> int:
        """How many clips keep the workers busy for so long here, by the builds that came to their end."""
        ended = (
            record for process in self._processes for record in process.records if record.get("event") == "finished"
        )
        costs = (record["summary"] for record in ended)
        each = [cost["analysis_cpu_seconds"] / cost["analysed"] for cost in costs if cost.get("analysed")]
        return max([at_least, *(math.ceil(seconds * WORKERS / cost) for cost in each if cost)])

    def start_build(self, *options: str) -> Watched:
        """Start an indexer on the music folder; it says events."""
        chosen = options or ("--model", "never")
        arguments = ["build", "--events", "--workers", str(WORKERS), *chosen, str(self.music)]
        self.build = self._kept(indexer(self.root, *arguments, environment=self.environment, through=self.through))
        return self.build

    def run(self, *arguments: str | Path) -> Watched:
        """Run the indexer to its end."""
        process = self._kept(indexer(self.root, *arguments, environment=self.environment, through=self.through))
        process.end()
        return process

    def built(self, *options: str) -> Watched:
        """Build to the end.

        Raises:
            AssertionError: it failed.
        """
        build = self.start_build(*options)
        assert build.end(300) == 0, (build.records[-3:], build.sentences[-10:])
        return build

    def start_player(self, *, seconds: float = READY_SECONDS) -> Watched:
        """Start a player and return once it knows what the database holds, which it is given so long for."""
        self.player = self._kept(player(self.root, environment=self.environment, through=self.through))
        self.ledger.follow(self.player)
        self.player.wait_for(says("ready"), seconds=seconds)
        return self.player

    def the_player(self) -> Watched:
        """The player that runs, or one more."""
        return self.player if self.player is not None and self.player.is_running else self.start_player()

    def close_player(self) -> None:
        """End the player as a person does, if one runs."""
        if self.player is not None and self.player.is_running:
            self.player.tell("quit")
            self.player.end()

    def live_a_little(self, chance: random.Random, *, plays: int = 3) -> None:
        """Have the player do what must be remembered: plays, a playlist, a track hidden for another."""
        running, tracks = self.the_player(), self.tracks
        if len(tracks) < 2:
            return
        before = len(running.records)
        for track in chance.sample(tracks, min(plays, len(tracks))):
            running.tell(f"heard {track} {chance.uniform(2, 200)!r}")
        running.tell(f"playlist list-{chance.randrange(10**9)}")
        running.tell("hide {} {}".format(*chance.sample(tracks, 2)))
        running.wait_for(says("hidden"), after=before, seconds=20)

    def server(self) -> psutil.Process | None:
        """The managed database server, None while none runs."""
        state = self.server_state()
        return None if state is None else state.server.process()

    def server_state(self) -> ServerState | None:
        return ServerState.read(ServerFolder(self.home.database))

    def answers(self) -> dict[str, list[str]]:
        """What the model says about each track that it knows."""
        return answers_of(self.home)

    def close(self) -> None:
        for process in self._processes:
            process.close()
        self._processes.clear()
        if self.root.is_dir():
            stop(self.home)
        self.undo.close()

    def copy(self, folder: Path) -> World:
        """This world, which is at rest, once more in another folder, with the music it was left with."""
        for clip in sorted(self.music.glob("*.wav"))[self._clips :]:
            clip.unlink()
        shutil.copytree(self.root, folder / "home")
        copied = World(folder / "home", self.music, dict(self.environment), self.uri)
        copied._clips = self._clips
        return copied

    def _kept(self, process: Watched) -> Watched:
        self._processes.append(process)
        return process


def says(kind: str) -> Callable[[Record], bool]:
    """Whether a record of a player is of that kind."""
    return lambda record: record.get("say") == kind


def tells(event: str, **content: object) -> Callable[[Record], bool]:
    """Whether an event of an indexer is of that kind and holds that content."""
    return lambda record: (
        record.get("event") == event and all(record.get(name) == value for name, value in content.items())
    )
