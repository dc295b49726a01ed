"""By how much a track is made louder or softer, so that one follows another at the same level."""

from __future__ import annotations

import math
from dataclasses import dataclass

from indexer.core.settings import Gain

TARGET = -18.0
"""LUFS that everything is brought to: the level of ReplayGain 2.0, which gains in tags refer to."""

MOST = 15.0
"""dB up or down; more says that something about the track is odd, not that it needs so much."""

UNKNOWN = 0.0
"""dB for a track about which nothing is known: left as it is, as Strawberry and Quod Libet do by default."""

_REFERENCE = -18.0
_FULL_SCALE = 1.0


@dataclass(frozen=True, slots=True)
class Levels:
    """What is known about how loud a track is; None for what is not.

    Attributes:
        track_gain: dB that the file's tags add to reach -18 LUFS; `album_gain` the same for its album.
        track_peak: greatest sample by the tags, 1.0 is full scale; `album_peak` the same for its album.
        loudness: as measured, in LUFS; `album_loudness` that of its album.
        peak: greatest sample as measured; `album_measured_peak` that of its album.
    """

    track_gain: float | None = None
    track_peak: float | None = None
    album_gain: float | None = None
    album_peak: float | None = None
    loudness: float | None = None
    peak: float | None = None
    album_loudness: float | None = None
    album_measured_peak: float | None = None


def gain_db(mode: Gain, levels: Levels, preamp: float = 0.0, target: float = TARGET) -> float:
    """By how many dB to amplify a track; never so much that its greatest sample leaves full scale, if that is known.

    Tags count before measurements. An album's gain falls back to the track's, and the track's to the album's tags. A
    track whose peak nobody knows is not made louder.

    Args:
        mode: off is always 0 dB.
        levels: what is known about the track.
        preamp: dB that the person adds to every track whose loudness is known.
        target: LUFS to reach before that.

    Returns:
        -15 to 15 dB.
    """
    if mode is Gain.OFF:
        return UNKNOWN
    track, album = _track(levels, target), _album(levels, target)
    gain, peak = (album if album[0] is not None else track) if mode is Gain.ALBUM else track
    if gain is None:
        gain, peak = _from_tag(levels.album_gain, target), levels.album_peak
    if gain is None:
        return UNKNOWN
    return max(-MOST, min(gain + preamp, _headroom(peak), MOST))


def _track(levels: Levels, target: float) -> tuple[float | None, float | None]:
    """Gain and peak of the track itself."""
    gain = _from_tag(levels.track_gain, target)
    return _first(gain, _from_measurement(levels.loudness, target)), _first(levels.track_peak, levels.peak)


def _album(levels: Levels, target: float) -> tuple[float | None, float | None]:
    """Gain and peak of its album."""
    gain = _from_tag(levels.album_gain, target)
    measured = _from_measurement(levels.album_loudness, target)
    return _first(gain, measured), _first(levels.album_peak, levels.album_measured_peak)


def _from_tag(gain: float | None, target: float) -> float | None:
    return None if gain is None else gain + target - _REFERENCE


def _from_measurement(loudness: float | None, target: float) -> float | None:
    return None if loudness is None else target - loudness


def _headroom(peak: float | None) -> float:
    """The dB that bring a peak to full scale."""
    return -20 * math.log10(peak) if peak else -20 * math.log10(_FULL_SCALE)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)
