"""The files that could not be taken in or analysed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.library import Problem
from indexer.store.bulk import remove, save
from indexer.store.codec import pack_path, problem_document, problem_of
from indexer.store.connection import Connection

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

    def by_path(self) -> dict[str, Problem]:
        """All of them by `Problem.key`, which is the path for all but tracks of divided files."""
        return {problem.key: problem for problem in self.all()}
