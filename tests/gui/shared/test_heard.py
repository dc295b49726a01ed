"""What a window on a shared library plays is heard, by the real studio, from the real server, which is told of it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.shared.introducing import introduce
from indexer.core.shared.server import write_server
from musicplayer.app import Application, begin
from musicplayer.playback.backend import PlaybackState

from .conftest import PASSWORD, Kitchen

pytestmark = [pytest.mark.database, pytest.mark.vlc]

WAIT_MS = 60_000
HEARD = 2.0


@pytest.fixture
def home(home: Home, kitchen: Kitchen) -> Home:
    """The home of the kitchen's library, as Bert listens to it."""
    write_server(home, introduce(kitchen.address, "bert", PASSWORD, "the window"))
    return home


@pytest.fixture
def backend() -> None:
    """What makes the sound is chosen as at every start."""


def test_a_double_click_is_heard_and_counts_for_the_listener(
    segue: Application, kitchen: Kitchen, qtbot: QtBot
) -> None:
    begin(segue)
    model, player = segue.window.library.model, segue.services.player
    qtbot.waitUntil(lambda: model.rowCount() == len(kitchen.tracks), timeout=WAIT_MS)
    table = segue.window.library.table
    table.doubleClicked.emit(table.model().index(0, 1))
    track = model.track_at(0)
    qtbot.waitUntil(lambda: player.state is PlaybackState.PLAYING and player.position() > HEARD, timeout=WAIT_MS)
    assert player.current == track
    player.next()
    [bert] = [each.id for each in kitchen.server.states[-1].listeners if each.name == "Bert"]

    def heard() -> list[str]:
        return [play.track for play in kitchen.database.plays.of(bert)]

    qtbot.waitUntil(lambda: track in heard(), timeout=WAIT_MS)
    assert list(kitchen.database.plays.of()) == []
