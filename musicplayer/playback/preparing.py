"""Has the backend open what comes next a little ahead, and says how one track goes over into the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from indexer.core.tracks import Seconds, Stretch, TrackId
from musicplayer.playback.backend import AudioBackend
from musicplayer.playback.sound import Upcoming

Locate = Callable[[TrackId], Stretch | None]
"""Where the sound of a track lies, None for one that cannot be found."""


ENOUGH: Seconds = 8.0
"""So much is prepared beyond the track that plays: very short tracks are not to come one by one."""

PLACES_KEPT = 32
"""Places of tracks that are remembered: what plays, what comes, and what a hurry through the queue passed."""

SHORTEST_IN_FADES = 3
"""A track shorter than so many fades would be little else, so it is left whole."""

SKIP_MS = 300
"""Length of the fade to a track that was chosen by hand, where tracks fade into each other."""


@dataclass(frozen=True)
class About:
    """What the player asks about tracks.

    Attributes:
        gain_of: dB by which a track is made louder or softer.
        album_of: what album it is of, None where that is not known.
        length_of: its seconds, None where they are not known.
    """

    gain_of: Callable[[TrackId], float] = lambda _: 0.0
    album_of: Callable[[TrackId], Hashable | None] = lambda _: None
    length_of: Callable[[TrackId], Seconds | None] = lambda _: None


class Preparing:
    """Knows what the backend was asked to prepare, so that it is asked once."""

    def __init__(self, backend: AudioBackend, locate: Locate) -> None:
        self.about = About()
        self.crossfade: Seconds = 0.0
        self._backend = backend
        self._locate = locate
        self._asked: tuple[Upcoming, ...] = ()
        self._places: dict[Stretch, TrackId] = {}
        self._measured: dict[TrackId, Seconds] = {}

    def follow(self, current: TrackId, length: Seconds, following: Sequence[TrackId]) -> None:
        """Have `following` ready, to be played as they are to be at present, after a track of `length` seconds.

        Only so many of them are prepared as it takes for ENOUGH seconds of music, and none after one that is not found.
        """
        wanted: list[Upcoming] = []
        seconds, before, its_length = 0.0, current, length or None
        for track in following:
            upcoming = self._described(before, its_length, track)
            if upcoming is None or seconds >= ENOUGH:
                break
            wanted.append(upcoming)
            before, its_length = track, self.length_of(track)
            seconds += its_length or ENOUGH
        self._ask(tuple(wanted))

    def nothing(self) -> None:
        """Have nothing ready."""
        self._ask(())

    def taken(self) -> None:
        """The backend was given something to play, and so has nothing ready any more."""
        self._asked = ()

    def placed(self, stretch: Stretch, track: TrackId) -> None:
        """Remember what lies there, for a while."""
        self._places.pop(stretch, None)
        self._places[stretch] = track
        while len(self._places) > PLACES_KEPT:
            del self._places[next(iter(self._places))]

    def measured(self, track: TrackId, seconds: Seconds) -> None:
        """Know how long a track is, whatever its file says, for as long as it is among those that play."""
        self._measured = {
            track: seconds,
            **{known: self._measured[known] for known in list(self._measured)[:PLACES_KEPT]},
        }
        self._measured[track] = seconds

    def length_of(self, track: TrackId) -> Seconds | None:
        """Its seconds as far as they are known before it is opened."""
        return self._measured.get(track) or self.about.length_of(track)

    def track_at(self, stretch: Stretch) -> TrackId | None:
        """The track that was lately played or prepared from there."""
        return self._places.get(stretch)

    def _ask(self, wanted: tuple[Upcoming, ...]) -> None:
        if wanted != self._asked:
            self._asked = wanted
            self._backend.prepare(wanted)

    def _described(self, current: TrackId, length: Seconds | None, following: TrackId) -> Upcoming | None:
        stretch, about = self._locate(following), self.about
        if stretch is None:
            return None
        self.placed(stretch, following)
        albums = about.album_of(current), about.album_of(following)
        lengths = length, self.length_of(following)
        return Upcoming(stretch, about.gain_of(following), overlap(self.crossfade, albums, lengths))


def overlap(
    wanted: Seconds,
    albums: tuple[Hashable | None, Hashable | None],
    lengths: tuple[Seconds | None, Seconds | None],
) -> Seconds:
    """How long a track and the one after it sound together.

    Args:
        wanted: length of a crossfade, 0 for none.
        albums: what the two tracks are of, None where that is not known; tracks of one album follow straight, as
            they do on it.
        lengths: of the two in seconds, None where they are not known.
    """
    before, after = albums
    if wanted <= 0 or (before is not None and before == after):
        return 0.0
    if any(length is not None and length < SHORTEST_IN_FADES * wanted for length in lengths):
        return 0.0
    return wanted
