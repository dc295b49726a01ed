"""More steps of the tour: music found in every way there is, in a library that is indexed and plays; both looks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from indexer.core.tracks import TrackId
from musicplayer.tour.hands import LEFT, NO_KEYS, check, click, click_row, drop, open_dialog, rest, rows, wait_until
from musicplayer.tour.tour import Tour
from musicplayer.ui.frame.recommending import RecommendingPopover
from musicplayer.ui.look.theme import DARK_MODE, LIGHT_MODE
from musicplayer.ui.settings.dialog import SettingsDialog
from musicplayer.ui.similar.similar_rows import SimilarRole
from musicplayer.ui.transport.sound_dialog import SoundDialog

_ALIKE_SECONDS = 10
_WHY_SECONDS = 15
_RADIO_SECONDS = 10
_JOURNEY_SECONDS = 20
_MAP_SECONDS = 20
_AHEAD = 5
_DARK_BELOW = 128
_FILLED = 0.9
_PICTURE, _TEAL = 400, QColor("teal")
# Shares of the map's width and height. The left half: the map is fitted into its page, so that some tracks always
# lie there, while the middle of a small library may be empty.
_LASSO = ((0.01, 0.01), (0.6, 0.01), (0.6, 0.99), (0.01, 0.99), (0.01, 0.01))


def albums(tour: Tour) -> str:
    tour.go("albums")
    page = tour.window.extras.views.albums
    wait_until(lambda: rows(page.grid) > 0, "there are albums", 10)
    number = rows(page.grid)
    rest(0.7)
    tour.picture("album grid")
    click_row(page.grid, min(3, number - 1), twice=True)
    wait_until(lambda: page.currentWidget() is page.album, "an album opens")
    tracks = page.album.model.rowCount()
    check(tracks > 0, "the album has no tracks")
    return f"{number} albums; one opened, with {tracks} tracks"


def cover(tour: Tour) -> str:
    """Have the album that is open shown with another picture, and take that back."""
    album, messages = tour.window.extras.views.albums.album, tour.window.shell.messages
    shown = album.header.cover

    def is_teal() -> bool:
        return shown.image is not None and shown.image.pixelColor(shown.image.rect().center()) == _TEAL

    wait_until(lambda: shown.image is not None and not is_teal(), "the album has its own cover")
    with tempfile.TemporaryDirectory(prefix="segue-cover-") as folder:
        picture = QImage(_PICTURE, _PICTURE, QImage.Format.Format_RGB32)
        picture.fill(_TEAL)
        file = Path(folder) / "a picture.png"
        check(picture.save(str(file)), "a picture is written")
        tour.window.extras.covers.choose(album.tracks(), str(file))
        wait_until(is_teal, "the album has another cover")
    wait_until(messages.isVisible, "it can be taken back")
    tour.picture("another cover")
    click(messages.action)
    wait_until(lambda: not is_teal(), "it has its own cover again")
    return f"another cover for {album.header.title.whole_text}, and its own again"


def column_browser(tour: Tour) -> str:
    tour.go("browser")
    page = tour.window.extras.views.browser
    wait_until(lambda: page.model.rowCount() > 0, "the lists are there", 10)
    everything = page.model.rowCount()
    for pane, more in ((page.genres, False), (page.genres, True), (page.artists, False)):
        click_row(pane, min(1 + more, rows(pane) - 1), more=more)
    wait_until(lambda: 0 < page.model.rowCount() <= everything, "the table shows what is chosen")
    left, chosen = page.model.rowCount(), [len(pane.keys) for pane in page.panes]
    tour.picture("column browser")
    for pane in reversed(page.panes):
        click_row(pane, 0)
    wait_until(lambda: page.model.rowCount() == everything, "everything is shown again")
    return f"{chosen[0]} genres and {chosen[1]} artist chosen: {left} of {everything} tracks"


def artist(tour: Tour) -> str:
    views = tour.window.extras.views
    views.go_to_artist(tour.current())
    head = views.artists.head
    wait_until(head.isVisible, "the artist of what plays is shown")
    wait_until(lambda: bool(head.alike.texts), "it is said who sounds alike", _ALIKE_SECONDS)
    return f"{head.name.text()}, {head.facts.text()}; sounds like {', '.join(head.alike.texts)}"


def details(tour: Tour) -> str:
    dialog = tour.window.extras.views.show_details([tour.current()])
    rest(0.7)
    tour.picture("details dialog", dialog)
    dialog.close()
    return f"all that is known of {tour.name(tour.current())}"


def drag_to_the_queue(tour: Tour) -> str:
    tour.go("tracks")
    before, chosen = len(tour.segue.player.queue), [4, 5, 6][: rows(tour.table)]
    dragged = tour.window.library.model.tracks_at(chosen)
    drop(tour.table, chosen, tour.queue)
    wait_until(lambda: len(tour.segue.player.queue) == before + len(chosen), "the queue has what was dropped")
    there = [item.track for item in tour.segue.player.queue.items]
    check(set(dragged) <= set(there), "other tracks came into the queue")
    return f"{len(chosen)} tracks dragged from the table into the queue of {before}"


def playlist(tour: Tour) -> str:
    control, playlists = tour.window.extras.playlists, tour.segue.playlists
    tracks = tour.window.library.model.tracks_at(range(min(8, rows(tour.table))))
    before = len(playlists.all())
    control.commands.make(tracks)
    wait_until(lambda: len(playlists.all()) == before + 1, "there is another playlist")
    made = playlists.all()[-1]
    tour.go(f"playlist:{made.id}")
    shown = control.page.model.rowCount()
    check(shown == len(tracks), f"the playlist shows {shown} of {len(tracks)} tracks")
    tour.picture("playlist page")
    control.commands.delete(made.id)
    wait_until(lambda: len(playlists.all()) == before, "the playlist is deleted")
    playlists.undo()
    wait_until(lambda: len(playlists.all()) == before + 1, "the deletion is undone")
    return f"“{made.name}” with {shown} tracks made, shown, deleted, and brought back"


def why_and_thumbs_down(tour: Tour) -> str:
    tour.go("tracks")
    dock = tour.window.similar
    first, row = dock.model.track_at(0), dock.model.index(0, 0)
    wait_until(lambda: bool(row.data(SimilarRole.AGREEMENT)), "the panel says why", _WHY_SECONDS)
    why = str(row.data(SimilarRole.AGREEMENT))
    click(dock.list.viewport(), dock.delegate.hide_rect(dock.list.visualRect(row)).center())
    wait_until(lambda: dock.model.track_at(0) != first, "the track is hidden")
    tour.picture("hidden for this seed")
    click(dock.hidden_bar.undo_button)
    wait_until(lambda: dock.model.track_at(0) == first, "the track is back")
    return f"nearest for its {why}; hidden with a thumbs down and brought back"


def panel_settings(tour: Tour) -> str:
    tools = tour.window.similar.tools
    click(tools.settings_button)
    wait_until(lambda: bool(_popovers(tour)), "the settings of the panel open")
    [popover] = _popovers(tour)
    tour.picture("panel settings", popover)
    popover.close()
    return "what the list may hold, over the list"


def radio(tour: Tour) -> str:
    player, plays_on = tour.segue.player, tour.segue.radio
    click(tour.window.queue.clear_button)
    wait_until(lambda: rows(tour.queue) == 0, "the queue is empty")
    last = rows(tour.table) - 1  # after which the list has no more
    tour.start(lambda: click_row(tour.table, last, twice=True), tour.window.library.model.track_at(last))
    before = [item.uid for item in player.queue.items]
    click(tour.window.similar.tools.radio_button)
    wait_until(lambda: plays_on.is_on, "the radio is on")
    wait_until(lambda: len(player.queue.upcoming()) >= _AHEAD, "five tracks are ahead", _RADIO_SECONDS)
    after = [item.uid for item in player.queue.items]
    check(after[: len(before)] == before, "the radio changed what was in the queue")
    chip = tour.window.extras.radio.chip
    check(chip.isVisible(), "nothing says that the radio is on")
    said, ahead, added = chip.said, len(player.queue.upcoming()), len(after) - len(before)
    tour.picture("radio on")
    click(chip)
    wait_until(lambda: not plays_on.is_on, "the radio is off")
    return f"{ahead} tracks ahead, {added} of the radio; “{said}”; off again"


def journey(tour: Tour) -> str:
    tour.go("journey")
    page = tour.window.extras.journey.page
    page.set_end(0, tour.current())
    page.set_end(1, _far_from_here(tour))
    wait_until(lambda: len(page.tracks) > 2, "a journey is found", _JOURNEY_SECONDS)  # noqa: PLR2004 - start and end
    tracks = page.tracks
    check(len(set(tracks)) == len(tracks), "a track comes twice")
    rest(0.5)
    tour.picture("journey")
    shown = tour.window.library.model
    through = next(each for row in range(rows(tour.table)) if (each := shown.track_at(row)) not in tracks)
    page.pass_through(through)
    wait_until(lambda: through in page.tracks, "the journey goes by way of another track", _JOURNEY_SECONDS)
    rest(0.5)
    tour.picture("journey by way of")
    ends = f"from {tour.name(tracks[0])} to {tour.name(tracks[-1])}"
    return f"{len(page.tracks)} tracks {ends}, by way of {tour.name(through)}"


def _far_from_here(tour: Tour) -> TrackId:
    """A track by someone else, from the other end of the table."""
    library, shown = tour.segue.library, tour.window.library.model
    playing = library.track(tour.current())
    others = (library.track(shown.track_at(row)) for row in reversed(range(rows(tour.table))))
    strangers = (other.id for other in others if other and (playing is None or other.artist != playing.artist))
    return next(strangers, shown.track_at(0))


def music_map(tour: Tour) -> str:
    tour.go("map")
    page = tour.window.extras.map.page
    canvas, lasso = page.canvas, page.tools.lasso
    wait_until(lambda: page.has_map, "the map is drawn", _MAP_SECONDS)
    rest(1.0)
    tour.picture("whole map")
    across, down = np.ptp(canvas.view.to_pixels(canvas.map.places), axis=0) / canvas.view.size
    check(max(across, down) > _FILLED, f"the map fills {across:.0%} of the page across and {down:.0%} down")
    lasso.click()
    spots = [QPoint(int(canvas.width() * x), int(canvas.height() * y)) for x, y in _LASSO]
    QTest.mousePress(canvas, LEFT, NO_KEYS, spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(canvas, spot)
        rest(0.05)
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, spots[-2])
    wait_until(lambda: len(page.enclosed) > 0, "the lasso holds tracks")
    held = len(page.enclosed)
    tour.picture("lasso")
    lasso.click()
    fills = f"it fills {across:.0%} of the page across and {down:.0%} down"
    return f"{len(canvas.map)} tracks on the map, {held} of them in a lasso; {fills}"


def sound(tour: Tour) -> str:
    preferences = tour.segue.preferences
    dialog = open_dialog(tour.window, tour.window.shell.actions.sound, SoundDialog)
    before, presets = preferences.settings.equaliser, tour.segue.player.sound.presets()
    check(bool(presets), "VLC has no presets of the equaliser")
    preferences.set("equaliser", presets[-1].name)
    rest(0.5)
    check(tour.is_playing(), "the music stopped")
    tour.picture("equaliser", dialog)
    preferences.set("equaliser", before)
    dialog.close()
    return f"{len(presets)} presets; “{presets[-1].name}” while music plays"


def now_playing(tour: Tour) -> str:
    view, current = tour.window.extras.playing, tour.current()
    click(tour.window.transport.large)
    wait_until(lambda: view.is_open, "the view of what plays")
    check(view.page.title.whole_text in tour.name(current), "the view shows another track")
    wait_until(
        lambda: bool(view.page.notice) or view.page.lyrics.model().rowCount() > 0, "lyrics, or that there are none"
    )
    tour.picture("now playing")
    words = "no lyrics" if view.page.notice else f"{view.page.lyrics.model().rowCount()} lines"
    view.back()
    wait_until(lambda: not view.is_open, "the way back")
    click(tour.window.transport.mini)
    mini = tour.window.extras.mini
    wait_until(lambda: mini.is_open and not tour.window.isVisible(), "the mini player")
    tour.picture("mini player", mini.player)
    click(mini.player.large)
    wait_until(lambda: tour.window.isVisible() and not mini.is_open, "the large window")
    return f"{words}, {view.page.coming.rows.rowCount()} tracks to come; large, small and back"


def settings(tour: Tour) -> str:
    tour.go("tracks")
    dialog = open_dialog(tour.window, tour.window.shell.actions.settings, SettingsDialog)
    titles = []
    for row in range(dialog.topics.count()):
        dialog.topics.setCurrentRow(row)
        titles.append(dialog.topics.item(row).text())
        tour.picture(f"settings {titles[-1].lower()}", dialog)
    dialog.close()
    return ", ".join(titles)


def indexing(tour: Tour) -> str:
    tour.go("indexing")
    page = tour.window.extras.settings.page
    facts = dict(page.facts.facts)
    check(bool(facts.get("Tracks")), "nothing is said of the model")
    tour.picture("indexing page")
    tour.go("tracks")
    return f"{page.words.text()} Model of {facts['Tracks']} tracks, recall@10 {facts.get('Recall@10', '?')}"


def light(tour: Tour) -> str:
    return _dress(tour, LIGHT_MODE)


def dark(tour: Tour) -> str:
    return _dress(tour, DARK_MODE)


def _popovers(tour: Tour) -> list[RecommendingPopover]:
    return [each for each in tour.window.findChildren(RecommendingPopover) if each.isVisible()]


def _dress(tour: Tour, mode: str) -> str:
    tour.window.shell.actions.themes[mode].trigger()
    rest(0.5)
    colour = tour.window.palette().window().color()
    check((colour.lightness() < _DARK_BELOW) == (mode == DARK_MODE), f"the window is {colour.name()}")
    for place in ("for-you", "listening"):
        tour.go(place)
        rest(1.0)
        tour.picture(f"{place} {mode}")
    tour.go("tracks")
    return f"the window is {colour.name()}"
