"""Revision numbers: how a reader asks for what changed since it last looked, and never misses half a batch.

The numbers of documents are kept beside them, since counting 100,000 features takes seconds.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pymongo import ReturnDocument

from indexer.core.store.bulk import Tally
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.faults import DatabaseError, DatabaseUnavailable
from indexer.core.store.processes import ProcessMark

META = "meta"
_ABANDONED_SECONDS = 120.0
"""A batch takes seconds; a writer that has been at one for this long is taken for dead."""

_NARROW, _WIDE = 4, 256
"""Revisions asked for at once at first, and at most where little was written under each."""

_own_writers: set[str] = set()
"""Batches that this process is writing now: one that failed with the connection could not be signed off."""


class Revised(Protocol):
    """What carries the revision that it was written under."""

    @property
    def rev(self) -> int: ...


AnyRevised = TypeVar("AnyRevised", bound=Revised)


@dataclass(frozen=True)
class Batch:
    """A batch being written: its revision, and where to note what it does to the numbers of documents."""

    rev: int
    tally: Tally


class Revisions:
    """The counters of one collection, kept in the `meta` collection.

    Each batch of writes gets one number. A number is settled when no writer at or below it is still at work;
    readers look only at settled ones, so a batch that is half written is not taken for a whole one.
    """

    def __init__(self, connection: Connection, name: str, *, counted_by: str) -> None:
        self._connection = connection
        self._name = name
        self._id = f"revisions:{name}"
        self._field = counted_by

    def settled(self) -> int:
        """The greatest number whose documents are all written, 0 before the first."""
        return int(self._document().get("settled", 0))

    def newest(self) -> int:
        """The greatest number given out, settled or not, 0 before the first."""
        return int(self._document().get("last", 0))

    def counts(self) -> dict[str, int]:
        """Documents by the value of the field they are counted by."""
        document = self._document()
        writers: dict[str, Any] = document.get("writers") or {}
        dead = [token for token, writer in writers.items() if not _is_at_work(token, writer)]
        if document.get("counted") and not dead:
            return dict(document.get("counts") or {})
        counts = self._count()
        if document and len(dead) == len(writers):
            self._keep(counts, last=document["last"], dead=dead)
        return counts

    @contextmanager
    def next(self) -> Iterator[Batch]:
        """A batch with a new number, settled at the end of the block.

        It is settled also when the block failed: no more documents will come under it.
        """
        token = uuid.uuid4().hex
        writer = {"at": time.time(), "host": platform.node(), "process": str(ProcessMark.of())}
        document = self._change({"$inc": {"last": 1}, "$set": {f"writers.{token}": writer}})
        batch = Batch(document["last"], Tally(self._field))
        _own_writers.add(token)
        try:
            if not document.get("counted"):
                self._keep(self._count(), last=batch.rev, dead=[])
            yield batch
        except DatabaseUnavailable:
            raise  # Signing off would only wait for the server once more.
        except BaseException:
            batch.tally.certain = False
            with contextlib.suppress(DatabaseError):
                self._settle(token, batch.tally)
            raise
        else:
            self._settle(token, batch.tally)
        finally:
            _own_writers.discard(token)

    def _settle(self, token: str, tally: Tally) -> None:
        """Sign off; the last writer to do so settles all numbers given out until then."""
        done: Document = {"$unset": {f"writers.{token}": ""}}
        if not tally.certain:
            done["$unset"]["counted"] = ""
        elif changes := tally.changes():
            done["$inc"] = {f"counts.{group}": change for group, change in changes.items()}
        document = self._change(done, only_if={f"writers.{token}": {"$exists": True}})
        others: dict[str, Mapping[str, Any]] = document.get("writers") or {}
        if not any(_is_at_work(other, writer) for other, writer in others.items()):
            settled: Document = {"$max": {"settled": document["last"]}}
            if others:
                settled["$unset"] = {"counted": "", **{f"writers.{dead}": "" for dead in others}}
            self._change(settled)

    def _document(self) -> Document:
        with self._connection.errors():
            return self._connection.collection(META).find_one({"_id": self._id}) or {}

    def _count(self) -> dict[str, int]:
        pipeline = [{"$group": {"_id": f"${self._field}", "number": {"$sum": 1}}}]
        with self._connection.errors():
            found = self._connection.collection(self._name).aggregate(pipeline)
            return {document["_id"]: document["number"] for document in found}

    def _keep(self, counts: dict[str, int], *, last: int, dead: list[str]) -> None:
        """Keep what was counted, unless another batch has begun since."""
        change: Document = {"$set": {"counts": counts, "counted": True}}
        if dead:
            change["$unset"] = {f"writers.{token}": "" for token in dead}
        with self._connection.errors():
            self._connection.collection(META).update_one({"_id": self._id, "last": last}, change)

    def _change(self, change: Document, *, only_if: Document | None = None) -> Document:
        """The counters after a change; with a condition that the change undoes, asking twice changes them once."""
        meta = self._connection.collection(META)
        which = {"_id": self._id, **(only_if or {})}

        def apply() -> Any:
            return meta.find_one_and_update(which, change, upsert=only_if is None, return_document=ReturnDocument.AFTER)

        changed: Document | None = self._connection.once_more(apply)
        return self._document() if changed is None else changed


def page(
    rev: int, settled: int, size: int, between: Callable[[int, int, int], Iterable[AnyRevised]]
) -> list[AnyRevised]:
    """The first of what changed after `rev`: `size` of it, and all else that has the revision of the last of these.

    So a page never ends within a batch, and the next one is what changed since the revision it ends with.

    Args:
        rev: known already.
        settled: the newest that is wholly written.
        size: at least 1.
        between: gives what has a revision beyond one and up to another, in this order; the first so many, all for 0.
            SecantusDB finds all of it before it gives the first, so that small spans are asked for.
    """
    found: list[AnyRevised] = []
    width = _NARROW
    while rev < settled and len(found) < size:
        high = min(rev + width, settled)
        found += between(rev, high, size - len(found))
        rev, width = high, min(2 * width, _WIDE)
    if len(found) < size:
        return found
    last = found[-1].rev
    return [*(each for each in found if each.rev < last), *between(last - 1, last, 0)]


def _is_at_work(token: str, writer: Mapping[str, Any]) -> bool:
    if abs(time.time() - float(writer.get("at", 0.0))) > _ABANDONED_SECONDS:
        return False
    mark = ProcessMark.parse(str(writer.get("process", "")))
    if mark is None or writer.get("host") != platform.node():
        return True
    return token in _own_writers if mark.pid == os.getpid() else mark.is_alive()
