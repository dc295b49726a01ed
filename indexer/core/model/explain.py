"""Why two tracks are near or far: what each block of features says, and what a listener would name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.model.profiles import PITCHES, Profile, get_profile
from indexer.core.model.space.transform import Project, Transform
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model.similarity import Neighbour, SimilarityModel

Features = NDArray[np.floating[Any]]
Parts = dict[str, NDArray[np.float64]]
Pair = tuple[TrackId, TrackId]
"""Seed and track."""

_TINY = 1e-12
_NOTES = tuple(pitch.replace("s", "♯").upper() for pitch in PITCHES)

_CLEAR_KEY = 0.4
"""Strength, a correlation, below which music is in no key worth naming."""


@dataclass(frozen=True, slots=True)
class BlockShare:
    """What one block of features says of a pair.

    Attributes:
        name: of the block.
        share: in what the pair's closeness is made of, -1 to 1; above 0 it brings the two together, below 0 it keeps
            them apart, and 0 is what two tracks that have nothing to do with each other come to. The absolute shares of
            all blocks add up to 1.
        likeness: of the two tracks by this block alone, -1 to 1.
    """

    name: str
    share: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Character:
    """What a listener would name of one track; None where it is not known.

    Attributes:
        tempo: beats a minute.
        key: such as "A minor"; none for music without a clear one.
        loudness: dB below full scale.
    """

    tempo: float | None
    key: str | None
    loudness: float | None


@dataclass(frozen=True, slots=True)
class PairReason:
    """What is heard in a pair.

    Attributes:
        blocks: what each block of features says, the greatest share first, as in `Explanation`.
        seed, track: tempo, key and loudness of the two.
    """

    blocks: tuple[BlockShare, ...]
    seed: Character
    track: Character


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two tracks are as near as they are.

    Attributes:
        blocks: the greatest share first; empty for profiles that are not compared block by block.
        one, other: the two.
        closeness: share of random pairs of the library that are farther apart, 0 to 1.
        distance: scaled, as lists are ordered; `euclidean`, unscaled.
    """

    blocks: tuple[BlockShare, ...]
    one: Character
    other: Character
    closeness: float
    distance: float
    euclidean: float

    @property
    def together(self) -> tuple[BlockShare, ...]:
        """What brings them together, the strongest first."""
        return tuple(block for block in self.blocks if block.share > 0)

    @property
    def apart(self) -> tuple[BlockShare, ...]:
        """What keeps them apart, the strongest first."""
        return tuple(block for block in reversed(self.blocks) if block.share < 0)


def explain(
    transform: Transform, profile: Profile, one: Features, other: Features, neighbour: Neighbour
) -> Explanation:
    """Explain a pair.

    Vectors have length 1, so that the nearness of two is their product, and that is a sum over blocks. Blocks are
    centred: between random tracks each contributes 0 on average, which is what shares are counted from.

    Args:
        transform: of the model.
        profile: of the features.
        one: shape (windows, columns).
        other: the same of the other track.
        neighbour: the one as seen from the other, from `SimilarityModel.between`.
    """
    return Explanation(
        blocks=shares_of(parts_of(transform, one), parts_of(transform, other)),
        one=sound_of(profile, one),
        other=sound_of(profile, other),
        closeness=neighbour.closeness,
        distance=neighbour.distance,
        euclidean=neighbour.euclidean,
    )


def compare(
    model: SimilarityModel, pairs: Sequence[Pair], features: Mapping[TrackId, Features]
) -> dict[Pair, PairReason]:
    """What is heard in pairs of seed and track, of those that have `features`; reads nothing of the model that changes.

    Args:
        model: whose transform and profile the features are of.
        pairs: that are asked about.
        features: shape (windows, columns) by track.
    """
    profile = get_profile(model.manifest.profile)
    parts = {track: parts_of(model.transform, values) for track, values in features.items()}
    sounds = {track: sound_of(profile, values) for track, values in features.items()}
    return {
        (seed, track): PairReason(shares_of(parts[seed], parts[track]), sounds[seed], sounds[track])
        for seed, track in pairs
        if seed in parts and track in parts
    }


def sound_of(profile: Profile, features: Features) -> Character:
    """What features, shape (windows, columns), say in a listener's words; nothing for profiles that do not know."""
    if "about" not in {block.name for block in profile.blocks}:
        return Character(None, None, None)
    own = profile.slice_of("about")
    means = np.asarray(features, dtype=np.float64)[:, own].mean(axis=0)
    about = dict(zip(profile.columns[own], means.tolist(), strict=True))
    tempo = about["tempo_bpm"] if about["tempo_bpm"] > 0 else None
    return Character(tempo, _key_of(about), about["loudness_db"])


def _key_of(about: dict[str, float]) -> str | None:
    if about["key_strength"] < _CLEAR_KEY:
        return None
    return f"{_NOTES[round(about['key']) % 12]} {'minor' if about['key_minor'] > 0.5 else 'major'}"  # noqa: PLR2004


def parts_of(transform: Transform, features: Features) -> Parts:
    """The weighed blocks of a track by name, less those of the mean track where the transform knows it.

    Args:
        transform: of the model.
        features: shape (windows, columns).
    """
    parts = transform.joined(features)
    centre = next((step.centre for step in transform.steps if isinstance(step, Project)), np.zeros(0))
    sizes = [len(part) for part in parts.values()]
    if not parts or len(centre) != sum(sizes):
        return parts
    centres = np.split(centre, np.cumsum(sizes)[:-1])
    return {name: part - mean for (name, part), mean in zip(parts.items(), centres, strict=True)}


def shares_of(one: Parts, other: Parts) -> tuple[BlockShare, ...]:
    """What each block says of two tracks, given by their parts; the greatest share first, empty without blocks."""
    products = {name: float(one[name] @ other[name]) for name in one}
    total = sum(abs(product) for product in products.values()) or 1.0
    lengths = {name: float(np.linalg.norm(one[name]) * np.linalg.norm(other[name])) for name in one}
    blocks = [
        BlockShare(name, product / total, product / max(lengths[name], _TINY)) for name, product in products.items()
    ]
    return tuple(sorted(blocks, key=lambda block: (-block.share, block.name)))
