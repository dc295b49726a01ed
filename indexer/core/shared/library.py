"""The library itself at a server: tracks, features and loudness, as the stores of a database give them.

What only a machine with the music has, folders, files and problems of these, is not there at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.shared.asking import OF_LIBRARIES
from indexer.core.shared.given import Given
from indexer.core.shared.glance import Looks
from indexer.core.shared.wire import feature_of_shape, genre_of_shape, sound_of_shape, track_of_shape
from indexer.core.store.bulk import chunks
from indexer.core.store.collections import RESTORED
from indexer.core.store.connection import Connection
from indexer.core.store.facts import FileStore, FolderStore, GenreStore, ProblemStore
from indexer.core.store.features import FeatureStore
from indexer.core.store.heirs import HeirStore
from indexer.core.store.records import FeatureRecord, Heir, LibraryFolder, SoundRecord
from indexer.core.store.sounds import SoundStore, TrackLoudness
from indexer.core.store.tracks import TrackStore
from indexer.core.store.transfer import TransferStore
from indexer.core.store.words import WordStore
from indexer.core.tracks import FileRecord, Genre, Measurement, Problem, Track, TrackId, TrackState, Words

FIRST_TRACKS = 500
"""Asked for at first, so that there is soon something to see."""
TRACKS = 2_000
TRACKS_BY_ID = 1_000
FEATURES = 200
SOUNDS = 200


class SharedTracks(TrackStore):
    """Tracks that are played from the server."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks
        self._made = partial(track_of_shape, address=looks.asking.server.address)

    def rev(self) -> int:
        """As of a moment ago."""
        return self._looks.now().tracks_rev

    def changed_since(self, rev: int) -> Iterator[Track]:
        """Those that are gone, too."""
        newest = self.rev()
        if newest > rev:
            sizes = chain([FIRST_TRACKS], repeat(TRACKS))
            yield from self._looks.pages("tracks", "tracks", self._made, (rev, newest), sizes)

    def get(self, ids: Sequence[TrackId]) -> dict[TrackId, Track]:
        """Asked for some at a time."""
        return {track.id: track for track in self.each(ids)}

    def each(self, ids: Collection[TrackId]) -> Iterator[Track]:
        """The same without holding them all."""
        for some in chunks(ids, TRACKS_BY_ID):
            found = self._looks.asking.post(f"{OF_LIBRARIES}/tracks", {"tracks": some})
            yield from self._looks.each(self._made, found.get("tracks"))

    def by_path(self, path: str) -> Track | None:
        """None: a file of this machine is none of the library's."""
        return None

    def count(self, state: TrackState | None = None) -> int:
        """Of those that are gone nobody knows."""
        now = self._looks.now()
        counts = {TrackState.PRESENT: now.present, TrackState.AWAY: now.away}
        return sum(counts.values()) if state is None else counts.get(state, 0)

    def measure(self, found: Mapping[TrackId, Measurement]) -> None:
        """The machine that has the music measures it by itself."""


