"""A home that the version before made opens and keeps everything: through a start, a scan and a second start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.plays import OWNER
from indexer.core.settings import SameArtist, Theme
from indexer.core.store import Database, open_database
from indexer.core.tracks import TrackId, TrackState
from indexer.scanning.scan import scan
from musicplayer.app import Application, begin, compose
from tests.integration import home_before as before
from tests.integration.home_before import HomeBefore

pytestmark = pytest.mark.database

WAIT_MS = 20_000


@pytest.fixture
def old(home: Home, database: Database, tmp_path: Path) -> HomeBefore:
    return before.make(home, database.uri, tmp_path / "music")


@pytest.fixture
def start(qapp: QApplication, home: Home, qtbot: QtBot) -> Iterator[Callable[[], Application]]:
    """Begins another run of the player on the same home, after ending the one before."""
    running: list[Application] = []

    def end() -> None:
        for each in running:
            each.window.close()
            each.shutdown()
            each.window.deleteLater()
            QCoreApplication.sendPostedEvents(each.window, QEvent.Type.DeferredDelete)
        running.clear()

    def begin_again() -> Application:
        end()
        application = compose(qapp, home)
        application.window.show()
        running.append(application)
        begin(application)
        return application

    yield begin_again
    end()


def test_a_home_of_the_version_before_opens_and_keeps_everything(
    old: HomeBefore, home: Home, database: Database, start: Callable[[], Application], qtbot: QtBot
) -> None:
    first = start()
    assert len(first.services.library.catalogue) == 6, "shown at once, from what was saved"
    with qtbot.waitSignal(first.services.library.client.connected, timeout=WAIT_MS):
        pass
    qtbot.waitUntil(lambda: not home.journal_file.exists(), timeout=WAIT_MS)
    check_player(first, old, qtbot)

    with open_database(home, uri=database.uri) as opened:
        result = scan(opened, [old.music], on_event=lambda _: None, cancelled=lambda: False)
        assert (result.new, result.moved, result.gone, result.tracks) == (0, 0, 0, 6)
        check_database(opened, old)
    check_player(first, old, qtbot)
    check_player(start(), old, qtbot)


def check_player(application: Application, old: HomeBefore, qtbot: QtBot) -> None:
    services = application.services
    catalogue, settings = services.library.catalogue, services.preferences.settings
    one, two, three, four, five, six = old.ids.values()

    def rows() -> list[int]:
        return [row for track in old.ids.values() if (row := catalogue.row_of(track)) is not None]

    qtbot.waitUntil(lambda: [catalogue.plays_of(row) for row in rows()] == [3, 0, 0, 0, 1, 1], timeout=WAIT_MS)
    assert len(catalogue) == 6
    assert [catalogue.title(row) for row in rows()] == [f"Song {number}" for number in range(6)]
    assert [catalogue.track(row).added_at for row in rows()] == [before.ADDED_AT + number for number in range(6)]
    assert catalogue.numbers("last_played")[rows()[0]] == before.PLAYED_AT
    assert (settings.theme, settings.volume, settings.same_artist) == (Theme.DARK, 37, SameArtist.HIDE)
    assert (settings.columns, settings.crossfade_seconds) == (["title", "artist", "plays"], 3.0)

    playlists = services.playlists
    assert [playlist.name for playlist in playlists.all()] == ["Évening", "Folk"]
    assert playlists.tracks(before.PLAYLIST) == [two, one, two, TrackId("f" * 32)]
    assert len(playlists.tracks(before.SMART)) == 3

    player = services.player
    assert [item.track for item in player.queue.items] == [one, two, three]
    assert (player.current, player.queue.repeat.value) == (two, "all")
    assert player.position() == pytest.approx(0.75, abs=0.3)

    qtbot.waitUntil(lambda: services.dislikes.hidden(one) == {two}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: services.dislikes.hidden(three) == {four}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: services.similar.model is not None, timeout=WAIT_MS)
    model = services.similar.model
    assert model is not None
    assert set(model.tracks()) == {one, two, three, four, five, six}
    assert services.similar.for_track(five).rows


def check_database(database: Database, old: HomeBefore) -> None:
    one, two, three, four, _, six = ids = list(old.ids.values())
    tracks = database.tracks.get(ids)
    assert [tracks[track].state for track in ids] == [TrackState.PRESENT] * 6
    assert [tracks[track].added_at for track in ids] == [before.ADDED_AT + number for number in range(6)]
    assert database.plays.counts() == {one: 3, old.ids["4 song.mp3"]: 1, six: 1}
    assert database.feedback.hidden() == {one: {two}, three: {four}}
    playlists = {playlist.id: playlist for playlist in database.playlists.of(OWNER)}
    assert len(playlists) == 3, "whoever has the desktop has what was made before there were other listeners"
    assert playlists[before.PLAYLIST].tracks == (two, one, two, "f" * 32)
    assert playlists[before.TOMBSTONE].deleted
    assert database.features.analysed("sonic:2") == set(ids)
    assert set(database.sounds.get(ids)) == set(ids)
    (folder,) = database.folders.all()
    assert (folder.path, folder.excluded) == (str(old.music), (str(old.music / "no"),))
    assert {record.path for record in database.files.all()} == {str(old.music / name) for name in old.ids}
