"""What recommendations go by, as controls for the settings dialog, and in a small window where one looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.settings import SameArtist
from musicplayer.ui.frame.bound import Choice, between, check, choice
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.form import text_label

ControlT_co = TypeVar("ControlT_co", bound=QWidget, covariant=True)

_NARROWEST = 360


@dataclass(frozen=True)
class Row(Generic[ControlT_co]):
    """A control with its name, and a sentence about it."""

    name: str
    control: ControlT_co
    about: str


def same_artist(preferences: Preferences) -> Row[Choice]:
    """How many tracks of the seed's own artist a list may have."""
    options = {
        SameArtist.ALLOW: tr("As many as sound alike"),
        SameArtist.LIMIT: tr("A few of them"),
        SameArtist.HIDE: tr("None"),
    }
    about = tr("Tracks by the artist that the list is about. Other artists get three places each at most.")
    return Row(tr("The same artist"), choice(preferences, "same_artist", options), about)


def radio_lean(preferences: Preferences) -> Row[QWidget]:
    """How far the radio leans towards the listener's taste."""
    about = tr("Of what sounds right the radio then takes first what your plays and opinions say you like.")
    lean = between(preferences, "radio_lean", tr("Near the seed"), tr("Near your taste"))
    return Row(tr("The radio stays"), lean, about)


def songs_only(preferences: Preferences) -> Row[QCheckBox]:
    """Whether what is no song is left out."""
    about = tr(
        "Audiobooks, podcasts, mixes and jingles then come up only beside their own kind. They stay in the library and "
        "can be played and queued as before."
    )
    return Row(tr("Offer songs only"), check(preferences, "only_songs"), about)


class RecommendingPopover(QFrame):
    """The settings of recommendations that matter in a place, over the window until something else is clicked.

    Signals:
        all_requested: the page of all of them is wanted.
    """

    all_requested = Signal()

    def __init__(self, rows: Sequence[Row[QWidget]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setAccessibleName(tr("Settings of recommendations"))
        self._first = rows[0].control
        self.all_button = push_button(tr("All settings…"))
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(5)
        layout.addWidget(text_label(tr("Recommendations"), "strong"))
        layout.addSpacing(7)
        for row in rows:
            for part in _parts(row):
                layout.addWidget(part)
            layout.addSpacing(7)
        layout.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.all_button.clicked.connect(self._on_all)

    def open_below(self, widget: QWidget) -> None:
        """Show it under `widget`, its right edge in line, where the screen leaves the room."""
        self.ensurePolished()  # or what it needs is of the application's font
        self.setFixedWidth(max(_NARROWEST, self._column.minimumSize().width()))
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4))
        room = widget.screen().availableGeometry()
        self.move(max(room.left(), min(corner.x(), room.right() - self.width())), corner.y())
        self.show()
        self._first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_all(self) -> None:
        self.close()
        self.all_requested.emit()


def _parts(row: Row[QWidget]) -> list[QWidget]:
    reached = row.control.focusProxy() or row.control
    reached.setAccessibleName(row.name)
    reached.setAccessibleDescription(row.about)
    about = text_label(row.about, "small")
    if isinstance(row.control, QCheckBox):
        row.control.setText(row.name)
        return [row.control, about]
    name = QLabel(row.name)
    name.setProperty("tone", "soft")
    name.setBuddy(row.control)
    return [name, row.control, about]
