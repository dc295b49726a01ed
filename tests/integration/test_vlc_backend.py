"""libVLC itself, playing into the void: every name a disk can hold, every event, every kind of file that is none.

The dummy output keeps time but drops what is buffered at the end, so a file seems about a second shorter.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback import vlc_backend
from musicplayer.playback.backend import BackendUnavailable, NullBackend, PlaybackState
from musicplayer.playback.engine import Engine
from musicplayer.playback.player import Player
from musicplayer.playback.preparing import About
from musicplayer.playback.studio_link import StudioLink
from musicplayer.playback.vlc_backend import Vlc, choose_backend
from musicplayer.playback.vlc_voice import SETTLE_MS
from tests.conftest import turn
from tests.encoders import write_module

pytestmark = pytest.mark.vlc

MakeTone = Callable[..., Path]
WAIT_MS = 8_000


@pytest.fixture
def studio(qapp: object) -> StudioLink:
    return StudioLink()


@pytest.fixture
def backend(studio: StudioLink) -> Iterator[Engine]:
    made = Engine(Vlc(), studio=studio)
    yield made
    made.close()


@pytest.mark.parametrize(
    "name",
    [
        b"with spaces.wav",
        b"#1 hit %41 50%?.wav",
        b"quotes ' and \".wav",
        "emoji 🎵 and ümläut.wav".encode(),
        b"invalid \xff\xfe utf-8.wav",
        b"new\nline.wav",
        b"semi;colon:here&there=1.wav",
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse some of these names")
def test_every_name_a_disk_can_hold_plays(backend: Engine, qtbot: QtBot, make_tone: MakeTone, name: bytes) -> None:
    path = os.path.join(os.fsencode(make_tone().parent), name)  # noqa: PTH118 - bytes have no Path
    os.replace(make_tone(), path)  # noqa: PTH105 - the same
    failures: list[str] = []
    backend.failed.connect(lambda message, _: failures.append(message))
    with qtbot.waitSignals([backend.ended, backend.duration_changed], timeout=WAIT_MS):
        backend.load(Stretch(os.fsdecode(path)))
        backend.play()
    assert failures == []


def test_position_seek_pause_and_start_are_those_of_the_file(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone
) -> None:
    with qtbot.waitSignal(backend.duration_changed, timeout=WAIT_MS) as length:
        backend.load(Stretch(str(make_tone(seconds=30))), start=5.0)
        backend.play()
    assert length.args == [pytest.approx(30.0, abs=0.1)]
    qtbot.waitUntil(lambda: backend.position() > 5.0, timeout=WAIT_MS)
    assert backend.position() < 7.0
    backend.seek(2.0)
    assert backend.position() == pytest.approx(2.0, abs=0.3)
    qtbot.waitUntil(lambda: 2.2 < backend.position() < 4.0, timeout=WAIT_MS)
    with qtbot.waitSignal(backend.state_changed, timeout=WAIT_MS) as state:
        backend.pause()
    assert state.args == [PlaybackState.PAUSED]
    resting = backend.position()
    qtbot.wait(400)  # in which it would have gone on, were it not paused
    assert backend.position() == resting
    backend.seek(20.0)
    backend.play()
    qtbot.waitUntil(lambda: backend.position() > 20.0, timeout=WAIT_MS)


def test_a_part_of_a_file_has_its_own_length_places_and_end(backend: Engine, qtbot: QtBot, make_tone: MakeTone) -> None:
    lengths: list[float] = []
    backend.duration_changed.connect(lengths.append)
    backend.load(Stretch(str(make_tone(seconds=30)), 10.0, 13.0), 1.0)
    backend.play()
    qtbot.waitUntil(lambda: 1.0 < backend.position() < 2.0, timeout=WAIT_MS)
    with qtbot.waitSignal(backend.ended, timeout=WAIT_MS):
        backend.seek(2.0)
    assert lengths[-1] == pytest.approx(3.0, abs=0.1)


def test_a_pause_taken_back_at_once_leaves_the_music_playing(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone
) -> None:
    path = str(make_tone(seconds=30))
    player = Player(backend, PlayQueue(), lambda _: Stretch(path))
    player.play_tracks([TrackId("1" * 32)])
    qtbot.waitUntil(lambda: player.position() > 0.2, timeout=WAIT_MS)
    player.toggle()
    player.toggle()
    at = player.position() + 2 * SETTLE_MS / 1_000
    qtbot.waitUntil(lambda: player.position() > at + 0.3, timeout=WAIT_MS)
    assert player.state is PlaybackState.PLAYING


@pytest.mark.parametrize(
    "content", [b"", b"This is text. " * 500, bytes(range(256)) * 100], ids=["empty", "text", "noise"]
)
def test_a_file_that_is_no_audio_fails_with_its_name(
    backend: Engine, qtbot: QtBot, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "not really.mp3"
    path.write_bytes(content)
    with qtbot.waitSignal(backend.failed, timeout=WAIT_MS) as failed:
        backend.load(Stretch(str(path)))
        backend.play()
    message, advice = failed.args or ["", ""]
    assert "not really.mp3" in message
    assert advice


def test_a_file_that_is_gone_fails_with_its_name_and_what_to_do(backend: Engine, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(backend.failed, timeout=WAIT_MS) as failed:
        backend.load(Stretch(str(tmp_path / "gone.flac")))
        backend.play()
    assert failed.args == [
        "gone.flac is not there any more.",
        "Mount its drive, or rescan the library if the file was moved.",
    ]


def test_the_volume_set_before_playing_holds_for_every_file(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vlc

    given: list[int] = []
    real = vlc.MediaPlayer.audio_set_volume
    monkeypatch.setattr(
        vlc.MediaPlayer, "audio_set_volume", lambda player, volume: given.append(volume) or real(player, volume)
    )
    backend.set_volume(33)
    for name in ("one.wav", "two.wav"):
        with qtbot.waitSignal(backend.state_changed, timeout=WAIT_MS):
            backend.load(Stretch(str(make_tone(name))))
            backend.play()
    assert set(given) == {33}, "before the output opens, and once it is open, which may have a volume of its own"


def test_stopping_is_not_the_end_of_a_track(backend: Engine, qtbot: QtBot, make_tone: MakeTone) -> None:
    with qtbot.waitSignal(backend.state_changed, timeout=WAIT_MS):
        backend.load(Stretch(str(make_tone(seconds=10))))
        backend.play()
    with qtbot.assertNotEmitted(backend.ended, wait=300), qtbot.assertNotEmitted(backend.failed):
        backend.stop()


def test_loading_in_a_hurry_plays_only_the_last_file(backend: Engine, qtbot: QtBot, make_tone: MakeTone) -> None:
    files = [make_tone(f"{number}.wav", seconds=2 + number) for number in range(12)]
    for file in files:
        backend.load(Stretch(str(file)))
        backend.play()
    qtbot.waitUntil(lambda: backend.duration() == pytest.approx(13.0, abs=0.1), timeout=WAIT_MS)
    with qtbot.assertNotEmitted(backend.ended, wait=500):
        qtbot.waitUntil(lambda: backend.position() > 0.2, timeout=WAIT_MS)


def test_the_player_goes_through_a_queue_with_a_bad_file_in_it(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone, tmp_path: Path
) -> None:
    (tmp_path / "bad.mp3").write_bytes(b"no audio " * 100)
    paths = {"a": make_tone("a.wav"), "bad": tmp_path / "bad.mp3", "b": make_tone("b.wav")}
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
    seen: list[str] = []
    failures: list[str] = []
    player.track_changed.connect(seen.append)
    player.failed.connect(lambda message, _: failures.append(message))
    player.play_tracks([TrackId("a"), TrackId("bad"), TrackId("b")])
    qtbot.waitUntil(lambda: seen[-1] == "b" and player.state is PlaybackState.STOPPED, timeout=3 * WAIT_MS)
    assert seen == ["a", "bad", "b"]
    assert len(failures) == 1
    assert "bad.mp3" in failures[0]


def test_the_next_track_follows_in_the_stream_though_its_file_is_gone_by_then(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone
) -> None:
    paths = {"a": make_tone("a.ogg", seconds=3), "b": make_tone("b.flac", seconds=3)}
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
    failures: list[str] = []
    lengths: dict[str, float] = {}
    player.failed.connect(lambda message, _: failures.append(message))
    player.length_measured.connect(lengths.__setitem__)
    player.play_tracks([TrackId("a"), TrackId("b")])
    qtbot.waitUntil(lambda: "b" in lengths, timeout=WAIT_MS)
    assert player.current == "a"
    if sys.platform != "win32":
        paths["b"].unlink()  # all of it is decoded already
    qtbot.waitUntil(lambda: player.current == "b", timeout=WAIT_MS)
    assert player.duration() == pytest.approx(3.0, abs=0.001)
    qtbot.waitUntil(lambda: player.position() > 0.5, timeout=WAIT_MS)
    assert failures == []
    assert lengths == {"a": pytest.approx(3.0, abs=0.001), "b": pytest.approx(3.0, abs=0.001)}


def test_a_prepared_file_that_is_no_audio_disturbs_nothing_and_is_reported_in_its_turn(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone, tmp_path: Path
) -> None:
    (tmp_path / "empty.mp3").write_bytes(b"")
    paths = {"a": make_tone("a.wav", seconds=2.5), "bad": tmp_path / "empty.mp3", "b": make_tone("b.wav")}
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
    failures: list[tuple[object, str]] = []
    heard: list[tuple[str, bool]] = []
    player.failed.connect(lambda message, _: failures.append((player.current, message)))
    player.played.connect(lambda play: heard.append((play.track, play.finished)))
    player.play_tracks([TrackId("a"), TrackId("bad"), TrackId("b")])
    qtbot.waitUntil(lambda: player.current == "b", timeout=WAIT_MS)
    assert [current for current, _ in failures] == ["bad"]
    assert heard == [("a", True)]


def test_tracks_of_different_albums_overlap(backend: Engine, qtbot: QtBot, make_tone: MakeTone) -> None:
    paths = {"a": make_tone("a.wav", seconds=7), "b": make_tone("b.wav", seconds=7)}
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
    player.set_fades(100, 2.0)
    player.play_tracks([TrackId("a"), TrackId("b")])
    left: list[float] = []
    last: list[float] = [0.0]
    player.position_changed.connect(lambda at: last.append(at) if player.current == "a" else None)
    player.track_changed.connect(lambda track: left.append(7.0 - max(last)) if track == "b" else None)
    player.seek(4.0)
    qtbot.waitUntil(lambda: player.current == "b" and player.position() > 0.2, timeout=WAIT_MS)
    assert left == [pytest.approx(2.0, abs=0.5)]
    player.seek(1.0)
    assert player.position() == pytest.approx(1.0, abs=0.2)


def test_a_faded_pause_rests_where_it_was_pressed(backend: Engine, qtbot: QtBot, make_tone: MakeTone) -> None:
    path = str(make_tone(seconds=30))
    player = Player(backend, PlayQueue(), lambda _: Stretch(path))
    player.set_fades(200, 0.0)
    player.play_tracks([TrackId("a")])
    qtbot.waitUntil(lambda: player.position() > 0.5, timeout=WAIT_MS)
    player.pause()
    pressed = player.position()
    qtbot.wait(400)  # in which the fade ends, and it would have gone on
    assert player.position() == pressed
    player.play()
    qtbot.waitUntil(lambda: player.position() > pressed + 0.3, timeout=WAIT_MS)
    assert player.position() < pressed + 2.0


def test_hammering_next_and_previous_ends_at_the_right_track(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone
) -> None:
    files = [str(make_tone(f"{number}.wav", seconds=3 + number)) for number in range(3)]
    player = Player(backend, PlayQueue(), lambda track: Stretch(files[int(track) % 3]))
    player.set_fades(200, 3.0)
    player.play_tracks([TrackId(str(number)) for number in range(60)])
    for _ in range(50):
        player.next()
        turn(qtbot)
    for _ in range(9):
        player.previous()
    assert player.queue.index == 41
    qtbot.waitUntil(lambda: player.position() > 0.3, timeout=WAIT_MS)
    assert player.duration() == pytest.approx(3 + 41 % 3, abs=0.1)


@pytest.mark.skipif(sys.platform == "win32", reason="no process there is told how it ended")
def test_what_crashes_the_decoder_is_named_and_the_music_goes_on(
    backend: Engine, studio: StudioLink, qtbot: QtBot, make_tone: MakeTone
) -> None:
    paths = {"a": make_tone("bomb.wav", seconds=30), "b": make_tone("b.wav", seconds=30)}
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
    failures: list[str] = []
    player.failed.connect(lambda message, _: failures.append(message))
    player.play_tracks([TrackId("a"), TrackId("b")])
    qtbot.waitUntil(lambda: player.position() > 0.3, timeout=WAIT_MS)
    assert studio.process_id is not None
    os.kill(studio.process_id, signal.SIGSEGV)
    qtbot.waitUntil(lambda: player.current == "b" and player.position() > 0.3, timeout=5 * WAIT_MS)
    assert len(failures) == 1
    assert "bomb.wav" in failures[0]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing stops a process there and lets it be")
@pytest.mark.parametrize("blow", ["SIGKILL", "SIGSTOP"])
def test_where_the_decoder_is_killed_or_stopped_from_outside_the_track_goes_on_where_it_was(
    backend: Engine, studio: StudioLink, qtbot: QtBot, make_tone: MakeTone, blow: str
) -> None:
    """As the system does when it is short of memory: no file is to blame."""
    path = make_tone("innocent.wav", seconds=60)
    player = Player(backend, PlayQueue(), lambda _: Stretch(str(path)))
    failures: list[str] = []
    player.failed.connect(lambda message, _: failures.append(message))
    player.play_tracks([TrackId("a")])
    player.seek(10.0)
    qtbot.waitUntil(lambda: player.position() > 10.3, timeout=WAIT_MS)
    process = studio.process_id
    assert process is not None
    os.kill(process, signal.Signals[blow])
    qtbot.waitUntil(lambda: studio.process_id not in (process, None), timeout=5 * WAIT_MS)
    begun = player.position()
    assert 10.0 < begun < 30.0
    qtbot.waitUntil(lambda: player.position() > begun + 0.5, timeout=WAIT_MS)
    assert (failures, player.current) == ([], "a")


def test_dozens_of_very_short_tracks_that_follow_at_once_are_all_heard(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone
) -> None:
    paths = {f"{number}": make_tone(f"{number}.flac", seconds=0.15) for number in range(60)}
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
    player.ask(About(length_of=lambda _: 0.15))
    failures: list[str] = []
    heard: list[TrackId] = []
    player.failed.connect(lambda message, _: failures.append(message))
    player.track_changed.connect(heard.append)
    player.play_tracks([TrackId(track) for track in paths])
    qtbot.waitUntil(lambda: len(heard) >= 30 or bool(failures), timeout=5 * WAIT_MS)
    assert failures == []
    assert heard[:30] == list(paths)[:30]


@pytest.mark.skipif(sys.platform == "win32", reason="a disk there has no named pipes")
def test_a_named_pipe_is_no_file_to_wait_for(backend: Engine, qtbot: QtBot, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.flac")
    with qtbot.waitSignal(backend.failed, timeout=WAIT_MS) as failed:
        backend.load(Stretch(str(tmp_path / "pipe.flac")))
        backend.play()
    assert "pipe.flac" in (failed.args or [""])[0]


def test_what_the_decoder_cannot_read_vlc_plays_by_itself_between_others(
    backend: Engine, qtbot: QtBot, make_tone: MakeTone, tmp_path: Path
) -> None:
    paths = {"a": make_tone("a.wav", seconds=2), "module": write_module(tmp_path / "m.mod"), "b": make_tone("b.wav")}
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
    seen: list[str] = []
    failures: list[str] = []
    player.track_changed.connect(seen.append)
    player.failed.connect(lambda message, _: failures.append(message))
    player.play_tracks([TrackId("a"), TrackId("module"), TrackId("b")])
    qtbot.waitUntil(lambda: seen[-1] == "b" and player.position() > 0.3, timeout=3 * WAIT_MS)
    assert (seen, failures) == (["a", "module", "b"], [])


def test_where_no_descriptor_can_be_handed_over_vlc_asks_for_the_samples(
    qapp: object, qtbot: QtBot, make_tone: MakeTone
) -> None:
    backend = Engine(Vlc(), studio=StudioLink(hands_over=False))
    try:
        paths = {"a": make_tone("a.flac", seconds=2.5), "b": make_tone("b.wav", seconds=2.5)}
        player = Player(backend, PlayQueue(), lambda track: Stretch(str(paths[track])))
        seen: list[str] = []
        player.track_changed.connect(seen.append)
        player.play_tracks([TrackId("a"), TrackId("b")])
        qtbot.waitUntil(lambda: player.position() > 0.5, timeout=WAIT_MS)
        player.seek(1.5)
        qtbot.waitUntil(lambda: player.state is PlaybackState.STOPPED, timeout=2 * WAIT_MS)
        assert seen == ["a", "b"]
    finally:
        backend.close()


def test_closing_leaves_no_process(qapp: object, qtbot: QtBot, make_tone: MakeTone) -> None:
    studio = StudioLink()
    backend = Engine(Vlc(), studio=studio)
    assert studio.process_id is not None
    process = psutil.Process(studio.process_id)
    backend.load(Stretch(str(make_tone(seconds=30))))
    backend.play()
    qtbot.waitUntil(lambda: backend.position() > 0.2, timeout=WAIT_MS)
    backend.close()
    assert not process.is_running()
    assert studio.process_id is None


def test_it_plays_as_fast_as_it_is_told(backend: Engine, qtbot: QtBot, make_tone: MakeTone) -> None:
    backend.set_rate(2.0)
    backend.load(Stretch(str(make_tone(seconds=30))))
    backend.play()
    qtbot.waitUntil(lambda: backend.position() > 0.3, timeout=WAIT_MS)
    at = backend.position()
    qtbot.wait(1_000)  # of the time that everyone has
    assert backend.position() - at == pytest.approx(2.0, abs=0.5)


def test_vlc_has_presets_and_ten_bands(backend: Engine) -> None:
    presets = {preset.name: preset.equaliser for preset in backend.presets()}
    assert {"Rock", "Classical", "Full bass"} <= set(presets)
    assert presets["Flat"].bands == (0.0,) * 10
    assert abs(presets["Flat"].preamp) < 0.1, "which leaves the sound as it is"
    assert len(backend.frequencies()) == 10
    assert all(output.name for output in backend.outputs())


def test_without_libvlc_the_application_gets_a_backend_that_says_so(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(_: str) -> None:
        raise OSError("libvlc.so.5: cannot open shared object file")

    monkeypatch.setattr(vlc_backend.importlib, "import_module", absent)
    backend = choose_backend()
    assert isinstance(backend, NullBackend)
    assert "VLC was not found" in backend.reason.message
    assert "apt install" in backend.reason.advice


def test_without_plugins_vlc_does_not_start(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    import vlc

    monkeypatch.setattr(vlc, "Instance", lambda _: None)
    with pytest.raises(BackendUnavailable) as error:
        Vlc()
    assert "could not be started" in error.value.message


def test_a_late_timer_finds_nothing_to_crash_on(qapp: object) -> None:
    """What is asked of a voice after it was closed does nothing."""
    from musicplayer.playback.vlc_backend import Vlc

    voices = Vlc()
    voice = voices.voice(qapp)  # type: ignore[arg-type]
    voice.close()
    voice.unload()
    voice.set_volume(50)
    voice.load(Stretch("/nowhere.flac"))
    voice.play()
    assert voice.position() == 0.0
    voice.close()
    voices.close()
