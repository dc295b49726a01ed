"""The place For you: shelves of a real model of taste over a real database, which change while one listens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId, Opinion, Play, PlaySource, Thumb
from indexer.core.store import Database
from indexer.core.taste.folder import forget_taste, load_taste, save_taste, taste_stamp
from indexer.core.taste.page_words import ShelfWords
from indexer.core.taste.recommending import TasteState
from indexer.core.taste.shelves import ShelfKind
from indexer.core.taste.weights import DAY
from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.discover.recommended import Recommended
from musicplayer.jobs.errands import TASTE
from musicplayer.ui.foryou.foryou_page import ForYouPage
from musicplayer.ui.foryou.shelf_rows import settled
from musicplayer.ui.foryou.shelf_view import DOWN, WHY, ShelfPart
from tests.gui.conftest import track
from tests.plays import play_of
from tests.unit.core.taste.made import made_model

ITEMS = 120
WAIT_MS = 20_000


def id_of(item: int) -> TrackId:
    return TrackId(f"{item:064x}")


@pytest.fixture
def listened() -> list[Play]:
    """Plays of one kind of music, some of them often and of late, some loved and long ago."""
    now = time.time()
    lately = [play_of(id_of(6 * number), now - number * DAY / 4) for number in range(1, 7) for _ in range(4)]
    long_ago = [play_of(id_of(6 * number + 1), now - 200 * DAY) for number in range(3) for _ in range(4)]
    return lately + long_ago


@pytest.fixture
def app(home: Home, segue: Application, database: Database, qtbot: QtBot) -> Application:
    """The window on a real database with the tracks of a made model that was built just now, nothing played yet."""
    put_model(home, datetime.now(UTC))
    database.tracks.upsert(
        [track(0, id=id_of(item), title=f"Title {item}", artist=f"Artist {item}") for item in range(ITEMS)]
    )
    segue.services.library.move_to(database.uri)
    qtbot.waitUntil(lambda: len(segue.services.library.catalogue) == ITEMS, timeout=WAIT_MS)
    segue.window.resize(1_200, 900)
    return segue


def put_model(home: Home, built_at: datetime, name: str = "made-0") -> None:
    made = made_model(items=ITEMS)
    save_taste(home, replace(made, manifest=replace(made.manifest, id=name, built_at=built_at.isoformat())))


@pytest.fixture
def page(app: Application, database: Database, listened: list[Play], qtbot: QtBot) -> ForYouPage:
    """The page with shelves on it."""
    database.plays.add(listened)
    app.window.shell.places.go("for-you")
    found = app.window.extras.foryou.page
    qtbot.waitUntil(lambda: bool(found.parts), timeout=WAIT_MS)
    return found


def recommended(app: Application) -> Recommended:
    return app.services.recommended


def part(page: ForYouPage, kind: ShelfKind) -> ShelfPart:
    return next(part for key, part in page.parts.items() if key[0] is kind)


def spot(shelf: ShelfPart, row: int, button: str) -> QPoint:
    cell = shelf.view.visualRect(shelf.model.index(row))
    return shelf.view.delegate.button_rect(cell, button).center()


class Staying(QObject):
    """Keeps the pointer over a shelf: tests share a display, where a window of another may come under the real one."""

    def __init__(self, shelf: ShelfPart) -> None:
        super().__init__(shelf)
        self._view = shelf.view
        self.stays = True
        for watched in (shelf.view, shelf.view.viewport()):
            watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        return self.stays and event.type() == QEvent.Type.Leave

    def leave(self) -> None:
        self.stays = False
        QApplication.sendEvent(self._view, QEvent(QEvent.Type.Leave))


def point_at(shelf: ShelfPart, where: QPoint) -> Staying:
    staying, viewport = Staying(shelf), shelf.view.viewport()
    nothing = Qt.MouseButton.NoButton
    there, seen = QPointF(where), QPointF(viewport.mapToGlobal(where))
    moved = QMouseEvent(QEvent.Type.MouseMove, there, seen, nothing, nothing, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, moved)
    return staying


def after_change(app: Application, act: Callable[[], object], qtbot: QtBot) -> None:
    with qtbot.waitSignal(recommended(app).changed, timeout=WAIT_MS):
        act()


@pytest.mark.database
def test_what_the_owner_plays_and_says_on_another_device_is_recommended_by(
    app: Application, database: Database, qtbot: QtBot
) -> None:
    app.window.shell.places.go("for-you")
    page = app.window.extras.foryou.page
    qtbot.waitUntil(lambda: "Play 5 more tracks" in page.empty.text, timeout=WAIT_MS)
    database.plays.add([play_of(id_of(6 * item)) for item in range(4)])
    database.plays.add([play_of(id_of(6 * item), listener=ListenerId("ann")) for item in range(4, 9)])
    qtbot.waitUntil(lambda: "Play 1 more track" in page.empty.text, timeout=WAIT_MS)
    database.opinions.save([Opinion(id_of(24), Thumb.UP, at=time.time())])
    qtbot.waitUntil(lambda: recommended(app).now.state is TasteState.READY, timeout=WAIT_MS)
    assert app.services.opinions.of(id_of(24)).thumb is Thumb.UP


@pytest.mark.database
def test_it_says_how_many_plays_are_needed_and_opens_with_the_last_of_them(app: Application, qtbot: QtBot) -> None:
    app.window.shell.places.go("for-you")
    page = app.window.extras.foryou.page
    qtbot.waitUntil(lambda: "Play 5 more tracks" in page.empty.text, timeout=WAIT_MS)
    for item in range(4):
        app.services.player.played.emit(play_of(id_of(6 * item)))
    qtbot.waitUntil(lambda: "Play 1 more track" in page.empty.text, timeout=WAIT_MS)
    app.services.opinions.set_thumb([id_of(24)], Thumb.UP)
    qtbot.waitUntil(lambda: recommended(app).now.state is TasteState.READY, timeout=WAIT_MS)
    assert page.parts


@pytest.mark.database
def test_shelves_are_played_queued_and_saved_with_where_they_came_from(
    page: ForYouPage, app: Application, database: Database
) -> None:
    shelf, player = part(page, ShelfKind.FOR_YOU), app.services.player
    shelf.view.activated_row.emit(2)
    assert player.current == shelf.model.track_at(2)
    origin = player.queue.items[2].origin
    assert (origin.source, origin.position, origin.model) == (PlaySource.FOR_YOU, 2, "made-0")
    because = part(page, ShelfKind.BECAUSE)
    because.queue_button.click()
    last = player.queue.items[-1].origin
    assert (last.seed, last.position) == (page.shelf_of(because).shelf.seed, len(because.model.tracks) - 1)  # type: ignore[union-attr]
    shelf.save_button.click()
    assert app.services.playlists.all()[-1].tracks == shelf.model.tracks
    assert "Picked for you" in app.window.shell.messages.text


@pytest.mark.database
def test_a_thumb_changes_the_shelf_and_not_what_the_pointer_is_over(
    page: ForYouPage, app: Application, qtbot: QtBot
) -> None:
    shelf = part(page, ShelfKind.FOR_YOU)
    other, pointed = shelf.model.track_at(0), shelf.model.track_at(1)
    pointer = point_at(shelf, spot(shelf, 1, DOWN))
    qtbot.waitUntil(lambda: shelf.view.pointed_row == 1)
    after_change(app, lambda: app.services.opinions.set_thumb([other], Thumb.DOWN), qtbot)
    assert other not in shelf.model.tracks
    assert shelf.model.track_at(1) == pointed, "what the pointer is over stays where it is"
    after_change(
        app, lambda: qtbot.mouseClick(shelf.view.viewport(), Qt.MouseButton.LeftButton, pos=spot(shelf, 1, DOWN)), qtbot
    )
    assert app.services.opinions.is_disliked(pointed)
    assert shelf.model.track_at(1) == pointed, "even with its thumb down, until the pointer leaves"
    assert next(iter(page.parts.values())) is shelf
    pointer.leave()
    qtbot.waitUntil(lambda: pointed not in shelf.model.tracks)


@pytest.mark.database
def test_why_is_said_beside_the_title(page: ForYouPage, app: Application, qtbot: QtBot) -> None:
    shelf = part(page, ShelfKind.FOR_YOU)
    title = f"Title {int(shelf.model.track_at(0), 16)}"
    qtbot.mouseClick(shelf.view.viewport(), Qt.MouseButton.LeftButton, pos=spot(shelf, 0, WHY))
    qtbot.waitUntil(lambda: title in shelf.about.whole_text, timeout=WAIT_MS)
    assert "Title" in shelf.about.whole_text.split(":", 1)[1]


@pytest.mark.database
def test_a_long_title_of_a_shelf_keeps_its_buttons_in_a_narrow_page(app: Application, qtbot: QtBot) -> None:
    services = app.services
    shelf = ShelfPart(services.look, services.library.track, services.opinions.of)
    qtbot.addWidget(shelf)
    shelf.show()
    words = ShelfWords("Because somebody played a track with a name that has no end at all", "An Artist")
    shelf.show_words(words)
    shelf.resize(900, shelf.height())
    qtbot.waitUntil(lambda: shelf.title.text() == words.title)
    assert shelf.about.text() == words.about
    assert shelf.minimumSizeHint().width() < 300
    shelf.resize(300, shelf.height())
    qtbot.waitUntil(lambda: shelf.title.toolTip() == words.title)
    assert shelf.save_button.geometry().right() < 300


@pytest.mark.database
def test_what_was_in_view_is_noted_once(page: ForYouPage, app: Application, database: Database, qtbot: QtBot) -> None:
    page.seen.emit()
    page.seen.emit()
    qtbot.waitUntil(lambda: bool(list(database.impressions.of(OWNER))), timeout=WAIT_MS)
    first = part(page, ShelfKind.FOR_YOU).model.tracks
    shown = [one for one in database.impressions.of(OWNER) if one.tracks == first]
    assert [(one.source, one.model) for one in shown] == [(PlaySource.FOR_YOU, "made-0")]


@pytest.mark.database
def test_many_plays_since_the_build_have_taste_learnt_anew(
    home: Home, app: Application, database: Database, listened: list[Play], qtbot: QtBot
) -> None:
    put_model(home, datetime.now(UTC) - timedelta(days=300), "older")
    database.plays.add(listened)
    with qtbot.waitSignal(app.services.learning.started, timeout=WAIT_MS) as started:
        app.window.shell.places.go("for-you")
    assert started.args == ["taste"]
    page = app.window.extras.foryou.page
    assert not page.update_button.isEnabled()
    app.services.learning.cancel()
    qtbot.waitUntil(page.update_button.isEnabled, timeout=WAIT_MS)


@pytest.mark.database
def test_only_what_was_being_learnt_of_made_up_plays_goes_with_them(home: Home, app: Application, qtbot: QtBot) -> None:
    learning, made_up = app.services.learning, app.window.extras.made_up

    def learn(name: str) -> None:
        learning.started.emit(TASTE)
        put_model(home, datetime.now(UTC), name)
        learning.done.emit(TASTE, {})

    learning.started.emit(TASTE)
    made_up.remove()
    qtbot.waitUntil(lambda: taste_stamp(home) is None, timeout=WAIT_MS)
    put_model(home, datetime.now(UTC), "in-vain")
    learning.done.emit(TASTE, {})
    assert taste_stamp(home) is None
    learn("before")
    made_up.remove()
    qtbot.waitUntil(lambda: taste_stamp(home) is None, timeout=WAIT_MS)
    learn("after")
    assert load_taste(home).version == "after"


@pytest.mark.database
def test_taste_is_learnt_again_once_there_are_plays_again(
    home: Home, app: Application, database: Database, listened: list[Play], qtbot: QtBot
) -> None:
    forget_taste(home)
    shelves = recommended(app)
    shelves.watch("test", on=True)
    for _ in range(2):
        qtbot.waitUntil(lambda: shelves.now.state is TasteState.TOO_LITTLE, timeout=WAIT_MS)
        database.plays.add(listened)
        with qtbot.waitSignal(shelves.due, timeout=WAIT_MS):
            shelves.reload()
        app.services.learning.cancel()
        database.plays.erase(OWNER)
        shelves.reload()


@pytest.mark.parametrize(
    ("shown", "wanted", "held", "result"),
    [("abc", "cba", None, "cba"), ("abc", "cab", 1, "cba"), ("abc", "xyz", 1, "xbyz"), ("abcd", "x", 2, "xac")],
)
def test_a_held_row_keeps_its_place(shown: str, wanted: str, held: int | None, result: str) -> None:
    tracks = [TrackId(letter) for letter in shown]
    found = settled(tracks, [TrackId(letter) for letter in wanted], held)
    assert "".join(found) == result
    assert held is None or found[held] == tracks[held]
    assert len(np.unique(found)) == len(found)


@pytest.mark.database
def test_the_radio_is_told_what_the_listener_likes(
    app: Application, home: Home, database: Database, listened: list[Play], qtbot: QtBot
) -> None:
    database.plays.add(listened)
    assert recommended(app).liking([id_of(6)]) is None
    app.services.radio.start([id_of(6)])
    qtbot.waitUntil(lambda: recommended(app).liking([id_of(6)]) is not None, timeout=WAIT_MS)
    liking = recommended(app).liking([id_of(6), id_of(3)])
    assert liking is not None
    assert liking[0] > liking[1]
