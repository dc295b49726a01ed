"""Errors of the driver and the system become sentences that hold no credentials."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, ConfigurationError, OperationFailure, PyMongoError

from indexer.core.store.connection import Connection, translated
from indexer.core.store.faults import DatabaseError, DatabaseUnavailable, folder_error

ADVICE = "Look after it."
DISK_FULL = {"errmsg": "WiredTigerLog: write: No space left on device"}


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (AutoReconnect("connection closed"), DatabaseUnavailable, "does not answer"),
        (OperationFailure("Authentication failed.", 18), DatabaseError, "refused the user name or password"),
        (OperationFailure("x", 1, DISK_FULL), DatabaseError, "disk of the database .* is full"),
        (BulkWriteError({"writeErrors": [DISK_FULL]}), DatabaseError, "disk of the database .* is full"),
        (BulkWriteError({"writeErrors": [{"errmsg": "bad", "op": {"big": 1}}]}), DatabaseError, "failed: bad"),
        (ConfigurationError("user:secret"), DatabaseError, "cannot be understood"),
    ],
)
def test_sentences(error: PyMongoError, kind: type[DatabaseError], sentence: str) -> None:
    with pytest.raises(kind, match=sentence) as caught, translated("127.0.0.1:27017", ADVICE):
        raise error
    assert caught.value.advice
    assert "secret" not in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("uri", ["http://user:secret@host", "mongodb://user:sec/ret@host", "mongodb://"])
def test_an_address_that_is_none(uri: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be understood") as caught:
        Connection(uri, ADVICE)
    assert "sec" not in str(caught.value)


def test_a_full_disk_and_a_folder_not_ours() -> None:
    folder = Path("/home/someone")
    assert "is full" in folder_error(OSError(errno.ENOSPC, "No space left on device"), folder).message
    assert (
        "cannot be used: Permission denied" in folder_error(OSError(errno.EACCES, "Permission denied"), folder).message
    )


def test_unacknowledged_writes_are_never_accepted() -> None:
    connection = Connection("mongodb://127.0.0.1:1/music?w=0", ADVICE)
    assert connection.name == "music"
    assert connection.collection("tracks").write_concern.acknowledged
    connection.close()
