from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.more_like import SimilarAnswer, SimilarState
from indexer.core.discover.selection import SimilarRow
from indexer.core.errors import SegueError
from indexer.core.events import Notice
from indexer.core.follow.changes import LibraryCounts
from indexer.core.home import Home
from indexer.core.tracks import Track, TrackId
from musicplayer.discover.similar import Similar
from musicplayer.playback.player import Player
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.mime import tracks_to_mime
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.similar.similar_dock import SimilarDock

COPY = Qt.DropAction.CopyAction


class Answering(Similar):
    """The real object, answering what the test sets instead of asking a model file."""

    answer = SimilarAnswer(TrackId(""), SimilarState.LOADING)

    def for_track(self, seed: TrackId, k: int = 30) -> SimilarAnswer:
        return SimilarAnswer(seed, self.answer.state, self.answer.rows, self.answer.remark)


@pytest.fixture
def queue(player: Player, catalogue: Catalogue, commands: TrackCommands, look: Look, qtbot: QtBot) -> QueueDock:
    made = QueueDock(player, catalogue, commands, look)
    player.track_changed.connect(made.on_track)
    qtbot.addWidget(made)
    made.resize(340, 500)
    made.show()
    return made


@pytest.fixture
def similar(home: Home, catalogue: Catalogue, qapp: QApplication) -> Answering:
    made = Answering(home, "sonic", catalogue)
    yield made
    made.shutdown()


@pytest.fixture
def panel(
    similar: Answering,
    catalogue: Catalogue,
    commands: TrackCommands,
    look: Look,
    qtbot: QtBot,
) -> SimilarDock:
    def track_of(wanted: TrackId) -> Track | None:
        row = catalogue.row_of(wanted)
        return None if row is None else catalogue.track(row)

    made = SimilarDock(similar, catalogue, track_of, commands, look)
    qtbot.addWidget(made)
    made.resize(340, 600)
    made.show()
    return made


def queued(player: Player) -> list[TrackId]:
    return [item.track for item in player.queue.items]


def ready(tracks: list[Track], *numbers: int) -> SimilarAnswer:
    rows = tuple(SimilarRow(tracks[number].id, 0.9 - number / 100, 0.1) for number in numbers)
    return SimilarAnswer(tracks[0].id, SimilarState.READY, rows)


def test_queue_model_keeps_qts_rules(
    queue: QueueDock, player: Player, tracks: list[Track], qtmodeltester: ModelTester
) -> None:
    player.enqueue([track.id for track in tracks[:6]])
    qtmodeltester.check(queue.model)
    player.move([0, 2], 5)
    player.remove([1])
    qtmodeltester.check(queue.model)


def test_dropping_within_the_queue_reorders_and_keeps_the_selection(
    queue: QueueDock, player: Player, tracks: list[Track]
) -> None:
    ids = [track.id for track in tracks[:4]]
    player.enqueue(ids)
    queue.list.setCurrentIndex(queue.model.index(0, 0))
    data = queue.model.mimeData([queue.model.index(0, 0)])
    assert queue.model.dropMimeData(data, COPY, 3, 0, QModelIndex())
    assert queued(player) == [ids[1], ids[2], ids[0], ids[3]]
    assert queue.selected_tracks() == [ids[0]]


def test_tracks_dropped_with_the_mouse_land_in_the_queue(queue: QueueDock, player: Player, tracks: list[Track]) -> None:
    data = tracks_to_mime([tracks[9].id])
    held, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(queue.empty, QDragEnterEvent(QPoint(40, 40), COPY, data, held, keys))
    QApplication.sendEvent(queue.empty, QDropEvent(QPointF(40, 40), COPY, data, held, keys))
    assert queued(player) == [tracks[9].id]


def test_rubbish_dropped_on_the_queue_changes_nothing(queue: QueueDock, player: Player) -> None:
    data = tracks_to_mime([])
    data.setData("application/x-segue-queue-rows", b"{broken")
    assert not queue.model.dropMimeData(data, COPY, 0, 0, QModelIndex())
    assert queued(player) == []


