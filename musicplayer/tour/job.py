"""The first steps of the tour: Segue's whole job, from an empty window to a model rebuilt while music plays."""

from __future__ import annotations

import time
from collections.abc import Callable

from indexer.core.events import Stage
from musicplayer.playback.backend import PlaybackState
from musicplayer.tour.hands import (
    StepFailed,
    check,
    click,
    click_row,
    open_dialog,
    pick,
    rest,
    rows,
    type_text,
    wait_until,
)
from musicplayer.tour.tour import Tour
from musicplayer.ui.indexing.problems_dialog import ProblemsDialog
from musicplayer.ui.look.dialogs import ConfirmDialog

_SCAN_SECONDS = 90
_INDEX_SECONDS = 1_800
_MODEL_SECONDS = 300
_LONGEST_STANDSTILL = 5.0
_NEAR_SECONDS = 4.0
_LEAST_MOVE = 0.5
_SEARCH_SECONDS = 0.7


def empty_window(tour: Tour) -> str:
    window = tour.window
    check(window.isVisible(), "the window is not visible")
    check(len(tour.segue.library.catalogue) == 0, "the library is not empty")
    check(window.library.welcome.isVisible(), "nothing invites to add a folder")
    wait_until(lambda: not window.shell.foot.database.text(), "the database answers", 30)
    return "a window that invites to add a folder; the database answers"


def add_folder(tour: Tour) -> str:
    if tour.folder is None:
        pick(tour.window, tour.window.shell.actions.open_demo)
    else:
        tour.window.library_control.add_folder(str(tour.folder))
    first = wait_until(lambda: rows(tour.table) > 0, "tracks appear in the table", _SCAN_SECONDS)
    return f"first tracks in the table after {first:.1f} s"


def index(tour: Tour) -> str:
    jobs = tour.segue.jobs

    def is_analysing() -> bool:
        return any(progress.stage is Stage.EXTRACT for progress in tour.progress)

    wait_until(lambda: is_analysing() or not jobs.is_running, "files are being analysed", _SCAN_SECONDS)
    tour.picture("indexing")
    wait_until(lambda: bool(tour.models), "a model is built", _INDEX_SECONDS)
    wait_until(lambda: not jobs.is_running, "the indexer ends", 60)
    check(bool(tour.finished), f"the indexer did not finish: {[event.english for event in tour.failed]}")
    summary = tour.finished[-1].summary
    check(summary["analysed"] > 0, "no track was analysed")
    check(rows(tour.table) == summary["tracks"], f"{rows(tour.table)} rows for {summary['tracks']:.0f} tracks")
    rate = summary["analysed"] / summary["analysis_seconds"]
    return (
        f"{summary['analysed']:.0f} of {summary['tracks']:.0f} tracks analysed at {rate:.1f} a second, "
        f"{summary['failed']:.0f} problems; model of {tour.models[-1].tracks}, recall@10 {summary['recall']:.3f}"
    )


def play(tour: Tour) -> str:
    player, row = tour.segue.player, min(2, rows(tour.table) - 1)
    track = tour.window.library.model.track_at(row)
    said = tour.start(lambda: click_row(tour.table, row, twice=True), track)
    begun = player.position()
    rest(1.5)
    moved = player.position() - begun
    check(moved > _LEAST_MOVE, f"the position moved only {moved:.2f} s in 1.5 s")
    return f"double-click on {tour.name(track)}, which {said}; the position moves"


def more_like_this(tour: Tour) -> str:
    seed = tour.current()
    answer = tour.segue.similar.for_track(seed)
    check(answer.seed == seed, "the panel's seed is not the playing track")
    check(seed not in [row.track for row in answer.rows], "the panel offers the seed itself")
    shown, best = rows(tour.panel), answer.rows[0]
    return f"{shown} tracks like {tour.name(seed)}; nearest {tour.name(best.track)} ({best.closeness:.1%})"


def queue_from_the_panel(tour: Tour) -> str:
    queued = tour.segue.player.queue.items
    wanted = len(queued) + 2
    for row in (0, 1):
        place = tour.panel.visualRect(tour.panel.model().index(row, 0))
        click(tour.panel.viewport(), tour.window.similar.delegate.button_rect(place).center())
    wait_until(lambda: len(tour.segue.player.queue.items) == wanted, "two more tracks are in the queue")
    shown = rows(tour.queue) + tour.window.queue.model.folded
    check(shown == wanted, f"the queue shows {shown} rows for {wanted} tracks")
    return f"two tracks queued with the plus of their rows; {wanted} in the queue"


