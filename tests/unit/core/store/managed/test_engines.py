"""Which server program is chosen, and with what command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from indexer.core.store.faults import DatabaseUnavailable
from indexer.core.store.managed.engines import choose_engine
from indexer.core.store.managed.layout import ServerFolder

needs_posix = pytest.mark.skipif(os.name == "nt", reason="makes a shell script executable")


@pytest.fixture
def folder(tmp_path: Path) -> ServerFolder:
    return ServerFolder(tmp_path / "database")


@pytest.fixture
def mongod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An executable of that name on PATH; it is never started."""
    program = tmp_path / "bin" / "mongod"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


def test_secantus_where_there_is_no_mongod(folder: ServerFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    engine = choose_engine(folder)
    command = engine.command(folder, 0, auth=True)
    assert engine.name == "secantus"
    assert {"--auth", "--sync-on-commit", "--standalone"} <= set(command)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--cache-size") + 1] == "256M"


@needs_posix
def test_mongod_is_preferred(folder: ServerFolder, mongod: Path) -> None:
    command = choose_engine(folder).command(folder, 27017, auth=True)
    assert command[0] == str(mongod)
    assert "--auth" in command
    assert command[command.index("--bind_ip") + 1] == "127.0.0.1"
    assert command[command.index("--dbpath") + 1] == str(folder.path / "mongod")


@needs_posix
def test_a_library_made_with_secantus_stays_there(folder: ServerFolder, mongod: Path) -> None:
    (folder.path / "secantus").mkdir(parents=True)
    assert choose_engine(folder).name == "secantus"


def test_no_server_is_a_sentence_with_advice(
    folder: ServerFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))  # SecantusDB is looked for beside it
    with pytest.raises(DatabaseUnavailable, match=r"No database server is installed.*pip install"):
        choose_engine(folder)
