"""The exported similarity model: load, search, insert, rank. NumPy only, no Spark."""

from indexer.core.model.errors import ModelCorrupt, ModelError, ModelMissing, ModelUnwritable
from indexer.core.model.folder import built_tracks, current_model_folder, model_stamp, swap_in
from indexer.core.model.manifest import Manifest, read_manifest
from indexer.core.model.similarity import Neighbour, SimilarityModel

__all__ = [
    "Manifest",
    "ModelCorrupt",
    "ModelError",
    "ModelMissing",
    "ModelUnwritable",
    "Neighbour",
    "SimilarityModel",
    "built_tracks",
    "current_model_folder",
    "model_stamp",
    "read_manifest",
    "swap_in",
]
