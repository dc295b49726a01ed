"""The server as a process: how it begins, what it says, what it refuses, and how it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from indexer.core import events
from indexer.core.home import Home
from indexer.core.serving import AddListener, RemoveListener, RevokeDevice, Stop
from indexer.core.store import Database
from musicplayer.__main__ import main as play
from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.addresses import listen, network_addresses
from musicplayer.server.certificates import own_certificate
from musicplayer.server.command import main
from tests.conftest import REPOSITORY
from tests.served import ServerProcess, served, started
from tests.waiting import wait_until

PASSWORD = "nine good words"
LIMIT = 60


def refused(server: ServerProcess) -> str:
    """Why it did not begin."""
    assert server.process.wait(LIMIT) == 1
    wait_until(lambda: server.failures)
    return server.failures[0].english


def answers(address: str) -> bool:
    """Whether somebody is there that speaks HTTP and lets nobody in."""
    return httpx.get(f"{address}api/events", timeout=20).status_code == 401


def test_a_signal_ends_it_though_a_request_is_open(home: Home, database: Database) -> None:
    with served(home, uri=database.uri) as server:
        assert server.address.startswith("http://127.0.0.1:")
        assert answers(server.address)
        port = int(server.address.rsplit(":", 1)[1].strip("/"))
        with socket.create_connection(("127.0.0.1", port)) as page:
            page.sendall(b"GET /api/events HTTP/1.1\r\n")
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(LIMIT) == 0


def test_it_does_not_wait_for_a_database_that_is_away_and_ends_with_the_player(home: Home) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        uri = f"mongodb://127.0.0.1:{nobody.getsockname()[1]}/none"
        with served(home, uri=uri) as server:
            assert answers(server.address)
            assert server.end() == 0


def test_the_player_adds_and_removes_listeners_and_sees_what_others_do(home: Home, database: Database) -> None:
    with served(home, uri=database.uri) as server:
        token = server.link.partition("token=")[2]
        assert token
        server.ask(AddListener("Anna", PASSWORD))
        wait_until(lambda: [each.name for each in server.states[-1].listeners] == ["Anna"])
        owner = server.states[-1].listeners[0]
        assert (owner.id, owner.admin) == ("owner", True)
        assert server.link == ""
        server.ask(AddListener("Anna", PASSWORD))
        wait_until(lambda: server.notices)
        assert "Anna" in server.notices[0].english
        server.ask(AddListener("Bert", PASSWORD))
        wait_until(lambda: len(server.states[-1].listeners) == 2)
        server.ask(RemoveListener(server.states[-1].listeners[1].id))
        wait_until(lambda: len(server.states[-1].listeners) == 1)
    device, _ = Accounts(home.accounts_file).new_device(owner.id, "phone")
    with served(home, uri=database.uri) as server:
        assert [each.name for each in server.states[-1].listeners[0].devices] == ["phone"]
        server.ask(RevokeDevice(owner.id, device.id))
        wait_until(lambda: not server.states[-1].listeners[0].devices)
        server.ask(Stop())
        assert server.process.wait(LIMIT) == 0


def test_only_one_serves_a_home(home: Home, database: Database) -> None:
    with served(home, uri=database.uri), started(home, uri=database.uri) as second:
        assert str(home.data) in refused(second)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_after_a_kill_the_next_one_begins_as_if_nothing_had_been(home: Home, database: Database) -> None:
    with served(home, uri=database.uri) as server:
        server.ask(AddListener("Anna", PASSWORD))
        wait_until(lambda: server.states[-1].listeners)
        server.process.kill()
        server.process.wait(LIMIT)
    with served(home, uri=database.uri) as server:
        assert answers(server.address)
        assert [each.name for each in server.states[-1].listeners] == ["Anna"]


def test_a_port_that_is_taken_is_named_to_a_person_and_to_a_program(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    [taken] = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with taken:
        options = ["--home", str(home.root), "--port", str(port)]
        assert main(options) == 1
        assert main([*options, "--events"]) == 1
    said = capsys.readouterr()
    assert f"Another program has port {port}." in said.err
    failure = events.decode(said.out.strip())
    assert isinstance(failure, events.Failed)
    assert failure.code == "server-port-taken"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "192.0.2.7"), "Nobody can be served at 192.0.2.7."),
        (("--tls-cert", "/none.pem"), "Name both"),
        (("--tls-cert", "/none.pem", "--tls-key", "/none.key"), "/none.pem cannot be read."),
        (("--proxy", "my.proxy"), "my.proxy is no address"),
        (("--base-path", "/a b"), "/a b is no path"),
        (("--base-path", "music"), "music is no path"),
    ],
)
def test_what_cannot_be_done_as_asked_is_said(
    home: Home, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home.root), "--port", "0", *options]) == 1
    assert said in capsys.readouterr().err


def test_a_home_that_cannot_be_written_is_named(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.data.mkdir(parents=True)
    home.locks.write_text("a file where a folder has to be")
    assert main(["--home", str(home.root), "--port", "0"]) == 1
    assert f"The folder {home.data} cannot be written to" in capsys.readouterr().err


def test_tls_with_a_certificate_that_is_made_here(home: Home, database: Database) -> None:
    with served(home, "--tls-self-signed", uri=database.uri) as server:
        assert server.address.startswith("https://127.0.0.1:")
        trust = ssl.create_default_context(cafile=str(home.certificate_file))
        assert httpx.get(f"{server.address}api/events", verify=trust, timeout=20).status_code == 401
        assert len(server.states[-1].fingerprint.split(":")) == 32


def test_tls_with_a_certificate_of_ones_own(home: Home, tmp_path: Path, database: Database) -> None:
    certificate, key = own_certificate(Home.resolve(tmp_path / "elsewhere"), ("127.0.0.1",))
    with served(home, "--tls-cert", str(certificate), "--tls-key", str(key), uri=database.uri) as server:
        trust = ssl.create_default_context(cafile=str(certificate))
        assert httpx.get(f"{server.address}api/events", verify=trust, timeout=20).status_code == 401
        assert server.states[-1].fingerprint == ""


def test_below_a_path_and_by_another_name(home: Home, database: Database) -> None:
    options = ("--base-path", "/music/", "--host-name", "tunes.example", "other.example")
    with served(home, *options, uri=database.uri) as server:
        assert server.address.endswith("/music/")
        for address in (server.address, server.address.removesuffix("music/")):
            assert answers(address)
        named = [
            httpx.get(f"{server.address}api/events", headers={"Host": name}, timeout=20).status_code
            for name in ("tunes.example", "other.example", "evil.example")
        ]
        assert named == [401, 401, 421]
        elsewhere = {"Origin": "http://evil.example"}
        asked = [
            httpx.post(f"{server.address}{path}", headers=elsewhere, timeout=20).status_code
            for path in ("rest/ping", "api/plays")
        ]
        assert asked[0] != 403, "apps of other origins ask below the path as they do without one"
        assert asked[1] == 403


@pytest.mark.skipif(not network_addresses(), reason="this machine is in no network")
def test_all_addresses_of_this_machine_where_that_is_asked(home: Home, database: Database) -> None:
    with served(home, "--host", "0.0.0.0", uri=database.uri) as server:
        assert server.address.startswith(f"http://{network_addresses()[0]}:")
        assert answers(server.address)


def test_a_person_is_told_where_it_is_and_the_link_once(home: Home, database: Database) -> None:
    command = [sys.executable, "-m", "musicplayer", "--serve", "--home", str(home.root), "--port", "0"]
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), "SEGUE_MONGODB_URI": database.uri}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT) == 0
    assert lines[0].startswith("Segue is at http://127.0.0.1:")
    assert "Make the first account, once, at http://127.0.0.1:" in lines[1]
    assert "token=" in lines[1]
    log = (home.logs / "server.log").read_text("utf-8")
    assert lines[1].partition("token=")[2].strip() not in log


def given_a_password(home: Home, name: str, password: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "musicplayer", "--serve", "--home", str(home.root), "--new-password", name]
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, input=f"{password}\n", capture_output=True, text=True, env=variables, check=False)


def test_who_is_at_the_machine_gives_a_forgotten_password_anew_while_it_runs(home: Home) -> None:
    running = Accounts(home.accounts_file)
    anna = running.create_first(running.first_token or "", "Änne", "a forgotten one")
    cookie = running.new_session(anna.id)
    done = given_a_password(home, "anne", PASSWORD)
    assert (done.returncode, PASSWORD in done.stdout + done.stderr) == (0, False)
    assert running.session(cookie) is None
    assert running.log_in("Änne", PASSWORD, "127.0.0.1") == anna
    for name, password, said in (
        ("Ben", PASSWORD, "Those there are: Änne."),
        ("Änne", "", "8 to 1,024 characters"),
    ):
        refusal = given_a_password(home, name, password)
        assert (refusal.returncode, said in refusal.stderr) == (1, True)
    home.accounts_file.write_bytes(b"{")
    assert "was damaged" in given_a_password(home, "anne", PASSWORD).stderr


def test_no_log_has_a_key_a_password_or_a_link(home: Home, database: Database) -> None:
    key, password = "k3y-that-nobody-may-read", "p4ss-that-nobody-may-read"
    with served(home, "--verbose", uri=database.uri) as server:
        for path in (f"rest/ping?apiKey={key}&p={password}", f"api/state?key={key}", f"%zz?apiKey={key}"):
            httpx.get(f"{server.address}{path}", headers={"Authorization": f"Bearer {key}"}, timeout=20)
        httpx.post(f"{server.address}login", data={"name": "anna", "password": password}, timeout=20)
        server.ask(AddListener("Anna", password))
        wait_until(lambda: len(server.states) > 1)
        token = server.states[0].link.partition("token=")[2]
    logs = "".join(each.read_text("utf-8") for each in home.logs.iterdir())
    assert "DEBUG" in logs
    assert [secret for secret in (key, password, token) if secret in logs] == []


@pytest.mark.parametrize(
    ("options", "said"), [(("--prot", "80"), "segue --serve"), (("--port", "eighty"), "0 to 65535")]
)
def test_a_mistyped_option_says_what_there_is(
    options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        play(["--serve", *options])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_neither_qt_nor_spark_nor_a_display_is_needed(home: Home) -> None:
    code = (
        "import sys; from musicplayer.__main__ import main\n"
        "try: main(['--serve', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'PySide6', 'vlc', 'pyspark', 'librosa', 'pandas', 'scipy', 'matplotlib'}))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


def test_a_thousand_half_open_connections_keep_nobody_out(home: Home, database: Database) -> None:
    with served(home, uri=database.uri) as server, contextlib.ExitStack() as stack:
        port = int(server.address.rsplit(":", 1)[1].strip("/"))
        for _ in range(1_000):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        assert answers(server.address)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(LIMIT) == 0
