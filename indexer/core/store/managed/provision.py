"""The first start of a managed server: a user with a random password, who is the only one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from indexer.core.store.faults import DatabaseUnavailable
from indexer.core.store.managed.engines import Engine
from indexer.core.store.managed.launch import LOOPBACK, RunningServer, launch
from indexer.core.store.managed.layout import Credentials, ServerFolder
from indexer.core.store.processes import ProcessMark

if TYPE_CHECKING:
    from pymongo import MongoClient

    Client = MongoClient[dict[str, Any]]

_TIMEOUT_MS = 10_000
_SYSTEM = frozenset({"admin", "config", "local"})

log = logging.getLogger(__name__)


def provision(engine: Engine, folder: ServerFolder, *, on_spawned: Callable[[ProcessMark], None]) -> RunningServer:
    """Start the server with one user, whose credentials are kept.

    To create the user the server runs without authentication for a moment, on a port no one was told. Whoever finds it
    nevertheless leaves nothing behind: once the server asks for passwords, other users are removed, and so is whatever
    came into a database that was empty. The credentials are written last: a start that is cut short is repeated.

    Raises:
        DatabaseUnavailable: the server did not start or refused.
        OSError: the folder cannot be written to.
    """
    log.info("first start of %s: creating its user", engine.name)
    was_empty = not engine.data(folder).exists()
    credentials = Credentials.new()
    open_to_all = launch(engine, folder, port=0, auth=False, on_spawned=on_spawned)
    try:
        _create_user(open_to_all, credentials)
    finally:
        open_to_all.stop()
    server = launch(engine, folder, port=0, auth=True, on_spawned=on_spawned)
    try:
        _turn_others_out(server, credentials, was_empty=was_empty)
        credentials.write(folder)
    except BaseException:
        server.stop()
        raise
    return server


def _create_user(server: RunningServer, credentials: Credentials) -> None:
    with _client(server) as client:
        client.admin.command("dropAllUsersFromDatabase")
        roles = [{"role": "root", "db": "admin"}]
        mechanisms = ["SCRAM-SHA-256"]
        client.admin.command(
            "createUser", credentials.user, pwd=credentials.password, roles=roles, mechanisms=mechanisms
        )


def _turn_others_out(server: RunningServer, credentials: Credentials, *, was_empty: bool) -> None:
    with _client(server, username=credentials.user, password=credentials.password) as client:
        # Not `usersInfo`: SecantusDB knows its "forAllDBs" not, and answers with no one.
        for user in list(client.admin["system.users"].find({}, {"db": 1, "user": 1})):
            if (user["db"], user["user"]) != ("admin", credentials.user):
                log.warning("removing a user of the database who is not ours")
                client[user["db"]].command("dropUser", user["user"])
        if was_empty:
            for name in set(client.list_database_names()) - _SYSTEM:
                log.warning("removing a database that someone made before there was a password")
                client.drop_database(name)


@contextmanager
def _client(server: RunningServer, **login: Any) -> Iterator[Client]:
    from pymongo import MongoClient  # noqa: PLC0415 - a third of a second that later starts need not spend
    from pymongo.errors import PyMongoError  # noqa: PLC0415

    try:
        with MongoClient[dict[str, Any]](
            LOOPBACK, server.port, directConnection=True, serverSelectionTimeoutMS=_TIMEOUT_MS, **login
        ) as client:
            yield client
    except PyMongoError as error:
        raise DatabaseUnavailable("database-without-user", reason=type(error).__name__) from None
