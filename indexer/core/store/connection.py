"""One connection to a MongoDB address: its collections, and the driver's errors as ours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import pymongo
from pymongo.collection import Collection
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from pymongo.uri_parser import parse_uri

from indexer.core.files.redaction import conceal
from indexer.core.store.codec import Document
from indexer.core.store.faults import DatabaseError, DatabaseFailed, DatabaseUnavailable, is_disk_full

DEFAULT_NAME = "segue"
SELECTION_MS = 5_000
"""How long a call waits for a server that is away; a managed one is back after about a second."""
_SOCKET_MS = 120_000
_IDLE_MS = 240_000
"""Below the 300 s after which SecantusDB drops a silent connection."""
_GOODBYE_SECONDS = 0.5
_SLOW_MICROSECONDS = 2_000_000

log = logging.getLogger(__name__)

_REFUSED_CODES = frozenset({13, 18})
"""Unauthorized and AuthenticationFailed, https://www.mongodb.com/docs/manual/reference/error-codes/."""
_EXAMPLE = "mongodb://user:password@host:27017/segue, with special characters of the password percent-encoded"

Advice = dict[str, Any]
"""What a person can do: a sentence as `indexer.core.sentences.told.told` makes it."""

Answer = TypeVar("Answer")


class Connection:
    """The driver's client with what every store needs around it. Safe to share between threads."""

    def __init__(
        self, uri: str, advice: Advice, explain: Callable[[DatabaseError], DatabaseError] = lambda error: error
    ) -> None:
        """Connect lazily: the first call finds out whether a server is there.

        Args:
            uri: MongoDB address, credentials included; never shown.
            advice: what a person can do when the server does not answer.
            explain: finds a better sentence for an error, if it knows one.

        Raises:
            DatabaseError: the address cannot be understood.
        """
        self.uri = uri
        self._advice = advice
        self._explain = explain
        try:
            parsed = parse_uri(uri, warn=False)
            self.address = ", ".join(f"{host}:{port}" if port else host for host, port in parsed["nodelist"])
            self.name: str = parsed["database"] or DEFAULT_NAME
            conceal(parsed["password"] or "")
            self._client: pymongo.MongoClient[Document] = _connect(uri)
        except (ConfigurationError, ValueError):
            # Without the cause: it may quote part of a password.
            raise not_an_address() from None
        self._database = self._client.get_database(self.name, write_concern=self._acknowledged())

    def collection(self, name: str) -> Collection[Document]:
        return self._database[name]

    def errors(self) -> AbstractContextManager[None]:
        """Within this block the driver's errors become DatabaseUnavailable or DatabaseError."""
        return translated(self.address, self._advice, self._explain)

    def once_more(self, operation: Callable[[], Answer]) -> Answer:
        """The answer of `operation`, asked a second time if the connection broke under the first.

        Only for what may be done twice. A managed server that died is back within the second try.
        """
        with self.errors():
            try:
                return operation()
            except ServerSelectionTimeoutError:
                raise
            except AutoReconnect:
                return operation()

    def read(self, name: str, query: Mapping[str, Any], **options: Any) -> Iterator[Document]:
        """Documents of a collection, fetched in batches as they are consumed; options as for `find`."""
        with self.errors(), self.collection(name).find(query, **options) as cursor:
            yield from cursor

    def replace(self, name: str, document: Document) -> None:
        """Write a document in place of the one of a collection with its `_id`."""
        collection, which = self.collection(name), {"_id": document["_id"]}
        self.once_more(lambda: collection.replace_one(which, document, upsert=True))

    def ping(self) -> None:
        """Return when the server has answered.

        Raises:
            DatabaseUnavailable: it did not within 5 s.
        """
        with self.errors():
            self._client.admin.command("ping")

    def server_version(self) -> str:
        """The version of MongoDB that the server is, or is compatible with."""
        with self.errors():
            return str(self._client.server_info()["version"])

    def close(self) -> None:
        """Hang up; a server that is gone is not waited for."""
        with pymongo.timeout(_GOODBYE_SECONDS):
            self._client.close()

    def _acknowledged(self) -> pymongo.WriteConcern:
        """The address's own write concern, but never "do not answer": a lost write must be noticed."""
        chosen = self._client.write_concern
        return chosen if chosen.acknowledged else pymongo.WriteConcern(w=1)


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


def _connect(uri: str) -> pymongo.MongoClient[Document]:
    return pymongo.MongoClient(
        uri,
        appname="segue",
        serverSelectionTimeoutMS=SELECTION_MS,
        connectTimeoutMS=SELECTION_MS,
        socketTimeoutMS=_SOCKET_MS,
        maxIdleTimeMS=_IDLE_MS,
        event_listeners=[_SlowCommands()],
    )


class _SlowCommands(CommandListener):
    """Notes in the log which commands took long, without what they were about; the driver tells of every one."""

    def started(self, event: CommandStartedEvent) -> None:
        """Nothing is to be said yet."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        _note(event.command_name, event.duration_micros)

    def failed(self, event: CommandFailedEvent) -> None:
        _note(event.command_name, event.duration_micros)


def _note(command: str, microseconds: int) -> None:
    if microseconds > _SLOW_MICROSECONDS:
        log.info("%s took %.1f s", command, microseconds / 1_000_000)


def _reason(error: PyMongoError) -> str:
    """The server's own words; a bulk error's text would repeat whole documents."""
    if isinstance(error, BulkWriteError):
        first = (error.details.get("writeErrors") or error.details.get("writeConcernErrors") or [{}])[0]
        return str(first.get("errmsg", "a batch of writes was refused"))
    if isinstance(error, OperationFailure) and error.details:
        return str(error.details.get("errmsg", error))
    return str(error)
