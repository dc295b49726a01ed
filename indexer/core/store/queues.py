"""Play queues by name, as the player left them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from indexer.core.store.connection import Connection

COLLECTION = "queue"


class QueueStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, name: str, state: Mapping[str, Any]) -> None:
        """Keep `state`, plain values only, in place of what was kept under `name`."""
        document = {"state": dict(state), "saved_at": time.time()}
        collection = self._connection.collection(COLLECTION)
        self._connection.once_more(lambda: collection.replace_one({"_id": name}, document, upsert=True))

    def load(self, name: str) -> dict[str, Any] | None:
        """What was kept under `name`."""
        with self._connection.errors():
            document = self._connection.collection(COLLECTION).find_one({"_id": name})
        return None if document is None else dict(document["state"])
