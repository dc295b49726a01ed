"""The player under remote control: a real session bus, `playerctl` as anyone may have it, libVLC underneath."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, QProcessEnvironment
from pytestqt.qtbot import QtBot

from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.tracks import Track, TrackId
from musicplayer.desktop.bus import ADDRESS_VARIABLE, SessionBus
from musicplayer.desktop.mpris import Mpris
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.playback.vlc_backend import choose_backend

MISSING = [program for program in ("dbus-daemon", "playerctl") if shutil.which(program) is None]
pytestmark = [
    pytest.mark.vlc,
    pytest.mark.skipif(sys.platform != "linux", reason="MPRIS is how Linux desktops do it"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (Debian: dbus-daemon, playerctl)"),
]

MakeTone = Callable[..., Path]
WAIT_MS = 8_000
PLAYER = "org.mpris.MediaPlayer2.Player"


class Shelf:
    """Three tracks, as the library knows them."""

    def __init__(self, file: Path) -> None:
        self.tracks = {
            TrackId(f"{number:032x}"): Track(
                id=TrackId(f"{number:032x}"),
                path=str(file),
                root="/",
                title=f"Title {number}",
                artist="Äther & Söhne",
                album="Long play",
                album_artist="Various",
                genres=("Rock", "Folk"),
                track_number=number + 1,
                disc_number=2,
                year=1999,
                seconds=30.0,
            )
            for number in range(3)
        }

    def track(self, track: TrackId) -> Track | None:
        return self.tracks.get(track)

    def plays(self, track: TrackId) -> int:
        return 5


class Remote:
    """A remote control on the bus, and the player it steers."""

    def __init__(self, qtbot: QtBot, address: str, player: Player, mpris: Mpris) -> None:
        self.qtbot = qtbot
        self.player = player
        self.mpris = mpris
        self._environment = QProcessEnvironment.systemEnvironment()
        self._environment.insert(ADDRESS_VARIABLE, address)

    def ctl(self, *arguments: str) -> str:
        """What `playerctl` prints, while the player's own events go on."""
        return self.run("playerctl", "-p", "segue", *arguments)

    def get(self, name: str, interface: str = PLAYER) -> str:
        """A property as `dbus-send` prints it, with its type."""
        return self._send("org.freedesktop.DBus.Properties.Get", f"string:{interface}", f"string:{name}")

    def call(self, method: str, *arguments: str) -> str:
        return self._send(method, *arguments)

    def run(self, program: str, *arguments: str) -> str:
        process = QProcess()
        process.setProcessEnvironment(self._environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        with self.qtbot.waitSignal(process.finished, timeout=WAIT_MS):
            process.start(program, list(arguments))
        return bytes(process.readAll().data()).decode().strip()

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def _send(self, method: str, *arguments: str) -> str:
        where = ("--session", "--print-reply=literal", "--dest=org.mpris.MediaPlayer2.segue")
        return self.run("dbus-send", *where, "/org/mpris/MediaPlayer2", method, *arguments)


@pytest.fixture
def remote(qtbot: QtBot, bus_address: str, make_tone: MakeTone) -> Iterator[Remote]:
    shelf = Shelf(make_tone(seconds=30))
    player = Player(choose_backend(), PlayQueue(), lambda track: shelf.tracks[track].stretch)
    bus = SessionBus()
    mpris = Mpris(player, shelf, bus)
    with qtbot.waitSignal(bus.connected, timeout=WAIT_MS):
        bus.start(bus_address, [mpris])
    player.enqueue(shelf.tracks)
    yield Remote(qtbot, bus_address, player, mpris)
    bus.close()
    player.close()


def test_playerctl_plays_pauses_skips_and_stops(remote: Remote) -> None:
    assert remote.ctl("status") == "Stopped"
    remote.ctl("play")
    assert remote.ctl("status") == "Playing"
    assert remote.player.state is PlaybackState.PLAYING
    remote.ctl("pause")
    assert remote.ctl("status") == "Paused"
    remote.ctl("play-pause")
    assert remote.ctl("status") == "Playing"
    remote.ctl("next")
    assert remote.ctl("metadata", "xesam:title") == "Title 1"
    remote.ctl("previous")
    assert remote.ctl("metadata", "xesam:title") == "Title 0"
    remote.ctl("stop")
    assert remote.ctl("status") == "Stopped"


def test_playerctl_reads_metadata_and_position(remote: Remote, tmp_path: Path) -> None:
    remote.ctl("play")
    track = remote.player.current
    assert track is not None
    remote.until(lambda: remote.player.position() > 0.3)
    remote.mpris.set_cover(track, tmp_path / "cover 1.jpg")
    wanted = "{{title}}|{{artist}}|{{album}}|{{xesam:albumArtist}}|{{xesam:genre}}|{{xesam:trackNumber}}"
    assert remote.ctl("metadata", "-f", wanted) == "Title 0|Äther & Söhne|Long play|Various|Rock, Folk|1"
    rest = "{{xesam:discNumber}}|{{xesam:useCount}}|{{mpris:artUrl}}|{{duration(mpris:length)}}"
    assert remote.ctl("metadata", "-f", rest) == f"2|5|file://{tmp_path}/cover%201.jpg|0:30"
    assert 0.3 < float(remote.ctl("position")) < 8


def test_playerctl_sets_volume_repeat_and_shuffle(remote: Remote) -> None:
    remote.ctl("volume", "0.35")
    assert remote.player.volume == 35
    remote.player.set_volume(60)
    remote.until(lambda: remote.ctl("volume").startswith("0.6"))
    for name, repeat in (("Track", Repeat.ONE), ("Playlist", Repeat.ALL), ("None", Repeat.OFF)):
        remote.ctl("loop", name)
        assert remote.player.queue.repeat is repeat
        assert remote.ctl("loop") == name
    remote.mpris.set_rate(1.5)
    remote.until(lambda: "double 1.5" in remote.get("Rate"))
    remote.ctl("shuffle", "On")
    assert remote.player.queue.shuffle
    assert remote.ctl("shuffle") == "On"


def test_playerctl_seeks(remote: Remote) -> None:
    remote.ctl("play")
    remote.until(lambda: remote.player.duration() > 0 and remote.player.position() > 0)
    remote.ctl("position", "12")
    remote.until(lambda: 11.5 < remote.player.position() < 16)
    remote.ctl("position", "5-")
    remote.until(lambda: 6.5 < remote.player.position() < 11)
    remote.call(f"{PLAYER}.SetPosition", "objpath:/another/track", "int64:25000000")
    assert remote.player.position() < 20
    remote.call(f"{PLAYER}.Seek", "int64:60000000")
    assert remote.ctl("metadata", "xesam:title") == "Title 1"


def test_properties_have_the_types_of_the_specification(remote: Remote) -> None:
    remote.ctl("play")
    remote.until(lambda: remote.player.duration() > 0)
    assert "int64" in remote.get("Position")
    assert "double" in remote.get("Volume")
    assert "boolean true" in remote.get("CanSeek")
    assert "boolean true" in remote.get("CanGoNext")
    metadata = remote.get("Metadata")
    assert "int64 30" in metadata
    assert "/app/segue/Segue/track/" in metadata
    assert "app.segue.Segue" in remote.get("DesktopEntry", "org.mpris.MediaPlayer2")
    assert "UnknownProperty" in remote.get("Nonsense") or "has no property" in remote.get("Nonsense")


def test_only_what_changed_is_signalled_and_the_position_is_not(remote: Remote, bus_address: str) -> None:
    watcher = subprocess.Popen(
        ["dbus-monitor", "--address", bus_address, "path=/org/mpris/MediaPlayer2,type=signal"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watcher.stdout is not None
    watcher.stdout.readline()  # it watches
    remote.ctl("play")
    remote.until(lambda: remote.player.position() > 0.6)
    remote.player.set_shuffle(True)
    remote.player.seek(20.0)
    remote.ctl("pause")
    watcher.terminate()
    said, _ = watcher.communicate()
    assert said.count('string "Shuffle"') == 1
    assert said.count('string "Volume"') == 0
    assert said.count('string "Position"') == 0
    assert said.count("member=Seeked") == 1
    assert "int64 20000000" in said


def test_files_are_opened_and_the_window_is_called(remote: Remote) -> None:
    with remote.qtbot.waitSignal(remote.mpris.opened, timeout=WAIT_MS) as opened:
        remote.ctl("open", "file:///music/a%20%23b%ff.mp3")
    assert opened.args == ["/music/a #b\udcff.mp3"]
    assert "InvalidArgs" in remote.call(f"{PLAYER}.OpenUri", "string:https://example.org/a.mp3")
    with remote.qtbot.waitSignal(remote.mpris.raised, timeout=WAIT_MS):
        remote.call("org.mpris.MediaPlayer2.Raise")
    with remote.qtbot.waitSignal(remote.mpris.quitted, timeout=WAIT_MS):
        remote.call("org.mpris.MediaPlayer2.Quit")


def test_a_second_player_has_a_name_of_its_own(remote: Remote, bus_address: str, qtbot: QtBot) -> None:
    bus = SessionBus()
    mpris = Mpris(remote.player, Shelf(Path("/x")), bus)
    with qtbot.waitSignal(bus.connected, timeout=WAIT_MS):
        bus.start(bus_address, [mpris])
    names = remote.run("playerctl", "-l").split()
    bus.close()
    assert "segue" in names
    assert any(name.startswith("segue.instance") for name in names)


def test_leaving_while_it_still_arrives_waits_for_nothing(remote: Remote, bus_address: str) -> None:
    bus, before = SessionBus(), set(threading.enumerate())
    bus.start(bus_address, [Mpris(remote.player, Shelf(Path("/x")), bus)])
    bus.close()
    assert set(threading.enumerate()) <= before


def test_without_a_bus_there_is_silence(qtbot: QtBot, tmp_path: Path, remote: Remote) -> None:
    bus = SessionBus()
    mpris = Mpris(remote.player, Shelf(Path("/x")), bus)
    with qtbot.waitSignal(bus.lost, timeout=WAIT_MS):
        bus.start(f"unix:path={tmp_path}/nothing", [mpris])
    mpris.refresh()
    remote.player.seek(3.0)
    bus.close()
