"""Joins the seek bar to what was measured of the track that plays."""

from __future__ import annotations

from PySide6.QtCore import QObject

from indexer.core.tracks import TrackId
from musicplayer.library.waveforms import TrackSound, Waveforms
from musicplayer.playback.player import Player
from musicplayer.ui.transport.waveform_bar import WaveformBar


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
