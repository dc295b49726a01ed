"""Who gets at the managed server: its owner, over the loopback interface, with the password. No one else."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pymongo
import pytest
from pymongo.errors import OperationFailure, PyMongoError

from indexer.core.home import Home
from indexer.core.store import Database, open_database
from indexer.core.store.database import URI_VARIABLE
from indexer.core.store.managed.engines import choose_engine
from indexer.core.store.managed.launch import launch, shorten_log
from indexer.core.store.managed.layout import Credentials, ServerFolder
from indexer.core.store.managed.server import stop
from indexer.core.store.processes import ProcessMark
from tests.integration.store.conftest import state_of

pytestmark = pytest.mark.database

GREETINGS = {
    "hello", "ismaster", "ping", "buildinfo", "saslstart", "saslcontinue", "authenticate", "endsessions", "whatsmyuri",
    "logout", "getnonce", "features", "connectionstatus", "listcommands", "isself", "refreshsessions",
}  # fmt: skip
"""What may be said before a password; none of it reads or changes what is stored."""
_UNAUTHORIZED = 13
_NO_SUCH_COMMAND = 59
posix = pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")


@dataclass(frozen=True)
class Guarded:
    """A running server, the home that it belongs to, and a connection of its owner."""

    home: Home
    folder: ServerFolder
    database: Database
    process: psutil.Process
    port: int

    def stranger(self, login: str = "", host: str = "127.0.0.1") -> pymongo.MongoClient[dict[str, Any]]:
        address = f"mongodb://{login}{host}:{self.port}/?authSource=admin&directConnection=true"
        return pymongo.MongoClient(address, serverSelectionTimeoutMS=10_000)


@pytest.fixture(scope="module", params=["secantus", "mongod"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Guarded]:
    """A server of each kind that is installed, below a folder that every user may look into, with a lax umask."""
    if request.param == "mongod" and shutil.which("mongod") is None:
        pytest.skip("mongod is not installed")
    before = os.umask(0)
    try:
        with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
            patch.delenv(URI_VARIABLE, raising=False)
            Path(name).chmod(0o755)
            home = Home.resolve(Path(name))
            (home.database / request.param).mkdir(parents=True)
            with open_database(home) as database:
                database.queues.save("main", {"index": 1})
                state = state_of(home)
                process = state.server.process()
                assert process is not None
                assert state.port is not None
                yield Guarded(home, ServerFolder(home.database), database, process, state.port)
            stop(home)
    finally:
        os.umask(before)


def own_addresses() -> set[str]:
    """Addresses of this machine besides 127.0.0.1."""
    found = {
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET
    }
    return (found | {"127.0.0.2"}) - {"127.0.0.1"}


def test_it_listens_on_one_address_and_on_no_other(guarded: Guarded) -> None:
    family = [guarded.process, *guarded.process.children(recursive=True)]
    sockets = [found for process in family for found in process.net_connections("all")]
    listening = [found for found in sockets if found.status == psutil.CONN_LISTEN]
    assert {tuple(found.laddr) for found in listening} == {("127.0.0.1", guarded.port)}
    for address in own_addresses():
        with pytest.raises(OSError, match=r"refused|timed out|unreachable|assign"):
            socket.create_connection((address, guarded.port), timeout=1)
    with pytest.raises(OSError, match=r"refused|timed out|unreachable|assign|Address family"):
        socket.create_connection(("::1", guarded.port), timeout=1)


@pytest.mark.parametrize("login", ["segue:guess@", "segue:%20@", "admin:admin@"])
def test_a_wrong_password_is_refused(guarded: Guarded, login: str) -> None:
    with guarded.stranger(login) as client, pytest.raises(PyMongoError, match=r"(?i)authentication failed"):
        client["segue"]["tracks"].find_one()


def test_neither_reading_nor_writing_without_the_password(guarded: Guarded) -> None:
    with guarded.stranger() as client:
        tracks = client["segue"]["tracks"]
        attempts = (
            tracks.find_one,
            lambda: tracks.insert_one({"_id": "x"}),
            lambda: tracks.delete_many({}),
            lambda: tracks.update_many({}, {"$set": {"x": 1}}),
            lambda: list(tracks.aggregate([{"$match": {}}])),
            client.list_database_names,
            client["segue"].list_collection_names,
            lambda: client.drop_database("segue"),
            lambda: client.admin.command("createUser", "me", pwd="me", roles=["root"]),
            lambda: client.admin.command("usersInfo", 1),
        )
        for attempt in attempts:
            with pytest.raises(OperationFailure, match="auth"):
                attempt()
    assert guarded.database.queues.load("main") == {"index": 1}


def test_no_command_of_the_server_answers_before_the_password(guarded: Guarded) -> None:
    commands = _commands_of(guarded)
    assert len(commands) > 50
    answered = set()
    with guarded.stranger() as client:
        for name in sorted(commands):
            try:
                client.admin.command(name, 1)
                answered.add(name.lower())
            except OperationFailure as error:
                if error.code not in {_UNAUTHORIZED, _NO_SUCH_COMMAND}:
                    answered.add(f"{name.lower()} ({error.code})")
            except PyMongoError as error:
                answered.add(f"{name.lower()} ({type(error).__name__})")
    assert {name for name in answered if name.partition(" ")[0] not in GREETINGS} == set()
    assert "ping" in answered


def _commands_of(guarded: Guarded) -> set[str]:
    if guarded.folder.path.joinpath("mongod").is_dir():
        with pymongo.MongoClient[dict[str, Any]](guarded.database.uri) as owner:
            return set(owner.admin.command("listCommands")["commands"])
    code = "from secantus import commands; print(*commands._HANDLERS)"  # it has no such command
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@posix
def test_all_files_are_the_owners_alone_in_spite_of_a_lax_umask(guarded: Guarded) -> None:
    root = guarded.folder.path
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    lax = [
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.lstat().st_mode & 0o077 and not _is_below_a_closed_folder(path, root)
    ]
    assert lax == []
    for path in (guarded.folder.credentials_file, guarded.folder.state_file, guarded.folder.keeper_log):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _is_below_a_closed_folder(path: Path, root: Path) -> bool:
    return any(
        not parent.stat().st_mode & 0o077 for parent in path.parents if parent != root and root in parent.parents
    )


@posix
def test_what_a_copy_opened_to_others_is_closed_at_the_start(own_server: Home) -> None:
    folder = ServerFolder(own_server.database)
    for path in (folder.path, *folder.path.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    with open_database(own_server) as database:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.credentials_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(choose_engine(folder).data(folder).stat().st_mode) == 0o700
        database.ping()


AS_ANOTHER = """
import json, os, pwd, sys
from pathlib import Path
import pymongo
folder, port = Path(sys.argv[1]), int(sys.argv[2])
def connect():
    return pymongo.MongoClient("127.0.0.1", port, directConnection=True)
