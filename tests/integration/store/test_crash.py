"""Kill -9 of the server, its keeper or its users: nothing acknowledged is lost, nothing is left running."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from indexer.core.home import Home
from indexer.core.store import Database, DatabaseUnavailable, FeatureRecord, open_database
from indexer.core.store.managed.layout import ServerFolder, ServerState
from indexer.core.store.processes import ProcessMark
from indexer.core.tracks import FileRecord, TrackId
from tests.integration.store.conftest import server_pid_of, start_user, state_of
from tests.waiting import wait_until

pytestmark = [pytest.mark.database, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")]

KEY = "sonic:1"


def make_record(number: int) -> FeatureRecord:
    return FeatureRecord(TrackId(f"{number:032x}"), "sonic", 1, np.full((3, 300), number, np.float32))


def kill(mark: ProcessMark) -> None:
    process = mark.process()
    assert process is not None
    process.kill()
    wait_until(lambda: not mark.is_alive(), "the process is dead")


@pytest.mark.usefixtures("impatient")
def test_no_acknowledged_write_is_lost(own_server: Home) -> None:
    """Server and keeper are killed while features are written, twice; what was acknowledged is there afterwards."""
    acknowledged: list[TrackId] = []
    for _ in range(2):
        with open_database(own_server) as database:
            state = state_of(own_server)
            writer = threading.Thread(target=_write_until_it_fails, args=(database, acknowledged))
            before = len(acknowledged)
            writer.start()
            wait_until(lambda before=before: len(acknowledged) >= before + 200, "200 are written")  # type: ignore[misc]
            kill(state.keeper)
            kill(state.server)
            writer.join(timeout=30)
            assert not writer.is_alive()
    with open_database(own_server) as database:
        analysed = database.features.analysed(KEY)
        assert set(acknowledged) <= analysed
        found = database.features.get(KEY, acknowledged)
        assert all((found[track] == int(track, 16)).all() for track in acknowledged)
        assert database.features.count(KEY) == len(analysed)
        assert set(acknowledged) <= {record.track for record in database.features.changed_since(KEY, 0)}


def test_a_server_that_dies_comes_back_for_those_who_use_it(own_server: Home) -> None:
    with open_database(own_server) as database:
        database.queues.save("main", {"index": 3})
        state = state_of(own_server)
        kill(state.server)
        wait_until(lambda: _server_since(own_server, state), "the keeper starts the server again")
        database.features.upsert([make_record(1)])
        assert database.queues.load("main") == {"index": 3}
        assert state_of(own_server).port == state.port


@pytest.mark.usefixtures("impatient")
def test_without_server_and_keeper_every_call_says_so(own_server: Home) -> None:
    with open_database(own_server) as database:
        database.tracks.count()
        state = state_of(own_server)
        kill(state.keeper)
        kill(state.server)
        with pytest.raises(DatabaseUnavailable, match=r"database at 127\.0\.0\.1:\d+ does not answer") as caught:
            list(database.tracks.all())
        with pytest.raises(DatabaseUnavailable):
            database.files.upsert([FileRecord("/a.mp3", "/", TrackId("1" * 32), 1, 1)])
        assert "server.log" in caught.value.advice
        with open_database(own_server) as again:
            again.ping()


def test_a_copy_made_while_it_is_written_to_opens_and_is_another_database(own_server: Home, tmp_path: Path) -> None:
    """What was acknowledged before the copy is in it; neither of the two sees what is written to the other later."""
    with open_database(own_server) as database:
        acknowledged: list[TrackId] = []
        writer = threading.Thread(target=_write, args=(database, acknowledged, 400), daemon=True)
        writer.start()
        wait_until(lambda: len(acknowledged) >= 100, "100 are written")
        before = list(acknowledged)
        copy = Home.resolve(tmp_path / "copy")
        shutil.copytree(own_server.database, copy.database)
        with open_database(copy) as other:
            assert other.uri != database.uri
            assert set(before) <= other.features.analysed(KEY)
            other.queues.save("main", {"index": 7})
            writer.join(timeout=30)
            assert database.queues.load("main") is None
            assert database.features.count(KEY) == len(acknowledged)


def test_a_killed_user_leaves_nothing_running(own_server: Home) -> None:
    user = start_user(own_server, "input()")
    mark = ProcessMark.of(server_pid_of(user))
    keeper = state_of(own_server).keeper
    user.kill()
    user.communicate()
    wait_until(lambda: not mark.is_alive() and not keeper.is_alive(), "server and keeper end", seconds=8)
    assert ServerState.read(ServerFolder(own_server.database)) is None
    assert not list(ServerFolder(own_server.database).leases.iterdir())


def test_a_killed_user_takes_nothing_from_the_others(own_server: Home) -> None:
    user = start_user(own_server, "input()")
    mark = ProcessMark.of(server_pid_of(user))
    with open_database(own_server) as database:
        user.kill()
        user.communicate()
        time.sleep(4)  # nothing is to happen in the time in which the keeper would end a server without users
        assert mark.is_alive()
        database.ping()


def test_the_server_of_a_killed_keeper_goes_on_and_is_ended_in_the_end(own_server: Home) -> None:
    with open_database(own_server) as first:
        state = state_of(own_server)
        kill(state.keeper)
        first.ping()
        with open_database(own_server):
            assert state_of(own_server).server == state.server
            assert state_of(own_server).keeper != state.keeper
    wait_until(lambda: not state.server.is_alive(), "the server ends")


def test_the_last_user_has_the_server_of_a_killed_keeper_ended(own_server: Home) -> None:
    with open_database(own_server):
        state = state_of(own_server)
        kill(state.keeper)
    wait_until(lambda: not state.server.is_alive(), "the server ends")


def test_a_server_that_no_one_knows_of_is_ended_at_the_next_start(own_server: Home) -> None:
    with open_database(own_server) as database:
        database.queues.save("main", {"index": 5})
        orphan = state_of(own_server)
        kill(orphan.keeper)
        ServerFolder(own_server.database).state_file.unlink()
    assert orphan.server.is_alive()
    with open_database(own_server) as database:
        assert not orphan.server.is_alive()
        assert database.queues.load("main") == {"index": 5}


def test_a_start_cut_short_is_repeated(new_server: Home) -> None:
    """Both are killed when the first server, which has no user yet, was just spawned."""
    user = start_user(new_server, "pass")
    folder = ServerFolder(new_server.database)
    wait_until(lambda: ServerState.read(folder) is not None, "a server is spawned")
    state = state_of(new_server)
    user.kill()
    kill(state.keeper)
    user.communicate()
    with open_database(new_server) as database:
        database.ping()
    assert not state.server.is_alive()


def _server_since(home: Home, state: ServerState) -> bool:
    now = ServerState.read(ServerFolder(home.database))
    return now is not None and now.is_served and now.server != state.server


def _write(database: Database, acknowledged: list[TrackId], number: int) -> None:
    for each in range(number):
        record = make_record(each)
        database.features.upsert([record])
        acknowledged.append(record.track)


def _write_until_it_fails(database: Database, acknowledged: list[TrackId]) -> None:
    while True:
        first = len(acknowledged)
        records = [make_record(number) for number in range(first, first + 20)]
        try:
            database.features.upsert(records)
        except DatabaseUnavailable:
            return
        acknowledged += [record.track for record in records]
