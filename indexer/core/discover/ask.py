"""What sounds like a track, asked from outside the player: the exported model with everything analysed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.more_like import MoreLike, provisional_remark
from indexer.core.discover.selection import ListRules, SimilarRow
from indexer.core.discover.songs import SongRules, song_rules
from indexer.core.errors import SegueError
from indexer.core.events import Notice
from indexer.core.files import disk
from indexer.core.home import Home
from indexer.core.model import ModelMissing, SimilarityModel, current_model_folder
from indexer.core.model.explain import Explanation, explain
from indexer.core.model.profiles import Profile
from indexer.core.model.space.shipped import shipped_transform
from indexer.core.settings import SameArtist, Settings
from indexer.core.store import Database
from indexer.core.tracks import Track, TrackId, TrackState

Analyse = Callable[[Path], NDArray[np.float32]]
"""Gives the features of a music file, shape (windows, columns)."""


class NotAnalysed(SegueError):
    """The track is in the library, but it was not analysed."""


class UnknownTrack(SegueError):
    """Neither a file nor a track of the library."""


@dataclass(frozen=True)
class Answer:
    """The tracks nearest to one, best first. `track` is None for a file outside the library."""

    track: Track | None
    neighbours: list[tuple[Track, SimilarRow]]


@dataclass(frozen=True)
class Comparison:
    """Two tracks, and why they are near or far."""

    one: Track
    other: Track
    explanation: Explanation


def open_model(database: Database, home: Home, profile: Profile) -> SimilarityModel:
    """Load the current model and insert what was analysed since it was built, without Spark.

    Before the first build a provisional model of everything analysed takes its place.

    Raises:
        ModelError: there is no model yet and nothing to stand in for it, or its folder is damaged.
    """
    analysed = database.analysed(profile.key)
    try:
        model = SimilarityModel.load(current_model_folder(home, profile.name))
    except ModelMissing:
        return _provisional(database, profile, analysed)
    fresh = sorted(track for track in analysed if track not in model)
    for track, values in database.features.get(profile.key, fresh).items():
        model.insert(track, values)
    for track in model.tracks():
        if track not in analysed:
            model.remove(track)
    return model


def _provisional(database: Database, profile: Profile, analysed: set[TrackId]) -> SimilarityModel:
    transform = shipped_transform(profile)
    if transform is None or not analysed:
        raise ModelMissing("model-missing")
    features = database.features.get(profile.key, sorted(analysed))
    return SimilarityModel.provisional(transform, profile.key, list(features), list(features.values()))


def provisional_note(database: Database, model: SimilarityModel) -> Notice | None:
    """How much of the library a provisional model covers; None for one that was built."""
    if not model.manifest.provisional:
        return None
    tracks = sum(database.tracks.count(state) for state in (TrackState.PRESENT, TrackState.AWAY))
    return Notice("similar-not-built-yet", provisional_remark(len(model), tracks).values)


def asker(
    database: Database,
    model: SimilarityModel,
    *,
    tracks: Iterable[Track] = (),
    all_versions: bool = False,
    settings: Settings | None = None,
) -> MoreLike:
    """More like this, of the library in a database.

    Args:
        database: has the tracks.
        model: from `open_model`.
        tracks: those that are known already; the others are asked for as they are needed.
        all_versions: show other versions of the track and of each other, too.
        settings: leave out what the player leaves out with these; without any, other versions alone.
    """
    catalogue = Catalogue()
    catalogue.upsert(list(tracks))

    def meet(named: Sequence[TrackId]) -> None:
        unknown = [track for track in named if catalogue.row_of(track) is None]
        catalogue.upsert(list(database.tracks.get(unknown).values()))

    hidden = {} if settings is None else database.feedback.hidden()
    made = MoreLike(catalogue, hidden=lambda track: hidden.get(track, ()), meet=meet)
    made.model, made.is_looked_for = model, True
    if settings is None:
        made.songs.set_rules(SongRules(on=False))
        made.rules = ListRules(SameArtist.ALLOW, per_artist=None, all_versions=all_versions)
    else:
        made.songs.set_rules(song_rules(settings))
        made.rules = ListRules(settings.same_artist, all_versions=all_versions)
    return made


def similar(
    database: Database,
    model: SimilarityModel,
    name: str,
    k: int,
    *,
    analyse: Analyse,
    all_versions: bool = False,
    settings: Settings | None = None,
) -> Answer:
    """The `k` nearest tracks to a file or a track id; never the track itself.

    Args:
        database: has the tracks.
        model: from `open_model`.
        name: a path or a track id.
        k: how many.
        analyse: gives the features of a file outside the library, of the model's profile.
        all_versions: as for `asker`.
        settings: as for `asker`.

    Raises:
        UnknownTrack: `name` is neither.
        NotAnalysed: a track of the library without features.
        AudioError: a file outside the library that cannot be analysed.
    """
    track = find_track(database, name)
    more_like = asker(database, model, all_versions=all_versions, settings=settings)
    if track is None:
        rows = more_like.like_sound(partial(model.similar_to, analyse(Path(name))), k)
    else:
        rows = list(more_like.answer([_known(track, model)], k).rows)
    catalogue = more_like.catalogue
    shown = ((catalogue.row_of(found.track), found) for found in rows)
    return Answer(track, [(catalogue.track(row), found) for row, found in shown if row is not None])


def compare(database: Database, model: SimilarityModel, profile: Profile, one: str, other: str) -> Comparison:
    """Why two tracks of the library, each a path or an id, are near or far.

    Raises:
        UnknownTrack: one of them is not in the library.
        NotAnalysed: one of them has no features.
    """
    tracks = [_library_track(database, name) for name in (one, other)]
    features = database.features.get(profile.key, [_known(track, model) for track in tracks])
    first, second = (features[track.id] for track in tracks)
    neighbour = model.between(tracks[0].id, tracks[1].id)
    return Comparison(tracks[0], tracks[1], explain(model.transform, profile, first, second, neighbour))


def find_track(database: Database, name: str) -> Track | None:
    """The track of a path or an id, None for a file that the library does not have.

    Raises:
        UnknownTrack: no such file and no such track.
    """
    path = Path(name).expanduser().absolute()
    by_path = database.tracks.by_path(str(path))
    if by_path is not None:
        return by_path
    by_id = database.tracks.get([TrackId(name)]).get(TrackId(name))
    if by_id is None and not disk.is_file(path):
        raise UnknownTrack("track-unknown", name=name)
    return by_id


def _library_track(database: Database, name: str) -> Track:
    track = find_track(database, name)
    if track is None:
        raise UnknownTrack("track-not-in-library", name=name)
    return track


def _known(track: Track, model: SimilarityModel) -> TrackId:
    if track.id not in model:
        raise NotAnalysed("track-not-analysed", file=track.path)
    return track.id
