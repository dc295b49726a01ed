"""Logs: whole lines, bounded files, for their owner only, and no passwords."""

from __future__ import annotations

import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.files.logs import LEVEL_VARIABLE, LogFile, log_file, start_logging
from indexer.core.files.redaction import conceal, nameless, redacted
from indexer.core.home import Home
from tests.conftest import REPOSITORY

WORDS = st.text(st.characters(categories=("L", "N")), min_size=4, max_size=20)
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4} \w+ +\d+ [\w.]+: ")


@pytest.fixture
def logs(home: Home) -> Iterator[Home]:
    """Logging to a home as a program does it, and as it was before afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    start_logging(home, "player")
    yield home
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def written(path: Path, *messages: str, size: int = 1_000, kept: int = 2) -> None:
    handler = LogFile(path, size=size, kept=kept)
    for message in messages:
        handler.emit(logging.LogRecord("test", logging.INFO, __file__, 1, message, None, None))
    handler.close()


def test_lines_say_when_how_bad_who_and_what(logs: Home) -> None:
    logging.getLogger("a.part").info("something")
    logging.getLogger("a.part").debug("a detail")
    lines = log_file(logs, "player").read_text().splitlines()
    assert len(lines) == 1
    assert LINE.match(lines[0])
    assert lines[0].endswith(f"{os.getpid()} a.part: something")


def test_the_environment_sets_the_level(home: Home, logs: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LEVEL_VARIABLE, "debug")
    start_logging(home, "player")
    logging.getLogger("a.part").debug("a detail")
    assert "DEBUG" in log_file(logs, "player").read_text()


def test_what_would_be_a_line_of_its_own_is_part_of_the_message(tmp_path: Path) -> None:
    written(tmp_path / "x.log", "one\n2026-11-21T10:00:00.000+0000 ERROR 1 fake: line\x1b[31m")
    first, second = (tmp_path / "x.log").read_text().splitlines()
    assert first.endswith("one")
    assert second.startswith("    2026")
    assert "\x1b" not in second


def test_full_files_are_set_aside_and_the_oldest_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    written(path, *(f"{number:03} {'x' * 200}" for number in range(50)))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.log", "x.log.1", "x.log.2"]
    assert all(file.stat().st_size <= 1_000 for file in tmp_path.iterdir())
    assert "049" in path.read_text()
    newest_first = "".join((tmp_path / name).read_text() for name in ("x.log.2", "x.log.1", "x.log"))
    numbers = [int(number) for number in re.findall(r": (\d{3}) x", newest_first)]
    assert numbers == list(range(numbers[0], 50))


def test_programs_that_share_a_file_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    one, other = LogFile(path, size=1_000, kept=9), LogFile(path, size=1_000, kept=9)
    for number in range(40):
        record = logging.LogRecord("test", logging.INFO, __file__, 1, f"{number:03} {'x' * 60}", None, None)
        (one, other)[number % 2].emit(record)
    text = "".join(file.read_text() for file in tmp_path.iterdir())
    assert sorted(map(int, re.findall(r": (\d{3}) x", text))) == list(range(40))
    one.close()
    other.close()


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_only_the_owner_reads_them_whatever_the_umask(home: Home) -> None:
    before = os.umask(0)
    try:
        written(log_file(home, "player"), "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(log_file(home, "player").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.logs.stat().st_mode) == 0o700


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "in the way").touch()
    written(tmp_path / "in the way" / "x.log", "nobody hears this")


@given(user=WORDS, password=WORDS, host=WORDS)
def test_an_address_is_written_without_its_login(user: str, password: str, host: str) -> None:
    for login in (f"{user}:{password}", f"{user}:{password}@{password}", f"{user}:{password}/{password}"):
        said = redacted(f"(mongodb+srv://{login}@{host}.example/segue) failed")
        assert said == f"(mongodb+srv://…@{host}.example/segue) failed"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("GET /rest/ping?u=anna&p=enc:736563&c=app failed", "GET /rest/ping?u=anna&p=…&c=app failed"),
        ("/rest/ping?t=26719a1196d2&s=c19b2d&u=anna", "/rest/ping?t=…&s=…&u=anna"),
        ("/rest/ping?apiKey=w5q6i4s3adwu", "/rest/ping?apiKey=…"),
        ("/stream/01?signed=WzE3.abc-_d HTTP/1.1", "/stream/01?signed=… HTTP/1.1"),
        ("Authorization: Bearer w5q6i4s3adwu", "Authorization: Bearer …"),
        ("/tracks?q=tops&offset=3", "/tracks?q=tops&offset=3"),
    ],
)
def test_what_a_request_proves_who_asks_by_is_left_out(said: str, left: str) -> None:
    assert redacted(said) == left


def test_what_is_concealed_is_written_nowhere() -> None:
    conceal("pass word/ü")
    for written_as in ("pass word/ü", "pass%20word%2F%C3%BC", "pass+word%2F%C3%BC"):
        assert redacted(f"got {written_as}!") == "got …!"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Anna's Song.mp3 is damaged.", "….mp3 is damaged."),
        ("There is no folder /mnt/Dr. Anna/x, y.", "There is no folder …"),
        ("“Title: of it” was deleted.", "“…” was deleted."),
        ("„Titel“ wurde gelöscht.", "“…” wurde gelöscht."),
        (r"C:\Users\Anna\x is full", "…"),
        ("see file:///home/anna", "see …"),
        ("312/8000 at 14/s, and/or https://example.org/x", "312/8000 at 14/s, and/or https://example.org/x"),
    ],
)
def test_names_are_left_out(text: str, left: str) -> None:
    assert nameless(text) == left


CRASHING = """
import sys, threading
from pathlib import Path
from indexer.core.files.logs import catch_all
from indexer.core.home import Home
from indexer.core.files.logs import start_logging
home = Home.resolve(Path(sys.argv[1]))
start_logging(home, "player")
catch_all(home, "player")
def fail():
    local = "a local secret"
    raise ValueError("mongodb://me:hunter22@host/x")
thread = threading.Thread(target=fail, name="a thread")
thread.start()
thread.join()
if sys.argv[2] == "die":
    import faulthandler
    faulthandler._sigsegv()
fail()
"""


@pytest.mark.parametrize("how", ["raise", "die"])
def test_what_nobody_caught_is_in_the_log_without_secrets(home: Home, how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASHING, str(home.root), how],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    assert done.returncode != 0
    log = log_file(home, "player").read_text()
    assert "ValueError in thread a thread" in log
    assert "Traceback" in log
    assert ("unexpected: ValueError\n" in log) == (how == "raise")
    crash = (home.logs / "player-crash.log").read_text()
    assert ("Fatal Python error" in crash) == (how == "die")
    for text in (log, crash, done.stdout, done.stderr):
        assert "hunter22" not in text
        assert "a local secret" not in text.replace('local = "a local secret"', "")
