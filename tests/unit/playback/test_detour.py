"""Where a queue goes on while the drive of some of its tracks is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.detour import folder_away
from musicplayer.playback.player import Player
from tests.unit.playback.silent_backend import SilentBackend


class Evening:
    """A player of tracks named d1, d2… on a drive and h1, h2… at home, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backend = SilentBackend()
        self.player = Player(self.backend, PlayQueue(), self._locate)
        self.said: list[tuple[str, str]] = []
        self.player.failed.connect(lambda message, advice: self.said.append((message, advice)))
        self.come("drive")
        self.come("home")

    @property
    def drive(self) -> str:
        return str(self.folder / "drive")

    @property
    def tried(self) -> list[str]:
        return [Path(path).stem for path, _ in self.backend.loaded]

    def come(self, name: str) -> None:
        (self.folder / name / "album").mkdir(parents=True)

    def go_away(self) -> None:
        (self.folder / "drive" / "album").rmdir()
        (self.folder / "drive").rmdir()

    def play(self, names: str, start: int = 0) -> None:
        self.player.play_tracks([TrackId(name) for name in names.split()], start)

    def _locate(self, track: TrackId) -> Stretch:
        return Stretch(str(self.folder / ("drive" if track.startswith("d") else "home") / "album" / f"{track}.mp3"))


@pytest.fixture
def evening(qapp: object, tmp_path: Path) -> Iterator[Evening]:
    evening = Evening(tmp_path)
    yield evening
    evening.player.close()


def test_what_breaks_off_waits_at_its_place_and_goes_on_there_once_the_drive_is_back(evening: Evening) -> None:
    evening.play("d1 d2 h1", 1)
    evening.backend.at = 12.5
    evening.player.look()
    evening.go_away()
    evening.backend.fail()
    player = evening.player
    assert (player.state, player.current, player.position()) == (PlaybackState.PAUSED, "d2", 12.5)
    assert [evening.drive in message for message, _ in evening.said] == [True]
    evening.come("drive")
    player.play()
    assert player.state is PlaybackState.PLAYING
    assert evening.backend.loaded[-1][1] == 12.5


def test_a_track_that_a_person_chose_is_not_passed_over(evening: Evening) -> None:
    evening.go_away()
    evening.play("h1 d1 h2")
    evening.player.jump(1)
    evening.backend.fail()
    assert (evening.player.state, evening.player.current) == (PlaybackState.PAUSED, "d1")
    evening.player.jump(2)
    assert (evening.player.state, evening.player.current) == (PlaybackState.PLAYING, "h2")


def test_music_goes_on_with_what_is_elsewhere_and_says_so_once(evening: Evening) -> None:
    evening.play("h1 d1 d2 d3 d4 d5 d6 d7 h2 d8 h3")
    evening.go_away()
    evening.backend.end()
    evening.backend.fail()
    assert evening.player.current == "h2"
    evening.backend.end()
    evening.backend.fail()
    assert evening.player.current == "h3"
    assert evening.tried == ["h1", "d1", "h2", "d8", "h3"]
    assert len(evening.said) == 1


def test_next_passes_what_is_away_too(evening: Evening) -> None:
    evening.play("h1 d1 d2 h2")
    evening.go_away()
    evening.player.next()
    evening.backend.fail()
    assert evening.player.current == "h2"


def test_where_nothing_else_comes_the_first_that_is_away_waits(evening: Evening) -> None:
    evening.play("h1 d1 d2 d3")
    evening.go_away()
    evening.backend.end()
    evening.backend.fail()
    assert (evening.player.state, evening.player.current) == (PlaybackState.PAUSED, "d1")
    assert evening.tried == ["h1", "d1"]


@pytest.mark.parametrize("shuffled", [False, True])
def test_another_round_plays_what_is_there(evening: Evening, shuffled: bool) -> None:
    evening.player.set_repeat(Repeat.ALL)
    evening.play("h1 d1")
    evening.player.set_shuffle(shuffled)
    evening.go_away()
    evening.backend.end()
    evening.backend.fail()
    assert (evening.player.state, evening.player.current) == (PlaybackState.PLAYING, "h1")


def test_the_topmost_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert folder_away(str(tmp_path / "drive" / "album" / "1.mp3")) == str(tmp_path / "drive")
    assert folder_away(str(tmp_path / "1.mp3")) is None