def test_delete_removes_and_undo_brings_back(
    queue: QueueDock, player: Player, tracks: list[Track], qtbot: QtBot
) -> None:
    ids = [track.id for track in tracks[:3]]
    player.enqueue(ids)
    queue.list.setCurrentIndex(queue.model.index(1, 0))
    queue.remove_selected()
    assert queued(player) == [ids[0], ids[2]]
    qtbot.mouseClick(queue.clear_button, Qt.MouseButton.LeftButton)
    assert queued(player) == []
    qtbot.mouseClick(queue.undo_button, Qt.MouseButton.LeftButton)
    assert queued(player) == [ids[0], ids[2]]


def test_the_header_tells_the_total_and_a_double_click_jumps(
    queue: QueueDock, player: Player, tracks: list[Track], qtbot: QtBot
) -> None:
    player.enqueue([track.id for track in tracks[:3]])
    assert queue.title_bar.note == "3 tracks · 5 min"
    spot = queue.list.visualRect(queue.model.index(2, 0)).center()
    qtbot.mouseClick(queue.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseDClick(queue.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert player.current == tracks[2].id


def test_the_queue_and_the_table_write_a_length_alike(queue: QueueDock, player: Player, catalogue: Catalogue) -> None:
    from indexer.core.catalogue.shown import Column
    from musicplayer.ui.look.track_rows import Role

    from .conftest import track

    catalogue.upsert([track(60, seconds=28.7)])
    player.enqueue([track(60).id])
    row = catalogue.row_of(track(60).id)
    assert row is not None
    assert queue.model.index(0, 0).data(Role.LENGTH) == catalogue.text(row, Column.LENGTH) == "0:29"


def test_similar_model_keeps_qts_rules(
    panel: SimilarDock, similar: Answering, tracks: list[Track], qtmodeltester: ModelTester
) -> None:
    similar.answer = ready(tracks, 1, 2, 3)
    panel.set_playing(tracks[0].id)
    qtmodeltester.check(panel.model)


def test_the_panel_names_its_seed_and_the_plus_of_a_row_queues_it(
    panel: SimilarDock, similar: Answering, player: Player, tracks: list[Track], qtbot: QtBot
) -> None:
    similar.answer = ready(tracks, 1, 2, 3)
    panel.set_playing(tracks[0].id)
    assert panel.header.title == tracks[0].title
    box = panel.list.visualRect(panel.model.index(1, 0))
    spot = panel.delegate.button_rect(box).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert queued(player) == [tracks[2].id]
    qtbot.mouseClick(panel.all_button, Qt.MouseButton.LeftButton)
    assert queued(player) == [tracks[number].id for number in (2, 1, 2, 3)]


def test_a_chosen_seed_stays_until_the_pin_is_released(
    panel: SimilarDock, similar: Answering, tracks: list[Track]
) -> None:
    similar.answer = ready(tracks, 1)
    panel.set_playing(tracks[0].id)
    panel.choose(tracks[5].id)
    panel.set_playing(tracks[2].id)
    assert panel.seed == tracks[5].id
    panel.header.pinned.emit(False)
    assert panel.seed == tracks[2].id


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (SimilarAnswer(TrackId(""), SimilarState.LOADING, remark=Notice("similar-loading")), "Getting ready…"),
        (
            SimilarAnswer(
                TrackId(""),
                SimilarState.NOT_ANALYSED,
                remark=Notice("similar-not-yet", {"analysed": 3, "tracks": 30}),
            ),
            "Not analysed yet: 3 of 30 done.",
        ),
        (
            SimilarAnswer(
                TrackId(""), SimilarState.NO_MODEL, remark=SegueError("model-damaged", folder="/home/me/models")
            ),
            "The similarity model in /home/me/models is damaged. Choose Library › Rebuild index to make it anew.",
        ),
    ],
)
def test_the_panel_says_why_it_is_empty(
    panel: SimilarDock, similar: Answering, tracks: list[Track], answer: SimilarAnswer, words: str
) -> None:
    assert "Nothing is playing" in panel.page.text
    similar.answer = answer
    panel.set_counts(LibraryCounts(30, 3, 0))
    panel.set_playing(tracks[0].id)
    assert panel.page.isVisible()
    assert words in panel.page.text
    assert panel.rebuild_button.isVisible() == (answer.state is SimilarState.NO_MODEL)
