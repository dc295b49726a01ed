"""How one comes to the mini player and back, and what it shows: one of the two windows is seen at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow

from indexer.core.tracks import TrackId
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.transport.opinion_bar import OpinionBar
from musicplayer.ui.transport.transport_bar import TransportBar, WaveformControl

if TYPE_CHECKING:
    from musicplayer.ui.playing.mini_player import MiniPlayer


class MiniControl(QObject):
    """Makes the small window when it is first wanted; whatever shows the large one hides it."""

    def __init__(self, shell: Shell, services: Services, bar: TransportBar, window: QMainWindow) -> None:
        super().__init__(window)
        self._shell = shell
        self._services = services
        self._opinion: OpinionBar = bar.opinion
        self._window = window
        self._player: MiniPlayer | None = None
        self._waveform: WaveformControl | None = None
        bar.mini.clicked.connect(self.open)
        shell.actions.mini_player.triggered.connect(self._toggle)
        services.opinions.changed.connect(lambda *_: self.refresh())
        window.installEventFilter(self)
        shell.closing.then(self._shutdown)

    @property
    def player(self) -> MiniPlayer:
        """The small window."""
        if self._player is None:
            self._player = self._made()
        return self._player

    @property
    def is_open(self) -> bool:
        """Whether the small window is shown."""
        return self._player is not None and self._player.isVisible()

    def open(self) -> None:
        """Show the small window in place of the large one."""
        mini = self.player
        mini.show()
        self._window.hide()
        self.refresh()
        mini.raise_()
        mini.activateWindow()
        mini.setFocus()  # of no button, until the keyboard is used

    def back(self) -> None:
        """Show the large window again."""
        if self.is_open:
            self._window.show()
            self._window.raise_()
            self._window.activateWindow()

    def refresh(self, _track: TrackId | None = None) -> None:
        """Show what plays, if anybody looks."""
        if not self.is_open or self._waveform is None:
            return
        current, library = self._services.player.current, self._services.library
        known = current is not None and library.knows(current)
        self.player.show_track(
            None if current is None else library.track(current),
            favourite=self._services.opinions.of(current).favourite if current is not None and known else None,
        )
        self._waveform.on_track(current)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The large window is shown, by whatever: a click in the tray, a second start."""
        if event.type() == QEvent.Type.Show and self._player is not None:
            self._player.hide()
        return super().eventFilter(watched, event)

    def _made(self) -> MiniPlayer:
        from musicplayer.ui.playing.mini_player import MiniPlayer  # noqa: PLC0415 - few starts come to need it

        services, actions = self._services, self._shell.actions
        mini = MiniPlayer(services.player, services.look)
        mini.addActions([
            actions.play_pause, actions.next, actions.previous, actions.seek_forward, actions.seek_back,
            actions.louder, actions.softer, actions.mute, actions.favourite, actions.mini_player, actions.quit,
        ])  # fmt: skip
        mini.back_requested.connect(self.back)
        mini.heart.clicked.connect(self._opinion.favourite.click)
        self._waveform = WaveformControl(mini.seek, services.player, services.sounds, self)
        services.sounds.arrived.connect(self._waveform.on_arrived)
        services.player.queue_changed.connect(self.refresh)
        return mini

    def _toggle(self) -> None:
        if self.is_open:
            self.back()
        else:
            self.open()

    def _shutdown(self) -> None:
        if self._player is not None:
            self._player.hide()
            self._player.deleteLater()
            self._player = None
