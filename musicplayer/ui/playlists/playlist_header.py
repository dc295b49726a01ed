"""The head of a playlist's page: its picture, its name to edit in place, what is in it, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.playlists.edits import LONGEST_NAME
from musicplayer.ui.look.buttons import push_button, worded_button
from musicplayer.ui.look.covers import CoverMosaic
from musicplayer.ui.look.folding_buttons import FoldingButtons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.look import Look

_SIDE = 88
_FIELD = 8
"""Pixels between the edge of the name's field and its text."""


class PlaylistHeader(QWidget):
    """Names a playlist.

    Signals:
        renamed: the name that was typed.
    """

    renamed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playlistHeader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = ""
        self.mosaic = CoverMosaic(_SIDE, look)
        self.name = QLineEdit()
        self.summary = ElidedLabel("small")
        self.play = push_button(tr("Play"), plays=True, icon=look.icons.icon("play-fill", "on_accent"))
        self.shuffle = worded_button(look.icons.icon("shuffle"), tr("Shuffle"), tip=tr("Play in an order of chance"))
        self.queue = worded_button(look.icons.icon("queue"), tr("Add to queue"))
        self.edit = worded_button(look.icons.icon("sliders-horizontal"), tr("Edit search…"))
        self.export = worded_button(look.icons.icon("export"), tr("Export…"), tip=tr("Save as a playlist file"))
        self._buttons = FoldingButtons((self.play, self.shuffle, self.queue, self.export, self.edit))
        self._build_ui()
        self.name.editingFinished.connect(self._on_named)
        self.name.installEventFilter(self)

    def show_playlist(self, name: str, summary: str, *, smart: bool, empty: bool) -> None:
        """Say what the playlist is."""
        self._name = name
        if self.name.text() != name and not self.name.isModified():
            self.name.setText(name)
        self.name.setAccessibleName(tr("Name of the playlist"))
        self.summary.set_whole_text(summary)
        self.edit.setVisible(smart)
        self._buttons.fit()
        for button in (self.play, self.shuffle, self.queue, self.export):
            button.setEnabled(not empty)

    def edit_name(self) -> None:
        """Let another name be typed."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc takes the typing back."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.name.setText(self._name)
            self.name.setModified(False)
            self.name.clearFocus()
            return True
        return super().eventFilter(watched, event)

    def _on_named(self) -> None:
        typed, changed = self.name.text(), self.name.isModified()
        self.name.setModified(False)
        if changed and typed.strip() and typed != self._name:
            self.renamed.emit(typed)
        self.name.setText(self._name)
        if self.name.hasFocus():
            self.name.clearFocus()

    def _build_ui(self) -> None:
        self.name.setObjectName("playlistName")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setToolTip(tr("Click to rename"))
        self.name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.summary.setContentsMargins(_FIELD, 0, 0, 0)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self.name)
        lines.addWidget(self.summary)
        lines.addStretch()
        below = QHBoxLayout()
        below.setContentsMargins(_FIELD, 0, 0, 0)
        below.addWidget(self._buttons)
        lines.addLayout(below)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 12, 12, 12)
        layout.setSpacing(14 - _FIELD)
        layout.addWidget(self.mosaic, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(lines, 1)
