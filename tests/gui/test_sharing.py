"""Sharing plays on the whole window: switched on in the settings, and from then on what is played is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.plays import Play
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.tracks import Track
from musicplayer.app import Application, begin, compose
from musicplayer.sharing.sharing import Sharing
from musicplayer.ui.settings.sharing import SharingPage
from tests.unit.sharing.listen_server import TOKEN, Answer, ListenServer, serving
from tests.unit.sharing.test_sharing import hear

WAIT_MS = 10_000


@pytest.fixture
def there() -> Iterator[ListenServer]:
    with serving() as made:
        yield made


@pytest.fixture
def page(segue: Application, qtbot: QtBot) -> SharingPage:
    segue.services.sharing.start()
    dialog = segue.window.extras.settings.dialog
    dialog.open_at("sharing")
    qtbot.waitExposed(dialog)
    return dialog.sharing


def fill_in(page: SharingPage, qtbot: QtBot, address: str, token: str) -> None:
    for box, text in ((page.address, address), (page.token, token)):
        box.clear()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Return)


def end_track(segue: Application, tracks: list[Track], number: int) -> None:
    """As the player tells it when a track was heard to its end."""
    segue.services.library.catalogue.upsert(tracks)
    played = Play(f"{number:024x}", 1_790_000_000.0 + 300 * number, track=tracks[number].id, seconds_heard=200.0)
    segue.services.player.played.emit(played)


def test_it_is_off_and_says_nothing_to_anybody(segue: Application, page: SharingPage, tracks: list[Track]) -> None:
    assert not page.on.isChecked()
    assert not page.test_button.isEnabled(), "there is no token"
    end_track(segue, tracks, 0)
    assert segue.services.sharing.waiting == 0


def test_what_is_played_is_told_from_then_on(
    segue: Application, page: SharingPage, there: ListenServer, tracks: list[Track], qtbot: QtBot
) -> None:
    fill_in(page, qtbot, there.address, TOKEN)
    end_track(segue, tracks, 0)
    page.findChild(QCheckBox, "sharing").setChecked(True)
    end_track(segue, tracks, 1)
    qtbot.waitUntil(lambda: there.titles == [tracks[1].title], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.state.text() == "No play waits to be sent.")


@pytest.mark.parametrize(
    ("token", "words"), [(TOKEN, "The server knows you as \u2068anna\u2069."), ("another", "refuses the token.")]
)
def test_the_server_is_asked_whose_token_it_is(
    page: SharingPage, there: ListenServer, token: str, words: str, qtbot: QtBot
) -> None:
    fill_in(page, qtbot, there.address, token)
    qtbot.mouseClick(page.test_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: words in page.outcome.text(), timeout=WAIT_MS)
    assert page.test_button.isEnabled()
    assert TOKEN not in page.outcome.text()


def test_what_hinders_is_said_there_and_a_refused_token_in_the_window(
    segue: Application, page: SharingPage, there: ListenServer, tracks: list[Track], qtbot: QtBot
) -> None:
    there.next.append(Answer(500))
    fill_in(page, qtbot, there.address, TOKEN)
    page.on.setChecked(True)
    end_track(segue, tracks, 0)
    qtbot.waitUntil(lambda: "takes no plays at the moment" in page.state.text(), timeout=WAIT_MS)
    assert "1 play waits to be sent." in page.state.text()
    with qtbot.waitSignal(segue.window.shell.messages.said) as said:
        fill_in(page, qtbot, there.address, "another")
    assert "refuses the token" in str(said.args)


@pytest.mark.database
def test_what_waited_goes_with_the_next_start(
    qapp: QApplication, home: Home, database: Database, there: ListenServer, qtbot: QtBot
) -> None:
    settings = Settings(
        database_uri=database.uri, sharing=True, sharing_server=there.address, sharing_token=TOKEN, watch_folders=False
    )
    hear(Sharing(home, settings), "Song")
    made = compose(qapp, home, theme="light", settings=settings)
    begin(made)
    qtbot.waitUntil(lambda: there.titles == ["Song"], timeout=WAIT_MS)
    made.window.close()
    made.shutdown()