class SharedFeatures(FeatureStore):
    """Features of the server's profile; of every other one there are none."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks

    def rev(self) -> int:
        """As of a moment ago."""
        return self._looks.now().features_rev

    def get(self, key: str, ids: Sequence[TrackId]) -> dict[TrackId, NDArray[np.float32]]:
        """Asked for some at a time."""
        found: dict[TrackId, NDArray[np.float32]] = {}
        for some in chunks(ids if self._is_of(key) else (), FEATURES):
            answer = self._looks.asking.post(f"{OF_LIBRARIES}/features", {"tracks": some})
            records = self._looks.each(partial(feature_of_shape, key=key), answer.get("features"))
            found.update((record.track, record.values) for record in records)
        return found

    def changed_since(self, key: str, rev: int) -> Iterator[FeatureRecord]:
        """Fetched as they are consumed."""
        newest = self.rev()
        if newest > rev and self._is_of(key):
            made = partial(feature_of_shape, key=key)
            yield from self._looks.pages("features", "features", made, (rev, newest), repeat(FEATURES))

    def changed_ids(self, key: str, rev: int) -> set[TrackId]:
        """Without the features themselves."""
        return self._listed(key, "changed", rev)

    def analysed(self, key: str) -> set[TrackId]:
        """Those that count: of the others nobody knows."""
        return self._listed(key, "tracks", self._looks.now().features_rev)

    def count(self, key: str) -> int:
        """Likewise."""
        return self._looks.now().analysed if self._is_of(key) else 0

    def _is_of(self, key: str) -> bool:
        return self._looks.now().profile == key

    def _listed(self, key: str, name: str, since: int) -> set[TrackId]:
        if not self._is_of(key):
            return set()
        found = self._looks.asking.get(f"{OF_LIBRARIES}/analysed", since=since).get(name)
        return set(self._looks.each(lambda track: Given({"id": track}).track("id"), found))


class SharedSounds(SoundStore):
    """What the server measured from one end of a track to the other."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks

    def get(self, ids: Sequence[TrackId]) -> dict[TrackId, SoundRecord]:
        """Asked for some at a time."""
        found: dict[TrackId, SoundRecord] = {}
        for some in chunks(ids, SOUNDS):
            answer = self._looks.asking.post(f"{OF_LIBRARIES}/sounds", {"tracks": some})
            found.update((record.track, record) for record in self._looks.each(sound_of_shape, answer.get("sounds")))
        return found

    def loudness(self, ids: Sequence[TrackId]) -> dict[TrackId, TrackLoudness]:
        """With the waveforms on the way, which are small."""
        records = self.get(ids).values()
        return {record.track: TrackLoudness(record.loudness, record.peak, record.seconds) for record in records}


class SharedWords(WordStore):
    """What is sung, where the server says it; lines begin with their times where these are known there."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks

    def get(self, ids: Sequence[TrackId]) -> dict[TrackId, Words]:
        """Asked for one by one."""
        return {track: self._looks.made(_words_of, self._looks.asking.get(f"/api/lyrics/{track}")) for track in ids}


class SharedGenres(GenreStore):
    """The tree of genres."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks

    def all(self) -> list[Genre]:
        """By id."""
        found = self._looks.asking.get(f"{OF_LIBRARIES}/genres").get("genres")
        return sorted(self._looks.each(genre_of_shape, found), key=lambda genre: genre.id)


class SharedTransfer(TransferStore):
    """Of the notes of the database only that of the last restore."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks

    def noted(self, key: str) -> dict[str, Any] | None:
        """The token of the last restore; what others were noted is there."""
        token = self._looks.now().restored if key == RESTORED else None
        return None if token is None else {"token": token}


class NoHeirs(HeirStore):
    """The server gives plays and opinions to heirs before it tells of them."""

    def all(self) -> list[Heir]:
        """None: none is to be looked for."""
        return []

    def set_told(self, tracks: Collection[TrackId]) -> None:
        """Nobody was."""


class NoFolders(FolderStore):
    """Folders are of the machine that has the music."""

    def all(self) -> list[LibraryFolder]:
        """None."""
        return []


class NoFiles(FileStore):
    """So are files."""

    def all(self, root: str | None = None) -> Iterator[FileRecord]:
        """None."""
        return iter(())

    def doubled(self) -> dict[TrackId, list[FileRecord]]:
        """None: whether any lie in two places is not known here."""
        return {}


class NoProblems(ProblemStore):
    """And problems of files."""

    def all(self) -> Iterator[Problem]:
        """None."""
        return iter(())

    def count(self) -> int:
        """None."""
        return 0

    def of(self, path: str, track: TrackId) -> Problem | None:
        """None: why a track was not analysed is said there."""
        return None

    def hindered(self) -> set[str]:
        """None."""
        return set()


def _words_of(shape: object) -> Words:
    return Words(lyrics="\n".join(Given(shape).texts("lines")))
