"""The engine: what of the stream it takes for what is heard, and what it orders when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from indexer.core.tracks import Stretch
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.engine import FADE_IN, HEARD_OUT, Engine
from musicplayer.playback.ramp import Ramp, amplitude
from musicplayer.playback.sound import Equaliser, Upcoming
from musicplayer.playback.studio_link import SILENT_AFTER
from tests.unit.playback.silent_voice import SilentSound, SilentStudio, SilentVoice

SERVED = "http://kitchen:4849/stream/1"


@dataclass
class Stage:
    """An engine whose fades go by a clock that the test sets."""

    engine: Engine
    sound: SilentSound
    studio: SilentStudio
    clock: list[float]
    ended: list[bool] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)
    states: list[PlaybackState] = field(default_factory=list)
    measured: list[tuple[str, float]] = field(default_factory=list)

    @property
    def ramp(self) -> Ramp:
        return self.engine.findChild(Ramp)

    @property
    def voice(self) -> SilentVoice:
        return self.sound.made

    def start(self, path: str, start: float = 0.0, gain: float = 0.0) -> None:
        """As the player does, and the file opens."""
        self.engine.load(Stretch(path), start)
        self.engine.set_gain(gain)
        self.engine.play()
        if self.studio.stream:
            self.studio.open(self.studio.first)

    def prepare(self, *paths: str, overlap: float = 0.0) -> None:
        self.engine.prepare([Upcoming(Stretch(path), overlap=overlap) for path in paths])

    def follow(self, *paths: str) -> None:
        """Play these, one after the other, when the engine says that a turn has come, as the player does."""
        left = list(paths)

        def go_on() -> None:
            if left:
                self.engine.load(Stretch(left.pop(0)))
                self.engine.set_gain(0.0)
                self.engine.play()

        self.engine.ended.connect(go_on)

    def hear(self, at: float) -> None:
        self.voice.at = at
        self.engine.watch()

    def pass_time(self, seconds: float) -> None:
        for _ in range(10):
            self.clock[0] += seconds / 10
            self.ramp.step()


def made_stage() -> Stage:
    sound, studio, clock = SilentSound(), SilentStudio(), [0.0]
    stage = Stage(Engine(sound, studio=studio), sound, studio, clock)  # type: ignore[arg-type]
    stage.ramp.clock = lambda: clock[0]
    stage.engine.set_volume(80)
    stage.engine.ended.connect(lambda: stage.ended.append(True))
    stage.engine.failed.connect(lambda message, _: stage.failed.append(message))
    stage.engine.interrupted.connect(lambda message, _: stage.interrupted.append(message))
    stage.engine.state_changed.connect(stage.states.append)
    stage.engine.length_measured.connect(lambda stretch, seconds: stage.measured.append((stretch.path, seconds)))
    return stage


@pytest.fixture
def stage(qapp: object) -> Stage:
    return made_stage()


def following(stage: Stage) -> list[str]:
    return [part["path"] for part in stage.studio.following]


def test_what_was_prepared_follows_in_the_same_stream_when_it_is_heard(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b")
    stage.follow("b")
    part = stage.studio.following[0]
    stage.studio.open(part, 50.0)
    stage.studio.mark("begun", part, 100.0)
    stage.hear(99.9)
    assert stage.ended == []
    stage.hear(100.2)
    assert stage.ended == [True]
    assert (stage.engine.position(), stage.engine.duration()) == (pytest.approx(0.2), 50.0)
    assert stage.studio.begun == ["a 0"]
    assert stage.voice.calls == ["stream 1000", "play"]


def test_several_short_tracks_are_ordered_at_once_and_each_has_its_turn(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b", "c", "d")
    stage.follow("b", "c", "d")
    assert following(stage) == ["b", "c", "d"]
    for number, part in enumerate(list(stage.studio.following)):
        stage.studio.mark("begun", part, 100.0 + number)
    stage.hear(102.5)
    assert len(stage.ended) == 3
    assert stage.engine.position() == pytest.approx(0.5)
    assert stage.studio.begun == ["a 0"]


def test_the_end_of_the_last_track_is_told_once_it_was_heard_out(stage: Stage) -> None:
    stage.start("a")
    stage.studio.mark("over", stage.studio.first, 100.0)
    stage.hear(100.0)
    assert stage.ended == []
    stage.hear(100.0 + HEARD_OUT)
    assert stage.ended == [True]


def test_something_else_than_what_followed_begins_another_stream(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b")
    stage.follow("c")
    stage.studio.mark("begun", stage.studio.following[0], 100.0)
    stage.hear(100.0)
    assert stage.studio.begun == ["a 0", "c 0"]


def test_another_next_track_takes_the_place_of_one_that_has_not_begun(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b")
    stage.prepare("c")
    assert (following(stage), stage.studio.begun) == (["c"], ["a 0"])
    stage.engine.prepare(())
    assert following(stage) == []


def test_what_is_in_the_stream_and_not_to_follow_is_never_heard(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b")
    stage.studio.mark("begun", stage.studio.following[0], 100.0)
    stage.voice.at = 99.5
    stage.prepare("c")
    assert stage.studio.begun == ["a 0", "a 99.5"]
    assert following(stage) == ["c"]


def test_what_begins_in_the_stream_while_it_is_called_off_is_never_heard(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b")
    part = stage.studio.following[0]
    stage.engine.prepare(())
    stage.voice.at = 99.5
    stage.studio.mark("begun", part, 100.0)
    assert stage.studio.begun == ["a 0", "a 99.5"]


def test_gain_belongs_to_the_track_and_changes_nothing_else(stage: Stage) -> None:
    stage.engine.set_equaliser(Equaliser((2.0,) * 10, 1.0))
    stage.start("a", gain=-6.0)
    assert stage.studio.first["gain"] == pytest.approx(amplitude(-6.0))
    stage.engine.prepare([Upcoming(Stretch("b"), gain=-3.0)])
    number = stage.studio.following[0]["number"]
    stage.engine.prepare([Upcoming(Stretch("b"), gain=-4.0)])
    assert stage.studio.gains == [(number, pytest.approx(amplitude(-4.0)))]
    assert stage.voice.equaliser == Equaliser((2.0,) * 10, 1.0)


def test_a_part_of_a_file_is_ordered_as_such(stage: Stage) -> None:
    stage.engine.load(Stretch("album", 60.0, 90.0), 5.0)
    stage.engine.play()
    part = stage.studio.first
    assert (part["path"], part["start"], part["end"], part["at"]) == ("album", 60.0, 90.0, 5.0)


def test_a_length_is_measured_where_all_of_a_track_was_decoded(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b")
    stage.studio.tell("decoded", stage.studio.first, seconds=60.25)
    stage.studio.tell("decoded", stage.studio.following[0], seconds=3.5)
    assert stage.measured == [("a", 60.25), ("b", 3.5)]
    assert stage.engine.duration() == 60.25
    stage.engine.seek(50.0)
    stage.studio.tell("decoded", stage.studio.first, seconds=10.5)
    assert stage.engine.duration() == 60.5
    assert len(stage.measured) == 2, "from the middle on it is not sure"


def test_pausing_fades_and_rests_where_it_was_pressed(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.voice.at = 10.0
    stage.engine.pause()
    stage.pass_time(0.1)
    assert stage.voice.volume == pytest.approx(40, abs=1), "in even steps of the volume slider"
    stage.voice.at = 10.1
    assert stage.engine.position() == 10.0
    stage.pass_time(0.15)
    assert (stage.voice.calls[-1], stage.states[-1]) == ("unload", PlaybackState.PAUSED)
    assert stage.engine.position() == 10.0
    stage.engine.play()
    assert (stage.studio.begun[-1], stage.studio.first["fade_in"]) == ("a 10", FADE_IN)
    assert stage.voice.volume == 80


def test_play_in_the_middle_of_a_fade_takes_it_back(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.engine.pause()
    stage.pass_time(0.1)
    half = stage.voice.volume
    stage.engine.play()
    assert stage.voice.volume == half, "no jump"
    stage.pass_time(1.0)
    assert (stage.voice.volume, stage.studio.begun) == (80, ["a 0"])


def test_a_pause_without_a_fade_goes_on_in_the_stream(stage: Stage) -> None:
    stage.start("a")
    stage.engine.pause()
    stage.engine.play()
    assert stage.voice.calls == ["stream 1000", "play", "pause", "play"]
    assert stage.studio.begun == ["a 0"]


def test_a_pause_before_the_file_is_open_holds_it_back(stage: Stage) -> None:
    stage.engine.load(Stretch("a"), 7.0)
    stage.engine.play()
    stage.engine.pause()
    assert stage.engine.position() == 7.0
    stage.engine.play()
    assert stage.studio.begun == ["a 7", "a 7"]


def test_stopping_fades_and_lets_go(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.engine.stop()
    stage.engine.play()
    assert "unload" not in stage.voice.calls
    stage.pass_time(0.3)
    assert (stage.voice.calls[-1], stage.studio.begun, stage.voice.volume) == ("unload", ["a 0"], 80)
    assert stage.studio.feeds[0].closed


def test_a_track_chosen_by_hand_comes_over_the_end_of_the_other_where_tracks_cross(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=300)
    stage.start("a", gain=-2.0)
    stage.voice.at = 20.0
    stage.start("b")
    first = stage.studio.first
    assert (first["path"], first["at"], first["end"]) == ("a", 20.0, pytest.approx(20.3))
    assert [(part["path"], part["overlap"]) for part in stage.studio.following] == [("b", 0.3)]
    stage.prepare("c")
    assert following(stage) == ["b", "c"], "b is not called off by what follows it"
    stage.studio.mark("begun", stage.studio.following[0], 0.0)
    stage.hear(1.0)
    assert stage.engine.position() == pytest.approx(1.0)
    assert stage.ended == []


def test_without_crossing_a_track_chosen_by_hand_begins_at_once(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.start("b")
    assert (stage.studio.begun, stage.voice.volume) == (["a 0", "b 0"], 80)


def test_what_takes_long_to_open_is_waited_for_in_silence(stage: Stage, qtbot: QtBot) -> None:
    stage.start("a")
    stage.engine.load(Stretch("b"))
    stage.engine.play()
    qtbot.waitUntil(lambda: stage.voice.calls[-1] == "unload")
    stage.studio.open(stage.studio.first)
    assert stage.voice.calls[-2:] == ["stream 1000", "play"]


def test_jumps_begin_another_stream_there_and_at_rest_none(stage: Stage) -> None:
    stage.start("a")
    stage.prepare("b")
    stage.engine.seek(50.0)
    assert (stage.studio.begun[-1], following(stage)) == ("a 50", ["b"])
    stage.studio.open(stage.studio.first)
    stage.engine.pause()
    stage.engine.seek(20.0)
    assert (stage.engine.position(), len(stage.studio.begun)) == (20.0, 2)
    stage.engine.play()
    assert stage.studio.begun[-1] == "a 20"


def test_news_of_a_stream_before_are_no_news(stage: Stage) -> None:
    stage.start("a")
    old = {"stream": stage.studio.stream, "part": stage.studio.first["number"]}
    stage.start("b")
    stage.studio.news.emit({"news": "broken", **old, "begun": False, "unknown": False, "reason": ""})
    stage.studio.news.emit({"news": "over", **old, "frame": 0, "rate": 1})
    stage.hear(5.0)
    assert (stage.failed, stage.ended) == ([], [])


def test_what_the_decoder_does_not_know_is_played_by_vlc_itself(stage: Stage) -> None:
    stage.engine.load(Stretch("song.mod"), 3.0)
    stage.engine.set_gain(-6.0)
    stage.engine.play()
    stage.studio.tell("broken", stage.studio.first, begun=False, unknown=True, reason="")
    assert stage.voice.calls == ["load song.mod 3", "play"]
    assert stage.voice.equaliser.preamp == -6.0
    stage.engine.seek(5.0)
    assert stage.voice.calls[-1] == "seek 5"
    stage.follow("b")
    stage.voice.ended.emit()
    assert (stage.ended, stage.studio.begun[-1], stage.failed) == ([True], "b 0", [])
    stage.studio.open(stage.studio.first)
    assert stage.voice.equaliser.preamp == 0.0, "in the stream gain is in the samples"


def test_a_file_that_is_not_there_fails_with_its_name(stage: Stage) -> None:
    stage.engine.load(Stretch("/no/such/gone.flac"))
    stage.engine.play()
    stage.studio.tell("broken", stage.studio.first, begun=False, unknown=False, reason="")
    assert stage.failed == ["gone.flac is not there any more."]


def test_a_file_that_breaks_off_is_heard_as_far_as_it_goes_and_then_named(stage: Stage) -> None:
    stage.start("a")
    stage.studio.tell("broken", stage.studio.first, begun=True, unknown=False, reason="")
    stage.studio.mark("over", stage.studio.first, 12.0)
    stage.hear(11.0)
    assert stage.failed == []
    stage.hear(12.0 + HEARD_OUT)
    assert (len(stage.failed), stage.ended) == (1, [])
    assert stage.failed[0].startswith("a broke off")


AWAY = "The server at kitchen does not answer."


def test_a_track_whose_server_breaks_off_goes_on_where_it_ended_or_rests_there(stage: Stage) -> None:
    stage.start(SERVED, 30.0)
    stage.studio.tell("broken", stage.studio.first, begun=True, unknown=False, reason="", trouble="away")
    stage.studio.mark("over", stage.studio.first, 12.0)
    stage.hear(12.0)
    assert stage.studio.begun == [f"{SERVED} 30"]
    stage.hear(12.0 + HEARD_OUT)
    assert stage.studio.begun == [f"{SERVED} 30", f"{SERVED} 42"]
    assert stage.interrupted == []
    stage.studio.tell("broken", stage.studio.first, begun=False, unknown=False, reason="", trouble="away")
    assert (stage.interrupted, stage.failed, stage.ended) == ([AWAY], [], [])
    assert stage.engine.position() == pytest.approx(42.0)
    stage.engine.play()
    assert stage.studio.begun[2:] == [f"{SERVED} 42"]


def test_a_track_whose_server_refuses_the_rest_rests_where_it_was_refused(stage: Stage) -> None:
    stage.start(SERVED)
    stage.studio.tell("broken", stage.studio.first, begun=True, unknown=False, reason="", trouble="refused")
    stage.studio.mark("over", stage.studio.first, 12.0)
    stage.hear(12.0 + HEARD_OUT)
    assert stage.interrupted == ["The server at kitchen does not let this player in any more."]
    assert (stage.engine.position(), len(stage.studio.begun)) == (pytest.approx(12.0), 1)


def test_a_track_whose_server_gives_nothing_at_all_rests_where_it_was_to_begin(stage: Stage) -> None:
    stage.engine.load(Stretch(SERVED), 30.0)
    stage.engine.play()
    stage.studio.tell("stuck", stage.studio.first)
    assert (stage.studio.restarts, stage.interrupted, stage.engine.position()) == (1, [AWAY], 30.0)
    stage.engine.play()
    stage.studio.tell("broken", stage.studio.first, begun=False, unknown=False, reason="", trouble="away")
    assert (stage.interrupted, stage.failed, stage.engine.position()) == ([AWAY, AWAY], [], 30.0)


def test_a_track_that_its_server_has_not_is_passed_over_as_a_file_is(stage: Stage) -> None:
    stage.engine.load(Stretch(SERVED))
    stage.engine.play()
    stage.studio.tell("broken", stage.studio.first, begun=False, unknown=False, reason="", trouble="missing")
    stage.start(SERVED)
    stage.studio.tell("broken", stage.studio.first, begun=False, unknown=True, reason="")
    assert (len(stage.failed), stage.interrupted, stage.voice.calls.count(f"load {SERVED} 0")) == (2, [], 0)


def test_vlc_which_has_no_key_to_show_is_given_no_address(stage: Stage, qtbot: QtBot) -> None:
    stage.studio.usable = False
    stage.start(SERVED)
    qtbot.waitUntil(lambda: len(stage.failed) == 1)
    assert f"load {SERVED} 0" not in stage.voice.calls


def test_a_file_that_takes_the_decoder_down_is_named_and_not_given_to_it_again(stage: Stage, qtbot: QtBot) -> None:
    stage.start("bomb")
    stage.studio.died.emit(False)
    assert len(stage.failed) == 1
    stage.start("bomb")
    qtbot.waitUntil(lambda: len(stage.failed) == 2)
    assert stage.studio.begun == ["bomb 0"]


def test_what_is_to_follow_and_takes_the_decoder_down_fails_in_its_turn(stage: Stage, qtbot: QtBot) -> None:
    stage.start("a")
    stage.prepare("bomb")
    stage.voice.at = 95.0
    stage.studio.died.emit(False)
    assert (stage.failed, stage.studio.begun[-1], following(stage)) == ([], "a 95", [])
    stage.start("bomb")
    qtbot.waitUntil(lambda: len(stage.failed) == 1)


def test_a_file_that_gives_nothing_is_named_and_the_decoder_is_started_anew(stage: Stage) -> None:
    stage.start("a")
    stage.studio.tell("stuck", stage.studio.first)
    assert (stage.studio.restarts, len(stage.failed)) == (1, 1)


def test_a_decoder_that_stands_still_or_was_killed_is_no_fault_of_the_file_the_first_time(stage: Stage) -> None:
    stage.start("a")
    stage.studio.silence = SILENT_AFTER + 1
    stage.hear(1.0)
    assert (stage.studio.restarts, stage.failed, stage.studio.begun) == (1, [], ["a 0", "a 1"])
    stage.studio.open(stage.studio.first)
    stage.studio.silence = SILENT_AFTER + 1
    stage.hear(1.0)
    assert (stage.studio.restarts, len(stage.failed)) == (2, 1)
    stage.start("b")
    stage.studio.died.emit(True)
    assert (len(stage.failed), stage.studio.begun[-2:]) == (1, ["b 0", "b 0"])
    stage.studio.died.emit(True)
    assert len(stage.failed) == 2


def test_without_a_decoder_vlc_plays_everything(stage: Stage) -> None:
    stage.studio.usable = False
    stage.start("a")
    assert stage.voice.calls == ["load a 0", "play"]


def test_rate_output_and_closing_reach_the_voice(stage: Stage) -> None:
    stage.engine.set_rate(1.5)
    stage.engine.set_output("one")
    stage.engine.close()
    assert (stage.voice.rate, stage.voice.output, stage.voice.closed) == (1.5, "one", True)
    assert stage.sound.closed
    assert stage.studio.closed


@pytest.mark.parametrize("ask", ["stop", "pause", "play"])
def test_a_closed_engine_begins_nothing(stage: Stage, ask: str) -> None:
    stage.engine.set_fades(rest=200, skip=300)
    stage.start("a")
    stage.engine.close()
    getattr(stage.engine, ask)()
    stage.pass_time(1.0)
    assert stage.studio.begun == ["a 0"]
    assert not stage.ramp.running


_STEPS = st.lists(
    st.sampled_from(["a", "b", "c", "play", "pause", "stop", "prepare b", "prepare", "begun", "over", "wait", "seek"]),
    max_size=40,
)


def _step(stage: Stage, step: str) -> None:
    studio, engine = stage.studio, stage.engine
    if step in "abc":
        stage.start(step)
    elif step.startswith("prepare"):
        stage.prepare(*step.split()[1:], overlap=2.0)
    elif step == "begun" and studio.stream and studio.following:
        studio.mark("begun", studio.following[0], stage.voice.at + 1)
    elif step == "over" and studio.stream:
        studio.mark("over", studio.first, stage.voice.at + 1)
    elif step == "wait":
        stage.pass_time(0.1)
        stage.hear(stage.voice.at + 1.5)
    elif step == "seek":
        engine.seek(3.0)
    elif step in ("play", "pause", "stop"):
        getattr(engine, step)()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(_STEPS)
def test_whatever_happened_a_track_that_is_played_is_heard_at_full_volume(qapp: object, steps: list[str]) -> None:
    stage = made_stage()
    stage.engine.set_fades(rest=200, skip=300)
    for step in steps:
        _step(stage, step)
    stage.start("last")
    stage.pass_time(3.0)
    ordered: list[dict[str, Any]] = [stage.studio.first, *stage.studio.following]
    assert "last" in [part["path"] for part in ordered]
    assert (stage.voice.volume, stage.voice.calls[-1]) == (80, "play")
    assert stage.voice.feed is not None
