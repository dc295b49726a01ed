"""The manifests of the similarity models that were built."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection

COLLECTION = "models"


class ModelStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, manifest: Mapping[str, Any]) -> None:
        """Keep a manifest under its "id", with the time, so that the newest of its "profile" is the current one."""
        document = {
            "_id": manifest["id"],
            "profile": manifest.get("profile"),
            "saved_at": time.time(),
            "manifest": dict(manifest),
        }
        collection = self._connection.collection(COLLECTION)
        self._connection.once_more(lambda: collection.replace_one({"_id": document["_id"]}, document, upsert=True))

    def current(self, profile: str) -> dict[str, Any] | None:
        """The manifest saved last for a profile."""
        newest = [("saved_at", -1)]
        return next(map(_manifest_of, self._connection.read(COLLECTION, {"profile": profile}, sort=newest)), None)

    def all(self) -> list[dict[str, Any]]:
        """Every manifest, the newest first."""
        return list(map(_manifest_of, self._connection.read(COLLECTION, {}, sort=[("saved_at", -1)])))


def _manifest_of(document: Document) -> dict[str, Any]:
    manifest: dict[str, Any] = document["manifest"]
    return manifest
