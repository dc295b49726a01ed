"""The foot of the side bar: the way to Indexing, how far a job is, what has problems, whether there is a database."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from indexer.core.follow.changes import LibraryCounts
from indexer.core.language import number, tr, trn
from indexer.core.phrases import sentence
from musicplayer.jobs.jobs import Jobs
from musicplayer.library.database_client import DatabaseClient
from musicplayer.ui.frame.job_status import JobStatus
from musicplayer.ui.frame.places import Place
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel

_ICON = 17
"""Pixels, as in the list above."""


class Foot(QWidget):
    """Listens to the jobs and the database; stands under the list of places, and is hidden with it.

    Signals:
        chosen: the key of the place to show.
    """

    chosen = Signal(str)

    def __init__(
        self, jobs: Jobs, client: DatabaseClient, icons: Icons, machine: str = "", parent: QWidget | None = None
    ) -> None:
        """`machine` is the one that has the library, empty for this one."""
        super().__init__(parent)
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._machine = machine
        self._icons = icons
        self._places: dict[str, QToolButton] = {}
        self.job = JobStatus(jobs, icons)
        self.database = QLabel()
        self.database.setProperty("tone", "small")
        self.database.setWordWrap(True)
        self.counts = ElidedLabel("small")
        self.problems = worded_button(icons.icon("warning", "danger"), "")
        self.problems.setObjectName("problems")
        self.problems.setAccessibleName(tr("Files with problems"))
        self.problems.hide()
        self._build_ui()
        self._say_database(tr("Asking {machine}…", machine=machine) if machine else tr("Connecting to the database…"))
        client.connected.connect(lambda: self._say_database(""))
        client.unavailable.connect(self._on_unavailable)
        client.counts_changed.connect(self.set_counts)

    def add(self, place: Place) -> None:
        """Offer a place here."""
        button = worded_button(self._icons.icon(place.glyph, on="selection_text"), place.title)
        button.setObjectName("footPlace")
        button.setIconSize(QSize(_ICON, _ICON))
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self._on_clicked(place.key))
        self._line.insertWidget(len(self._places), button)
        self._places[place.key] = button

    def select(self, key: str) -> None:
        """Mark a place as the one that is shown, and no other."""
        for each, button in self._places.items():
            button.setChecked(each == key)

    def set_counts(self, counts: LibraryCounts) -> None:
        """Say how much there is and how much of it was analysed."""
        analysed = min(counts.analysed, counts.tracks)
        if not counts.tracks:
            self._say_counts("")
        elif analysed == counts.tracks:
            self._say_counts(trn("{number} track, all analysed", "{number} tracks, all analysed", counts.tracks))
        elif counts.is_complete:
            tracks = trn("{number} track", "{number} tracks", counts.tracks)
            left = trn("{number} cannot be compared", "{number} cannot be compared", counts.tracks - analysed)
            self._say_counts(tr("{tracks}, {left}", tracks=tracks, left=left))
        else:
            tracks = trn("{number} track", "{number} tracks", counts.tracks)
            self._say_counts(tr("{tracks}, {number} analysed", tracks=tracks, number=number(analysed)))
        told = trn("{number} file with problems", "{number} files with problems", counts.problems)
        self.problems.setText(f" {number(counts.problems)}")
        self.problems.setAccessibleName(told)
        self.problems.setToolTip(f"{told}. {tr('Show the files with problems')}")
        self.problems.setVisible(counts.problems > 0)

    def _say_counts(self, words: str) -> None:
        self.counts.set_whole_text(words)
        self.counts.setVisible(bool(words))

    def _say_database(self, words: str, about: str = "") -> None:
        self.database.setText(words)
        self.database.setToolTip(about)
        self.database.setVisible(bool(words))

    def _on_unavailable(self, message: str, advice: str) -> None:
        self._say_database(
            tr("{machine} does not answer: showing the library as last seen", machine=self._machine)
            if self._machine
            else tr("No database: showing the library as last seen"),
            sentence(message, advice),
        )

    def _on_clicked(self, key: str) -> None:
        self.chosen.emit(key)
        self._places[key].setChecked(True)  # a click on the place that is shown leads nowhere else

    def _build_ui(self) -> None:
        self._line = QHBoxLayout()
        self._line.setSpacing(2)
        self._line.addWidget(self.problems)
        words = QVBoxLayout()
        words.setContentsMargins(8, 0, 0, 0)
        words.setSpacing(2)
        for part in (self.job, self.database, self.counts):
            words.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 5, 8, 7)
        layout.setSpacing(2)
        layout.addLayout(self._line)
        layout.addLayout(words)


def side_column(sidebar: QWidget, foot: Foot) -> QWidget:
    """The side bar with its foot."""
    column = QWidget()
    column.setObjectName("side")
    column.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 1, 0)
    layout.setSpacing(0)
    layout.addWidget(sidebar, 1)
    layout.addWidget(foot)
    return column
