"""A burst of changes is told once; what a scan would not look at is not told at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import watchdog.observers
from pytestqt.qtbot import QtBot

from musicplayer.library.watching import FolderWatch, matters


@pytest.fixture
def make_watch(qapp: object) -> Iterator[Callable[..., FolderWatch]]:
    made: list[FolderWatch] = []

    def make(**options: float) -> FolderWatch:
        watch = FolderWatch(quiet_ms=150, **options)  # type: ignore[arg-type]
        made.append(watch)
        return watch

    yield make
    for watch in made:
        watch.shutdown()


def _watching(qtbot: QtBot, watch: FolderWatch, folder: Path) -> None:
    watch.watch([str(folder)])
    qtbot.waitUntil(lambda: watch._observer is not None)


def test_a_burst_is_told_once(make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path) -> None:
    watch, told = make_watch(), []
    _watching(qtbot, watch, tmp_path)
    watch.changed.connect(lambda: told.append(1))
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "album").mkdir()
        for number in range(50):
            (tmp_path / "album" / f"{number}.mp3").write_bytes(b"x")
    qtbot.wait(200)
    assert len(told) == 1


def test_a_deleted_and_a_moved_file_are_told(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a.flac").write_bytes(b"x")
    (tmp_path / "b.flac").write_bytes(b"x")
    watch = make_watch()
    _watching(qtbot, watch, tmp_path)
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "a.flac").unlink()
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "b.flac").rename(tmp_path / "c.flac")


def test_reading_a_file_is_no_change(make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"x")
    watch = make_watch()
    _watching(qtbot, watch, tmp_path)
    with qtbot.assertNotEmitted(watch.changed, wait=400):
        (tmp_path / "a.mp3").read_bytes()
        (tmp_path / "notes.txt").write_text("no music")
        (tmp_path / ".hidden.mp3").write_bytes(b"x")


def test_folders_are_listed_where_they_cannot_be_watched(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(watchdog.observers.Observer):  # type: ignore[misc, valid-type]
        def schedule(self, *_: object, **__: object) -> None:  # type: ignore[override]
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watchdog.observers, "Observer", Full)
    watch = make_watch(poll_seconds=0.2)
    with qtbot.waitSignal(watch.polling) as notice:
        watch.watch([str(tmp_path)])
    assert "cannot watch" in notice.args[0]
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "a.mp3").write_bytes(b"x")


def test_a_folder_that_is_away_is_left_alone(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    watch = make_watch()
    with qtbot.assertNotEmitted(watch.polling, wait=200):
        watch.watch([str(tmp_path / "not there")])


@pytest.mark.parametrize(
    ("path", "is_folder", "expected"),
    [("/m/a.MP3", False, True), ("/m/a.txt", False, False), ("/m/.a.mp3", False, False), ("/m/album", True, True)],
)
def test_what_matters(path: str, is_folder: bool, expected: bool) -> None:
    assert matters(path, is_folder=is_folder) == expected
