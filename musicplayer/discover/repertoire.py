"""What the radio chooses from: the songs of the library around a track, as the model has heard them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from indexer.library import TrackId
from indexer.recordings import SAME_SOUND, of_one_length
from musicplayer.discover.programme import Song
from musicplayer.discover.similar import Similar
from musicplayer.library.catalogue import Catalogue

COMPARED = 200
"""Songs played last that another is compared with by its sound; to compare with more costs more than it finds."""


class LibraryRepertoire:
    """Answers from the model in use; without one there is nothing."""

    def __init__(self, similar: Similar, catalogue: Catalogue) -> None:
        self._similar = similar
        self._catalogue = catalogue

    def song(self, track: TrackId) -> Song:
        """A track with its names; without any where it is not in the library."""
        row = self._catalogue.row_of(track)
        return Song(track) if row is None else self._song_at(track, row)

    def playable(self, track: TrackId) -> Song | None:
        """The same for what can be played; None where the track is gone, or its folder is away."""
        row = self._catalogue.row_of(track)
        if row is None or not self._catalogue.is_listed(row) or self._catalogue.is_away(row):
            return None
        return self._song_at(track, row)

    def near(self, track: TrackId, count: int) -> Sequence[Song]:
        """Up to `count` songs that sound like a track, most alike first; none for one that was not analysed.

        What is no song is left out, unless the track is of the same kind.
        """
        model = self._similar.model
        if model is None or track not in model:
            return ()
        hidden = self._similar.hidden(track)
        fits = self._similar.songs.fitting([track])
        near = (near.track for near in model.similar(track, count) if near.track not in hidden and fits(near.track))
        return [song for found in near if (song := self.playable(found)) is not None]

    def is_copy(self, song: Song, others: Sequence[Song]) -> bool:
        """Whether a song was heard to be one of the others; of these only those of its length that came last count."""
        model = self._similar.model
        if model is None or song.track not in model:
            return False
        alike = (other.track for other in reversed(others) if of_one_length(song.seconds, other.seconds))
        known = list(islice((other for other in alike if other in model), COMPARED))
        return bool(known) and float(min(model.apart(song.track, known))) < SAME_SOUND

    def _song_at(self, track: TrackId, row: int) -> Song:
        catalogue = self._catalogue
        return Song(track, catalogue.artist(row), catalogue.title(row), catalogue.album(row), catalogue.seconds(row))
