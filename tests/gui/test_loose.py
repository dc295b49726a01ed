"""Files from outside the library: played and queued as what they are, with the real window on real files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.tags.reading import identify
from indexer.core.tracks import Track, TrackId, TrackState
from musicplayer.app import Application, compose
from musicplayer.desktop.visit import Visit
from musicplayer.playback.player import Player
from musicplayer.ui.look.track_rows import Role
from musicplayer.ui.window.main_window import MainWindow
from tests.gui.conftest import Silence, track
from tests.plays import play_of
from tests.ten_formats import cover


@pytest.fixture
def song(make_tone: Callable[..., Path]) -> Path:
    path = make_tone("given/song.flac", seconds=3.0)
    tags = mutagen.File(path)
    tags["title"], tags["artist"], tags["album"] = "Far Away", "Nobody Known", "No Shelf"
    tags.save()
    return path


@pytest.fixture
def player(segue: Application) -> Player:
    return segue.services.player


@pytest.fixture
def added(segue: Application, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that were added to the library."""
    folders: list[str] = []
    monkeypatch.setattr(segue.services.jobs, "add_folder", folders.append)
    return folders


def drop(view: QListView, row: int, paths: list[Path]) -> None:
    """Let go of files of a file manager over a row of a list."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    rect = view.visualRect(view.model().index(row, 0))
    spot = rect.center() if rect.isValid() else view.viewport().rect().center()
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(spot, *rest))
    QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(spot), *rest))


def test_open_with_plays_a_file_as_what_it_is_and_adds_nothing(
    window: MainWindow, player: Player, backend: Silence, added: list[str], song: Path, qtbot: QtBot, segue: Application
) -> None:
    window.extras.desktop.receive(Visit(paths=(str(song),)))
    qtbot.waitUntil(lambda: player.current == identify(song))
    assert backend.loaded == str(song)
    assert window.windowTitle().startswith("Far Away – Nobody Known")
    assert window.transport.title.whole_text == "Far Away"
    assert "Not in the library" in window.transport.artist.whole_text
    playing = window.extras.desktop.mpris.playing()
    assert playing is not None
    assert (playing.track.title, playing.track.path) == ("Far Away", str(song))
    assert window.similar.header.title == "Far Away"
    assert "not in the library" in window.similar.page.text
    assert added == []
    assert not segue.services.jobs.is_running
    assert len(segue.services.library.catalogue) == 0


def test_the_folder_is_offered_and_not_taken(
    window: MainWindow, player: Player, added: list[str], song: Path, qtbot: QtBot
) -> None:
    window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: "not in the library" in window.shell.messages.text)
    assert window.shell.messages.action.text() == "Add this folder"
    assert added == []
    qtbot.mouseClick(window.shell.messages.action, Qt.MouseButton.LeftButton)
    assert added == [str(song.parent)]
    menu = window.shell.commands.menu([identify(song)], window)
    next(action for action in menu.actions() if action.text() == "Add this folder").trigger()
    assert added == [str(song.parent)] * 2


def test_it_comes_after_what_plays_and_the_queue_goes_on(
    window: MainWindow, segue: Application, player: Player, song: Path, tracks: list[Track], qtbot: QtBot
) -> None:
    segue.services.library.catalogue.upsert(tracks)
    player.play_tracks([tracks[0].id, tracks[1].id])
    window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: player.current == identify(song))
    assert [item.track for item in player.queue.items] == [tracks[0].id, identify(song), tracks[1].id]


def test_it_is_as_loud_as_its_tags_want_it(
    window: MainWindow, segue: Application, player: Player, song: Path, qtbot: QtBot
) -> None:
    tags = mutagen.File(song)
    tags["replaygain_track_gain"] = "-7.00 dB"
    tags.save()
    window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: player.current is not None)
    assert segue.services.gains.gain_of(identify(song)) == pytest.approx(-7.0, abs=0.01)


def test_a_copy_of_a_known_track_plays_as_that_track(
    window: MainWindow, segue: Application, player: Player, backend: Silence, song: Path, added: list[str], qtbot: QtBot
) -> None:
    library = segue.services.library
    known = track(1, id=identify(song), path="/music/elsewhere.flac", title="As the library has it")
    library.changed.emit(library.catalogue.upsert([known]))
    window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: player.current == known.id)
    assert window.transport.title.whole_text == "As the library has it"
    assert backend.loaded == known.path
    assert not window.queue.model.index(0, 0).data(Role.LOOSE)
    assert window.shell.messages.text == ""


def test_a_copy_stands_in_for_a_track_whose_drive_is_away(
    window: MainWindow, segue: Application, player: Player, backend: Silence, song: Path, qtbot: QtBot
) -> None:
    library = segue.services.library
    known = track(1, id=identify(song), state=TrackState.AWAY)
    library.changed.emit(library.catalogue.upsert([known]))
    window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: player.current == known.id)
    assert backend.loaded == str(song)


def test_files_and_folders_are_dropped_between_rows_of_the_queue(
    window: MainWindow, segue: Application, player: Player, song: Path, tracks: list[Track], qtbot: QtBot
) -> None:
    other = shutil.copy(song, song.with_name("z.wav.flac"))
    tags = mutagen.File(other)
    tags["title"] = "A copy of it"
    tags.save()
    player.enqueue([])
    drop(window.queue.list, 0, [song.parent])
    qtbot.waitUntil(lambda: len(player.queue) == 2)
    assert {item.track for item in player.queue.items} == {identify(song)}
    segue.services.library.catalogue.upsert(tracks)
    player.enqueue([tracks[0].id])
    drop(window.queue.list, 2, [song])
    qtbot.waitUntil(lambda: len(player.queue) == 4)
    index = window.queue.model.index(0, 0)
    assert index.data(Role.LOOSE)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Not in the library"
    assert index.data(Role.ARTIST) == "Nobody Known"
    assert index.data(Role.LENGTH) == "0:03"
    assert "Not in the library" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_what_is_no_music_is_told(window: MainWindow, player: Player, tmp_path: Path, qtbot: QtBot) -> None:
    letter = tmp_path / "letter.mp3"
    letter.write_text("Dear all, this is no music at all. " * 20)
    window.shell.visitors.take([str(letter)])
    qtbot.waitUntil(lambda: "letter.mp3" in window.shell.messages.text)
    assert player.current is None


def test_a_picture_is_taken_for_no_music_and_told_where_it_goes(
    window: MainWindow, player: Player, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "front.PNG").write_bytes(cover())
    window.shell.visitors.take([str(tmp_path / "front.PNG")])
    qtbot.waitUntil(lambda: "front.PNG is a picture" in window.shell.messages.text)
    assert "on the cover" in window.shell.messages.text
    assert player.current is None


def test_it_is_there_again_after_a_restart_and_then_forgotten(
    home: Home, qapp: QApplication, song: Path, qtbot: QtBot
) -> None:
    def start() -> Application:
        made = compose(qapp, home, backend=Silence())
        made.services.library.loose.load()
        made.session.restore()
        return made

    first = start()
    first.window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: first.services.player.current is not None)
    first.window.close()
    first.shutdown()
    second = start()
    assert second.window.transport.title.whole_text == "Far Away"
    assert second.window.queue.model.index(0, 0).data() == "Far Away"
    second.services.player.play()
    assert second.services.player.sound.loaded == str(song)
    second.services.player.clear()
    made = second.services.playlists.create("L", [identify(song)])
    second.window.close()
    second.shutdown()
    third = start()
    third.services.playlists.start()
    third.window.extras.playlists.places.go(made.id)
    model = third.window.extras.playlists.page.model
    shown = {model.index(0, section).data() for section in range(model.columnCount())}
    assert {"Far Away", "Nobody Known", "No Shelf", "0:03"} <= shown
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "Not in the library"
    third.services.playlists.delete(made.id)
    third.window.close()
    third.shutdown()
    assert not home.loose_file.exists()


def test_nothing_is_noted_of_what_is_heard_outside_the_library(
    window: MainWindow, segue: Application, player: Player, song: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    noted: list[TrackId] = []
    library = segue.services.library
    monkeypatch.setattr(library.client, "record_play", lambda play: noted.append(play.track))
    window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: player.current is not None)
    player.played.emit(play_of(player.current, heard=100.0, finished=True))
    assert noted == []
    library.catalogue.upsert([track(1)])
    player.played.emit(play_of(track(1).id, heard=100.0, finished=True))
    assert noted == [track(1).id]


def test_taken_into_the_library_it_is_the_same_track(
    window: MainWindow, segue: Application, player: Player, song: Path, qtbot: QtBot
) -> None:
    window.shell.visitors.take([str(song)])
    qtbot.waitUntil(lambda: player.current is not None)
    assert window.queue.model.index(0, 0).data(Role.LOOSE)
    library = segue.services.library
    taken = track(1, id=identify(song), path=str(song), root=str(song.parent), title="Far Away")
    library.changed.emit(library.catalogue.upsert([taken]))
    assert not window.queue.model.index(0, 0).data(Role.LOOSE)
    assert "Not in" not in window.transport.artist.whole_text
