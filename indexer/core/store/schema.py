"""Collections, indexes and their versions: an older database is brought up to date step by step when opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from indexer.core.plays import OWNER
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.faults import DatabaseError
from indexer.core.store.revisions import META

_SCHEMA = "schema"


@dataclass(frozen=True)
class Migration:
    """One step: what the schema is after it, and how to get there. Steps can be repeated without harm."""

    version: int
    apply: Callable[[Connection], None]


def _first_indexes(connection: Connection) -> None:
    """Ids, unique by nature, are track ids, paths, and profile with track id; the rest is looked up by these.

    Features have profile and track also as fields: SecantusDB reads a range of ids by scanning the collection, and
    a range of an index 25 times faster.
    """
    tracks = connection.collection("tracks")
    tracks.create_index("rev")
    tracks.create_index("path")
    files = connection.collection("files")
    files.create_index("track")
    files.create_index("root")
    features = connection.collection("features")
    features.create_index([("key", 1), ("track", 1)], unique=True)
    features.create_index([("key", 1), ("rev", 1)])
    features.create_index("track")
    connection.collection("models").create_index([("profile", 1), ("saved_at", -1)])
    connection.collection("plays").create_index([("track", 1), ("at", 1)])


def _parts_of_files(connection: Connection) -> None:
    """Tracks that lie together in a file are looked up by their own ids."""
    connection.collection("files").create_index("parts")


def _lists_by_their_word(connection: Connection) -> None:
    """The lists of analysed tracks are called so."""
    lists = connection.collection("heard")
    if _is_there(lists):
        try:
            lists.rename("analysed", dropTarget=True)
        except OperationFailure:
            if _is_there(lists):  # else another program that opened the database has just done it
                raise


def _plays_of_listeners(connection: Connection) -> None:
    """Plays belong to a listener, and are read by time; those before had one alone."""
    plays = connection.collection("plays")
    plays.create_index([("listener", 1), ("at", 1)])
    plays.update_many({"listener": None}, {"$set": {"listener": OWNER}})
    for name in ("tallies", "opinions"):
        connection.collection(name).create_index("listener")
    connection.collection("tallies").create_index("track")
    connection.collection("impressions").create_index([("listener", 1), ("at", 1)])


def _words_by_revision(connection: Connection) -> None:
    """Readers of words ask for what changed."""
    connection.collection("words").create_index("rev")


def _lists_of_listeners(connection: Connection) -> None:
    """Playlists and hidden tracks belong to a listener; those before had one alone, and keep their ids."""
    connection.collection("playlists").update_many({"owner": None}, {"$set": {"owner": OWNER}})
    feedback = connection.collection("feedback")
    feedback.create_index("listener")
    feedback.update_many({"listener": None}, {"$set": {"listener": OWNER}})


def _is_there(collection: Collection[Document]) -> bool:
    return bool(collection.database.list_collection_names(filter={"name": collection.name}))


MIGRATIONS = (
    Migration(1, _first_indexes),
    Migration(2, _parts_of_files),
    Migration(3, _lists_by_their_word),
    Migration(4, _plays_of_listeners),
    Migration(5, _words_by_revision),
    Migration(6, _lists_of_listeners),
)
"""In order; a database is at the version of the last step it went through."""

CURRENT = MIGRATIONS[-1].version


def migrate(connection: Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Take the steps that this database has not been through.

    Raises:
        DatabaseError: a newer Segue has been here.
    """
    version = schema_version(connection)
    if version > migrations[-1].version:
        raise DatabaseError("database-newer", address=connection.address, version=version)
    for migration in migrations:
        if migration.version > version:
            _take(connection, migration)


def schema_version(connection: Connection) -> int:
    """The version of the last step taken, 0 for a new database."""
    with connection.errors():
        document = connection.collection(META).find_one({"_id": _SCHEMA})
    return int((document or {}).get("version", 0))


def _take(connection: Connection, migration: Migration) -> None:
    """The step first, then its mark: a step that was cut short is taken again."""
    with connection.errors():
        migration.apply(connection)
        mark = {"$max": {"version": migration.version}}
        connection.collection(META).update_one({"_id": _SCHEMA}, mark, upsert=True)
