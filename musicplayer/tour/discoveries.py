"""More steps of the tour: queue by hand, playlist, radio, journey, map, sound, settings, indexing."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

from indexer.core.tracks import TrackId
from musicplayer.tour.eyes import PLAY_SECONDS, Eyes
from musicplayer.tour.hands import check, click, click_row, pick, rest, wait_until
from musicplayer.tour.stage import Stage, Step
from musicplayer.ui.similar.similar_rows import SimilarRole

_WHY_SECONDS = 15
_RADIO_SECONDS = 10
_JOURNEY_SECONDS = 20
_MAP_SECONDS = 20
_AHEAD = 5


class Discoveries:
    """Finds music in every way there is, in a library that is indexed and plays."""

    def __init__(self, eyes: Eyes, stage: Stage) -> None:
        self._eyes = eyes
        self._segue = eyes.segue
        self._window = eyes.window
        self._stage = stage

    def steps(self) -> list[Step]:
        """All steps, in order."""
        return [
            Step("albums", self._see_albums),
            Step("drag to the queue", self._drag_to_queue),
            Step("playlist", self._make_playlist),
            Step("why and thumbs down", self._hide_one),
            Step("radio", self._radio),
            Step("journey", self._journey),
            Step("music map", self._map),
            Step("sound", self._sound),
            Step("settings", self._settings),
            Step("indexing", self._indexing),
        ]

    def _go(self, place: str) -> None:
        self._window.shell.places.go(place)
        wait_until(lambda: self._window.shell.places.current_place == place, 5, f"{place} is shown")

    def _see_albums(self) -> str:
        self._go("albums")
        page = self._window.extras.views.albums
        wait_until(lambda: page.grid.model().rowCount() > 0, 10, "there are albums")
        albums = page.grid.model().rowCount()
        rest(0.7)
        self._stage.picture("album grid")
        click_row(page.grid, min(3, albums - 1), twice=True)
        wait_until(lambda: page.currentWidget() is page.album, 5, "an album opens")
        tracks = page.album.model.rowCount()
        check(tracks > 0, "the album has no tracks")
        return f"{albums} albums; one opened, with {tracks} tracks"

    def _drag_to_queue(self) -> str:
        self._go("tracks")
        queue, before = self._window.queue.list, self._eyes.queue_rows()
        rows = [4, 5, 6][: self._eyes.rows()]
        dragged = self._window.library.model.tracks_at(rows)
        drop(self._window.library.table, rows, queue, queue.rect().center())
        wait_until(lambda: self._eyes.queue_rows() == before + len(rows), 5, "the queue has what was dropped")
        there = [item.track for item in self._segue.player.queue.items]
        check(set(dragged) <= set(there), "other tracks came into the queue")
        return f"{len(rows)} tracks dragged from the table into the queue of {before}"

    def _make_playlist(self) -> str:
        extras, playlists = self._window.extras, self._segue.playlists
        tracks = self._window.library.model.tracks_at(range(min(8, self._eyes.rows())))
        before = len(playlists.all())
        extras.playlists.commands.make(tracks)
        wait_until(lambda: len(playlists.all()) == before + 1, 5, "there is another playlist")
        made = playlists.all()[-1]
        self._go(f"playlist:{made.id}")
        shown = extras.playlists.page.model.rowCount()
        check(shown == len(tracks), f"the playlist shows {shown} of {len(tracks)} tracks")
        self._stage.picture("playlist page")
        extras.playlists.commands.delete(made.id)
        wait_until(lambda: len(playlists.all()) == before, 5, "the playlist is deleted")
        playlists.undo()
        wait_until(lambda: len(playlists.all()) == before + 1, 5, "the deletion is undone")
        return f"“{made.name}” with {shown} tracks made, shown, deleted, and brought back"

    def _hide_one(self) -> str:
        self._go("tracks")
        panel = self._window.similar
        index = panel.model.index(0, 0)
        wait_until(lambda: bool(index.data(SimilarRole.AGREEMENT)), _WHY_SECONDS, "the panel says why")
        why, first = str(index.data(SimilarRole.AGREEMENT)), panel.model.track_at(0)
        thumb = panel.delegate.hide_rect(panel.list.visualRect(index))
        click(panel.list.viewport(), thumb.center())
        wait_until(lambda: panel.model.track_at(0) != first, 5, "the track is hidden")
        self._stage.picture("hidden for this seed")
        click(panel.hidden_bar.undo_button)
        wait_until(lambda: panel.model.track_at(0) == first, 5, "the track is back")
        return f"nearest for its {why}; hidden with a thumbs down and brought back"

    def _radio(self) -> str:
        player, radio = self._segue.player, self._segue.radio
        click(self._window.queue.clear_button)
        wait_until(lambda: self._eyes.queue_rows() == 0, 5, "the queue is empty")
        click_row(self._window.library.table, self._eyes.rows() - 1, twice=True)  # after which the list has no more
        wait_until(self._eyes.is_playing, PLAY_SECONDS, "VLC plays")
        before = [item.uid for item in player.queue.items]
        click(self._window.similar.tools.radio_button)
        wait_until(lambda: radio.is_on, 5, "the radio is on")
        wait_until(lambda: len(player.queue.upcoming()) >= _AHEAD, _RADIO_SECONDS, "five tracks are ahead")
        after = [item.uid for item in player.queue.items]
        check(after[: len(before)] == before, "the radio changed what was in the queue")
        strip = self._window.extras.radio.strip
        check(strip.isVisible(), "nothing says that the radio is on")
        said = strip.text
        self._stage.picture("radio on")
        click(strip.stop_button)
        wait_until(lambda: not radio.is_on, 5, "the radio is off")
        return (
            f"{len(player.queue.upcoming())} tracks ahead, {len(after) - len(before)} of the radio; “{said}”; off again"
        )

    def _journey(self) -> str:
        self._go("journey")
        page = self._window.extras.journey.page
        page.set_end(0, self._eyes.current())
        page.set_end(1, self._far_from_here())
        wait_until(lambda: len(page.tracks) > 2, _JOURNEY_SECONDS, "a journey is found")  # noqa: PLR2004 - start and end
        tracks = page.tracks
        check(len(set(tracks)) == len(tracks), "a track comes twice")
        rest(0.5)
        return f"{len(tracks)} tracks from {self._eyes.name(tracks[0])} to {self._eyes.name(tracks[-1])}"

    def _far_from_here(self) -> TrackId:
        """A track by someone else, from the other end of the table."""
        playing = self._segue.library.track(self._eyes.current())
        for row in reversed(range(self._eyes.rows())):
            other = self._segue.library.track(self._window.library.model.track_at(row))
            if other is not None and (playing is None or other.artist != playing.artist):
                return other.id
        return self._window.library.model.track_at(0)

    def _map(self) -> str:
        self._go("map")
        page = self._window.extras.map.page
        wait_until(lambda: page.has_map, _MAP_SECONDS, "the map is drawn")
        rest(1.0)
        canvas = page.canvas
        self._stage.picture("whole map")
        page.tools.lasso.click()
        corners = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
        spots = [QPoint(int(canvas.width() * x), int(canvas.height() * y)) for x, y in corners]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spots[0])
        for spot in [*spots[1:], spots[0]]:
            QTest.mouseMove(canvas, spot)
            rest(0.05)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spots[-1])
        wait_until(lambda: len(page.enclosed) > 0, 5, "the lasso holds tracks")
        held = len(page.enclosed)
        self._stage.picture("lasso")
        page.tools.lasso.click()
        return f"{len(canvas.map)} tracks on the map, {held} of them in a lasso"

    def _sound(self) -> str:
        preferences, dialog = self._segue.preferences, self._window.extras.sound.dialog
        pick(self._window, self._window.shell.actions.sound)
        wait_until(dialog.isVisible, 5, "the sound dialog opens")
        before = preferences.settings.equaliser
        presets = self._segue.player.sound.presets()
        check(bool(presets), "VLC has no presets of the equaliser")
        preferences.set("equaliser", presets[-1].name)
        rest(0.5)
        check(self._eyes.is_playing(), "the music stopped")
        self._stage.picture("equaliser", dialog)
        preferences.set("equaliser", before)
        dialog.close()
        return f"{len(presets)} presets; “{presets[-1].name}” while music plays"

    def _settings(self) -> str:
        self._go("tracks")
        pick(self._window, self._window.shell.actions.settings)
        dialog = self._window.extras.settings.dialog
        wait_until(dialog.isVisible, 5, "the settings open")
        titles = []
        for row in range(dialog.topics.count()):
            dialog.topics.setCurrentRow(row)
            titles.append(dialog.topics.item(row).text())
            self._stage.picture(f"settings {titles[-1].lower()}", dialog)
        dialog.close()
        return ", ".join(titles)

    def _indexing(self) -> str:
        self._go("indexing")
        page = self._window.extras.settings.page
        facts = dict(page.facts.facts)
        check(bool(facts.get("Tracks")), "nothing is said of the model")
        self._stage.picture("indexing page")
        self._go("tracks")
        return f"{page.words.text()} Model of {facts['Tracks']} tracks, recall@10 {facts.get('Recall@10', '?')}"


def drop(source: QAbstractItemView, rows: list[int], target: QAbstractItemView, at: QPoint) -> None:
    """Drag rows from one view onto another: what would be carried is made by the one and given to the other."""
    model, viewport = source.model(), target.viewport()
    data = model.mimeData([model.index(row, 1) for row in rows])
    copy, left, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(viewport, QDragEnterEvent(at, copy, data, left, keys))
    QApplication.sendEvent(viewport, QDragMoveEvent(at, copy, data, left, keys))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(at), copy, data, left, keys))