with connect() as client:
    client.admin.command("ping")  # loads whatever it needs: the other user may not be able to
other = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(other.pw_gid)
os.setuid(other.pw_uid)
told = {"user": os.getuid() == other.pw_uid, "read": [], "refused": []}
for path in [folder, *(folder / name for name in sys.argv[3:])]:
    try:
        list(path.iterdir()) if path == folder else path.read_bytes()
        told["read"].append(path.name)
    except PermissionError:
        told["refused"].append(path.name)
with connect() as client:
    told["ping"] = client.admin.command("ping")["ok"]
    for what in (client.list_database_names, client["segue"]["tracks"].find_one):
        try:
            what()
            told["read"].append("database")
        except pymongo.errors.OperationFailure as error:
            told["refused"].append(error.code)
print(json.dumps(told))
"""


@posix
def test_another_user_of_the_machine_finds_a_closed_door(guarded: Guarded) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can be another user for a moment")
    names = [path.name for path in guarded.folder.path.iterdir() if path.is_file()]
    assert guarded.folder.credentials_file.name in names
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER, str(guarded.folder.path), str(guarded.port), *names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    refused = [guarded.folder.path.name, *names, 13, 13]
    assert json.loads(done.stdout) == {"user": True, "read": [], "refused": refused, "ping": 1.0}


def test_who_came_while_there_was_no_password_is_turned_out(own_server: Home) -> None:
    """As someone else who found the port of the first start."""
    folder = ServerFolder(own_server.database)
    folder.prepare()
    open_to_all = launch(choose_engine(folder), folder, port=0, auth=False, on_spawned=_forget)
    with pymongo.MongoClient[dict[str, Any]]("127.0.0.1", open_to_all.port, directConnection=True) as stranger:
        for place in ("admin", "elsewhere"):
            stranger[place].command("createUser", "burglar", pwd="crowbar", roles=[{"role": "root", "db": "admin"}])
    open_to_all.stop()
    folder.credentials_file.unlink()
    with open_database(own_server) as database:
        with pymongo.MongoClient[dict[str, Any]](database.uri) as owner:
            users = list(owner.admin["system.users"].find())
        assert [(user["db"], user["user"]) for user in users] == [("admin", "segue")]
        port = state_of(own_server).port
        for place in ("admin", "elsewhere"):
            address = f"mongodb://burglar:crowbar@127.0.0.1:{port}/?authSource={place}&directConnection=true"
            with pymongo.MongoClient[dict[str, Any]](address) as burglar, pytest.raises(OperationFailure):
                burglar["segue"]["tracks"].find_one()


def _forget(_: ProcessMark) -> None:
    """Nobody is to adopt this server."""


def test_the_log_of_a_running_server_is_bounded(tmp_path: Path) -> None:
    folder = ServerFolder(tmp_path)
    with folder.server_log.open("ab", buffering=0) as server:
        server.write(b"x" * 1_100_000)
        shorten_log(folder)
        server.write(b"after\n")
    assert folder.server_log.read_bytes() == b"after\n"
    assert (tmp_path / "server.log.1").stat().st_size == 1_100_000


def test_a_password_says_nothing_of_itself() -> None:
    credentials = Credentials.new()
    assert credentials.password not in repr(credentials)
    assert len(credentials.password) >= 43, "256 random bits"
