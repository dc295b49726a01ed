"""Writes of many documents: in ordered batches, safe to repeat, inserting where that is enough."""

from __future__ import annotations

from collections.abc import Collection as Items
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from pymongo import InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.tally import Tally

BATCH = 500
"""Documents a command: a batch of features is 2 MB, and takes about a tenth of a second."""
IDS = 50
"""Ids a question: SecantusDB compares every document found with every id asked for, and takes 80 µs for each of 50
documents but 310 µs for each of 500. A MongoDB server does not mind."""
_DUPLICATE_KEY = 11000

Item = TypeVar("Item")


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
    keep: Items[str] = (),
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


def _known(connection: Connection, name: str, ids: list[Any], fields: Items[str]) -> dict[Any, Document]:
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


def _replacements(documents: dict[Any, Document], kept: dict[Any, Document]) -> list[ReplaceOne[Document]]:
    return [ReplaceOne({"_id": key}, {**documents[key], **fields}, upsert=True) for key, fields in kept.items()]


def _only_duplicates(errors: Sequence[Any]) -> bool:
    return bool(errors) and all(error.get("code") == _DUPLICATE_KEY for error in errors)