def next_track(tour: Tour) -> str:
    expected = tour.segue.player.queue.peek_next()
    if expected is None:
        raise StepFailed("the queue has no next track")
    said = tour.start(lambda: click(tour.window.transport.next), expected.track)
    return f"{tour.name(expected.track)}, as queued, {said}"


def rebuild_while_playing(tour: Tour) -> str:
    click(tour.window.similar.all_button)  # so that there is music for as long as it takes
    models, changes, states = len(tour.models), len(tour.tracks), len(tour.states)
    question = open_dialog(tour.window, tour.window.shell.actions.rebuild, ConfirmDialog)
    tour.picture("rebuild question", question)
    click(question.yes)
    standstill = _longest_standstill(tour, lambda: len(tour.models) > models)
    wait_until(lambda: not tour.segue.jobs.is_running, "the indexer ends", 60)
    stops = [state for state in tour.states[states:] if state is not PlaybackState.PLAYING]
    check(len(stops) <= 2 * (len(tour.tracks) - changes), f"playing stopped: {stops}")
    check(tour.segue.player.state is PlaybackState.PLAYING, "nothing plays after the rebuild")
    wait_until(lambda: rows(tour.panel) > 0, "the panel has rows from the new model")
    return f"new model {tour.models[-1].model} in place, music went on (longest standstill {standstill:.1f} s)"


def _longest_standstill(tour: Tour, happened: Callable[[], bool]) -> float:
    """Wait for the new model, and return the longest time in which the position of the music stood still."""
    player, last, moved_at, longest = tour.segue.player, None, time.monotonic(), 0.0

    def look() -> bool:
        nonlocal last, moved_at, longest
        now = (player.current, player.position())
        if now != last:
            last, moved_at = now, time.monotonic()
        longest = max(longest, time.monotonic() - moved_at)
        return happened()

    wait_until(look, "a new model is built", _MODEL_SECONDS)
    check(longest < _LONGEST_STANDSTILL, f"the music stood still for {longest:.1f} s")
    return longest


def search(tour: Tour) -> str:
    everything, field = rows(tour.table), tour.window.library.search
    playing = tour.segue.library.track(tour.current())
    word = playing.artist.split()[0] if playing and playing.artist else "a"
    type_text(field, f'artist:"{word}"')
    wait_until(lambda: 0 < rows(tour.table) < everything, "the table shows what was searched")
    found = rows(tour.table)
    tour.picture("search results")
    type_text(field, "bpm>1 sort:-bpm")
    rest(_SEARCH_SECONDS)
    check(rows(tour.table) > 0, "no tempo is known")
    tour.picture("search by tempo")
    type_text(field, "no such music anywhere")
    wait_until(lambda: rows(tour.table) == 0, "the table is empty for nonsense")
    tour.picture("nothing found")
    field.clear()
    wait_until(lambda: rows(tour.table) == everything, "the table shows everything again")
    return f'{found} of {everything} tracks for artist:"{word}", none for nonsense'


def problems(tour: Tour) -> str:
    actions, foot = tour.window.shell.actions, tour.window.shell.foot
    dialog = open_dialog(tour.window, actions.problems, ProblemsDialog)
    rest(0.5)
    tour.picture("problems dialog", dialog)
    dialog.close()
    return f"the list opens; {foot.problems.accessibleName() if foot.problems.isVisible() else 'none'}"


def seek_and_pause(tour: Tour) -> str:
    player, transport = tour.segue.player, tour.window.transport
    click(transport.seek)
    middle = player.duration() / 2
    wait_until(lambda: abs(player.position() - middle) < _NEAR_SECONDS, "the position follows the slider")
    at = player.position()
    click(transport.play)
    wait_until(lambda: player.state is PlaybackState.PAUSED, "playing pauses")
    click(transport.play)
    paused_at = player.position()
    wait_until(lambda: tour.is_playing() and player.position() > paused_at + _LEAST_MOVE, "playing goes on")
    return f"at {at:.0f} of {player.duration():.0f} s after a click in the middle; paused and went on"
