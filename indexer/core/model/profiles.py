"""Feature profiles: which numbers describe a track, under which names, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.core.errors import SegueError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOMENTS = ("mean", "sd", "skew", "p10", "p50", "p90", "delta_sd")
"""Statistics over the frames of a window; `delta_sd` is the standard deviation from one frame to the next."""

CLASSIC_MFCC = 20
RHYTHM_MFCC = 20
SONIC_MFCC = 25
CORRELATED_MFCC = 16
"""MFCC 2 to 17 are correlated; the first is loudness."""

BANDS = 16
"""Groups of neighbouring mel bands, for correlations and fluctuations."""

RHYTHM_MELS = 128
RHYTHM_LAGS = 384
"""librosa's default number of mel bands, and of lags of its tempogram in frames."""

MEL_MEANS = 32
CONTRAST_BANDS = 7
SHAPES = ("centroid", "bandwidth", "rolloff", "flatness", "zcr", "energy")
MODULATIONS_HZ = (0.4, 0.6, 0.9, 1.4, 2.1, 3.1, 4.7, 7.1, 12.0)
"""Edges of the modulation-rate bands of the fluctuation pattern."""

TEMPOGRAM_LAGS = 36
TEMPOGRAM_SECONDS = (0.12, 6.0)
"""Shortest and longest lag of the tempogram columns; lags are spaced evenly in log time, so that a change of
tempo is a shift along the columns."""

PATTERN_BANDS = 32
PATTERN_RANKS = (0, 3, 6, 9)
"""Of ten sorted frames, from the quietest."""

CHROMA_PATTERN_PITCH = 7
CHROMA_PATTERN_TIME = 17
"""Frequencies kept along pitch and along time of the chroma patterns."""

# fmt: off
AGAIN_FRAMES = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 18, 21, 24, 28, 33, 38, 45, 52, 61, 71, 82, 96, 112, 130, 152, 177, 206,
    240, 280, 326, 380,
)
# fmt: on
"""Lags of self-similarity in frames of 23 ms, spaced evenly in log time up to 8.8 s."""

HEARD_SECONDS = 5.0
"""A track with less sound than this is too little to compare by: it is never recommended."""

PITCHES = ("c", "cs", "d", "ds", "e", "f", "fs", "g", "gs", "a", "as", "b")
INTERVAL_SECONDS = (0.25, 1.0)
"""Distances in time over which melodic and harmonic intervals are counted."""

ABOUT = (
    "tempo_bpm",
    "loudness_db",
    "key",
    "key_minor",
    "key_strength",
    "centroid_hz",
    "bandwidth_hz",
    "rolloff_hz",
    "flatness",
    "zcr",
    "rms",
    "onset_strength",
    "heard_seconds",
)


class UnknownProfile(SegueError):
    """A profile was asked for that does not exist."""


@dataclass(frozen=True)
class Block:
    """Columns that belong together.

    `compared` is False for what is kept to explain and to export, and takes no part in distances.
    """

    name: str
    columns: tuple[str, ...]
    compared: bool = True


@dataclass(frozen=True)
class Profile:
    """A named, versioned list of blocks, computed for each of `windows` equal parts of a track.

    A change of what any column means is a new version; features of another version are computed again.
    """

    name: str
    version: int
    blocks: tuple[Block, ...]
    windows: int

    @cached_property
    def key(self) -> str:
        """`name:version`, as the database knows it."""
        return f"{self.name}:{self.version}"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for block in self.blocks for column in block.columns)

    @cached_property
    def dims(self) -> int:
        return len(self.columns)

    @cached_property
    def compared_columns(self) -> tuple[int, ...]:
        """Indexes of the columns that take part in distances."""
        return tuple(
            index
            for block in self.blocks
            if block.compared
            for index in range(self.slice_of(block.name).start, self.slice_of(block.name).stop)
        )

    def audible(self, values: NDArray[np.floating]) -> bool:
        """Whether features of shape (windows, dims) stem from enough sound to compare by; true where nobody knows."""
        if self._heard_column is None:
            return True
        return float(values[:, self._heard_column].sum()) >= HEARD_SECONDS

    @cached_property
    def _heard_column(self) -> int | None:
        return self.columns.index("heard_seconds") if "heard_seconds" in self.columns else None

    def slice_of(self, block: str) -> slice:
        """Where the columns of `block` lie; raises KeyError for a block the profile does not have."""
        return self._slices[block]

    @cached_property
    def _slices(self) -> dict[str, slice]:
        slices, start = {}, 0
        for block in self.blocks:
            slices[block.name] = slice(start, start + len(block.columns))
            start += len(block.columns)
        return slices


def get_profile(name: str) -> Profile:
    """The profile of that name.

    Raises:
        UnknownProfile: there is none.
    """
    known = {profile.name: profile for profile in all_profiles()}
    if name not in known:
        raise UnknownProfile("profile-unknown", name=name, known=", ".join(known))
    return known[name]


def all_profiles() -> tuple[Profile, ...]:
    """Those of Segue, then those that were added."""
    return (*PROFILES.values(), *ADDED.values())


def add_profile(profile: Profile) -> None:
    """Make a profile of the user's own known to this process, in place of the one that had its name."""
    ADDED[profile.name] = profile


