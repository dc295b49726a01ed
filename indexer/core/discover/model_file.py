"""Reads the exported model off the main thread, when there is another one than the one in use."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.discover.gathering import FIRST_MODEL, Gathering, kept_vectors
from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from indexer.core.model.similarity import Described


class ModelUnusable(SegueError):
    """There is a model, but it cannot be used.

    Attributes:
        stamp: tells it from the next one, and from itself once it was mended.
    """

    def __init__(self, folder: Path, stamp: object) -> None:
        super().__init__("model-damaged", folder=folder)
        self.stamp = stamp


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model with its tracks, and what tells it from the next one."""

    model: SimilarityModel
    tracks: frozenset[TrackId]
    stamp: object
    gathering: Gathering


PAUSE_SECONDS = 0.0005
"""Between two insertions, which take a millisecond each: the window paints meanwhile."""

PROVISIONAL = "provisional"
"""Stamp of the model that stands in until one is built."""


def load_if_changed(home: Home, profile: str, stamp: object, refused: object = None) -> LoadedModel | None:
    """Load the current model, unless it is the one with that `stamp`, or the damaged one that was `refused`.

    Where there is none, one is made of what was known at the last start, to stand in for it, unless that is there
    already, or nothing is known of the profile.

    Raises:
        ModelUnusable: it is damaged; names the folder.
    """
    # Imported here: in the background, not before the first paint.
    from indexer.core.model import ModelError, ModelMissing, SimilarityModel, current_model_folder, model_stamp  # noqa: PLC0415

    newest = model_stamp(home, profile)
    if newest is not None and newest in (stamp, refused):
        return None
    try:
        model = SimilarityModel.load(current_model_folder(home, profile))
    except ModelMissing:
        return _stand_in(home, profile) if stamp is None else None
    except (ModelError, OSError) as error:
        raise ModelUnusable(home.models / profile, newest) from error
    gathering = Gathering(partial(_loaded_with, home, profile), model.describer)
    return LoadedModel(model, frozenset(model.tracks()), newest, gathering)


def _loaded_with(home: Home, profile: str, tracks: Mapping[TrackId, Described]) -> SimilarityModel:
    from indexer.core.model import SimilarityModel, current_model_folder  # noqa: PLC0415 - as above

    model = SimilarityModel.load(current_model_folder(home, profile))
    for track, described in tracks.items():
        model.insert_described(track, described)
        time.sleep(PAUSE_SECONDS)
    return model


def _stand_in(home: Home, name: str) -> LoadedModel | None:
    from indexer.core.model import SimilarityModel  # noqa: PLC0415
    from indexer.core.model.profiles import PROFILES  # noqa: PLC0415 - as above
    from indexer.core.model.space.shipped import shipped_transform  # noqa: PLC0415

    profile = PROFILES.get(name)
    transform = None if profile is None else shipped_transform(profile)
    if profile is None or transform is None:
        return None
    file = home.cache / "vectors" / f"{profile.key.replace(':', '-')}.npz"
    known, rev = kept_vectors(file, transform)
    made = partial(SimilarityModel.provisional_of, transform, profile.key)
    model = made(dict(islice(known.items(), FIRST_MODEL)))  # the others follow: of many it takes minutes
    gathering = Gathering(made, model.describer, known=known, rev=rev, kept_in=file)
    return LoadedModel(model, frozenset(known), PROVISIONAL, gathering)
