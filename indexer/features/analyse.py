"""From samples to feature profiles, all from one pass over the audio."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from indexer.core.audio.samples import FloatArray
from indexer.core.model.embedding.registry import EmbeddedProfile, Registration, networks_of
from indexer.core.model.profiles import CLASSIC, CLASSIC_MFCC, RHYTHM, RHYTHM_MFCC, Profile
from indexer.core.tracks import Seconds
from indexer.features.descriptors import Descriptors, described, frames_of
from indexer.features.filters import dct
from indexer.features.moments import mean_frame
from indexer.features.rhythm import TEMPOGRAM_FRAMES, onset_strength
from indexer.features.sonic import sonic
from indexer.features.spectrum import RATE, clean, hann

_CHUNK = 256
"""Frames correlated at once: long files would otherwise take gigabytes, at 770 values a frame."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """What a network made of a track, or of a stretch of it.

    Attributes:
        windows: shape (n, dims), n > 0.
        centres: shape (n,), of the windows, in seconds.
        seconds: length of what was heard.
    """

    windows: FloatArray
    centres: FloatArray
    seconds: Seconds

    @classmethod
    def of(cls, network: Registration, samples: FloatArray, rate: int) -> Embedded:
        """What a network makes of a stretch in mono, shape (n,), n > 0, at `rate` samples a second.

        Raises:
            EmbeddingError: the network is missing, changed, or fails.
        """
        # Imported here: its package is an extra, and few have one.
        from indexer.features.embedding.network import embedded_windows  # noqa: PLC0415

        return cls(*embedded_windows(samples, rate, network), len(samples) / rate)

    @classmethod
    def joined(cls, stretches: Sequence[Embedded]) -> Embedded:
        """What stretches tell together, one after the other."""
        ends = np.cumsum([stretch.seconds for stretch in stretches])
        centres = [one.centres + end - one.seconds for one, end in zip(stretches, ends, strict=True)]
        return cls(np.concatenate([one.windows for one in stretches]), np.concatenate(centres), float(ends[-1]))


def analyse(samples: NDArray[np.floating], profiles: Sequence[Profile]) -> dict[str, FloatArray]:
    """Compute the features of a short track, or of a piece of one.

    Args:
        samples: shape (n,), n > 0, mono at 22,050 Hz, full scale ±1; what is not finite counts as silence.
        profiles: any of `indexer.core.model.profiles.all_profiles()`.

    Returns:
        By profile key: shape (profile.windows, profile.dims), float32, finite, columns as `profile.columns`.

    Raises:
        ValueError: `samples` is empty or not one-dimensional.
        EmbeddingError: a profile's network cannot be used.
    """
    cleaned = clean(samples)
    embedded = {network.sha256: Embedded.of(network, cleaned, RATE) for network in networks_of(profiles)}
    return features_of(described([frames_of(cleaned)]), embedded, profiles)


def features_of(
    track: Descriptors, embedded: Mapping[str, Embedded], profiles: Sequence[Profile], *, as_a_whole: bool = False
) -> dict[str, FloatArray]:
    """The features of a track, as `analyse` returns them.

    Args:
        track: its descriptors.
        embedded: what each network of the profiles made of it, by the network's hash.
        profiles: as in `analyse`.
        as_a_whole: see `indexer.features.sonic.sonic`.
    """
    found = {}
    for profile in profiles:
        if profile.name in _MEANS:
            found[profile.key] = _MEANS[profile.name](track)
            continue
        found[profile.key] = sonic(track, as_a_whole=as_a_whole)
        if isinstance(profile, EmbeddedProfile):
            block = _block_of(embedded[profile.network.sha256], profile.windows)
            found[profile.key] = np.hstack([found[profile.key], block])
    return found


def classic(track: Descriptors) -> FloatArray:
    """The `classic` profile: shape (1, 22), means over all frames."""
    mfcc = mean_frame(track.mel_db) @ dct(CLASSIC_MFCC)
    return np.concatenate([mfcc, [track.centroid.mean()], [track.zcr.mean()]])[None].astype(np.float32)


def rhythm(track: Descriptors) -> FloatArray:
    """The `rhythm` profile: means of MFCC, mel spectrogram and tempogram, the way of earlier music recommenders.

    Returns:
        Shape (1, RHYTHM.dims), float32, finite.
    """
    mel = mean_frame(track.mel_db)
    tempogram = mean_tempogram(onset_strength(track.mel_db, track.joins))
    return np.concatenate([mel @ dct(RHYTHM_MFCC), mel, tempogram])[None].astype(np.float32)


def mean_tempogram(onsets: FloatArray) -> FloatArray:
    """Mean local autocorrelation of onset strength, every frame once.

    Args:
        onsets: shape (frames,).

    Returns:
        Shape (TEMPOGRAM_FRAMES,), by lag in frames; equals `librosa.feature.tempogram(onset_envelope=onsets)`, whose
        frames are each divided by their largest value, averaged over all of them.
    """
    padded = np.pad(onsets, TEMPOGRAM_FRAMES // 2, mode="linear_ramp", end_values=0)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, TEMPOGRAM_FRAMES)[: len(onsets)]
    total = np.zeros(TEMPOGRAM_FRAMES)
    for start in range(0, len(pieces), _CHUNK):
        total += _correlated(pieces[start : start + _CHUNK]).sum(axis=0, dtype=np.float64)
    mean: FloatArray = (total / len(pieces)).astype(np.float32)
    return mean


def _correlated(pieces: FloatArray) -> FloatArray:
    size = scipy.fft.next_fast_len(2 * TEMPOGRAM_FRAMES - 1, real=True)
    spectrum = scipy.fft.rfft(pieces * hann(TEMPOGRAM_FRAMES), n=size, axis=1, workers=1)
    power = spectrum.real**2 + spectrum.imag**2
    correlation = scipy.fft.irfft(power, n=size, axis=1, workers=1)[:, :TEMPOGRAM_FRAMES]
    peak = np.abs(correlation).max(axis=1, keepdims=True)
    normed: FloatArray = correlation / np.where(peak > np.finfo(np.float32).tiny, peak, 1)
    return normed


def _block_of(embedded: Embedded, parts: int) -> FloatArray:
    from indexer.features.embedding.network import by_parts  # noqa: PLC0415 - as above

    return by_parts(embedded.windows, embedded.centres, embedded.seconds, parts)


_MEANS: dict[str, Callable[[Descriptors], FloatArray]] = {CLASSIC.name: classic, RHYTHM.name: rhythm}
"""Profiles that are means over all frames of a track."""
