"""What can go wrong with the database, as sentences, and the way there from the driver's own errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
)

from indexer.core.store.faults import DatabaseError, DatabaseFailed, DatabaseUnavailable, is_disk_full

Advice = dict[str, Any]
"""What a person can do: a sentence as `indexer.core.sentences.told.told` makes it."""

_REFUSED_CODES = frozenset({13, 18})
"""Unauthorized and AuthenticationFailed, https://www.mongodb.com/docs/manual/reference/error-codes/."""


@contextmanager
def translated(
    address: str, advice: Advice, explain: Callable[[DatabaseError], DatabaseError] = lambda error: error
) -> Iterator[None]:
    """Turn the driver's errors within the block into sentences about the database at `address`.

    `explain` may replace a sentence by a better one, where more is known of the server than it says.

    Raises:
        DatabaseUnavailable: the server does not answer.
        DatabaseError: it answered that it would not or could not.
    """
    try:
        yield
    except PyMongoError as error:
        raise explain(as_sentence(error, address, advice)) from error


def as_sentence(error: PyMongoError, address: str, advice: Advice) -> DatabaseError:
    """The sentence for one error of the driver; `address` must hold no credentials."""
    reason = _reason(error)
    if is_disk_full(reason):
        return DatabaseError("database-full", address=address)
    if isinstance(error, ConnectionFailure | InvalidOperation):
        return DatabaseUnavailable("database-silent", address=address, then=advice)
    if isinstance(error, ConfigurationError):
        return not_an_address()
    if isinstance(error, OperationFailure) and error.code in _REFUSED_CODES:
        return DatabaseError("database-refused", address=address, then=advice)
    return DatabaseFailed("database-failed", address=address, reason=reason, then=advice)


def not_an_address() -> DatabaseError:
    """The sentence for an address that the driver cannot read."""
    return DatabaseError("database-address", example=_EXAMPLE)


_EXAMPLE = "mongodb://user:password@host:27017/segue, with special characters of the password percent-encoded"


def _reason(error: PyMongoError) -> str:
    """The server's own words; a bulk error's text would repeat whole documents."""
    if isinstance(error, BulkWriteError):
        first = (error.details.get("writeErrors") or error.details.get("writeConcernErrors") or [{}])[0]
        return str(first.get("errmsg", "a batch of writes was refused"))
    if isinstance(error, OperationFailure) and error.details:
        return str(error.details.get("errmsg", error))
    return str(error)
