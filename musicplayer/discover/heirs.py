"""Lets new copies of tracks stand for those that left, in playlists and the queue, and tells what came along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.playing.shuffle import Uid
from indexer.core.tracks import TrackId
from musicplayer.discover.dislikes import Dislikes
from musicplayer.library.library import Library
from musicplayer.library.playlists import Playlists
from musicplayer.playback.player import Player

if TYPE_CHECKING:
    from indexer.core.store import Database, Heir


@dataclass(frozen=True)
class Inheritance:
    """What new copies have of the tracks before them.

    Attributes:
        tracks: those that left.
        heir: the new copy, of the first of them.
        plays: how often they were played so far that it counts.
        lines: of playlists.
        queued: places in the queue.
    """

    tracks: tuple[TrackId, ...]
    heir: TrackId
    plays: int
    lines: int
    queued: int

    @property
    def is_worth_telling(self) -> bool:
        return bool(self.plays or self.lines or self.queued)


class Heirs(QObject):
    """Follows what the scan found.

    Signals:
        inherited: an Inheritance that a person was not told of yet.
    """

    inherited = Signal(object)

    def __init__(
        self, library: Library, playlists: Playlists, player: Player, dislikes: Dislikes, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._client = library.client
        self._playlists = playlists
        self._player = player
        self._dislikes = dislikes
        self._standing: Mapping[TrackId, TrackId] = {}
        self._exchanged: dict[Uid, TrackId] = {}
        self._told: set[TrackId] = set()
        library.client.heirs_changed.connect(self._on_changed)
        library.client.queue_loaded.connect(lambda _: QTimer.singleShot(0, self, self._put_into_queue))
        library.client.reset.connect(self._on_reset)

    def take_back(self, inheritance: Inheritance) -> None:
        """Leave to the tracks before what was theirs, everywhere."""
        tracks = inheritance.tracks

        def work(database: Database) -> None:
            from indexer.core.recordings.heirs import take_back  # noqa: PLC0415 - the driver is loaded by now, in this thread

            take_back(database, tracks)

        self._client.ask(work, must_succeed=True)
        self._stand({track: heir for track, heir in self._standing.items() if track not in tracks})
        back = {uid: track for uid, track in self._exchanged.items() if track in tracks}
        self._player.exchange(back)
        self._exchanged = {uid: track for uid, track in self._exchanged.items() if uid not in back}

    def _on_changed(self, heirs: Sequence[Heir]) -> None:
        from indexer.core.store.heirs import resolved  # noqa: PLC0415 - the driver is loaded by now

        self._stand(resolved(heirs))
        queued = self._put_into_queue()
        fresh = [each for each in heirs if not (each.undone or each.told or each.track in self._told)]
        if fresh:
            self._told |= {each.track for each in fresh}
            self._ask_what_came(tuple(each.track for each in fresh), fresh[0].heir, queued)

    def _put_into_queue(self) -> dict[TrackId, int]:
        """Places of the queue that changed hands now, by the track that left."""
        items = self._player.queue.items
        wanted = {item.uid: self._standing[item.track] for item in items if item.track in self._standing}
        before = {item.uid: item.track for item in items if item.uid in wanted}
        self._player.exchange(wanted)
        self._exchanged |= before
        counts: dict[TrackId, int] = {}
        for track in before.values():
            counts[track] = counts.get(track, 0) + 1
        return counts

    def _ask_what_came(self, tracks: tuple[TrackId, ...], heir: TrackId, queued: Mapping[TrackId, int]) -> None:
        lines = self._playlists.lines_of(tracks)
        places = sum(queued.get(track, 0) for track in tracks)

        def work(database: Database) -> int:
            database.heirs.set_told(tracks)
            return sum(database.plays.own_counts(tracks).values())

        self._client.ask(work, lambda plays: self._tell(Inheritance(tracks, heir, plays, lines, places)))

    def _tell(self, inheritance: Inheritance) -> None:
        if inheritance.is_worth_telling:
            self.inherited.emit(inheritance)

    def _stand(self, standing: Mapping[TrackId, TrackId]) -> None:
        self._standing = standing
        self._playlists.set_heirs(standing)
        self._dislikes.load()

    def _on_reset(self) -> None:
        """This is another library."""
        self._told.clear()
        self._exchanged.clear()
        self._stand({})
