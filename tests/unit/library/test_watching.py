"""A burst of changes is told once; what a scan would not look at is not told at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import enumerate as enumerate_threads

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
    qtbot.waitUntil(lambda: watch.watched == (str(folder),))


def test_a_burst_is_told_once(make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path) -> None:
    watch, told = make_watch(), []
    _watching(qtbot, watch, tmp_path)
    watch.changed.connect(lambda: told.append(1))
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "album").mkdir()
        for number in range(50):
            (tmp_path / "album" / f"{number}.mp3").write_bytes(b"x")
    with qtbot.assertNotEmitted(watch.changed, wait=200):
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


def test_a_cue_sheet_is_a_change(make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path) -> None:
    watch = make_watch()
    _watching(qtbot, watch, tmp_path)
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "side.cue").write_text("TRACK 01 AUDIO")


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


def test_a_folder_that_leaves_and_comes_back_is_told_and_watched_again(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    """As one on a drive that is taken out and put in again does: another folder at the same place."""
    folder = tmp_path / "drive"
    folder.mkdir()
    watch = make_watch(look_seconds=0.1)
    _watching(qtbot, watch, folder)
    with qtbot.waitSignal(watch.changed):
        folder.rename(tmp_path / "elsewhere")
    qtbot.waitUntil(lambda: watch.watched == ())
    with qtbot.waitSignal(watch.changed):
        folder.mkdir()
    qtbot.waitUntil(lambda: watch.watched == (str(folder),))
    with qtbot.waitSignal(watch.changed):
        (folder / "a.mp3").write_bytes(b"x")


def test_a_folder_that_was_away_at_the_start_is_told_when_it_is_there(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    watch = make_watch(look_seconds=0.1)
    with qtbot.assertNotEmitted(watch.changed, wait=300):  # some looks long
        watch.watch([str(folder)])
    with qtbot.waitSignal(watch.changed):
        folder.mkdir()
    _watching(qtbot, watch, folder)


def test_a_folder_that_came_back_while_nobody_looked_is_told(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    watch = make_watch()
    with qtbot.waitSignal(watch.changed):
        watch.watch([str(tmp_path)], away={str(tmp_path)})
    with qtbot.assertNotEmitted(watch.changed, wait=400):
        watch.watch([str(tmp_path)], away={str(tmp_path)})  # a scan says so, and knows better


def _observers() -> int:
    return sum(
        "Observer" in type(thread).__name__ or "Emitter" in type(thread).__name__ for thread in enumerate_threads()
    )


def _setting_up() -> bool:
    return any(thread.name == "segue-watch" for thread in enumerate_threads())


def test_asked_twice_in_a_row_and_shut_down_at_once_it_leaves_nothing_running(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    watch = make_watch()
    watch.watch([str(folders[0])])
    watch.watch([str(folders[1]), str(folders[2])])
    watch.watch([str(folders[2])])
    qtbot.waitUntil(lambda: watch.watched == (str(folders[2]),) and not _setting_up())
    assert _observers() == 2, "an observer and its one emitter"
    watch.watch([str(folders[3])])
    watch.shutdown()
    qtbot.waitUntil(lambda: _observers() == 0)
    for _ in range(5):
        other = make_watch()
        other.watch([str(folder) for folder in folders])
        other.shutdown()
    qtbot.waitUntil(lambda: not _setting_up())
    assert _observers() == 0


def test_a_folder_that_is_watched_stays_so_when_others_come_and_go(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    watch = make_watch()
    _watching(qtbot, watch, one)
    watch.watch([str(other), str(one)])
    qtbot.waitUntil(lambda: len(watch.watched) == 2)
    watch.watch([str(one)])
    with qtbot.assertNotEmitted(watch.changed, wait=400):
        (other / "a.mp3").write_bytes(b"x")
    with qtbot.waitSignal(watch.changed):
        (one / "a.mp3").write_bytes(b"x")


def test_changes_in_two_folders_at_once_are_told_once(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    watch, told = make_watch(), []
    watch.changed.connect(lambda: told.append(1))
    watch.watch([str(folder) for folder in folders])
    qtbot.waitUntil(lambda: len(watch.watched) == 2)
    with qtbot.waitSignal(watch.changed):
        for folder in folders:
            (folder / "a.mp3").write_bytes(b"x")
    with qtbot.assertNotEmitted(watch.changed, wait=400):
        assert len(told) == 1
    for folder in folders:  # each is watched, not one for both
        with qtbot.waitSignal(watch.changed):
            (folder / "b.mp3").write_bytes(b"x")


def test_two_watches_of_one_folder_both_tell_and_end_by_themselves(
    make_watch: Callable[..., FolderWatch], qtbot: QtBot, tmp_path: Path
) -> None:
    one, other = make_watch(), make_watch()
    _watching(qtbot, one, tmp_path)
    _watching(qtbot, other, tmp_path)
    with qtbot.waitSignals([one.changed, other.changed]):
        (tmp_path / "a.mp3").write_bytes(b"x")
    one.shutdown()
    assert one.watched == ()
    assert other.watched == (str(tmp_path),)
    with qtbot.assertNotEmitted(one.changed, wait=0), qtbot.waitSignal(other.changed):
        (tmp_path / "b.mp3").write_bytes(b"x")


@pytest.mark.parametrize(
    ("path", "is_folder", "expected"),
    [("/m/a.MP3", False, True), ("/m/a.txt", False, False), ("/m/.a.mp3", False, False), ("/m/album", True, True)],
)
def test_what_matters(path: str, is_folder: bool, expected: bool) -> None:
    assert matters(path, is_folder=is_folder) == expected
