"""The engine of two voices: which of them does what, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.library import Stretch
from musicplayer.playback.engine import LEAD, Engine
from musicplayer.playback.ramp import Ramp
from musicplayer.playback.sound import Equaliser, Upcoming
from tests.unit.playback.silent_voices import SilentVoice, SilentVoices


@dataclass
class Stage:
    """An engine whose fades go by a clock that the test sets."""

    engine: Engine
    voices: SilentVoices
    clock: list[float]
    ended: list[bool] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def now(self) -> SilentVoice:
        return self.engine._now.voice  # type: ignore[return-value]

    @property
    def other(self) -> SilentVoice:
        return self.engine._other.voice  # type: ignore[return-value]

    def start(self, path: str, start: float = 0.0) -> None:
        self.engine.load(Stretch(path), start)
        self.engine.play()

    def near_the_end(self, left: float) -> None:
        """So many seconds are left, and the time that was waited for has come."""
        self.now.left = left
        self.engine._on_due()

    def pass_time(self, seconds: float) -> None:
        for _ in range(10):
            self.clock[0] += seconds / 10
            for channel in (self.engine._now, self.engine._other):
                channel.ramp.step()


@pytest.fixture
def stage(qapp: object) -> Stage:
    return made_stage()


def made_stage() -> Stage:
    voices = SilentVoices()
    clock = [0.0]
    stage = Stage(Engine(voices), voices, clock)
    for channel in (stage.engine._now, stage.engine._other):
        ramp: Ramp = channel.ramp
        ramp._clock = lambda: clock[0]
    stage.engine.set_volume(80)
    stage.engine.ended.connect(lambda: stage.ended.append(True))
    stage.engine.failed.connect(lambda message, _: stage.failed.append(message))
    return stage


def follow(stage: Stage, path: str) -> None:
    """Play `path` whenever the engine says that its turn has come, as the player does."""
    stage.engine.ended.connect(lambda: stage.start(path))


def test_what_was_prepared_is_not_opened_again(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b")))
    waiting = stage.other
    follow(stage, "b")
    stage.near_the_end(LEAD)
    assert stage.now is waiting
    assert waiting.calls == ["ready b 0", "play"]


def test_the_end_of_a_track_is_heard_out_when_the_next_follows_straight(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b")))
    first = stage.now
    follow(stage, "b")
    stage.near_the_end(LEAD)
    assert first.path == "a"
    first.ended.emit()
    assert first.path == ""
    assert stage.ended == [True]


def test_without_anything_prepared_the_end_is_the_real_one(stage: Stage) -> None:
    stage.start("a")
    stage.near_the_end(0.0)
    assert stage.ended == []
    stage.now.ended.emit()
    assert stage.ended == [True]


def test_an_uncertain_length_is_waited_out(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b")))
    stage.now.left = None
    stage.now.ticked.emit()
    assert not stage.engine._due.isActive()


def test_the_moment_is_waited_for_when_it_is_near_and_not_after_a_seek_back(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b")))
    stage.now.left = 0.5
    stage.now.ticked.emit()
    assert stage.engine._due.isActive()
    stage.now.left = 60.0
    stage.engine.seek(40.0)
    assert not stage.engine._due.isActive()
    stage.engine._on_due()
    assert stage.ended == []


def test_another_next_track_takes_the_place_of_the_prepared_one(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b")))
    stage.engine.prepare(Upcoming(Stretch("c")))
    assert stage.other.path == "c"
    stage.engine.prepare(None)
    assert stage.other.path == ""


def test_what_was_prepared_and_fails_disturbs_nothing(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b")))
    stage.other.failed.emit("b cannot be played.", "")
    stage.near_the_end(0.0)
    assert (stage.failed, stage.ended, stage.now.path) == ([], [], "a")
    stage.now.ended.emit()
    stage.start("b")
    assert stage.now.calls[-2:] == ["load b 0", "play"]
    stage.now.failed.emit("b cannot be played.", "")
    assert stage.failed == ["b cannot be played."]


def test_a_crossfade_keeps_the_power_and_lets_the_first_go(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b"), overlap=4.0))
    first = stage.now
    follow(stage, "b")
    stage.near_the_end(4.0)
    powers = []
    for _ in range(4):
        stage.pass_time(0.8)
        powers.append(sum(channel.ramp.level**2 for channel in (stage.engine._now, stage.engine._other)))
    assert powers == pytest.approx([1.0] * 4, abs=0.01)
    stage.pass_time(1.0)
    assert first.path == ""
    assert stage.now.volume == 80


def test_the_track_after_a_crossfade_is_prepared_once_a_voice_is_free(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b"), overlap=4.0))
    follow(stage, "b")
    stage.near_the_end(4.0)
    stage.engine.prepare(Upcoming(Stretch("c")))
    assert stage.other.path == "a"
    stage.pass_time(4.1)
    assert stage.other.path == "c"


def test_pausing_fades_and_rests_where_it_was_pressed(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.now.at = 10.0
    stage.engine.pause()
    stage.pass_time(0.1)
    assert 0 < stage.now.volume < 80
    stage.now.at = 10.1
    assert stage.engine.position() == 10.0
    stage.pass_time(0.15)
    assert stage.now.calls[-1] == "pause"
    assert (stage.now.volume, stage.now.at) == (0, 10.0)
    stage.engine.play()
    stage.pass_time(1.0)
    assert (stage.now.volume, stage.now.calls[-1]) == (80, "play")


def test_play_in_the_middle_of_a_fade_takes_it_back(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.engine.pause()
    stage.pass_time(0.1)
    half = stage.now.volume
    stage.engine.play()
    assert stage.now.volume == half, "no jump"
    stage.pass_time(1.0)
    assert stage.now.volume == 80
    assert "pause" not in stage.now.calls


def test_a_fade_goes_in_even_steps_of_the_volume_slider(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.engine.pause()
    stage.pass_time(0.1)
    assert stage.now.volume == pytest.approx(40, abs=1)


def test_a_track_that_ends_while_it_fades_to_rest_is_there_to_be_played(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.now.at = 99.9
    stage.engine.pause()
    stage.now.ended.emit()
    assert stage.ended == []
    stage.engine.play()
    assert stage.now.calls[-2:] == ["load a 99.9", "play"]
    assert stage.now.volume == 80


def test_stopping_fades_and_lets_go(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.engine.stop()
    assert stage.now.path == "a"
    stage.pass_time(0.3)
    assert stage.now.path == ""


def test_what_is_played_while_a_stop_fades_is_at_full_volume(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.engine.stop()
    stage.start("b")
    assert (stage.now.path, stage.now.volume) == ("b", 80)
    stage.pass_time(0.3)
    assert stage.other.path == ""


def test_a_track_chosen_by_hand_comes_by_a_short_fade_where_tracks_cross(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=300)
    stage.start("a")
    first = stage.now
    stage.start("b")
    assert (first.path, stage.now.volume) == ("a", 0)
    stage.pass_time(0.4)
    assert (first.path, stage.now.volume) == ("", 80)


def test_without_crossing_a_track_chosen_by_hand_begins_at_once(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    first = stage.now
    stage.start("b")
    assert (first.path, stage.now.volume) == ("", 80)


def test_gain_belongs_to_the_track_and_is_there_before_its_first_sound(stage: Stage) -> None:
    stage.engine.set_equaliser(Equaliser((2.0,) * 10, 1.0))
    stage.start("a")
    stage.engine.set_gain(-6.0)
    stage.engine.prepare(Upcoming(Stretch("b"), gain=-3.0))
    assert stage.now.equaliser == Equaliser((2.0,) * 10, -5.0)
    assert stage.other.equaliser == Equaliser((2.0,) * 10, -2.0)
    stage.engine.prepare(Upcoming(Stretch("b"), gain=-4.0))
    assert stage.other.equaliser.preamp == -3.0
    assert stage.other.calls == ["ready b 0"], "its gain changed, it did not"


def test_seeking_during_a_crossfade_moves_the_track_that_is_current(stage: Stage) -> None:
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b"), overlap=4.0))
    first = stage.now
    first.at = 96.5
    follow(stage, "b")
    stage.near_the_end(4.0)
    stage.engine.seek(50.0)
    assert (stage.now.at, first.at) == (50.0, 96.5)


def test_seeking_while_it_fades_to_rest_rests_there(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=0)
    stage.start("a")
    stage.engine.pause()
    stage.engine.seek(50.0)
    assert stage.engine.position() == 50.0
    assert "pause" in stage.now.calls


def test_rate_output_and_closing_reach_both_voices(stage: Stage) -> None:
    stage.engine.set_rate(1.5)
    stage.engine.set_output("one")
    stage.engine.close()
    assert [(voice.rate, voice.output, voice.closed) for voice in stage.voices.made] == [(1.5, "one", True)] * 2
    assert stage.voices.closed


@pytest.mark.parametrize("ask", ["stop", "pause", "play"])
def test_a_closed_engine_does_nothing_more_with_its_voices(stage: Stage, ask: str) -> None:
    stage.engine.set_fades(rest=200, skip=300)
    stage.start("a")
    stage.engine.prepare(Upcoming(Stretch("b")))
    stage.engine.close()
    before = [list(voice.calls) for voice in stage.voices.made]
    getattr(stage.engine, ask)()
    stage.pass_time(1.0)
    told = [voice.calls[len(before[number]) :] for number, voice in enumerate(stage.voices.made)]
    assert not any("unload" in call or "load" in call for calls in told for call in calls)
    assert not any(channel.ramp.running for channel in (stage.engine._now, stage.engine._other))


def test_what_was_stopped_and_fades_away_is_not_played_again(stage: Stage) -> None:
    stage.engine.set_fades(rest=200, skip=300)
    stage.start("a")
    stage.engine.stop()
    stage.engine.play()
    stage.pass_time(1.0)
    assert [voice.path for voice in stage.voices.made] == ["", ""]


_STEPS = st.lists(
    st.sampled_from(["a", "b", "c", "play", "pause", "stop", "prepare b", "prepare", "end", "over", "wait", "fail"]),
    max_size=40,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(_STEPS)
def test_whatever_happened_a_track_that_is_played_is_heard_at_full_volume(qapp: object, steps: list[str]) -> None:
    stage = made_stage()
    stage.engine.set_fades(rest=200, skip=300)
    for step in steps:
        if step in "abc":
            stage.start(step)
        elif step.startswith("prepare"):
            name = step.removeprefix("prepare").strip()
            stage.engine.prepare(Upcoming(Stretch(name), overlap=2.0) if name else None)
        elif step == "end":
            stage.near_the_end(1.0)
        elif step == "over" and stage.now.path:
            stage.now.ended.emit()
        elif step == "fail" and stage.other.path:
            stage.other.failed.emit("", "")
        elif step == "wait":
            stage.pass_time(0.1)
        elif step in ("play", "pause", "stop") and stage.now.path:
            getattr(stage.engine, step)()
    stage.start("last")
    stage.pass_time(3.0)
    assert (stage.now.path, stage.now.volume, stage.now.calls[-1]) == ("last", 80, "play")
    assert stage.other.path in ("", "b")
