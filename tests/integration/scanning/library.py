"""What a test of the scan asks the library."""

from __future__ import annotations

from collections.abc import Callable

from indexer.core.store import Database
from indexer.core.tracks import Track, TrackState
from indexer.scanning.scan import ScanResult

Scan = Callable[..., ScanResult]


def tracks(database: Database, state: TrackState | None = None) -> dict[str, Track]:
    return {track.path: track for track in database.tracks.all(states=None if state is None else {state})}


def only_track(database: Database) -> Track:
    (track,) = database.tracks.all()
    return track
