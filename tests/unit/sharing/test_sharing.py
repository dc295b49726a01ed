"""What is played reaches the server in its order, all of it and once, whatever server, network and player do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.plays import Play
from indexer.core.settings import Settings
from indexer.core.tracks import Track, TrackId
from musicplayer.sharing.listenbrainz import MOST_AT_ONCE, Server
from musicplayer.sharing.sharing import Sharing
from tests.conftest import REPOSITORY
from tests.unit.sharing.listen_server import TOKEN, Answer, ListenServer, serving
from tests.waiting import wait_until

RETRY = 0.02
BEGAN = 1_790_000_000
WELL = Answer(200, '{"status": "ok"}', keeps=True)
Begin = Callable[..., Sharing]


@pytest.fixture
def there() -> Iterator[ListenServer]:
    with serving() as made:
        yield made


@pytest.fixture
def settings(there: ListenServer) -> Settings:
    return Settings(sharing=True, sharing_server=there.address, sharing_token=TOKEN)


@pytest.fixture
def begin(home: Home, settings: Settings, qapp: object) -> Iterator[Begin]:
    """Starts a player's part that shares, as often as wanted."""
    made: list[Sharing] = []

    def start(first_retry: float = RETRY) -> Sharing:
        made.append(Sharing(home, settings, first_retry=first_retry))
        made[-1].start()
        return made[-1]

    yield start
    for sharing in made:
        sharing.shutdown()


def hear(sharing: Sharing, *titles: str, first: int = 0, artist: str = "Artist", finished: bool = True) -> None:
    """Play tracks of these titles to the end, the first of them as the so many-th of the day."""
    for number, title in enumerate(titles, first):
        named = {"title": title, "artist": artist, "seconds": 200.0}
        track = Track(id=TrackId(f"{number:032x}"), path="song.mp3", root="", **named)
        at = float(BEGAN + 300 * number)
        played = Play(f"{number:024x}", at, track=track.id, seconds_heard=200.0, finished=finished)
        sharing.take(played, track)


def names(number: int) -> list[str]:
    return [f"Song {each}" for each in range(number)]


def test_a_play_reaches_the_server(begin: Begin, there: ListenServer, home: Home, qtbot: QtBot) -> None:
    sharing = begin()
    hear(sharing, "One", "Two")
    qtbot.waitUntil(lambda: not sharing.waiting)
    assert there.titles == ["One", "Two"]
    assert not home.sharing_file.exists()


