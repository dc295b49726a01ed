"""Finds a new copy of a track that left by its sound, wherever it lies: where neither place nor ending leads to it.

It is looked for once it was analysed. Names are asked too, since of a hundred thousand tracks some always sound alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.home import Home
from indexer.core.model import ModelError
from indexer.core.model.folder import current_model_folder, open_transform
from indexer.core.model.profiles import Profile
from indexer.core.model.space.shipped import shipped_transform
from indexer.core.recordings.heirs import SOUND_PENDING, adopt
from indexer.core.recordings.same import Recording, names_of, sounds_same
from indexer.core.store import Database, Heir
from indexer.core.tracks import Track, TrackId, TrackState

Vector = NDArray[np.float32]
ToVector = Callable[[NDArray[np.floating[Any]]], Vector]


def pass_on_by_sound(database: Database, home: Home, profile: Profile) -> list[Heir]:
    """Give tracks that left, and that a person did something with, the one copy that sounds as they did.

    Raises:
        DatabaseError: the database failed; the next build looks again.
    """
    if database.transfer.noted(SOUND_PENDING) is None:
        return []
    to_vector = _transform(home, profile)
    gone = _missed(database)
    found: dict[TrackId, TrackId] = {}
    if to_vector is not None and gone:
        present = _of_their_names(gone, database.tracks.all(states={TrackState.PRESENT}))
        ids = [track.id for track in (*gone, *(each for some in present.values() for each in some))]
        vectors = {track: to_vector(values) for track, values in database.features.get(profile.key, ids).items()}
        found = same_sound(gone, present, vectors)
    heirs = adopt(database, found)
    database.transfer.forget(SOUND_PENDING)
    return heirs


def same_sound(
    gone: Collection[Track], present: Mapping[Recording, Collection[Track]], vectors: Mapping[TrackId, Vector]
) -> dict[TrackId, TrackId]:
    """The heirs of tracks that left: one track of their name and length that is near enough; none where two are.

    Args:
        gone: tracks that left.
        present: tracks that are there, by what they are recordings of.
        vectors: of unit length, of those that were analysed.
    """
    found: dict[TrackId, TrackId] = {}
    for track in gone:
        near = {
            copy.id
            for name in names_of(track)
            for copy in present.get(name, ())
            if sounds_same(track, copy, _apart(vectors, track.id, copy.id))
        }
        if len(near) == 1:
            (found[track.id],) = near
    return found


def _apart(vectors: Mapping[TrackId, Vector], one: TrackId, other: TrackId) -> float:
    if one not in vectors or other not in vectors:
        return float("inf")
    return float(np.linalg.norm(vectors[one] - vectors[other]))


def _missed(database: Database) -> list[Track]:
    """Tracks without a file and without an heir, with which a person did something."""
    known = {heir.track for heir in database.heirs.all()}
    with_history = database.plays.played() | database.feedback.concerned()
    with_history |= {track for playlist in database.playlists.all() for track in playlist.tracks}
    gone = database.tracks.ids((TrackState.GONE,)) & with_history
    return list(database.tracks.get(sorted(gone - known)).values())


def _of_their_names(gone: Iterable[Track], tracks: Iterable[Track]) -> dict[Recording, list[Track]]:
    wanted = {name for track in gone for name in names_of(track)}
    found: defaultdict[Recording, list[Track]] = defaultdict(list)
    for track in tracks:
        for name in names_of(track) & wanted:
            found[name].append(track)
    return found


def _transform(home: Home, profile: Profile) -> ToVector | None:
    """What makes vectors of features: of the model in use, else the one that Segue brings along."""
    try:
        return open_transform(current_model_folder(home, profile.name)).vector
    except (ModelError, OSError):
        shipped = shipped_transform(profile)
        return None if shipped is None else shipped.vector
