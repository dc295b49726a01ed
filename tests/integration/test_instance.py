"""One Segue for one library: real processes, real locks, real sockets."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from musicplayer.desktop import instance as instances
from musicplayer.desktop.instance import Instance, NotAnswering, claim, claim_or_visit, hand_over
from musicplayer.desktop.visit import Command, Visit, encode
from tests.conftest import REPOSITORY

WAIT_MS = 10_000
# A start without a window: says which it became; the first goes on until it was visited often enough, or killed.
STARTER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from indexer.core.home import Home
from musicplayer.desktop.instance import claim_or_visit
from musicplayer.desktop.visit import Visit
sys.stdin.readline()
instance = claim_or_visit(Home.resolve(Path(sys.argv[1])), Visit(paths=("/" + sys.argv[2],)))
print("visited" if instance is None else "first", flush=True)
if instance is not None:
    application, expected = QCoreApplication([]), int(sys.argv[3])
    seen = []
    def note(visit):
        seen.append(visit.paths[0])
        if len(seen) == expected:
            application.quit()
    instance.visited.connect(note)
    instance.listen()
    print("listens", flush=True)
    application.exec()
    instance.close()
    print(*sorted(seen), flush=True)
"""


def starter(home: Home, name: str = "a", expected: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", STARTER, str(home.root), name, str(expected)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.fixture
def first(qapp: object, home: Home) -> Iterator[Instance]:
    made = claim(home)
    assert made is not None
    made.listen()
    yield made
    made.close()


def connected(home: Home) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer((home.locks / "player.address").read_text())
    assert socket.waitForConnected(WAIT_MS)
    return socket


def test_a_second_start_hands_its_files_over_and_ends(first: Instance, home: Home, qtbot: QtBot) -> None:
    command = [sys.executable, "-m", "musicplayer", "--home", str(home.root), b"b\xff c.mp3", "/d.mp3"]
    with qtbot.waitSignal(first.visited, timeout=WAIT_MS) as visited:
        process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, "XDG_ACTIVATION_TOKEN": "token"})
    assert process.wait(10) == 0
    assert visited.args == [Visit(Command.SHOW, (f"{REPOSITORY}/b\udcff c.mp3", "/d.mp3"), "token")]


def test_a_second_start_can_be_a_remote_control(first: Instance, home: Home, qtbot: QtBot) -> None:
    command = [sys.executable, "-m", "musicplayer", "--home", str(home.root), "--next"]
    with qtbot.waitSignal(first.visited, timeout=WAIT_MS) as visited:
        process = subprocess.Popen(command, cwd=REPOSITORY)
    assert process.wait(10) == 0
    assert visited.args[0].command is Command.NEXT


def test_a_remote_control_without_a_player_says_so(home: Home) -> None:
    command = [sys.executable, "-m", "musicplayer", "--home", str(home.root), "--play-pause"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "segue: Segue is not running. Start it first.\n")


def test_another_home_is_another_player(first: Instance, tmp_path: Path, home: Home) -> None:
    assert claim(home) is None
    other = claim(Home.resolve(tmp_path / "other"))
    assert other is not None
    other.close()


def test_the_next_start_is_the_first_again_once_it_was_closed(first: Instance, home: Home) -> None:
    first.close()
    assert not hand_over(home, Visit())
    again = claim(home)
    assert again is not None
    again.close()


def test_one_that_holds_the_lock_and_does_not_listen_is_reported(qapp: object, home: Home) -> None:
    silent = claim(home)
    assert silent is not None
    with pytest.raises(NotAnswering):
        claim_or_visit(home, Visit(), patience=0)
    silent.close()


def test_what_a_killed_one_left_is_taken_over(home: Home, qtbot: QtBot) -> None:
    killed = starter(home)
    go(killed)
    assert killed.stdout is not None
    assert [killed.stdout.readline(), killed.stdout.readline()] == ["first\n", "listens\n"]
    killed.kill()
    killed.communicate()
    heir = claim_or_visit(home, Visit(), patience=0)
    assert heir is not None
    heir.listen()
    socket = connected(home)
    with qtbot.waitSignal(heir.visited, timeout=WAIT_MS):
        socket.write(encode(Visit()))
    heir.close()


def test_a_home_that_was_copied_from_a_running_one_opens(home: Home) -> None:
    home.locks.mkdir(parents=True)
    (home.locks / "player.lock").write_text("1\nsegue\nanother machine\n")
    (home.locks / "player.address").write_text("/nowhere/at/all")
    made = claim_or_visit(home, Visit(), patience=0)
    assert made is not None
    made.close()


def test_of_several_started_at_once_one_is_first_and_hears_of_all_others(home: Home) -> None:
    processes = [starter(home, str(number), expected=3) for number in range(4)]
    for process in processes:
        go(process)
    said = sorted(process.communicate(timeout=20)[0].split() for process in processes)
    names = [name for words in said for name in words if name.startswith("/")]
    assert [words[0] for words in said] == ["first", "visited", "visited", "visited"]
    assert len(set(names)) == 3


@pytest.mark.parametrize("noise", [b"GET / HTTP/1.1\r\n\r\n", b"{}\n", b"\n", b'{"version":1}\n'])
def test_noise_is_shown_the_door(first: Instance, home: Home, qtbot: QtBot, noise: bytes) -> None:
    visits: list[Visit] = []
    first.visited.connect(visits.append)
    socket = connected(home)
    with qtbot.waitSignal(socket.disconnected, timeout=WAIT_MS):
        socket.write(noise)
    assert visits == []


def test_too_much_is_shown_the_door(first: Instance, home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "MOST_BYTES", 1_000)
    socket = connected(home)
    with qtbot.waitSignal(socket.disconnected, timeout=WAIT_MS):
        socket.write(b"x" * 5_000)


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are files elsewhere")
def test_no_other_user_may_visit(first: Instance, home: Home) -> None:
    address = Path((home.locks / "player.address").read_text())
    assert stat.S_IMODE(address.stat().st_mode) & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that cannot be written to")
def test_a_home_that_cannot_be_written_to_is_opened_all_the_same(home: Home) -> None:
    assert home.root is not None
    home.root.mkdir()
    home.root.chmod(0o500)
    made = claim(home)
    assert made is not None
    made.listen()
    made.close()
