"""The cover of what plays, as a file for others."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from indexer.core.tracks import Track, TrackId
from musicplayer.desktop import cover_file
from musicplayer.desktop.cover_file import SIZE, CoverFile, write_cover
from musicplayer.library.artwork import drawn_cover


def track(number: int) -> Track:
    return Track(id=TrackId(f"{number:032x}"), path=f"/nowhere/{number}.mp3", root="/", album=f"Album {number}")


def test_a_track_has_a_cover_file_and_the_same_one_twice(qapp: object, tmp_path: Path) -> None:
    path = write_cover(drawn_cover(track(1), SIZE), tmp_path / "playing")
    assert QImage(str(path)).width() == SIZE
    assert write_cover(drawn_cover(track(1), SIZE), tmp_path / "playing") == path
    assert write_cover(drawn_cover(track(2), SIZE), tmp_path / "playing") != path


def test_files_of_long_ago_are_dropped(qapp: object, tmp_path: Path) -> None:
    written = [write_cover(drawn_cover(track(number), SIZE), tmp_path / "playing") for number in range(9)]
    left = sorted((tmp_path / "playing").iterdir())
    assert len(left) == cover_file.KEPT + 1
    assert written[-1] in left


def test_only_the_track_asked_for_last_is_reported(qtbot: QtBot, tmp_path: Path) -> None:
    covers = CoverFile(tmp_path / "playing", tmp_path)
    heard: list[TrackId] = []
    covers.ready.connect(lambda wanted, _: heard.append(wanted))
    with qtbot.waitSignal(covers.ready):
        for number in range(5):
            covers.request(track(number))
    covers.shutdown()
    assert heard == [track(4).id]
