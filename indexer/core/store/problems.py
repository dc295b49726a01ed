"""The files that could not be taken in or analysed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.core.store.bulk import remove, save
from indexer.core.store.codec import pack_path, problem_document, problem_of
from indexer.core.store.connection import Connection
from indexer.core.tracks import HINDRANCES, Problem, TrackId, problem_key

COLLECTION = "problems"


class ProblemStore:
    """At most one problem per file, and per track of one that a cue sheet divides: the latest."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, problems: Iterable[Problem]) -> None:
        save(self._connection, COLLECTION, map(problem_document, problems))

    def clear(self, keys: Iterable[str]) -> None:
        """Forget the problems of these files, or of tracks of them; see `Problem.key`."""
        remove(self._connection, COLLECTION, "_id", map(pack_path, keys))

    def all(self) -> Iterator[Problem]:
        return map(problem_of, self._connection.read(COLLECTION, {}))

    def count(self) -> int:
        with self._connection.errors():
            return self._connection.collection(COLLECTION).count_documents({})

    def of(self, path: str, track: TrackId) -> Problem | None:
        """What keeps a track from being analysed: its own problem, or that of its file."""
        keys = {"$in": [pack_path(problem_key(path, track)), pack_path(path)]}
        found = map(problem_of, self._connection.read(COLLECTION, {"_id": keys}))
        hindering = [problem for problem in found if problem.kind in HINDRANCES]
        return min(hindering, key=lambda problem: problem.track is None, default=None)

    def hindered(self) -> set[str]:
        """The paths of the files that cannot be analysed."""
        kinds = {"$in": [kind.value for kind in HINDRANCES]}
        return {problem.path for problem in map(problem_of, self._connection.read(COLLECTION, {"kind": kinds}))}

    def by_path(self) -> dict[str, Problem]:
        """All of them by `Problem.key`, which is the path for all but tracks of divided files."""
        return {problem.key: problem for problem in self.all()}
