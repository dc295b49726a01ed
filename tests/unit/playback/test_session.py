"""The session: what plays is there again, also after the program was killed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.playback.session import Session
from tests.unit.playback.silent_backend import SilentBackend

ABC = [TrackId(name) for name in "abc"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
_tracks = st.lists(st.sampled_from("abc") | anything, max_size=5)
_numbers = st.lists(st.integers(-2, 6) | anything, max_size=5)
queue_like = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("index", "position", "stop_after"), st.integers(-2, 6) | anything),
        **dict.fromkeys(("played", "upcoming"), _numbers | anything),
        **dict.fromkeys(("tracks", "sources", "origins"), _tracks | anything),
        "repeat": st.sampled_from(["off", "all", "one"]) | anything,
        "shuffle": st.booleans() | anything,
    },
)
position_like = st.fixed_dictionaries(
    {}, optional={"track": st.sampled_from("abc") | anything, **dict.fromkeys(("seconds", "duration"), anything)}
)


class Run:
    """One run of the program, on a home that outlives it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.backend = SilentBackend()
        self.player = Player(self.backend, PlayQueue(), lambda track: Stretch(f"/{track}.mp3"))
        self.session = Session(home, self.player)
        self.said: list[str] = []
        self.session.was_cut_short.connect(lambda message, advice: self.said.append(message))
        self.odd: list[str] = []
        self.session.failed.connect(lambda message, advice: self.odd.append(advice))
        self.restored = self.session.restore()

    def saved_tracks(self) -> list[str]:
        return json.loads(self.home.session_file.read_bytes())["tracks"] if self.home.session_file.exists() else []

    def saved_seconds(self) -> float:
        path = self.home.session_file.with_name("position.json")
        return json.loads(path.read_bytes())["seconds"] if path.exists() else -1.0


@pytest.fixture
def run(home: Home, qapp: object) -> Iterator[Run]:
    made = Run(home)
    yield made
    made.session.save_now()


def test_a_first_start_restores_nothing(run: Run) -> None:
    assert not run.restored
    assert run.player.current is None


def test_a_change_is_on_disk_within_a_quarter_of_a_second_or_so(run: Run, qtbot: QtBot) -> None:
    run.player.play_tracks(ABC, 1)
    qtbot.waitUntil(lambda: run.saved_tracks() == ["a", "b", "c"], timeout=600)


def test_everything_is_back_paused_where_it_was(run: Run, qtbot: QtBot) -> None:
    run.player.play_tracks(ABC, 1)
    run.player.set_repeat(Repeat.ALL)
    run.backend.duration_changed.emit(180.0)
    run.backend.at = 61.5
    run.player.pause()
    qtbot.waitUntil(lambda: run.saved_seconds() == 61.5 and run.saved_tracks() == ["a", "b", "c"])
    again = Run(run.home)  # the first was not told to end: it was killed
    assert again.restored
    assert again.said == ["Segue ended unexpectedly the last time."]
    assert (again.player.state, again.player.current) == (PlaybackState.PAUSED, "b")
    assert (again.player.position(), again.player.duration()) == (61.5, 180.0)
    assert again.player.queue.repeat is Repeat.ALL
    assert again.backend.loaded == []
    again.player.play()
    assert again.backend.loaded == [("/b.mp3", 61.5)]
    again.session.save_now()


def test_the_position_is_saved_while_playing(run: Run, qtbot: QtBot) -> None:
    run.player.play_tracks(ABC)
    qtbot.waitUntil(lambda: run.saved_tracks() == ["a", "b", "c"])
    assert run.saved_seconds() == 0.0
    run.backend.at = 7.0
    qtbot.waitUntil(lambda: run.saved_seconds() == 7.0, timeout=4_000)


def test_a_position_of_another_track_is_not_taken(run: Run) -> None:
    run.player.play_tracks(ABC)
    run.backend.at = 50.0
    run.session.save_now()
    state = json.loads(run.home.session_file.read_bytes())
    run.home.session_file.write_text(json.dumps({**state, "index": 2}))
    again = Run(run.home)
    assert (again.player.current, again.player.position()) == ("c", 0.0)
    assert again.said == [], "it ended in order"
    again.session.save_now()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"tracks": 5}', '{"tracks": ["a"], "index": 99}'])
def test_a_damaged_session_is_no_obstacle(home: Home, qtbot: QtBot, content: str) -> None:
    home.session_file.parent.mkdir(parents=True)
    home.session_file.write_text(content)
    home.session_file.with_name("position.json").write_text('{"track": "a", "seconds": "x"}')
    again = Run(home)
    assert again.player.position() == 0.0
    again.session.save_now()


@pytest.mark.parametrize(
    ("content", "is_odd"),
    [("{", True), ("[]", True), ('{"tracks": 5}', True), ('{"tracks": ["a", 7]}', True), ('{"tracks": ["a"]}', False)],
)
def test_what_is_no_queue_is_set_aside_and_said(home: Home, qtbot: QtBot, content: str, is_odd: bool) -> None:
    home.session_file.parent.mkdir(parents=True)
    home.session_file.write_text(content)
    again = Run(home)
    aside = home.session_file.with_name("session-odd.json")
    assert aside.exists() == is_odd
    assert len(again.odd) == is_odd
    if is_odd:
        assert str(aside) in again.odd[0]
        assert aside.read_text() == content
    again.session.save_now()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=anything | queue_like, position=anything | position_like)
def test_no_session_of_anything_stops_the_start(
    tmp_path_factory: pytest.TempPathFactory, qapp: object, state: object, position: object
) -> None:
    home = Home.resolve(tmp_path_factory.mktemp("home"))
    home.session_file.parent.mkdir(parents=True, exist_ok=True)
    home.session_file.write_text(json.dumps(state))
    home.session_file.with_name("position.json").write_text(json.dumps(position))
    run = Run(home)
    assert run.player.state is not PlaybackState.PLAYING
    run.player.enqueue(ABC)
    run.session.save_now()
    assert Run(home).odd == []


def test_a_disk_that_cannot_be_written_is_told_once(home: Home, qtbot: QtBot) -> None:
    home.data.parent.mkdir(parents=True)
    home.data.write_text("a file where the folder should be")
    run = Run(home)
    failures: list[str] = []
    run.session.failed.connect(lambda message, _: failures.append(message))
    run.player.failed.connect(lambda message, _: failures.append(message))
    run.player.play_tracks(ABC)
    qtbot.waitUntil(lambda: len(failures) == 1)
    with qtbot.assertNotEmitted(run.session.failed, wait=500):
        run.player.enqueue(ABC)
    assert len(failures) == 1
    assert str(home.session_file) in failures[0]
    run.session.save_now()
