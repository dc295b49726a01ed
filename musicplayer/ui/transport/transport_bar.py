"""The bar at the bottom: what plays, where in it, and the buttons that steer it."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from indexer.core.language import mark, number, tr
from indexer.core.phrases import clock, isolated, key_name
from indexer.core.playing.queue import Repeat
from indexer.core.tracks import Seconds, Track, TrackId, TrackOf
from musicplayer.library.waveforms import TrackSound, Waveforms
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.look.buttons import tool_button, worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import ElidedLabel
from musicplayer.ui.look.links import CoverLink, Link, LinkLine
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.track_rows import OUTSIDE
from musicplayer.ui.transport.opinion_bar import OpinionBar
from musicplayer.ui.transport.volume import VolumeControl
from musicplayer.ui.transport.waveform_bar import HEIGHT, WaveformBar

ARTIST, ALBUM = "artist", "album"
"""Where the line below the title leads."""

_HEIGHT = 92
_LARGE = 34
"""Pixels by which the waveform is higher where the names are shown elsewhere."""
_COVER = 58
_PLAY = 40
WIDE_FROM = 1600
"""Pixels of width from which on there is room to say more of the track, and for a longer seek bar."""
_MINUS = "\N{MINUS SIGN}"
_SHARES, _WIDE_SHARES, _LARGE_SHARES = (3, 5, 3), (1, 3, 1), (0, 1, 0)
"""Of the width: what plays, its waveform, its sound."""
_REPEAT_ORDER = {Repeat.OFF: Repeat.ALL, Repeat.ALL: Repeat.ONE, Repeat.ONE: Repeat.OFF}
_REPEAT_NAMES = {
    Repeat.OFF: mark("Repeat: off"),
    Repeat.ALL: mark("Repeat: all"),
    Repeat.ONE: mark("Repeat: this track"),
}


class TransportBar(QWidget):
    """Listens to the player and steers it; where cover, title and names lead to is up to who made it.

    Signals:
        menu_requested: of the track that plays, and where on the screen.
    """

    menu_requested = Signal(QPoint)

    def __init__(
        self,
        player: Player,
        track_of: TrackOf,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self._player = player
        self._track_of = track_of
        self._icons = look.icons
        self.cover = CoverLink(_COVER, look)
        self.title = Link("title")
        self.artist = LinkLine("soft")
        self.opinion = OpinionBar(look)
        self.facts = ElidedLabel("small")
        self._facts = ""
        self._is_large = False
        self.seek = WaveformBar(look.theme)
        self.elapsed = _time_label(tr("Elapsed"), Qt.AlignmentFlag.AlignRight)
        self.remaining = _time_label(tr("Remaining"), Qt.AlignmentFlag.AlignLeft)
        self.extras = TransportSound(look.icons)
        self.volume = VolumeControl(player, look.icons)
        self._build_buttons()
        self._build_ui()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the player as it is."""
        self._show_track(self._player.current)
        self._on_state(self._player.state)
        self._on_duration(self._player.duration())
        self._on_position(self._player.position())
        self._on_modes()

    def on_track(self, current: TrackId | None) -> None:
        """Another track is current, or none."""
        self.seek.forget_turn()
        self._show_track(current)

    def show_large(self, large: bool) -> None:
        """Leave the names to what shows them large, and give their room to the waveform."""
        for part in (self.cover, self._names):
            part.setVisible(not large)
        self._is_large = large
        self._share_width()
        self.seek.set_height(HEIGHT + (_LARGE if large else 0))
        self.setFixedHeight(_HEIGHT + (_LARGE if large else 0))
        self.large.setChecked(large)

    def next_repeat(self) -> None:
        """Off, all, this track, and off again."""
        self._player.set_repeat(_REPEAT_ORDER[self._player.queue.repeat])

    # Building

    def _build_buttons(self) -> None:
        icon = self._icons.icon
        self.previous = tool_button(
            icon("skip-back-fill", "text"), tr("Previous"), tip=tr("Previous (Ctrl+Left)"), size=20
        )
        self.play = tool_button(icon("play-fill", "on_accent"), tr("Play"), size=20)
        self.play.setObjectName("play")
        self.play.setFixedSize(_PLAY, _PLAY)
        self.next = tool_button(icon("skip-forward-fill", "text"), tr("Next"), tip=tr("Next (Ctrl+Right)"), size=20)
        self.shuffle = tool_button(icon("shuffle", on="accent"), tr("Shuffle"))
        self.shuffle.setCheckable(True)
        self.shuffle.setProperty("said", True)
        self.repeat = tool_button(icon("repeat"), tr("Repeat: off"))
        for button in (self.shuffle, self.repeat, self.previous, self.next):
            button.setFixedSize(QSize(34, 34))
        self.large = tool_button(
            icon("arrows-out-simple", name_on="arrows-in-simple"), tr("Now playing"), tip=tr("Now playing (F8)")
        )
        self.large.setCheckable(True)
        self.mini = tool_button(icon("picture-in-picture"), tr("Mini player"), tip=tr("Mini player (Ctrl+Shift+M)"))

    def _build_ui(self) -> None:
        self._parts = QHBoxLayout(self)
        self._parts.setContentsMargins(12, 0, 14, 0)
        self._parts.setSpacing(14)
        self._sections = (self._now_playing(), self._centre(), self._right())
        for part in self._sections:
            self._parts.addWidget(part)
        self._share_width()

    def _now_playing(self) -> QWidget:
        self._names = QWidget()
        names = QVBoxLayout(self._names)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.artist)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addStretch()
        lines.addWidget(self._names)
        third = QHBoxLayout()
        third.setSpacing(10)
        third.addWidget(self.opinion)
        third.addWidget(self.facts, 1)
        lines.addLayout(third)
        lines.addStretch()
        part = QWidget()
        part.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        part.customContextMenuRequested.connect(lambda spot: self.menu_requested.emit(part.mapToGlobal(spot)))
        layout = QHBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.cover)
        layout.addLayout(lines, 1)
        return part

    def _centre(self) -> QWidget:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        for button in (self.shuffle, self.previous, self.play, self.next, self.repeat):
            buttons.addWidget(button)
        buttons.addStretch()
        seek = QHBoxLayout()
        seek.setSpacing(8)
        seek.addWidget(self.elapsed)
        seek.addWidget(self.seek, 1)
        seek.addWidget(self.remaining)
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 7, 0, 5)
        layout.setSpacing(2)
        layout.addLayout(buttons)
        layout.addLayout(seek)
        return part

    def _right(self) -> QWidget:
        part = QWidget()
        layout = QHBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addStretch()
        layout.addWidget(self.extras)
        layout.addWidget(self.volume)
        layout.addWidget(self.mini)
        layout.addWidget(self.large)
        return part

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        wide = self.width() >= WIDE_FROM
        shares = _LARGE_SHARES if self._is_large else _WIDE_SHARES if wide else _SHARES
        exactly = wide and not self._is_large  # elsewhere what the parts need comes first
        policy = QSizePolicy.Policy.Ignored if exactly else QSizePolicy.Policy.Preferred
        self.facts.set_whole_text(self._facts if exactly else "")
        for place, (part, share) in enumerate(zip(self._sections, shares, strict=True)):
            part.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
            self._parts.setStretch(place, share)

    # Player

    def _connect(self) -> None:
        player = self._player
        player.state_changed.connect(self._on_state)
        player.duration_changed.connect(self._on_duration)
        player.position_changed.connect(self._on_position)
        player.modes_changed.connect(self._on_modes)
        player.queue_changed.connect(self._on_queue)
        self.play.clicked.connect(player.toggle)
        self.previous.clicked.connect(player.previous)
        self.next.clicked.connect(player.next)
        self.seek.seek_requested.connect(player.seek)
        self.seek.scrubbed.connect(self._show_times)
        self.shuffle.clicked.connect(player.set_shuffle)
        self.repeat.clicked.connect(self.next_repeat)

    def _show_track(self, current: TrackId | None) -> None:
        track = None if current is None else self._track_of(current)
        self.cover.show_track(track)
        self.title.set_whole_text(track.title if track else tr("Nothing is playing"))
        self.title.leads = track is not None
        self.artist.show_parts(named_parts(track))
        self._facts = "" if track is None else facts_of(track)
        self._share_width()
        self._on_queue()

    def _on_queue(self) -> None:
        self.play.setEnabled(self._player.can_play)
        something = self._player.current is not None or len(self._player.queue) > 0
        for button in (self.previous, self.next):
            button.setEnabled(something)

    def _on_state(self, state: PlaybackState) -> None:
        playing = state is PlaybackState.PLAYING
        self.play.setIcon(self._icons.icon("pause-fill" if playing else "play-fill", "on_accent"))
        name = tr("Pause") if playing else tr("Play")
        self.play.setAccessibleName(name)
        self.play.setToolTip(tr("{name} (Space)", name=name))

    def _on_duration(self, seconds: Seconds) -> None:
        self.seek.set_duration(seconds)
        self._on_position(self._player.position())

    def _on_position(self, seconds: Seconds) -> None:
        if not self.seek.is_held:
            self.seek.set_position(seconds)
            self._show_times(seconds)

    def _show_times(self, seconds: Seconds) -> None:
        duration = self._player.duration()
        playing = self._player.current is not None
        self.elapsed.setText(clock(seconds) if playing else "")
        self.remaining.setText(f"{_MINUS}{clock(max(duration - seconds, 0))}" if playing and duration else "")

    def _on_modes(self) -> None:
        queue = self._player.queue
        self.shuffle.setChecked(queue.shuffle)
        self.shuffle.setToolTip(tr("Shuffle: on") if queue.shuffle else tr("Shuffle: off"))
        name = "repeat-once" if queue.repeat is Repeat.ONE else "repeat"
        self.repeat.setIcon(self._icons.icon(name, "soft" if queue.repeat is Repeat.OFF else "accent"))
        self.repeat.setAccessibleName(tr(_REPEAT_NAMES[queue.repeat]))
        self.repeat.setToolTip(tr(_REPEAT_NAMES[queue.repeat]))


