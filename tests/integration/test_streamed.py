"""Tracks of a shared library, decoded from its real server: as their files are, and what is told where that fails."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.playing.queue import PlayQueue
from indexer.core.shared.server import SHARED_HOME, Server, read_server, write_server
from indexer.core.store import Database
from indexer.core.tracks import Stretch, Track, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.decoding import Decoder
from musicplayer.playback.engine import Engine
from musicplayer.playback.mixer import Samples
from musicplayer.playback.player import Player
from musicplayer.playback.server_trouble import NotServed, ServerTrouble
from musicplayer.playback.studio import LEAD_IN
from musicplayer.playback.studio_link import StudioLink
from musicplayer.playback.vlc_backend import Vlc
from musicplayer.server.accounts.accounts import Accounts
from tests.integration.test_studio import order, taken
from tests.ruler import FORMATS, melody, write
from tests.served import ServerProcess, served

SECONDS = 7.3
WAIT_MS = 20_000
GUESSES = 15
FLAC, WAV = "FLAC 44.1/16", "WAV"
PART, PART_ID = (1.5, 4.25), TrackId("f" * 31 + "e")
NAMES = [kind.name for kind in FORMATS]
RATES = {kind.name: kind.rate for kind in FORMATS}


@dataclass
class Shared:
    """A library with a track of every format, its server, and the home of a player that is a window on it."""

    server: ServerProcess
    home: Home
    window: Home
    files: dict[str, Path]
    uri: str

    def address(self, name: str) -> str:
        return f"{self.server.address}stream/{identity(name)}"


def identity(name: str) -> TrackId:
    return TrackId(f"{NAMES.index(name) + 1:032x}")


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("music")
    return {
        kind.name: write(folder / f"{number}.{kind.ending}", melody(number, SECONDS, kind.rate), kind)
        for number, kind in enumerate(FORMATS)
    }


@contextmanager
def shared(folder: Path, music: dict[str, Path], database: Database, *options: str) -> Iterator[Shared]:
    home, window = Home.resolve(folder / "serving"), Home.resolve(folder / "window")
    root = next(iter(music.values())).parent
    database.folders.add(str(root))
    database.tracks.upsert(
        Track(id=identity(name), path=str(path), root=str(root), title=name, seconds=SECONDS)
        for name, path in music.items()
    )
    file, (start, end) = str(music[FLAC]), PART
    database.tracks.upsert([Track(id=PART_ID, path=file, root=str(root), seconds=end - start, start=start, end=end)])
    accounts = Accounts(home.accounts_file)
    owner = accounts.create_first(accounts.first_token, "ada", "correct horse battery")
    key = accounts.new_device(owner.id, "window")[1]
    with served(home, *options, uri=database.uri) as server:
        certificate = home.certificate_file.read_text("ascii") if home.certificate_file.exists() else ""
        write_server(window, Server(server.address.rstrip("/"), key, "ada", certificate))
        yield Shared(server, home, window, music, database.uri)


@pytest.fixture
def library(
    tmp_path: Path, music: dict[str, Path], database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shared]:
    with shared(tmp_path, music, database) as made:
        monkeypatch.setenv(SHARED_HOME, str(made.window.root))
        yield made


@pytest.fixture
def link(qapp: object, library: Shared) -> Iterator[StudioLink]:
    made = StudioLink()
    yield made
    made.close()


def decoded(path: str, start: int = 0) -> Samples:
    decoder = Decoder(path)
    try:
        return np.concatenate([block for _, block in decoder.blocks(start)])
    finally:
        decoder.close()


def trouble_of(address: str) -> ServerTrouble:
    with pytest.raises(NotServed) as raised:
        decoded(address)
    return raised.value.trouble


def test_every_format_is_from_its_server_what_its_file_is(library: Shared) -> None:
    for name, file in library.files.items():
        for place in (0, round(3.217 * RATES[name])):
            assert np.array_equal(decoded(library.address(name), place), decoded(str(file), place)), (name, place)


def test_a_part_of_a_file_is_sent_as_a_whole_one_without_loss(library: Shared) -> None:
    start, end = round(PART[0] * RATES[FLAC]), round(PART[1] * RATES[FLAC])
    part = decoded(f"{library.server.address}stream/{PART_ID}")
    assert np.array_equal(part, decoded(str(library.files[FLAC]))[start:end])


def test_the_seam_between_two_streams_is_that_of_their_files(library: Shared, link: StudioLink) -> None:
    for number, name in enumerate((FLAC, "mp3 CBR", "mp3 VBR", "Ogg Vorbis", "AAC", "ALAC", WAV), 1):
        file = decoded(str(library.files[name]))
        silence = round(LEAD_IN * RATES[name])
        feed = order([Stretch(library.address(name))] * 2, link, number)
        assert np.array_equal(taken(feed, silence + 2 * len(file))[silence:], np.concatenate([file, file])), name
        feed.close()


def test_a_server_that_is_started_anew_goes_on_where_it_was_killed(library: Shared) -> None:
    place = str(urlsplit(library.server.address).port)
    decoder = Decoder(library.address(WAV))
    blocks = decoder.blocks()
    got = [next(blocks)[1]]
    library.server.process.kill()
    library.server.process.wait()
    with served(library.home, "--port", place, uri=library.uri):
        got += [block for _, block in blocks]
    decoder.close()
    assert np.array_equal(np.concatenate(got), decoded(str(library.files[WAV])))


def test_a_server_that_stays_away_ends_no_track_but_breaks_it_off(library: Shared) -> None:
    wanted = [True]
    decoder = Decoder(library.address(WAV), lambda: not wanted)
    blocks = decoder.blocks()
    next(blocks)
    library.server.process.kill()
    library.server.process.wait()
    wanted.clear()  # who waits for it no longer is not made to
    with pytest.raises(NotServed) as raised:
        list(blocks)
    decoder.close()
    assert raised.value.trouble is ServerTrouble.AWAY
    assert trouble_of(library.address(WAV)) is ServerTrouble.AWAY


@pytest.mark.vlc
def test_a_player_whose_server_is_gone_says_so_and_goes_on_once_it_is_back(library: Shared, qtbot: QtBot) -> None:
    place = str(urlsplit(library.server.address).port)
    said: list[str] = []
    player = Player(Engine(Vlc()), PlayQueue(), lambda track: Stretch(library.address(str(track))))
    player.failed.connect(lambda message, _: said.append(message))
    try:
        player.play_tracks([TrackId(name) for name in ("FLAC 96/24", FLAC, WAV)])
        qtbot.waitUntil(lambda: player.position() > 0.5, timeout=WAIT_MS)
        library.server.process.kill()
        library.server.process.wait()
        player.seek(3.0)
        qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
        assert said == ["The server at 127.0.0.1 does not answer."]
        assert (player.state, player.position(), player.queue.index) == (PlaybackState.PAUSED, 3.0, 0)
        assert len(player.queue) == 3
        with served(library.home, "--port", place, uri=library.uri):
            player.play()
            qtbot.waitUntil(lambda: player.queue.index == 1 and player.position() > 0.5, timeout=WAIT_MS)
        assert len(said) == 1
    finally:
        player.close()


def test_what_the_server_has_not_is_missing(library: Shared) -> None:
    assert trouble_of(f"{library.server.address}stream/{'f' * 32}") is ServerTrouble.MISSING


def test_who_is_not_known_there_any_more_is_refused_in_the_middle_of_a_track(library: Shared) -> None:
    known = read_server(library.window)
    assert known is not None
    decoder = Decoder(library.address(WAV))
    blocks = decoder.blocks()
    next(blocks)
    with httpx.Client(base_url=known.address, headers={"Authorization": f"Bearer {known.key}"}) as client:
        [device] = client.get("/api/devices").json()["devices"]
        assert client.delete(f"/api/devices/{device['id']}").is_success
    with pytest.raises(NotServed) as raised:
        list(blocks)
    decoder.close()
    assert raised.value.trouble is ServerTrouble.REFUSED
    for _ in range(GUESSES):  # after some of which the server looks at it less and less often
        assert trouble_of(library.address(WAV)) is ServerTrouble.REFUSED


def test_a_file_that_is_replaced_meanwhile_is_not_mixed_with_what_it_was(
    tmp_path: Path, music: dict[str, Path], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "music").mkdir()
    copies = {name: Path(shutil.copy(file, tmp_path / "music")) for name, file in music.items()}
    with shared(tmp_path, copies, database) as library:
        monkeypatch.setenv(SHARED_HOME, str(library.window.root))
        decoder = Decoder(library.address(WAV))
        blocks = decoder.blocks()
        next(blocks)
        shutil.copy(music["FLAC 96/24"], copies[WAV])
        with pytest.raises(NotServed) as raised:
            list(blocks)
        decoder.close()
    assert raised.value.trouble is ServerTrouble.FAILED


def test_no_address_but_one_below_the_server_is_asked(library: Shared) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        port = elsewhere.getsockname()[1]
        named = urlsplit(library.server.address)
        for address in (f"http://127.0.0.1:{port}/stream/1", f"http://{named.netloc}@127.0.0.1:{port}/stream/1"):
            assert trouble_of(address) is ServerTrouble.ELSEWHERE
        elsewhere.setblocking(False)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


class Pointing(BaseHTTPRequestHandler):
    """What a server may be taken over by: it points elsewhere, and notes who asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(307)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is to be said of it."""


def test_a_server_that_points_elsewhere_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = Home.resolve(tmp_path / "window")
    monkeypatch.setenv(SHARED_HOME, str(window.root))
    with ThreadingHTTPServer(("127.0.0.1", 0), Pointing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        write_server(window, Server(address, "secret"))
        assert trouble_of(f"{address}/stream/1") is ServerTrouble.ELSEWHERE
        server.shutdown()
    assert Pointing.asked == ["/stream/1"]


def test_the_certificate_that_was_accepted_is_the_only_one_that_is_good(
    tmp_path: Path, music: dict[str, Path], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shared(tmp_path, music, database, "--tls-self-signed", "--base-path", "/music") as library:
        monkeypatch.setenv(SHARED_HOME, str(library.window.root))
        address = library.address(FLAC)
        assert address.startswith("https://127.0.0.1:")
        assert urlsplit(address).path.startswith("/music/stream/")
        assert np.array_equal(decoded(address), decoded(str(library.files[FLAC])))
        known = read_server(library.window)
        assert known is not None
        write_server(library.window, replace(known, certificate=""))
        assert trouble_of(address) is ServerTrouble.STRANGE
