"""Other programs as methods, used as their packages are documented: bliss and musly.

Sources: https://pypi.org/project/bliss-audio, section "Usage"; pymusly's docstrings (`set_style`, `add_tracks`,
`compute_similarity`), whose measure is Schnitzer et al., "Using mutual proximity to improve content-based audio
similarity", ISMIR 2011.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any, ClassVar

import numpy as np

from indexer.evaluation.methods import CannotAnalyse, Clip, Description, Distances, PartsAsClips, euclidean

STYLE_TRACKS = 1_000
"""Clips, drawn at random, that similarities are normalised by: the most that musly advises."""

_PANIC = "PanicException"
"""What its Rust side raises for files it cannot decode: derived from BaseException, and importable from nowhere."""

_NOT_A_NUMBER = (255, 255, 255, 255)
"""What a track of silence begins with; one such track in a style makes every similarity meaningless."""


class _Package(PartsAsClips):
    """A method that a package of its own does, which need not be installed."""

    package: ClassVar[str]
    module: ClassVar[str]

    @property
    def version(self) -> str:
        try:
            return version_of(self.package)
        except PackageNotFoundError:
            return ""

    @property
    def missing(self) -> str:
        try:
            import_module(self.module)
        except ImportError as error:
            return f"{self.package} is not installed ({error}); pip install 'segue-player[peers]'"
        return ""


@dataclass(frozen=True)
class Bliss(_Package):
    """bliss, 23 numbers of a file; it decodes files with the FFmpeg it brings along."""

    name: str = "bliss"
    about: str = "bliss-audio: 23 numbers (tempo, spectrum, loudness, chroma), Euclidean distance"
    decodes: bool = True
    package: ClassVar = "bliss-audio"
    module: ClassVar = "bliss_audio"

    def analyse(self, sound: Clip) -> Description:
        import bliss_audio  # noqa: PLC0415

        with sound.file() as path:
            try:
                song = bliss_audio.Song(str(path))
            except BaseException as error:
                if type(error).__name__ != _PANIC and not isinstance(error, ValueError | RuntimeError | OSError):
                    raise
                raise CannotAnalyse("bliss-refuses", name=path.name) from error
        return np.array(song.analysis, dtype=np.float32)

    def compare(self, library: Sequence[Description], seed: int) -> BlissComparison:  # noqa: ARG002
        return BlissComparison(np.array(library))


@dataclass(frozen=True, eq=False)
class BlissComparison:
    """Rows of `analysis`, one per clip."""

    analysis: Description
    indexed: None = None

    @property
    def distances(self) -> Distances:
        return euclidean(self.analysis, self.analysis)

    def distances_to(self, queries: Sequence[Description]) -> Distances:
        return euclidean(np.array(queries), self.analysis)


@dataclass(frozen=True)
class Musly(_Package):
    """musly: style from the collection, then normalised similarities, of mono samples at 22,050 Hz."""

    name: str = "musly"
    about: str = "pymusly timbre: 25 MFCC Gaussian, Jensen-Shannon divergence, mutual proximity"
    decodes: bool = False
    package: ClassVar = "pymusly"
    module: ClassVar = "pymusly"

    def analyse(self, sound: Clip) -> Description:
        import pymusly  # noqa: PLC0415

        jukebox = self._jukebox
        try:
            track = jukebox.track_from_audiodata(sound.samples)
        except pymusly.MuslyError as error:
            raise CannotAnalyse("musly-refuses", error=error) from error
        description = np.frombuffer(jukebox.serialize_track(track), dtype=np.uint8)
        if np.all(description[: len(_NOT_A_NUMBER)] == _NOT_A_NUMBER):
            raise CannotAnalyse("musly-mute")
        return description

    def compare(self, library: Sequence[Description], seed: int) -> MuslyComparison:
        return MuslyComparison(_new_jukebox(), tuple(library), seed)

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
