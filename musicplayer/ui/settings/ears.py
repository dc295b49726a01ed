"""Settings › Recommendations: ears, networks by others that hear music too, with what they cost to add."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from indexer.core.errors import SegueError
from indexer.core.events import Failed, Finished
from indexer.core.language import number, tr
from indexer.core.model.embedding.ears import EARS, Ear, added, remove_ear
from indexer.core.model.profiles import SONIC
from indexer.core.phrases import sentence, size
from musicplayer.jobs.jobs import Jobs
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.dialogs import ConfirmDialog
from musicplayer.ui.look.form import text_label
from musicplayer.ui.look.theme import mark_as

_ADD = "ear"


class EarsSection(QWidget):
    """A row for each ear; adding one is a job of its own beside those that index.

    Signals:
        changed: an ear came or went.
    """

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QWidget | None = None, *, jobs: Jobs | None = None) -> None:
        """`jobs` stands in for the real ones in tests."""
        super().__init__(parent)
        self._preferences = preferences
        self._jobs = jobs or Jobs(preferences.home, preferences.settings, self)
        self.buttons: dict[str, QPushButton] = {}
        self.outcome = text_label("", "soft")
        self._build_ui()
        self._jobs.finished.connect(self._on_finished)
        self._jobs.failed.connect(self._on_failed)
        self._show_buttons()

    def shutdown(self) -> None:
        """End what runs; an ear that is half added leaves nothing."""
        self._jobs.shutdown()

    def _build_ui(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for ear in EARS.values():
            button = self.buttons[ear.name] = push_button("")
            button.clicked.connect(partial(self._on_clicked, ear))
            column.addWidget(text_label(f"{ear.title} – {tr(ear.about)}", ""))
            column.addWidget(text_label(_costs(ear), "small"))
            column.addLayout(button_line(button))
        column.addWidget(self.outcome)

    def _show_buttons(self) -> None:
        for ear in EARS.values():
            words = tr("Remove") if self._is_added(ear) else tr("Add…")
            self.buttons[ear.name].setText(words)
            self.buttons[ear.name].setAccessibleName(f"{words} {ear.title}")
            self.buttons[ear.name].setEnabled(True)

    def _is_added(self, ear: Ear) -> bool:
        try:
            return added(self._preferences.home, ear) is not None
        except SegueError as error:
            self._say(sentence(error.message, error.advice), "danger")
            return False

    def _on_clicked(self, ear: Ear, _checked: bool = False) -> None:
        if self._is_added(ear):
            self._remove(ear)
            return
        dialog = ConfirmDialog(
            tr("Add {name}", name=ear.title),
            tr("Download {name} from pypi.org and add it?", name=ear.title),
            f"{tr(ear.about)} {_costs(ear)}",
            tr("Download and add"),
            self.window(),
        )
        dialog.ask(lambda _: self._add(ear))

    def _add(self, ear: Ear) -> None:
        self._say(tr("{name} is being added…", name=ear.title), "soft")
        self._jobs.run(_ADD, "ears", "add", ear.name, "--yes")
        self.buttons[ear.name].setEnabled(False)

    def _remove(self, ear: Ear) -> None:
        try:
            remove_ear(self._preferences.home, ear)
        except SegueError as error:
            self._say(sentence(error.message, error.advice), "danger")
            return
        except OSError as error:
            self._say(str(error), "danger")
            return
        if self._preferences.settings.profile == ear.profile:
            self._preferences.set("profile", SONIC.name)
        self._say(tr("{name} is removed. Recommendations go on by the profile sonic.", name=ear.title), "soft")
        self._show_buttons()
        self.changed.emit()

    def _on_finished(self, _: Finished) -> None:
        about = tr(
            "It is added. To use it choose its profile under Indexing; tracks are then analysed again from the next "
            "start on, and until they are, answers are provisional."
        )
        self._after(about, "soft")
        self.changed.emit()

    def _on_failed(self, failed: Failed) -> None:
        self._after(sentence(failed.message, failed.advice), "danger")

    def _after(self, words: str, tone: str) -> None:
        self._say(words, tone)
        self._show_buttons()

    def _say(self, words: str, tone: str) -> None:
        self.outcome.setText(words)
        mark_as(self.outcome, "tone", tone)


def _costs(ear: Ear) -> str:
    return tr(
        "By {makers}. Licence: {licence}. Download: {size}. Each minute of music that is heard takes a processor core "
        "{seconds} s longer.",
        makers=ear.makers,
        licence=ear.licence,
        size=size(ear.size),
        seconds=number(ear.cost, 1),
    )