def _numbered(stem: str, count: int, start: int = 1, digits: int = 2) -> tuple[str, ...]:
    return tuple(f"{stem}_{number:0{digits}d}" for number in range(start, start + count))


def _moments(stems: Iterable[str]) -> tuple[str, ...]:
    names = tuple(stems)
    return tuple(name.replace("*", moment) for moment in MOMENTS for name in names)


def _pairs(stem: str, count: int, start: int = 1) -> Iterator[str]:
    for one in range(start, start + count):
        yield from (f"{stem}_{one:02d}_{other:02d}" for other in range(one + 1, start + count))


def _grid(stem: str, rows: int, columns: int) -> tuple[str, ...]:
    return tuple(f"{stem}_{row:02d}_{column:02d}" for row in range(rows) for column in range(columns))


def _chroma() -> tuple[str, ...]:
    names = _numbered("chroma_mean_harmonic", 6) + _numbered("chroma_harmonic_mean", 6)
    names += _numbered("chroma_harmonic_sd", 6) + _numbered("chroma_rank", 12)
    for seconds in INTERVAL_SECONDS:
        names += tuple(f"interval_{round(seconds * 1000):04d}ms_{semitones:02d}" for semitones in range(12))
    return (*names, "chroma_flux", "fit_major", "fit_minor")


def _lag_names() -> Iterator[str]:
    first, last = TEMPOGRAM_SECONDS
    for index in range(TEMPOGRAM_LAGS):
        seconds = first * (last / first) ** (index / (TEMPOGRAM_LAGS - 1))
        yield f"tempogram_{round(seconds * 1000):04d}ms"


def _fluctuations() -> tuple[str, ...]:
    rates = [f"{low:g}_{high:g}hz" for low, high in pairwise(MODULATIONS_HZ)]
    return tuple(f"fluctuation_{band:02d}_{rate}" for band in range(1, BANDS + 1) for rate in rates)


CLASSIC = Profile(
    name="classic",
    version=1,
    windows=1,
    blocks=(
        Block("mfcc", _numbered("mfcc_mean", CLASSIC_MFCC)),
        Block("centroid", ("centroid_mean",)),
        Block("zcr", ("zcr_mean",)),
    ),
)
"""Means of `librosa.feature.mfcc` (20), `spectral_centroid` (Hz) and `zero_crossing_rate`, over all frames."""

RHYTHM = Profile(
    name="rhythm",
    version=1,
    windows=1,
    blocks=(
        Block("mfcc", _numbered("mfcc_mean", RHYTHM_MFCC)),
        Block("mel", _numbered("mel_db_mean", RHYTHM_MELS, digits=3)),
        Block("tempogram", _numbered("tempogram_mean", RHYTHM_LAGS, start=0, digits=3)),
    ),
)
"""Means of `librosa.feature.mfcc` (20), `melspectrogram` (128, in dB) and `tempogram` (384 lags), over all frames."""

SONIC = Profile(
    name="sonic",
    version=2,
    windows=3,
    blocks=(
        Block("mfcc", _moments(f"mfcc_*_{number:02d}" for number in range(1, SONIC_MFCC + 1))),
        Block("shape", _moments(f"{shape}_*" for shape in SHAPES)),
        Block("contrast", _moments(f"contrast_*_{number:02d}" for number in range(1, CONTRAST_BANDS + 1))),
        Block("chroma", _chroma()),
        Block("mfcc_corr", tuple(_pairs("mfcc_corr", CORRELATED_MFCC, start=2))),
        Block("mel_corr", tuple(_pairs("mel_corr", BANDS))),
        Block("fluctuation", _fluctuations()),
        Block("rhythm", (*_lag_names(), *_moments(["onset_*"]))),
        Block("chroma_patterns", _grid("chroma_pattern", CHROMA_PATTERN_PITCH, CHROMA_PATTERN_TIME)),
        Block("spectral_patterns", _grid("pattern", PATTERN_BANDS, len(PATTERN_RANKS))),
        Block("peakiness", _moments(f"peakiness_*_{number:02d}" for number in range(1, CONTRAST_BANDS + 1))),
        Block("self_similarity", tuple(f"again_{frames:03d}" for frames in AGAIN_FRAMES)),
        Block("descriptor_corr", tuple(_pairs("descriptor_corr", len(SHAPES) + 2 * CONTRAST_BANDS))),
        Block("about", ABOUT, compared=False),
        Block("chroma_mean", tuple(f"chroma_mean_{pitch}" for pitch in PITCHES), compared=False),
        Block("mel_mean", _numbered("mel_mean", MEL_MEANS), compared=False),
    ),
)
"""Blocks to compare by, and three that explain: plain values, chroma by pitch, mean mel spectrum in dB.

`shape` is in log2 Hz (centroid, bandwidth, rolloff), log10 (flatness), crossings per sample (zcr) and dB (energy).
In `about`, tempo and key belong to the whole track and are the same in every window; `key` counts semitones from C.
"""

PROFILES: dict[str, Profile] = {profile.name: profile for profile in (CLASSIC, RHYTHM, SONIC)}

ADDED: dict[str, Profile] = {}
"""What `add_profile` made known to this process, by name."""
