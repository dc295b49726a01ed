"""The window as a screen reader has it: a client of AT-SPI, on a bus of its own, walks through it and uses it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.core.home import Home
from tests.conftest import REPOSITORY
from tests.e2e.shell import root_of, run_json
from tests.screens import has_screen, screen
from tests.waiting import wait_until

PYTHON = "/usr/bin/python3"
"""The system's, which has PyGObject where that is installed."""

_HAS_CLIENT = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
SEGUE = "segue"
PLACES = ("Albums", "Artists", "Genres", "Folders", "Recently added", "Most played", "Never played", "For you",
          "Journey", "Music map", "Listening", "Tracks")  # fmt: skip
NAMED_BY_ROLE = ("scroll bar",)
VAGUE = ("unknown", "invalid", "filler")
F6 = 0xFFC3
"""The symbol of the key in X."""

ROWS = ("table cell", "list item")


def has_client() -> bool:
    """Whether this machine has a bus for screen readers, and what speaks on it."""
    if not has_screen() or shutil.which("dbus-daemon") is None or not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", _HAS_CLIENT], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.database,
    pytest.mark.vlc,
    pytest.mark.skipif(
        not has_client(), reason="wants Xvfb and a client of AT-SPI (Debian: at-spi2-core gir1.2-atspi-2.0 python3-gi)"
    ),
]


