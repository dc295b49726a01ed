"""What Segue has acknowledged, kept outside of it, and whether all of that is still there after a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pymongo
from pymongo.errors import PyMongoError

from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.store.managed.server import running_uri
from tests.faults.watched import Record, Watched
from tests.waiting import wait_until

ARRIVES_SECONDS = 45.0
"""Time for what was done without a database to arrive in it, its first retries included."""

Playlist = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Contents:
    """What a database holds, as far as it must not be lost.

    Attributes:
        tracks: when each was added, by id.
        paths: ids of the tracks that are not gone, by the path that they show.
        files: the track of each file.
        features: revision of what was heard in each track.
        sounds: tracks that were measured.
        plays: how often each play is there, by track, time and seconds heard.
        playlists: name and tracks of those that were not deleted, by id.
        hidden: seed and track.
    """

    tracks: dict[str, float] = field(default_factory=dict)
    paths: dict[Any, list[str]] = field(default_factory=dict)
    files: dict[Any, str] = field(default_factory=dict)
    features: dict[str, int] = field(default_factory=dict)
    sounds: frozenset[str] = frozenset()
    plays: Counter[tuple[str, float, float]] = field(default_factory=Counter)
    playlists: dict[str, Playlist] = field(default_factory=dict)
    hidden: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Audit:
    """What is missing and what is there twice; each entry names it."""

    losses: list[str]
    duplicates: list[str]


class Ledger:
    """Follows players by what they say and the database by looking into it."""

    def __init__(self, home: Home, uri: str | None = None) -> None:
        """Keep the books of the library of `home`, or of the database at `uri`."""
        self._home = home
        self._uri = uri
        self._seen = Contents()
        self._heard: Counter[tuple[str, float]] = Counter()
        self._playlists: dict[str, Playlist] = {}
        self._hidden: set[tuple[str, str]] = set()

    @property
    def seen(self) -> Contents:
        """What was in the database when it was last looked at."""
        return self._seen

    @property
    def entries(self) -> int:
        """How many acknowledged things are watched."""
        seen = self._seen
        stored = len(seen.tracks) + len(seen.files) + len(seen.features) + len(seen.sounds)
        return stored + self._heard.total() + len(self._playlists) + len(self._hidden)

    def follow(self, player: Watched) -> None:
        """Hold a player to what it says."""
        player.listeners.append(self._on_said)

    def answers(self) -> bool:
        """Whether the database answers."""
        return self._look() is not None

    def note(self) -> None:
        """Hold the database to what it shows now; one that is away is held to what it showed before."""
        now = self._look()
        if now is not None:
            self._seen = now

    def audit(self, *, once: bool = True) -> Audit:
        """Compare what was acknowledged with what is there, waiting for what is still on its way.

        With `once`, nothing that was analysed before may have been analysed again.
        """
        now: Contents | None = None
        losses: list[str] = []

        def all_arrived() -> bool:
            nonlocal now, losses
            now = self._look()
            losses = ["the database does not answer"] if now is None else self._losses(now)
            return not losses

        with suppress(AssertionError):
            wait_until(all_arrived, seconds=ARRIVES_SECONDS)
        return Audit(losses, [] if now is None else self._duplicates(now, once=once))

    def _on_said(self, record: Record) -> None:
        match record["say"]:
            case "played":
                self._heard[record["track"], record["heard"]] += 1
            case "playlist":
                self._playlists[record["id"]] = (record["name"], tuple(record["tracks"]))
            case "hidden":
                self._hidden.add((record["seed"], record["track"]))

    def _losses(self, now: Contents) -> list[str]:
        seen = self._seen
        plays = Counter({(track, heard): 0 for track, _, heard in now.plays})
        for (track, _, heard), number in now.plays.items():
            plays[track, heard] += number
        lost = [
            *(f"track {track}" for track in seen.tracks if now.tracks.get(track) != seen.tracks[track]),
            *(f"file {path}" for path in seen.files if path not in now.files),
            *(f"features of {track}" for track in seen.features.keys() - now.features.keys()),
            *(f"sound of {track}" for track in seen.sounds - now.sounds),
            *(f"play of {play}" for play, number in self._heard.items() if plays[play] < number),
            *(f"playlist {key}" for key, made in self._playlists.items() if now.playlists.get(key) != made),
            *(f"hidden {pair}" for pair in self._hidden - now.hidden),
        ]
        orphans = {*now.features, *now.files.values(), *now.sounds} - now.tracks.keys()
        return [*lost, *(f"what belongs to the missing track {track}" for track in orphans)]

    def _duplicates(self, now: Contents, *, once: bool) -> list[str]:
        again = [track for track, rev in self._seen.features.items() if now.features.get(track, rev) != rev]
        return [
            *(f"play {play}, {number} times" for play, number in now.plays.items() if number > 1),
            *(f"{path} is {len(tracks)} tracks" for path, tracks in now.paths.items() if len(tracks) > 1),
            *(f"playlist {key} under another id" for key in _doubled(now.playlists)),
            *(f"{track} was analysed twice" for track in again if once),
        ]

    def _look(self) -> Contents | None:
        uri = self._uri or running_uri(self._home)
        if uri is None:
            return None
        try:
            with _opened(uri) as database:
                return contents_of(database)
        except PyMongoError:
            return None


def contents_of(database: Any) -> Contents:
    """Read everything that counts, by the driver alone."""
    tracks = list(database["tracks"].find({}, {"added_at": 1, "path": 1, "state": 1}))
    paths: dict[Any, list[str]] = {}
    for track in tracks:
        if track["state"] != "gone":
            paths.setdefault(track["path"], []).append(track["_id"])
    return Contents(
        tracks={track["_id"]: track["added_at"] for track in tracks},
        paths=paths,
        files={file["_id"]: file["track"] for file in database["files"].find({}, {"track": 1})},
        features={one["track"]: one["rev"] for one in database["features"].find({"key": SONIC.key}, _FEATURE)},
        sounds=frozenset(one["_id"] for one in database["sounds"].find({}, {"_id": 1})),
        plays=Counter((play["track"], play["at"], play["seconds_heard"]) for play in database["plays"].find({})),
        playlists={
            one["_id"]: (one["name"], tuple(one["tracks"]))
            for one in database["playlists"].find({})
            if not one.get("deleted")
        },
        hidden=frozenset((one["seed"], one["track"]) for one in database["feedback"].find({})),
    )


_FEATURE = {"track": 1, "rev": 1}


@contextmanager
def _opened(uri: str) -> Iterator[Any]:
    """A connection of our own, which holds no claim on a managed server."""
    client: Any = pymongo.MongoClient(uri, serverSelectionTimeoutMS=2_000, socketTimeoutMS=10_000)
    try:
        yield client.get_default_database("segue")
    finally:
        client.close()


def _doubled(playlists: dict[str, Playlist]) -> list[str]:
    first: dict[Playlist, str] = {}
    return [key for key, content in playlists.items() if first.setdefault(content, key) != key]
