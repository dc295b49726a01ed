"""Answers by how much a track is to be amplified, from its tags, its measurement and the settings."""

from __future__ import annotations

from collections.abc import Callable

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.playing.gain import Levels, gain_db
from indexer.core.settings import Settings
from indexer.core.tracks import Track, TrackId
from musicplayer.library.waveforms import Waveforms


class Gains:
    """Knows nothing by itself; it can be asked at any time, and answers better once a track's Sound has arrived."""

    def __init__(
        self,
        catalogue: Catalogue,
        sounds: Waveforms,
        settings: Settings,
        *,
        loose: Callable[[TrackId], Track | None] = lambda _: None,
    ) -> None:
        """Ask `catalogue`, and `loose` for tracks that are not in it, what tags say, and `sounds` what was measured."""
        self._catalogue = catalogue
        self._loose = loose
        self._sounds = sounds
        self._settings = settings

    def gain_of(self, track: TrackId) -> float:
        """By how many dB to amplify a track, -15 to 15, with what is known of it now."""
        return gain_db(self._settings.gain, self._levels(track), self._settings.gain_preamp)

    def _levels(self, track: TrackId) -> Levels:
        row, sound = self._catalogue.row_of(track), self._sounds.get(track)
        tags = self._loose(track) if row is None else self._catalogue.track(row)
        return Levels(
            track_gain=tags.track_gain if tags else None,
            track_peak=tags.track_peak if tags else None,
            album_gain=tags.album_gain if tags else None,
            album_peak=tags.album_peak if tags else None,
            loudness=sound.loudness if sound else None,
            peak=sound.peak if sound else None,
            album_loudness=sound.album_loudness if sound else None,
            album_measured_peak=sound.album_peak if sound else None,
        )
