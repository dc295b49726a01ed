"""The mini player: a small window in front of all others, with what one needs while doing something else."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.phrases import clock
from indexer.core.tracks import Seconds, Track
from musicplayer.assets import asset
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.look.buttons import tool_button
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.links import CoverLink
from musicplayer.ui.look.look import Look
from musicplayer.ui.transport.transport_bar import named_parts
from musicplayer.ui.transport.waveform_bar import WaveformBar

_COVER = 76
_SIZE = (420, 124)
_NARROWEST = 340
_WIDEST = 900
_PLAY = 40


class MiniPlayer(QWidget):
    """Shows and steers the player.

    Signals:
        back_requested: the large window is wanted again; closing this one wants the same.
    """

    back_requested = Signal()

    def __init__(self, player: Player, look: Look) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setObjectName("mini")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Segue")
        self.setWindowIcon(QIcon(str(asset("icons/segue.svg"))))
        self.setFixedHeight(_SIZE[1])
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self.resize(*_SIZE)
        self._player = player
        self._icons = look.icons
        icon = look.icons.icon
        self.cover = CoverLink(_COVER, look)
        self.cover.setToolTip(tr("Back to the large window"))
        self.title = ElidedLabel("strong")
        self.names = ElidedLabel("small")
        self.heart = tool_button(icon("heart", name_on="heart-fill"), tr("Favourite"), tip=tr("Favourite (Ctrl+D)"))
        self.heart.setCheckable(True)
        self.heart.setProperty("said", True)
        self.large = tool_button(icon("arrows-out-simple"), tr("Back to the large window"))
        self.previous = tool_button(icon("skip-back-fill", "text"), tr("Previous"))
        self.play = tool_button(icon("play-fill", "on_accent"), tr("Play"), size=20)
        self.play.setObjectName("play")
        self.play.setFixedSize(_PLAY, _PLAY)
        self.next = tool_button(icon("skip-forward-fill", "text"), tr("Next"))
        self.seek = WaveformBar(look.theme)
        self.time = QLabel()
        self.time.setObjectName("time")
        self.time.setAccessibleName(tr("Elapsed"))
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("00:00") + 4)
        self._build_ui()
        self._connect()

    def show_track(self, track: Track | None, *, favourite: bool | None) -> None:
        """Show what plays; `favourite` is None where nothing can be said of it."""
        self.seek.forget_turn()
        self.cover.show_track(track)
        self.title.set_whole_text(track.title if track else tr("Nothing is playing"))
        self.names.set_whole_text(" · ".join(text for text, _ in named_parts(track) if text))
        self.setWindowTitle(track.title if track else "Segue")
        self.show_favourite(favourite)
        self._on_state(self._player.state)
        self._on_duration(self._player.duration())

    def show_favourite(self, favourite: bool | None) -> None:
        self.heart.setEnabled(favourite is not None)
        self.heart.setChecked(bool(favourite))

    def sizeHint(self) -> QSize:
        return QSize(*_SIZE)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.back_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _build_ui(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self.title)
        names.addWidget(self.names)
        above = QHBoxLayout()
        above.setSpacing(2)
        above.addLayout(names, 1)
        above.addWidget(self.heart)
        above.addWidget(self.large)
        below = QHBoxLayout()
        below.setSpacing(4)
        for part in (self.previous, self.play, self.next):
            below.addWidget(part)
        below.addSpacing(4)
        below.addWidget(self.seek, 1)
        below.addWidget(self.time)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(above)
        right.addLayout(below)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 12, 12, 12)
        layout.setSpacing(14)
        layout.addWidget(self.cover)
        layout.addLayout(right, 1)

    def _connect(self) -> None:
        player = self._player
        self.cover.clicked.connect(self.back_requested)
        self.large.clicked.connect(self.back_requested)
        self.previous.clicked.connect(player.previous)
        self.play.clicked.connect(player.toggle)
        self.next.clicked.connect(player.next)
        self.seek.seek_requested.connect(player.seek)
        self.seek.scrubbed.connect(self._show_time)
        player.state_changed.connect(self._on_state)
        player.duration_changed.connect(self._on_duration)
        player.position_changed.connect(self._on_position)

    def _on_state(self, state: PlaybackState) -> None:
        playing = state is PlaybackState.PLAYING
        self.play.setIcon(self._icons.icon("pause-fill" if playing else "play-fill", "on_accent"))
        name = tr("Pause") if playing else tr("Play")
        self.play.setAccessibleName(name)
        self.play.setToolTip(name)
        self.play.setEnabled(self._player.can_play)

    def _on_duration(self, seconds: Seconds) -> None:
        self.seek.set_duration(seconds)
        self._on_position(self._player.position())

    def _on_position(self, seconds: Seconds) -> None:
        if self.isVisible() and not self.seek.is_held:
            self.seek.set_position(seconds)
            self._show_time(seconds)

    def _show_time(self, seconds: Seconds) -> None:
        self.time.setText(clock(seconds) if self._player.current is not None else "")
