"""The manifest of a model: what it was made from, how, how well it answers, and what its files must look like."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from indexer.core.model.errors import ModelCorrupt

FORMAT = 2
"""Version of the folder's layout; a folder of another format is built again rather than guessed at."""

MANIFEST_FILE = "manifest.json"

FEATURES_REV = "features_rev"
"""What `Manifest.extra` calls the revision of features up to which a model knows all of them."""

FEWEST_TRACKS = 2
"""A model of fewer tracks has nothing to compare."""

REBUILD_SHARE = 0.2
"""A model is built again when this share of its tracks is new or gone; until then new tracks are inserted."""


@dataclass(frozen=True)
class FileSum:
    """Size in bytes and SHA-256, in hexadecimal, of one file of the folder."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is known of a model without opening its arrays.

    Attributes:
        id: name of the folder.
        profile, profile_key: feature profile by name, and as `name:version`.
        tracks, dims: number of vectors and of their dimensions.
        neighbours: length of the longest neighbour list.
        tables, hashes: hash tables, and projections that make up the key of one.
        bucket_length: width of a bucket along a projection, in the unit of the vectors.
        probes: neighbouring buckets looked into per table besides a vector's own.
        seed: of the projections and of every sample.
        recall: share of the true ten nearest that the tables find, over `recall_sample` tracks.
        list_recall: the same of the stored neighbour lists.
        candidate_share: share of all tracks whose exact distance one query computes.
        largest_bucket: number of tracks in the fullest bucket.
        built_at: UTC, ISO 8601.
        seconds: duration of the build.
        join: "exact" or "lsh", what the neighbour lists come from, and `join_reason`, what says why: a sentence as
            `Told.told`, or the text of one.
        seconds_by_step: duration of each step of the build.
        hubness: `skewness`, `biggest` and `never` of the lists of ten by scaled distance; `raw_skewness` by plain.
        comparable: number of tracks that can be recommended: all that hold enough sound.
        smoothed: whether each vector was drawn to its nearest, as new ones then are too.
        provisional: the model was not built, but stands in until one is.
        extra: figures that a later kind of model adds.
    """

    id: str
    profile: str
    profile_key: str
    tracks: int
    dims: int
    neighbours: int
    tables: int
    hashes: int
    bucket_length: float
    probes: int
    seed: int
    recall: float
    recall_sample: int
    list_recall: float
    candidate_share: float
    largest_bucket: int
    built_at: str
    spark_version: str
    seconds: float
    join: str = "lsh"
    join_reason: str | dict[str, Any] = ""
    seconds_by_step: dict[str, float] = field(default_factory=dict)
    hubness: dict[str, float] = field(default_factory=dict)
    comparable: int = 0
    smoothed: bool = False
    provisional: bool = False
    files: dict[str, FileSum] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT

    def is_outgrown(self, changed: int) -> bool:
        """Whether a model is to be made anew: `changed` tracks came, went or were analysed anew since the build."""
        return not self.provisional and changed / max(self.tracks, 1) > REBUILD_SHARE

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a model folder.

    Raises:
        ModelCorrupt: it is absent, unreadable, or of another format.
    """
    path = folder / MANIFEST_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return _manifest_of(record)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelCorrupt("model-without-manifest", folder=folder) from error


def is_plain_name(name: str) -> bool:
    """Whether it names something in the folder at hand, here and on every other system, and leads nowhere else."""
    return name not in {"", ".", ".."} and not set(name) & set("/\\:\0")


def files_of(record: Any) -> dict[str, FileSum]:
    """The files that the record of a manifest names.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it is no such record, or one lies elsewhere.
    """
    files = {str(name): FileSum(int(entry["size"]), str(entry["sha256"])) for name, entry in record["files"].items()}
    if not all(map(is_plain_name, files)):
        raise ValueError("a file of a model lies in its folder")
    return files


def _manifest_of(record: Any) -> Manifest:
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError("not a manifest of this format")
    known = {entry.name for entry in fields(Manifest)}
    return Manifest(**{name: value for name, value in record.items() if name in known} | {"files": files_of(record)})
