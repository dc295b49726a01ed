"""Songs on a line: the nearer two numbers, the more alike their songs."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.core.recordings.same import Song, is_same
from indexer.core.tracks import TrackId


def name(number: int) -> TrackId:
    return TrackId(f"{number:04}")


class ToyCandidates:
    """Counts what it is asked, so that a test can tell whether it was asked without end."""

    def __init__(self, songs: Sequence[Song], copies: Sequence[set[TrackId]] = ()) -> None:
        self.songs = {song.track: song for song in songs}
        self._copies = copies
        self.asked = 0

    @classmethod
    def of(cls, count: int, artists: int = 1_000, albums: int = 1_000) -> ToyCandidates:
        """Songs 0 to `count` - 1, whose artists and albums take turns."""
        return cls(
            [
                Song(name(number), f"artist {number % artists}", f"title {number}", f"album {number % albums}")
                for number in range(count)
            ]
        )

    def song(self, track: TrackId) -> Song:
        return self.songs.get(track, Song(track))

    def near(self, track: TrackId, count: int) -> Sequence[Song]:
        self.asked += 1
        if track not in self.songs:
            return ()
        here = int(track)
        others = [song for other, song in self.songs.items() if other != track]
        return sorted(others, key=lambda song: (abs(int(song.track) - here), song.track))[:count]

    def is_copy(self, song: Song, others: Sequence[Song]) -> bool:
        if any(is_same(song, other, None) for other in others):
            return True
        tracks = {other.track for other in others}
        return any(song.track in copies and copies & tracks - {song.track} for copies in self._copies)
