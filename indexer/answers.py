"""What sounds like a track, asked from outside the player: the exported model with everything analysed since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import SegueError
from indexer.features.profiles import Profile
from indexer.home import Home
from indexer.library import Track, TrackId, TrackState
from indexer.model import Neighbour, SimilarityModel, current_model_folder
from indexer.store import Database


class NotAnalysed(SegueError):
    """The track is in the library, but nothing was heard of it."""


class UnknownTrack(SegueError):
    """Neither a file nor a track of the library."""


@dataclass(frozen=True)
class Answer:
    """The tracks nearest to one, best first. `track` is None for a file outside the library."""

    track: Track | None
    neighbours: list[tuple[Track, Neighbour]]


def open_model(database: Database, home: Home, profile: Profile) -> SimilarityModel:
    """Load the current model and insert what was analysed since it was built, without Spark.

    Raises:
        ModelError: there is no model yet, or its folder is damaged.
    """
    model = SimilarityModel.load(current_model_folder(home, profile.name))
    here = {track.id for track in database.tracks.all(states=(TrackState.PRESENT, TrackState.AWAY))}
    analysed = database.features.analysed(profile.key) & here
    fresh = sorted(track for track in analysed if track not in model)
    for track, values in database.features.get(profile.key, fresh).items():
        model.insert(track, values)
    for track in model.tracks():
        if track not in analysed:
            model.remove(track)
    return model


def similar(database: Database, model: SimilarityModel, profile: Profile, name: str, k: int) -> Answer:
    """The `k` nearest tracks to a file or a track id; never the track itself.

    Raises:
        UnknownTrack: `name` is neither.
        NotAnalysed: a track of the library without features.
        AudioError: a file outside the library that cannot be analysed.
    """
    track = find_track(database, name)
    if track is None:
        found = model.similar_to(_analyse_file(Path(name), profile), k)
    elif track.id in model:
        found = model.similar(track.id, k)
    else:
        raise NotAnalysed(f"{track.path} has not been analysed.", "Run a build, or look under problems for the reason.")
    return Answer(track, with_tracks(database, found))


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
    if by_id is None and not path.is_file():
        raise UnknownTrack(f"{name} is neither a file nor a track of the library.", "Give a path or a track id.")
    return by_id


def with_tracks(database: Database, found: list[Neighbour]) -> list[tuple[Track, Neighbour]]:
    """Join neighbours with their tracks; those that left the library are dropped."""
    tracks = database.tracks.get([neighbour.track for neighbour in found])
    return [(tracks[neighbour.track], neighbour) for neighbour in found if neighbour.track in tracks]


def _analyse_file(path: Path, profile: Profile) -> NDArray[np.float32]:
    # Imported here: a track of the library is answered without librosa, which takes seconds to load.
    from indexer.audio import decode  # noqa: PLC0415
    from indexer.features.analyse import analyse  # noqa: PLC0415

    return analyse(decode(path).samples, [profile])[profile.key]
