"""Revision numbers: how a reader asks for what changed since it last looked, and never misses half a batch."""

from __future__ import annotations

import contextlib
import os
import platform
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pymongo import ReturnDocument

from indexer.store.codec import Document
from indexer.store.connection import Connection
from indexer.store.faults import DatabaseError, DatabaseUnavailable
from indexer.store.processes import ProcessMark

META = "meta"
_ABANDONED_SECONDS = 120.0
"""A batch takes seconds; a writer that has been at one for this long is taken for dead."""

_own_writers: set[str] = set()
"""Batches that this process is writing now: one that failed with the connection could not be signed off."""


class Revisions:
    """The counter of one collection, kept in the `meta` collection.

    Each batch of writes gets one number. A number is settled when no writer at or below it is still at work;
    readers look only at settled ones, so a batch that is half written is not taken for a whole one.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._id = f"revisions:{name}"

    def settled(self) -> int:
        """The greatest number whose documents are all written, 0 before the first."""
        with self._connection.errors():
            document = self._connection.collection(META).find_one({"_id": self._id}, {"settled": 1})
        return int((document or {}).get("settled", 0))

    @contextmanager
    def next(self) -> Iterator[int]:
        """A new number, settled at the end of the block.

        It is settled also when the block failed: no more documents will come under it.
        """
        token = uuid.uuid4().hex
        writer = {"at": time.time(), "host": platform.node(), "process": str(ProcessMark.of())}
        document = self._change({"$inc": {"last": 1}, "$set": {f"writers.{token}": writer}})
        _own_writers.add(token)
        try:
            yield document["last"]
        except DatabaseUnavailable:
            raise  # Signing off would only wait for the server once more.
        except BaseException:
            with contextlib.suppress(DatabaseError):
                self._settle(token)
            raise
        else:
            self._settle(token)
        finally:
            _own_writers.discard(token)

    def _settle(self, token: str) -> None:
        """Sign off; the last writer to do so settles all numbers given out until then."""
        document = self._change({"$unset": {f"writers.{token}": ""}})
        others: dict[str, Mapping[str, Any]] = document.get("writers") or {}
        if not any(_is_at_work(token, writer) for token, writer in others.items()):
            change: Document = {"$max": {"settled": document["last"]}}
            if others:
                change["$unset"] = {f"writers.{dead}": "" for dead in others}
            self._change(change)

    def _change(self, change: Document) -> Document:
        meta = self._connection.collection(META)

        def apply() -> Any:
            return meta.find_one_and_update(
                {"_id": self._id}, change, upsert=True, return_document=ReturnDocument.AFTER
            )

        changed: Document = self._connection.once_more(apply)
        return changed


def _is_at_work(token: str, writer: Mapping[str, Any]) -> bool:
    if abs(time.time() - float(writer.get("at", 0.0))) > _ABANDONED_SECONDS:
        return False
    mark = ProcessMark.parse(str(writer.get("process", "")))
    if mark is None or writer.get("host") != platform.node():
        return True
    return token in _own_writers if mark.pid == os.getpid() else mark.is_alive()
