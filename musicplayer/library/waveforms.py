"""The waveforms and loudness of tracks, fetched when they are wanted and kept for a while; by them, the gain."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from indexer.core.catalogue.album_rule import album_rows
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.playing.gain import Levels, gain_db
from indexer.core.settings import Settings
from indexer.core.tracks import Track, TrackId

if TYPE_CHECKING:
    from indexer.core.store import Database

_MOST_KEPT = 2_000
"""About 4 MB."""

_RECENT = 8
"""Tracks asked for last; those of them that were not measured are asked for again as the indexer goes on."""

Ask = Callable[[Callable[["Database"], Any], Callable[[Any], None] | None], None]


@dataclass(frozen=True, eq=False)
class TrackSound:
    """What was measured of one track.

    Attributes:
        track: which one.
        waveform: shape (n, 2), uint8: peak and root mean square of each part of it, from its beginning to its end;
            an amplitude is (value / 255) ** 2.
        loudness: in LUFS, None for silence.
        peak: greatest sample, 1.0 is full scale.
        album_loudness: of all measured tracks of its album together, None where it belongs to none.
        album_peak: greatest sample of these.
    """

    track: TrackId
    waveform: NDArray[np.uint8]
    loudness: float | None
    peak: float
    album_loudness: float | None = None
    album_peak: float | None = None


class Waveforms(QObject):
    """Answers at once from what is kept, and fetches the rest in the database thread.

    Signals:
        arrived: a TrackId and its Sound, after a request; also again when more is known.
    """

    arrived = Signal(object, object)

    def __init__(self, catalogue: Catalogue, ask: Ask, parent: QObject | None = None) -> None:
        """Look albums up in `catalogue` and hand work on the database to `ask`."""
        super().__init__(parent)
        self._catalogue = catalogue
        self._ask = ask
        self._kept: OrderedDict[TrackId, TrackSound] = OrderedDict()
        self._waiting: set[TrackId] = set()
        self._recent: deque[TrackId] = deque(maxlen=_RECENT)

    def get(self, track: TrackId) -> TrackSound | None:
        """What is known of a track by now; None before it was asked for, and for one that was not measured."""
        found = self._kept.get(track)
        if found is not None:
            self._kept.move_to_end(track)
        return found

    def request(self, tracks: Iterable[TrackId]) -> None:
        """Have `arrived` emitted for those of the tracks that were measured: soon, or at once for what is kept."""
        wanted = list(dict.fromkeys(tracks))
        for track in wanted:
            self._remember(track)
            if (found := self.get(track)) is not None:
                self.arrived.emit(track, found)
        self._fetch(wanted)

    def retry(self) -> None:
        """Ask again for what was wanted of late and not there: the database is back, or more was measured."""
        self._waiting.clear()
        self._fetch(list(self._recent))

    def refresh(self) -> None:
        """Fetch anew what was wanted of late, and forget the rest: tracks were measured again, or others of an album.

        What is known of the playing track holds until then, so that its level does not jump twice.
        """
        recent = list(self._recent)
        self._kept = OrderedDict((track, self._kept[track]) for track in recent if track in self._kept)
        self._waiting.clear()
        self._ask_for(recent)

    def _remember(self, track: TrackId) -> None:
        if track in self._recent:
            self._recent.remove(track)
        self._recent.append(track)

    def _fetch(self, tracks: Sequence[TrackId]) -> None:
        self._ask_for([track for track in tracks if track not in self._kept and track not in self._waiting])

    def _ask_for(self, tracks: Sequence[TrackId]) -> None:
        if tracks:
            self._waiting.update(tracks)
            albums = {track: album_mates(self._catalogue, track) for track in tracks}
            self._ask(lambda database: read_sounds(database, albums), lambda found: self._on_read(tracks, found))

    def _on_read(self, asked: Sequence[TrackId], found: Mapping[TrackId, TrackSound]) -> None:
        self._waiting.difference_update(asked)
        for track, sound in found.items():
            self._kept[track] = sound
            self._kept.move_to_end(track)
            self.arrived.emit(track, sound)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)


def album_mates(catalogue: Catalogue, track: TrackId) -> list[TrackId]:
    """All tracks of a track's album, itself among them; empty where it belongs to none.

    What an album is says `album_rows`, for gain as for the albums page.
    """
    row = catalogue.row_of(track)
    return [] if row is None else catalogue.ids(album_rows(catalogue, row).tolist())


def read_sounds(database: Database, albums: Mapping[TrackId, Sequence[TrackId]]) -> dict[TrackId, TrackSound]:
    """What was measured of the tracks that `albums` names, each with all tracks of its album."""
    from indexer.core.store.sounds import album_loudness  # noqa: PLC0415 - the driver is loaded by now, in this thread

    records = database.sounds.get(list(albums))
    mates = {mate for track in records for mate in albums[track]}
    loud = database.sounds.loudness(list(mates))
    found = {}
    for track, record in records.items():
        album = [loud[mate] for mate in albums[track] if mate in loud]
        peak = max((mate.peak for mate in album), default=None)
        found[track] = TrackSound(track, record.waveform, record.loudness, record.peak, album_loudness(album), peak)
    return found


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