def test_what_nobody_foresaw_is_told_and_tried_again(
    begin: Begin, there: ListenServer, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def fail(_server: Server, _plays: Sequence[Play]) -> None:
        raise RecursionError("too deep")

    sharing = begin()
    with monkeypatch.context() as patched:
        patched.setattr(Server, "submit", fail)
        hear(sharing, "One")
        qtbot.waitUntil(lambda: sharing.trouble is not None and "too deep" in sharing.trouble.message)
    qtbot.waitUntil(lambda: not sharing.waiting)
    assert there.titles == ["One"]


def test_nothing_is_noted_down_unless_it_is_wanted(home: Home, begin: Begin, settings: Settings) -> None:
    assert not Settings().sharing
    settings.sharing = False
    hear(begin(), "One")
    assert not home.sharing_file.exists()


def test_what_does_not_count_or_has_no_name_is_not_shared(begin: Begin, there: ListenServer, home: Home) -> None:
    there.next.append(Answer(500))
    sharing = begin()
    hear(sharing, "Left early", finished=False)
    hear(sharing, "")
    hear(sharing, "Song", artist="")
    assert not home.sharing_file.exists()


def test_many_go_in_batches_after_the_first(
    begin: Begin, there: ListenServer, settings: Settings, qtbot: QtBot
) -> None:
    settings.sharing_token = ""
    hear(begin(), *names(MOST_AT_ONCE + 60))
    assert there.submissions == []
    settings.sharing_token = TOKEN
    sharing = begin()
    qtbot.waitUntil(lambda: not sharing.waiting, timeout=20_000)
    assert there.titles == names(MOST_AT_ONCE + 60)
    assert there.submissions[MOST_AT_ONCE:] == [("import", MOST_AT_ONCE), ("import", 10)]


@pytest.mark.parametrize("status", [0, 408, 429, 500, 502, 404], ids=str)
def test_what_is_not_taken_waits_and_goes_once(begin: Begin, there: ListenServer, status: int, qtbot: QtBot) -> None:
    there.next.extend([Answer(status)] * 3)
    sharing = begin()
    hear(sharing, "One", "Two")
    qtbot.waitUntil(lambda: not sharing.waiting)
    assert there.titles == ["One", "Two"]
    assert sharing.refused == 0


def test_pauses_double(begin: Begin, there: ListenServer, qtbot: QtBot) -> None:
    there.next.extend([Answer(503)] * 5)
    sharing = begin(first_retry=0.04)
    hear(sharing, "One")
    qtbot.waitUntil(lambda: not sharing.waiting)
    pauses = np.diff(there.times)
    assert len(pauses) == 5
    assert (pauses > 0.04 * 2.0 ** np.arange(5) - 0.005).all()


def test_a_server_that_died_gets_what_it_missed(home: Home, begin: Begin, settings: Settings, qtbot: QtBot) -> None:
    with serving() as first:
        port = int(first.address.split(":")[2].split("/")[0])
        settings.sharing_server = first.address
        sharing = begin()
        hear(sharing, "One")
        qtbot.waitUntil(lambda: not sharing.waiting)
    hear(sharing, "Two", first=1)
    qtbot.waitUntil(lambda: sharing.trouble is not None and sharing.trouble.code == "sharing-away")
    assert "does not answer" in sharing.trouble.message
    sharing.shutdown()
    with serving(port) as second:
        again = begin()
        hear(again, "Three", first=2)
        qtbot.waitUntil(lambda: not again.waiting)
    assert (first.titles, second.titles) == (["One"], ["Two", "Three"])


def test_nothing_is_lost_where_a_batch_was_kept_and_not_acknowledged(
    begin: Begin, there: ListenServer, settings: Settings, qtbot: QtBot
) -> None:
    there.as_maloja = True
    there.next.extend([*[WELL] * MOST_AT_ONCE, Answer(500, keeps=True)])
    wanted = names(2 * MOST_AT_ONCE + 30)
    settings.sharing_token = ""
    hear(begin(), *wanted)
    settings.sharing_token = TOKEN
    sharing = begin()
    qtbot.waitUntil(lambda: not sharing.waiting, timeout=20_000)
    assert ("import", MOST_AT_ONCE) in there.submissions
    assert there.titles == wanted


def test_one_that_is_refused_is_set_aside_and_told(
    begin: Begin, there: ListenServer, settings: Settings, home: Home, qtbot: QtBot
) -> None:
    settings.sharing_token = ""
    sharing = begin()
    hear(sharing, *names(MOST_AT_ONCE + 1))
    hear(sharing, "Bad", "Worse", first=MOST_AT_ONCE + 1, artist="Nobody")
    hear(sharing, "Last", first=MOST_AT_ONCE + 3)
    told: list[str] = []
    sharing.failed.connect(lambda message, advice: told.append(f"{message} {advice}"))
    settings.sharing_token = TOKEN
    sharing.on_setting("sharing_token")
    qtbot.waitUntil(lambda: not sharing.waiting and sharing.trouble is None, timeout=20_000)
    assert there.titles == [*names(MOST_AT_ONCE + 1), "Last"]
    assert sharing.refused == 2
    assert len(told) == 1, "the same reason is told once"
    assert all(words in told[0] for words in ("“Bad”", "Nobody is no artist", str(home.refused_plays_file)))
    assert "Worse" in home.refused_plays_file.read_text()


def test_a_token_that_is_refused_ends_it_until_there_is_another(
    begin: Begin, there: ListenServer, settings: Settings, qtbot: QtBot
) -> None:
    there.token = "the new one"
    sharing = begin()
    told: list[str] = []
    sharing.failed.connect(lambda message, _: told.append(message))
    hear(sharing, "One")
    qtbot.waitUntil(lambda: sharing.trouble is not None)
    hear(sharing, "Two", first=1)
    qtbot.wait(10 * int(1000 * RETRY))  # nothing is to happen
    assert (sharing.waiting, there.submissions) == (2, [])
    assert len(told) == 1
    assert "refuses the token" in told[0]
    settings.sharing_token = there.token
    sharing.on_setting("sharing_token")
    qtbot.waitUntil(lambda: not sharing.waiting)
    assert (there.titles, sharing.trouble) == (["One", "Two"], None)


def test_switched_off_it_sends_nothing_and_keeps_what_waits(
    begin: Begin, there: ListenServer, settings: Settings, qtbot: QtBot
) -> None:
    there.next.extend([Answer(500)] * 2)
    sharing = begin(first_retry=0.2)
    hear(sharing, "One")
    qtbot.waitUntil(lambda: len(there.submissions) == 1)
    settings.sharing = False
    sharing.on_setting("sharing")
    hear(sharing, "Off", first=1)
    qtbot.wait(300)  # longer than the pause, after which nothing is to happen
    assert (len(there.submissions), sharing.waiting) == (1, 1)
    there.next.clear()
    settings.sharing = True
    sharing.on_setting("sharing")
    qtbot.waitUntil(lambda: not sharing.waiting)
    assert there.titles == ["One"]


def test_lines_that_are_no_plays_are_set_aside(
    home: Home, settings: Settings, there: ListenServer, qtbot: QtBot
) -> None:
    home.sharing_file.parent.mkdir(parents=True, exist_ok=True)
    home.sharing_file.write_text('{"id": "?", "kind": "play"}\n')
    sharing = Sharing(home, settings)
    with qtbot.waitSignal(sharing.failed) as told:
        sharing.start()
    sharing.shutdown()
    assert "could not be understood" in told.args[0]


_PLAYER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from indexer.core.home import Home
from indexer.core.settings import Settings
from musicplayer.sharing.sharing import Sharing
from tests.unit.sharing.test_sharing import hear

application = QCoreApplication([])
home, server, token, first = Home.resolve(Path(sys.argv[1])), sys.argv[2], sys.argv[3], int(sys.argv[4])
sharing = Sharing(home, Settings(sharing=True, sharing_server=server, sharing_token=token), first_retry=0.01)
sharing.start()
for number in range(first, first + 10_000):
    hear(sharing, f"Song {number}", first=number)
    print(number, flush=True)
    time.sleep(0.01)  # plays that are sent while others come
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_player_that_is_killed_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, there: ListenServer, qtbot: QtBot, begin: Begin, home: Home
) -> None:
    there.as_maloja = True
    noted = 0
    for kept in (30, 5):
        command = [sys.executable, "-c", _PLAYER, str(home.root), there.address, TOKEN, str(noted)]
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as player:
            assert player.stdout is not None
            wait_until(lambda: len(there.listens) > noted + kept, "plays are not sent")  # noqa: B023 - called in here
            player.send_signal(signal.SIGKILL)
            noted = 1 + max(map(int, player.stdout.read().split()))
    sharing = begin()
    qtbot.waitUntil(lambda: not sharing.waiting, timeout=20_000)
    began = [listen["listened_at"] for listen in there.listens.values()]
    assert {BEGAN + 300 * number for number in range(noted)} <= set(began)
    assert began == sorted(began)
    twice = sum(number for _, number in there.submissions) - len(began)
    assert twice <= 2, "but for the one that each kill kept from being struck out"
