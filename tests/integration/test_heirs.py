"""A better copy comes while the real player is open, or closed: it has plays, lines, marks and the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import TrackId, TrackState
from indexer.scanning.scan import scan
from musicplayer.app import Application, begin, compose
from musicplayer.playback.backend import PlaybackState
from tests.integration.scanning.library import tracks
from tests.plays import play_of
from tests.tagged import write

pytestmark = pytest.mark.database

WAIT_MS = 20_000


@pytest.fixture
def start(qapp: QApplication, home: Home, database: Database, qtbot: QtBot) -> Iterator[Callable[[], Application]]:
    """Begins another run of the player on the same home, after ending the one before."""
    running: list[Application] = []

    def begin_again() -> Application:
        end()
        settings = Settings.load(home)
        settings.database_uri, settings.watch_folders = database.uri, False
        application = compose(qapp, home, settings=settings)
        application.window.show()
        running.append(application)
        with qtbot.waitSignal(application.services.library.client.connected, timeout=WAIT_MS):
            begin(application)
        return application

    def end() -> None:
        for each in running:
            each.window.close()
            each.shutdown()
            each.window.deleteLater()
            QCoreApplication.sendPostedEvents(each.window, QEvent.Type.DeferredDelete)
        running.clear()

    begin_again.end = end  # type: ignore[attr-defined]
    yield begin_again
    end()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "music"


def look(database: Database, root: Path) -> None:
    database.folders.add(str(root))
    scan(database, [root], on_event=lambda _: None, cancelled=lambda: False)


def present(database: Database, path: Path) -> TrackId:
    return tracks(database, TrackState.PRESENT)[str(path)].id


def lived_with(
    database: Database, root: Path, start: Callable[[], Application], qtbot: QtBot
) -> tuple[Application, Path, TrackId, TrackId, str]:
    """A player with a track that was played, is in a list and the queue, and is hidden for another."""
    old = write(root / "Single" / "01 Fjord.mp3", seconds=60.0)
    other = write(root / "Single" / "02 Other.flac", hertz=700.0, title="Other", tracknumber="2")
    look(database, root)
    segue = start()
    services = segue.services
    qtbot.waitUntil(lambda: len(services.library.catalogue) == 2, timeout=WAIT_MS)
    before, neighbour = present(database, old), present(database, other)
    services.library.client.record_play(play_of(before, heard=60.0, finished=True))
    services.dislikes.hide(neighbour, [before])
    playlist = services.playlists.create("Evening", [before, neighbour, before]).id
    services.player.play_tracks([neighbour, before, neighbour], 1)
    qtbot.waitUntil(lambda: services.player.state is PlaybackState.PLAYING, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: services.player.position() > 0.3, timeout=WAIT_MS)  # its file is open
    qtbot.waitUntil(lambda: database.plays.counts() == {before: 1}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: database.feedback.hidden() == {neighbour: {before}}, timeout=WAIT_MS)
    return segue, old, before, neighbour, playlist


def replaced(database: Database, root: Path, old: Path) -> TrackId:
    old.unlink()
    new = write(root / "Single" / "01 Fjord.flac", hertz=441.0, seconds=60.0)
    look(database, root)
    return present(database, new)


def has_all(segue: Application, track: TrackId, neighbour: TrackId, playlist: str) -> bool:
    services = segue.services
    row = services.library.catalogue.row_of(track)
    return (
        row is not None
        and services.library.catalogue.plays_of(row) == 1
        and services.playlists.tracks(playlist) == [track, neighbour, track]
        and [item.track for item in services.player.queue.items] == [neighbour, track, neighbour]
        and services.dislikes.hidden(neighbour) >= {track}
    )


def test_a_copy_that_comes_while_the_queue_plays_takes_over_and_can_be_taken_back(
    database: Database, root: Path, start: Callable[[], Application], qtbot: QtBot
) -> None:
    segue, old, before, neighbour, playlist = lived_with(database, root, start, qtbot)
    services, window = segue.services, segue.window
    position = services.player.position()
    now = replaced(database, root, old)
    qtbot.waitUntil(lambda: has_all(segue, now, neighbour, playlist), timeout=WAIT_MS)
    assert services.player.state is PlaybackState.PLAYING, "what sounds goes on"
    assert services.player.position() >= position
    assert services.player.current == now
    qtbot.waitUntil(lambda: "“Fjord” was replaced by a new copy." in window.shell.messages.text, timeout=WAIT_MS)
    for part in ("1 play", "2 playlist lines", "1 place in the queue"):
        assert part in window.shell.messages.text

    window.shell.messages.action.click()
    qtbot.waitUntil(lambda: database.plays.counts() == {before: 1}, timeout=WAIT_MS)
    # The window hears of it after the database.
    qtbot.waitUntil(lambda: services.playlists.tracks(playlist) == [before, neighbour, before], timeout=WAIT_MS)
    queue = services.player.queue
    qtbot.waitUntil(lambda: [item.track for item in queue.items] == [neighbour, before, neighbour], timeout=WAIT_MS)
    row = services.library.catalogue.row_of(now)
    assert row is not None
    qtbot.waitUntil(lambda: services.library.catalogue.plays_of(row) == 0, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: services.dislikes.hidden(neighbour) == {before}, timeout=WAIT_MS)


def test_a_copy_that_comes_while_the_player_is_closed_is_there_at_the_next_start(
    database: Database, root: Path, start: Callable[[], Application], qtbot: QtBot
) -> None:
    _, old, _, neighbour, playlist = lived_with(database, root, start, qtbot)
    start.end()  # type: ignore[attr-defined]
    now = replaced(database, root, old)
    segue = start()
    qtbot.waitUntil(lambda: has_all(segue, now, neighbour, playlist), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "was replaced by a new copy." in segue.window.shell.messages.text, timeout=WAIT_MS)
    again = start()
    qtbot.waitUntil(lambda: has_all(again, now, neighbour, playlist), timeout=WAIT_MS)
    qtbot.wait(500)  # nothing is to be said in the time in which it would be
    assert "replaced" not in again.window.shell.messages.text, "told once"