def facts_of(track: Track) -> str:
    """`117 BPM · A minor · FLAC`: tempo, key and format of a track, as far as they are known."""
    tempo = "" if track.tempo is None else tr("{tempo} BPM", tempo=number(track.tempo))
    facts = (tempo, key_name(track.key), PurePath(track.path).suffix.removeprefix(".").upper())
    return " · ".join(fact for fact in facts if fact)


def named_parts(track: Track | None) -> list[tuple[str, str]]:
    """Artist and album of a track, each with where it leads; a file from outside leads nowhere."""
    if track is None:
        return []
    known = bool(track.root)
    parts = [(track.artist, ARTIST), ("" if known else tr(OUTSIDE), ""), (track.album, ALBUM)]
    return [(isolated(text) if text else "", word if known else "") for text, word in parts]


class TransportSound(QWidget):
    """Speed and sleep timer where they are on, and the way to the Sound dialog; whoever made it connects them."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.speed = worded_button(icons.icon("gauge", "accent"), "")
        self.sleep = worded_button(icons.icon("moon", "accent"), "")
        self.sound = tool_button(icons.icon("sliders-horizontal"), tr("Sound"), tip=tr("Sound (Ctrl+Shift+E)"))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        for button in (self.speed, self.sleep, self.sound):
            self._layout.addWidget(button)
        self.show_speed("")
        self.show_sleep("")

    def add_lamp(self, lamp: QWidget) -> None:
        """Show another thing that is on, before the others."""
        self._layout.insertWidget(0, lamp)

    def show_speed(self, words: str) -> None:
        """Name the speed, nothing while it is the normal one."""
        _show_words(self.speed, words, tr("Speed {speed}. Click for the normal one.", speed=words))

    def show_sleep(self, words: str) -> None:
        """Say when the music ends, nothing while it goes on."""
        _show_words(self.sleep, words, tr("Sleep timer: {when}. Click to change it or to call it off.", when=words))


class WaveformControl(QObject):
    """Has the playing track's waveform fetched, and shows it when it comes."""

    def __init__(self, bar: WaveformBar, player: Player, sounds: Waveforms, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self._player = player
        self._sounds = sounds
        self.on_track(player.current)

    def on_track(self, track: TrackId | None) -> None:
        sound = None if track is None else self._sounds.get(track)
        self._bar.set_waveform(None if sound is None else sound.waveform)
        if track is not None and sound is None:
            self._sounds.request([track])

    def on_arrived(self, track: TrackId, sound: TrackSound) -> None:
        if track == self._player.current:
            self._bar.set_waveform(sound.waveform)


def _time_label(name: str, side: Qt.AlignmentFlag) -> QLabel:
    label = QLabel()
    label.setObjectName("time")
    label.setAccessibleName(name)
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    label.setFixedWidth(label.fontMetrics().horizontalAdvance(f"{_MINUS}0:00:00") + 4)
    return label


def _show_words(button: QToolButton, words: str, about: str) -> None:
    button.setVisible(bool(words))
    button.setText(f" {words}")
    button.setAccessibleName(about)
    button.setToolTip(about)
