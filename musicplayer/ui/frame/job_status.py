"""In the foot of the side bar: what the indexer does, how far it is, how long it takes, and how to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from indexer.core.events import Finished, Progress, Stage, StageStarted
from indexer.core.language import mark, number, tr, trn
from indexer.core.phrases import rate, time_left
from musicplayer.jobs.jobs import Jobs
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel

_STAGES = {
    Stage.DATABASE: mark("Opening the database"),
    Stage.SCAN: mark("Looking for music"),
    Stage.EXTRACT: mark("Analysing your music"),
    Stage.MODEL: mark("Comparing tracks"),
    Stage.SOUND: mark("All analysed, hearing whole tracks"),
    Stage.TASTE: mark("Learning from what you played"),
}
_BETWEEN = " · "
_BAR = 48
"""Pixels that the bar has at least: the side bar is as wide while something runs as before."""


class JobStatus(QWidget):
    """Listens to the jobs; hidden while nothing runs."""

    def __init__(self, jobs: Jobs, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._icons = icons
        self._stage = Stage.DATABASE
        self._words = ElidedLabel("small")
        self._details = ElidedLabel("small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMinimumWidth(_BAR)
        self.bar.setAccessibleName(tr("Indexing progress"))
        self.pause = tool_button(icons.icon("pause"), tr("Pause indexing"), size=15)
        self.cancel = tool_button(icons.icon("x"), tr("Cancel indexing"), size=15)
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(self.bar, 1)
        for button in (self.pause, self.cancel):
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.setSpacing(1)
        layout.addWidget(self._words)
        layout.addWidget(self._details)
        layout.addLayout(line)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        jobs = self._jobs
        jobs.started.connect(self._on_started)
        jobs.stage.connect(self._on_stage)
        jobs.progress.connect(self._on_progress)
        jobs.paused.connect(self._on_paused)
        jobs.finished.connect(self._on_finished)
        jobs.idle.connect(self.hide)
        self.pause.clicked.connect(self.toggle_pause)
        self.cancel.clicked.connect(self._on_cancel)

    @property
    def said(self) -> str:
        """What it says, empty while it is hidden."""
        words = _BETWEEN.join(filter(None, (self._words.whole_text, self._details.whole_text)))
        return "" if self.isHidden() else words

    def toggle_pause(self) -> None:
        if self._jobs.is_paused:
            self._jobs.resume()
        else:
            self._jobs.pause()

    def announce(self, words: str) -> None:
        """Show work that is no job of the indexer, until `settle` or the next job."""
        self.pause.hide()
        self.cancel.hide()
        self._say(words, None, None)
        self.show()

    def settle(self) -> None:
        """The announced work is over."""
        self.setVisible(self._jobs.is_running)

    def _on_started(self) -> None:
        self._on_paused(paused=False)
        self.pause.show()
        self.cancel.show()
        self.cancel.setEnabled(True)
        self._say(tr("Starting the indexer…"), None, None)
        self.show()

    def _on_stage(self, event: StageStarted) -> None:
        self._stage = event.stage
        self._say(stage_words(event.stage), 0 if event.total else None, event.total)

    def _on_progress(self, event: Progress) -> None:
        self._stage = event.stage
        self._say(progress_words(event), event.done if event.total else None, event.total)

    def _on_paused(self, paused: bool) -> None:
        name = tr("Resume indexing") if paused else tr("Pause indexing")
        self.pause.setIcon(self._icons.icon("play" if paused else "pause"))
        self.pause.setAccessibleName(name)
        self.pause.setToolTip(name)
        if paused:
            self._tell(tr("Paused"))

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._tell(tr("Stopping after the files in hand…"))
        self._jobs.cancel()

    def _on_finished(self, event: Finished) -> None:  # noqa: ARG002
        self.bar.setRange(0, 1)
        self.bar.setValue(1)

    def _say(self, words: str, done: int | None, total: int | None) -> None:
        self._tell(words)
        self.bar.setRange(0, total if done is not None and total else 0)
        self.bar.setValue(done or 0)

    def _tell(self, words: str) -> None:
        """The first part on a line of its own; all of it in the tool tip."""
        first, _, rest = words.partition(_BETWEEN)
        self._words.set_whole_text(first)
        self._details.set_whole_text(rest)
        self._details.setVisible(bool(rest))
        self.setToolTip(words)
        self.setAccessibleName(words)


def stage_words(stage: Stage) -> str:
    """`Analysing your music…`."""
    return tr("{stage}…", stage=tr(_STAGES[stage]))


def progress_words(event: Progress) -> str:
    """`Analysing your music · 312 of 8,000 · 14/s · 9 min left`."""
    done, total = number(event.done), event.total
    if total is not None:
        done = tr("{done} of {total}", done=done, total=number(total))
    failed = trn("{number} with problems", "{number} with problems", event.failed) if event.failed else ""
    parts = (tr(_STAGES[event.stage]), done, rate(event.rate), time_left(event.seconds_left), failed)
    return _BETWEEN.join(part for part in parts if part)
