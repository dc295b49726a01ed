"""A package comes whole and as it is known, from a folder or an index, or a sentence says what went wrong."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from indexer.core.model.embedding.ears import MUSICNN
from indexer.core.model.embedding.errors import EarError
from indexer.ears.fetching import download_package, read_package

CONTENT = bytes(range(256)) * 2_000
EAR = replace(MUSICNN, size=len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest())


class Index:
    """A package index of this machine, which answers by path."""

    def __init__(self) -> None:
        answers: dict[str, tuple[int, bytes, int]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, content, promised = answers.get(self.path, (404, b"", 0))
                self.send_response(status)
                self.send_header("Content-Length", str(promised))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self.answers = answers
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.index = self.address + "/{package}/{version}"
        self.say("/musicnn/0.1.0", json.dumps({"urls": [self.file("other.tar.gz"), self.file(EAR.file)]}).encode())
        self.say("/files", CONTENT)

    def file(self, name: str, place: str = "/files") -> dict[str, str]:
        return {"filename": name, "url": self.address + place}

    def say(self, path: str, content: bytes, *, status: int = 200, promised: int | None = None) -> None:
        self.answers[path] = (status, content, len(content) if promised is None else promised)


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    found = Index()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
        thread.join()


def test_a_package_from_an_index(index: Index) -> None:
    told: list[tuple[int, int]] = []
    found = download_package(EAR, lambda done, total: told.append((done, total)), index=index.index)
    assert found == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_another_file_is_refused(index: Index) -> None:
    index.say("/files", CONTENT[:-1] + b"x")
    with pytest.raises(EarError, match=r"/files is not the file that Segue knows as musicnn-0\.1\.0"):
        download_package(EAR, index=index.index)
    index.say("/files", CONTENT + b"more")
    with pytest.raises(EarError, match="is not the file"):
        download_package(EAR, index=index.index)


@pytest.mark.parametrize("promised", [1_000, len(CONTENT)])
def test_half_a_file_is_refused(index: Index, promised: int) -> None:
    index.say("/files", CONTENT[:1_000], promised=promised)
    with pytest.raises(EarError, match=r"only 1,000 of 512,000 bytes came.* --from"):
        download_package(EAR, index=index.index)


@pytest.mark.parametrize(
    "told",
    [b"", b"[]", b"{", b"{}", b'{"urls": 3}', b'{"urls": [{}]}', b"[" * 100_000, b'{"urls": []}', b"\xff\xfe"],
    ids=range(9),
)
def test_an_index_that_does_not_have_it(index: Index, told: bytes) -> None:
    index.say("/musicnn/0.1.0", told)
    with pytest.raises(EarError, match="does not say where musicnn-0"):
        download_package(EAR, index=index.index)


@pytest.mark.parametrize("place", ["file:///etc/hostname", "ftp://127.0.0.1/x", "", "x"])
def test_an_index_that_sends_one_elsewhere(index: Index, place: str) -> None:
    index.say("/musicnn/0.1.0", json.dumps({"urls": [{"filename": EAR.file, "url": place}]}).encode())
    with pytest.raises(EarError, match="does not say where"):
        download_package(EAR, index=index.index)


def test_an_index_that_refuses(index: Index) -> None:
    index.say("/musicnn/0.1.0", b"", status=503)
    with pytest.raises(EarError, match=r"cannot be reached: 503 Service Unavailable\. .*add musicnn with --from"):
        download_package(EAR, index=index.index)


def test_no_way_there(index: Index) -> None:
    index.server.shutdown()
    index.server.server_close()
    with pytest.raises(EarError, match=r"cannot be reached: Connection refused\. Check the connection"):
        download_package(EAR, index=index.index)


def test_a_package_from_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "it.whl"
    with pytest.raises(EarError, match=r"it\.whl cannot be read: No such file or directory\. .*--from"):
        read_package(EAR, path)
    path.write_bytes(CONTENT)
    assert read_package(EAR, path) == CONTENT
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(EarError, match=r"it\.whl is not the file"):
        read_package(EAR, path)