class Reader:
    """A screen reader that runs, and what it is told."""

    def __init__(self, there: dict[str, str]) -> None:
        self._client = subprocess.Popen(
            [PYTHON, "-W", "ignore", str(REPOSITORY / "tests" / "at_spi.py")],
            env={name: value for name, value in there.items() if name != "PYTHONPATH"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, word: str, *about: str | float) -> Any:
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.write(json.dumps([word, *about]) + "\n")
        self._client.stdin.flush()
        return json.loads(self._client.stdout.readline())

    def walk(self) -> list[dict[str, Any]]:
        """All that the window shows; nothing while it changes."""
        found = self.ask("walk", SEGUE)
        return found if isinstance(found, list) else []

    def find(self, role: str, name: str) -> dict[str, Any] | None:
        return next((each for each in self.walk() if (each["role"], each["name"]) == (role, name)), None)

    def until(self, role: str, name: str) -> dict[str, Any]:
        """The element, once there is one."""
        wait_until(lambda: self.find(role, name), f"{role} {name}")
        found = self.find(role, name)
        assert found is not None
        return found

    def inside(self, name: str, *roles: str) -> list[str]:
        """What stands in a table or list, by the names of its cells or items."""
        return [each["name"] for each in self.walk() if name in each["inside"][-1:] and each["role"] in roles]

    def focused(self) -> list[dict[str, Any]]:
        return [each for each in self.walk() if "focused" in each["states"]]

    def close(self) -> None:
        self._client.communicate(timeout=10)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> Iterator[Reader]:
    """One that reads a player with the demo library in it."""
    home = Home.resolve(tmp_path_factory.mktemp("read") / "home")
    run_json(home, "scan", demo_folder)
    command = [sys.executable, "-m", "musicplayer", "--home", root_of(home)]
    with screen(1440, 900) as there:
        bus = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        daemon = subprocess.Popen(bus, env=there, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert daemon.stdout is not None
        there["DBUS_SESSION_BUS_ADDRESS"] = daemon.stdout.readline().strip()
        made = Reader(there)
        assert made.ask("announce") is True
        player = subprocess.Popen(command, env={**there, "PYTHONPATH": str(REPOSITORY)}, cwd=REPOSITORY)
        try:
            wait_until(lambda: SEGUE in made.ask("programs"), "the player shows itself")
            wait_until(lambda: made.inside("Library", "table cell"), "the table is filled")
            yield made
        finally:
            player.terminate()
            player.wait(60)
            made.close()
            daemon.terminate()
            daemon.communicate()


def faults_of(elements: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """What can be used or focused and is not called anything, or is of no kind: what it is, its name, and where."""
    usable = [each for each in elements if each["actions"] or "focusable" in each["states"]]
    named = [each for each in usable if each["name"].strip() or each["role"] in NAMED_BY_ROLE]
    vague = [each for each in named if each["role"] in VAGUE and each["name"] != "Music map"]  # a picture to move in
    unnamed = [each for each in usable if each not in named]
    return {(each["role"], each["name"], " > ".join(each["inside"][-3:])) for each in (*unnamed, *vague)}


def go(reader: Reader, place: str) -> None:
    """To a place, as a screen reader does that has its user choose from a list."""
    if "selected" not in reader.until("table cell", place)["states"]:
        assert reader.ask("act", SEGUE, "table cell", place, "Toggle")
        wait_until(lambda: "selected" in reader.until("table cell", place)["states"], place)


def test_all_that_can_be_used_has_a_name_in_every_place(reader: Reader) -> None:
    shown, faults = {}, {}
    for place in PLACES:
        go(reader, place)
        elements = reader.walk()
        shown[place] = {(each["role"], each["name"]) for each in elements}
        faults[place] = faults_of(elements)
    assert faults == {place: set() for place in PLACES}
    assert ("slider", "Number of tracks") in shown["Journey"]
    assert ("table", "Library") not in shown["Journey"]
    assert {("table", "Library"), ("tree", "Places"), ("text", "Search your music")} <= shown["Tracks"]


def test_a_track_plays_and_what_changes_is_told(reader: Reader) -> None:
    go(reader, "Tracks")
    cells = reader.inside("Library", "table cell")
    title, artist, length = cells[0].rsplit(", ", 2)
    assert {title, artist, length} <= set(cells)
    assert any(cell.startswith("Year: ") or cell.isdecimal() for cell in cells), "an empty cell is called so"
    assert reader.find("push button", "Pause") is None
    assert reader.ask("act", SEGUE, "push button", "Play", "Press")
    reader.until("push button", "Pause")
    position = reader.until("slider", "Position in the track")
    assert position["most"] > 0
    wait_until(lambda: reader.until("slider", "Position in the track")["value"] > position["value"], "it goes on")
    wait_until(lambda: reader.inside("Play queue", "list item")[:1][0].startswith("Playing now: "), "the queue")
    wait_until(lambda: any(each.startswith("Playing now, ") for each in reader.inside("Library", "table cell")), "row")
    assert {each["name"] for each in reader.walk() if each["role"] == "list"} >= {"Play queue"}
    assert faults_of(reader.walk()) == set()
    assert reader.ask("set_value", SEGUE, "slider", "Volume", 35)
    wait_until(lambda: reader.until("slider", "Volume")["value"] == 35, "the volume")
    assert reader.ask("act", SEGUE, "push button", "Pause", "Press")
    reader.until("push button", "Play")


def test_keys_lead_round_the_window_and_through_the_table(reader: Reader) -> None:
    go(reader, "Tracks")
    assert reader.ask("activate")
    assert reader.ask("focus", SEGUE, "table", "Library")
    wait_until(lambda: "focused" in reader.until("table", "Library")["states"], "the table has the keyboard")
    for part in ("More like this", "Queue", "Playback", "Places", "Library"):
        reader.ask("key", F6)
        wait_until(lambda part=part: _has_focus(reader, part), part)
    artists = reader.inside("Library", "table cell")[1::8]
    for letter in artists[-1][:3].lower():
        reader.ask("key", ord(letter))
    wait_until(lambda: [row[1][:3] for row in reader.ask("chosen", SEGUE, "table", "Library")] == [artists[-1][:3]])


def _has_focus(reader: Reader, part: str) -> bool:
    """Whether the keyboard is in a part: Qt says of the current row of every list that it has the focus."""
    focused = reader.focused()
    own = [each for each in focused if each["role"] not in ROWS]
    return any(part in (each["name"], *each["inside"]) for each in own or focused)
