"""The managed server: started by the first user, shared, guarded by a password, ended after the last."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import psutil
import pymongo
import pytest
from pymongo.errors import OperationFailure

from indexer.core.home import Home
from indexer.core.store import DatabaseError, DatabaseUnavailable, open_database
from indexer.core.store.managed.layout import Credentials, ServerFolder
from indexer.core.store.managed.server import hold, running_uri, stop
from tests.integration.store.conftest import server_pid_of, start_user, state_of
from tests.waiting import wait_until

pytestmark = pytest.mark.database


def test_started_shared_and_ended(own_server: Home) -> None:
    with open_database(own_server) as first:
        state = state_of(own_server)
        with open_database(own_server) as second:
            assert state_of(own_server) == state
            first.queues.save("main", {"index": 1})
            assert second.queues.load("main") == {"index": 1}
        first.ping()
    wait_until(lambda: not state.server.is_alive() and not state.keeper.is_alive(), "server and keeper end", seconds=8)
    assert running_uri(own_server) is None
    with open_database(own_server) as again:
        assert again.queues.load("main") == {"index": 1}


def test_only_with_the_password(own_server: Home) -> None:
    with open_database(own_server) as database:
        port = state_of(own_server).port
        for address in (f"mongodb://127.0.0.1:{port}", f"mongodb://segue:guess@127.0.0.1:{port}/?authSource=admin"):
            with pymongo.MongoClient[dict[str, object]](address) as stranger, pytest.raises(OperationFailure):
                stranger["segue"]["tracks"].find_one()
        with pytest.raises(DatabaseError, match="refused the user name or password"):
            open_database(own_server, uri=f"mongodb://segue:guess@127.0.0.1:{port}/?authSource=admin")
        assert database.is_managed


def test_the_password_is_in_no_command_line_and_no_log(new_server: Home) -> None:
    folder = ServerFolder(new_server.database)
    with open_database(new_server) as database:
        credentials = Credentials.read(folder)
        assert credentials is not None
        state = state_of(new_server)
        for mark in (state.server, state.keeper):
            process = mark.process()
            assert process is not None
            assert credentials.password not in " ".join([*process.cmdline(), *process.environ().values()])
        assert credentials.password in database.uri
        assert credentials.password not in database.address
    for file in folder.path.glob("*.log"):
        assert credentials.password not in file.read_text()
    if os.name != "nt":
        assert stat.S_IMODE(folder.credentials_file.stat().st_mode) == 0o600


def test_the_server_listens_on_the_loopback_interface_only(own_server: Home) -> None:
    with open_database(own_server):
        process = state_of(own_server).server.process()
        assert process is not None
        listening = [found for found in process.net_connections("inet") if found.status == psutil.CONN_LISTEN]
        assert {found.laddr.ip for found in listening} == {"127.0.0.1"}


def test_two_processes_that_start_at_once_share_one_server(own_server: Home) -> None:
    users = [start_user(own_server, "input()") for _ in range(3)]
    pids = {server_pid_of(user) for user in users}
    assert len(pids) == 1
    for user in users:
        user.communicate("\n")


def test_the_server_is_out_of_reach_of_ctrl_c(own_server: Home) -> None:
    with open_database(own_server):
        state = state_of(own_server)
        for mark in (state.server, state.keeper):
            if hasattr(os, "getsid"):
                assert os.getsid(mark.pid) != os.getsid(0)
                assert os.getpgid(mark.pid) != os.getpgid(0)


@pytest.mark.usefixtures("impatient")
def test_held_without_users_until_stopped(own_server: Home) -> None:
    assert not stop(own_server)
    hold(own_server)
    state = state_of(own_server)
    assert running_uri(own_server) is not None
    with open_database(own_server) as database:
        assert stop(own_server)
        assert not state.server.is_alive()
        with pytest.raises(DatabaseUnavailable, match="does not answer"):
            database.ping()


def test_lost_credentials_are_made_anew_and_the_data_stays(own_server: Home) -> None:
    with open_database(own_server) as database:
        database.queues.save("main", {"index": 7})
    stop(own_server)
    ServerFolder(own_server.database).credentials_file.unlink()
    with open_database(own_server) as database:
        assert database.queues.load("main") == {"index": 7}


def test_a_folder_that_cannot_be_used_is_named(new_server: Home) -> None:
    new_server.data.mkdir(parents=True)
    new_server.database.write_text("in the way")
    with pytest.raises(DatabaseUnavailable, match=r"database folder .* cannot be used.*--home"):
        open_database(new_server)


def test_data_that_cannot_be_opened_is_told_with_the_log(new_server: Home) -> None:
    data = new_server.database / "secantus"
    data.mkdir(parents=True)
    (data / "WiredTiger").write_text("rubbish")
    (data / "WiredTiger.turtle").write_text("rubbish")
    with pytest.raises(DatabaseUnavailable, match=r"did not start: .*server\.log"):
        open_database(new_server)


def test_settings_for_other_servers_are_not_picked_up(own_server: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECANTUS_TEST_FAST_STORAGE", "1")
    with open_database(own_server):
        process = state_of(own_server).server.process()
        assert process is not None
        assert "SECANTUS_TEST_FAST_STORAGE" not in process.environ()


@pytest.mark.usefixtures("impatient")
def test_no_answer_at_a_given_address_is_soon_told(home: Home) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1 does not answer.*SEGUE_MONGODB_URI"):
        open_database(home, uri="mongodb://me:secret@127.0.0.1:1/segue")


def test_the_keeper_starts_without_the_driver() -> None:
    code = "import sys, indexer.core.store.managed.keeper; sys.exit('pymongo' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
