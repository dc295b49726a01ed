"""The first start of a managed server: a user with a random password, before anyone else can reach the data."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from indexer.store.engines import Engine
from indexer.store.faults import DatabaseUnavailable
from indexer.store.launch import LOOPBACK, RunningServer, launch
from indexer.store.layout import Credentials, ServerFolder
from indexer.store.processes import ProcessMark

_TIMEOUT_MS = 10_000

log = logging.getLogger(__name__)


def provision(engine: Engine, folder: ServerFolder, *, on_spawned: Callable[[ProcessMark], None]) -> None:
    """Create the server's only user and keep its credentials.

    The server runs without authentication for that moment, on a port no one was told, and is ended again. The
    credentials are written last: a start that is cut short is repeated, and replaces whatever users there are.

    Raises:
        DatabaseUnavailable: the server did not start or refused.
        OSError: the folder cannot be written to.
    """
    log.info("first start of %s: creating its user", engine.name)
    credentials = Credentials.new()
    server = launch(engine, folder, port=0, auth=False, on_spawned=on_spawned)
    try:
        _create_user(server, credentials)
    finally:
        server.stop()
    credentials.write(folder)


def _create_user(server: RunningServer, credentials: Credentials) -> None:
    from pymongo import MongoClient  # noqa: PLC0415 - a third of a second that later starts need not spend
    from pymongo.errors import PyMongoError  # noqa: PLC0415

    client: MongoClient[dict[str, Any]] = MongoClient(
        LOOPBACK, server.port, directConnection=True, serverSelectionTimeoutMS=_TIMEOUT_MS
    )
    try:
        with client:
            client.admin.command("dropAllUsersFromDatabase")
            roles = [{"role": "root", "db": "admin"}]
            mechanisms = ["SCRAM-SHA-256"]
            client.admin.command(
                "createUser", credentials.user, pwd=credentials.password, roles=roles, mechanisms=mechanisms
            )
    except PyMongoError as error:
        raise DatabaseUnavailable(
            f"The database server could not be given a user: {type(error).__name__}.",
            "Start Segue again; if this comes back, move the database folder away.",
        ) from None
