"""The place "Indexing": what is being listened to and how far it is, the folders, the problems, the model."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from indexer.core.events import Progress, Stage, StageStarted
from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import number, tr, trn
from musicplayer.discover.similar import Similar
from musicplayer.jobs.jobs import Jobs
from musicplayer.library.library import Library
from musicplayer.ui.frame.bound import Choice
from musicplayer.ui.frame.job_status import progress_words, stage_words
from musicplayer.ui.indexing.indexing_cards import FactsCard, FolderList, StageSteps
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.flow_layout import FlowLayout
from musicplayer.ui.look.form import Form, text_label
from musicplayer.ui.look.labels import ElidedLabel, rule
from musicplayer.ui.look.look import Look

if TYPE_CHECKING:
    from indexer.core.store import LibraryFolder

_MOST_FILES = 4


class IndexingPage(Form):
    """Follows the jobs, the counts and the model.

    Signals:
        rescan_requested: look for new and changed files.
        rebuild_requested: build the model again; a question comes first.
        folder_requested: path of a folder whose tracks are to be listened to again.
        problems_requested: the list of problems is to be opened.
        model_requested: all figures of the model are to be shown.
        folders_requested: the settings of folders are to be opened.
    """

    rescan_requested = Signal()
    rebuild_requested = Signal()
    folder_requested = Signal(str)
    problems_requested = Signal()
    model_requested = Signal()
    folders_requested = Signal()

    def __init__(
        self,
        jobs: Jobs,
        similar: Similar,
        library: Library,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        about = tr("Segue analyses each of your tracks once, so that it can tell what sounds alike.")
        super().__init__(tr("Indexing"), about, parent)
        self._jobs = jobs
        self._counts = LibraryCounts()
        self.words = text_label("", "strong")
        self.steps = StageSteps(look.theme)
        self.files = [ElidedLabel("small") for _ in range(_MOST_FILES)]
        self.folders = FolderList(library, look.icons)
        self.facts = FactsCard(similar)
        self.problems = text_label("", "soft")
        self._build_ui()
        self._connect()
        self._on_idle()

    def set_counts(self, counts: LibraryCounts) -> None:
        """Say how much of the library was analysed, and how many files have problems."""
        self._counts = counts
        number = counts.problems
        self.problems.setText(_problem_words(number))
        self.problems_button.setEnabled(number > 0)
        self.retry_button.setEnabled(number > 0)
        self.facts.refresh()
        self.folders.refresh()
        if not self._jobs.is_running:
            self._on_idle()

    def set_folders(self, folders: list[LibraryFolder]) -> None:
        self.folders.show_folders(folders)

    # Building

    def _build_ui(self) -> None:
        self.pause_button, self.cancel_button = push_button(tr("Pause")), push_button(tr("Cancel"))
        self.speed = self._speeds()
        self.rescan_button = push_button(tr("Rescan"))
        self.rebuild_button = push_button(tr("Rebuild index…"))
        self.listen_button = push_button(tr("Analyse it again"))
        self.folders_button = push_button(tr("Add or remove…"))
        self.problems_button, self.retry_button = push_button(tr("Show them…")), push_button(tr("Try again"))
        self.model_button = push_button(tr("All figures…"))
        self.whole(self.words)
        self.whole(self.steps)
        for label in self.files:
            self.whole(label)
        self.whole(_line(self.pause_button, self.cancel_button, self.speed, self.rescan_button, self.rebuild_button))
        self._part(tr("Folders"), self.folders, _line(self.listen_button, self.folders_button))
        self._part(tr("Problems"), self.problems, _line(self.problems_button, self.retry_button))
        self._part(tr("The model"), self.facts, _line(self.model_button))

    def _part(self, title: str, *widgets: QWidget) -> None:
        self.whole(rule())
        self.heading(title)
        for widget in widgets:
            self.whole(widget)

    def _speeds(self) -> QComboBox:
        box = Choice()
        box.setAccessibleName(tr("How fast"))
        box.addItem(tr("As fast as possible"), None)
        if (half := (os.cpu_count() or 1) // 2) > 1:
            box.addItem(trn("{number} file at a time", "{number} files at a time", half), half)
        box.addItem(trn("{number} file at a time", "{number} files at a time", 1), 1)
        box.activated.connect(lambda index: self._jobs.slow_to(box.itemData(index)))
        return box

    def _connect(self) -> None:
        jobs = self._jobs
        jobs.started.connect(lambda _: self._on_started())
        jobs.stage.connect(self._on_stage)
        jobs.progress.connect(self._on_progress)
        jobs.paused.connect(self._on_paused)
        jobs.idle.connect(self._on_idle)
        self.pause_button.clicked.connect(lambda: jobs.resume() if jobs.is_paused else jobs.pause())
        self.cancel_button.clicked.connect(jobs.cancel)
        self.rescan_button.clicked.connect(self.rescan_requested)
        self.retry_button.clicked.connect(self.rescan_requested)
        self.rebuild_button.clicked.connect(self.rebuild_requested)
        self.problems_button.clicked.connect(self.problems_requested)
        self.model_button.clicked.connect(self.model_requested)
        self.folders_button.clicked.connect(self.folders_requested)
        self.listen_button.clicked.connect(self._on_listen)
        self.folders.selection_changed.connect(lambda path: self.listen_button.setEnabled(bool(path)))
        self.listen_button.setEnabled(False)

    # Jobs

    def _on_started(self) -> None:
        self.words.setText(tr("Starting the indexer…"))
        self.steps.begin()
        self._enable(running=True)

    def _on_stage(self, event: StageStarted) -> None:
        self.words.setText(stage_words(event.stage))
        self.steps.show_stage(event.stage)
        self._show_files(())

    def _on_progress(self, event: Progress) -> None:
        self.words.setText(progress_words(event))
        self.steps.show_stage(event.stage, event.done / event.total if event.total else None)
        self._show_files(event.current if event.stage in (Stage.EXTRACT, Stage.SOUND) else ())

    def _on_paused(self, paused: bool) -> None:
        self.pause_button.setText(tr("Resume") if paused else tr("Pause"))
        if paused:
            self.words.setText(tr("Paused. Nothing that was done is lost."))

    def _on_idle(self) -> None:
        analysed, tracks = min(self._counts.analysed, self._counts.tracks), self._counts.tracks
        if not tracks:
            words = tr("There is no music yet: add a folder.")
        elif analysed == tracks:
            words = trn("{number} track, analysed.", "{number} tracks, all analysed.", tracks)
        elif self._counts.is_complete:
            words = trn(
                "{analysed} of {tracks} tracks analysed. {number} cannot be compared with others; Problems says why.",
                "{analysed} of {tracks} tracks analysed. {number} cannot be compared with others; Problems says why.",
                tracks - analysed,
                analysed=number(analysed),
                tracks=number(tracks),
            )
        else:
            words = tr(
                "{analysed} of {tracks} tracks analysed. Rescan to go on.",
                analysed=number(analysed),
                tracks=number(tracks),
            )
        self.words.setText(words)
        self.steps.end(done=0 < tracks == analysed)
        self._show_files(())
        self._on_paused(paused=False)
        self._enable(running=False)

    def _show_files(self, names: tuple[str, ...]) -> None:
        for place, label in enumerate(self.files):
            label.set_whole_text(names[place] if place < len(names) else "")
            label.setVisible(place < len(names))

    def _enable(self, *, running: bool) -> None:
        for button in (self.pause_button, self.cancel_button):
            button.setEnabled(running)
        self.rescan_button.setEnabled(not running)

    def _on_listen(self) -> None:
        if self.folders.selected:
            self.folder_requested.emit(self.folders.selected)


def _line(*widgets: QPushButton | QComboBox) -> QWidget:
    """Beside each other where there is room, else in several lines."""
    part = QWidget()
    line = FlowLayout(part, spacing=8)
    line.setContentsMargins(0, 6, 0, 10)
    for widget in widgets:
        line.addWidget(widget)
    return part


def _problem_words(files: int) -> str:
    if not files:
        return tr("Every file was taken in and analysed.")
    return trn(
        "{number} file could not be taken in or analysed.",
        "{number} files could not be taken in or analysed.",
        files,
    )
