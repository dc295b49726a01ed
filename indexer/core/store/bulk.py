"""Writes of many documents: in ordered batches, safe to repeat, inserting where that is enough, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, TypeVar

from pymongo import InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection

BATCH = 500
"""Documents a command: a batch of features is 2 MB, and takes about a tenth of a second."""
IDS = 50
"""Ids a question: SecantusDB compares every document found with every id asked for, and takes 80 µs for each of 50
documents but 310 µs for each of 500. A MongoDB server does not mind."""
LONGEST_RUN = 1_000
"""Documents of one run: a second's work for the server."""
_DUPLICATE_KEY = 11000

Item = TypeVar("Item")


class Tally:
    """What a batch of writes does to the numbers of documents, by the value of one field.

    Attributes:
        field: the field that documents are counted by.
        certain: False once a write failed half way; everything is counted anew then.
    """

    def __init__(self, field: str) -> None:
        self.field = field
        self.certain = True
        self._changes: Counter[str] = Counter()

    def add(self, documents: Iterable[Document]) -> None:
        self._changes.update(document[self.field] for document in documents)

    def take(self, documents: Iterable[Document]) -> None:
        self._changes.subtract(document[self.field] for document in documents)

    def changes(self) -> dict[str, int]:
        """By how much each group grew or shrank."""
        return {group: change for group, change in self._changes.items() if change}


def chunks(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def save(
    connection: Connection,
    name: str,
    documents: Iterable[Document],
    *,
    keep: Collection[str] = (),
    tally: Tally | None = None,
) -> None:
    """Write documents under their `_id`; the last of two with the same one wins.

    What is new is inserted and what is there replaced: on SecantusDB inserts are four times faster than upserts,
    and replacing is twice as fast as setting fields.

    Args:
        connection: the database.
        name: the collection.
        documents: whole documents, each with `_id`.
        keep: fields that an existing document keeps as they are.
        tally: told what was there before and what is there now.
    """
    watched = () if tally is None else (tally.field,)
    for batch in chunks(documents):
        unique = {document["_id"]: document for document in batch}
        known = _known(connection, name, list(unique), (*keep, *watched))
        kept = {key: {field: old[field] for field in keep if field in old} for key, old in known.items()}
        connection.once_more(lambda: _save_batch(connection, name, unique, kept, tally))  # noqa: B023 - called at once
        if tally is not None:
            tally.take(known.values())
            tally.add(unique.values())


def remove(connection: Connection, name: str, field: str, values: Iterable[Any], *, tally: Tally | None = None) -> None:
    """Delete the documents whose `field` is one of `values`."""
    collection = connection.collection(name)
    for batch in chunks(values, IDS):
        which = {field: {"$in": batch}}
        if tally is not None:
            tally.take(connection.read(name, which, projection={tally.field: 1}))
        connection.once_more(lambda: collection.delete_many(which))  # noqa: B023 - called at once


def insert_missing(connection: Connection, name: str, documents: Iterable[Document]) -> int:
    """Insert the documents whose `_id` is not there yet, and leave the others; returns how many were inserted.

    An answer that was lost makes the number too small, never what is there wrong.
    """
    return sum(
        connection.once_more(lambda batch=batch: _inserted(connection, name, batch))  # type: ignore[misc]
        for batch in chunks(documents)
    )


def insert_new(connection: Connection, name: str, documents: Iterable[Document]) -> set[Any]:
    """Insert the documents whose `_id` is not there yet, and leave the others; returns the ids that were not there.

    After an answer that was lost some that were inserted are not among them.
    """
    new: set[Any] = set()
    for batch in chunks(documents):
        there = connection.once_more(lambda batch=batch: _those_there(connection, name, batch))  # type: ignore[misc]
        new |= {document["_id"] for place, document in enumerate(batch) if place not in there}
    return new


def remove_all(connection: Connection, name: str, wanted: Document) -> int:
    """Delete all documents that a query finds; returns how many."""
    return int(connection.once_more(lambda: connection.collection(name).delete_many(wanted)).deleted_count)


@dataclass(frozen=True, slots=True)
class Run:
    """The documents with keys from `low` to `high`, both included.

    Attributes:
        low: the first key.
        high: the last key.
        ids: of the documents, in the order of their keys.
    """

    low: str
    high: str
    ids: list[str]


def runs_of(
    documents: Iterable[tuple[str, str]], wanted: Collection[str], *, longest: int = LONGEST_RUN
) -> Iterator[Run]:
    """Cut what is wanted into ranges that hold nothing else.

    Args:
        documents: key and id of every document of the collection that has a text as its key.
        wanted: ids of those to be changed; what is not among the documents is left out.
        longest: documents of one run; a single key with more makes a longer one.
    """
    run: list[tuple[str, str]] = []
    for _, group in groupby(sorted(documents), key=itemgetter(0)):
        same_key = list(group)
        if all(identity in wanted for _, identity in same_key):
            run += same_key
        if run and (run[-1] is not same_key[-1] or len(run) >= longest):
            yield _run(run)
            run = []
    if run:
        yield _run(run)


def _known(connection: Connection, name: str, ids: list[Any], fields: Collection[str]) -> dict[Any, Document]:
    """Those of `ids` that are there, with some of their fields."""
    projection = dict.fromkeys(("_id", *fields), 1)
    wanted = ({"_id": {"$in": some}} for some in chunks(ids, IDS))
    return {found["_id"]: found for which in wanted for found in connection.read(name, which, projection=projection)}


def _save_batch(
    connection: Connection,
    name: str,
    documents: dict[Any, Document],
    kept: dict[Any, Document],
    tally: Tally | None,
) -> None:
    collection = connection.collection(name)
    new = [InsertOne(document) for key, document in documents.items() if key not in kept]
    try:
        collection.bulk_write([*new, *_replacements(documents, kept)], ordered=True)
    except BulkWriteError as error:
        if not _only_duplicates(error.details.get("writeErrors", ())):
            raise
        # Another writer, or the first try of this one, inserted some of them meanwhile.
        if tally is not None:
            tally.certain = False
        collection.bulk_write(_replacements(documents, {key: kept.get(key, {}) for key in documents}), ordered=True)


def _inserted(connection: Connection, name: str, documents: Iterable[Document]) -> int:
    try:
        writes = [InsertOne(document) for document in documents]
        return connection.collection(name).bulk_write(writes, ordered=False).inserted_count
    except BulkWriteError as error:
        if not _only_duplicates(error.details.get("writeErrors", ())):
            raise
        return int(error.details.get("nInserted", 0))


def _those_there(connection: Connection, name: str, documents: Sequence[Document]) -> set[int]:
    """Insert what is not there; the places of those that are."""
    try:
        connection.collection(name).insert_many(documents, ordered=False)
    except BulkWriteError as error:
        errors = error.details.get("writeErrors", ())
        if not _only_duplicates(errors):
            raise
        return {int(each["index"]) for each in errors}
    return set()


def _replacements(documents: dict[Any, Document], kept: dict[Any, Document]) -> list[ReplaceOne[Document]]:
    return [ReplaceOne({"_id": key}, {**documents[key], **fields}, upsert=True) for key, fields in kept.items()]


def _only_duplicates(errors: Sequence[Any]) -> bool:
    return bool(errors) and all(error.get("code") == _DUPLICATE_KEY for error in errors)


def _run(documents: list[tuple[str, str]]) -> Run:
    return Run(documents[0][0], documents[-1][0], [identity for _, identity in documents])
