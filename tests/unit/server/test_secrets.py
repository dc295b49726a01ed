"""What proves who somebody is stands in no log and in no file that could be read back: asked of a real process."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import httpx
import pytest

from indexer.core.home import Home
from indexer.core.plays import OWNER
from indexer.core.store import Database
from musicplayer.server.accounts.accounts import Accounts
from tests.served import served
from tests.served_library import make_library
from tests.waiting import wait_until

pytestmark = pytest.mark.database

PASSWORD, CHANGED, OTHER = "f1rst-p4ssword-of-ada", "s3cond-p4ssword-of-ada", "p4ssword-of-bert"
SALT = "s4lt-of-a-token"


def test_nothing_that_opens_the_server_is_written_anywhere(
    home: Home, database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    track = make_library(database, home, tmp_path / "music", built=False)[0].id
    secrets = {"password": PASSWORD, "changed": CHANGED, "other": OTHER, "salt": SALT}
    with served(home, "--verbose", uri=database.uri) as server:
        secrets["link"] = server.link.partition("token=")[2]
        origin = {"Origin": server.address.rstrip("/")}
        with httpx.Client(base_url=server.address, headers=origin, follow_redirects=True, timeout=30) as ada:
            ada.get("first", params={"token": secrets["link"]})
            ada.post("first", data={"token": secrets["link"], "name": "ada", "password": PASSWORD})
            assert ada.get("api/state").status_code == 200
            assert ada.post("api/password", json={"old": PASSWORD, "new": CHANGED}).status_code == 204
            assert ada.post("api/listeners", json={"name": "bert", "password": OTHER}).status_code == 200
            secrets["cookie"] = ada.cookies["segue_session"]
            key = secrets["key"] = ada.post("api/devices", json={"name": "phone"}).json()["key"]
            ada.post("login", data={"name": "bert", "password": OTHER + "x"})
        signed = secrets["signed"] = Accounts(home.accounts_file).sign(OWNER, f"stream:{track}", 60)
        token = secrets["token"] = hashlib.md5(f"{key}{SALT}".encode(), usedforsecurity=False).hexdigest()
        hidden = secrets["hexadecimal"] = key.encode().hex()
        logins = (
            {"apiKey": key},
            {"u": "ada", "t": token, "s": SALT},
            {"u": "ada", "p": key},
            {"u": "ada", "p": f"enc:{hidden}"},
        )
        with httpx.Client(base_url=server.address, timeout=30) as app:
            for login in logins:
                asked = {**login, "v": "1.16.1", "c": "test", "f": "json"}
                for name in ("ping", "stream", "getCoverArt", "none"):
                    values = {**asked, "id": track}
                    app.get(f"rest/{name}", params=values)
                    app.post(f"rest/{name}.view", data=values)
                assert app.get("rest/ping", params=asked).json()["subsonic-response"]["status"] == "ok"
            account = {"username": "cora", "password": OTHER, "email": "c@example.org"}
            for name in ("createUser", "updateUser"):
                app.get(f"rest/{name}", params={"apiKey": key, "v": "1.16.1", "c": "test", **account})
            assert app.get(f"stream/{track}", params={"signed": signed}).status_code == 200
            assert app.get("api/state", headers={"Authorization": f"Bearer {key}"}).status_code == 200
            app.get(f"none?key={key}&signed={signed}", headers={"Host": "evil.example"})
            app.put("login", params={"password": OTHER})
        host, port = server.address.removeprefix("http://").rstrip("/").split(":")
        for wrong in (
            f"GET /?{key} HTTP/9\r\n\r\n",
            f"{key} {CHANGED}\r\n\r\n",
            f"GET /{key}{'x' * 40_000} HTTP/1.1\r\n\r\n",
        ):
            with socket.create_connection((host, int(port)), 10) as connection:
                connection.sendall(wrong.encode())
                connection.recv(100)
        wait_until((home.logs / "server.log").exists)
    said = capfd.readouterr()
    logs = said.err + "".join(path.read_text("utf-8") for path in home.logs.iterdir() if path.is_file())
    assert "DEBUG" in logs
    assert [name for name, secret in secrets.items() if secret in logs] == []
    folders = (home.data, home.cache, home.logs)
    kept = {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert home.accounts_file in kept
    found = {
        path.name: name
        for path, content in kept.items()
        for name, secret in secrets.items()
        if secret.encode() in content
    }
    assert found == {}
    assert home.accounts_file.stat().st_mode & 0o777 == 0o600
