"""What others may know of the player at one moment, as one value that can be compared with the one before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.core.playing.queue import Repeat
from indexer.core.tracks import Seconds, Track
from musicplayer.playback.backend import PlaybackState


@dataclass(frozen=True)
class Playing:
    """The current track.

    Attributes:
        place: number of its place in the queue, which tells two occurrences of one track apart.
        seconds: its length, 0 while unknown.
        plays: how often it was played.
        cover: a picture file, None until it is there.
    """

    track: Track
    place: int
    seconds: Seconds = 0.0
    plays: int = 0
    cover: Path | None = None


@dataclass(frozen=True)
class PlayerState:
    """The player, without the position, which is asked for when it is wanted."""

    state: PlaybackState = PlaybackState.STOPPED
    repeat: Repeat = Repeat.OFF
    shuffle: bool = False
    rate: float = 1.0
    volume: int = 100
    playing: Playing | None = None
    can_play: bool = False
    can_go_next: bool = False
    can_go_previous: bool = False
