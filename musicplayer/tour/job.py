"""The steps of the tour: Segue's whole job, from an empty window to a model rebuilt while music plays."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog

from musicplayer.playback.backend import PlaybackState
from musicplayer.tour.eyes import PANEL_SECONDS, PLAY_SECONDS, Eyes
from musicplayer.tour.hands import check, click, click_row, pick, rest, type_text, wait_until, when_dialog_opens
from musicplayer.tour.stage import Stage, Step
from musicplayer.ui.indexing.problems_dialog import ProblemsDialog
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.look.theme import DARK_MODE, LIGHT_MODE

_SCAN_SECONDS = 90
_INDEX_SECONDS = 1_800
_MODEL_SECONDS = 300
_LONGEST_STANDSTILL = 5.0
_NEAR_SECONDS = 4.0
_DARK_BELOW = 128
_LEAST_MOVE = 0.5


class WholeJob:
    """Does the job in the application's window, on the music in `folder`, or on the demo library where that is None."""

    def __init__(self, eyes: Eyes, stage: Stage, folder: Path | None) -> None:
        self._segue = eyes.segue
        self._window = eyes.window
        self._stage = stage
        self._folder = folder
        self._clicked_at = 0.0
        self._eyes = eyes
        self._journal = eyes.journal

    def steps(self) -> list[Step]:
        """All steps, in order."""
        return [
            Step("empty window", self._see_empty_window),
            Step("add folder", self._add_folder),
            Step("index", self._index),
            Step("play", self._play),
            Step("more like this", self._see_similar),
            Step("queue from the panel", self._queue_from_panel),
            Step("next", self._next),
            Step("rebuild while playing", self._rebuild),
            Step("search", self._search),
            Step("problems", self._see_problems),
            Step("seek and pause", self._seek_and_pause),
        ]

    def looks(self) -> list[Step]:
        """The window in both themes; last, so that all else is seen in the one that was asked for."""
        return [
            Step("light", lambda: self._dress(LIGHT_MODE)),
            Step("dark", lambda: self._dress(DARK_MODE)),
        ]

    def _see_empty_window(self) -> str:
        check(self._window.isVisible(), "the window is not visible")
        check(len(self._segue.library.catalogue) == 0, "the library is not empty")
        check(self._window.library.welcome.isVisible(), "nothing invites to add a folder")
        wait_until(lambda: self._journal.database_answered, 30, "the database answers")
        return "a window that invites to add a folder; the database answers"

    def _add_folder(self) -> str:
        if self._folder is None:
            pick(self._window, self._window.shell.actions.open_demo)
        else:
            self._window.library_control.add_folder(str(self._folder))
        first = wait_until(lambda: self._eyes.rows() > 0, _SCAN_SECONDS, "tracks appear in the table")
        return f"first tracks in the table after {first:.1f} s"

    def _index(self) -> str:
        jobs, journal = self._segue.jobs, self._journal
        wait_until(lambda: bool(journal.analysed) or not jobs.is_running, _SCAN_SECONDS, "files are being analysed")
        self._stage.picture("indexing")
        wait_until(lambda: bool(journal.models), _INDEX_SECONDS, "a model is built")
        wait_until(lambda: not jobs.is_running, 60, "the indexer ends")
        check(bool(journal.finished), f"the indexer did not finish: {journal.failures}")
        summary = journal.finished[-1].summary
        check(summary["analysed"] > 0, "no track was analysed")
        check(self._eyes.rows() == summary["tracks"], f"{self._eyes.rows()} rows for {summary['tracks']:.0f} tracks")
        rate = summary["analysed"] / summary["analysis_seconds"]
        return (
            f"{summary['analysed']:.0f} of {summary['tracks']:.0f} tracks analysed at {rate:.1f} a second, "
            f"{summary['failed']:.0f} problems; model of {journal.models[-1].tracks}, recall@10 {summary['recall']:.3f}"
        )

    def _play(self) -> str:
        row = min(2, self._eyes.rows() - 1)
        self._clicked_at = time.monotonic()
        click_row(self._window.library.table, row, twice=True)
        took = wait_until(self._eyes.is_playing, PLAY_SECONDS, "VLC plays")
        begun = self._segue.player.position()
        rest(1.5)
        moved = self._segue.player.position() - begun
        check(moved > _LEAST_MOVE, f"the position moved only {moved:.2f} s in 1.5 s")
        return f"double-click on {self._eyes.name(self._eyes.current())}; playing after {took:.1f} s, position moves"

    def _see_similar(self) -> str:
        wait_until(lambda: self._eyes.similar_rows() > 0, PANEL_SECONDS, "the panel has rows")
        rows, seed = self._eyes.similar_rows(), self._eyes.current()
        answer = self._segue.similar.for_track(seed)
        check(answer.seed == seed, "the panel's seed is not the playing track")
        check(seed not in [row.track for row in answer.rows], "the panel offers the seed itself")
        best = answer.rows[0]
        found = (
            f"{rows} tracks like {self._eyes.name(seed)}; nearest {self._eyes.name(best.track)} ({best.closeness:.1%})"
        )
        return f"{found}; {self._eyes.panel_delay(self._clicked_at)}"

    def _queue_from_panel(self) -> str:
        player, view = self._segue.player, self._window.similar.list
        before = len(player.queue.items)
        click_row(view, 0)
        click_row(view, 1, more=True)
        click(self._window.similar.next_button)
        wait_until(lambda: len(player.queue.items) == before + 2, 5, "two more tracks are in the queue")
        shown = self._window.queue.list.model().rowCount()
        check(shown == before + 2, f"the queue shows {shown} rows for {before + 2} tracks")
        return f"two tracks from the panel play next; {shown} in the queue"

    def _next(self) -> str:
        player = self._segue.player
        expected = player.queue.peek_next()
        check(expected is not None, "the queue has no next track")
        self._clicked_at = time.monotonic()
        click(self._window.transport.next)
        wait_until(
            lambda: expected is not None and self._eyes.current() == expected.track, 5, "the next track is current"
        )
        wait_until(self._eyes.is_playing, PLAY_SECONDS, "VLC plays")
        return f"{self._eyes.name(self._eyes.current())} plays, as queued; {self._eyes.panel_delay(self._clicked_at)}"

    def _rebuild(self) -> str:
        player, journal = self._segue.player, self._journal
        click(self._window.similar.all_button)  # so that there is music for as long as it takes
        models, changes = len(journal.models), len(journal.tracks)
        journal.states.clear()
        confirmed = when_dialog_opens(ConfirmDialog, self._agree)
        pick(self._window, self._window.shell.actions.rebuild)
        wait_until(confirmed, 10, "the question before a rebuild is answered")
        gaps = self._listen_until(lambda: len(journal.models) > models, _MODEL_SECONDS)
        wait_until(lambda: not self._segue.jobs.is_running, 60, "the indexer ends")
        stops = [state for state in journal.states if state is not PlaybackState.PLAYING]
        check(len(stops) <= 2 * (len(journal.tracks) - changes), f"playing stopped: {stops}")
        check(player.state is PlaybackState.PLAYING, "nothing plays after the rebuild")
        wait_until(lambda: self._eyes.similar_rows() > 0, PANEL_SECONDS, "the panel has rows from the new model")
        return f"new model {journal.models[-1].model} in place, music went on (longest standstill {gaps:.1f} s)"

    def _agree(self, dialog: ConfirmDialog) -> None:
        self._stage.picture("rebuild question", dialog)
        click(dialog.yes)

    def _listen_until(self, happened: Callable[[], bool], seconds: float) -> float:
        """Wait, and return the longest time in which the position of the music stood still."""
        player, moved_at, longest = self._segue.player, time.monotonic(), 0.0
        last = (player.current, player.position())

        def look() -> bool:
            nonlocal last, moved_at, longest
            now = (player.current, player.position())
            if now != last:
                last, moved_at = now, time.monotonic()
            longest = max(longest, time.monotonic() - moved_at)
            return bool(happened())

        wait_until(look, seconds, "a new model is built")
        check(longest < _LONGEST_STANDSTILL, f"the music stood still for {longest:.1f} s")
        return longest

    def _search(self) -> str:
        everything, field = self._eyes.rows(), self._window.library.search
        playing = self._segue.library.track(self._eyes.current())
        word = playing.artist.split()[0] if playing and playing.artist else "a"
        type_text(field, f'artist:"{word}"')
        wait_until(lambda: 0 < self._eyes.rows() < everything, 5, "the table shows what was searched")
        found = self._eyes.rows()
        self._stage.picture("search results")
        type_text(field, "no such music anywhere")
        wait_until(lambda: self._eyes.rows() == 0, 5, "the table is empty for nonsense")
        self._stage.picture("nothing found")
        field.clear()
        wait_until(lambda: self._eyes.rows() == everything, 5, "the table shows everything again")
        return f'{found} of {everything} tracks for artist:"{word}", none for nonsense'

    def _see_problems(self) -> str:
        def look(dialog: QDialog) -> None:
            rest(0.5)
            self._stage.picture("problems dialog", dialog)
            dialog.close()

        seen = when_dialog_opens(ProblemsDialog, look)
        pick(self._window, self._window.shell.actions.problems)
        wait_until(seen, 10, "the list of problems opens")
        return f"the list opens; {self._journal.problems} problems"

    def _seek_and_pause(self) -> str:
        player = self._segue.player
        slider = self._window.transport.seek
        click(slider, slider.rect().center())
        middle = player.duration() / 2
        wait_until(lambda: abs(player.position() - middle) < _NEAR_SECONDS, 5, "the position follows the slider")
        at = player.position()
        click(self._window.transport.play)
        wait_until(lambda: player.state is PlaybackState.PAUSED, 5, "playing pauses")
        click(self._window.transport.play)
        paused_at = player.position()
        wait_until(
            lambda: self._eyes.is_playing() and player.position() > paused_at + _LEAST_MOVE, 5, "playing goes on"
        )
        return f"at {at:.0f} of {player.duration():.0f} s after a click in the middle; paused and went on"

    def _dress(self, mode: str) -> str:
        self._window.shell.actions.themes[mode].trigger()
        rest(0.5)
        colour = self._window.palette().window().color()
        dark = colour.lightness() < _DARK_BELOW
        check(dark == (mode == DARK_MODE), f"the window is {colour.name()}")
        return f"the window is {colour.name()}"
