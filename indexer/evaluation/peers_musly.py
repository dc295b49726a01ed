"""musly's timbre method, as its package is documented: style from the collection, then normalised similarities.

Source: pymusly's docstrings (`set_style`, `add_tracks`, `compute_similarity`); the measure is Schnitzer et al., "Using
mutual proximity to improve content-based audio similarity", ISMIR 2011.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from indexer.evaluation.clip import Clip
from indexer.evaluation.installed import installed_version, what_is_missing
from indexer.evaluation.methods import CannotHear, Description, Distances, flat

PACKAGE = "pymusly"
STYLE_TRACKS = 1_000
"""Clips, drawn at random, that similarities are normalised by: the most that musly advises."""

_NOT_A_NUMBER = (255, 255, 255, 255)
"""What a track of silence begins with; one such track in a style makes every similarity meaningless."""


@dataclass(frozen=True)
class Musly:
    """Hears mono samples at 22,050 Hz, which our decoder gives."""

    name: str = "musly"
    about: str = "pymusly timbre: 25 MFCC Gaussian, Jensen-Shannon divergence, mutual proximity"
    decodes: bool = False

    @property
    def version(self) -> str:
        return installed_version(PACKAGE)

    @property
    def missing(self) -> str:
        return what_is_missing(PACKAGE, "pymusly")

    def hear(self, sound: Clip) -> Description:
        jukebox = self._jukebox
        try:
            track = jukebox.track_from_audiodata(sound.samples)
        except _musly_error() as error:
            raise CannotHear("musly-deaf", error=error) from error
        description = np.frombuffer(jukebox.serialize_track(track), dtype=np.uint8)
        if np.all(description[: len(_NOT_A_NUMBER)] == _NOT_A_NUMBER):
            raise CannotHear("musly-mute")
        return description

    def hear_parts(self, sound: Clip, whole: Description) -> tuple[Description, ...]:  # noqa: ARG002
        return tuple(self.hear(part) for part in sound.parts())

    def compare(self, library: Sequence[Description], seed: int) -> MuslyComparison:
        return MuslyComparison(_new_jukebox(), tuple(library), seed)

    def compare_parts(
        self,
        parts: Sequence[tuple[Description, ...]],
        library: Sequence[Description],  # noqa: ARG002
        seed: int,
    ) -> Distances:
        return self.compare(flat(parts), seed).distances

    @cached_property
    def _jukebox(self) -> Any:
        return _new_jukebox()


@dataclass(frozen=True, eq=False)
class MuslyComparison:
    """A jukebox whose style is that of the library; clips are known to it by their place in `library`."""

    jukebox: Any
    library: tuple[Description, ...]
    seed: int
    indexed: None = None
    _tracks: list[Any] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._tracks.extend(self._track(description) for description in self.library)
        chosen = np.random.default_rng(self.seed).permutation(len(self._tracks))[:STYLE_TRACKS]
        self.jukebox.set_style([self._tracks[index] for index in chosen])
        self.jukebox.add_tracks(list(enumerate(self._tracks)))

    @cached_property
    def distances(self) -> Distances:
        known = list(enumerate(self._tracks))
        return np.array([self.jukebox.compute_similarity(seed, known) for seed in known], dtype=np.float64)

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        strangers = list(enumerate(map(self._track, queries), start=len(self._tracks)))
        self.jukebox.add_tracks(strangers)
        try:
            known = list(enumerate(self._tracks))
            return np.array([self.jukebox.compute_similarity(seed, known) for seed in strangers], dtype=np.float64)
        finally:
            self.jukebox.remove_tracks([number for number, _ in strangers])

    def _track(self, description: Description) -> Any:
        return self.jukebox.deserialize_track(description.tobytes())


def _new_jukebox() -> Any:
    import pymusly  # noqa: PLC0415

    return pymusly.MuslyJukebox(method="timbre", decoder="none")


def _musly_error() -> type[Exception]:
    import pymusly  # noqa: PLC0415

    error: type[Exception] = pymusly.MuslyError
    return error
