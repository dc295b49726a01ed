"""How much there is in the database, and what kind of server keeps it; no contents."""

from __future__ import annotations

from collections import Counter

from indexer.core.store.collections import COLLECTIONS
from indexer.core.store.connection import Connection
from indexer.core.store.problems import COLLECTION as PROBLEMS


class Census:
    """Numbers for a report."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self) -> dict[str, int]:
        """Documents by collection."""
        with self._connection.errors():
            return {name: self._connection.collection(name).count_documents({}) for name in COLLECTIONS}

    def problems(self) -> dict[str, int]:
        """Problems by kind."""
        records = self._connection.read(PROBLEMS, {}, projection={"kind": 1})
        return dict(Counter(str(record.get("kind", "?")) for record in records))

    def server(self) -> str:
        """The version that the server says it is compatible with."""
        return self._connection.server_version()
