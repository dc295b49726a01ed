"""The dialogs of the Help menu: every key that does something, read off the actions themselves; what Segue is."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from indexer.core.language import mark, tr
from musicplayer.assets import asset
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.labels import WrappedLabel

HELP = "help"
"""Property of an action whose words change with the state: what it does, in words for every state."""

_OR = mark("or")

IN_LISTS = (
    (mark("Play the selected tracks"), "Return"),
    (mark("Play everything from this track on"), "Shift+Return"),
    (mark("Remove from the queue or a playlist"), "Del"),
    (mark("Move rows of the queue or a playlist"), "Alt+Up"),
    (mark("Why a similar track is here"), "Ctrl+I"),
    (mark("Hide a similar track"), "Del"),
    (mark("Pin or follow, in the panel"), "Ctrl+P"),
    (mark("Clear the search"), "Esc"),
    (mark("From the search to the tracks"), "Down"),
    (mark("All tracks"), "Ctrl+A"),
)

_LOGO = 72
_WIDTH = 380
_TEXT = mark(
    "A music player that knows what your music sounds like.\n\n"
    "It analyses on this computer only: nothing that you own or hear leaves it.\n\n"
    "Made with Qt, VLC, librosa, Apache Spark and MongoDB’s protocol. "
    "Free software under the GNU General Public License, version 3 or later."
)


class ShortcutsDialog(QDialog):
    """Two columns of what and how."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        close = push_button(tr("Close"), primary=True)
        close.clicked.connect(self.close)
        columns = QHBoxLayout()
        columns.setSpacing(44)
        listed = shortcuts_of(actions)
        half = (len(listed) + len(IN_LISTS) + 1) // 2
        columns.addLayout(_grid(tr("In the window"), listed[:half]), 1)
        right = QVBoxLayout()
        right.setSpacing(18)
        right.addLayout(_grid("", listed[half:]))
        right.addLayout(_grid(tr("In lists"), [(tr(text), _native(keys)) for text, keys in IN_LISTS]))
        right.addStretch()
        columns.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(20)
        layout.addLayout(columns)
        layout.addLayout(buttons)


class AboutDialog(QDialog):
    """Name, version, purpose, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Segue"))
        logo = QLabel()
        logo.setPixmap(QIcon(str(asset("icons/segue.svg"))).pixmap(QSize(_LOGO, _LOGO), self.devicePixelRatioF()))
        close = push_button(tr("Close"), primary=True)
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 26, 28, 22)
        layout.setSpacing(8)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(logo, 0, centre)
        layout.addWidget(WrappedLabel("Segue", "headline", _WIDTH), 0, centre)
        layout.addWidget(WrappedLabel(tr("Version {version}", version=app_version()), "small", _WIDTH), 0, centre)
        layout.addSpacing(6)
        layout.addWidget(WrappedLabel(tr(_TEXT), "soft", _WIDTH), 0, centre)
        layout.addSpacing(10)
        layout.addWidget(close, 0, centre)


def shortcuts_of(actions: Sequence[QAction]) -> list[tuple[str, str]]:
    """What each action with keys does, and its keys as this platform writes them."""
    separator = f"  {tr(_OR)}  "
    return [
        (
            action.property(HELP) or action.text().rstrip("… "),
            separator.join(_native(key.toString()) for key in action.shortcuts()),
        )
        for action in actions
        if action.shortcuts()
    ]


def _native(keys: str) -> str:
    written = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return written.replace("Return", tr("Enter"))  # which Qt has no German for


def _grid(title: str, lines: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(0, 1)
    heading = QLabel(title)
    heading.setProperty("tone", "strong")
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, (text, keys) in enumerate(lines, 1):
        what, how = QLabel(text), QLabel(keys)
        how.setProperty("tone", "soft")
        grid.addWidget(what, row, 0)
        grid.addWidget(how, row, 1, Qt.AlignmentFlag.AlignRight)
    grid.setRowStretch(len(lines) + 1, 1)
    return grid


def app_version() -> str:
    """The installed version, or a word for a checkout that was not installed."""
    try:
        return version("segue-player")
    except PackageNotFoundError:
        return tr("from source")
