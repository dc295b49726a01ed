"""The row of a journey's page between its ends and its tracks: how many, another one, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from indexer.core.discover.travel import LONGEST, SHORTEST
from indexer.core.language import tr, trn
from musicplayer.ui.look.buttons import push_button, worded_button
from musicplayer.ui.look.icons import Icons

USUAL = 12
_WORDY = 700
_SMALLEST = 400
_PAUSE_MS = 200
"""After the slider has stood still for so long a way is looked for."""


class JourneyTools(QWidget):
    """Says what is wanted.

    Signals:
        length_chosen: the number of tracks, a moment after the slider was moved.
    """

    length_chosen = Signal(int)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelTools")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(SHORTEST, LONGEST)
        self.slider.setPageStep(5)
        self.slider.setMinimumWidth(60)
        self.slider.setMaximumWidth(150)
        self.slider.setAccessibleName(tr("Number of tracks"))
        self.slider.setToolTip(tr("How many tracks the journey has, with its start and its end"))
        self._number = QLabel()
        self.another_button = worded_button(
            icons.icon("dice-five"), tr("Another one"), tip=tr("Find another way between the same tracks")
        )
        self.save_button = worded_button(
            icons.icon("list-plus"), tr("Save as playlist"), tip=tr("Keep the journey as a playlist")
        )
        self.queue_button = worded_button(icons.icon("queue"), tr("Add to queue"), tip=tr("Put it after the queue"))
        self.play_button = push_button(tr("Play"), plays=True, icon=icons.icon("play-fill", "on_accent"))
        self.play_button.setToolTip(tr("Play the journey; the queue comes after it"))
        self.play_button.setIconSize(QSize(14, 14))
        self.play_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.length_chosen.emit(self.length))
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.setValue(USUAL)
        self._pause.stop()
        self._build_ui()

    @property
    def length(self) -> int:
        return self.slider.value()

    def set_usable(self, usable: bool) -> None:
        """Whether there is a journey to do something with."""
        for button in (self.another_button, self.save_button, self.queue_button, self.play_button):
            button.setEnabled(usable)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words of the lesser buttons away where there is no room for them."""
        style = Qt.ToolButtonStyle
        for button in (self.another_button, self.save_button, self.queue_button):
            wordy = event.size().width() >= _WORDY
            button.setToolButtonStyle(style.ToolButtonTextBesideIcon if wordy else style.ToolButtonIconOnly)
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Small enough for the buttons without their words."""
        return QSize(_SMALLEST, super().minimumSizeHint().height())

    def _on_moved(self, value: int) -> None:
        self._number.setText(trn("{number} track", "{number} tracks", value))
        self._pause.start()

    def _build_ui(self) -> None:
        self._number.setMinimumWidth(
            self._number.fontMetrics().horizontalAdvance(trn("{number} track", "{number} tracks", 88) + " ")
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 14, 8)
        layout.setSpacing(6)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self._number)
        layout.addWidget(self.another_button)
        layout.addStretch(1)
        for button in (self.save_button, self.queue_button, self.play_button):
            layout.addWidget(button)
