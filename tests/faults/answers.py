"""What the model of a home answers, to compare before and after."""

from __future__ import annotations

from indexer.core.home import Home
from indexer.core.model import SimilarityModel, current_model_folder
from indexer.core.tracks import TrackId


def model_of(home: Home) -> SimilarityModel:
    """The model that a player would load now."""
    return SimilarityModel.load(current_model_folder(home, "sonic"))


def answers_of(home: Home) -> dict[str, list[str]]:
    """What it says about each track that it knows, best first."""
    model = model_of(home)
    return {str(track): [str(found.track) for found in model.similar(TrackId(track), 10)] for track in model.tracks()}
