"""Joins the radio to the window: menus and buttons that start it, where it is seen, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from indexer.core.discover.more_like import SimilarAnswer, SimilarState
from indexer.core.language import tr, trn
from indexer.core.phrases import sentence
from indexer.core.playing.queue import Repeat
from indexer.core.plays import PlaySource
from indexer.core.settings import PlayOn
from indexer.core.tracks import TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.queue.radio_chip import RadioChip
from musicplayer.ui.transport.transport_bar import TransportSound

_SETTING = "radio"
_ASKED = 8
"""Tracks that are asked about before the radio starts from them."""
_LIKE_LAST = 4
"""Tracks before the last one of a list that the radio after it sounds like, too."""


class RadioControl(QObject):
    """Starts the radio from tracks, and stops it with one click."""

    def __init__(self, shell: Shell, services: Services, dock: QueueDock, sound: TransportSound) -> None:
        super().__init__(shell.window)
        self._services = services
        self._radio = services.radio
        self._player = services.player
        self._messages = shell.messages
        self._action = shell.actions.radio
        self._dock = dock
        self._said = ""
        self.chip = RadioChip(services.radio, services.library.track, services.look)
        dock.add_chip(self.chip)
        self.lamp = worded_button(
            services.look.icons.icon("broadcast", "accent"), tr("Radio"), tip=tr("Stop the radio")
        )
        self.lamp.setAccessibleName(tr("Stop the radio"))
        sound.add_lamp(self.lamp)
        self._connect(shell)
        self._restore()
        self.on_changed()

    def start(self, tracks: Sequence[TrackId]) -> None:
        """Play the first of the tracks unless one of them plays already, and go on with what sounds like them.

        The queue stays as it is: where tracks are left in it, they come first, and a message offers to take them out.
        """
        if not tracks or not self._can_start(tracks):
            return
        if self._player.current not in tracks:
            self._player.play_now([tracks[0]])
        elif self._player.state is not PlaybackState.PLAYING:
            self._player.play()
        self._go(tracks)

    def toggle(self, on: bool) -> None:
        """Start from what plays, or would if the music had not ended, or stop."""
        if not on:
            self._radio.stop()
        elif self._player.current is not None and self._can_start([self._player.current]):
            seed = self._player.current
            if self._player.state is PlaybackState.STOPPED:
                self._play_again(seed)
            self._go([seed])
        self.on_changed()

    def _play_again(self, track: TrackId) -> None:
        if self._player.queue.current is None:  # else the list that is shown would be played
            self._player.play_now([track])
        else:
            self._player.play()

    def take_out_own(self) -> None:
        """Remove what comes next and is not of the radio; the change of the queue can be undone."""
        queue = self._player.queue
        own = {item.uid for item in queue.upcoming() if item.origin.source is not PlaySource.RADIO}
        self._player.remove([place for place, item in enumerate(queue.items) if item.uid in own])

    def follow_list(self) -> None:
        """Begin to sound like a list that comes to its end, where the person wants that."""
        queue = self._player.queue
        current = queue.current
        at_its_end = queue.repeat is Repeat.OFF and not queue.upcoming()
        wanted = self._services.preferences.settings.play_on is PlayOn.RADIO and not self._radio.is_on
        if current is None or not (wanted and at_its_end and self._player.state is PlaybackState.PLAYING):
            return
        last = [item.track for item in queue.items if item.uid in queue.played][-_LIKE_LAST:]
        seeds = [*last, current.track]
        if any(answer.state is SimilarState.READY for answer in self._answers(seeds)):
            self._radio.start(seeds)

    def on_changed(self) -> None:
        on = self._radio.is_on
        self.chip.refresh()
        self._action.setChecked(on)
        self._action.setEnabled(on or self._player.current is not None)
        if not on:
            self._messages.take_back(self._said)
        self.lamp.setVisible(on and not self._dock.isVisible())
        self._services.preferences.set(_SETTING, list(self._radio.seeds))

    def _connect(self, shell: Shell) -> None:
        self.chip.clicked.connect(self._radio.stop)
        self.lamp.clicked.connect(self._radio.stop)
        self._dock.visibilityChanged.connect(self.on_changed)
        self._action.triggered.connect(self.toggle)
        self._player.track_changed.connect(lambda _: self._messages.take_back(self._said))  # the number is another
        shell.commands.extend(self._add_to_menu)
        shell.commands.radio_requested.connect(self.start)

    def _restore(self) -> None:
        seeds = self._services.preferences.settings.radio
        self._radio.start([TrackId(seed) for seed in seeds])

    def _go(self, tracks: Sequence[TrackId]) -> None:
        self._radio.start(tracks)
        own = self._radio.own_ahead()
        if own:
            self._said = trn(
                "The radio goes on after {number} track that is still in the queue.",
                "The radio goes on after {number} tracks that are still in the queue.",
                own,
            )
            self._messages.tell(self._said, "", trn("Take it out", "Take them out", own), self.take_out_own)
        self._radio.refill()

    def _can_start(self, tracks: Sequence[TrackId]) -> bool:
        """Whether anything is known about one of the tracks, or soon will be; else say why not."""
        answers = self._answers(tracks)
        if any(answer.state in (SimilarState.READY, SimilarState.LOADING) for answer in answers):
            return True
        why = answers[0]
        self._messages.warn(tr("The radio does not know yet how this sounds."), sentence(why.message, why.advice))
        return False

    def _answers(self, tracks: Sequence[TrackId]) -> list[SimilarAnswer]:
        return [self._services.similar.for_track(track, 1) for track in tracks[:_ASKED]]

    def _add_to_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        words = tr("Start radio from here") if len(tracks) == 1 else tr("Start radio from these")
        menu.addAction(self._services.look.icons.icon("broadcast"), words, lambda: self.start(list(tracks)))
